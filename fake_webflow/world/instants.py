"""Instants as the world keeps them: whole milliseconds since 1970 in UTC, and their one form on the wire."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@lru_cache(maxsize=4096)
def timestamp(instant: int) -> str:
    """The instant as Webflow writes it.

    >>> timestamp(1764585360011)
    '2025-12-01T10:36:00.011Z'
    """
    return (_EPOCH + timedelta(milliseconds=instant)).isoformat(timespec="milliseconds")[:-6] + "Z"


def instant(text: str) -> int:
    """The instant an ISO 8601 text names; a text without a zone is taken as UTC, a date as its first moment.

    Raises:
        ValueError: The text is no date of the years 1 to 9999.
    """
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return (moment - _EPOCH) // timedelta(milliseconds=1)
