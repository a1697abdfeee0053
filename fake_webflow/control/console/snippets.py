"""A call of the journal as somebody would make it again: with curl, and in Python. The token is in neither."""

from __future__ import annotations

from shlex import quote
from urllib.parse import quote as quote_path
from urllib.parse import urlencode

import orjson

from ...conditions import Exchange
from ...message import join_curl
from .visit import Visit

_SENT_BY_ITSELF = frozenset(
    {
        *("accept", "accept-encoding", "accept-language", "authorization", "cache-control", "connection"),
        *("content-length", "cookie", "host", "origin", "pragma", "priority", "referer", "transfer-encoding"),
        *("upgrade-insecure-requests", "user-agent", "x-fake-webflow-control"),
    }
)
_OF_BROWSERS = "sec-"


def write_curl(exchange: Exchange, visit: Visit) -> str:
    """The call as a line for a shell that has the token in ``WEBFLOW_TOKEN``; empty where its body is not kept."""
    if not exchange.kept_request.is_whole or not exchange.has_whole_head:
        return ""
    headers = ['"Authorization: Bearer $WEBFLOW_TOKEN"'] if _has_token(exchange) else []
    headers += [quote(f"{name}: {value}") for name, value in _own_headers(exchange).items()]
    body = quote(visit.to_public(exchange.kept_request.data).decode("utf-8", "replace"))
    return join_curl(
        exchange.method,
        quote(_make_url(exchange, visit)),
        headers,
        body if exchange.kept_request.data else None,
        options="-I" if exchange.method == "HEAD" else "-i",
    )


def write_python(exchange: Exchange, visit: Visit) -> str:
    """The call as a program that uses requests; empty where its body is not kept."""
    if not exchange.kept_request.is_whole or not exchange.has_whole_head:
        return ""
    headers, sent = _own_headers(exchange), visit.to_public(exchange.kept_request.data)
    lines = [f"    {exchange.method!r},", f"    {_make_url(exchange, visit)!r},"]
    body = ""
    if sent:
        try:
            body = f"    json={orjson.loads(sent)!r},"
            headers.pop("content-type", None)
        except orjson.JSONDecodeError:
            body = f"    data={sent!r},"
    shown = [f"{name!r}: {value!r}" for name, value in headers.items()]
    if _has_token(exchange):
        shown.insert(0, '"Authorization": f"Bearer {os.environ[\'WEBFLOW_TOKEN\']}"')
    lines += [f"    headers={{{', '.join(shown)}}},"] if shown else []
    lines += [*([body] if body else []), "    timeout=10,"]
    head = "import os\n\nimport requests" if _has_token(exchange) else "import requests"
    return "\n".join([head, "", "answer = requests.request(", *lines, ")", "print(answer.status_code, answer.text)"])


def _has_token(exchange: Exchange) -> bool:
    return "authorization" in exchange.request_headers


def _own_headers(exchange: Exchange) -> dict[str, str]:
    """The headers that say something of the call, without those that each client sends by itself."""
    return {
        name: value
        for name, value in exchange.request_headers.items()
        if name not in _SENT_BY_ITSELF and not name.startswith(_OF_BROWSERS)
    }


def _make_url(exchange: Exchange, visit: Visit) -> str:
    query = f"?{urlencode(exchange.query)}" if exchange.query else ""
    return f"{visit.origin}{visit.base}{quote_path(exchange.path, safe='/~:@')}{query}"
