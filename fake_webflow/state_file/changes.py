"""What a write changed: the records that one state has and another has not, and a state with such changes in it.

States share what they have in common, so what a write changed is what is another object than before. Each record has a
kind and a key. What is left of a state is its head: the clock, the source of ids, the order of sites, and the like.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from operator import attrgetter
from typing import Any, NamedTuple

from ..conditions import Clock, Ids, Limits, RateLimit, Stub, Stubs
from ..fake import State
from ..webhooks.deliveries import Deliveries, Delivery
from ..world.assets import Asset, AssetFolder, StoredFile
from ..world.collections import Collection
from ..world.items import Copies, Item
from ..world.ordered import split_by_identity
from ..world.sites import Site
from ..world.tokens import Token
from ..world.webhooks import Webhook
from ..world.world import World

COPIES = ("staged", "live")
"""Parts of a collection that are records of their own."""
# Parts of the world by the kind of their records: sequences that keep an order of their own, and mappings.
_SEQUENCES = {"asset": "assets", "folder": "asset_folders", "file": "files", "webhook": "webhooks"}
_MAPPINGS = {"site": "sites", "collection": "collections", "token": "tokens"}
RECORD_TYPES: Mapping[str, type[Any]] = {
    "site": Site,
    "collection": Collection,
    "token": Token,
    "asset": Asset,
    "folder": AssetFolder,
    "file": StoredFile,
    "webhook": Webhook,
    "staged": Item,
    "live": Item,
    "delivery": Delivery,
    "stub": Stub,
}
"""By kind."""


class Write(NamedTuple):
    """One record that is new or another one, or that is gone.

    Args:
        kind: One of ``RECORD_TYPES``.
        key: Tells it from others of its kind.
        record: None where it is gone.
    """

    kind: str
    key: str
    record: Any


def find_changes(before: State, after: State) -> Iterator[Write]:
    """The changes that make the records of one state those of another.

    It takes as long as what differs is large: what both share is not looked into.
    """
    if after.world is not before.world:
        yield from _find_changes_of_world(before.world, after.world)
    if after.deliveries.kept is not before.deliveries.kept:
        deliveries = split_by_identity(before.deliveries.kept, after.deliveries.kept)
        yield from _compare("delivery", deliveries, _number_of)
    if after.stubs.scripts is not before.stubs.scripts:
        yield from _compare("stub", (before.stubs.scripts, after.stubs.scripts), _number_of)


def _find_changes_of_world(before: World, after: World) -> Iterator[Write]:
    for kind, name in _SEQUENCES.items():
        old, new = getattr(before, name), getattr(after, name)
        if new is not old:
            key = attrgetter("key" if kind == "file" else "id")
            yield from _compare(kind, old.tell_apart(new), key)
    for kind, name in _MAPPINGS.items():
        old, new = getattr(before, name), getattr(after, name)
        if new is not old:
            yield from (Write(kind, key, None) for key in old if key not in new)
            yield from (Write(kind, key, record) for key, record in new.items() if _is_another(old.get(key), record))
    if after.collections is not before.collections:
        for each in {**before.collections, **after.collections}:
            yield from _find_changes_of_items(each, before.collections.get(each), after.collections.get(each))


def _is_another(old: Any, new: Any) -> bool:
    """Whether a record is another one than before; the items of a collection are records of their own."""
    if isinstance(old, Collection):
        old = old._replace(staged=new.staged, live=new.live)
    return old is not new and old != new


def _find_changes_of_items(collection_id: str, before: Collection | None, after: Collection | None) -> Iterator[Write]:
    def key(item: Item) -> str:
        return f"{collection_id} {item.id} {item.cms_locale_id}"

    for kind in COPIES:
        old, new = getattr(before, kind, Copies()), getattr(after, kind, Copies())
        if new is not old:
            yield from _compare(kind, old.tell_apart(new), key)


def _compare(kind: str, differing: tuple[Iterable[Any], Iterable[Any]], key: Callable[[Any], str]) -> Iterator[Write]:
    """The changes from some records to others."""
    old, new = differing
    before, after = {key(record): record for record in old}, {key(record): record for record in new}
    yield from (Write(kind, name, None) for name in before if name not in after)
    yield from (Write(kind, name, record) for name, record in after.items() if before.get(name) is not record)


def _number_of(numbered: Delivery | Stub) -> str:
    return str(numbered.number)


def write_head(state: State) -> str:
    """What a state is beside its records, as JSON. Rate windows and faults are not kept."""
    world = state.world
    return json.dumps(
        {
            "clock": state.clock._asdict(),
            "ids": state.ids._asdict(),
            "begins": state.begins,
            "rate_limit": state.rate.limit,
            "next_delivery": state.deliveries.next_number,
            "last_stub": state.stubs.last_number,
            "imports": world.imports,
            "order": {name: list(getattr(world, name)) for name in _MAPPINGS.values()},
        }
    )


def apply_changes(base: State, changes: Iterable[Write], head: str, limits: Limits) -> State:
    """The state that differs from another by these changes.

    Args:
        base: The other.
        changes: At most one of each record.
        head: As ``write_head`` wrote it.
        limits: How many deliveries are kept.

    Raises:
        ValueError, TypeError, KeyError, AttributeError: It was not written so.
    """
    by_kind: dict[str, dict[str, Any]] = defaultdict(dict)
    for change in changes:
        by_kind[change.kind][change.key] = change.record
    parts = json.loads(head)
    parts_of_world: dict[str, Any] = {"imports": tuple((pattern, outcome) for pattern, outcome in parts["imports"])}
    for kind, name in _SEQUENCES.items():
        parts_of_world[name] = _apply_to_sequence(getattr(base.world, name), by_kind[kind])
    for kind, name in _MAPPINGS.items():
        parts_of_world[name] = _apply_to_mapping(getattr(base.world, name), by_kind[kind], parts["order"][name])
    world = base.world._replace(**parts_of_world)
    return State(
        world._replace(collections=_apply_to_items(base.world, world.collections, by_kind)),
        Clock(**parts["clock"]),
        Ids(**parts["ids"]),
        RateLimit(parts["rate_limit"]),
        begins=parts["begins"],
        stubs=Stubs(_merge_numbered(base.stubs.scripts, by_kind["stub"]), parts["last_stub"]),
        deliveries=_apply_to_deliveries(base.deliveries, by_kind["delivery"], parts["next_delivery"], limits),
    )


def _apply_to_sequence(base: Any, changed: Mapping[str, Any]) -> Any:
    gone = [key for key, record in changed.items() if record is None]
    return base.remove(gone).put([record for record in changed.values() if record is not None])


def _apply_to_mapping(base: Mapping[str, Any], changed: Mapping[str, Any], order: Sequence[str]) -> Mapping[str, Any]:
    merged = {**base, **changed}
    return {key: merged[key] for key in order}


def _apply_to_items(
    base: World, collections: Mapping[str, Collection], by_kind: Mapping[str, Mapping[str, Any]]
) -> Mapping[str, Collection]:
    """The collections, which have no items yet where they changed, with their items."""
    copies: dict[str, dict[str, Any]] = {
        collection_id: {kind: getattr(base.collections.get(collection_id), kind, Copies()) for kind in COPIES}
        for collection_id in collections
    }
    for kind in COPIES:
        put: dict[str, list[Item]] = defaultdict(list)
        gone: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for key, item in by_kind[kind].items():
            collection_id, item_id, locale = key.split(" ", 2)
            if item is None:
                gone[collection_id].append((item_id, locale))
            else:
                put[collection_id].append(item)
        for collection_id in [each for each in {**put, **gone} if each in copies]:
            found = copies[collection_id]
            if found[kind]:
                # Those that are put are taken out first, since the base may have them under another date or slug.
                keys = [*gone[collection_id], *(item.key for item in put[collection_id])]
                found[kind] = found[kind].remove(keys)
            found[kind] = found[kind].put(put[collection_id])
    return {key: each._replace(**copies[key]) for key, each in collections.items()}


def _apply_to_deliveries(base: Deliveries, changed: Mapping[str, Any], next_number: int, limits: Limits) -> Deliveries:
    kept = _merge_numbered(base.kept, changed)
    return Deliveries(
        kept,
        tuple(found.number for found in kept if found.due is not None),
        next_number,
        sum(found.size for found in kept),
        limits,
    )


def _merge_numbered(base: Iterable[Any], changed: Mapping[str, Any]) -> tuple[Any, ...]:
    """Records that have numbers, in their order."""
    merged = {**{_number_of(found): found for found in base}, **changed}
    return tuple(sorted((found for found in merged.values() if found is not None), key=attrgetter("number")))
