"""Operations on staged items, and publishing them."""

from __future__ import annotations

from typing import Any

from ..rules import Refusal
from ..world import publishing_rules, staged_item_rules
from ..world.collections import Collection
from ..world.items import Item
from ..world.staged_item_rules import ItemChange, NewItem
from .call import NO_CONTENT, Call, Reply, pagination_object, parse_id
from .item_inserts import read_inserted_items
from .item_io import (
    check_bulk_size,
    find_named_item,
    json_fragments,
    read_bulk_keys,
    read_change,
    read_changes,
    read_flags,
    read_new_items,
    read_query_keys,
    reply_with_created,
    reply_with_item,
    reply_with_page,
    skips_invalid_files,
)
from .item_queries import read_locales


def list_items(call: Call) -> Reply:
    """``GET /collections/{collection_id}/items``."""
    collection = call.collection()
    return reply_with_page(call, collection, collection.staged)


def get_item(call: Call) -> Reply:
    """``GET /collections/{collection_id}/items/{item_id}``."""
    collection = call.collection()
    found = find_named_item(call, collection, collection.staged)
    if found is None:
        raise Refusal("items.not-found")
    return reply_with_item(found)


def create_item(call: Call) -> Reply:
    """``POST /collections/{collection_id}/items``: one item or several; the answer follows the form."""
    collection = call.collection()
    new = read_new_items(call, call.primary_locale(collection), is_draft=_is_draft_by_default(call))
    items = _create_staged(
        call, collection, new, suffix_duplicates=call.profile.items_create_duplicate_slug == "suffix"
    )
    return reply_with_created(call, items)


def insert_items(call: Call) -> Reply:
    """``POST /collections/{collection_id}/items/insert``: new items, or more locale variants of those there are."""
    collection = call.collection()
    site = call.world.site(collection.site_id)
    new = read_inserted_items(call, site, is_draft=_is_draft_by_default(call))
    items = _create_staged(
        call, collection, new, suffix_duplicates=call.profile.items_create_bulk_duplicate_slug == "suffix"
    )
    return Reply({"items": json_fragments(items)}, 202)


def create_items_in_bulk(call: Call) -> Reply:
    """``POST /collections/{collection_id}/items/bulk``: one or many items, each in one locale or several."""
    collection = call.collection()
    sent = call.body["fieldData"]
    locales = read_locales(call.body.get("cmsLocaleIds"), call.primary_locale(collection))
    flags = read_flags(call.body, is_draft=_is_draft_by_default(call))
    new = [NewItem(data, locales, *flags) for data in (sent if isinstance(sent, list) else [sent])]
    items = _create_staged(
        call, collection, new, suffix_duplicates=call.profile.items_create_bulk_duplicate_slug == "suffix"
    )
    if len(items) == 1 and call.profile.items_bulk_response_form == "single-when-one":
        return reply_with_item(items[0], 202)
    return Reply({"items": json_fragments(items)}, 202)


def update_item(call: Call) -> Reply:
    """``PATCH /collections/{collection_id}/items/{item_id}``."""
    collection = call.collection()
    change = read_change(call, call.body, call.primary_locale(collection), call.parameters["item_id"])
    return reply_with_item(_update_staged(call, collection, [change])[0])


def update_items_in_bulk(call: Call) -> Reply:
    """``PATCH /collections/{collection_id}/items``."""
    collection = call.collection()
    items = _update_staged(call, collection, read_changes(call, collection))
    answer: dict[str, Any] = {"items": json_fragments(items)}
    if call.profile.items_update_bulk_pagination == "present":
        answer["pagination"] = pagination_object(0, 25, len(items))
    return Reply(answer)


def delete_item(call: Call) -> Reply:
    """``DELETE /collections/{collection_id}/items/{item_id}``: the variants in the locales named."""
    collection = call.collection()
    return _delete_staged(call, collection, read_query_keys(call, collection))


def delete_items_in_bulk(call: Call) -> Reply:
    """``DELETE /collections/{collection_id}/items``."""
    collection = call.collection()
    return _delete_staged(call, collection, read_bulk_keys(call, collection))


def publish_items(call: Call) -> Reply:
    """``POST /collections/{collection_id}/items/publish``: what can be published is, the rest is told of."""
    collection = call.collection()
    primary = call.primary_locale(collection)
    if "items" in call.body:
        rows = call.body["items"]
        wanted = [(parse_id(sent["id"]), read_locales(sent.get("cmsLocaleIds"), primary)) for sent in rows]
    else:
        wanted = [(parse_id(item_id), (primary,)) for item_id in call.body["itemIds"]]
    call.world, items, errors = publishing_rules.publish_items(call.world, collection, wanted, call)
    call.record_events("collection_item_published", collection, items)
    return Reply({"publishedItemIds": list(dict.fromkeys(item.id for item in items)), "errors": errors}, 202)


def _is_draft_by_default(call: Call) -> bool:
    return call.profile.items_create_is_draft == "true"


def _create_staged(call: Call, collection: Collection, new: list[NewItem], *, suffix_duplicates: bool) -> list[Item]:
    """Creates staged items: a hundred at most, counted with every locale variant.

    Raises:
        Refusal: ``items.create-bulk.hundred``, or what the law refuses.
    """
    check_bulk_size(new)
    call.world, items = staged_item_rules.create_items(
        call.world,
        collection,
        new,
        call,
        skip_invalid_files=skips_invalid_files(call),
        suffix_duplicates=suffix_duplicates,
    )
    call.record_events("collection_item_created", collection, items)
    return items


def _update_staged(call: Call, collection: Collection, changes: list[ItemChange]) -> list[Item]:
    call.world, items = staged_item_rules.update_items(
        call.world, collection, changes, call, skip_invalid_files=skips_invalid_files(call)
    )
    call.record_events("collection_item_changed", collection, items)
    return items


def _delete_staged(call: Call, collection: Collection, keys: list[tuple[str, str]]) -> Reply:
    gone = [item for item in (collection.staged.get(*key) for key in keys) if item is not None]
    call.world = staged_item_rules.delete_items(call.world, collection, keys)
    call.now()  # the law asks for no instant, and the event has one of its own all the same
    call.record_events("collection_item_deleted", collection, gone)
    return NO_CONTENT
