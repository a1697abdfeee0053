"""Operations on staged items, and publishing them."""

from __future__ import annotations

from typing import Any

from orjson import Fragment

from ..rules import Refusal
from ..world.listing import list_items as listed
from ..world.publishing import publish_items as published
from ..world.staged_items import NewItem, create_items, update_items
from .call import Call, Reply
from .item_requests import (
    change_of,
    checked_id,
    fragments,
    item_query,
    locales_of,
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


def create_items_in_bulk(call: Call) -> Reply:
    """``POST /collections/{collection_id}/items/bulk``: one or many items, each in one locale or several."""
    collection = call.collection()
    sent = call.body["fieldData"]
    locales = locales_of(call.body.get("cmsLocaleIds"), call.primary_locale(collection))
    several = sent if isinstance(sent, list) else [sent]
    check_bulk_size(len(several) * len(locales))
    new = [NewItem(data, locales, _is_draft(call, call.body), call.body.get("isArchived") or False) for data in several]
    call.world, created = create_items(
        call.world,
        collection.id,
        new,
        call,
        skip_invalid_files=skips_invalid_files(call),
        suffix_duplicates=call.profile.items_create_bulk_duplicate_slug == "suffix",
    )
    if len(created) == 1 and call.profile.items_bulk_response_form == "single-when-one":
        return Reply(Fragment(created[0].json), 202)
    return Reply({"items": fragments(created)}, 202)


def update_items_in_bulk(call: Call) -> Reply:
    """``PATCH /collections/{collection_id}/items``."""
    collection = call.collection()
    primary = call.primary_locale(collection)
    changes = [change_of(sent, primary) for sent in call.body["items"]]
    call.world, updated = update_items(
        call.world, collection.id, changes, call, skip_invalid_files=skips_invalid_files(call)
    )
    answer: dict[str, Any] = {"items": fragments(updated)}
    if call.profile.items_update_bulk_pagination == "present":
        answer["pagination"] = pagination(0, 25, len(updated))
    return Reply(answer)


def publish_items(call: Call) -> Reply:
    """``POST /collections/{collection_id}/items/publish``: what can be published is, the rest is told of."""
    collection = call.collection()
    primary = call.primary_locale(collection)
    if "items" in call.body:
        wanted = [
            (checked_id(sent["id"]), locales_of(sent.get("cmsLocaleIds"), primary)) for sent in call.body["items"]
        ]
    else:
        wanted = [(checked_id(item_id), (primary,)) for item_id in call.body["itemIds"]]
    call.world, ids, errors = published(call.world, collection.id, wanted, call)
    return Reply({"publishedItemIds": ids, "errors": errors}, 202)


def check_bulk_size(count: int) -> None:
    """Refuses more than a hundred, counted with every locale variant.

    Raises:
        Refusal: ``items.create-bulk.hundred``.
    """
    if count > LARGEST_BULK:
        raise Refusal("items.create-bulk.hundred")


def _is_draft(call: Call, sent: dict[str, Any]) -> bool:
    given = sent.get("isDraft")
    return bool(given) if given is not None else call.profile.items_create_is_draft == "true"
