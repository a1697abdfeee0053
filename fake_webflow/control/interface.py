"""From a request to the control interface to its answer: who may, which fake, which operation, is it well-formed."""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

import orjson

from ..errors import StateFileError
from ..message import JsonBeyondBounds, Request, Response, parse_json
from ..rules import Refusal
from ..seeding.context import Mistake
from ..seeding.schema_check import check_against_schema
from ..wording import join_lines, suggest
from .access import Access
from .document import (
    CONTROL_PREFIX,
    ControlRoute,
    find_control_route,
    list_query_names,
    load_control_document,
    request_body_schema,
)
from .hosted_fakes import HostedFake, HostedFakes
from .operations import CONTROL_OPERATIONS
from .request import ControlError, ControlRequest, RawBody

LARGEST_CONTROL_BODY = 64 * 1024 * 1024
"""Bytes; inline scenarios may hold files."""


HEALTH_PATH = f"{CONTROL_PREFIX}/health"


class ControlInterface:
    """The control interface of a server.

    Args:
        hosted_fakes: The fakes it controls.
        access: Who is let in.
        is_on: Whether it does more than to say that the server is well.
    """

    def __init__(self, hosted_fakes: HostedFakes, access: Access, *, is_on: bool = True) -> None:
        self._hosted_fakes = hosted_fakes
        self._access = access
        self._is_on = is_on

    def answer(self, request: Request, peer: str) -> Response:
        """The answer, one line of JSON but for a scenario.

        Args:
            request: To a path below ``/_fake``.
            peer: Address of the machine it came from.
        """
        try:
            if request.path != HEALTH_PATH:  # which is for everybody
                self._check(request, peer)
            return self._handle(request)
        except ControlError as error:
            return render_control_error(error)
        except StateFileError as error:
            return render_control_error(ControlError(507, "state_file", str(error)))
        except (Mistake, ValueError) as error:
            return render_control_error(ControlError(400, "invalid_request", str(error)))

    def _check(self, request: Request, peer: str) -> None:
        if not self._is_on:
            raise ControlError(403, "control_off", "the control interface is off: this server runs with --no-control")
        self._access.check_control(request, peer)

    def _handle(self, request: Request) -> Response:
        found = find_control_route(request.path)
        if found is None:
            paths = [path for path in load_control_document()["paths"] if "{fork}" not in path]
            message = f"nothing is at {request.path}; {suggest(request.path, paths)} (see /_fake/openapi.json)"
            raise ControlError(404, "no_such_path", message)
        operation = found.methods.get("GET" if request.method == "HEAD" else request.method)
        if operation is None:
            allowed = ", ".join(found.methods)
            message = f"{found.template} does not allow {request.method}; allowed: {allowed}"
            raise ControlError(405, "method_not_allowed", message, {"Allow": allowed})
        self._hosted_fakes.remove_idle()
        is_new = operation["operationId"] == "putFork"  # its name stands where that of a fork does which is there
        hosted = self._find_sender(request) if is_new else self._find_hosted(request, found)
        if hosted is not None:
            hosted.touch()
        control_request = ControlRequest(
            hosted_fakes=self._hosted_fakes,
            hosted=hosted,
            parameters=found.parameters,
            query=_read_query(request, operation),
            body=_read_body(request, operation, hosted),
            origin=request.origin,
        )
        status, value = CONTROL_OPERATIONS[operation["operationId"].removesuffix("OfFork")](control_request)
        response = _render(status, value)
        if hosted is not None and not isinstance(value, RawBody):
            public_body = hosted.make_address_rewriter(request.origin).to_public(response.body, hosted.fake.state.world)
            response = response._replace(body=public_body)
        return response._replace(body=b"") if request.method == "HEAD" else response

    def _find_hosted(self, request: Request, found: ControlRoute) -> HostedFake | None:
        if "fork" in found.parameters:
            fork = found.parameters["fork"]
            hosted = self._hosted_fakes.find_by_id(fork)
            if hosted is None:
                there_are = suggest(fork, self._hosted_fakes.ids())
                raise ControlError(
                    404, "no_such_fork", f"there is no fork {fork!r}: it was deleted, or never made; {there_are}"
                )
            return hosted
        return self._find_sender(request)

    def _find_sender(self, request: Request) -> HostedFake | None:
        """The fake whose token the request carries; without one, the default one."""
        if "authorization" not in request.headers:
            return self._hosted_fakes.default
        hosted = self._hosted_fakes.find_by_token(request.bearer_token)
        if hosted is None:
            raise ControlError(
                401,
                "unknown_token",
                "no fake has this token: send the one that POST /_fake/forks answered, as 'Authorization: Bearer ...'",
            )
        if hosted.is_named:
            path = f"{CONTROL_PREFIX}/forks/{hosted.id}/..."
            raise ControlError(400, "named_fork", f"a fork with a name is controlled by its path alone: {path}")
        return hosted


def _read_query(request: Request, operation: Mapping[str, Any]) -> dict[str, str]:
    known = list_query_names(operation)
    query: dict[str, str] = {}
    for name, value in parse_qsl(request.query, keep_blank_values=True):
        if name not in known:
            raise ValueError(f"no query parameter is named {name!r} here; {suggest(name, known)}")
        if name in query:
            raise ValueError(f"the query parameter {name} is given twice")
        query[name] = value
    return query


def _read_body(request: Request, operation: Mapping[str, Any], hosted: HostedFake | None) -> Mapping[str, Any]:
    try:
        raw = request.stream.read(LARGEST_CONTROL_BODY + 1)
    except Refusal as refusal:  # of the server, which did not keep the body
        code = refusal.clause.rpartition(".")[2].replace("-", "_")
        raise ControlError(refusal.answer.status, code, refusal.answer.message) from None
    if len(raw) > LARGEST_CONTROL_BODY:
        raise ControlError(413, "body_too_large", f"a body here has {LARGEST_CONTROL_BODY} bytes at most")
    if hosted is not None and hosted.id:  # its files have addresses of its own, which items may name
        raw = hosted.make_address_rewriter(request.origin).to_internal(raw)
    schema = request_body_schema(operation)
    if not raw.strip():
        body: Any = {}
    else:
        try:
            body = parse_json(raw.removeprefix(BOM_UTF8))
        except JsonBeyondBounds as error:
            raise ValueError(f"the body has {error}") from None
        except orjson.JSONDecodeError as error:
            raise ControlError(400, "malformed_json", f"the body is not valid JSON: {error}") from None
    if not isinstance(body, dict):
        raise ValueError("the body must be a JSON object, {...}")
    check_against_schema(body, schema or {"type": "object", "properties": {}, "additionalProperties": False})
    return body


def render_control_error(error: ControlError) -> Response:
    """What is refused by this fake and not by Webflow, as JSON."""
    response = _render(error.status, {"code": error.code, "message": join_lines(str(error))})
    response.headers.extend(error.headers.items())
    return response


def _render(status: int, value: Any) -> Response:
    raw = value if isinstance(value, RawBody) else RawBody("application/json; charset=utf-8", _dump(value))
    headers = [
        ("Content-Type", raw.content_type),
        ("Cache-Control", "no-store"),
        ("X-Content-Type-Options", "nosniff"),
    ]
    return Response(status, headers, raw.data)


def _dump(value: Any) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_APPEND_NEWLINE)
