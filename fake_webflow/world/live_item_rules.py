"""Live items: changes that reach the published copy at once."""

from __future__ import annotations

from collections.abc import Sequence

from ..rules import Profile, Refusal
from .collections import Collection
from .field_data import FieldDataCheck
from .items import Item, replace_parts
from .publishing_rules import check_publishable, leave_out_nulls, make_live_copy
from .references import check_unreferenced
from .staged_item_rules import ItemChange, NewItem, WrittenItem, change_items, make_items, store_new
from .world import Context, World


def create_live_items(
    world: World,
    collection: Collection,
    new_items: Sequence[NewItem],
    context: Context,
    *,
    skip_invalid_files: bool,
    suffix_duplicates: bool,
) -> tuple[World, list[Item]]:
    """The world with the new items, staged and live at once, and the items.

    Raises:
        Refusal: What staged creates refuse, or a site that is not published; nothing is created.
    """
    check_publishable(world, collection)
    check = FieldDataCheck(world, collection, context, skip_invalid_files=skip_invalid_files)
    made = make_items(check, new_items, suffix_duplicates=suffix_duplicates, are_published=True)
    created = [one.item for one in made]
    live = [make_live_copy(one.item, context.profile, one.field_data) for one in made]
    return store_new(check, collection.with_staged(created).with_live(live)), created


def unpublish_items(
    world: World, collection: Collection, keys: Sequence[tuple[str, str]], context: Context
) -> tuple[World, list[Item]]:
    """The world with these items no longer live, and the items as they were live.

    They stay staged, as drafts without ``lastPublished`` (``items.unpublish.staged``).

    Raises:
        Refusal: ``items.not-live`` if one of them is not live, ``items.still-referenced`` if published items refer to
            one; nothing is unpublished.
    """
    live = [item for item in (collection.live.get(*key) for key in keys) if item is not None]
    if len(live) < len(keys):
        raise Refusal("items.not-live")
    check_unreferenced(world, collection, keys)
    keeps_date = context.profile.items_unpublish_last_published == "kept"
    now = context.now()
    drafts = [
        replace_parts(item, is_draft=True, last_updated=now, last_published=item.last_published if keeps_date else None)
        for item in (collection.staged.get(*key) for key in keys)
        if item is not None
    ]
    changed = collection.with_staged(drafts)._replace(live=collection.live.remove(keys))
    return world.with_collection(changed), live


def update_live_items(
    world: World, collection: Collection, changes: Sequence[ItemChange], context: Context, *, skip_invalid_files: bool
) -> tuple[World, list[Item]]:
    """The world with the items changed, staged and live, and the items as they are staged, in the order of the changes.

    Each change lands in both copies and moves ``lastPublished``; other staged edits of the item stay staged, or go live
    with it if the choice ``items.update-live.staged-changes`` says so.

    Raises:
        Refusal: ``items.update-live.never-published`` if one of the items is not live, ``items.not-found`` if one is
            not there, field data its fields do not take, or a site that is not published; nothing is changed.
    """
    check_publishable(world, collection)
    keys = [(change.id, change.cms_locale_id) for change in changes]
    if any(collection.staged.get(*key) is None for key in keys):
        raise Refusal("items.not-found")
    if any(collection.live.get(*key) is None for key in keys):
        raise Refusal("items.update-live.never-published")
    check = FieldDataCheck(world, collection, context, skip_invalid_files=skip_invalid_files)
    staged: list[Item] = []
    live: dict[tuple[str, str], Item] = {}
    for changed in change_items(check, changes, are_published=True):
        key = changed.item.key
        published = live.get(key) or collection.live.get(*key)
        assert published is not None, "checked above"
        live[key] = _make_changed_live_copy(published, changed, context.profile)
        staged.append(changed.item)
    both = collection.with_staged(staged).with_live(live.values())
    return check.finish().with_collection(both), staged


def _make_changed_live_copy(published: Item, changed: WrittenItem, profile: Profile) -> Item:
    # A live copy with the field data of the staged one still has the same after the same change.
    was_the_same = changed.before is not None and published.raw_field_data == changed.before.raw_field_data
    if was_the_same or profile.items_update_live_staged_changes == "publish-all":
        return make_live_copy(changed.item, profile, changed.field_data)
    return replace_parts(changed.item, leave_out_nulls({**published.field_data, **changed.written}, profile))
