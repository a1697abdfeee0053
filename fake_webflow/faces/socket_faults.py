"""Scripted faults of the network on a real socket: no answer, a closed connection, half an answer."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from waitress.channel import ClientDisconnected

from ..conditions.network_faults import NetworkFault
from .wire import sent_headers, status_line

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication

_LOOKS_EVERY = 0.05  # seconds


def with_faults(app: WSGIApplication, stopping: threading.Event) -> WSGIApplication:
    """The WSGI app under waitress, with every ``NetworkFault`` it raises made to happen.

    A time-out keeps the connection open until the client or the fake goes away. A reset closes it without an answer: a
    client is told that the connection was closed, not that it was reset, which waitress leaves no way to do.

    A reset and half an answer end by what waitress itself ends a connection by: not an error, so nothing is logged.

    Args:
        app: Raises the faults.
        stopping: Is set when the server stops, so that nobody waits for it.
    """

    def served(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        try:
            return app(environ, start_response)
        except NetworkFault as fault:
            if fault.answer is not None:
                start_response(status_line(fault.answer), sent_headers(fault.answer))
                return _cut_off(fault.answer.body[: fault.size])
            while fault.kind == "timeout" and not environ["waitress.client_disconnected"]():
                if stopping.wait(_LOOKS_EVERY) or fault.is_over():
                    break
            raise ClientDisconnected from None

    return served


def _cut_off(body: bytes) -> Iterator[bytes]:
    yield body
    raise ClientDisconnected
