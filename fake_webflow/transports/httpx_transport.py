"""httpx, sync and async, and with it the official Python SDK.

Clients that know nothing of it are reached at ``httpx.HTTPTransport`` and its async twin, which are public and
documented to be subclassed. ``FakeTransport`` is for those who hand a client its transport.
"""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from functools import wraps
from typing import Any

import httpx

from ..conditions.faults import NetworkFault
from ..fake import Fake
from ..message import Request, Response
from . import active
from .interception import Patch
from .wire import headers_to_send, lower_case_headers, make_request, make_stream

_Answer = Callable[[Request], Response]


class FakeTransport(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """For ``httpx.Client(transport=...)`` and ``httpx.AsyncClient(transport=...)``.

    Args:
        fake: Who answers.
    """

    def __init__(self, fake: Fake) -> None:
        self._fake = fake

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """The fake's answer; timeouts, certificates and proxies have no meaning here.

        Raises:
            FakeEnded: The fake was active, and is no more.
            httpx.ReadTimeout: A scripted fault of the network.
            httpx.ReadError: Likewise.
        """
        return _answer_request(request, request.read(), self._answer)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """The same for async clients."""
        return _answer_request(request, await request.aread(), self._answer)

    def _answer(self, request: Request) -> Response:
        return active.dispatch_to(self._fake, request)


def _wrap_handle_request(send: Callable[[Any, httpx.Request], httpx.Response]) -> Any:
    @wraps(send)
    def handle_request(transport: httpx.HTTPTransport, request: httpx.Request) -> httpx.Response:
        if not _is_for_active_fake(request):
            return send(transport, request)
        body = request.read()
        return (
            send(transport, request) if _has_respx_route(request) else _answer_request(request, body, active.dispatch)
        )

    return handle_request


def _wrap_handle_async_request(send: Callable[[Any, httpx.Request], Awaitable[httpx.Response]]) -> Any:
    @wraps(send)
    async def handle_async_request(transport: httpx.AsyncHTTPTransport, request: httpx.Request) -> httpx.Response:
        if not _is_for_active_fake(request):
            return await send(transport, request)
        body = await request.aread()
        if _has_respx_route(request):
            return await send(transport, request)
        return _answer_request(request, body, active.dispatch)

    return handle_async_request


PATCHES = [
    Patch(httpx.HTTPTransport, "handle_request", _wrap_handle_request),
    Patch(httpx.AsyncHTTPTransport, "handle_async_request", _wrap_handle_async_request),
]
"""What is patched while a fake is active."""


def _is_for_active_fake(request: httpx.Request) -> bool:
    url = request.url
    return active.is_for_active_fake(url.scheme, url.host, url.port, url.raw_path.decode("ascii"))


def _has_respx_route(request: httpx.Request) -> bool:
    """Whether a respx mock of the test matches, which works below the transport and has precedence over the fake."""
    respx = sys.modules.get("respx")
    if respx is None:
        return False
    routes = (route for router in respx.mocks.HTTPCoreMocker.routers for route in router.routes)
    return any(route.pattern is None or route.pattern.match(request) for route in routes)


def _answer_request(request: httpx.Request, body: bytes, answer: _Answer) -> httpx.Response:
    url = request.url
    origin = f"{url.scheme}://{url.netloc.decode('ascii')}"
    target, headers = url.raw_path.decode("ascii"), lower_case_headers(request.headers.raw)
    fake_request = make_request(request.method, origin, target, headers, make_stream(body))
    try:
        return _httpx_response(answer(fake_request))
    except NetworkFault as fault:
        if fault.answer is not None:
            return _httpx_response(fault.answer, fault.size)
        if fault.kind == "timeout":
            raise httpx.ReadTimeout("The read operation timed out", request=request) from None
        raise httpx.ReadError("[Errno 104] Connection reset by peer", request=request) from None


def _httpx_response(answer: Response, size: int | None = None) -> httpx.Response:
    stream = httpx.ByteStream(answer.body) if size is None else _TruncatedStream(answer.body, size)
    return httpx.Response(answer.status, headers=headers_to_send(answer), stream=stream)


class _TruncatedStream(httpx.SyncByteStream, httpx.AsyncByteStream):
    """A body whose connection ends within it."""

    def __init__(self, body: bytes, size: int) -> None:
        self._body = body
        self._size = size

    def __iter__(self) -> Iterator[bytes]:
        yield self._body[: self._size]
        raise self._error()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self._body[: self._size]
        raise self._error()

    def _error(self) -> httpx.RemoteProtocolError:
        return httpx.RemoteProtocolError(
            "peer closed connection without sending complete message body "
            f"(received {self._size} bytes, expected {len(self._body)})"
        )
