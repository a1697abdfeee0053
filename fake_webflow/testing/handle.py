"""One fake at hand, in a test, a notebook or anywhere else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

import flask

from .. import seeding
from ..api import Fake, State
from ..conditions import Clock, Journal
from ..faces.flask_app import create_app as app_of
from ..world.addresses import WEBFLOW_ORIGINS
from ..world.collections import Collection
from ..world.sites import Site

if TYPE_CHECKING:
    from ..client import WebflowClient
    from ..faces.server import Server

TOKEN = "test-token"


class FakeClock:
    """The clock of one fake. In process it stands still but for a millisecond a write.

    Args:
        fake: Whose clock it is.
    """

    def __init__(self, fake: Fake) -> None:
        self._fake = fake

    @property
    def now(self) -> int:
        """Milliseconds since 1970."""
        return self._fake.state.clock.now

    def advance(self, seconds: float) -> None:
        """Moves time on: rate windows, ``Retry-After``, timestamps, the expiry of upload forms."""
        self._fake.advance(seconds)

    def freeze(self) -> None:
        """Stops a running clock where it is."""
        self._fake.freeze()


class FakeWebflow:
    """A fake Webflow in this process; a context manager that ends what it started.

    >>> with FakeWebflow() as webflow:
    ...     collection = webflow.collections["posts"]
    ...     webflow.client.items.list(collection.id, limit=1)["pagination"]["limit"]
    1

    Args:
        scenario: What it starts from: a scenario's name or file.
        token: The bearer token that may do everything.
        rate_limit: Requests a minute and token; None enforces nothing, but the headers are sent all the same.
        profile: Open choices made otherwise than the scenario makes them, by the names of their clauses.
        seed: What ids are made from; None for the scenario's own.
        clock: The time it starts at; by default it stands at the start of 2026.

    Raises:
        ScenarioError: The scenario is not there, or says what cannot be.
        ValueError: A choice or an option that is not there.
    """

    def __init__(
        self,
        scenario: str | Path = "default",
        *,
        token: str = TOKEN,
        rate_limit: int | None = None,
        profile: Mapping[str, str] | None = None,
        seed: int | None = None,
        clock: Clock | None = None,
    ) -> None:
        loaded = seeding.load(scenario)
        state = seeding.state(loaded, seed=loaded.seed if seed is None else seed, clock=clock or Clock(), token=token)
        self._start(Fake(state, loaded.profile.choosing(profile or {})), token)
        self.rate_limit(rate_limit)

    @classmethod
    def of(cls, fake: Fake, token: str = TOKEN) -> Self:
        """A handle on a fake that is there already."""
        handle = cls.__new__(cls)
        handle._start(fake, token)
        return handle

    def _start(self, fake: Fake, token: str) -> None:
        self.fake = fake
        self.token = token
        self.clock = FakeClock(fake)
        self._client: WebflowClient | None = None
        self._server: Server | None = None

    @property
    def journal(self) -> Journal:
        """What was asked of it and what it answered."""
        return self.fake.journal

    @property
    def app(self) -> flask.Flask:
        """The fake as a Flask app, for WSGI servers and Flask's test client."""
        return app_of(self.fake)

    @property
    def base_url(self) -> str:
        """Base URL of a loopback server in front of it, started when it is first asked for."""
        if self._server is None:
            from ..faces.server import Server  # waitress is for those who want a socket

            self._server = Server(self.app)
            self._server.start()
        return f"{self._server.origin}/v2"

    @property
    def client(self) -> WebflowClient:
        """The thin client, in process, with this fake's token."""
        if self._client is None:
            import requests  # the client's dependency, and only its

            from ..client import WebflowClient
            from ..faces.requests_adapter import FakeAdapter

            session = requests.Session()
            for origin in WEBFLOW_ORIGINS:
                session.mount(origin, FakeAdapter(self.fake))
            self._client = WebflowClient(self.token, session=session, sleep=self.clock.advance)
        return self._client

    @property
    def site(self) -> Site:
        """The first site, as it is now."""
        return next(iter(self.fake.state.world.sites.values()))

    @property
    def collections(self) -> Mapping[str, Collection]:
        """The first site's collections by slug, as they are now."""
        found = self.fake.state.world.collections.values()
        return {collection.slug: collection for collection in found if collection.site_id == self.site.id}

    @property
    def state(self) -> State:
        """Everything it remembers, as a value."""
        return self.fake.state

    @contextmanager
    def snapshot(self) -> Iterator[State]:
        """Whatever happens inside is forgotten at the end."""
        before = self.fake.state
        try:
            yield before
        finally:
            self.fake.restore(before)

    def rate_limit(self, limit: int | None) -> None:
        """Allows that many requests a token and minute, or any number (None)."""
        self.fake.limit_rate(limit)

    def refuse_with_429(self, times: int | None = None, *, every: int = 1, retry_after: int | None = None) -> None:
        """Answers coming API calls with 429; see ``Fake.refuse_with_429``."""
        self.fake.refuse_with_429(times, every=every, retry_after=retry_after)

    def close(self) -> None:
        """Ends the loopback server and the client, if they were used."""
        if self._server is not None:
            self._server.stop()
            self._server = None
        if self._client is not None:
            self._client.close()
            self._client = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.close()


def create_app(scenario: str | Path = "default", *, token: str = TOKEN, rate_limit: int | None = 60) -> flask.Flask:
    """A fake as a Flask app, for any WSGI server: ``flask --app "fake_webflow:create_app" run``.

    It follows the machine's clock, as served fakes do.

    Args:
        scenario: What it starts from: a scenario's name or file.
        token: The bearer token that may do everything.
        rate_limit: Requests a minute and token; None for off.

    Raises:
        ScenarioError: The scenario is not there, or says what cannot be.
    """
    return FakeWebflow(scenario, token=token, rate_limit=rate_limit, clock=Clock(frozen=False)).app
