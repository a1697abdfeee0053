"""Items as a table: their fields as columns, so that what is filtered or sorted twice is parsed once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from operator import attrgetter
from typing import Any

import orjson

from .filters import ITEM_ID, Filter, SortKey, make_test
from .items import Item

_MOST_COLUMNS = 8
# What an item has beside its JSON. Dates are instants there.
_PARTS: Mapping[str, Callable[[Item], Any]] = {
    ITEM_ID: attrgetter("id"),
    "slug": attrgetter("slug"),
    "createdOn": attrgetter("created_on"),
    "lastPublished": attrgetter("last_published"),
    "lastUpdated": attrgetter("last_updated"),
}


class ItemTable:
    """Some items, with the columns and the result that were asked for last. All of it follows from the items.

    Args:
        items: In the order of lists: newest first.
    """

    __slots__ = ("_columns", "_items", "_last")

    def __init__(self, items: Sequence[Item]) -> None:
        self._items = items
        self._columns: dict[str, Sequence[Any]] = {}
        self._last: tuple[object, Sequence[Item]] = (None, ())

    def find(self, filters: Sequence[Filter], sort: Sequence[SortKey]) -> Sequence[Item]:
        """The items that all filters match, sorted by the first key, then by the next; ties stay newest first."""
        asked = filters, sort
        known, found = self._last
        if known != asked:
            found = self._compute(filters, sort)
            self._last = asked, found
        return found

    def _compute(self, filters: Sequence[Filter], sort: Sequence[SortKey]) -> Sequence[Item]:
        places: Sequence[int] = range(len(self._items))
        for term in filters:
            column, matches = self._read_column(term.field), make_test(term)
            places = [place for place in places if matches(column[place])]
        for key in reversed(sort):
            column = self._read_column(key.field)
            having = [place for place in places if column[place] is not None]
            having.sort(key=column.__getitem__, reverse=key.descending)
            lacking = [place for place in places if column[place] is None]
            places = lacking + having if key.unset_first else having + lacking
        return [self._items[place] for place in places]

    def _read_column(self, field: str) -> Sequence[Any]:
        """The field's value of each item, or None; kept with the few that were read last."""
        column = self._columns.get(field)
        if column is None:
            column = _make_column(self._items, field)
            kept = list(self._columns.items())[1 - _MOST_COLUMNS :]
            self._columns = {**dict(kept), field: column}
        return column


def _make_column(items: Sequence[Item], field: str) -> Sequence[Any]:
    if field in _PARTS:
        return list(map(_PARTS[field], items))
    loads = orjson.loads
    return [loads(item.json)["fieldData"].get(field) for item in items]
