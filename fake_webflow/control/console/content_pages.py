"""The pages of content: sites and their collections, items as a table, one item staged beside live, assets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import orjson

from ...world.assets import Asset, AssetFolder
from ...world.collections import Collection, Field
from ...world.items import Item, LocaleCopies
from ...world.sites import Locale, Site
from ...world.values import REFERENCE_TYPES
from .values import Row, compare_values, item_values
from .visit import PageError, Values, Visit

ITEMS_A_PAGE, ASSETS_A_PAGE = 25, 24
STATES = ("any", "live", "changed", "never-published", "draft", "archived")
_NAMED_AT_ONCE = 12  # columns of a table that fields are shown in
_PICTURES = ("image/",)


class ListedItem(NamedTuple):
    """An item as a row of the table.

    Args:
        item: Its staged copy.
        name: As the field says.
        state: One word: ``live``, ``changed`` since it was published, ``never-published``, ``draft``, ``archived``.
    """

    item: Item
    name: str
    state: str


def show_sites(visit: Visit) -> tuple[str, Values]:
    """Every site with its locales, collections and folders."""
    world = visit.world
    return "content.html", {
        "sites": [
            {
                "site": site,
                "locales": _locales_of(site),
                "collections": world.collections_of(site),
                "assets": sum(1 for asset in world.assets if asset.site_id == site.id),
                "folders": sum(1 for folder in world.asset_folders if folder.site_id == site.id),
            }
            for site in world.sites.values()
        ]
    }


def show_items(visit: Visit) -> tuple[str, Values]:
    """One collection: its fields, and its items as a table."""
    collection, site = _find_collection(visit)
    locale = _find_locale(visit, site)
    state, sought = visit.read_choice("state", STATES), visit.query.get("q", "").strip()
    staged, live = (copies.in_locale(locale.cms_locale_id) for copies in (collection.staged, collection.live))
    if state == "any" and not sought:
        page = visit.find_page(len(staged.by_age), ITEMS_A_PAGE)
        found = staged.by_age.slice(page.total - page.stop, page.total - page.start)[::-1]
    else:
        matching = _find_matching(reversed(staged.by_age), sought, state, live)
        page = visit.find_page(len(matching), ITEMS_A_PAGE)
        found = matching[page.start : page.stop]
    return "collection.html", {
        "collection": collection,
        "site": site,
        "locales": _locales_of(site),
        "locale": locale,
        "states": STATES,
        "state": state,
        "sought": sought,
        "page": page,
        "items": [ListedItem(item, _name_of(item), _tell_state(item, live)) for item in found],
        "count": len(staged.by_id),
        "live_count": len(live.by_id),
        "fields": [(field, _describe_rules(field, visit)) for field in collection.fields],
    }


def show_item(visit: Visit) -> tuple[str, Values]:
    """One item, its staged copy beside the live one."""
    collection, site = _find_collection(visit)
    item_id = visit.parameters["item"]
    variants = {one.cms_locale_id for copies in (collection.staged, collection.live)
                for one in copies.variants(item_id)}  # fmt: skip
    locales = [locale for locale in _locales_of(site) if locale.cms_locale_id in variants]
    if not locales:
        raise PageError(404, f"collection {collection.slug} has no item {item_id}, staged or live")
    locale = _find_locale(visit, site) if "locale" in visit.query else locales[0]
    staged, live = (copies.get(item_id, locale.cms_locale_id) for copies in (collection.staged, collection.live))
    if staged is None and live is None:
        raise PageError(
            404, f"item {item_id} has no variant in {locale.tag}; it has {', '.join(one.tag for one in locales)}"
        )
    rows = list(compare_values(item_values(live), item_values(staged)))
    fields = {field.slug: field for field in collection.fields}
    shown = staged or live
    return "item.html", {
        "collection": collection,
        "site": site,
        "locales": locales,
        "locale": locale,
        "item": shown,
        "name": _name_of(shown) if shown else "",
        "state": _tell_state(staged, collection.live.in_locale(locale.cms_locale_id)) if staged else "live only",
        "has_staged": staged is not None,
        "has_live": live is not None,
        "rows": [(row, fields.get(row.name), list(_find_references(row, fields.get(row.name), visit))) for row in rows],
        "differing": sum(row.differs for row in rows) if staged and live else 0,
    }


def show_assets(visit: Visit) -> tuple[str, Values]:
    """Assets with their pictures, by folder."""
    world = visit.world
    sites = list(world.sites.values())
    folder_id = visit.query.get("folder", "")
    folder = world.asset_folders.get(folder_id) if folder_id else None
    if folder_id and folder is None:
        raise PageError(404, f"there is no asset folder {folder_id}")
    sought = visit.query.get("q", "").strip().lower()
    found = [
        asset
        for asset in reversed(world.assets)
        if (folder is None or asset.folder_id == folder.id) and sought in asset.display_name.lower()
    ]
    page = visit.find_page(len(found), ASSETS_A_PAGE)
    return "assets.html", {
        "sites": {site.id: site for site in sites},
        "folders": [(one, _count_in(world.assets, one)) for one in world.asset_folders],
        "folder": folder,
        "sought": visit.query.get("q", ""),
        "page": page,
        "assets": [_show_asset(asset, visit) for asset in found[page.start : page.stop]],
        "total": len(world.assets),
    }


def _count_in(assets: Any, folder: AssetFolder) -> int:
    return sum(1 for asset in assets if asset.folder_id == folder.id)


def _show_asset(asset: Asset, visit: Visit) -> dict[str, Any]:
    file = visit.world.files.get(asset.key)
    folder = visit.world.asset_folders.get(asset.folder_id) if asset.folder_id else None
    return {
        "asset": asset,
        "size": len(file.data) if file is not None else None,
        "address": f"{visit.base}/cdn/{asset.key}" if file is not None else "",
        "is_picture": file is not None and file.content_type.startswith(_PICTURES),
        "folder": folder.display_name if folder is not None else "",
    }


def _find_collection(visit: Visit) -> tuple[Collection, Site]:
    collection_id = visit.parameters["collection"]
    found = visit.world.collections.get(collection_id)
    if found is None:
        raise PageError(404, f"there is no collection {collection_id} in this world; see Content for those it has")
    return found, visit.world.sites[found.site_id]


def _locales_of(site: Site) -> Sequence[Locale]:
    return site.primary, *site.secondary


def _find_locale(visit: Visit, site: Site) -> Locale:
    """The CMS locale that the query names, or the primary one."""
    by_id = {locale.cms_locale_id: locale for locale in _locales_of(site)}
    return by_id[visit.read_choice("locale", by_id)]


def _name_of(item: Item) -> str:
    return str(orjson.loads(item.raw_field_data).get("name", ""))


def _tell_state(item: Item, live: LocaleCopies) -> str:
    if item.is_archived:
        return "archived"
    published = live.by_id.get(item.id)
    if published is None:
        return "draft" if item.is_draft else "never-published" if item.last_published is None else "unpublished"
    return "live" if published.raw_field_data == item.raw_field_data else "changed"


def _find_matching(items: Iterable[Item], sought: str, state: str, live: LocaleCopies) -> list[Item]:
    """The items that have a text, whatever the case of its ASCII letters, and a state."""
    found = list(items)
    if sought:
        text = orjson.dumps(sought)[1:-1].lower()  # as it stands in their JSON
        found = [item for item in found if text in item.json.lower()]
    return found if state == "any" else [item for item in found if _tell_state(item, live) == state]


def _describe_rules(field: Field, visit: Visit) -> str:
    """The validations of a field in short."""
    parts = []
    for name, value in (field.validations or {}).items():
        if name == "options":
            parts.append("one of " + ", ".join(str(option["name"]) for option in value))
        elif name == "collectionId":
            target = visit.world.collections.get(value)
            parts.append(f"items of {target.slug if target else value}")
        elif name not in ("messages", "pattern"):
            parts.append(f"{name} {value}")
    return "; ".join(parts)


def _find_references(row: Row, field: Field | None, visit: Visit) -> Iterator[tuple[str, str]]:
    """The items that a value names: what each is called, and the path of its page."""
    if field is None or field.type not in REFERENCE_TYPES:
        return
    target = visit.world.collections.get(field.rule("collectionId") or "")
    for item_id in (row.after or row.before or "").strip("[]").replace('"', "").split(","):
        variants = target.staged.variants(item_id) if target is not None else []
        if target is not None and variants:
            yield _name_of(variants[0]), f"/content/{target.id}/{item_id}"
