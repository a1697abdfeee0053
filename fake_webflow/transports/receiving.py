"""How the server receives requests: what waitress would wait for in vain, store without need, or give up on in silence.

A body that no route takes is refused before it is stored: by its declared length, or in chunks as soon as they are too
many. The request then goes its usual way without it, and whoever reads the body raises the refusal. So the answer, its
form and the order of refusals are those of the route, and the journal has it, as where no server stands in front.
"""

from __future__ import annotations

import re
import socket
import tempfile
from contextlib import suppress
from functools import partial
from time import monotonic
from typing import Any, NoReturn

from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser, ParsingError
from waitress.utilities import BadRequest

from ..api.pipeline import LARGEST_BODY
from ..rules import Refusal

LARGEST_SENT = 65 * 1024 * 1024
"""Bytes: a little more than any route takes, so that each of them refuses what it reads by a rule of its own."""
_TAKES_MORE = re.compile(r"/_fake(?:/|$)|(?:/~[^/]*)?/s3(?:/|$)")
_TLS_HELLO = b"\x16\x03"
_LONGEST_CHUNK_LINE = 4096  # bytes; waitress keeps lines of any length
# Of all that chunks have around them no more than so many times the largest body is read.
_MOST_FRAMING = 4
# Whoever is refused may still be sending, and would lose the answer if the connection were closed at once.
_DISCARDS_FOR = 5.0  # seconds


def find_largest_body(path: str) -> int:
    """How many bytes the body of a request to that path may have before it is refused unread.

    Args:
        path: Percent-decoded.
    """
    return LARGEST_SENT if _TAKES_MORE.match(path) else LARGEST_BODY


class Channel(HTTPChannel):  # type: ignore[misc]  # waitress has no types
    """One connection.

    Attributes:
        discards: Whether all that still arrives is the rest of a body that is not taken.
    """

    close_when_flushed: bool

    def __init__(self, *arguments: Any, **options: Any) -> None:
        self.discards = False
        self._discards_until: float | None = None
        super().__init__(*arguments, **options)
        self.parser_class = partial(_Parser, self)

    def readable(self) -> bool:
        """Whether the loop is to look for something to read."""
        return self._discards_until is not None or bool(super().readable())

    def received(self, data: bytes) -> bool:
        """Takes bytes, or drops them."""
        if not self.discards:
            return bool(super().received(data))
        if self._discards_until is not None and monotonic() > self._discards_until:
            self.will_close = True
        return True

    def handle_write(self) -> None:
        """Sends what is to be sent. The client of a refused body is told of the end, and heard until it ends, too."""
        if self.discards and self.close_when_flushed:
            self.close_when_flushed = False
            self._discards_until = monotonic() + _DISCARDS_FOR
        super().handle_write()
        if self._discards_until is not None and not self.total_outbufs_len and self.connected:
            with suppress(OSError):  # it has gone
                self.socket.shutdown(socket.SHUT_WR)


class _Parser(HTTPRequestParser):  # type: ignore[misc]
    """One request on its way in.

    Args:
        channel: Where it comes from.
        adj: Waitress' settings.
    """

    body_rcv: Any

    def __init__(self, channel: Channel, adj: Any) -> None:
        super().__init__(adj)
        self._channel = channel
        self._refusal: Refusal | None = None

    def received(self, data: bytes) -> int:
        """Takes bytes of the request; how many of them it took."""
        if not self.header_plus and data.startswith(_TLS_HELLO):
            self.error = BadRequest("This port speaks http, and was called by https: write http:// in the address.")
            self.completed = True
            return len(data)
        try:
            taken: int = super().received(data)
        except OSError as error:
            self._refuse(Refusal("fake.disk-full", reason=error.strerror or error, folder=tempfile.gettempdir()))
            return len(data)
        if self.body_rcv is None:
            return taken
        if self._is_too_large():
            self._refuse(Refusal("requests.body-too-large"))
            return len(data)
        if self.chunked and len(self.body_rcv.control_line + self.body_rcv.trailer) > _LONGEST_CHUNK_LINE:
            self.error, self.completed = BadRequest("What stands around a chunk is too long."), True
        return taken

    def parse_header(self, header_plus: bytes) -> None:
        """Reads the head. Raises ParsingError, which is answered with 400, if it cannot be read."""
        try:
            super().parse_header(header_plus)
        except ValueError as error:  # as of an address with half a bracket, or a length of thousands of digits
            raise ParsingError(f"The head of the request cannot be read: {error}") from None

    def get_body_stream(self) -> Any:
        """Where the body is read."""
        return super().get_body_stream() if self._refusal is None else _RefusedBody(self._refusal)

    def _is_too_large(self) -> bool:
        most = find_largest_body(self.path)
        if not self.chunked:
            return bool(self.content_length > most)
        to_come = self.body_rcv.chunk_remainder
        return bool(len(self.body_rcv) + to_come > most or self.body_bytes_received > _MOST_FRAMING * most)

    def _refuse(self, refusal: Refusal) -> None:
        """Ends the request here, without its body, and the connection with its answer."""
        self._refusal = refusal
        self._channel.discards = True
        self.completed, self.error, self.expect_continue = True, None, False
        self.headers["CONNECTION"] = "close"
        with suppress(OSError):  # which closing a file on a full disk raises once more
            self.close()
        self.body_rcv = None


class _RefusedBody:
    """The body of a request that was refused before it was read."""

    def __init__(self, refusal: Refusal) -> None:
        self._refusal = refusal

    def read(self, _size: int = -1) -> NoReturn:
        """Raises the refusal."""
        raise self._refusal
