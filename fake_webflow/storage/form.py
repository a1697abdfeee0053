"""The upload form as a stream: its fields first, then the file, never more of it in memory than will be stored.

``werkzeug.sansio.multipart`` finds the parts. It keeps their order, which the ready-made form parsers lose.
"""

from __future__ import annotations

import hashlib
import re
from io import BytesIO
from typing import BinaryIO, NamedTuple

from werkzeug.exceptions import ClientDisconnected
from werkzeug.http import parse_options_header
from werkzeug.sansio.multipart import Data, Epilogue, Event, Field, File, MultipartDecoder, NeedData

from ..rules import Refusal

FIELDS_LIMIT = 20 * 1024
_CHUNK = 64 * 1024
_LONGEST_CUT = 64


class FileContent(NamedTuple):
    """The file of a form.

    Args:
        size: Bytes that were sent.
        md5: Of all of them, lower-case hex.
        data: The bytes; empty when there were more than the limit.
    """

    size: int
    md5: str
    data: bytes


class UploadForm:
    """A form read up to where its file begins.

    Args:
        content_type: The request's ``Content-Type``, empty for none.
        stream: The body.

    Attributes:
        fields: Those before the file, by lower-case name, in the order sent; of several of one name the first.
        filename: That of the file part; None when it has none.

    Raises:
        Refusal: The body is not multipart/form-data, is broken, has too much before the file, or has no file.
    """

    def __init__(self, content_type: str, stream: BinaryIO) -> None:
        boundary = _parse_boundary(content_type)
        self.fields: dict[str, str] = {}
        self.filename: str | None = None
        self._stream = stream
        self._decoder = MultipartDecoder(boundary)
        self._cut_delimiter = re.compile(rb"--" + re.escape(boundary) + rb"(?:-|[^\S\r\n]+)\Z")
        self._tail = len(boundary) + _LONGEST_CUT
        self._received = 0
        self._in_file = False
        self._read_fields()

    def read_file(self, limit: int | None) -> FileContent:
        """The file's content; what comes after it is never read.

        Args:
            limit: Bytes at most to keep; one more and all are dropped, while the rest is still counted. None keeps any.

        Raises:
            Refusal: The body breaks off.
        """
        # The MD5 is S3's ETag; nothing is secured by it.
        digest, kept, size = hashlib.md5(usedforsecurity=False), BytesIO(), 0
        more = True
        while more:
            data, more = self._next_data()
            digest.update(data)
            size += len(data)
            if limit is None or size <= limit:
                kept.write(data)
            else:
                kept = BytesIO()
        return FileContent(size, digest.hexdigest(), kept.getvalue())

    def _read_fields(self) -> None:
        while not self._in_file:
            event = self._next_event()
            if isinstance(event, Epilogue):
                raise Refusal("upload.file.missing", ArgumentName="file", ArgumentValue="0")
            if isinstance(event, Field | File):
                self._read_part(event)

    def _read_part(self, part: Field | File) -> None:
        # The decoder leaves the name None when the part has none, whatever its annotation says.
        if not part.name:
            raise Refusal("upload.malformed")
        name = part.name.lower()
        if name == "file":
            self._in_file = True
            self.filename = part.filename if isinstance(part, File) else None
        else:
            self.fields.setdefault(name, self._read_text())

    def _read_text(self) -> str:
        collected, more = bytearray(), True
        while more:
            data, more = self._next_data()
            collected += data
        try:
            return collected.decode()
        except UnicodeDecodeError:
            raise Refusal("upload.malformed") from None

    def _next_data(self) -> tuple[bytes, bool]:
        event = self._next_event()
        assert isinstance(event, Data), "a part is followed by its data"
        return event.data, event.more_data

    def _next_event(self) -> Event:
        """The next event of the decoder, fed until it has one."""
        while True:
            try:
                event = self._decoder.next_event()
            except ValueError:
                raise Refusal("upload.malformed") from None
            # What the decoder still holds is already the file's once the file part has begun.
            waiting = isinstance(event, NeedData)
            ahead = self._received if waiting else self._received - len(self._decoder.buffer)
            if not self._in_file and ahead > FIELDS_LIMIT:
                raise Refusal("upload.fields.too-long")
            if not waiting:
                return event
            self._receive(_CHUNK)

    def _receive(self, size: int) -> None:
        """Feed the decoder, never up to the middle of a delimiter.

        Werkzeug 3.1 takes a line break for content when a chunk ends after ``--boundary-`` or after the spaces that may
        follow a boundary; a stray carriage return would end up in the file.
        """
        chunk = self._read(size)
        self._decoder.receive_data(chunk or None)
        buffer = self._decoder.buffer
        while chunk and self._cut_delimiter.search(buffer, max(0, len(buffer) - self._tail)):
            chunk = self._read(1)
            self._decoder.receive_data(chunk)

    def _read(self, size: int) -> bytes:
        try:
            chunk = self._stream.read(size)
        except (ClientDisconnected, OSError):
            raise Refusal("upload.incomplete") from None
        self._received += len(chunk)
        return chunk


def _parse_boundary(content_type: str) -> bytes:
    enclosure, options = parse_options_header(content_type)
    if enclosure.lower() != "multipart/form-data":
        condition = "Bucket POST must be of the enclosure-type multipart/form-data"
        raise Refusal("upload.enclosure-type", Condition=condition)
    boundary = options.get("boundary", "").encode("latin-1", "replace")
    if not 0 < len(boundary) <= FIELDS_LIMIT:
        raise Refusal("upload.malformed")
    return boundary
