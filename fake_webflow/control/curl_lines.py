"""Lines to paste into a shell that work on the world as it is."""

from __future__ import annotations

import json
from shlex import quote
from typing import Any

from ..world.collections import NAME_AND_SLUG, Collection
from ..world.items import Item
from ..world.world import World


def make_curl_lines(world: World, base_url: str, token: str) -> list[tuple[str, str]]:
    """What to try first: listing items, creating one, publishing one.

    Args:
        world: What there is.
        base_url: Base URL of the API, version included.
        token: The bearer token.

    Returns:
        Purposes, each with its line. Where no collection takes an item that has just a name, the sites instead.
    """

    def line(path: str, body: Any = None) -> str:
        parts = ["curl", quote(f"{base_url}{path}"), "-H", quote(f"Authorization: Bearer {token}")]
        if body is not None:
            parts += ["-H", quote("Content-Type: application/json"), "-d", quote(json.dumps(body))]
        return " ".join(parts)

    collection = next((found for found in world.collections.values() if _takes_a_name(found)), None)
    if collection is None:
        return [("list the sites", line("/sites"))]
    items = f"/collections/{collection.id}/items"
    lines = [
        ("list items", line(f"{items}?limit=2")),
        ("create an item", line(items, {"fieldData": {"name": "Hello from curl"}})),
    ]
    item = _find_publishable(world, collection)
    if item is not None:
        lines.append(("publish an item", line(f"{items}/publish", {"itemIds": [item.id]})))
    return lines


def _takes_a_name(collection: Collection) -> bool:
    """Whether an item with a name and nothing else is accepted."""
    return not any(field.is_required for field in collection.fields if field.slug not in NAME_AND_SLUG)


def _find_publishable(world: World, collection: Collection) -> Item | None:
    """An item that can be published, one that never was if there is any."""
    primary = world.sites[collection.site_id].primary.cms_locale_id
    items = [item for item in collection.staged.in_locale(primary).by_id if not item.is_archived]
    return next((item for item in items if item.last_published is None), items[0] if items else None)
