"""Live items: changes that reach the published copy at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..rules import Profile, Refusal
from .context import Context
from .field_data import FieldDataCheck
from .items import Item, remade
from .staged_items import ItemChange, changed_items
from .world import World


def live_copy(item: Item, profile: Profile, field_data: Mapping[str, Any] | None = None) -> Item:
    """What of a staged item the live site shows: nulls are left out, if the choice ``items.live.nulls`` says so."""
    data = item.field_data if field_data is None else field_data
    if profile.items_live_nulls == "left-out" and None in data.values():
        return remade(item, {slug: value for slug, value in data.items() if value is not None})
    return item if field_data is None else remade(item, data)


def update_live_items(
    world: World, collection_id: str, changes: Sequence[ItemChange], context: Context, *, skip_invalid_files: bool
) -> tuple[World, list[Item]]:
    """The world with the items changed, staged and live, and the items as they are staged, in the order of the changes.

    Each change lands in both copies and moves ``lastPublished``; other staged edits of the item stay staged, or go live
    with it if the choice ``items.update-live.staged-changes`` says so.

    Raises:
        Refusal: ``items.update-live.never-published`` if one of the items is not live, ``items.not-found`` if one is
            not there, or field data its fields do not take; nothing is changed.
    """
    collection = world.collection(collection_id)
    if not collection.structure_published:
        raise Refusal("publishing.structure-changed")
    keys = [(change.id, change.cms_locale_id) for change in changes]
    if any(collection.staged.get(*key) is None for key in keys):
        raise Refusal("items.not-found")
    if any(collection.live.get(*key) is None for key in keys):
        raise Refusal("items.update-live.never-published")
    check = FieldDataCheck(world, collection, context, skip_invalid_files=skip_invalid_files)
    staged = [
        remade(item, last_published=item.last_updated)
        for item in changed_items(collection.staged.get, changes, check, context)
    ]
    live: dict[tuple[str, str], Item] = {}
    for change, item in zip(changes, staged, strict=True):
        published = live.get(item.key) or collection.live.get(*item.key)
        assert published is not None, "checked above"
        live[item.key] = _updated_live(published, change, item, context.profile)
    changed = collection.with_staged(staged).with_live(live.values())
    return check.finish().with_collection(changed), staged


def _updated_live(published: Item, change: ItemChange, staged: Item, profile: Profile) -> Item:
    if profile.items_update_live_staged_changes == "publish-all":
        return live_copy(staged, profile)
    # What the check made of the sent values stands in the staged copy; the live copy takes just those from it.
    data = staged.field_data
    patched = {slug: data[slug] for slug in change.field_data or {} if slug in data}
    return live_copy(staged, profile, {**published.field_data, **patched})
