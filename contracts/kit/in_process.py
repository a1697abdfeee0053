"""The fake in this process as a target: the one place of the suite that reaches into the fake."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import requests

from fake_webflow.client import WebflowClient
from fake_webflow.message import Request, Response
from fake_webflow.rules import Profile

from .targets import CAPABILITY_TEXTS, Target

if TYPE_CHECKING:
    from fake_webflow import FakeWebflow

TOKEN = "contract-suite"
_SCENARIO = Path(__file__).with_name("sandbox.yaml")
FailedImport = Literal["broken", "too-large", "unsupported-type"]
AskFake = Callable[[Request], Response]
Around = Callable[[Request, AskFake], Response]


class InProcessTarget(Target):
    """A fake in this process, which can do everything a test may ask for.

    Args:
        profile: The open choices, both those the fake makes and those expected of it.
        seed: Of its ids.
        expected: The open choices expected of it, where they are to differ from those it makes.
        around: What stands between the session and the fake: it is given each request and a way to ask the fake.
    """

    capabilities = frozenset(CAPABILITY_TEXTS)

    def __init__(
        self,
        profile: Profile | None = None,
        *,
        seed: int = 0,
        expected: Profile | None = None,
        around: Around | None = None,
    ) -> None:
        handle, http = _new_fake(profile or Profile(), seed, around)
        # Looking through the environment for proxies, which are not used, takes a fifth of a run.
        http.trust_env = False
        from fake_webflow.fake import fake_of  # here, for the reason given in _new_fake

        self.fake = fake_of(handle)
        self.checks_everything = (expected or profile or Profile()) == Profile()
        self._site = handle.site.id
        client = WebflowClient(TOKEN, session=http, retries=0)
        super().__init__(
            "a fake in this process", client, http, profile=expected or profile, site_id=self._site, is_sandbox=True
        )

    def advance(self, seconds: float) -> None:
        """Moves the clock on."""
        self.fake.advance(seconds)

    def wait(self, seconds: float) -> None:
        """Lets time pass, which costs none here."""
        self.advance(seconds)

    @contextmanager
    def preserve_state(self) -> Iterator[None]:
        """Whatever is done inside is undone after: the fake goes back to the state it was in."""
        state = self.fake.state
        try:
            yield
        finally:
            self.fake.restore(state)

    def limit_rate(self, limit: int | None) -> None:
        """Allows that many requests a minute, or any number."""
        self.fake.limit_rate(limit)

    def refuse_with_429(self, times: int) -> None:
        """Has that many coming calls refused."""
        from fake_webflow.handle.faults import FakeFaults  # here, for the reason given in _new_fake

        FakeFaults(lambda: self.fake).on(first=times).too_many_requests()

    def script_imports(self, *outcomes: tuple[str, FailedImport]) -> None:
        """Says what becomes of outside addresses: pairs of a pattern and ``broken``, ``too-large`` and the like."""
        self.fake.change(lambda state: state._replace(world=state.world._replace(imports=outcomes)))

    def set_field_rules(self, collection_id: str, rules: Mapping[str, Mapping[str, object]]) -> None:
        """Gives fields, by their slugs, validations such as ``maxLength``."""
        collection = self.fake.state.world.collections[collection_id]
        fields = tuple(
            replace(field, validations=rules.get(field.slug, field.validations)) for field in collection.fields
        )
        changed = collection._replace(fields=fields)
        self.fake.change(lambda state: state._replace(world=state.world.with_collection(changed)))

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
        before = self.fake.profile
        with self.preserve_state():
            self.fake.profile = before.with_choices(choices)
            try:
                yield
            finally:
                self.fake.profile = before


def _new_fake(profile: Profile, seed: int, around: Around | None) -> tuple[FakeWebflow, requests.Session]:
    """A fake with one site, and a session that reaches it."""
    # Imported here because a run against a URL uses nothing of the fake but its client and its ledger.
    from fake_webflow import FakeAdapter, FakeWebflow

    handle = FakeWebflow(_SCENARIO, token=TOKEN, profile=profile.chosen, seed=seed)
    http = requests.Session()

    class AdapterBehind(FakeAdapter):
        def _answer(self, request: Request) -> Response:
            return around(request, super()._answer) if around else super()._answer(request)

    http.mount("https://", AdapterBehind(handle))
    return handle, http
