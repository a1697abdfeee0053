"""What a write changed: the records that are others than before, found by what two worlds share.

A world shares with the one before it all that a write left alone, so it takes as long as there is changed, and a few
comparisons beside it. Only records are kept of two worlds: worlds themselves would keep each other's sequences alive.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from operator import attrgetter
from typing import Any, NamedTuple

from .collections import Collection
from .items import Copies
from .world import World

MOST_RECORDS = 200
"""Records of one write that are told of; twice what one call names."""
_ASIDE = 512  # bytes, about what a record takes beside its JSON
_SEQUENCES = {"asset": "assets", "folder": "asset_folders", "file": "files", "webhook": "webhooks"}
_NO_ITEMS = Copies()
_ID = attrgetter("id")
_KEYS = {"staged": attrgetter("key"), "live": attrgetter("key"), "file": attrgetter("key")}


class ChangedRecord(NamedTuple):
    """One record that a write changed, made or removed.

    Args:
        kind: ``staged`` or ``live`` for the copies of an item; ``site``, ``collection``, ``asset``, ``folder``,
            ``file``, ``webhook``. Collections are without their items, files without their bytes.
        place: Id of the collection of an item; empty for others.
        before: None where it is new.
        after: None where it is gone.
    """

    kind: str
    place: str
    before: Any
    after: Any

    @property
    def size(self) -> int:
        """About how many bytes it keeps from being freed."""
        if self.kind not in ("staged", "live"):
            return 2 * _ASIDE
        return sum(_ASIDE + len(one.json) for one in (self.before, self.after) if one is not None)


def find_changed_records(before: World, after: World) -> tuple[list[ChangedRecord], int, int]:
    """The records that differ between two worlds: the first of them, how many there are, and the bytes of the first."""
    if before is after:
        return [], 0, 0
    found: list[ChangedRecord] = []
    count = size = 0
    for record in _find_all(before, after):
        count += 1
        if count <= MOST_RECORDS:
            found.append(record)
            size += record.size
    return found, count, size


def _find_all(before: World, after: World) -> Iterator[ChangedRecord]:
    if after.collections is not before.collections:
        for name in {**before.collections, **after.collections}:
            old, new = before.collections.get(name), after.collections.get(name)
            if new is not old:
                yield from _find_in_collection(name, old, new)
    if after.sites is not before.sites:
        for name in {**before.sites, **after.sites}:
            site, other = before.sites.get(name), after.sites.get(name)
            if other is not site:
                yield ChangedRecord("site", "", site, other)
    for kind, name in _SEQUENCES.items():
        sequence, other_sequence = getattr(before, name), getattr(after, name)
        if other_sequence is not sequence:
            yield from _pair(kind, "", *sequence.tell_apart(other_sequence))


def _find_in_collection(name: str, before: Collection | None, after: Collection | None) -> Iterator[ChangedRecord]:
    for kind in ("staged", "live"):
        copies, others = getattr(before, kind, _NO_ITEMS), getattr(after, kind, _NO_ITEMS)
        if copies is not others:
            yield from _pair(kind, name, *copies.tell_apart(others))
    old, new = (one and one._replace(staged=_NO_ITEMS, live=_NO_ITEMS) for one in (before, after))
    if old != new:
        yield ChangedRecord("collection", "", old, new)


def _pair(kind: str, place: str, old: Iterable[Any], new: Iterable[Any]) -> Iterator[ChangedRecord]:
    """Records of one kind, each before and after."""
    key = _KEYS.get(kind, _ID)
    before, after = {key(one): one for one in old}, {key(one): one for one in new}
    for name in {**before, **after}:
        one, other = before.get(name), after.get(name)
        if one is other:
            continue  # it was put in again as it was
        if kind == "file":
            one, other = (file and file._replace(data=b"") for file in (one, other))
        yield ChangedRecord(kind, place, one, other)
