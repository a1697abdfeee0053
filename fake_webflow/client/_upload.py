"""The second step of an upload: the form that carries the file to the upload host, streamed."""

from __future__ import annotations

import hashlib
import html
import io
import os
import re
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TypeAlias

from ._answers import JsonObject, clauses_of
from ._errors import ConnectionFailed, UploadError
from ._transport import Transport

Source: TypeAlias = str | os.PathLike[str] | bytes | bytearray | memoryview | IO[bytes]
Progress: TypeAlias = Callable[[int, int], None]

PIECE = 64 * 1024
"""Bytes read and sent at a time."""

_NAME_ESCAPES = str.maketrans({'"': "%22", "\r": "%0D", "\n": "%0A"})


@dataclass(frozen=True, slots=True)
class OpenFile:
    """A file ready to be sent.

    Args:
        file: Where its bytes are read.
        start: Position of the first byte.
        size: Number of bytes.
        md5: Their MD5, in hexadecimal.
        name: Name to register it under.
    """

    file: IO[bytes]
    start: int
    size: int
    md5: str
    name: str


@contextmanager
def open_source(source: Source, file_name: str | None) -> Iterator[OpenFile]:
    """Open what is to be uploaded and take its MD5. A path is closed again, a file object left open.

    Args:
        source: A path (str or PathLike), the bytes themselves, or a binary file object that can seek; of the latter
            the bytes from its current position on.
        file_name: Name to register it under; needed for bytes, and for file objects that have no name.

    Raises:
        OSError: The file cannot be read.
        TypeError: The file object is open as text (raised by hashlib).
        ValueError: There is no name, or the file object cannot seek.
    """
    if isinstance(source, (bytes, bytearray, memoryview)):
        with io.BytesIO(source) as file:
            yield _measure(file, file_name)
    elif isinstance(source, (str, os.PathLike)):
        with Path(source).open("rb") as file:
            yield _measure(file, file_name)
    else:
        yield _measure(source, file_name)


def _measure(file: IO[bytes], file_name: str | None) -> OpenFile:
    own_name = getattr(file, "name", None)
    name = file_name or (Path(own_name).name if isinstance(own_name, (str, os.PathLike)) else None)
    if not name:
        raise ValueError("file_name is needed for what has no name of its own")
    if not file.seekable():
        raise ValueError("the file is read twice, for its MD5 and to be sent, so it must be able to seek")
    start = file.tell()
    digest, size = hashlib.md5(usedforsecurity=False), 0
    while piece := file.read(PIECE):
        digest.update(piece)
        size += len(piece)
    return OpenFile(file, start, size, digest.hexdigest(), name)


class Form:
    """A ``multipart/form-data`` body of some fields and one file at the end, made while it is sent.

    Iterating reads the file from its start, piece by piece, so that never more than one piece is in memory.

    Args:
        fields: Names and values, in the order they are sent in.
        source: The file.
        content_type: Content type of the file's part.
        progress: Called with (bytes of the file sent, size of the file): first with 0, then after every piece.
        changed: The error to raise if the file turns out to be shorter than when it was measured.
    """

    def __init__(
        self,
        fields: Mapping[str, object],
        source: OpenFile,
        content_type: str,
        boundary: str,
        progress: Progress | None,
        changed: Exception,
    ) -> None:
        parts = [
            f'--{boundary}\r\nContent-Disposition: form-data; name="{_escape_name(name)}"\r\n\r\n{value}\r\n'
            for name, value in fields.items()
        ]
        parts.append(
            f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{_escape_name(source.name)}"\r\n'
            f"Content-Type: {content_type}\r\n\r\n"
        )
        self._head = "".join(parts).encode()
        self._tail = f"\r\n--{boundary}--\r\n".encode()
        self._source = source
        self._progress = progress
        self._changed = changed

    def __len__(self) -> int:
        return len(self._head) + self._source.size + len(self._tail)

    def __iter__(self) -> Iterator[bytes]:
        source = self._source
        source.file.seek(source.start)
        self._tell(0)
        yield self._head
        sent = 0
        while sent < source.size:
            piece = source.file.read(min(PIECE, source.size - sent))
            if not piece:
                raise self._changed
            yield piece
            sent += len(piece)
            self._tell(sent)
        yield self._tail

    def _tell(self, sent: int) -> None:
        if self._progress is not None:
            self._progress(sent, self._source.size)


def send_file(transport: Transport, asset: JsonObject, source: OpenFile, progress: Progress | None) -> None:
    """Post the file to where the answer of the create call says, its ``uploadDetails`` first and in their order.

    Args:
        transport: The way out.
        asset: Answer of the create call.
        source: The file.
        progress: See `Form`.

    Raises:
        UploadError: The upload host refused, did not answer, or the file shrank while it was sent.
    """
    url, details = asset.get("uploadUrl"), asset.get("uploadDetails")
    if not isinstance(url, str) or not url.startswith(("https://", "http://")) or not isinstance(details, dict):
        raise UploadError("the answer of the create call says neither that nor where to upload", asset)
    boundary = secrets.token_hex(16)
    content_type = str(asset.get("contentType") or "application/octet-stream")
    changed = UploadError("the file became shorter while it was sent", asset)

    def make_body() -> Form:
        return Form(details, source, content_type, boundary, progress, changed)

    try:
        response = transport.post_form(url, make_body, f"multipart/form-data; boundary={boundary}")
    except ConnectionFailed as error:
        raise UploadError(error.message, asset) from error
    if not 200 <= response.status_code < 300:
        text = transport.redacted(response.text)
        found = _elements(text)
        message = found.get("Message") or f"{response.reason}: {text[:200]!r}"
        raise UploadError(message, asset, response.status_code, found.get("Code"), found, clauses_of(response))


def _elements(document: str) -> dict[str, str]:
    """The simple elements of S3's error document. A pattern, because no parser is safe from a stranger's XML."""
    return {name: html.unescape(text) for name, text in re.findall(r"<(\w+)>([^<]*)</\1>", document)}


def _escape_name(name: str) -> str:
    """A name inside quotes, escaped as browsers do it (HTML's rules for multipart/form-data)."""
    return name.translate(_NAME_ESCAPES)
