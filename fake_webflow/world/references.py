"""Which published items refer to an item."""

from __future__ import annotations

from collections.abc import Collection as Keys
from collections.abc import Iterator

from ..rules import Refusal
from .collections import Collection
from .items import Item
from .values import REFERENCE_TYPES
from .world import World


def check_unreferenced(world: World, collection: Collection, keys: Keys[tuple[str, str]]) -> None:
    """Refuses to take away items that published items refer to; those that go with them do not count.

    The published copy of the referring item counts on its own: clearing the reference in the staged one is not enough.

    Raises:
        Refusal: ``items.still-referenced`` with the name of one that refers to it.
    """
    wanted = set(keys)
    for other in world.collections.values():
        slugs = [
            field.slug
            for field in other.fields
            if field.type in REFERENCE_TYPES and field.rule("collectionId") == collection.id
        ]
        for item in _find_referring(other, slugs, wanted):
            if other.id != collection.id or item.key not in wanted:
                raise Refusal("items.still-referenced", name=item.field_data.get("name", item.slug))


def _find_referring(other: Collection, slugs: list[str], wanted: Keys[tuple[str, str]]) -> Iterator[Item]:
    ids = {item_id.encode() for item_id, _ in wanted}
    for item in other.live if slugs else ():
        if not any(item_id in item.json for item_id in ids):  # most items refer to none of them: spare the parsing
            continue
        data = item.field_data
        for slug in slugs:
            value = data.get(slug) or ()
            named = [value] if isinstance(value, str) else value
            if any((item_id, item.cms_locale_id) in wanted for item_id in named):
                yield item
