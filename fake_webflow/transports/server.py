"""The served fake: waitress in a thread or in the foreground, stopped at once through its own trigger."""

from __future__ import annotations

import logging
import socket
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from types import TracebackType
from typing import TYPE_CHECKING, Any

import waitress
from waitress.channel import ClientDisconnected

from ..conditions.faults import NetworkFault
from .receiving import Channel
from .wire import headers_to_send, status_line

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication

_RECEIVED_AT_ONCE = 65_536  # bytes
_SENT_AT_ONCE = 16_384  # bytes
# A signal that comes just before the loop falls asleep is heard of when it wakes up.
_LONGEST_SLEEP = 0.5  # seconds
_UNHEARD = logging.Logger("unheard", logging.CRITICAL)


class Server:
    """A loopback server for a WSGI app, listening once it is made; ``port`` 0 takes a free one.

    Args:
        app: What it serves.
        host: Address to bind.
        port: Port to bind.

    Raises:
        OSError: The address is in use, not ours, or none.
    """

    def __init__(self, app: WSGIApplication, host: str = "127.0.0.1", port: int = 0) -> None:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        # Bound here and not by waitress, which would leave threads behind where that fails.
        listening = socket.create_server((host, port), family=family)
        self._sockets: dict[int, Any] = {}
        self._faults_end = threading.Event()
        self._server: Any = waitress.create_server(
            apply_faults(app, self._faults_end),
            map=self._sockets,
            sockets=[listening],
            threads=8,
            connection_limit=_connection_limit(),
            ident=None,
            clear_untrusted_proxy_headers=True,
            max_request_body_size=sys.maxsize,  # the channel has bounds of its own, by route
            recv_bytes=_RECEIVED_AT_ONCE,
            channel_request_lookahead=1,  # or a fault would not notice that its client has gone
        )
        self._server.channel_class = Channel
        # A small answer is to leave in one piece. Head and body alone, threads pass the interpreter's lock around for
        # each, which costs as much as all the rest. (Given as an argument, waitress warns that it may go one day.)
        self._server.adj.send_bytes = _SENT_AT_ONCE
        # Waitress warns of each request that waits for one of its threads, which a ninth at once may; it is answered.
        self._server.task_dispatcher.queue_logger = _UNHEARD
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
        """Serves in this thread, in a process that does nothing else, until a signal handler calls ``stop``."""
        _return_large_blocks()
        try:
            ready()
            self._loop()
        finally:
            self._close()

    def start(self) -> None:
        """Serves in a thread until ``stop`` is called."""
        self._thread = threading.Thread(target=self._loop, name="fake-webflow server", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Ends the loop, now rather than at its next time-out, and waits for the thread if there is one."""
        if not self._stopping:  # a second signal can interrupt the handling of the first, within the event's lock
            self._stopping = True
            self._faults_end.set()
            self._server.trigger.pull_trigger()
        if self._thread is not None:
            self._thread.join()
            self._thread = None
            self._close()

    def _loop(self) -> None:
        while not self._stopping:
            self._server.asyncore.loop(timeout=_LONGEST_SLEEP, use_poll=True, map=self._sockets, count=1)

    def _close(self) -> None:
        # Only in the thread that calls ``stop``: else the trigger could be closed, and its number be another file's,
        # just before it is pulled.
        self._server.task_dispatcher.shutdown(timeout=0.5)
        for channel in list(self._sockets.values()):
            if channel.writable():  # what was answered just now is still to be sent
                channel.handle_write()
        self._server.asyncore.close_all(self._sockets)

    def __enter__(self) -> Server:
        self.start()
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.stop()


def _return_large_blocks() -> None:
    """Has the C library give each large block of memory back once it is free.

    glibc would raise its own threshold, and keep the bodies of the journal scattered over an arena for each thread: 166
    MB in use after a hundred requests of 1 MB, where 83 MB are enough. Other C libraries do not need it.
    """
    if sys.platform == "linux":
        import ctypes

        set_option = getattr(ctypes.CDLL(None), "mallopt", None)
        if set_option is not None:
            set_option(_M_MMAP_THRESHOLD, _LARGE_BLOCK)


def _connection_limit() -> int:
    """How many may be open at once: half as many as files, since a client in this process needs the other half.

    Clients keep connections open. Where no more are taken, as by waitress after a hundred, the next client waits for
    two minutes.
    """
    if sys.platform == "win32":
        return 200
    import resource

    allowed, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return 1000 if allowed == resource.RLIM_INFINITY else min(1000, allowed // 2)


_M_MMAP_THRESHOLD, _LARGE_BLOCK = -3, 128 * 1024  # the number of the option in glibc's malloc.h; bytes
_POLL_INTERVAL = 0.05  # seconds


def apply_faults(app: WSGIApplication, stopping: threading.Event) -> WSGIApplication:
    """The WSGI app under waitress, with every ``NetworkFault`` it raises made to happen.

    A time-out keeps the connection open until the client or the fake goes away. A reset closes it without an answer: a
    client is told that the connection was closed, not that it was reset, which waitress leaves no way to do.

    A reset and half an answer end by what waitress itself ends a connection by: not an error, so nothing is logged.

    Args:
        app: Raises the faults.
        stopping: Is set when the server stops, so that nobody waits for it.
    """

    def serve(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        try:
            return app(environ, start_response)
        except NetworkFault as fault:
            if fault.answer is not None:
                start_response(status_line(fault.answer), headers_to_send(fault.answer))
                return _truncate(fault.answer.body[: fault.size])
            while fault.kind == "timeout" and not environ["waitress.client_disconnected"]():
                if stopping.wait(_POLL_INTERVAL) or fault.is_over():
                    break
            raise ClientDisconnected from None

    return serve


def _truncate(body: bytes) -> Iterator[bytes]:
    yield body
    raise ClientDisconnected
