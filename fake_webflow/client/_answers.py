"""Reads answers: the JSON of a success, or the error that an answer means."""

from __future__ import annotations

import json
from typing import Any, TypeAlias

import requests

from ._errors import (
    ApiError,
    BadRequest,
    Conflict,
    Forbidden,
    NotAuthorized,
    NotFound,
    ServerError,
    TooManyRequests,
    UnexpectedAnswer,
    WebflowError,
)

JsonObject: TypeAlias = dict[str, Any]
JsonObjects: TypeAlias = list[JsonObject]

CLAUSE_HEADER = "X-Fake-Webflow-Clause"
_EXCERPT = 200
_BY_STATUS: dict[int, type[ApiError]] = {
    400: BadRequest,
    401: NotAuthorized,
    403: Forbidden,
    404: NotFound,
    409: Conflict,
    429: TooManyRequests,
}


def redacted(value: Any, secret: str) -> Any:
    """The value with every occurrence of the secret in its strings, at any depth, replaced by ``***``."""
    if isinstance(value, str):
        return value.replace(secret, "***")
    if isinstance(value, list):
        return [redacted(entry, secret) for entry in value]
    if isinstance(value, dict):
        return {redacted(key, secret): redacted(entry, secret) for key, entry in value.items()}
    return value


def headers_of(response: requests.Response) -> dict[str, str]:
    """The answer's headers, names in lower case."""
    return {name.lower(): value for name, value in response.headers.items()}


def clauses_of(response: requests.Response) -> tuple[str, ...]:
    """The ledger's rules that refused, as the fake names them in a header; empty for any other server."""
    names = response.headers.get(CLAUSE_HEADER, "").split(",")
    return tuple(name.strip() for name in names if name.strip())


def json_object(response: requests.Response, secret: str) -> JsonObject:
    """The JSON object a successful answer carries.

    Raises:
        UnexpectedAnswer: The body is something else.
    """
    body = _parse_json(response)
    if not isinstance(body, dict):
        raise make_unexpected_answer(response, secret, "the answer is not a JSON object")
    return body


def raise_for_error(response: requests.Response, secret: str) -> None:
    """Raise what the answer means unless its status is a success.

    Raises:
        ApiError: Webflow answered with an error; the subclass by its status.
        UnexpectedAnswer: A redirect, or an error that is not in Webflow's form.
    """
    if not 200 <= response.status_code < 300:
        raise _make_error(response, secret)


def make_unexpected_answer(response: requests.Response, secret: str, message: str) -> UnexpectedAnswer:
    """The error for an answer that Webflow would not give, with the beginning of its body."""
    excerpt = response.text[:_EXCERPT]
    return UnexpectedAnswer(
        *redacted(
            [
                f"{message}: {excerpt!r}",
                response.status_code,
                headers_of(response),
                response.request.method or "",
                response.url,
            ],
            secret,
        )
    )


def _make_error(response: requests.Response, secret: str) -> WebflowError:
    status = response.status_code
    if status < 400:
        return make_unexpected_answer(response, secret, "redirects are not followed")
    message, code, details = _read_envelope(_parse_json(response))
    if message is None:
        # A gateway's own page means what its status says; any other 4xx without the envelope does not come from
        # Webflow, and a NotFound from a wrong host must not pass for Webflow's.
        if status != 429 and status < 500:
            return make_unexpected_answer(response, secret, "the error is not in Webflow's form")
        message = f"{response.reason or 'an error'}, without a message in Webflow's form"
    kind = ServerError if status >= 500 else _BY_STATUS.get(status, ApiError)
    return kind(
        *redacted(
            [
                message,
                status,
                code,
                details,
                list(clauses_of(response)),
                headers_of(response),
                response.request.method or "",
                response.url,
            ],
            secret,
        )
    )


def _parse_json(response: requests.Response) -> Any:
    try:
        return json.loads(response.content)
    except (ValueError, RecursionError):
        return None


def _read_envelope(body: Any) -> tuple[str | None, str | None, list[Any]]:
    """Message, code and details of an error body; no message if it is neither of Webflow's two forms.

    The older form ``{"msg", "code": 404, "name", "errorEnum"}`` is what an unknown route was seen to answer in 2026.
    Some documented errors have no ``code``, and some recorded ones no ``externalReference``.
    """
    if not isinstance(body, dict):
        return None, None, []
    if isinstance(body.get("message"), str):
        code, details = body.get("code"), body.get("details")
        return body["message"], code if isinstance(code, str) else None, details if isinstance(details, list) else []
    if isinstance(body.get("msg"), str):
        name = body.get("errorEnum") or body.get("name")
        return body["msg"], name if isinstance(name, str) else None, []
    return None, None, []
