"""How items are answered, staged and live ones alike: one, several, or a page of them."""

from __future__ import annotations

from collections.abc import Iterable

from orjson import Fragment

from ..world.collections import Collection
from ..world.items import Copies, Item
from ..world.listing import list_items
from .call import Call, Reply
from .item_requests import item_query, queried_locales
from .lists import pagination


def fragments(items: Iterable[Item]) -> list[Fragment]:
    """The items as parts of an answer, which are rendered already."""
    return [Fragment(item.json) for item in items]


def one(item: Item, status: int = 200) -> Reply:
    """The item alone."""
    return Reply(Fragment(item.json), status)


def one_or_many(call: Call, items: list[Item]) -> Reply:
    """The answer of a create, in the form of its body: the item, or a list of items."""
    return Reply({"items": fragments(items)}, 202) if "items" in call.body else one(items[0], 202)


def page(call: Call, collection: Collection, copies: Copies) -> Reply:
    """The page of the staged, or of the live, items of a collection that the query asks for."""
    query = item_query(call, collection)
    items, total = list_items(copies, query)
    return Reply({"items": fragments(items), "pagination": pagination(query.offset, query.limit, total)})


def named_item(call: Call, collection: Collection, copies: Copies) -> Item | None:
    """The item of the path, staged or live, in the first of the locales named in the query that has it."""
    for cms_locale_id in queried_locales(call, collection):
        found = copies.get(call.parameters["item_id"], cms_locale_id)
        if found is not None:
            return found
    return None
