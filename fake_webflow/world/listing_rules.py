"""Listing items: filters, order, pages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from heapq import merge
from itertools import islice
from operator import attrgetter
from typing import NamedTuple

from .filters import ITEM_ID, Filter, SortKey
from .item_table import ItemTable
from .items import Copies, Item
from .ordered import Ordered

_AGE = attrgetter("created_on", "id")


class ItemQuery(NamedTuple):
    """Which items, in which order, which page.

    Args:
        cms_locale_ids: The locales to look in.
        offset: How many to pass over.
        limit: How many at most.
        filters: What must hold of an item, all of it.
        sort: The keys to sort by, the first before the next; none for the default order, newest first.
    """

    cms_locale_ids: tuple[str, ...]
    offset: int = 0
    limit: int = 100
    filters: tuple[Filter, ...] = ()
    sort: tuple[SortKey, ...] = ()


def list_items(copies: Copies, query: ItemQuery) -> tuple[Sequence[Item], int]:
    """The page asked for, and how many items match in all.

    The default order needs no sorting, and a page of one locale costs the same at any offset and size. Filters and
    other orders look at all items, but for those that name ids or slugs, which are looked up.
    """
    if not query.filters and not query.sort:
        return _page_newest_first(copies, query)
    named = _look_up(copies, query)
    if named is not None:
        table = ItemTable(sorted(named, key=_AGE, reverse=True))
    else:
        table = copies.recall(
            query.cms_locale_ids, lambda: ItemTable(list(_merge_newest_first(copies, query.cms_locale_ids)))
        )
    found = table.find(query.filters, query.sort)
    return found[query.offset : query.offset + query.limit], len(found)


def _page_newest_first(copies: Copies, query: ItemQuery) -> tuple[list[Item], int]:
    locales = [copies.in_locale(name).by_age for name in query.cms_locale_ids]
    total = sum(map(len, locales))
    if len(locales) == 1:
        last = total - query.offset
        return locales[0].slice(max(last - query.limit, 0), last)[::-1], total
    newest = _merge_newest_first(copies, query.cms_locale_ids)
    return list(islice(newest, query.offset, query.offset + query.limit)), total


def _merge_newest_first(copies: Copies, cms_locale_ids: Sequence[str]) -> Iterable[Item]:
    locales = [reversed(copies.in_locale(name).by_age) for name in cms_locale_ids]
    return merge(*locales, key=_AGE, reverse=True) if len(locales) > 1 else locales[0]


def _look_up(copies: Copies, query: ItemQuery) -> list[Item] | None:
    """The only items that can match, where a filter names their ids or slugs; None where none does."""
    for term in query.filters:
        if term.field in (ITEM_ID, "slug") and term.operator in ("eq", "in") and not term.ignores_case:
            values = term.value if term.operator == "in" else (term.value,)
            found = (_index(copies, name, term.field).get(value) for name in query.cms_locale_ids for value in values)
            return [item for item in found if item is not None]
    return None


def _index(copies: Copies, cms_locale_id: str, field: str) -> Ordered[Item]:
    locale = copies.in_locale(cms_locale_id)
    return locale.by_id if field == ITEM_ID else locale.by_slug
