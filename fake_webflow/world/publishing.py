"""Publishing: staged copies become live ones."""

from __future__ import annotations

from collections.abc import Sequence

from ..rules import Refusal, clause
from .collections import Collection
from .context import Context
from .items import Item, remade
from .live_items import live_copy
from .world import World


def published(item: Item, now: int, context: Context) -> Item:
    """The item after publishing: ``lastPublished`` and ``lastUpdated`` are now, and it is no draft any more."""
    is_draft = item.is_draft and context.profile.items_publish_clears_draft == "no"
    return remade(item, last_published=now, last_updated=now, is_draft=is_draft)


def publish_items(
    world: World, collection_id: str, wanted: Sequence[tuple[str, tuple[str, ...]]], context: Context
) -> tuple[World, list[str], list[str]]:
    """The world with the items live, the ids published, and what was wrong with the others.

    Args:
        world: To publish in.
        collection_id: The items' collection.
        wanted: Item ids with the CMS locales to publish them in.
        context: The moment of the request.

    Raises:
        Refusal: ``publishing.site-never-published`` or ``publishing.structure-changed``.
    """
    collection = world.collection(collection_id)
    if world.site(collection.site_id).last_published is None:
        raise Refusal("publishing.site-never-published")
    if not collection.structure_published:
        raise Refusal("publishing.structure-changed")
    now = context.now()
    taken: list[Item] = []
    ids: list[str] = []
    errors: list[str] = []
    for item_id, cms_locale_ids in wanted:
        variants = [collection.staged.get(item_id, name) for name in cms_locale_ids]
        refused = _refused(item_id, variants, context)
        if refused:
            errors.append(refused)
            continue
        ids.append(item_id)
        taken += [published(item, now, context) for item in variants if item is not None]
    return world.with_collection(_live(collection, taken, context)), ids, errors


def _refused(item_id: str, variants: Sequence[Item | None], context: Context) -> str:
    if None in variants or not variants:
        return clause("publishing.item-not-found").text.replace("$id", item_id)
    archived = any(item.is_archived for item in variants if item is not None)
    if archived and context.profile.items_publish_archived == "refuse-item":
        return clause("publishing.item-archived").text.replace("$id", item_id)
    return ""


def _live(collection: Collection, taken: Sequence[Item], context: Context) -> Collection:
    return collection.with_staged(taken).with_live(live_copy(item, context.profile) for item in taken)
