"""Operations on live items."""

from __future__ import annotations

from ..rules import Refusal
from ..world.collections import Collection
from ..world.items import Item
from ..world.live_item_rules import create_live_items, unpublish_items, update_live_items
from ..world.staged_item_rules import ItemChange
from .call import NO_CONTENT, Call, Reply
from .item_io import (
    check_bulk_size,
    find_named_item,
    json_fragments,
    read_bulk_keys,
    read_change,
    read_changes,
    read_new_items,
    read_query_keys,
    reply_with_created,
    reply_with_item,
    reply_with_page,
    skips_invalid_files,
)


def list_live_items(call: Call) -> Reply:
    """``GET /collections/{collection_id}/items/live``: as the staged list, of what is published."""
    collection = call.collection()
    return reply_with_page(call, collection, collection.live)


def get_live_item(call: Call) -> Reply:
    """``GET /collections/{collection_id}/items/{item_id}/live``."""
    collection = call.collection()
    found = find_named_item(call, collection, collection.live)
    if found is None:
        raise Refusal("items.not-live")
    return reply_with_item(found)


def create_live_item(call: Call) -> Reply:
    """``POST /collections/{collection_id}/items/live``: one item or several, staged and live at once."""
    collection = call.collection()
    new = read_new_items(call, call.primary_locale(collection), is_draft=False)
    check_bulk_size(new)
    call.world, items = create_live_items(
        call.world,
        collection,
        new,
        call,
        skip_invalid_files=skips_invalid_files(call),
        suffix_duplicates=call.profile.items_create_duplicate_slug == "suffix",
    )
    call.record_events("collection_item_created", collection, items)
    call.record_events("collection_item_published", collection, items)
    return reply_with_created(call, items)


def update_live_item(call: Call) -> Reply:
    """``PATCH /collections/{collection_id}/items/{item_id}/live``."""
    collection = call.collection()
    change = read_change(call, call.body, call.primary_locale(collection), call.parameters["item_id"])
    return reply_with_item(_update_live(call, collection, [change])[0])


def update_live_items_in_bulk(call: Call) -> Reply:
    """``PATCH /collections/{collection_id}/items/live``."""
    collection = call.collection()
    return Reply({"items": json_fragments(_update_live(call, collection, read_changes(call, collection)))})


def unpublish_item(call: Call) -> Reply:
    """``DELETE /collections/{collection_id}/items/{item_id}/live``: takes it off the live site, keeps it staged."""
    collection = call.collection()
    return _unpublish(call, collection, read_query_keys(call, collection))


def unpublish_items_in_bulk(call: Call) -> Reply:
    """``DELETE /collections/{collection_id}/items/live``."""
    collection = call.collection()
    return _unpublish(call, collection, read_bulk_keys(call, collection))


def _update_live(call: Call, collection: Collection, changes: list[ItemChange]) -> list[Item]:
    call.world, items = update_live_items(
        call.world, collection, changes, call, skip_invalid_files=skips_invalid_files(call)
    )
    call.record_events("collection_item_changed", collection, items)
    call.record_events("collection_item_published", collection, items)
    return items


def _unpublish(call: Call, collection: Collection, keys: list[tuple[str, str]]) -> Reply:
    call.world, items = unpublish_items(call.world, collection, keys, call)
    call.record_events("collection_item_unpublished", collection, items)
    return NO_CONTENT
