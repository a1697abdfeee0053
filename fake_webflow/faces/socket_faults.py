"""Scripted faults of the network on a real socket: no answer, a closed connection, half an answer."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from http.client import responses
from typing import Any

from waitress.channel import ClientDisconnected

from ..conditions.network_faults import NetworkFault

_LOOKS_EVERY = 0.05  # seconds


def with_faults(app: Callable[..., Iterable[bytes]], stopping: threading.Event) -> Callable[..., Iterable[bytes]]:
    """The WSGI app under waitress, with every ``NetworkFault`` it raises made to happen.

    A time-out keeps the connection open until the client goes away. A reset closes it without an answer: a client is
    told that the connection was closed, not that it was reset, which waitress leaves no way to do.

    Args:
        app: Raises the faults.
        stopping: Is set when the server stops, so that nobody waits for it.
    """

    def served(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        try:
            return app(environ, start_response)
        except NetworkFault as fault:
            if fault.answer is not None:
                answer = fault.answer
                headers = [line for line in answer.headers if line[0].lower() != "content-length"]
                headers.append(("Content-Length", str(len(answer.body))))
                start_response(f"{answer.status} {responses.get(answer.status, 'Status')}", headers)
                return [answer.body[: fault.size]]
            while fault.kind == "timeout" and not environ["waitress.client_disconnected"]():
                if stopping.wait(_LOOKS_EVERY):
                    break
            # What waitress itself ends a connection by; not an error, so nothing is logged as one.
            raise ClientDisconnected from None

    return served
