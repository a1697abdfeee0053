"""What the item operations read out of a call, items to create, changes, flags, and what they answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from orjson import Fragment

from ..rules import Refusal
from ..world.collections import Collection
from ..world.items import Copies, Item
from ..world.listing_rules import list_items
from ..world.staged_item_rules import ItemChange, NewItem
from .call import Call, Reply, pagination_object, parse_id
from .item_queries import read_item_query, read_locales, read_query_locales

LARGEST_BULK = 100


def skips_invalid_files(call: Call) -> bool:
    """Whether files that cannot be imported are left out; they are unless ``skipInvalidFiles=false``."""
    return call.query.get("skipInvalidFiles") != "false"


def read_change(call: Call, sent: Mapping[str, Any], primary: str, item_id: str | None = None) -> ItemChange:
    """One change of an item; keys that only the server sets are ignored (``items.update.read-only-keys``).

    Args:
        call: The call.
        sent: The change.
        primary: The CMS locale that is meant where none is named.
        item_id: The item of the path; None where the change is one of several, with an id of its own.

    Raises:
        Refusal: ``requests.nothing-to-change`` where it changes nothing.
    """
    data, is_draft, is_archived = sent.get("fieldData"), sent.get("isDraft"), sent.get("isArchived")
    if data is None and is_draft is None and is_archived is None:
        raise Refusal("requests.nothing-to-change")
    if data is None and item_id is None and call.profile.items_update_bulk_flags_alone == "reject":
        raise Refusal("requests.nothing-to-change", choice="items.update-bulk.flags-alone")
    named = sent.get("cmsLocaleId")
    return ItemChange(
        parse_id(item_id or sent["id"]), parse_id(named) if named else primary, data, is_draft, is_archived
    )


def read_changes(call: Call, collection: Collection) -> list[ItemChange]:
    """The changes a bulk update asks for, in its order."""
    primary = call.primary_locale(collection)
    return [read_change(call, sent, primary) for sent in call.body["items"]]


def read_new_items(call: Call, primary: str, *, is_draft: bool) -> list[NewItem]:
    """The items a create asks for, one or several; each is an item of its own in one locale.

    Args:
        call: With a body of one item, or of ``items``. Properties that an entry does not have are ignored,
            ``cmsLocaleIds`` too.
        primary: The CMS locale of items that name none.
        is_draft: For items that do not say.

    Raises:
        Refusal: ``items.create.one-form`` for a body in both forms.
    """
    if "items" in call.body and "fieldData" in call.body:
        raise Refusal("items.create.one-form")
    new: list[NewItem] = []
    for sent in call.body.get("items", [call.body]):
        named = [name for name in [sent.get("cmsLocaleId")] if name]
        new.append(NewItem(sent["fieldData"], read_locales(named, primary), *read_flags(sent, is_draft=is_draft)))
    return new


def read_flags(sent: Mapping[str, Any], *, is_draft: bool) -> tuple[bool, bool]:
    """Whether an item to create is a draft, or ``is_draft`` where it does not say, and whether it is archived."""
    is_draft_sent = sent.get("isDraft")
    return is_draft if is_draft_sent is None else is_draft_sent, bool(sent.get("isArchived"))


def check_bulk_size(new: Iterable[NewItem]) -> None:
    """Refuses more than a hundred, counted with every locale variant.

    Raises:
        Refusal: ``items.create-bulk.hundred``.
    """
    if sum(len(item.cms_locale_ids) for item in new) > LARGEST_BULK:
        raise Refusal("items.create-bulk.hundred")


def read_query_keys(call: Call, collection: Collection) -> list[tuple[str, str]]:
    """The item of the path in the CMS locales the query names."""
    return [(call.parameters["item_id"], name) for name in read_query_locales(call, collection)]


def read_bulk_keys(call: Call, collection: Collection) -> list[tuple[str, str]]:
    """The items a bulk delete or unpublish names, in the CMS locales it names for each, each once."""
    primary = call.primary_locale(collection)
    keys = (
        (parse_id(sent["id"]), name)
        for sent in call.body["items"]
        for name in read_locales(sent.get("cmsLocaleIds"), primary)
    )
    return list(dict.fromkeys(keys))


def json_fragments(items: Iterable[Item]) -> list[Fragment]:
    """The items as parts of an answer, which are rendered already."""
    return [Fragment(item.json) for item in items]


def reply_with_item(item: Item, status: int = 200) -> Reply:
    """The item alone."""
    return Reply(Fragment(item.json), status)


def reply_with_created(call: Call, items: list[Item]) -> Reply:
    """The answer of a create, in the form of its body: the item, or a list of items."""
    return Reply({"items": json_fragments(items)}, 202) if "items" in call.body else reply_with_item(items[0], 202)


def reply_with_page(call: Call, collection: Collection, copies: Copies) -> Reply:
    """The page of the staged, or of the live, items of a collection that the query asks for."""
    _check_translatable(call, collection)
    query = read_item_query(call, collection)
    items, total = list_items(copies, query)
    return Reply({"items": json_fragments(items), "pagination": pagination_object(query.offset, query.limit, total)})


def find_named_item(call: Call, collection: Collection, copies: Copies) -> Item | None:
    """The item of the path, staged or live, in the locale that the query names.

    Raises:
        Refusal: ``requests.id.invalid`` for several locales, if the choice ``items.get.locales`` says so.
    """
    _check_translatable(call, collection)
    locales = read_query_locales(call, collection)
    if len(locales) > 1 and call.profile.items_get_locales == "reject":
        raise Refusal("requests.id.invalid", choice="items.get.locales")
    found = (copies.get(call.parameters["item_id"], cms_locale_id) for cms_locale_id in locales)
    return next((item for item in found if item is not None), None)


def _check_translatable(call: Call, collection: Collection) -> None:
    """Checks the parameter ``translatable``; nothing is ever excluded from translation here.

    Raises:
        Refusal: ``items.translatable.locale``, or that the site has no such exclusions (``items.translatable``).
    """
    locale_id = call.query.get("translatable")
    if locale_id is None:
        return
    if all(locale.id != locale_id for locale in call.world.site(collection.site_id).secondary):
        raise Refusal("items.translatable.locale")
    if call.profile.items_translatable == "not-enabled":
        raise Refusal("errors.forbidden", choice="items.translatable")
