"""httpx and its successor httpx2, sync and async, and with them the official Python SDK.

Clients that know nothing of it are reached at ``HTTPTransport`` and its async twin, which are public and documented to
be subclassed. ``FakeTransport`` is for those who hand a client its transport. Both libraries have the same names, so
all of this asks the library that a request is of, and neither is imported here.
"""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from functools import wraps
from types import ModuleType
from typing import TYPE_CHECKING, Any, Self

from ..conditions.faults import NetworkFault
from ..exchange import Waits, finish
from ..fake import fake_of
from ..message import Request, Response
from . import active
from .patching import Patch
from .wire import finish_async, headers_to_send, lower_case_headers, make_request, make_stream

if TYPE_CHECKING:
    import httpx

    from ..testing.handle import FakeWebflow

    class _Transport(httpx.BaseTransport, httpx.AsyncBaseTransport):
        """What clients ask for by its methods alone."""
else:
    _Transport = object

_Begin = Callable[[Request], Waits[Response]]
_LIBRARIES = ("httpx", "httpx2")


class FakeTransport(_Transport):
    """For ``Client(transport=...)`` and ``AsyncClient(transport=...)`` of httpx and httpx2.

    Args:
        webflow: Who answers.
    """

    def __init__(self, webflow: FakeWebflow) -> None:
        self._fake = fake_of(webflow)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """The fake's answer; certificates and proxies have no meaning here.

        Raises:
            FakeEnded: The fake was active, and is no more.
            httpx.ReadTimeout: A scripted fault of the network.
            httpx.ReadError: Likewise.
        """
        return finish(_answer_request(request, request.read(), self._begin))

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """The same for async clients."""
        return await finish_async(_answer_request(request, await request.aread(), self._begin))

    def close(self) -> None:
        """Nothing is held open."""

    async def aclose(self) -> None:
        """Nothing is held open."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    def _begin(self, request: Request) -> Waits[Response]:
        return active.begin_dispatch_to(self._fake, request)


def make_patches(library: ModuleType) -> list[Patch]:
    """What is patched of the library while a fake is active."""
    return [
        Patch(library.HTTPTransport, "handle_request", _wrap_handle_request),
        Patch(library.AsyncHTTPTransport, "handle_async_request", _wrap_handle_async_request),
    ]


def _wrap_handle_request(send: Callable[[Any, httpx.Request], httpx.Response]) -> Any:
    @wraps(send)
    def handle_request(transport: httpx.HTTPTransport, request: httpx.Request) -> httpx.Response:
        if not _is_for_active_fake(request):
            return send(transport, request)
        body = request.read()
        if _has_respx_route(request):
            return send(transport, request)
        return finish(_answer_request(request, body, active.begin_dispatch))

    return handle_request


def _wrap_handle_async_request(send: Callable[[Any, httpx.Request], Awaitable[httpx.Response]]) -> Any:
    @wraps(send)
    async def handle_async_request(transport: httpx.AsyncHTTPTransport, request: httpx.Request) -> httpx.Response:
        if not _is_for_active_fake(request):
            return await send(transport, request)
        body = await request.aread()
        if _has_respx_route(request):
            return await send(transport, request)
        return await finish_async(_answer_request(request, body, active.begin_dispatch))

    return handle_async_request


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


def _library_of(request: httpx.Request) -> Any:
    """The library a request is of; the request's own class may be a program's."""
    packages = (kind.__module__.partition(".")[0] for kind in type(request).__mro__)
    return sys.modules[next(package for package in packages if package in _LIBRARIES)]


def _answer_request(request: httpx.Request, body: bytes, begin: _Begin) -> Waits[httpx.Response]:
    library, url = _library_of(request), request.url
    origin = f"{url.scheme}://{url.netloc.decode('ascii')}"
    target, headers = url.raw_path.decode("ascii"), lower_case_headers(request.headers.raw)
    timeout = request.extensions.get("timeout", {}).get("read")
    fake_request = make_request(request.method, origin, target, headers, make_stream(body), timeout=timeout)
    try:
        found = yield from begin(fake_request)
        return _make_response(library, found, library.ByteStream(found.body))
    except NetworkFault as fault:
        if fault.answer is not None:
            return _make_response(library, fault.answer, _truncated_stream(library, fault.answer.body, fault.size))
        if fault.kind == "timeout":
            raise library.ReadTimeout("The read operation timed out", request=request) from None
        raise library.ReadError("[Errno 104] Connection reset by peer", request=request) from None


def _make_response(library: Any, answer: Response, stream: Any) -> httpx.Response:
    response: httpx.Response = library.Response(answer.status, headers=headers_to_send(answer), stream=stream)
    return response


def _truncated_stream(library: Any, body: bytes, size: int) -> Any:
    """A body whose connection ends within it."""
    error = library.RemoteProtocolError(
        f"peer closed connection without sending complete message body (received {size} bytes, expected {len(body)})"
    )

    class TruncatedStream(library.SyncByteStream, library.AsyncByteStream):  # type: ignore[misc]
        def __iter__(self) -> Iterator[bytes]:
            yield body[:size]
            raise error

        async def __aiter__(self) -> AsyncIterator[bytes]:
            yield body[:size]
            raise error

    return TruncatedStream()
