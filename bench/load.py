"""The load generator: one thread, a few connections that are kept open, one request under way on each.

It is the same for every server, bounded in time and in number, and speaks to the loopback address only. It sends and
reads no more than it must (a tenth of what a server needs), so that what is measured is the server.
"""

from __future__ import annotations

import re
import selectors
import socket
from time import perf_counter
from typing import NamedTuple

from .served import Asked, Served

CONNECTIONS = 8
_MOST = 50_000
_PATIENCE = 5.0
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_CLOSES = re.compile(rb"\r\nconnection: *close", re.IGNORECASE)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding: *chunked", re.IGNORECASE)


class _Connection:
    """One connection, opened anew whenever the server has closed it."""

    def __init__(self, port: int, request: bytes) -> None:
        self._port, self._request = port, request
        self._open()

    def _open(self) -> None:
        self.socket = socket.create_connection(("127.0.0.1", self._port), timeout=_PATIENCE)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._received = b""

    def send(self) -> None:
        self.socket.sendall(self._request)

    def receive(self) -> bool:
        """Reads what is there, and says whether that completes an answer.

        Raises:
            AssertionError: The answer is no 200.
        """
        data = self.socket.recv(1 << 17)
        if not data:
            self._open_anew()
            self.send()
            return False
        self._received += data
        if not _is_whole(self._received):
            return False
        assert self._received[9:12] == b"200", self._received[:200]
        if _CLOSES.search(self._received):
            self._open_anew()
        self._received = b""
        return True

    def _open_anew(self) -> None:
        self.close()
        self._open()

    def close(self) -> None:
        self.socket.close()


class Answered(NamedTuple):
    """What a server did under load.

    Args:
        requests: So many.
        seconds: The time it took.
    """

    requests: int
    seconds: float


def load(server: Served, seconds: float) -> Answered:
    """Keeps the server busy for so many seconds."""
    request = _bytes_of(server.asked)
    with selectors.DefaultSelector() as selector:
        connections = [_Connection(server.port, request) for _ in range(CONNECTIONS)]
        try:
            for each in connections:
                selector.register(each.socket, selectors.EVENT_READ, each)
                each.send()
            return _counted(selector, seconds)
        finally:
            for each in connections:
                each.close()


def _counted(selector: selectors.BaseSelector, seconds: float) -> Answered:
    answered, started = 0, perf_counter()
    while (taken := perf_counter() - started) < seconds and answered < _MOST:
        ready = selector.select(_PATIENCE)
        if not ready:
            raise TimeoutError(f"no answer for {_PATIENCE} seconds")
        for key, _ in ready:
            connection: _Connection = key.data
            before = connection.socket
            if connection.receive():
                answered += 1
                connection.send()
            if connection.socket is not before:
                selector.unregister(before)
                selector.register(connection.socket, selectors.EVENT_READ, connection)
    return Answered(answered, taken)


def _is_whole(received: bytes) -> bool:
    head, end, body = received.partition(b"\r\n\r\n")
    if not end:
        return False
    length = _LENGTH.search(head)
    if length is not None:
        return len(body) >= int(length[1])
    assert _CHUNKED.search(head), head
    return body.endswith(b"0\r\n\r\n")


def _bytes_of(asked: Asked) -> bytes:
    headers = {"Host": "127.0.0.1", "Accept": "*/*", **asked.headers}
    if asked.body:
        headers["Content-Length"] = str(len(asked.body))
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"{asked.method} {asked.target} HTTP/1.1\r\n{lines}\r\n".encode() + asked.body
