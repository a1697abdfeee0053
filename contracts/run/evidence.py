"""What a report shows of a difference: values, the exchange as it was, and scripts that show it again."""

from __future__ import annotations

import json
from typing import Any, TypedDict

from ..generated.answers import Places
from ..generated.comparing import Difference
from ..generated.counterpart import ComparedExchange, Counterpart
from .blame import Cause

_LONGEST_BODY = 3000
_MOST_PLACES = 6
_HIDDEN_HEADERS = frozenset(["connection", "server", "set-cookie", "transfer-encoding"])


class ShownExchange(TypedDict):
    """A request and its answer. The token is in neither."""

    method: str
    url: str
    request_body: str
    status: int
    headers: dict[str, str]
    body: str


class Evidence(TypedDict):
    """What was expected and seen by place, the exchange, and the scripts, if there can be any."""

    expected: dict[str, Any]
    seen: dict[str, Any]
    exchange: ShownExchange
    scripts: dict[str, str]


def collect_evidence(cause: Cause, counterpart: Counterpart, mark: str) -> Evidence | None:
    """What shows a cause; None where no answer as such is wrong.

    Args:
        cause: What is wrong.
        counterpart: What compared the answers.
        mark: What makes the names of the run unlike those of others.
    """
    exchange = cause.exchange
    if exchange is None or not exchange.differences:
        return None
    shown = [one for one in exchange.differences if one.path != ("body",)] or list(exchange.differences)
    return {
        "expected": {one.location: one.left for one in shown[:_MOST_PLACES]},
        "seen": {one.location: one.right for one in shown[:_MOST_PLACES]},
        "exchange": _show_exchange(exchange),
        "scripts": _write_scripts(cause.head, exchange, shown, counterpart, mark),
    }


def _show_exchange(exchange: ComparedExchange) -> ShownExchange:
    request = exchange.response.request
    body = request.body.decode("utf-8", "replace") if isinstance(request.body, bytes) else str(request.body or "")
    return {
        "method": str(request.method),
        "url": str(request.url),
        "request_body": _cut(body),
        "status": exchange.response.status_code,
        "headers": {
            name: value for name, value in exchange.response.headers.items() if name.lower() not in _HIDDEN_HEADERS
        },
        "body": _cut(exchange.response.text),
    }


def _write_scripts(
    clause: str, exchange: ComparedExchange, shown: list[Difference], counterpart: Counterpart, mark: str
) -> dict[str, str]:
    if not exchange.call.operation and not exchange.call.path.startswith("/sites"):
        return {}
    try:
        transcript = counterpart.transcript_of(exchange, mark)
        title = f"{clause}: {exchange.call.title}"
        plain = [one for one in shown if _is_plain(one)][:1]
        if plain:
            expected: Places = {one.location: one.left for one in plain}
            written = transcript.to_places(title, expected, {one.location: one.right for one in plain})
        else:
            words = "; ".join(f"{one.location}: {json.dumps(one.left, ensure_ascii=False)}" for one in shown[:3])
            written = transcript.to_reproduction(title, words)
        return {"python": written.to_python(clause), "curl": written.to_shell()}
    except (UnicodeDecodeError, LookupError, StopIteration):
        return {}


def _is_plain(difference: Difference) -> bool:
    """Whether both values mean the same in any run: neither an id nor a time."""
    text = json.dumps([difference.left, difference.right], ensure_ascii=False)
    return "#" not in text and "time of call" not in text and "fwc-" not in text


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_BODY else f"{text[:_LONGEST_BODY]} ... (cut, {len(text)} characters in all)"
