"""A persistent sequence that keeps records sorted by a key: the one container the world keeps its records in.

It is immutable: ``put`` and ``remove`` give a new sequence that shares all but the touched chunks with the old one.
Records lie in chunks of a few hundred, so that look-up, change, and a slice anywhere cost about the same at a thousand
records and at a hundred thousand, and a record costs one reference in each sequence it is in. (A hash trie from a
library would answer look-ups as fast, but keeps no order and costs about 140 bytes a record.)
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import accumulate, chain
from typing import Any, Generic, TypeVar

_Record = TypeVar("_Record")

_LARGEST_CHUNK = 512
_MOST_REMEMBERED = 200
"""Records of one change that are remembered until the next; of more, a sequence is compared with the one before."""
_Change = tuple[object, Sequence[Any], Sequence[Any]]
_UNKNOWN: _Change = (None, (), ())


class Ordered(Generic[_Record]):
    """Records in the order of their keys, one for each key.

    Args:
        key: Gives a record's key; keys must be comparable with each other.
        records: What it holds at first, in any order.
    """

    __slots__ = ("_change", "_chunks", "_ends", "_firsts", "_key", "_stamp")

    def __init__(self, key: Callable[[_Record], Any], records: Iterable[_Record] = ()) -> None:
        unique = {key(record): record for record in records}
        ordered = [unique[name] for name in sorted(unique)]
        self._key = key
        self._chunks = tuple(_cut(ordered))
        self._firsts = tuple(key(chunk[0]) for chunk in self._chunks)
        self._ends: tuple[int, ...] | None = None
        # How it was made: from the sequence with that stamp, without some records and with others.
        self._stamp, self._change = object(), _UNKNOWN

    def get(self, key: Any) -> _Record | None:
        """The record with that key, or None."""
        number = bisect_right(self._firsts, key) - 1
        if number < 0:
            return None
        chunk = self._chunks[number]
        place = bisect_left(chunk, key, key=self._key)
        return chunk[place] if place < len(chunk) and self._key(chunk[place]) == key else None

    def put(self, records: Iterable[_Record]) -> Ordered[_Record]:
        """With these records too, each in place of the one with the same key, if there is one."""
        return self.exchange(records)[0]

    def exchange(self, records: Iterable[_Record]) -> tuple[Ordered[_Record], list[_Record]]:
        """What ``put`` gives, and the records whose places were taken."""
        key = self._key
        return self._apply({key(record): record for record in records})

    def remove(self, keys: Iterable[Any]) -> Ordered[_Record]:
        """Without the records that have these keys; a key that no record has is passed over."""
        return self._apply(dict.fromkeys(keys))[0]

    def slice(self, start: int, stop: int) -> list[_Record]:
        """The records at these places, counted from the lowest key; out of bounds gives fewer or none."""
        ends, start = self._count_ends(), max(start, 0)
        first, last = bisect_right(ends, start), bisect_left(ends, stop)
        if start >= stop or first >= len(ends):
            return []
        before = ends[first - 1] if first else 0
        run: Sequence[_Record] = self._chunks[first] if first == last else list(chain(*self._chunks[first : last + 1]))
        return list(run[start - before : stop - before])

    def tell_apart(self, other: Ordered[_Record]) -> tuple[list[_Record], list[_Record]]:
        """The records that only this sequence has, and those that only the other has; what they share is passed over.

        A record is told from another by its identity, so one that was put in again may be named on both sides.
        """
        made_from, gone, new = other._change
        if made_from is self._stamp:
            return list(gone), list(new)
        chunks, other_chunks = split_by_identity(self._chunks, other._chunks)
        return split_by_identity(list(chain(*chunks)), list(chain(*other_chunks)))

    def __len__(self) -> int:
        return self._count_ends()[-1] if self._chunks else 0

    def __iter__(self) -> Iterator[_Record]:
        return chain.from_iterable(self._chunks)

    def __reversed__(self) -> Iterator[_Record]:
        return chain.from_iterable(map(reversed, reversed(self._chunks)))

    def __contains__(self, key: object) -> bool:
        return self.get(key) is not None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Ordered) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]

    def _count_ends(self) -> tuple[int, ...]:
        """For each chunk, how many records there are up to its end; counted when it is first asked for."""
        if self._ends is None:
            self._ends = tuple(accumulate(map(len, self._chunks)))
        return self._ends

    def _apply(self, changes: Mapping[Any, _Record | None]) -> tuple[Ordered[_Record], list[_Record]]:
        """With these records by their keys, and no record where there is None; and the records that had the keys."""
        if not changes:
            return self, []
        if not self._chunks:
            return Ordered(self._key, [record for record in changes.values() if record is not None]), []
        key, chunks, firsts, ends = self._key, list(self._chunks) or [()], self._firsts, self._ends
        gone: list[_Record] = []
        names = sorted(changes)
        end = len(names)
        while end:
            # From the end on: a chunk that is cut in two, or that goes, moves none of those that are still to come.
            number = max(bisect_right(firsts, names[end - 1]) - 1, 0)
            # A chunk takes the keys from its first one on, and the lowest chunk those below it as well.
            begin = bisect_left(names, firsts[number], 0, end) if number else 0
            chunk = chunks[number]
            merged, replaced = _merge(chunk, names[begin:end], changes, key)
            gone += replaced
            parts = _cut(merged)
            chunks[number : number + 1] = parts
            # Few changes move the bounds of chunks. The others share the firsts, and those that add nothing the ends.
            heads = tuple([key(part[0]) for part in parts])
            if heads != firsts[number : number + 1]:
                firsts = (*firsts[:number], *heads, *firsts[number + 1 :])
            if len(merged) != len(chunk):
                ends = None
            end = begin
        changed: Ordered[_Record] = Ordered.__new__(Ordered)
        changed._key, changed._chunks, changed._firsts, changed._ends = key, tuple(chunks), firsts, ends
        changed._stamp, changed._change = object(), _UNKNOWN
        if len(changes) <= _MOST_REMEMBERED:
            changed._change = self._stamp, gone, [record for record in changes.values() if record is not None]
        return changed, gone


def split_by_identity(ours: Sequence[Any], theirs: Sequence[Any]) -> tuple[list[Any], list[Any]]:
    """What only one of two sequences of one type has, and what only the other has; equal records count as the same."""
    begin = _count_shared(ours, theirs)
    ours, theirs = ours[begin:], theirs[begin:]
    for mine, other in ((1, 1), (0, 1), (1, 0)):  # as a rule one is another, is new, or is gone
        if ours[mine:] == theirs[other:]:
            return list(ours[:mine]), list(theirs[:other])
    our_ids, their_ids = set(map(id, ours)), set(map(id, theirs))
    return [one for one in ours if id(one) not in their_ids], [one for one in theirs if id(one) not in our_ids]


def _count_shared(ours: Sequence[Any], theirs: Sequence[Any]) -> int:
    """How many places from the first on are the same in both sequences."""
    low, high = 0, min(len(ours), len(theirs))
    while low < high:
        # Slices are compared faster than a loop looks at their places: the same object is equal to itself.
        middle = (low + high + 1) // 2
        if ours[low:middle] == theirs[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _merge(
    chunk: Sequence[Any], names: Iterable[Any], changes: Mapping[Any, Any], key: Callable[[Any], Any]
) -> tuple[list[Any], list[Any]]:
    """A chunk's records after the changes of these keys, in their order; and the records that had them."""
    records, gone = list(chunk), []
    place = 0
    for name in names:
        # What changes together often lies together: so the next record is looked at before others are searched.
        found = place < len(records) and key(records[place]) == name
        if not found:
            place = bisect_left(records, name, place, key=key)
            found = place < len(records) and key(records[place]) == name
        new = changes[name]
        if found:
            gone.append(records[place])
            if new is None:
                del records[place]
            else:
                records[place] = new
                place += 1
        elif new is not None:
            records.insert(place, new)
            place += 1
    return records, gone


def _cut(records: list[Any]) -> list[tuple[Any, ...]]:
    """Chunks of an even size, none above the largest; none at all for no records."""
    count = -(-len(records) // _LARGEST_CHUNK)
    if count == 1:  # as a rule
        return [tuple(records)]
    return [
        tuple(records[number * len(records) // count : (number + 1) * len(records) // count]) for number in range(count)
    ]
