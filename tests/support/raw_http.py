"""Bytes to a server on this machine, whether they are HTTP or not, and what it answers."""

from __future__ import annotations

import socket
from collections.abc import Iterable


def send_raw(origin: str, *parts: bytes, timeout: float = 20, ends: bool = False) -> bytes:
    """All that the server answers until it closes the connection.

    Args:
        origin: Of the server.
        parts: What is sent, in pieces; pieces that it does not want any more are left out.
        timeout: Seconds.
        ends: Whether the client says that nothing more comes.
    """
    host, port = origin.removeprefix("http://").rsplit(":", 1)
    with socket.create_connection((host, int(port)), timeout=timeout) as client:
        try:
            for part in parts:
                client.sendall(part)
            if ends:
                client.shutdown(socket.SHUT_WR)
        except (BrokenPipeError, ConnectionResetError):
            pass
        return b"".join(_receive(client))


def _receive(client: socket.socket) -> Iterable[bytes]:
    try:
        while data := client.recv(65_536):
            yield data
    except ConnectionResetError:
        return


def status_of(answer: bytes) -> int:
    """The status of the first answer; 0 where there is none."""
    return int(answer.split(b" ", 2)[1]) if answer.startswith(b"HTTP/1.1 ") else 0
