"""What the item operations read out of a call: locales, queries, items to create, changes, flags."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, cast

from orjson import Fragment

from ..rules import Refusal
from ..world.collections import Collection
from ..world.instants import instant
from ..world.items import Copies, Item
from ..world.listing_rules import ItemQuery, SortBy, list_items
from ..world.staged_item_rules import ItemChange, NewItem
from .call import Call, Reply, checked_id, page_of, pagination

LARGEST_BULK = 100
_DATE_FILTER = re.compile(r"(createdOn|lastPublished|lastUpdated)\[(gte|lte|gt|lt)\]")


def skips_invalid_files(call: Call) -> bool:
    """Whether files that cannot be imported are left out; they are unless ``skipInvalidFiles=false``."""
    return call.query.get("skipInvalidFiles") != "false"


def locales_of(ids: Iterable[str] | None, primary: str) -> tuple[str, ...]:
    """The CMS locales named, each once, or the primary one where none is (``items.locale.default``)."""
    return tuple(dict.fromkeys(checked_id(name) for name in ids or ())) or (primary,)


def queried_locales(call: Call, collection: Collection) -> tuple[str, ...]:
    """The CMS locales a comma-separated ``cmsLocaleId`` names."""
    named = [name.strip() for name in call.query.get("cmsLocaleId", "").split(",") if name.strip()]
    return locales_of(named, call.primary_locale(collection))


def item_query(call: Call, collection: Collection) -> ItemQuery:
    """The filters, the order and the page a listing asks for.

    Raises:
        Refusal: ``items.list.sort-order``, if ``sortBy`` stands alone and that choice says so.
    """
    offset, limit = page_of(call)
    query = call.query
    order = query.get("sortOrder", call.profile.items_list_sort_order)
    if "sortBy" in query and order == "reject":
        raise Refusal("items.list.sort-order")
    dates = ((_DATE_FILTER.fullmatch(name), value) for name, value in query.items())
    return ItemQuery(
        queried_locales(call, collection),
        offset,
        limit,
        name=query.get("name"),
        slug=query.get("slug"),
        dates=tuple((match[1], match[2], instant(value)) for match, value in dates if match),
        sort_by=cast(SortBy | None, query.get("sortBy")),
        descending=order == "desc",
    )


def change_of(sent: Mapping[str, Any], primary: str, item_id: str | None = None) -> ItemChange:
    """One change of an item; keys that only the server sets are ignored (``items.update.read-only-keys``).

    Raises:
        Refusal: ``requests.nothing-to-change`` where it changes nothing.
    """
    data, is_draft, is_archived = sent.get("fieldData"), sent.get("isDraft"), sent.get("isArchived")
    if data is None and is_draft is None and is_archived is None:
        raise Refusal("requests.nothing-to-change")
    named = sent.get("cmsLocaleId")
    return ItemChange(
        checked_id(item_id or sent["id"]), checked_id(named) if named else primary, data, is_draft, is_archived
    )


def changes_of(call: Call, collection: Collection) -> list[ItemChange]:
    """The changes a bulk update asks for, in its order."""
    primary = call.primary_locale(collection)
    return [change_of(sent, primary) for sent in call.body["items"]]


def new_items(call: Call, primary: str, *, is_draft: bool) -> list[NewItem]:
    """The items a create asks for, one or several; with several locales each is an item of its own in one of them.

    Args:
        call: With a body of one item, or of ``items``.
        primary: The CMS locale of items that name none.
        is_draft: For items that do not say.
    """
    new: list[NewItem] = []
    for sent in call.body.get("items", [call.body]):
        named = sent.get("cmsLocaleIds") or [name for name in [sent.get("cmsLocaleId")] if name]
        flags = flags_of(sent, is_draft=is_draft)
        new += [NewItem(sent["fieldData"], (name,), *flags) for name in locales_of(named, primary)]
    return new


def flags_of(sent: Mapping[str, Any], *, is_draft: bool) -> tuple[bool, bool]:
    """Whether an item to create is a draft, or ``is_draft`` where it does not say, and whether it is archived."""
    given = sent.get("isDraft")
    return is_draft if given is None else given, bool(sent.get("isArchived"))


def check_bulk_size(new: Iterable[NewItem]) -> None:
    """Refuses more than a hundred, counted with every locale variant.

    Raises:
        Refusal: ``items.create-bulk.hundred``.
    """
    if sum(len(item.cms_locale_ids) for item in new) > LARGEST_BULK:
        raise Refusal("items.create-bulk.hundred")


def keys_in_query(call: Call, collection: Collection) -> list[tuple[str, str]]:
    """The item of the path in the CMS locales the query names."""
    return [(call.parameters["item_id"], name) for name in queried_locales(call, collection)]


def bulk_keys(call: Call, collection: Collection) -> list[tuple[str, str]]:
    """The items a bulk delete or unpublish names, in the CMS locales it names for each, each once."""
    primary = call.primary_locale(collection)
    keys = (
        (checked_id(sent["id"]), name)
        for sent in call.body["items"]
        for name in locales_of(sent.get("cmsLocaleIds"), primary)
    )
    return list(dict.fromkeys(keys))


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
