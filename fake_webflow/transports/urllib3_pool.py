"""urllib3, and with it requests and botocore: requests to Webflow's hosts are answered where a pool would send them.

``HTTPConnectionPool.urlopen`` is public and the one place all of them go through. What it does beside sending is done
here with urllib3's own means: retries by ``Retry``, and the responses are urllib3's.
"""

from __future__ import annotations

import errno
import io
from collections.abc import Callable
from functools import wraps
from http.client import IncompleteRead
from typing import Any

from urllib3 import HTTPConnectionPool, HTTPHeaderDict, HTTPResponse, Retry
from urllib3.exceptions import HTTPError, MaxRetryError, ProtocolError, ReadTimeoutError

from ..conditions.faults import NetworkFault
from ..message import REASONS, Request, Response
from . import active
from .interception import Patch
from .wire import headers_to_send, lower_case_headers, make_request, make_stream, read_body

_Send = Callable[..., Any]


def _wrap_urlopen(send: _Send) -> _Send:
    @wraps(send)
    def urlopen(
        pool: HTTPConnectionPool,
        method: str,
        url: str,
        body: Any = None,
        headers: Any = None,
        retries: Any = None,
        redirect: bool = True,
        *rest: Any,
        **options: Any,
    ) -> Any:
        if not active.is_for_active_fake(pool.scheme or "", pool.host, pool.port, url):
            return send(pool, method, url, body, headers, retries, redirect, *rest, **options)
        if not isinstance(retries, Retry):
            retries = Retry.from_int(retries, redirect=redirect, default=pool.retries)
        named = lower_case_headers((pool.headers if headers is None else headers).items())
        if options.get("chunked") and body is not None:
            named.setdefault("transfer-encoding", "chunked")
        request = make_request(method, f"https://{pool.host}", url, named, make_stream(read_body(body)))
        return _send_with_retries(pool, request, url, retries, options)

    return urlopen


PATCHES = [Patch(HTTPConnectionPool, "urlopen", _wrap_urlopen)]
"""What is patched while a fake is active."""


def urllib3_response(
    answer: Response, method: str, size: int | None = None, *, preload: bool = False, decode: bool = False
) -> HTTPResponse:
    """The answer as urllib3 has it.

    Args:
        answer: The answer.
        method: Of the request.
        size: How many bytes of the body arrive before the connection ends; None for all.
        preload: Whether the body is read at once.
        decode: Whether reading undoes a content encoding.

    Raises:
        ProtocolError: ``preload`` of a body that does not arrive as a whole.
    """
    return HTTPResponse(
        body=make_stream(answer.body) if size is None else _TruncatedBody(answer.body, size),
        headers=HTTPHeaderDict(headers_to_send(answer)),
        status=answer.status,
        version=11,
        reason=REASONS.get(answer.status, ""),
        preload_content=preload,
        decode_content=decode,
        request_method=method,
    )


class _TruncatedBody(io.BytesIO):
    """A body whose connection ends within it. Reads of a size notice that themselves, by the length in the headers."""

    def __init__(self, body: bytes, size: int) -> None:
        super().__init__(body[:size])
        self._missing = len(body) - size

    def read(self, size: int | None = -1) -> bytes:
        data = super().read(size)
        if size is None or size < 0:
            raise IncompleteRead(data, self._missing)
        return data


def _send_with_retries(
    pool: HTTPConnectionPool, request: Request, url: str, retries: Retry, options: Any
) -> HTTPResponse:
    """The answer after as many attempts as urllib3 would make."""
    method = request.method
    while True:
        request.stream.seek(0)
        try:
            response = _attempt(pool, request, url, options)
        except HTTPError as error:
            retries = retries.increment(method, url, error=error, _pool=pool, _stacktrace=error.__traceback__)
            retries.sleep()
            continue
        response.retries = retries
        if not retries.is_retry(method, response.status, "Retry-After" in response.headers):
            return response
        try:
            retries = retries.increment(method, url, response=response, _pool=pool)
        except MaxRetryError:
            if retries.raise_on_status:
                raise
            return response
        retries.sleep(response)


def _attempt(pool: HTTPConnectionPool, request: Request, url: str, options: Any) -> HTTPResponse:
    preload, decode = options.get("preload_content", True), options.get("decode_content", True)
    try:
        return urllib3_response(active.dispatch(request), request.method, preload=preload, decode=decode)
    except NetworkFault as fault:
        if fault.answer is not None:
            return urllib3_response(fault.answer, request.method, fault.size, preload=preload, decode=decode)
        if fault.kind == "timeout":
            raise ReadTimeoutError(pool, url, "Read timed out.") from None
        raise connection_reset() from None


def connection_reset() -> ProtocolError:
    """What urllib3 makes of a connection that is reset."""
    return ProtocolError("Connection aborted.", ConnectionResetError(errno.ECONNRESET, "Connection reset by peer"))
