"""The served fake: waitress in a thread or in the foreground, stopped at once through its own trigger."""

from __future__ import annotations

import threading
from collections.abc import Callable
from types import TracebackType
from typing import Any

import flask
import waitress


class Server:
    """A loopback server for an app, listening once it is made; ``port`` 0 takes a free one.

    Args:
        app: What it serves.
        host: Address to bind.
        port: Port to bind.

    Raises:
        OSError: The address is in use or not ours.
    """

    def __init__(self, app: flask.Flask, host: str = "127.0.0.1", port: int = 0) -> None:
        self._sockets: dict[int, Any] = {}
        try:
            self._server: Any = waitress.create_server(
                app,
                map=self._sockets,
                host=host,
                port=port,
                ipv4=":" not in host,  # one family, so that there is one listening socket to name and to stop
                ipv6=":" in host,
                threads=8,
                ident=None,
                clear_untrusted_proxy_headers=True,
            )
        except ValueError:  # what waitress makes of a name that is no address
            raise OSError(f"{host!r} is no address") from None
        self._thread: threading.Thread | None = None
        self._stopping = False

    @property
    def origin(self) -> str:
        """Scheme, host and port."""
        # Where all addresses are listened on, none of them is theirs; the loopback one always leads here.
        bound = self._server.effective_host
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(bound, bound)  # noqa: S104 - a name, nothing is bound
        return f"http://{f'[{host}]' if ':' in host else host}:{self._server.effective_port}"

    def run(self, ready: Callable[[], None] = lambda: None) -> None:
        """Serves until ``stop`` is called."""
        ready()
        try:
            while not self._stopping:
                self._server.asyncore.loop(timeout=30, map=self._sockets, count=1)
        finally:
            self._server.task_dispatcher.shutdown(timeout=0.5)
            self._server.asyncore.close_all(self._sockets)

    def start(self) -> None:
        """Serves in a thread until ``stop`` is called."""
        self._thread = threading.Thread(target=self.run, name="fake-webflow server", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Ends the loop, now rather than at its next time-out, and waits for the thread if there is one."""
        self._stopping = True
        self._server.trigger.pull_trigger()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def __enter__(self) -> Server:
        self.start()
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.stop()
