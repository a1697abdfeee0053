"""The fake in this process as a target: the one place of the suite that reaches into the fake."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeVar

import requests
import yaml

from fake_webflow.client import WebflowClient
from fake_webflow.message import Request, Response
from fake_webflow.rules import Profile

from .targets import CAPABILITY_TEXTS, Target

if TYPE_CHECKING:
    from fake_webflow import FakeWebflow
    from fake_webflow.fake import State

TOKEN = "contract-suite"
_SCENARIO = Path(__file__).with_name("sandbox.yaml")
FailedImport = Literal["broken", "too-large", "unsupported-type"]
AskFake = Callable[[Request], Response]
Around = Callable[[Request, AskFake], Response]
Act = TypeVar("Act", bound=Callable[..., object])


def act(method: Act) -> Act:
    """Marks what a test does to the fake beside sending requests: whoever watches the target is told of it."""

    @wraps(method)
    def told(self: InProcessTarget, *arguments: object, **options: object) -> object:
        if self.watch_acts is not None:
            self.watch_acts(method.__name__, arguments, options)
        return method(self, *arguments, **options)

    return told  # type: ignore[return-value]


class InProcessTarget(Target):
    """A fake in this process, which can do everything a test may ask for.

    Args:
        profile: The open choices, both those the fake makes and those expected of it.
        seed: Of its ids.
        expected: The open choices expected of it, where they are to differ from those it makes.
        around: What stands between the session and the fake: it is given each request and a way to ask the fake.
        locales: How many locales its site has, the primary one included; none is a site without localization.
    """

    capabilities = frozenset(CAPABILITY_TEXTS)

    def __init__(
        self,
        profile: Profile | None = None,
        *,
        seed: int = 0,
        expected: Profile | None = None,
        around: Around | None = None,
        locales: int = 3,
    ) -> None:
        handle, http = _new_fake(profile or Profile(), seed, around, locales)
        # Looking through the environment for proxies, which are not used, takes a fifth of a run.
        http.trust_env = False
        from fake_webflow.fake import fake_of  # here, for the reason given in _new_fake

        self.fake = fake_of(handle)
        self.checks_everything = (expected or profile or Profile()) == Profile()
        self._site = handle.site.id
        self._states: list[State] = []
        self._profiles: list[Profile] = []
        self.watch_acts: Callable[[str, tuple[object, ...], Mapping[str, object]], None] | None = None
        """Told the name and the arguments of each act, before it is done."""
        client = WebflowClient(TOKEN, session=http, retries=0)
        super().__init__(
            "a fake in this process", client, http, profile=expected or profile, site_id=self._site, is_sandbox=True
        )

    @act
    def advance(self, seconds: float) -> None:
        """Moves the clock on."""
        self.fake.advance(seconds)

    def wait(self, seconds: float) -> None:
        """Lets time pass, which costs none here."""
        self.advance(seconds)

    @contextmanager
    def preserve_state(self) -> Iterator[None]:
        """Whatever is done inside is undone after: the fake goes back to the state it was in."""
        self.keep_state()
        try:
            yield
        finally:
            self.restore_state()

    @act
    def keep_state(self) -> None:
        """Remembers the state the fake is in."""
        self._states.append(self.fake.state)

    @act
    def restore_state(self) -> None:
        """Goes back to the state that was kept last."""
        self.fake.restore(self._states.pop())

    @act
    def limit_rate(self, limit: int | None) -> None:
        """Allows that many requests a minute, or any number."""
        self.fake.limit_rate(limit)

    @act
    def refuse_with_429(self, times: int) -> None:
        """Has that many coming calls refused."""
        from fake_webflow.handle.faults import FakeFaults  # here, for the reason given in _new_fake

        FakeFaults(lambda: self.fake).on(first=times).too_many_requests()

    @act
    def script_imports(self, *outcomes: tuple[str, FailedImport]) -> None:
        """Says what becomes of outside addresses: pairs of a pattern and ``broken``, ``too-large`` and the like."""
        self.fake.change(lambda state: state._replace(world=state.world._replace(imports=outcomes)))

    @act
    def set_field_rules(self, collection_id: str, rules: Mapping[str, Mapping[str, object]]) -> None:
        """Gives fields, by their slugs, validations such as ``maxLength``."""
        collection = self.fake.state.world.collections[collection_id]
        fields = tuple(
            replace(field, validations=rules.get(field.slug, field.validations)) for field in collection.fields
        )
        changed = collection._replace(fields=fields)
        self.fake.change(lambda state: state._replace(world=state.world.with_collection(changed)))

    @act
    def client_with_token(
        self,
        *,
        kind: Literal["app", "site", "workspace"] = "app",
        scopes: Sequence[str] | None = None,
        site_ids: Sequence[str] | None = None,
    ) -> WebflowClient:
        """A client whose token is of that kind, with these scopes only and for these sites only (None for all)."""
        own = self.fake.state.world.tokens[TOKEN]
        token = replace(
            own,
            token=f"{TOKEN}-{len(self.fake.state.world.tokens)}",
            kind=kind,
            scopes=own.scopes if scopes is None else tuple(scopes),
            site_ids=None if site_ids is None else frozenset(site_ids),
        )
        self.fake.change(lambda state: state._replace(world=state.world.with_token(token)))
        return WebflowClient(token.token, session=self.http, retries=0)

    @act
    def new_site(self, *, published: bool = False) -> str:
        """The id of one more site, a copy of the first without its collections."""
        world = self.fake.state.world
        site_id = f"{int(self._site, 16) + len(world.sites):024x}"
        site = replace(
            world.sites[self._site],
            id=site_id,
            last_published=world.sites[self._site].last_published if published else None,
        )
        self.fake.change(lambda state: state._replace(world=state.world.with_site(site)))
        return site_id

    @contextmanager
    def override_choices(self, choices: dict[str, str]) -> Iterator[None]:
        """Makes some open choices otherwise for a while; the state is as before afterwards."""
        with self.preserve_state():
            self.make_choices(choices)
            try:
                yield
            finally:
                self.restore_choices()

    @act
    def make_choices(self, choices: Mapping[str, str]) -> None:
        """Makes some open choices otherwise from now on."""
        self._profiles.append(self.fake.profile)
        self.fake.profile = self.fake.profile.with_choices(dict(choices))

    @act
    def restore_choices(self) -> None:
        """Makes the open choices as before they were last changed."""
        self.fake.profile = self._profiles.pop()


def _new_fake(profile: Profile, seed: int, around: Around | None, locales: int) -> tuple[FakeWebflow, requests.Session]:
    """A fake with one site, and a session that reaches it."""
    # Imported here because a run against a URL uses nothing of the fake but its client and its ledger.
    from fake_webflow import FakeAdapter, FakeWebflow

    scenario = yaml.safe_load(_SCENARIO.read_text(encoding="utf-8"))
    [site] = scenario["sites"]
    secondary = [*site["locales"]["secondary"], *map(_more_locale, range(2, locales))][: max(locales - 1, 0)]
    site["locales"]["secondary"] = secondary
    if not locales:
        del site["locales"]
    handle = FakeWebflow(scenario, token=TOKEN, profile=profile.chosen, seed=seed)
    http = requests.Session()

    class AdapterBehind(FakeAdapter):
        def _answer(self, request: Request) -> Response:
            return around(request, super()._answer) if around else super()._answer(request)

    http.mount("https://", AdapterBehind(handle))
    return handle, http


def _more_locale(number: int) -> dict[str, str]:
    tag = ("fr", "it", "es", "nl", "pl", "pt", "sv", "da", "fi", "cs")[number % 10]
    return {"tag": tag, "displayName": tag, "subdirectory": tag}
