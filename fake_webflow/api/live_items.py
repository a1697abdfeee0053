"""Operations on live items."""

from __future__ import annotations

from ..world.live_items import update_live_items
from .call import Call, Reply
from .item_requests import change_of, fragments, skips_invalid_files


def update_live_items_in_bulk(call: Call) -> Reply:
    """``PATCH /collections/{collection_id}/items/live``."""
    collection = call.collection()
    primary = call.primary_locale(collection)
    changes = [change_of(sent, primary) for sent in call.body["items"]]
    call.world, updated = update_live_items(
        call.world, collection.id, changes, call, skip_invalid_files=skips_invalid_files(call)
    )
    return Reply({"items": fragments(updated)})
