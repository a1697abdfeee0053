"""Bytes to a server on this machine, whether they are HTTP or not, and what it answers."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from fake_webflow import FakeWebflow
from fake_webflow.control.access import Access
from fake_webflow.control.hosted_fakes import HostedFakes
from fake_webflow.control.interface import ControlInterface
from fake_webflow.control.served import ServedFakes
from fake_webflow.fake import fake_of
from fake_webflow.transports.server import Server
from fake_webflow.transports.wsgi import create_wsgi_app


@contextmanager
def serve_with_control(webflow: FakeWebflow) -> Iterator[str]:
    """The origin of a fake that is served as by the command ``serve``, meanwhile."""
    hosted, access = HostedFakes(fake_of(webflow), webflow.token), Access()
    served = ServedFakes(hosted, access, control=ControlInterface(hosted, access))
    with Server(create_wsgi_app(served.answer)) as server:
        yield server.origin


def send_raw(origin: str, *parts: bytes, timeout: float = 20) -> bytes:
    """All that the server answers until it closes the connection, or is silent for so long.

    Args:
        origin: Of the server.
        parts: What is sent, in pieces; pieces that it does not want any more are left out.
        timeout: Seconds.
    """
    host, port = origin.removeprefix("http://").rsplit(":", 1)
    with socket.create_connection((host, int(port)), timeout=timeout) as client:
        try:
            for part in parts:
                client.sendall(part)
        except (BrokenPipeError, ConnectionResetError):
            pass
        return b"".join(_receive(client))


def _receive(client: socket.socket) -> Iterable[bytes]:
    try:
        while data := client.recv(65_536):
            yield data
    except (ConnectionResetError, TimeoutError):
        return


def statuses_of(answers: bytes) -> list[int]:
    """The statuses of all answers, but for 100."""
    return [int(found) for found in re.findall(rb"HTTP/1\.[01] ([2-9][0-9]{2}) ", answers)]


def status_of(answers: bytes) -> int:
    """The status of the first answer; 0 where there is none."""
    return next(iter(statuses_of(answers)), 0)
