"""A persistent sequence that keeps records sorted by a key: the one container the world keeps its records in.

It is immutable: ``put`` and ``remove`` give a new sequence that shares all but the touched chunks with the old one.
Records lie in chunks of a few hundred, so that look-up, change, and a slice anywhere cost about the same at a thousand
records and at a hundred thousand, and a record costs one reference in each sequence it is in. (A hash trie from a
library would answer look-ups as fast, but keeps no order and costs about 140 bytes a record.)
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import accumulate, chain
from typing import Any, Generic, TypeVar

Record = TypeVar("Record")

_LARGEST_CHUNK = 512


class Ordered(Generic[Record]):
    """Records in the order of their keys, one for each key.

    Args:
        key: Gives a record's key; keys must be comparable with each other.
        records: What it holds at first, in any order.
    """

    __slots__ = ("_chunks", "_ends", "_firsts", "_key")

    def __init__(self, key: Callable[[Record], Any], records: Iterable[Record] = ()) -> None:
        unique = {key(record): record for record in records}
        ordered = [unique[name] for name in sorted(unique)]
        self._key = key
        self._chunks = tuple(_cut(ordered))
        self._firsts = tuple(key(chunk[0]) for chunk in self._chunks)
        self._ends: tuple[int, ...] | None = None

    def get(self, key: Any) -> Record | None:
        """The record with that key, or None."""
        number = bisect_right(self._firsts, key) - 1
        if number < 0:
            return None
        chunk = self._chunks[number]
        place = bisect_left(chunk, key, key=self._key)
        return chunk[place] if place < len(chunk) and self._key(chunk[place]) == key else None

    def put(self, records: Iterable[Record]) -> Ordered[Record]:
        """With these records too, each in place of the one with the same key, if there is one."""
        return self._changed([(self._key(record), record) for record in records], _insert)

    def remove(self, keys: Iterable[Any]) -> Ordered[Record]:
        """Without the records that have these keys; a key that no record has is passed over."""
        return self._changed([(key, None) for key in keys], _delete)

    def slice(self, start: int, stop: int) -> list[Record]:
        """The records at these places, counted from the lowest key; out of bounds gives fewer or none."""
        ends = self._ends
        if ends is None:
            ends = self._ends = tuple(accumulate(map(len, self._chunks)))
        start = max(start, 0)
        first, last = bisect_right(ends, start), bisect_left(ends, stop)
        if start >= stop or first >= len(ends):
            return []
        before = ends[first - 1] if first else 0
        run: Sequence[Record] = self._chunks[first] if first == last else list(chain(*self._chunks[first : last + 1]))
        return list(run[start - before : stop - before])

    def __len__(self) -> int:
        return sum(map(len, self._chunks))

    def __iter__(self) -> Iterator[Record]:
        return chain.from_iterable(self._chunks)

    def __reversed__(self) -> Iterator[Record]:
        return chain.from_iterable(map(reversed, reversed(self._chunks)))

    def __contains__(self, key: object) -> bool:
        return self.get(key) is not None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Ordered) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]

    def _changed(
        self, changes: list[tuple[Any, Any]], apply: Callable[[list[Any], int, bool, Any], None]
    ) -> Ordered[Record]:
        by_chunk: dict[int, list[tuple[Any, Any]]] = {}
        for change in changes:
            by_chunk.setdefault(max(bisect_right(self._firsts, change[0]) - 1, 0), []).append(change)
        chunks, firsts, key = list(self._chunks) or [()], list(self._firsts), self._key
        for number in sorted(by_chunk, reverse=True):  # from the end: a split does not move what is still to do
            chunk = list(chunks[number])
            for name, record in by_chunk[number]:
                place = bisect_left(chunk, name, key=key)
                apply(chunk, place, place < len(chunk) and key(chunk[place]) == name, record)
            parts = list(_cut(chunk))
            chunks[number : number + 1] = parts
            firsts[number : number + 1] = [key(part[0]) for part in parts]
        changed: Ordered[Record] = Ordered.__new__(Ordered)
        changed._key, changed._chunks, changed._firsts, changed._ends = key, tuple(chunks), tuple(firsts), None
        return changed


def _insert(chunk: list[Any], place: int, found: bool, record: Any) -> None:
    chunk[place : place + found] = [record]


def _delete(chunk: list[Any], place: int, found: bool, _record: Any) -> None:
    del chunk[place : place + found]


def _cut(records: list[Any]) -> Iterator[tuple[Any, ...]]:
    """Chunks of an even size, none above the largest; none at all for no records."""
    count = -(-len(records) // _LARGEST_CHUNK)
    for number in range(count):
        yield tuple(records[number * len(records) // count : (number + 1) * len(records) // count])
