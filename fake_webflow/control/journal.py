"""The journal over HTTP: read page by page, cleared, and asserted on as the fixture does."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import islice
from typing import Any

from ..handle.journal import AssertableJournal
from ..handle.names import match_operations
from ..wording import parse_whole_number
from ..world.instants import parse_instant
from .exchanges import render_exchange
from .request import ControlRequest

_STATUS = re.compile(r"[0-9]{3}|[1-5]xx")


def read_journal(request: ControlRequest) -> tuple[int, Any]:
    """What was asked and answered, oldest first; ``last`` is what to ask for the exchanges ``after``."""
    operations = match_operations(request.query["operation"]) if "operation" in request.query else None
    status, since = _read_status(request.query), _read_since(request.query)
    after, limit = _read_number(request.query, "after", 0), _read_number(request.query, "limit", 1)
    journal = request.fake.journal
    last = journal.last_number  # before it is read: what comes meanwhile is not missed by whoever asks again
    matching = (
        exchange
        for exchange in journal.since(after or 0)
        if (operations is None or exchange.operation in operations)
        and f"{exchange.status:03}".startswith(status)
        and since <= exchange.instant
        and exchange.number <= last
    )
    found = list(islice(matching, limit))
    if limit is not None and len(found) == limit:
        last = found[-1].number
    return 200, {"exchanges": [render_exchange(exchange) for exchange in found], "last": last}


def clear_journal(request: ControlRequest) -> tuple[int, Any]:
    """Forgets what was asked."""
    request.fake.journal.clear()
    return 200, {"exchanges": [], "last": request.fake.journal.last_number}


def assert_journal(request: ControlRequest) -> tuple[int, Any]:
    """The calls that were as the body says; where there are none such, 409 with the fixture's text and near misses."""
    wanted = dict(request.body)
    fake, secrets = request.fake, [request.target.token]
    journal = AssertableJournal(lambda: fake.journal, lambda: [*secrets, *fake.state.world.tokens])
    try:
        if wanted.get("times") == 0:
            del wanted["times"]
            journal.assert_not_called(**wanted)
            return 200, {"exchanges": []}
        found = journal.assert_called(**wanted)
    except AssertionError as error:
        return 409, {"code": "not_as_asserted", "message": str(error)}
    return 200, {"exchanges": list(map(render_exchange, found))}


def _read_status(query: Mapping[str, str]) -> str:
    """The digits that a status begins with."""
    wanted = query.get("status", "xxx").lower()
    if wanted != "xxx" and not _STATUS.fullmatch(wanted):
        raise ValueError(f"status: three digits, as 404, or a class, as 4xx; not {wanted!r}")
    return wanted.rstrip("x")


def _read_since(query: Mapping[str, str]) -> int:
    wanted = query.get("since", "0")
    if wanted.isdecimal():
        return int(wanted)
    try:
        return parse_instant(wanted)
    except ValueError:
        raise ValueError(
            f"since: milliseconds since 1970 on the fake's clock, or a date as 2026-01-31T09:30:00Z; not {wanted!r}"
        ) from None


def _read_number(query: Mapping[str, str], name: str, least: int) -> int | None:
    if name not in query:
        return None
    number = parse_whole_number(query[name])
    if number is None or number < least:
        raise ValueError(f"{name}: a whole number, {least} or more; not {query[name]!r}")
    return number
