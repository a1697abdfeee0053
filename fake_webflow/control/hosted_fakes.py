"""Several fakes behind one address, each with a token and a path of its own.

The bearer token of a request to the API says which fake it is for. Uploads, files and whatever else comes without that
token cannot say so, hence each hosted fake has a path as well, ``/~7``: below it every request is for that fake,
whatever the token, and every URL that its answers hand out begins with it. (Keys of objects and the fields of upload
forms would not do: forks of one seed draw the same ids and sign with the same key, and so they should.)

The token of a hosted fake is not known to the fake itself: a request is handed on with a token that the fake knows. So
nothing is added to the fake's world, and the token is good whatever state the fake goes to.
"""

from __future__ import annotations

import re
import threading
from collections import ChainMap
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from secrets import token_hex
from time import monotonic
from types import MappingProxyType
from typing import Any, Protocol

import orjson

from ..api.pipeline import answer
from ..conditions import LIMITS, Limits
from ..conditions.faults import NetworkFault
from ..fake import Fake, State
from ..message import Request, Response
from ..rules import Profile
from ..world.addresses import API_ORIGIN
from ..world.world import World
from .address_rewriting import AddressRewriter

_BETWEEN_LOOKS = 1.0  # seconds from one search for idle forks to the next
_NO_BODY: Mapping[str, Any] = MappingProxyType({})
_OWN_PATH = re.compile(r"/~(?P<id>[^/]*)(?P<rest>.*)", re.DOTALL)


class Keeper(Protocol):
    """Writes the forks that have names down, so that they outlive the process."""

    def keep(self, hosted: HostedFake) -> None:
        """Keeps one from now on."""

    def forget(self, hosted: HostedFake) -> None:
        """Keeps one no longer."""


@dataclass(eq=False, slots=True)
class Snapshot:
    """What a fake is put back to.

    Args:
        state: What it remembers.
        profile: Its open choices.
        last_used: When it was made or last gone back to, in seconds of ``time.monotonic``.
    """

    state: State
    profile: Profile
    last_used: float = field(default_factory=lambda: monotonic())

    @classmethod
    def of(cls, fake: Fake) -> Snapshot:
        """The fake as it is now."""
        return cls(fake.state, fake.profile)

    def restore(self, fake: Fake) -> None:
        """Has the fake go back, or over, to this."""
        self.last_used = monotonic()
        fake.restore(self.state, self.profile)


@dataclass(eq=False, slots=True)
class HostedFake:
    """One fake among several.

    Args:
        id: Names it in its path; empty for the one that answers all requests that are for no other.
        token: The bearer token its clients send.
        fake: Who answers.
        fake_token: The token of the fake's that clients are taken to have.
        origin: Origin of the addresses in the fake's state; empty for that of each request.
        beginning: What a reset goes back to.
        made_with: The body of the request that made it.
        is_named: Whether somebody chose its id.
        idle_seconds: For how long it is kept while nobody asks it for anything; None for what the server's limits say.
        snapshots: What was kept since, by name.
        is_removed: Whether it is served no longer.
        last_used: When somebody last asked it for something, in seconds of ``time.monotonic``.
        keep_beginning: Writes a new beginning down before it is one, where the fake is kept in a file.
    """

    id: str
    token: str = field(repr=False)
    fake: Fake
    fake_token: str = field(repr=False)
    origin: str
    beginning: Snapshot
    made_with: Mapping[str, Any] = field(default_factory=dict)
    is_named: bool = False
    idle_seconds: float | None = None
    snapshots: dict[str, Snapshot] = field(default_factory=dict)
    is_removed: bool = False
    last_used: float = field(default_factory=lambda: monotonic())
    keep_beginning: Callable[[Snapshot], None] | None = None

    def touch(self) -> None:
        """Notes that somebody asks for it."""
        self.last_used = monotonic()

    def set_beginning(self, snapshot: Snapshot) -> None:
        """Goes over to that, and from now on back to it."""
        with self.fake.hold_lock():
            if self.keep_beginning is not None:
                self.keep_beginning(snapshot)
            self.beginning = snapshot
            snapshot.restore(self.fake)

    def make_address_rewriter(self, origin: str) -> AddressRewriter:
        """What exchanges addresses for requests that came in at that origin."""
        return AddressRewriter(self.origin or origin, f"{origin}/~{self.id}" if self.id else origin)

    def answer(self, request: Request, path: str) -> Response:
        """The fake's answer, with the addresses of where the request came in.

        Args:
            request: As it came in.
            path: Its path behind the part that is the fake's own.
        """
        self.touch()
        rewriter = self.make_address_rewriter(request.origin)
        inner = rewriter.rewrite_request(request, path)
        if self.id and request.bearer_token == self.token:
            known = {"authorization": f"Bearer {self.fake_token}"}
            inner = inner._replace(
                headers=ChainMap(known, request.headers),  # type: ignore[arg-type]
                query=inner.query.replace(self.token, self.fake_token),  # as which the journal does not keep it
            )
        try:
            response = answer(self.fake, inner)
        except NetworkFault as fault:
            if fault.answer is None:
                fault.is_over = lambda: self.is_removed
                raise
            broken = rewriter.rewrite_response(fault.answer, request, path, self.fake.state.world)
            raise NetworkFault(fault.kind, broken, len(broken.body) // 2) from None
        return rewriter.rewrite_response(response, request, path, self.fake.state.world)


class HostedFakes:
    """The fakes behind one address. Adding, finding and removing takes the same time however many there are.

    Args:
        default: The fake that answers requests no hosted fake claims; without it they get 401.
        token: The default fake's token.
        limits: How many forks and snapshots there may be, and for how long nobody may ask for them.
    """

    def __init__(self, default: Fake | None = None, token: str = "", limits: Limits = LIMITS) -> None:
        self.limits = limits
        self.keeper: Keeper | None = None
        self.default = None if default is None else HostedFake("", token, default, token, "", Snapshot.of(default))
        self.fallback = Fake(State(World())) if default is None else default  # answers what no hosted fake claims
        self._by_id: dict[str, HostedFake] = {}
        self._by_token: dict[str, HostedFake] = {}
        self._added = 0
        self._next_look = 0.0
        self._changing = threading.Lock()

    def seed_default(self, state: State, origin: str) -> None:
        """Has the default fake begin with that.

        Args:
            state: What it begins with.
            origin: Origin of the addresses in it.
        """
        if self.default is not None:
            self.default.origin = origin
            self.default.set_beginning(Snapshot(state, self.default.fake.profile))

    def add(
        self,
        fake: Fake,
        fake_token: str,
        *,
        origin: str = API_ORIGIN,
        name: str = "",
        token: str = "",
        made_with: Mapping[str, Any] = _NO_BODY,
        idle_seconds: float | None = None,
    ) -> HostedFake:
        """Takes a fake in.

        Args:
            fake: Who answers.
            fake_token: The token of the fake's that clients are taken to have.
            origin: Origin of the addresses in the fake's state; Webflow's own for a fake made in process.
            name: Its id; a number where it is empty.
            token: The bearer token its clients send; a fresh one where it is empty.
            made_with: The body of the request that makes it.
            idle_seconds: For how long it is kept while nobody asks it for anything.

        Returns:
            The hosted fake; the one of that name where there is one already.
        """
        with self._changing:
            if name in self._by_id:
                return self._by_id[name]
            self._added += 1
            hosted = HostedFake(
                name or str(self._added),
                token or token_hex(32),
                fake,
                fake_token,
                origin,
                Snapshot.of(fake),
                made_with=made_with,
                is_named=bool(name),
                idle_seconds=idle_seconds,
            )
            if self.keeper is not None and hosted.is_named:
                self.keeper.keep(hosted)
            self._by_id[hosted.id] = self._by_token[hosted.token] = hosted
            self._next_look = 0.0
        return hosted

    def remove(self, hosted: HostedFake) -> None:
        """Forgets a hosted fake. Idempotent."""
        with self._changing:
            if self.keeper is not None and hosted.is_named and not hosted.is_removed:
                self.keeper.forget(hosted)
            hosted.is_removed = True
            self._by_id.pop(hosted.id, None)
            self._by_token.pop(hosted.token, None)

    def remove_idle(self) -> None:
        """Ends the forks and forgets the snapshots that nobody has asked for within the time they are kept."""
        now, usual = monotonic(), self.limits.idle_seconds
        if now < self._next_look:
            return
        self._next_look = now + _BETWEEN_LOOKS
        for hosted in [*self._by_id.values(), *filter(None, [self.default])]:
            allowed = usual if hosted.idle_seconds is None else hosted.idle_seconds
            if hosted.id and allowed is not None and hosted.last_used + allowed < now:
                self.end(hosted)
            for name, snapshot in list(hosted.snapshots.items()):
                if usual is not None and snapshot.last_used + usual < now:
                    hosted.snapshots.pop(name, None)

    def end(self, hosted: HostedFake) -> None:
        """Forgets a fake that nobody needs any more, and what the process still keeps for it."""
        self.remove(hosted)
        # What it was still to tell webhooks would keep it alive, and its journal takes room from others'.
        hosted.fake.restore(hosted.fake.state)
        hosted.fake.journal.clear()

    def find_by_id(self, fake_id: str) -> HostedFake | None:
        """The hosted fake of that id."""
        return self._by_id.get(fake_id)

    def find_by_token(self, token: str) -> HostedFake | None:
        """The hosted fake whose clients send that token; the default one for a token its fake knows."""
        hosted = self._by_token.get(token)
        if hosted is None and self.default is not None and token in self.default.fake.state.world.tokens:
            return self.default
        return hosted

    def __len__(self) -> int:
        return len(self._by_id)

    def __iter__(self) -> Iterator[HostedFake]:
        return iter(list(self._by_id.values()))

    def ids(self) -> list[str]:
        """The ids of all hosted fakes but the default one, in the order they came in."""
        return list(self._by_id)

    def answer(self, request: Request) -> Response:
        """The answer of the fake the request is for: by its path, or else by its token."""
        self.remove_idle()
        own_path = _OWN_PATH.fullmatch(request.path)
        hosted = self._by_id.get(own_path["id"]) if own_path else self._by_token.get(request.bearer_token)
        if hosted is None and own_path is None and self.default is not None:
            # Where the default one is asked by another address than it was seeded for, addresses are exchanged.
            hosted = self.default if request.origin != self.default.origin else None
        if hosted is not None:
            return hosted.answer(request, own_path["rest"] if own_path else request.path)
        return _answer_gone(own_path["id"]) if own_path else answer(self.fallback, request)


def _answer_gone(fake_id: str) -> Response:
    message = f"there is no fork {fake_id!r} here: it was deleted, or its test has ended"
    body = orjson.dumps({"code": "no_such_fork", "message": message})
    return Response(404, [("Content-Type", "application/json; charset=utf-8")], body)


def site_ids(fake: Fake) -> dict[str, Any]:
    """The ids of every site, its locales and collections; those of the first site stand at the top, too.

    Most scenarios have just one site.
    """
    sites: list[dict[str, Any]] = [
        {
            "id": site.id,
            "short_name": site.short_name,
            "cms_locale_ids": {site.primary.tag: site.primary.cms_locale_id}
            | {locale.tag: locale.cms_locale_id for locale in site.secondary},
            "collection_ids": {collection.slug: collection.id for collection in fake.state.world.collections_of(site)},
        }
        for site in fake.state.world.sites.values()
    ]
    first = sites[0] if sites else {"id": None, "collection_ids": {}}
    return {"site_id": first["id"], "collection_ids": first["collection_ids"], "sites": sites}
