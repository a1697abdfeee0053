"""Exchanges of the journal as JSON: bodies as JSON where they are JSON, as text or base64 where they are not."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

import orjson

from ..conditions import Exchange
from ..conditions.journal import KeptBody
from ..world.instants import timestamp


def render_exchange(exchange: Exchange) -> dict[str, Any]:
    """One exchange."""
    plain = exchange._asdict()
    for name in ("query", "parameters", "request_headers", "response_headers"):
        plain[name] = dict(plain[name])
    del plain["kept_request"], plain["kept_answer"], plain["has_whole_head"], plain["changes"]
    plain["milliseconds"] = round(exchange.milliseconds, 3)
    body, request_body = _render_body(exchange.kept_request)
    response_json, response_body = _render_body(exchange.kept_answer)
    return {
        "time": timestamp(exchange.instant),
        **plain,
        "body": body,
        "request_body": request_body,
        "response_json": response_json,
        "response_body": response_body,
        "truncated": exchange.truncated,
    }


def _render_body(kept: KeptBody) -> tuple[Any, dict[str, Any] | None]:
    """The body as JSON, or else as bytes: one of the two is None, and both are where there is no body."""
    if kept.is_whole:
        try:
            # Without white space, since an answer is one line. What is nested too deeply to be written is text.
            return (orjson.Fragment(orjson.dumps(orjson.loads(kept.data))) if kept.data else None), None
        except (orjson.JSONDecodeError, orjson.JSONEncodeError):
            pass
    return None, {**_render_bytes(kept.data), "truncated": not kept.is_whole}


def _render_bytes(data: bytes) -> dict[str, str]:
    try:
        return {"text": data.decode()}
    except UnicodeDecodeError:
        return {"base64": b64encode(data).decode()}
