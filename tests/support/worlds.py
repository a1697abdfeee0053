"""The small worlds these tests start from, a moment to apply laws in, and short ways to say what is wanted."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from fake_webflow.api.pipeline import answer
from fake_webflow.conditions import Ids
from fake_webflow.fake import Fake, State
from fake_webflow.handle.faults import FakeFaults
from fake_webflow.message import Request, Response
from fake_webflow.rules import Profile, Refusal
from fake_webflow.world.addresses import WEBFLOW, Addresses
from fake_webflow.world.collections import Collection, Field, name_and_slug_fields
from fake_webflow.world.listing_rules import ItemQuery, list_items
from fake_webflow.world.live_item_rules import create_live_items
from fake_webflow.world.sites import CustomDomain, Locale, Site
from fake_webflow.world.staged_item_rules import NewItem, create_items
from fake_webflow.world.tokens import Token, User
from fake_webflow.world.world import World

START = 1_764_000_000_000
EN, DE, FR = "b0" * 12, "b2" * 12, "b4" * 12
LOCALES = (EN, DE, FR)
SITE_ID, OTHER_SITE_ID = "a0" * 12, "a1" * 12
POSTS_ID, AUTHORS_ID, FOREIGN_ID = "c0" * 12, "c1" * 12, "c2" * 12
DOMAIN_ID = "d0" * 12
TOKEN, SITE_TOKEN, WORKSPACE_TOKEN = "canary-app-token", "canary-site-token", "canary-workspace-token"
API = "https://api.webflow.com"
RED, BLUE = "0a" * 16, "0b" * 16


def locales() -> tuple[Locale, ...]:
    names = (("e0" * 12, EN, "English", "en"), ("e2" * 12, DE, "German", "de"), ("e4" * 12, FR, "French", "fr"))
    return tuple(Locale(*name) for name in names)


def site(**changes: Any) -> Site:
    primary, *secondary = locales()
    made = Site(
        SITE_ID,
        "f0" * 12,
        "Demo",
        "demo",
        "Europe/Berlin",
        START - 9_000,
        START - 9_000,
        START - 5_000,
        primary,
        tuple(secondary),
        custom_domains=(CustomDomain(DOMAIN_ID, "example.com"),),
    )
    return replace(made, **changes)


def field(type_: str, slug: str, **more: Any) -> Field:
    return Field(f"{abs(hash_of(slug)):032x}"[-32:], type_, slug, slug.title(), **more)


def hash_of(text: str) -> int:
    return int.from_bytes(text.encode(), "big")


def every_field() -> tuple[Field, ...]:
    """A field of each type, under its type's name in lower case."""
    plain = ("PlainText", "RichText", "Email", "Phone", "Link", "Color", "Number", "Switch", "DateTime", "VideoLink")
    files = ("Image", "MultiImage", "File", "ExtFileRef")
    options = {"options": [{"name": "Red", "id": RED}, {"name": "Blue", "id": BLUE}]}
    target = {"collectionId": AUTHORS_ID}
    return (
        *(field(name, name.lower()) for name in (*plain, *files)),
        field("Option", "option", validations=options),
        field("Reference", "reference", validations=target),
        field("MultiReference", "multireference", validations=target),
    )


def collection(id_: str = POSTS_ID, slug: str = "posts", fields: tuple[Field, ...] = (), **more: Any) -> Collection:
    own = name_and_slug_fields("0c" * 16, "0d" * 16)
    site_id = more.pop("site_id", SITE_ID)
    return Collection(
        id_, site_id, slug.title(), slug[:-1].title(), slug, START - 8_000, START - 8_000, own + fields, **more
    )


def tokens() -> tuple[Token, ...]:
    user = User("f1" * 12, "ann@example.com", "Ann", "Example")
    return (
        Token(TOKEN, "f2" * 12, START - 9_000, user),
        Token(SITE_TOKEN, "f3" * 12, START - 9_000, user, kind="site", site_ids=frozenset([SITE_ID])),
        Token(WORKSPACE_TOKEN, "f4" * 12, START - 9_000, user, kind="workspace", scopes=("sites:read",)),
    )


def world(*fields: Field, **site_changes: Any) -> World:
    """Two sites; on the first, posts with these fields (or with one of every type) and authors."""
    other = replace(site(), id=OTHER_SITE_ID, short_name="other", primary=Locale("e6" * 12, "b6" * 12, "English", "en"))
    made = World().with_site(site(**site_changes)).with_site(replace(other, secondary=(), custom_domains=()))
    made = made.with_collection(collection(fields=fields or every_field()))
    made = made.with_collection(collection(AUTHORS_ID, "authors"))
    made = made.with_collection(collection(FOREIGN_ID, "others", site_id=OTHER_SITE_ID))
    for token in tokens():
        made = made.with_token(token)
    return made


class Moment:
    """A ``Context``: each instant a millisecond after the last, ids in a row."""

    def __init__(self, addresses: Addresses = WEBFLOW, now: int = START, **choices: str) -> None:
        self.profile = profile(**choices)
        self.addresses = addresses
        self._now = now
        self._ids = Ids(seed=7)

    def now(self) -> int:
        self._now += 1
        return self._now

    def new_id(self, instant: int) -> str:
        drawn = self._ids.object_id(instant)
        self._ids = self._ids.next()
        return drawn

    def digits(self, count: int) -> str:
        drawn = self._ids.digits(count)
        self._ids = self._ids.next()
        return drawn


def profile(**choices: str) -> Profile:
    """A profile by the names of the dataclass's fields."""
    return replace(Profile(), **choices)


def new(name: str = "One", *names: str, draft: bool = False, item_id: str | None = None, **data: Any) -> NewItem:
    """A new item in these CMS locales (the primary one by default)."""
    return NewItem({"name": name, **data}, names or (EN,), draft, False, item_id)


def created(
    before: World, moment: Moment, *items: NewItem, live: bool = False, **options: bool
) -> tuple[World, list[Any]]:
    """The world with new items among the posts, and the items."""
    make = create_live_items if live else create_items
    flags = {"skip_invalid_files": True, "suffix_duplicates": True, **options}
    return make(before, before.collection(POSTS_ID), items, moment, **flags)


def listed(copies: Any, *names: str, **query: Any) -> list[Any]:
    """All items of some locales, or of all, in the order of the query."""
    return list_items(copies, ItemQuery(names or LOCALES, limit=10**6, **query))[0]


def data_of(items: list[Any]) -> list[dict[str, Any]]:
    return [item.field_data for item in items]


def refused(call: Callable[[], object]) -> Refusal:
    """The refusal a call ends in.

    Raises:
        AssertionError: It did not refuse.
    """
    try:
        result = call()
    except Refusal as refusal:
        return refusal
    raise AssertionError(f"not refused: {result}")


def fake(before: World | None = None, **choices: str) -> Fake:
    """A fake with that world, or the usual one."""
    return Fake(State(before if before is not None else world()), profile(**choices))


def faults_of(asked: Fake) -> FakeFaults:
    """What is to go wrong with the coming calls to a fake."""
    return FakeFaults(lambda: asked)


def request(
    method: str,
    path: str,
    json_body: object = None,
    *,
    query: str = "",
    token: str | None = TOKEN,
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    origin: str = API,
) -> Request:
    """A request to the API; the path begins behind ``/v2``."""
    sent: dict[str, str] = {}
    if token is not None:
        sent["authorization"] = f"Bearer {token}"
    if json_body is not None:
        body = json.dumps(json_body).encode()
    if body is not None:
        sent |= {"content-type": "application/json", "content-length": str(len(body))}
    return Request(method, origin, f"/v2{path}", query, {**sent, **(headers or {})}, io.BytesIO(body or b""))


def ask(asked: Fake, method: str, path: str, json_body: object = None, **options: Any) -> Response:
    """The fake's answer to a request made of the rest."""
    return answer(asked, request(method, path, json_body, **options))


def clauses_of(response: Response) -> list[str]:
    named = dict(response.headers).get("X-Fake-Webflow-Clause", "")
    return named.split(", ") if named else []


def json_of(response: Response) -> Any:
    return json.loads(response.body)


def ok(response: Response) -> Any:
    """The JSON of a success.

    Raises:
        AssertionError: It is a refusal.
    """
    assert response.status < 300, (response.status, response.body)
    return json.loads(response.body) if response.body else None
