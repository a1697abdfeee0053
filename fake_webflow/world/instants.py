"""Instants as the world keeps them: whole milliseconds since 1970 in UTC, and their one form on the wire."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache

LATEST = 253_370_764_800_000
"""9999-01-01T00:00:00Z; dates much after it have no form on the wire."""

WRITTEN_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", re.ASCII)
"""An instant in the one form it has on the wire."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


def timestamp(instant: int) -> str:
    """The instant as Webflow writes it.

    >>> timestamp(1764585360011)
    '2025-12-01T10:36:00.011Z'
    """
    second, milliseconds = divmod(instant, 1000)
    return f"{_format_second(second)}.{milliseconds:03}Z"


# What is written one after another is mostly of the same second.
@lru_cache(maxsize=4096)
def _format_second(count: int) -> str:
    return (_EPOCH + timedelta(seconds=count)).isoformat()[:-6]


def parse_instant(text: str) -> int:
    """The instant an ISO 8601 text names; a text without a zone is taken as UTC, a date as its first moment.

    Raises:
        ValueError: The text is not a date of the years 1 to 9999.
    """
    return (_parse_moment(text) - _EPOCH) // _MILLISECOND


def read_moment(moment: str | datetime) -> int:
    """The instant somebody names, as an ISO 8601 text or a datetime; without a zone it is in UTC.

    Raises:
        ValueError: It is neither, or lies outside the years 1970 to 9998, which ids and dates can say.
    """
    instant = None
    try:
        if isinstance(moment, str):
            instant = parse_instant(moment)
        elif isinstance(moment, datetime):
            instant = parse_instant(moment.isoformat())
    except (ValueError, OverflowError):
        pass  # told below, with what would have been right
    if instant is None:
        raise ValueError(f"a time is an ISO text as '2024-05-01T12:00:00Z', or a datetime; not {moment!r}")
    if not 0 <= instant < LATEST:
        raise ValueError(f"a time lies in the years 1970 to 9998, which ids and dates can say; not {moment!r}")
    return instant


def normalise_instant(text: str) -> str:
    """The instant an ISO 8601 text names, as Webflow writes it.

    >>> normalised("2025-12-01T11:36:00.0119+01:00")
    '2025-12-01T10:36:00.011Z'

    Raises:
        ValueError: The text is not a date of the years 1 to 9999.
        OverflowError: It is none in UTC.
    """
    moment = _parse_moment(text)
    if WRITTEN_INSTANT.fullmatch(text):
        return text
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")[:-6] + "Z"


def _parse_moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
