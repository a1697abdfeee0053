"""One loopback server for all fakes of this process that want an address, each with a token and a path of its own.

It starts with the first fake and stops with the last, unless somebody keeps it up; the pytest plugin does for as long
as the session lasts, so that its address stays the same.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import TYPE_CHECKING, Self

from ..world.addresses import API_ORIGIN
from . import watching

if TYPE_CHECKING:
    from ..control.hosted_fakes import HostedFake, HostedFakes
    from ..fake import Fake
    from ..transports.server import Server


class LoopbackServer:
    """A server that runs while it has a fake to serve."""

    def __init__(self) -> None:
        self._changing = threading.Lock()
        self._keepers = 0
        self._server: Server | None = None
        self._hosted_fakes: HostedFakes | None = None

    def serve(self, fake: Fake, token: str, *, origin: str = API_ORIGIN) -> ServedFake:
        """Serves a fake, under a fresh token, until that is closed.

        Args:
            fake: Who answers.
            token: The fake's own token that clients are taken to have.
            origin: Origin of the addresses in the fake's state; Webflow's own for a fake made in process.
        """
        with self._changing:
            server, hosted_fakes = self._ensure_running()
            return ServedFake(self, server.origin, hosted_fakes.add(fake, token, origin=origin))

    @contextmanager
    def keep_running(self) -> Iterator[LoopbackServer]:
        """Once started it runs to the end of the block, whether or not there is a fake to serve."""
        with self._changing:
            self._keepers += 1
        try:
            yield self
        finally:
            with self._changing:
                self._keepers -= 1
                self._stop_if_unused()

    def release(self, hosted: HostedFake) -> None:
        """Serves it no longer."""
        with self._changing:
            if self._hosted_fakes is not None:
                self._hosted_fakes.remove(hosted)
            self._stop_if_unused()

    def _ensure_running(self) -> tuple[Server, HostedFakes]:
        if self._server is None or self._hosted_fakes is None:
            from ..control.access import Access
            from ..control.hosted_fakes import HostedFakes
            from ..control.interface import ControlInterface
            from ..control.served import ServedFakes
            from ..transports.server import Server  # waitress is for those who want a socket
            from ..transports.wsgi import create_wsgi_app

            self._hosted_fakes = HostedFakes()
            access = Access()
            control = ControlInterface(self._hosted_fakes, access)
            served = ServedFakes(self._hosted_fakes, access, control=control)
            self._server = Server(create_wsgi_app(served.answer))
            self._server.start()
            # For a test that sends a wrong token calls no fake of its own.
            watching.add_active(self._hosted_fakes.fallback)
        return self._server, self._hosted_fakes

    def _stop_if_unused(self) -> None:
        if self._server is None or self._hosted_fakes is None or self._keepers or self._hosted_fakes:
            return
        self._server.stop()
        watching.remove_active(self._hosted_fakes.fallback)
        self._server = self._hosted_fakes = None


class ServedFake:
    """A fake with an address.

    Args:
        server: Who serves it.
        origin: Scheme, host and port of the server.
        hosted: The fake among those served.
    """

    def __init__(self, server: LoopbackServer, origin: str, hosted: HostedFake) -> None:
        self._server = server
        self._hosted = hosted
        self.origin = origin

    @property
    def token(self) -> str:
        """The bearer token that leads to this fake, and to no other."""
        return self._hosted.token

    @property
    def base_url(self) -> str:
        """Base URL of the API, the same for every fake of the process: the token says which is meant."""
        return f"{self.origin}/v2"

    @property
    def own_base_url(self) -> str:
        """Base URL of the API of this fake alone, whatever the token, for programs whose token cannot be set."""
        return f"{self.origin}/~{self._hosted.id}/v2"

    @property
    def control_url(self) -> str:
        """Base URL of the control interface of this fake."""
        return f"{self.origin}/_fake/forks/{self._hosted.id}"

    def close(self) -> None:
        """Serves it no longer; a second time does nothing."""
        self._server.release(self._hosted)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<ServedFake at {self.own_base_url}>"


SHARED = LoopbackServer()
"""The server of this process."""


def serve_fake(fake: Fake, token: str, *, origin: str = API_ORIGIN) -> ServedFake:
    """Serves a fake on the server of this process: short for ``SHARED.serve(...)``."""
    return SHARED.serve(fake, token, origin=origin)
