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
    from ..control.hosted_fakes import Tenant, Tenants
    from ..fake import Fake
    from ..transports.server import Server


class LoopbackServer:
    """A server that runs while it has a fake to serve."""

    def __init__(self) -> None:
        self._changing = threading.Lock()
        self._kept_up = 0
        self._server: Server | None = None
        self._tenants: Tenants | None = None

    def serve(self, fake: Fake, token: str, *, home: str = API_ORIGIN) -> ServedFake:
        """Serves a fake, under a fresh token, until that is closed.

        Args:
            fake: Who answers.
            token: The fake's own token that clients are taken to have.
            home: Origin of the addresses in the fake's state; Webflow's own for a fake made in process.
        """
        with self._changing:
            server, tenants = self._running()
            return ServedFake(self, server.origin, tenants.add(fake, token, home=home))

    @contextmanager
    def kept_up(self) -> Iterator[LoopbackServer]:
        """Once started it runs to the end of the block, whether or not there is a fake to serve."""
        with self._changing:
            self._kept_up += 1
        try:
            yield self
        finally:
            with self._changing:
                self._kept_up -= 1
                self._stop_if_unused()

    def release(self, tenant: Tenant) -> None:
        """Serves it no longer."""
        with self._changing:
            if self._tenants is not None:
                self._tenants.remove(tenant)
            self._stop_if_unused()

    def _running(self) -> tuple[Server, Tenants]:
        if self._server is None or self._tenants is None:
            from ..control import ControlDoor
            from ..control.hosted_fakes import Tenants
            from ..transports.server import Server  # waitress is for those who want a socket
            from ..transports.wsgi import create_wsgi_app

            self._tenants = Tenants()
            self._server = Server(create_wsgi_app(self._tenants.answer, control=ControlDoor(self._tenants)))
            self._server.start()
            watching.began(self._tenants.nobody)  # for a test that sends a wrong token calls no fake of its own
        return self._server, self._tenants

    def _stop_if_unused(self) -> None:
        if self._server is None or self._tenants is None or self._kept_up or self._tenants:
            return
        self._server.stop()
        watching.ended(self._tenants.nobody)
        self._server = self._tenants = None


class ServedFake:
    """A fake with an address.

    Args:
        server: Who serves it.
        origin: Scheme, host and port of the server.
        tenant: The fake among those served.
    """

    def __init__(self, server: LoopbackServer, origin: str, tenant: Tenant) -> None:
        self._server = server
        self._tenant = tenant
        self.origin = origin

    @property
    def token(self) -> str:
        """The bearer token that leads to this fake, and to no other."""
        return self._tenant.token

    @property
    def base_url(self) -> str:
        """Base URL of the API, the same for every fake of the process: the token says which is meant."""
        return f"{self.origin}/v2"

    @property
    def own_base_url(self) -> str:
        """Base URL of the API of this fake alone, whatever the token, for programs whose token cannot be set."""
        return f"{self.origin}/~{self._tenant.id}/v2"

    @property
    def control_url(self) -> str:
        """Base URL of the control interface of this fake."""
        return f"{self.origin}/_fake/forks/{self._tenant.id}"

    def close(self) -> None:
        """Serves it no longer; a second time does nothing."""
        self._server.release(self._tenant)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<ServedFake at {self.own_base_url}>"


SHARED = LoopbackServer()
"""The server of this process."""


def serve(fake: Fake, token: str, *, home: str = API_ORIGIN) -> ServedFake:
    """Serves a fake on the server of this process: short for ``SHARED.serve(...)``."""
    return SHARED.serve(fake, token, home=home)
