"""Operations on staged items, and publishing them."""

from __future__ import annotations

from typing import Any

from orjson import Fragment

from ..rules import Refusal
from ..world.items import Item
from ..world.listing import list_items as listed
from ..world.publishing import publish_items as published
from ..world.staged_items import NewItem
from ..world.staged_items import create_items as created
from ..world.staged_items import delete_items as deleted
from ..world.staged_items import update_items as updated
from .call import NO_CONTENT, Call, Reply
from .item_requests import (
    bulk_keys,
    change_of,
    changes_of,
    checked_id,
    fragments,
    item_query,
    keys_in_query,
    locales_of,
    new_items,
    one_or_many,
    queried_locales,
    skips_invalid_files,
)
from .lists import pagination

LARGEST_BULK = 100


def list_items(call: Call) -> Reply:
    """``GET /collections/{collection_id}/items``."""
    collection = call.collection()
    query = item_query(call, collection)
    items, total = listed(collection.staged, query)
    return Reply({"items": fragments(items), "pagination": pagination(query.offset, query.limit, total)})


def get_item(call: Call) -> Reply:
    """``GET /collections/{collection_id}/items/{item_id}``: in the first of the locales named that has it."""
    collection = call.collection()
    for cms_locale_id in queried_locales(call, collection):
        found = collection.staged.get(call.parameters["item_id"], cms_locale_id)
        if found is not None:
            return Reply(Fragment(found.json))
    raise Refusal("items.not-found")


def create_item(call: Call) -> Reply:
    """``POST /collections/{collection_id}/items``: one item or several; the answer follows the form."""
    collection = call.collection()
    new = new_items(call, call.primary_locale(collection), is_draft=call.profile.items_create_is_draft == "true")
    items = create(call, new, suffix_duplicates=call.profile.items_create_duplicate_slug == "suffix")
    return one_or_many(call, items)


def insert_items(call: Call) -> Reply:
    """``POST /collections/{collection_id}/items/insert``: new items, or more locale variants of those there are."""
    collection = call.collection()
    primary = call.primary_locale(collection)
    new = [
        NewItem(
            sent["fieldData"],
            locales_of(sent.get("cmsLocaleIds"), primary),
            is_draft_of(call, sent),
            bool(sent.get("isArchived")),
            checked_id(sent["id"]) if sent.get("id") else None,
        )
        for sent in call.body["items"]
    ]
    items = create(call, new, suffix_duplicates=call.profile.items_create_bulk_duplicate_slug == "suffix")
    return Reply({"items": fragments(items)}, 202)


def create_items_in_bulk(call: Call) -> Reply:
    """``POST /collections/{collection_id}/items/bulk``: one or many items, each in one locale or several."""
    collection = call.collection()
    sent = call.body["fieldData"]
    locales = locales_of(call.body.get("cmsLocaleIds"), call.primary_locale(collection))
    is_draft, is_archived = is_draft_of(call, call.body), bool(call.body.get("isArchived"))
    new = [NewItem(data, locales, is_draft, is_archived) for data in (sent if isinstance(sent, list) else [sent])]
    items = create(call, new, suffix_duplicates=call.profile.items_create_bulk_duplicate_slug == "suffix")
    if len(items) == 1 and call.profile.items_bulk_response_form == "single-when-one":
        return Reply(Fragment(items[0].json), 202)
    return Reply({"items": fragments(items)}, 202)


def update_item(call: Call) -> Reply:
    """``PATCH /collections/{collection_id}/items/{item_id}``."""
    collection = call.collection()
    change = change_of(call.body, call.primary_locale(collection), call.parameters["item_id"])
    call.world, items = updated(call.world, collection.id, [change], call, skip_invalid_files=skips_invalid_files(call))
    call.happened("collection_item_changed", collection, items)
    return Reply(Fragment(items[0].json))


def update_items_in_bulk(call: Call) -> Reply:
    """``PATCH /collections/{collection_id}/items``."""
    collection = call.collection()
    changes = changes_of(call, collection)
    call.world, items = updated(call.world, collection.id, changes, call, skip_invalid_files=skips_invalid_files(call))
    call.happened("collection_item_changed", collection, items)
    answer: dict[str, Any] = {"items": fragments(items)}
    if call.profile.items_update_bulk_pagination == "present":
        answer["pagination"] = pagination(0, 25, len(items))
    return Reply(answer)


def delete_item(call: Call) -> Reply:
    """``DELETE /collections/{collection_id}/items/{item_id}``: the variants in the locales named."""
    return _delete(call, keys_in_query(call, call.collection()))


def delete_items_in_bulk(call: Call) -> Reply:
    """``DELETE /collections/{collection_id}/items``."""
    return _delete(call, bulk_keys(call, call.collection()))


def publish_items(call: Call) -> Reply:
    """``POST /collections/{collection_id}/items/publish``: what can be published is, the rest is told of."""
    collection = call.collection()
    primary = call.primary_locale(collection)
    if "items" in call.body:
        rows = call.body["items"]
        wanted = [(checked_id(sent["id"]), locales_of(sent.get("cmsLocaleIds"), primary)) for sent in rows]
    else:
        wanted = [(checked_id(item_id), (primary,)) for item_id in call.body["itemIds"]]
    call.world, items, errors = published(call.world, collection.id, wanted, call)
    call.happened("collection_item_published", collection, items)
    return Reply({"publishedItemIds": list(dict.fromkeys(item.id for item in items)), "errors": errors}, 202)


def create(call: Call, new: list[NewItem], *, suffix_duplicates: bool) -> list[Item]:
    """Creates staged items: a hundred at most, counted with every locale variant.

    Raises:
        Refusal: ``items.create-bulk.hundred``, or what the law refuses.
    """
    check_bulk_size(new)
    collection = call.collection()
    call.world, items = created(
        call.world,
        collection.id,
        new,
        call,
        skip_invalid_files=skips_invalid_files(call),
        suffix_duplicates=suffix_duplicates,
    )
    call.happened("collection_item_created", collection, items)
    return items


def check_bulk_size(new: list[NewItem]) -> None:
    """Refuses more than a hundred, counted with every locale variant.

    Raises:
        Refusal: ``items.create-bulk.hundred``.
    """
    if sum(len(item.cms_locale_ids) for item in new) > LARGEST_BULK:
        raise Refusal("items.create-bulk.hundred")


def is_draft_of(call: Call, sent: dict[str, Any]) -> bool:
    """The draft flag of a staged create, or its default."""
    given = sent.get("isDraft")
    return bool(given) if given is not None else call.profile.items_create_is_draft == "true"


def _delete(call: Call, keys: list[tuple[str, str]]) -> Reply:
    collection = call.collection()
    gone = [item for item in (collection.staged.get(*key) for key in keys) if item is not None]
    call.world = deleted(call.world, collection.id, keys)
    call.now()
    call.happened("collection_item_deleted", collection, gone)
    return NO_CONTENT
