"""What the in-process transports share: between what a library hands over and the request and response values."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from typing import Any, BinaryIO
from urllib.parse import unquote

from ..message import REASONS, Request, Response


def make_request(method: str, origin: str, target: str, headers: Mapping[str, str], stream: BinaryIO) -> Request:
    """A request value.

    Args:
        method: Upper-case.
        origin: Scheme, host and port, without a slash at the end.
        target: Path, still percent-encoded, and query.
        headers: By lower-case name, or in a mapping to which case does not matter.
        stream: The body.
    """
    path, _, query = target.partition("#")[0].partition("?")
    return Request(method, origin, unquote(path) or "/", query, headers, stream)


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


def _decode(value: Any) -> str:
    return value if isinstance(value, str) else value.decode("latin-1")
