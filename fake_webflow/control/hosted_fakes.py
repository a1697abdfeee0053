"""Several fakes behind one address, each with a token and a path of its own.

The bearer token of a request to the API says whose it is. Uploads, files and whatever else comes without that token
cannot say so, hence each tenant has a path as well, ``/~7``: below it everything is the tenant's, whatever the token,
and every URL that a tenant's answers hand out begins with it. (Keys of objects and the fields of upload forms would not
do: forks of one seed draw the same ids and sign with the same key, and so they should.)

A tenant's token is known to the door alone, which hands the request on with a token that the fake knows. So nothing is
added to the fake's world, and the token is good whatever state the fake goes to.
"""

from __future__ import annotations

import re
import threading
from collections import ChainMap
from dataclasses import dataclass, field
from secrets import token_hex
from typing import Any

import orjson

from ..api.pipeline import answer
from ..conditions.faults import NetworkFault
from ..fake import Fake, State
from ..message import Request, Response
from ..rules import Profile
from ..world.addresses import API_ORIGIN
from ..world.collections import Collection
from ..world.world import World
from .address_rewriting import AddressRewriter

_OWN_PATH = re.compile(r"/~(?P<id>[^/]*)(?P<rest>.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What a fake is put back to.

    Args:
        state: What it remembers.
        profile: Its open choices.
    """

    state: State
    profile: Profile

    @classmethod
    def of(cls, fake: Fake) -> Snapshot:
        """The fake as it is now."""
        return cls(fake.state, fake.profile)

    def restore(self, fake: Fake) -> None:
        """Has the fake go back, or over, to this."""
        fake.restore(self.state, self.profile)


@dataclass(eq=False, slots=True)
class HostedFake:
    """One fake among several.

    Args:
        id: Names it in its path; empty for the one that all requests are for which are no other's.
        token: The bearer token its clients send.
        fake: Who answers.
        fake_token: The token of the fake's that clients are taken to have.
        origin: Origin of the addresses in the fake's state; empty for that of each request.
        beginning: What a reset goes back to.
        snapshots: What was kept since, by name.
    """

    id: str
    token: str = field(repr=False)
    fake: Fake
    fake_token: str = field(repr=False)
    origin: str
    beginning: Snapshot
    snapshots: dict[str, Snapshot] = field(default_factory=dict)

    def set_beginning(self, snapshot: Snapshot) -> None:
        """Goes over to that, and from now on back to it."""
        self.beginning = snapshot
        snapshot.restore(self.fake)

    def make_address_rewriter(self, origin: str) -> AddressRewriter:
        """Its door for requests that came in at that origin."""
        return AddressRewriter(self.origin or origin, f"{origin}/~{self.id}" if self.id else origin)


class HostedFakes:
    """The fakes behind one address. Adding, finding and removing takes the same time however many there are.

    Args:
        default: The fake that answers requests no tenant claims; without it they get 401.
        token: The default fake's token.
    """

    def __init__(self, default: Fake | None = None, token: str = "") -> None:
        self.default = None if default is None else HostedFake("", token, default, token, "", Snapshot.of(default))
        self.fallback = Fake(State(World())) if default is None else default  # answers what is no tenant's
        self._by_id: dict[str, HostedFake] = {}
        self._by_token: dict[str, HostedFake] = {}
        self._added = 0
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

    def add(self, fake: Fake, fake_token: str, *, origin: str = API_ORIGIN) -> HostedFake:
        """Takes a fake in, under a fresh token.

        Args:
            fake: Who answers.
            fake_token: The token of the fake's that clients are taken to have.
            origin: Origin of the addresses in the fake's state; Webflow's own for a fake made in process.
        """
        with self._changing:
            self._added += 1
            hosted = HostedFake(str(self._added), token_hex(32), fake, fake_token, origin, Snapshot.of(fake))
            self._by_id[hosted.id] = self._by_token[hosted.token] = hosted
        return hosted

    def remove(self, hosted: HostedFake) -> None:
        """Forgets a tenant; a second time does nothing."""
        with self._changing:
            self._by_id.pop(hosted.id, None)
            self._by_token.pop(hosted.token, None)

    def find_by_id(self, fake_id: str) -> HostedFake | None:
        """The tenant of that id."""
        return self._by_id.get(fake_id)

    def find_by_token(self, token: str) -> HostedFake | None:
        """The tenant whose clients send that token; the default one for a token its fake knows."""
        hosted = self._by_token.get(token)
        if hosted is None and self.default is not None and token in self.default.fake.state.world.tokens:
            return self.default
        return hosted

    def __len__(self) -> int:
        return len(self._by_id)

    def ids(self) -> list[str]:
        """The ids of all tenants but the default one, in the order they came in."""
        return list(self._by_id)

    def answer(self, request: Request) -> Response:
        """The answer of the fake the request is for."""
        own_path = _OWN_PATH.fullmatch(request.path)
        token = request.bearer_token
        hosted = self._by_id.get(own_path["id"]) if own_path else self._by_token.get(token)
        if hosted is None:
            return _answer_gone(own_path["id"]) if own_path else answer(self.fallback, request)
        path = own_path["rest"] if own_path else request.path
        rewriter = hosted.make_address_rewriter(request.origin)
        inner = rewriter.rewrite_request(request, path)
        if token == hosted.token:
            known = {"authorization": f"Bearer {hosted.fake_token}"}
            inner = inner._replace(headers=ChainMap(known, request.headers))  # type: ignore[arg-type]
        try:
            response = answer(hosted.fake, inner)
        except NetworkFault as fault:
            if fault.answer is None:
                fault.is_over = lambda: hosted.id not in self._by_id and hosted is not self.default
                raise
            broken = rewriter.rewrite_response(fault.answer, request, path, hosted.fake.state.world)
            raise NetworkFault(fault.kind, broken, len(broken.body) // 2) from None
        return rewriter.rewrite_response(response, request, path, hosted.fake.state.world)


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
            "collection_ids": {collection.slug: collection.id for collection in collections_of(fake, site.id)},
        }
        for site in fake.state.world.sites.values()
    ]
    first = sites[0] if sites else {"id": None, "collection_ids": {}}
    return {"site_id": first["id"], "collection_ids": first["collection_ids"], "sites": sites}


def collections_of(fake: Fake, site_id: str) -> list[Collection]:
    """The collections of a site."""
    return [collection for collection in fake.state.world.collections.values() if collection.site_id == site_id]
