"""Staged items: creating, changing, deleting. The live copies are left alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

from ..rules import Refusal
from .collections import Collection
from .field_data import FieldDataCheck
from .items import Item, make_item, write_to
from .plan_rules import check_item_limit
from .references import check_unreferenced
from .world import Context, World


class NewItem(NamedTuple):
    """One item to create, in one locale or in several.

    Args:
        field_data: As sent.
        cms_locale_ids: The locales it gets a variant in.
        is_draft: As sent, or the default.
        is_archived: As sent, or the default.
        item_id: The item that gets the variants; None for a new one.
    """

    field_data: Mapping[str, Any]
    cms_locale_ids: tuple[str, ...]
    is_draft: bool
    is_archived: bool
    item_id: str | None = None


class ItemChange(NamedTuple):
    """One change of an item in one locale; None for what is to stay."""

    id: str
    cms_locale_id: str
    field_data: Mapping[str, Any] | None = None
    is_draft: bool | None = None
    is_archived: bool | None = None


class WrittenItem(NamedTuple):
    """A staged item after a write.

    Args:
        item: As it is then.
        field_data: All of its field data.
        before: As it was; None for a new item.
        written: The field data that a change wrote.
    """

    item: Item
    field_data: Mapping[str, Any]
    before: Item | None = None
    written: Mapping[str, Any] = MappingProxyType({})


def create_items(
    world: World,
    collection: Collection,
    new_items: Sequence[NewItem],
    context: Context,
    *,
    skip_invalid_files: bool,
    suffix_duplicates: bool,
) -> tuple[World, list[Item]]:
    """The world with the new staged items, and the items: one for each locale, those of one item under one id.

    Raises:
        Refusal: Field data that its fields do not take, a slug that is taken, an unknown locale; nothing is created.
    """
    check = FieldDataCheck(world, collection, context, skip_invalid_files=skip_invalid_files)
    created = [made.item for made in make_items(check, new_items, suffix_duplicates=suffix_duplicates)]
    return store_new(check, collection.with_staged(created)), created


def store_new(check: FieldDataCheck, collection: Collection) -> World:
    """The world with the checked collection as it is with new items.

    Raises:
        Refusal: A mistake that was found, or ``plan.items``.
    """
    world = check.finish().with_collection(collection)
    check_item_limit(world, world.site(collection.site_id), check.context.profile)
    return world


def make_items(
    check: FieldDataCheck, new_items: Sequence[NewItem], *, suffix_duplicates: bool, are_published: bool = False
) -> list[WrittenItem]:
    """The new items: one for each locale.

    Raises:
        Refusal: What cannot wait until all mistakes are found.
    """
    known_locales = check.world.site(check.collection.site_id).cms_locale_ids
    made: list[WrittenItem] = []
    for new in new_items:
        if not set(new.cms_locale_ids).issubset(known_locales):
            raise Refusal("items.locale.unknown")
        siblings = _find_siblings(check.collection, new, made)
        made += _make_variants(check, siblings, new, suffix_duplicates=suffix_duplicates, are_published=are_published)
    return made


def _make_variants(
    check: FieldDataCheck, siblings: Sequence[Item], new: NewItem, *, suffix_duplicates: bool, are_published: bool
) -> list[WrittenItem]:
    now = check.context.now()
    item_id = new.item_id or check.context.new_id(now)
    variants: list[WrittenItem] = []
    for cms_locale_id in new.cms_locale_ids:
        data = check.check_new(new.field_data, cms_locale_id)
        # Variants made together share the first one's slug; those of an item that is there share its slug unless told.
        sharing = [one.item for one in variants] or (siblings if data.get("slug") is None else [])
        shared = sharing[0].slug if sharing else None
        data["slug"] = check.choose_slug(
            data, item_id, cms_locale_id, shared=shared, suffix_duplicates=suffix_duplicates
        )
        item = make_item(
            item_id,
            cms_locale_id,
            created_on=now,
            last_updated=now,
            last_published=now if are_published else None,
            is_archived=new.is_archived,
            is_draft=new.is_draft,
            field_data=data,
        )
        variants.append(WrittenItem(item, data))
    return variants


def _find_siblings(collection: Collection, new: NewItem, made: Sequence[WrittenItem]) -> list[Item]:
    """The variants that an item which gets more of them has already.

    Raises:
        Refusal: ``items.not-found``, or ``items.insert.variant-exists``.
    """
    if new.item_id is None:
        return []
    siblings = collection.staged.variants(new.item_id) + [one.item for one in made if one.item.id == new.item_id]
    if not siblings:
        raise Refusal("items.not-found")
    if any(sibling.cms_locale_id in new.cms_locale_ids for sibling in siblings):
        raise Refusal("items.insert.variant-exists")
    return siblings


def update_items(
    world: World, collection: Collection, changes: Sequence[ItemChange], context: Context, *, skip_invalid_files: bool
) -> tuple[World, list[Item]]:
    """The world with the staged items changed, and the items, one for each change in the order of the changes.

    Raises:
        Refusal: ``items.not-found`` for an item or variant that is not there, or field data its fields do not take;
            nothing is changed.
    """
    check = FieldDataCheck(world, collection, context, skip_invalid_files=skip_invalid_files)
    updated = [changed.item for changed in change_items(check, changes)]
    return check.finish().with_collection(collection.with_staged(updated)), updated


def change_items(
    check: FieldDataCheck, changes: Sequence[ItemChange], *, are_published: bool = False
) -> list[WrittenItem]:
    """The staged items after their changes; a later change of the same item builds on the earlier one."""
    latest: dict[tuple[str, str], Item] = {}
    updated: list[WrittenItem] = []
    for change in changes:
        key = change.id, change.cms_locale_id
        item = latest.get(key) or check.collection.staged.get(*key)
        if item is None:
            raise Refusal("items.not-found")
        changed = _change_item(check, item, change, are_published=are_published)
        latest[key] = changed.item
        updated.append(changed)
    return updated


def _change_item(check: FieldDataCheck, item: Item, change: ItemChange, *, are_published: bool) -> WrittenItem:
    """The item after one change: what was sent replaces, ``lastUpdated`` is now, the rest stays."""
    written = check.check_changes(change.field_data or {}, item.cms_locale_id)
    slug = written.get("slug")
    if slug is not None:
        check.check_changed_slug(slug, item.slug, item.id, item.cms_locale_id)
    else:
        written.pop("slug", None)  # an item cannot do without; the check has noted what was wrong
    after, field_data = write_to(
        item,
        written,
        instant=check.context.now(),
        is_archived=item.is_archived if change.is_archived is None else change.is_archived,
        is_draft=item.is_draft if change.is_draft is None else change.is_draft,
        is_published=are_published,
    )
    return WrittenItem(after, field_data, item, written)


def delete_items(world: World, collection: Collection, keys: Sequence[tuple[str, str]]) -> World:
    """The world without these variants; live ones leave their slugs held (``items.slug.held-after-delete``).

    Raises:
        Refusal: ``items.not-found`` if one of them is not there, ``items.still-referenced`` if published items refer to
            one; nothing is deleted.
    """
    if any(collection.staged.get(*key) is None for key in keys):
        raise Refusal("items.not-found")
    check_unreferenced(world, collection, keys)
    live = [item for item in (collection.live.get(*key) for key in keys) if item is not None]
    return world.with_collection(
        collection._replace(
            staged=collection.staged.remove(keys),
            live=collection.live.remove(keys),
            held_slugs=collection.held_slugs | {item.slug for item in live},
        )
    )
