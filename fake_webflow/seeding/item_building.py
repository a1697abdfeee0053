"""Items out of a scenario, staged and live.

References may run in circles, so it goes in two rounds: first every item gets its id, its locales and its slug, then
its field data is checked by the law that checks every write.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import orjson

from ..rules import Refusal
from ..wording import suggest
from ..world.addresses import WEBFLOW, exchange_file_addresses
from ..world.collections import Collection
from ..world.items import Copies, Item, make_item, replace_parts
from ..world.publishing_rules import make_live_copy
from ..world.sites import Site
from ..world.slugs import find_free_slug, slugify
from ..world.world import World
from .context import BuildContext, Mistake, Registry
from .item_values import RecordedDataCheck, Translator, check_verbatim
from .rows import CollectionRow, ItemRow, LiveItemRow, SiteRow


class _Row(NamedTuple):
    """One entry of ``items`` in the scenario, with what it says or what was made for it.

    Args:
        spec: As the scenario has it.
        place: Where it has it.
        id: Given, or made.
        created_on: Likewise.
        cms_locale_ids: The locales that have a variant.
        wants_live: Whether there is a live copy; None where the scenario does not say.
        live_data: Field data of the live copy; None where it has that of the staged one.
        live_item: The live copy, where the scenario says more of it than its field data.
        slug: Given, or made.
    """

    spec: ItemRow
    place: str
    id: str
    created_on: int
    cms_locale_ids: tuple[str, ...]
    wants_live: bool | None
    live_data: Mapping[str, Any] | None
    live_item: LiveItemRow | None
    slug: str = ""


def build_items(
    world: World, sites: Sequence[SiteRow], registry: Registry, context: BuildContext, *, verbatim: bool = False
) -> World:
    """The world with the items of all collections of the scenario.

    Args:
        world: Where the collections are.
        sites: As the scenario has them.
        registry: Knows what has a name, and gets the names of the items.
        context: Of ids and dates.
        verbatim: Whether field data is kept as it is.

    Raises:
        Mistake: An item that the laws of the world would refuse.
    """
    rows: dict[str, list[_Row]] = {}
    specs = (
        (f"sites[{number}].collections[{count}]", given)
        for number, site in enumerate(sites)
        for count, given in enumerate(site.get("collections", ()))
    )
    # The world has its collections in the order of the scenario.
    for collection, (place, spec) in zip(world.collections.values(), specs, strict=True):
        rows[collection.id] = _read_rows(collection, world.site(collection.site_id), spec, place, registry, context)
        world = world.with_collection(collection.with_staged(_make_outlines(rows[collection.id])))
    for collection_id, own in rows.items():
        world = _ItemBuilder(world, world.collection(collection_id), registry, context, verbatim=verbatim).build(own)
    return world


def _read_rows(
    collection: Collection, site: Site, spec: CollectionRow, place: str, registry: Registry, context: BuildContext
) -> list[_Row]:
    slugs = _Slugs(context)
    rows: list[_Row] = []
    for number, row in enumerate(spec.get("items", ())):
        where = f"{place}.items[{number}]"
        item_id, created_on = context.identify(row, collection.created_on + 1000 * (number + 1))
        locales = _read_locales(site, row, where, registry)
        for name in locales:
            registry.claim(f"variant in {collection.id}", f"{item_id} in {name}", item_id, f"{where}.id")
        wants_live, live_data = _read_live(row, where)
        rows.append(_Row(row, where, item_id, created_on, locales, wants_live, live_data, row.get("liveItem")))
        slugs.take_explicit(rows[-1])
    named = [row._replace(slug=slugs.choose(row)) for row in rows]
    for one in named:
        registry.offer(f"item in {collection.id}", one.id, one.id)
        registry.offer(f"item in {collection.id}", one.slug, one.id)
    return named


def _read_live(row: ItemRow, place: str) -> tuple[bool | None, Mapping[str, Any] | None]:
    """Whether there is a live copy, None where the row does not say; and its field data, if it has its own."""
    live = row.get("live")
    if "liveItem" in row:
        if live is not None:
            raise Mistake(place, "its live copy is given twice, as live and as liveItem")
        return True, row["liveItem"]["fieldData"]
    return None if live is None else live is not False, live if isinstance(live, dict) else None


def _read_locales(site: Site, spec: ItemRow, place: str, registry: Registry) -> tuple[str, ...]:
    if "cmsLocaleId" in spec and "cmsLocaleIds" in spec:
        raise Mistake(place, "its locales are given twice, as cmsLocaleId and as cmsLocaleIds")
    kind = f"locale in {site.id}"
    if "cmsLocaleId" in spec:
        return (registry.find_id(kind, spec["cmsLocaleId"], f"{place}.cmsLocaleId"),)
    names = enumerate(spec.get("cmsLocaleIds", ()))
    found = (registry.find_id(kind, name, f"{place}.cmsLocaleIds[{number}]") for number, name in names)
    return tuple(dict.fromkeys(found)) or (site.primary.cms_locale_id,)


class _Slugs:
    """The slugs of a collection's items: those given first, so that those made keep out of their way."""

    def __init__(self, context: BuildContext) -> None:
        self._context = context
        self._holders: dict[tuple[str, str], str] = {}

    def take_explicit(self, row: _Row) -> None:
        """Takes the slugs an item has in the scenario.

        Raises:
            Mistake: Another item has one of them.
        """
        for place, data in ((f"{row.place}.fieldData", row.spec["fieldData"]), (_live_place(row), row.live_data or {})):
            slug = data.get("slug")
            if isinstance(slug, str) and not self._take(slug, row):
                raise Mistake(f"{place}.slug", f"another item has the slug {slug!r}")

    def choose(self, row: _Row) -> str:
        """The slug of an item: the one it has in the scenario, or one made from its name."""
        data = row.spec["fieldData"]
        if data.get("slug") is not None:
            return str(data["slug"])
        return find_free_slug(
            slugify(str(data.get("name"))),
            lambda: self._context.digits(5),
            lambda slug: not self._take(slug, row),
        )

    def _take(self, slug: str, row: _Row) -> bool:
        scopes = row.cms_locale_ids if self._context.profile.items_slug_scope == "collection-and-locale" else ("",)
        return all(self._holders.setdefault((scope, slug), row.id) == row.id for scope in scopes)


def _live_place(row: _Row) -> str:
    return f"{row.place}.live" if row.live_item is None else f"{row.place}.liveItem.fieldData"


def _make_outlines(rows: Sequence[_Row]) -> list[Item]:
    """The items without their content, for references to find."""
    return [
        Item(row.id, name, row.created_on, row.created_on, None, False, False, row.slug, b"")
        for row in rows
        for name in row.cms_locale_ids
    ]


class _ItemBuilder:
    """The second round of one collection.

    Args:
        world: With the outlines of all items, and the files.
        collection: Whose items they are.
        registry: Knows what has a name.
        context: Of ids and dates.
        verbatim: Whether field data is kept as it is.
    """

    def __init__(
        self, world: World, collection: Collection, registry: Registry, context: BuildContext, *, verbatim: bool
    ) -> None:
        self._collection = collection
        self._site = world.site(collection.site_id)
        self._folders = world.file_folders
        self._context = context
        self._verbatim = verbatim
        self._check = RecordedDataCheck(world, collection, context, skip_invalid_files=False)
        self._translator = Translator(collection, world, registry, context.addresses)
        self._staged: list[Item] = []
        self._live: list[Item] = []

    def build(self, rows: Sequence[_Row]) -> World:
        """The world with these items of the collection, no others, and the files they import.

        Raises:
            Mistake: An item that the laws of the world would refuse.
        """
        for row in rows:
            self._add(row)
        staged, live = Copies().put(self._staged), Copies().put(self._live)
        return self._check.finish().with_collection(self._collection._replace(staged=staged, live=live))

    def _add(self, row: _Row) -> None:
        data = row.spec["fieldData"]
        if data.get("slug") is None:
            data = {**data, "slug": row.slug}
        last_updated = self._context.instant = self._context.read_last_updated(row.spec, row.created_on)
        last_published = _decide_last_published(row, self._site, last_updated, self._context)
        for cms_locale_id in row.cms_locale_ids:
            kept = self._check_field_data(data, cms_locale_id, f"{row.place}.fieldData")
            item = make_item(
                row.id,
                cms_locale_id,
                created_on=row.created_on,
                last_updated=last_updated,
                last_published=last_published,
                is_archived=row.spec.get("isArchived", False),
                is_draft=row.spec.get("isDraft", False),
                field_data=kept,
            )
            self._staged.append(item)
            if last_published is not None and row.wants_live is not False:
                self._live.append(self._make_live_copy(row, item))

    def _make_live_copy(self, row: _Row, item: Item) -> Item:
        own: dict[str, Any] | None = None
        if row.live_data is not None:
            own = {**row.live_data, "slug": row.live_data.get("slug") or row.slug}
            own = self._check_field_data(own, item.cms_locale_id, _live_place(row))
        if row.live_item is not None:
            return self._make_stated_copy(row.live_item, item, own)
        if self._verbatim:
            return item if own is None else replace_parts(item, own)
        return make_live_copy(_rewind_to_publish(item, own), self._context.profile)

    def _make_stated_copy(self, live: LiveItemRow, item: Item, field_data: Mapping[str, Any] | None) -> Item:
        context = self._context
        copy = replace_parts(
            item,
            field_data,
            created_on=context.read_moment(live.get("createdOn"), item.created_on),
            last_updated=context.read_moment(live.get("lastUpdated"), item.last_updated),
            last_published=context.read_moment(live.get("lastPublished"), item.last_published),
            is_archived=live.get("isArchived", item.is_archived),
            is_draft=live.get("isDraft", item.is_draft),
        )
        return copy if self._verbatim else make_live_copy(copy, context.profile)

    def _check_field_data(self, data: Mapping[str, Any], cms_locale_id: str, place: str) -> dict[str, Any]:
        """The data as the item keeps it."""
        try:
            if self._verbatim:
                return check_verbatim(self._exchange_addresses(data), self._collection, self._context.profile)
            return self._check.check_recorded(self._translator.translate(data, place), cms_locale_id)
        except Refusal as refusal:
            raise _make_mistake(refusal, self._collection, place) from None

    def _exchange_addresses(self, data: Mapping[str, Any]) -> Mapping[str, Any]:
        """The data with the fake's own addresses of its files in place of Webflow's."""
        raw = orjson.dumps(data)
        exchanged = exchange_file_addresses(raw, WEBFLOW, self._context.addresses, self._folders)
        return data if exchanged is raw else dict(orjson.loads(exchanged))


def _decide_last_published(row: _Row, site: Site, last_updated: int, context: BuildContext) -> int | None:
    spec = row.spec
    wants_live = row.wants_live
    if wants_live is None:
        wants_live = not (spec.get("isDraft") or spec.get("isArchived") or site.last_published is None)
    if "lastPublished" in spec:
        published = context.read_moment(spec["lastPublished"])
    else:
        published = last_updated if wants_live else None
    if published is None and row.wants_live:
        raise Mistake(f"{row.place}.live", "an item that was never published has no live copy")
    if published is not None and site.last_published is None:
        raise Mistake(row.place, "nothing can be published on a site that never was")
    return published


def _rewind_to_publish(item: Item, field_data: Mapping[str, Any] | None) -> Item:
    """The item as it was when it was published: what came later, a draft's flag too, is only staged."""
    assert item.last_published is not None
    if field_data is None and item.last_updated == item.last_published:
        return item
    edited = item.last_updated > item.last_published
    return replace_parts(
        item,
        field_data,
        last_updated=min(item.last_updated, item.last_published),
        is_draft=item.is_draft and not edited,
        is_archived=item.is_archived and not edited,
    )


def _make_mistake(refusal: Refusal, collection: Collection, place: str) -> Mistake:
    if not refusal.problems:
        return Mistake(place, f"{refusal.values['field']} is missing; the field is required")
    problem = refusal.problems[0]
    where = f"{place}.{problem.param}"
    if problem.clause == "field-data.unknown-field":
        near = suggest(problem.param, (field.slug for field in collection.fields))
        return Mistake(where, f"no field of {collection.display_name} has this slug; {near}")
    return Mistake(where, problem.text)
