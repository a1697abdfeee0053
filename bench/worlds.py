"""The worlds that are measured: one site with posts by the thousand, each 0.7 KB of JSON, and what is sent to them."""

from __future__ import annotations

from functools import cache
from typing import Any

import orjson

from fake_webflow.conditions import Clock
from fake_webflow.conditions.clock import START
from fake_webflow.fake import Fake, State
from fake_webflow.world.collections import Collection, Field, name_and_slug_fields
from fake_webflow.world.instants import timestamp
from fake_webflow.world.items import Item, make_item
from fake_webflow.world.sites import Locale, Site
from fake_webflow.world.tokens import Token, User
from fake_webflow.world.world import World

SIZES = (1_000, 10_000, 100_000)
SITE_ID, LOCALE = "a0" * 12, "b0" * 12
POSTS_ID, AUTHORS_ID = "c0" * 12, "c1" * 12
TOKEN = "bench-token"
ITEMS_PATH = f"/v2/collections/{POSTS_ID}/items"
_CATEGORY = "0a" * 16
_OLDEST = START - 200_000_000
_BATCH = 100
_FIELDS = (
    ("PlainText", "summary", {"maxLength": 160, "singleLine": True}),
    ("RichText", "body", None),
    ("Number", "rating", {"minValue": 0, "maxValue": 5, "format": "decimal", "precision": 1}),
    ("Switch", "featured", None),
    ("DateTime", "date", {"format": "date-time"}),
    ("Email", "contact", None),
    ("Link", "source", None),
    ("Color", "accent", None),
    ("Option", "category", {"options": [{"id": _CATEGORY, "name": "News"}]}),
    ("Reference", "author", {"collectionId": AUTHORS_ID}),
)


def fake_with(count: int) -> Fake:
    """A fake of its own with so many posts."""
    return Fake(State(world_with(count), Clock()))


@cache
def world_with(count: int) -> World:
    """The world with so many posts, each created a second after the one before."""
    locale = Locale("e0" * 12, LOCALE, "English", "en")
    site = Site(SITE_ID, "f0" * 12, "Bench", "bench", "Europe/Berlin", _OLDEST, _OLDEST, None, locale)
    posts = tuple(_field(*row) for row in _FIELDS)
    authors = _collection(AUTHORS_ID, "authors").with_staged(
        _made(author_id(number), number, {"name": f"Author {number}", "slug": f"author-{number}"})
        for number in range(10)
    )
    world = World().with_site(site).with_collection(authors)
    world = world.with_collection(_with_posts(_collection(POSTS_ID, "posts", posts), count))
    user = User("f1" * 12, "ann@example.com", "Ann", "Example")
    return world.with_token(Token(TOKEN, "f2" * 12, _OLDEST, user))


def _with_posts(collection: Collection, count: int) -> Collection:
    # A hundred at a time, as the API takes them at most: so the chunks are cut as they would be.
    for first in range(0, count, _BATCH):
        numbers = range(first, min(first + _BATCH, count))
        collection = collection.with_staged([_made(item_id(number), number, field_data(number)) for number in numbers])
    return collection


def _made(id_: str, number: int, data: dict[str, Any]) -> Item:
    made = _OLDEST + 1000 * number
    return make_item(
        id_,
        LOCALE,
        created_on=made,
        last_updated=made,
        last_published=None,
        is_archived=False,
        is_draft=False,
        field_data=data,
    )


def _collection(id_: str, slug: str, fields: tuple[Field, ...] = ()) -> Collection:
    own = name_and_slug_fields("0c" * 16, "0d" * 16)
    return Collection(id_, SITE_ID, slug.title(), slug[:-1].title(), slug, _OLDEST, _OLDEST, own + fields)


def _field(kind: str, slug: str, validations: dict[str, Any] | None) -> Field:
    return Field(f"{int.from_bytes(slug.encode()):032x}", kind, slug, slug.title(), validations=validations)


def item_id(number: int) -> str:
    """The id of the post of that number."""
    return f"{(_OLDEST + 1000 * number) // 1000:08x}{number:016x}"


def author_id(number: int) -> str:
    """The id of the author of that number."""
    return f"{(_OLDEST + 1000 * number) // 1000:08x}{number + (1 << 40):016x}"


def item_path(number: int) -> str:
    """The path of the post of that number."""
    return f"{ITEMS_PATH}/{item_id(number)}"


def field_data(number: int) -> dict[str, Any]:
    """Field data of a post, with a value in every field."""
    return {
        "name": f"What the harbour wrote, part {number}",
        "slug": f"what-the-harbour-wrote-part-{number}",
        "summary": f"The tide of day {number}, and who stood on the pier.",
        "body": f"<p>The <em>tide</em> of day {number} came late, and stayed.</p>",
        "rating": number % 50 / 10,
        "featured": number % 2 == 0,
        "date": timestamp(_OLDEST + 60_000 * number),
        "contact": f"reader-{number}@example.com",
        "source": f"https://example.com/tides/{number}",
        "accent": "#1b4965",
        "category": _CATEGORY,
        "author": author_id(number % 10),
    }


def create_body(number: int) -> bytes:
    """A body that creates one post; the slug is to be made from its name."""
    data = {name: value for name, value in field_data(number).items() if name != "slug"}
    return orjson.dumps({"isArchived": False, "isDraft": True, "fieldData": {**data, "name": f"A new post {number}"}})


def patch_body(first: int, count: int, summary: str = "Changed, as a whole") -> bytes:
    """A body that writes every field of so many posts."""
    numbers = range(first, first + count)
    return orjson.dumps(
        {"items": [{"id": item_id(each), "fieldData": {**field_data(each), "summary": summary}} for each in numbers]}
    )
