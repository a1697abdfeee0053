"""From a request to the control interface to its answer: who may, which fake, which operation, is it well-formed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

import orjson

from ..message import Request, Response
from ..seeding.context import Mistake
from ..seeding.shape import check_against
from ..wording import nearest
from .document import Route, body_schema, document, query_names, route
from .guard import why_refused
from .hosted_fakes import Tenant, Tenants
from .operations import OPERATIONS
from .request import Asked, ControlError

LARGEST_BODY = 64 * 1024 * 1024
"""Bytes; inline scenarios may hold files."""


def switched_off(_request: Request, _peer: str) -> Response:
    """Answers every request with the reason why there is no control interface."""
    return _refused(
        ControlError(403, "control_off", "the control interface is off: this server runs with --no-control")
    )


class ControlDoor:
    """The control interface of a server.

    Args:
        tenants: The fakes it controls.
        bound_host: The host that the server was told to listen on.
    """

    def __init__(self, tenants: Tenants, bound_host: str = "127.0.0.1") -> None:
        self._tenants = tenants
        self._bound_host = bound_host

    def __call__(self, request: Request, peer: str) -> Response:
        """The answer, always one line of JSON.

        Args:
            request: To a path below ``/_fake``.
            peer: Address of the machine it came from.
        """
        try:
            reason = why_refused(request, peer, self._bound_host)
            if reason:
                raise ControlError(403, "not_allowed", reason)
            return self._answered(request)
        except ControlError as error:
            return _refused(error)
        except (Mistake, ValueError) as error:
            return _refused(ControlError(400, "invalid_request", str(error)))

    def _answered(self, request: Request) -> Response:
        found = route(request.path)
        if found is None:
            paths = [path for path in document()["paths"] if "{fork}" not in path]
            message = f"nothing is at {request.path}; {nearest(request.path, paths)} See /_fake/openapi.json"
            raise ControlError(404, "no_such_path", message)
        operation = found.methods.get("GET" if request.method == "HEAD" else request.method)
        if operation is None:
            response = _refused(_method_not_allowed(request, found))
            response.headers.append(("Allow", ", ".join(found.methods)))
            return response
        tenant = self._tenant(request, found)
        asked = Asked(
            tenants=self._tenants,
            tenant=tenant,
            parameters=found.parameters,
            query=_query(request, operation),
            body=_body(request, operation),
            origin=request.origin,
        )
        status, value = OPERATIONS[operation["operationId"].removesuffix("OfFork")](asked)
        response = _json(status, value)
        if tenant is not None and tenant.id:
            outside = tenant.readdressing(request.origin).to_outside(response.body, tenant.fake.state.world)
            response = response._replace(body=outside)
        return response._replace(body=b"") if request.method == "HEAD" else response

    def _tenant(self, request: Request, found: Route) -> Tenant | None:
        if "fork" in found.parameters:
            fork = found.parameters["fork"]
            tenant = self._tenants.with_id(fork)
            if tenant is None:
                there_are = nearest(fork, self._tenants.ids())
                raise ControlError(
                    404, "no_such_fork", f"there is no fork {fork!r}: it was deleted, or never made; {there_are}"
                )
            return tenant
        if "authorization" not in request.headers:
            return self._tenants.default
        tenant = self._tenants.with_token(request.bearer_token)
        if tenant is None:
            raise ControlError(
                401,
                "unknown_token",
                "no fake has this token: send the one that POST /_fake/forks answered, as 'Authorization: Bearer ...'",
            )
        return tenant


def _method_not_allowed(request: Request, found: Route) -> ControlError:
    message = f"{request.method} is nothing {found.template} can do; it takes {', '.join(found.methods)}"
    return ControlError(405, "method_not_allowed", message)


def _query(request: Request, operation: Mapping[str, Any]) -> dict[str, str]:
    known = query_names(operation)
    query: dict[str, str] = {}
    for name, value in parse_qsl(request.query, keep_blank_values=True):
        if name not in known:
            raise ValueError(f"no query parameter is named {name!r} here; {nearest(name, known)}")
        if name in query:
            raise ValueError(f"the query parameter {name} is given twice")
        query[name] = value
    return query


def _body(request: Request, operation: Mapping[str, Any]) -> Mapping[str, Any]:
    raw = request.stream.read(LARGEST_BODY + 1)
    if len(raw) > LARGEST_BODY:
        raise ControlError(413, "body_too_large", f"a body here has {LARGEST_BODY} bytes at most")
    schema = body_schema(operation)
    if not raw.strip():
        body: Any = {}
    else:
        try:
            body = orjson.loads(raw)
        except orjson.JSONDecodeError as error:
            raise ControlError(400, "malformed_json", f"the body is no JSON: {error}") from None
    if not isinstance(body, dict):
        raise ValueError("the body must be a JSON object, {...}")
    check_against(body, schema or {"type": "object", "properties": {}, "additionalProperties": False})
    return body


def _refused(error: ControlError) -> Response:
    # One line whatever it quotes, so that it can be read in a log.
    return _json(error.status, {"code": error.code, "message": " ".join(str(error).split())})


def _json(status: int, value: Any) -> Response:
    headers = [
        ("Content-Type", "application/json; charset=utf-8"),
        ("Cache-Control", "no-store"),
        ("X-Content-Type-Options", "nosniff"),
    ]
    return Response(status, headers, orjson.dumps(value, option=orjson.OPT_APPEND_NEWLINE))
