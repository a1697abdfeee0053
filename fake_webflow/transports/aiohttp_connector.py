"""aiohttp: a session's connector is given a connection that ends in this process.

Only the bytes are exchanged here; everything above them (redirects, ``raise_for_status``, middlewares, tracing,
payloads, the parser) is aiohttp's own. ``BaseConnector.connect`` is documented; that it returns a ``Connection`` around
a ``ResponseHandler`` is not promised to outsiders, so the supported range is 3.9 to 3.x, and
``tests/transports/test_library_canaries.py`` fails when a release does it otherwise.
"""

from __future__ import annotations

import asyncio
import errno
from collections.abc import Awaitable, Callable, Iterable
from functools import wraps
from types import ModuleType
from typing import Any

import aiohttp
from aiohttp.client_proto import ResponseHandler
from aiohttp.connector import Connection

from ..conditions.faults import NetworkFault
from ..exchange import Waits
from ..message import REASONS, Response
from . import active
from .patching import Patch
from .wire import headers_to_send, make_request, make_stream


def _wrap_connect(connect: Callable[..., Awaitable[Connection]]) -> Any:
    @wraps(connect)
    async def connect_in_process(
        connector: aiohttp.BaseConnector, req: aiohttp.ClientRequest, *rest: Any, **options: Any
    ) -> Connection:
        url = req.url
        if not active.is_for_active_fake(url.scheme, url.host, url.port, url.raw_path_qs):
            return await connect(connector, req, *rest, **options)
        loop = asyncio.get_running_loop()
        protocol = ResponseHandler(loop)
        protocol.connection_made(_InProcessTransport(f"https://{url.host}", protocol, loop))
        protocol.force_close()  # or the connector would keep it for the next request, beyond the fake's end
        return Connection(connector, req.connection_key, protocol, loop)

    return connect_in_process


def make_patches(library: ModuleType) -> list[Patch]:
    """What is patched of the library while a fake is active."""
    return [Patch(library.BaseConnector, "connect", _wrap_connect)]


class _InProcessTransport(asyncio.Transport):
    """The other end of one connection: reads a request to its end and answers it.

    Args:
        origin: What the request is sent to.
        protocol: aiohttp's end.
        loop: Where it runs.
    """

    def __init__(self, origin: str, protocol: ResponseHandler, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__()
        self._origin = origin
        self._protocol = protocol
        self._loop = loop
        self._closing = False
        self._received = bytearray()
        self._head: tuple[str, str, dict[str, str]] | None = None
        self._answering: Waits[Response] | None = None
        self._timer: asyncio.TimerHandle | None = None

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Takes bytes of the request; the last of them bring the answer about."""
        self._received += data
        if self._head is None:
            self._head = _parse_head(self._received)
            if self._head is not None and self._head[2].get("expect", "").lower() == "100-continue":
                self._loop.call_soon(self._protocol.data_received, b"HTTP/1.1 100 Continue\r\n\r\n")
        if self._head is not None:
            body = _parse_body(self._received, self._head[2])
            if body is not None:
                self._loop.call_soon(self._answer, *self._head, body)

    def writelines(self, list_of_data: Iterable[Any]) -> None:
        """The same for several pieces."""
        self.write(b"".join(list_of_data))

    def is_closing(self) -> bool:
        """Whether either end has closed."""
        return self._closing

    def close(self) -> None:
        """Ends the connection; the protocol hears of it, as it would from a socket."""
        if not self._closing:
            self._closing = True
            if self._timer is not None:
                self._timer.cancel()
            if self._answering is not None:
                self._answering.close()
            self._loop.call_soon(self._protocol.connection_lost, None)

    def abort(self) -> None:
        """The same: nothing is on its way that could be lost."""
        self.close()

    def pause_reading(self) -> None:
        """All there is to read has been handed over at once."""

    def resume_reading(self) -> None:
        """Likewise."""

    def _answer(self, method: str, target: str, headers: dict[str, str], body: bytes) -> None:
        if self._closing:
            return
        try:
            request = make_request(method, self._origin, target, headers, make_stream(body))
            self._answering = active.begin_dispatch(request)
        except Exception as error:
            self._protocol.set_exception(error)
        else:
            self._go_on(self._answering)

    def _go_on(self, answering: Waits[Response]) -> None:
        """Answers, or waits for a fault that takes its time and goes on then."""
        try:
            self._timer = self._loop.call_later(next(answering), self._go_on, answering)
        except StopIteration as done:
            self._protocol.data_received(_render_bytes(done.value))
        except NetworkFault as fault:
            self._fail(fault)
        except Exception as error:  # what nobody awaits would be lost: let the caller have it
            self._protocol.set_exception(error)

    def _fail(self, fault: NetworkFault) -> None:
        if fault.kind == "timeout":
            self._protocol.set_exception(aiohttp.ServerTimeoutError("Timeout on reading data from socket"))
            return
        if fault.answer is not None:
            self._protocol.data_received(_render_bytes(fault.answer, fault.size))
        self._closing = True
        reset = ConnectionResetError(errno.ECONNRESET, "Connection reset by peer")
        self._protocol.connection_lost(reset if fault.answer is None else None)


def _parse_head(received: bytearray) -> tuple[str, str, dict[str, str]] | None:
    """Method, target and headers, taken off the front of what was received; None while they are incomplete."""
    end = received.find(b"\r\n\r\n")
    if end < 0:
        return None
    first, *lines = received[:end].decode("utf-8", "surrogateescape").split("\r\n")
    del received[: end + 4]
    method, target, _ = first.split(" ")
    pairs = (line.partition(":") for line in lines)
    return method, target, {name.lower(): value.strip() for name, _, value in pairs}


def _parse_body(received: bytearray, headers: dict[str, str]) -> bytes | None:
    """The whole body; None while it is incomplete."""
    if headers.get("transfer-encoding", "").lower() == "chunked":
        return _dechunk(received)
    length = int(headers.get("content-length", "0"))
    return bytes(received) if len(received) >= length else None


def _dechunk(received: bytearray) -> bytes | None:
    # The end is looked for first, so that a body of many chunks is not gone through again with each of them.
    if not received.endswith(b"0\r\n\r\n"):
        return None
    chunks: list[bytearray] = []
    at = 0
    while at < len(received):
        end = received.index(b"\r\n", at)
        size = int(received[at:end].partition(b";")[0], 16)
        if size == 0:
            return b"".join(chunks)
        chunks.append(received[end + 2 : end + 2 + size])
        at = end + 4 + size
    return None


def _render_bytes(answer: Response, size: int | None = None) -> bytes:
    lines = [f"HTTP/1.1 {answer.status} {REASONS.get(answer.status, '')}"]
    lines += [f"{name}: {value}" for name, value in headers_to_send(answer)]
    return "\r\n".join([*lines, "", ""]).encode("utf-8") + answer.body[:size]
