"""What the in-process transports share: between what a library hands over and the request and response values."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterable, Mapping
from typing import Any, BinaryIO, TypeVar
from urllib.parse import unquote

from ..exchange import Waits
from ..message import REASONS, Request, Response

_Result = TypeVar("_Result")


def make_request(
    method: str,
    origin: str,
    target: str,
    headers: Mapping[str, str],
    stream: BinaryIO,
    *,
    timeout: float | None = None,
) -> Request:
    """A request value.

    Args:
        method: Upper-case.
        origin: Scheme, host and port, without a slash at the end.
        target: Path, still percent-encoded, and query.
        headers: By lower-case name, or in a mapping to which case does not matter.
        stream: The body.
        timeout: Seconds that the client waits for an answer; None for ever.
    """
    path, _, query = target.partition("#")[0].partition("?")
    return Request(method, origin, unquote(path) or "/", query, headers, stream, timeout)


def lower_case_headers(headers: Iterable[tuple[Any, Any]]) -> dict[str, str]:
    """Headers by lower-case name; libraries allow bytes on both sides."""
    return {_decode(name).lower(): _decode(value) for name, value in headers}


def read_body(body: Any) -> bytes:
    """The body to its end, as sending it would have read it.

    Args:
        body: None, bytes, text, a file, or an iterable of any of these.
    """
    if body is None:
        return b""
    if isinstance(body, bytes):
        return body
    if isinstance(body, str):
        return body.encode()
    if hasattr(body, "read"):
        return read_body(body.read())
    if isinstance(body, bytearray | memoryview):
        return bytes(body)
    return b"".join(map(read_body, body))


def make_stream(body: bytes) -> BinaryIO:
    """The body as the pipeline reads it."""
    return io.BytesIO(body)


def headers_to_send(response: Response) -> list[tuple[str, str]]:
    """The headers as a server sends them: with the length of the body, where there may be one."""
    if response.status == 204 or any(name.lower() == "content-length" for name, _ in response.headers):
        return response.headers
    return [*response.headers, ("Content-Length", str(len(response.body)))]


def status_line(response: Response) -> str:
    """The status as WSGI has it: the number, a space and the reason."""
    return f"{response.status} {REASONS.get(response.status, 'Unknown')}"


async def finish_async(waits: Waits[_Result]) -> _Result:
    """The result, while other tasks go on; under asyncio or trio."""
    try:
        while True:
            await _pass_time(next(waits))
    except StopIteration as done:
        result: _Result = done.value
        return result
    finally:
        waits.close()


async def _pass_time(seconds: float) -> None:
    try:
        loop = sys.modules["asyncio"].get_running_loop()
    except (KeyError, RuntimeError):
        await sys.modules["trio"].sleep(seconds)
        return
    # Not asyncio.sleep, which a test may have a clock take the place of.
    over = loop.create_future()
    timer = loop.call_later(seconds, over.set_result, None)
    try:
        await over
    finally:
        timer.cancel()


def _decode(value: Any) -> str:
    return value if isinstance(value, str) else value.decode("latin-1")
