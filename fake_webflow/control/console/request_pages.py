"""The pages of the journal: what was asked, and one request with its answer and all that there is to say of it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from ...conditions import Exchange
from ...conditions.journal import KeptBody
from ...handle.accepting import describe_acceptable
from ...handle.names import match_operations
from ...rules import find_clause
from ...world.instants import timestamp
from ..curl_lines import make_curl_lines
from .snippets import write_curl, write_python
from .values import ShownBody, show_body, show_change
from .visit import PageError, Values, Visit

PAGE_SIZE = 50
SHOWN = ("all", "failed")


def is_failed(exchange: Exchange) -> bool:
    """Whether a request was refused, or got no answer."""
    return not 0 < exchange.status < 400


def list_requests(visit: Visit) -> tuple[str, Values]:
    """What was asked, the newest first."""
    journal = visit.fake.journal
    last, exchanges = journal.last_number, list(journal)
    shown, operation = visit.read_choice("show", SHOWN), visit.query.get("operation", "")
    before = visit.read_number("before", last + 1)
    matching = _find_matching(exchanges, shown, operation, before)
    found = list(islice(matching, PAGE_SIZE + 1))
    has_older = len(found) > PAGE_SIZE
    found = found[:PAGE_SIZE]
    return "requests.html", {
        "rows": [_make_row(exchange) for exchange in found],
        "last": last,
        "shown": shown,
        "operation": operation,
        "operations": sorted({exchange.operation for exchange in exchanges if exchange.operation}),
        "counts": {"all": len(exchanges), "failed": sum(map(is_failed, exchanges))},
        "dropped": journal.dropped,
        "is_newest": "before" not in visit.query,
        "older": visit.link_here(before=found[-1].number) if has_older else "",
        "curl_lines": make_curl_lines(visit.world, visit.base_url, visit.hosted.token),
        "sites": [(site, visit.world.collections_of(site)) for site in visit.world.sites.values()],
        "rate_limit": visit.fake.state.rate.limit,
    }


def _find_matching(exchanges: list[Exchange], shown: str, operation: str, before: int) -> Iterator[Exchange]:
    try:
        operations = match_operations(operation) if operation else None
    except ValueError as error:
        raise PageError(400, str(error)) from None
    return (
        exchange
        for exchange in reversed(exchanges)
        if exchange.number < before
        and (shown == "all" or is_failed(exchange))
        and (operations is None or exchange.operation in operations)
    )


def _make_row(exchange: Exchange) -> dict[str, Any]:
    return {
        "number": exchange.number,
        "time": timestamp(exchange.instant),
        "method": exchange.method,
        "path": exchange.path,
        "query": "&".join(f"{name}={value}" for name, value in exchange.query.items()),
        "operation": exchange.operation,
        "status": exchange.status,
        "milliseconds": exchange.milliseconds,
        "clauses": exchange.clauses,
        "fault": exchange.fault,
        "stubbed": exchange.stubbed,
    }


def show_request(visit: Visit) -> tuple[str, Values]:
    """One request with its answer."""
    number = int(visit.parameters["number"])
    journal = visit.fake.journal
    exchange = next(iter(journal.since(number - 1)), None)
    if exchange is None or exchange.number != number:
        why = "it is no longer kept" if 0 < number <= journal.last_number else "there was none so far"
        raise PageError(404, f"request {number} is not in the journal: {why}; the last one is {journal.last_number}")
    return "request.html", {
        "exchange": exchange,
        "row": _make_row(exchange),
        "request_body": _show_kept(visit, exchange.kept_request),
        "answer_body": _show_kept(visit, exchange.kept_answer),
        "clauses": [find_clause(name) for name in exchange.clauses],
        "acceptable": _describe_acceptable(exchange, visit),
        "changes": [show_change(change) for change in exchange.changes.records],
        "curl": write_curl(exchange, visit),
        "python": write_python(exchange, visit),
        "is_upload": exchange.method == "POST" and exchange.operation.startswith("storage"),
        "newer": number + 1 if number < journal.last_number else None,
        "older": number - 1 if number > 1 and journal[0].number < number else None,
    }


def _show_kept(visit: Visit, kept: KeptBody) -> ShownBody | None:
    """A body; None where there was none."""
    if kept.data:
        shown = show_body(visit.to_public(kept.data))
        return shown if kept.is_whole else shown._replace(note="only its beginning is kept")
    return None if kept.is_whole else ShownBody(show_body(b"").html, "it is no longer kept (limit journal-bytes)")


def _describe_acceptable(exchange: Exchange, visit: Visit) -> list[str]:
    if not exchange.clauses:
        return []
    if "errors.not-authorized" in exchange.clauses:
        return ["the header 'Authorization: Bearer ' with the token that the page Requests names under Connect"]
    return list(describe_acceptable(exchange, visit.world))
