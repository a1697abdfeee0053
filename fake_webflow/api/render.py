"""The one adapter from what a handler or a refusal says to the bytes and headers Webflow sends."""

from __future__ import annotations

import base64
from hashlib import sha1
from typing import Any

import orjson

from ..message import Response
from ..rules import CLAUSE_HEADER, Refusal
from .call import Reply

_JSON = ("Content-Type", "application/json; charset=utf-8")


def compute_etag(body: bytes) -> str:
    """Express's weak ETag: length in hex, then the first 27 characters of the SHA-1 in base64 (``http.etag``)."""
    digest = base64.b64encode(sha1(body, usedforsecurity=False).digest())[:27].decode()
    return f'W/"{len(body):x}-{digest}"'


_ETAG_OF_NO_CONTENT = compute_etag(b"No Content")


def render_reply(reply: Reply) -> Response:
    """A handler's reply; a 204 has no body and no type, and the ETag of its reason phrase (``http.no-content``)."""
    if reply.status == 204:
        return Response(204, [("ETag", _ETAG_OF_NO_CONTENT)])
    response = _render_json(reply.status, reply.value)
    response.headers.extend(reply.headers)
    return response


def render_refusal(refusal: Refusal, *, external_reference: bool = True) -> Response:
    """A refusal in Webflow's envelope, keys in the recorded order (``errors.envelope``).

    Args:
        refusal: What was refused.
        external_reference: Whether the envelope has that key, which is always null.
    """
    answer = refusal.answer
    body: dict[str, Any] = {"message": answer.message, "code": answer.code}
    if external_reference:
        body["externalReference"] = None
    body["details"] = [
        {"param": problem.param, "description": problem.text} for problem in refusal.problems if problem.param
    ]
    return _render_json(answer.status, body, clauses=refusal.clauses)


def render_unknown_route(refusal: Refusal) -> Response:
    """The body of version 1, which version 2 was once seen to answer an unknown route with."""
    answer = refusal.answer
    body = {"msg": answer.message, "code": answer.status, "name": "RouteNotFoundError", "errorEnum": "RouteNotFound"}
    return _render_json(answer.status, body, clauses=refusal.clauses)


def _render_json(status: int, value: Any, clauses: tuple[str, ...] = ()) -> Response:
    body = orjson.dumps(value)
    headers = [_JSON, ("ETag", compute_etag(body))]
    if clauses:
        headers.append((CLAUSE_HEADER, ", ".join(clauses)))
    return Response(status, headers, body)
