"""One fake at hand, in a test, a notebook or anywhere else."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import lru_cache
from types import MappingProxyType, TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar

from .. import seeding
from ..conditions import LIMITS, RUNNING, Clock
from ..errors import FakeEnded, IdleFault
from ..fake import Fake, State, fake_of
from ..handle.arranging import Arranging, FakeSite
from ..handle.clock import FakeClock
from ..handle.faults import FakeFaults, NewFault, idle_fault
from ..handle.journal import AssertableJournal
from ..handle.stubs import FakeStub, add_stub
from ..rules import Profile
from ..seeding.building import Now
from ..seeding.scenario import ScenarioSource
from ..transports.interception import Activation, activate
from ..webhooks.delivery_log import FakeWebhooks
from ..wording import is_whole_number, suggest
from ..world.addresses import WEBFLOW_ORIGINS
from ..world.sites import Site
from ..world.tokens import ALL_SCOPES, DEFAULT_TOKEN, check_token
from . import watching

if TYPE_CHECKING:
    import flask

    from ..client import WebflowClient
    from .server import ServedFake

__tracebackhide__ = True  # an error of a test is shown where the test is, not in here
_Target = TypeVar("_Target", bound=Callable[..., Any])


class FakeWebflow(Arranging):
    """A fake Webflow in this process.

    As a context manager it is what the fixture ``fake_webflow`` is: within the block the program's own calls to Webflow
    reach it, and afterwards nothing is left of it. ``add_collection``, ``add_items``, ``add_asset``, ``scenario`` and
    ``snapshot`` arrange its world, ``clock``, ``rate_limit``, ``limit_scopes`` and ``faults`` set the conditions, and
    ``items``, ``journal`` and ``webhooks`` are there to assert on.

    As a decorator it gives each call of a function, and each test of a class, a fresh fake, which is also passed as
    ``webflow`` where a signature has that name.

    >>> with FakeWebflow() as webflow:
    ...     posts = webflow.collections["posts"]
    ...     headers = {"Authorization": f"Bearer {webflow.token}"}
    ...     requests.get(f"https://api.webflow.com/v2/collections/{posts.id}/items", headers=headers).status_code
    200

    Args:
        scenario: What it starts from: a scenario's name, its file, or what it says as a mapping.
        token: The bearer token that may do everything.
        rate_limit: Requests a minute and token; None enforces nothing, but the headers are sent all the same.
        profile: Open choices made otherwise than the scenario makes them, by the names of their clauses.
        seed: What ids are made from; None for the scenario's own.
        now: When its world begins: an ISO text, a datetime (without a zone it is in UTC), or ``"machine"`` for the
            machine's clock, which freezegun and time-machine move. Dates of the scenarios of the package move with it.
            By default the clock stands at the start of 2026.
        limits: How much it keeps, by the names of the limits, as ``{"journal": 50_000}``.

    Raises:
        ScenarioError: The scenario is not there, or says what cannot be.
        ValueError: A choice or an option that is not there, or another argument that cannot be meant.
        TypeError: It decorates something without its parentheses.
    """

    def __init__(
        self,
        scenario: ScenarioSource = "default",
        *,
        token: str = DEFAULT_TOKEN,
        rate_limit: int | None = None,
        profile: Mapping[str, str] | None = None,
        seed: int | None = None,
        now: Now = None,
        limits: Mapping[str, int] | None = None,
    ) -> None:
        if callable(scenario):
            raise TypeError(f"as a decorator it has parentheses: @FakeWebflow(), above {scenario!r}")
        check_token(token)
        if seed is not None and not is_whole_number(seed):
            raise ValueError(f"a seed is a whole number, or None for the scenario's own; not {seed!r}")
        loaded = seeding.load(scenario)
        chosen: Profile = loaded.profile.with_choices(profile or {})
        bounds = LIMITS.with_values(limits or {})

        def seed_state() -> State:
            clock, begins = seeding.read_now(now)
            if clock.frozen and loaded.is_shipped:
                return _seed_state(str(scenario), seed, clock, begins, token, chosen)
            return seeding.build_state(loaded, seed=seed, clock=clock, begins=begins, token=token, profile=chosen)

        first = seed_state()

        def make_fake() -> Fake:
            # A world that begins now begins at another time each time.
            fake = Fake(first if first.clock.frozen else seed_state(), chosen, limits=bounds)
            fake.limit_rate(rate_limit)
            return fake

        self._start(make_fake(), token, dict(profile or {}), make_fake)

    def _start(
        self, fake: Fake, token: str, choices: Mapping[str, str], make_fake: Callable[[], Fake] | None = None
    ) -> None:
        self._fake = fake
        self._make_fake = make_fake
        self._ended = ""
        self._choices = choices
        self._activation: Activation | None = None
        self._client: WebflowClient | None = None
        self._served: ServedFake | None = None
        self._unfinished_faults: dict[NewFault, str] = {}
        self.token = token

    def _open(self) -> Fake:
        if self._ended:
            raise FakeEnded(self._ended)
        return self._fake

    def __call__(self, decorated: _Target, /) -> _Target:
        """The function or class of tests with a fresh fake for each call or test, made of this one's arguments.

        Raises:
            TypeError: It is neither, or this is not a fake that was made by ``FakeWebflow(...)``.
        """
        from .decorating import decorate  # which most tests have no use for

        make_fake = self._make_fake
        if make_fake is None:
            raise TypeError("the fake of a fixture decorates nothing, for it is one test's own; FakeWebflow(...) does")
        wrapped: _Target = decorate(decorated, lambda: make_handle(make_fake(), self.token, self._choices))
        return wrapped

    def at(self, site: Site) -> FakeSite:
        """A handle on that site alone: its ``collections``, ``items``, ``add_collection`` and so on are the site's."""
        return FakeSite(self, site)

    @property
    def clock(self) -> FakeClock:
        """Its clock."""
        return FakeClock(lambda: fake_of(self))

    @property
    def faults(self) -> FakeFaults:
        """What is to go wrong with coming calls."""
        return FakeFaults(lambda: fake_of(self), self._unfinished_faults)

    def stub(
        self,
        operation: str,
        *,
        path_params: Mapping[str, str] | None = None,
        status: int = 200,
        json: Any = None,
        headers: Mapping[str, str] | None = None,
        times: int | None = None,
    ) -> FakeStub:
        """Has coming calls to an operation that is not simulated answered so, in place of 501.

        It answers after token and rate limit are checked. Of several that match a call the newest answers.

        Args:
            operation: Webflow's name, as the 501 says it: ``list-pages``.
            path_params: Calls with these parts in their paths alone, as ``{"site_id": fake_webflow.site.id}``.
            status: Of the answer, from 200 to 599.
            json: Its body; None for an answer without one.
            headers: Its headers, beside the usual ones or in place of them.
            times: So many calls; None for all of them.

        Raises:
            ValueError: The operation is simulated, or not there, or the answer cannot be given.
            ArrangingError: The fake keeps as many stubs already as it may.
        """
        made = add_stub(
            fake_of(self), operation, path_params=path_params, status=status, json=json, headers=headers, times=times
        )
        return FakeStub(lambda: fake_of(self), made.number)

    @property
    def journal(self) -> AssertableJournal:
        """What was asked of it and what it answered."""
        return AssertableJournal(lambda: fake_of(self).journal, lambda: list(fake_of(self).state.world.tokens))

    @property
    def webhooks(self) -> FakeWebhooks:
        """The deliveries of its webhooks, to read and to wait for."""
        return fake_of(self).webhooks

    @property
    def app(self) -> flask.Flask:
        """The fake as a Flask app, for WSGI servers and Flask's test client."""
        from ..transports.flask_app import create_flask_app  # Flask is for those who want an app

        return create_flask_app(fake_of(self))

    @property
    def base_url(self) -> str:
        """Base URL of the loopback server of this process for this fake alone, whatever the token.

        The server is started when an address is first asked for, and serves all fakes of the process that have one.
        """
        if self._served is None:
            from .server import serve_fake  # which is for those who want a socket

            self._served = serve_fake(fake_of(self), self.token)
        return self._served.own_base_url

    @property
    def client(self) -> WebflowClient:
        """The thin client, in process, with this fake's token.

        Where it waits before it repeats a call, it moves the fake's clock on instead of sleeping.
        """
        if self._client is None:
            import requests  # the client's dependency, and only its

            from ..client import WebflowClient
            from ..transports.requests_adapter import FakeAdapter

            session = requests.Session()
            for origin in WEBFLOW_ORIGINS:
                session.mount(origin, FakeAdapter(self))
            self._client = WebflowClient(self.token, session=session, sleep=self.clock.advance)
        return self._client

    @property
    def state(self) -> State:
        """Everything it remembers, as a value."""
        return fake_of(self).state

    @contextmanager
    def snapshot(self) -> Iterator[State]:
        """Whatever happens inside is forgotten at the end; the journal alone remembers what was asked."""
        before, profile = fake_of(self).state, fake_of(self).profile
        try:
            yield before
        finally:
            fake_of(self).restore(before, profile)

    def rate_limit(self, limit: int | None) -> None:
        """Allows that many requests a token and minute, or any number (None).

        Raises:
            ValueError: The limit is below 1, or not a number.
        """
        fake_of(self).limit_rate(limit)

    def scenario(self, source: ScenarioSource) -> None:
        """Goes over to another scenario: its world in place of the present one, its choices beside one's own.

        Raises:
            ScenarioError: The scenario is not there, or says what cannot be.
        """
        loaded = seeding.load(source)
        before, profile = fake_of(self).state, loaded.profile.with_choices(self._choices)
        made = seeding.build_state(
            loaded,
            seed=before.ids.seed,
            clock=before.clock,
            begins=before.begins if loaded.now is None else None,
            token=self.token,
            profile=profile,
        )
        fake_of(self).restore(made.keep_conditions(before), profile)

    def limit_scopes(self, scopes: Iterable[str]) -> None:
        """From now on the token may do only what these scopes allow.

        Raises:
            ValueError: A scope that is not there; the message says which are near.
        """
        if isinstance(scopes, str) or not isinstance(scopes, Iterable):
            raise ValueError(f'scopes are a list, as ["cms:read", "cms:write"]; not {scopes!r}')
        wanted = tuple(scopes)
        for scope in wanted:
            if scope not in ALL_SCOPES:
                raise ValueError(f"no scope is named {scope!r}; {suggest(str(scope), ALL_SCOPES)}")
        token = replace(fake_of(self).state.world.tokens[self.token], scopes=wanted)
        fake_of(self).change(lambda state: state._replace(world=state.world.with_token(token)))

    def activate(self, *, block_other_hosts: bool = False) -> None:
        """Lets it take the program's own calls to Webflow, until it is closed.

        Args:
            block_other_hosts: Whether calls to hosts that are neither Webflow's nor this machine are refused meanwhile.
        """
        if self._activation is None:
            self._activation = activate(fake_of(self), block_other_hosts=block_other_hosts)
            watching.add_active(self._fake)

    def close(self, ended: str = "this FakeWebflow is closed: use it within its with block") -> None:
        """Stops intercepting, and closes its server and its client. Idempotent.

        Args:
            ended: What whoever uses it afterwards is told.

        Raises:
            IdleFault: A fault was begun, and never told what happens. Everything is closed all the same.
        """
        self._ended = self._ended or ended
        if self._activation is not None:
            self._activation.end()
            self._activation = None
            watching.remove_active(self._fake)
        if self._served is not None:
            self._served.close()
            self._served = None
        if self._client is not None:
            self._client.close()
            self._client = None
        if self._unfinished_faults:
            begun = list(self._unfinished_faults.values())
            self._unfinished_faults.clear()
            raise idle_fault(begun)

    def __enter__(self) -> Self:
        self.activate()
        return self

    def __exit__(self, _: type[BaseException] | None, error: BaseException | None, __: TracebackType | None) -> None:
        try:
            self.close()
        except IdleFault as idle:
            if error is None:
                raise
            error.add_note(str(idle))  # perhaps it failed because nothing went wrong

    def __repr__(self) -> str:
        return f"<FakeWebflow: {self._ended or f'{len(self._fake.journal)} calls so far'}>"


def make_handle(
    fake: Fake, token: str = DEFAULT_TOKEN, choices: Mapping[str, str] = MappingProxyType({})
) -> FakeWebflow:
    """A handle on a fake that is there already.

    Args:
        fake: The fake.
        token: A bearer token it knows.
        choices: The open choices that are to be made so whatever a scenario says.
    """
    handle = FakeWebflow.__new__(FakeWebflow)
    handle._start(fake, token, choices)
    return handle


@lru_cache(maxsize=8)
def _seed_state(
    shipped: str, seed: int | None, clock: Clock, begins: int | None, token: str, profile: Profile
) -> State:
    """What a scenario of the package is seeded to: always the same, and a value, so that fakes can share it."""
    return seeding.build_state(
        seeding.load(shipped), seed=seed, clock=clock, begins=begins, token=token, profile=profile
    )


def create_app(
    scenario: ScenarioSource = "default", *, token: str = DEFAULT_TOKEN, rate_limit: int | None = 60
) -> flask.Flask:
    """A fake as a Flask app, for any WSGI server: ``flask --app "fake_webflow:create_app" run``.

    It follows the machine's clock, as served fakes do.

    Args:
        scenario: What it starts from: a scenario's name, its file, or what it says as a mapping.
        token: The bearer token that may do everything.
        rate_limit: Requests a minute and token; None for off.

    Raises:
        ScenarioError: The scenario is not there, or says what cannot be.
    """
    check_token(token)
    loaded = seeding.load(scenario)
    state = seeding.build_state(loaded, clock=RUNNING, token=token)
    webflow = make_handle(Fake(state, loaded.profile), token)
    webflow.rate_limit(rate_limit)
    return webflow.app


class SeededFakes:
    """The fakes that tests start from."""

    def __init__(self) -> None:
        self._fakes: dict[str, Fake] = {}

    def fork_handle(
        self, scenario: ScenarioSource, profile: Mapping[str, str], seed: int | None, now: Now = None
    ) -> FakeWebflow:
        """A handle on a fresh fork.

        Raises:
            ScenarioError: The scenario is not there, or says what cannot be.
            ValueError: A choice or an option that is not there.
        """
        # As text, for a fixture may give anything: what cannot be meant is told where the fake is made.
        key = repr((scenario, sorted(profile.items()) if isinstance(profile, Mapping) else profile, seed, now))
        fake = self._fakes.get(key)
        if fake is None:
            fake = fake_of(FakeWebflow(scenario, profile=profile, seed=seed, now=now))
            if now != "machine":  # which is another time in each test
                self._fakes[key] = fake
        return make_handle(fake.fork(), choices=profile or {})
