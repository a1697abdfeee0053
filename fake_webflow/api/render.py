"""The one adapter from what a handler or a refusal says to the bytes and headers Webflow sends."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from hashlib import sha1
from typing import Any

import orjson

from ..conditions import Stub
from ..message import Response
from ..rules import CLAUSE_HEADER, Answer, Profile, Refusal
from .call import Reply

STUB_HEADER = "X-Fake-Webflow-Stub"
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


def render_refusal(refusal: Refusal, profile: Profile, *, is_item_patch: bool = False) -> Response:
    """A refusal in Webflow's envelope, with its own headers.

    Args:
        refusal: What was refused.
        profile: The open choices.
        is_item_patch: Whether the refused request was an item update, whose envelope is a case of its own.
    """
    answer = refusal.answer  # which is made anew each time
    if refusal.clause == "errors.unknown-route" and profile.errors_unknown_route == "v1-style":
        body = _unknown_route_body(answer)
    else:
        omits_reference = is_item_patch and profile.errors_external_reference == "absent-on-item-patch"
        body = _error_body(refusal, answer, {} if omits_reference else {"externalReference": None})
    response = _render_json(answer.status, body)
    clauses = refusal.clauses
    if clauses:  # a scripted fault may answer what no clause states
        response.headers.append((CLAUSE_HEADER, ", ".join(clauses)))
    response.headers.extend(refusal.headers)
    return response


def render_stub(stub: Stub) -> Response:
    """A stub's answer: the usual headers where it has none of its own, and one that says whose answer it is."""
    own = {name.lower() for name, _ in stub.headers}
    usual = (_JSON, ("ETag", compute_etag(stub.body))) if stub.body else ()
    headers = [line for line in usual if line[0].lower() not in own]
    return Response(stub.status, [*headers, *stub.headers, (STUB_HEADER, str(stub.number))], stub.body)


def omit_body(response: Response) -> Response:
    """The answer to a HEAD: what GET answers, with the length of the body in its place (``http.head``)."""
    headers = response.headers
    if response.body:
        headers = [*headers, ("Content-Length", str(len(response.body)))]
    return Response(response.status, headers, b"")


def omit_known_body(response: Response, headers: Mapping[str, str]) -> Response:
    """304 in the place of a body that the client has already, as Express has it (``http.if-none-match``).

    Args:
        response: What would be answered.
        headers: Of the request, with small letters.
    """
    known = headers.get("if-none-match", "")
    if response.status != 200 or not known or "no-cache" in headers.get("cache-control", ""):
        return response
    tags = {tag.strip().removeprefix("W/") for tag in known.split(",")}
    own = next((value for name, value in response.headers if name == "ETag"), "")
    if "*" not in tags and own.removeprefix("W/") not in tags:
        return response
    return Response(304, [line for line in response.headers if line[0] != "Content-Type"], b"")


def _error_body(refusal: Refusal, answer: Answer, reference: Mapping[str, None]) -> dict[str, Any]:
    """Webflow's envelope, keys in the recorded order (``errors.envelope``)."""
    details = [{"param": problem.param, "description": problem.text} for problem in refusal.problems if problem.param]
    return {"message": answer.message, "code": answer.code, **reference, "details": details}


def _unknown_route_body(answer: Answer) -> dict[str, Any]:
    """The body of version 1, which version 2 was once seen to answer an unknown route with."""
    return {"msg": answer.message, "code": answer.status, "name": "RouteNotFoundError", "errorEnum": "RouteNotFound"}


def _render_json(status: int, value: Any) -> Response:
    body = orjson.dumps(value)
    return Response(status, [_JSON, ("ETag", compute_etag(body))], body)
