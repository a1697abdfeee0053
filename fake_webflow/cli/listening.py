"""What the commands that serve something share."""

from __future__ import annotations

import argparse
import errno
import signal
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from .parsing import CommandError, plain_number

if TYPE_CHECKING:
    from ..faces.server import Server


def bound(app: Any, host: str, port: int) -> Server:
    """A server for a WSGI app, which listens but does not answer yet.

    Raises:
        CommandError: It cannot listen there.
    """
    from ..faces.server import Server

    try:
        return Server(app, host, port)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            reason = f"port {port} on {host} is in use; choose another with --port, or let --port 0 find one"
        else:
            said = (error.strerror or str(error)).partition(" (while attempting")[0]  # the address is named already
            reason = f"cannot listen on {host}, port {port}: {said}"
        raise CommandError(reason) from None


def serve_until_stopped(server: Server, ready: Callable[[], None]) -> None:
    """Serves until SIGINT or SIGTERM says stop.

    Args:
        server: Listens already.
        ready: Called once signals are heard, just before the first answer.
    """
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: server.stop())
    server.run(ready)


def port_number(text: str) -> int:
    """A port, as an option gives it; 0 stands for a free one.

    Raises:
        argparse.ArgumentTypeError: It is none.
    """
    number = plain_number(text)
    if number is not None and number < 1 << 16:
        return number
    raise argparse.ArgumentTypeError(f"a port is a number from 0 to 65535, not {text!r}")
