"""Publishing: staged copies become live ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from ..rules import Problem, Profile, Refusal
from .collections import Collection
from .items import Item, replace_parts
from .sites import Site, make_preview_url
from .world import Context, World


def make_live_copy(item: Item, profile: Profile, field_data: Mapping[str, Any] | None = None) -> Item:
    """The live copy of a staged item.

    Args:
        item: The staged item.
        profile: The open choices.
        field_data: Its field data, if somebody has it at hand and the JSON need not be parsed for it.
    """
    data = item.field_data if field_data is None else field_data
    shown = leave_out_nulls(data, profile)
    return item if shown is data else replace_parts(item, shown)


def leave_out_nulls(field_data: Mapping[str, Any], profile: Profile) -> Mapping[str, Any]:
    """What of field data the live site shows: no nulls, if the choice ``items.live.nulls`` says so."""
    if profile.items_live_nulls == "left-out" and None in field_data.values():
        return {slug: value for slug, value in field_data.items() if value is not None}
    return field_data


def mark_published(item: Item, now: int, context: Context) -> Item:
    """The item after publishing: ``lastPublished`` and ``lastUpdated`` are now, and it is not a draft any more.

    Under ``items.publish.clears-draft`` ``no`` it stays one.
    """
    is_draft = item.is_draft and context.profile.items_publish_clears_draft == "no"
    return replace_parts(item, last_published=now, last_updated=now, is_draft=is_draft)


def check_publishable(world: World, collection: Collection) -> None:
    """Refuses live writes that the state of the site does not allow.

    Raises:
        Refusal: ``publishing.site-never-published`` or ``publishing.structure-changed``.
    """
    if world.site(collection.site_id).last_published is None:
        raise Refusal("publishing.site-never-published")
    if not collection.structure_published:
        raise Refusal("publishing.structure-changed")


def publish_items(
    world: World, collection: Collection, wanted: Sequence[tuple[str, tuple[str, ...]]], context: Context
) -> tuple[World, list[Item], list[str]]:
    """The world with the items live, the items published, and what was wrong with the others.

    Args:
        world: To publish in.
        collection: The items' collection.
        wanted: Item ids with the CMS locales to publish them in; what is named twice is published once.
        context: The moment of the request.

    Raises:
        Refusal: ``publishing.site-never-published`` or ``publishing.structure-changed``.
    """
    check_publishable(world, collection)
    now = context.now()
    taken: dict[tuple[str, str], Item] = {}
    errors: list[str] = []
    for item_id, cms_locale_ids in wanted:
        variants = [collection.staged.get(item_id, name) for name in cms_locale_ids]
        reasons = _describe_refusals(item_id, variants, context)
        if reasons:
            errors += reasons
            continue
        due = [item for item in variants if item is not None and not _stays_staged(item, collection, context.profile)]
        taken |= {item.key: mark_published(item, now, context) for item in due}
    items = list(taken.values())
    return world.with_collection(_put_live(collection, items, context)), items, errors


def _describe_refusals(item_id: str, variants: Sequence[Item | None], context: Context) -> list[str]:
    """Why the item cannot be published, in Webflow's words; nothing if it can."""
    if None in variants or not variants:
        return [Problem("publishing.item-not-found", values={"id": item_id}).text]
    archived = any(item.is_archived for item in variants if item is not None)
    if archived and context.profile.items_publish_archived == "refuse-item":
        return [Problem("publishing.item-archived", values={"id": item_id}).text] * len(variants)
    return []


def _stays_staged(item: Item, collection: Collection, profile: Profile) -> bool:
    """Whether a draft's changes stay behind what is live, if the choice ``items.publish.clears-draft`` says so."""
    return item.is_draft and profile.items_publish_clears_draft == "no" and collection.live.get(*item.key) is not None


def _put_live(collection: Collection, taken: Sequence[Item], context: Context) -> Collection:
    return collection.with_staged(taken).with_live(make_live_copy(item, context.profile) for item in taken)


def publish_site(
    world: World, site: Site, domain_ids: Sequence[str], context: Context
) -> tuple[World, list[tuple[Item, Collection]]]:
    """The world after a publish of the whole site, and the items it took live with their collections.

    It takes every item live that is neither draft nor archived and that no earlier site publish took as it is now;
    archived items leave the live site, drafts stay as they are, slugs of deleted live items are free again. The items
    get one ``lastPublished`` and keep their ``lastUpdated`` (``publishing.site.items``).

    Raises:
        Refusal: ``publishing.site.unknown-domain``.
    """
    if not set(domain_ids) <= {domain.id for domain in site.custom_domains}:
        raise Refusal("publishing.site.unknown-domain")
    now = context.now()
    taken: list[tuple[Item, Collection]] = []
    for collection in world.collections_of(site):
        items = [
            replace_parts(item, last_published=now)
            for item in collection.staged
            if not item.is_draft and not item.is_archived and _is_due(item, collection, site, context.profile)
        ]
        archived = [item.key for item in collection.staged if item.is_archived]
        cleared = collection._replace(live=collection.live.remove(archived))
        settled = _put_live(cleared, items, context)._replace(held_slugs=frozenset(), structure_published=True)
        world = world.with_collection(settled)
        taken += [(item, collection) for item in items]
    domains = tuple(
        replace(domain, last_published=now) if domain.id in domain_ids else domain for domain in site.custom_domains
    )
    published = replace(
        site,
        last_published=now,
        last_updated=now,
        custom_domains=domains,
        preview_url=make_preview_url(site.id, now),
    )
    return world.with_site(published), taken


def _is_due(item: Item, collection: Collection, site: Site, profile: Profile) -> bool:
    """Whether a site publish takes the item: it is new since the last one, or differs from what is live."""
    live = collection.live.get(*item.key)
    if live is None or site.last_published is None or item.created_on > site.last_published:
        return True
    if item.last_published is None or item.last_updated > item.last_published:
        return True
    return make_live_copy(item, profile).field_data != live.field_data
