"""Listing items: filters, order, pages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from heapq import merge
from itertools import islice
from operator import attrgetter, ge, gt, itemgetter, le, lt
from typing import Any, Literal, NamedTuple

from .items import Copies, Item

COMPARISONS: Mapping[str, Callable[[int, int], bool]] = {"gte": ge, "lte": le, "gt": gt, "lt": lt}
SortBy = Literal["createdOn", "lastPublished", "lastUpdated", "name", "slug"]
_INSTANTS = {"createdOn": "created_on", "lastPublished": "last_published", "lastUpdated": "last_updated"}
_AGE = attrgetter("created_on", "id")


class ItemQuery(NamedTuple):
    """Which items, in which order, which page.

    Args:
        cms_locale_ids: The locales to look in.
        offset: How many to pass over.
        limit: How many at most.
        name: The exact name, if asked for.
        slug: The exact slug, if asked for.
        dates: Triples of date property, comparison and instant, all of which must hold.
        sort_by: The property to sort by; None for the default order, newest first.
        descending: The direction, where ``sort_by`` is given.
    """

    cms_locale_ids: tuple[str, ...]
    offset: int = 0
    limit: int = 100
    name: str | None = None
    slug: str | None = None
    dates: tuple[tuple[str, str, int], ...] = ()
    sort_by: SortBy | None = None
    descending: bool = False


def list_items(copies: Copies, query: ItemQuery) -> tuple[list[Item], int]:
    """The page asked for, and how many items match in all.

    The default order needs no sorting, and a page of one locale costs the same at any offset and size.
    """
    if query.name is None and query.slug is None and not query.dates and query.sort_by is None:
        return _page_newest_first(copies, query)
    found = list(_find_matching(copies, query))
    if query.sort_by is None:
        found.sort(key=_AGE, reverse=True)
    else:
        found = _sort(found, query.sort_by, descending=query.descending)
    return found[query.offset : query.offset + query.limit], len(found)


def _page_newest_first(copies: Copies, query: ItemQuery) -> tuple[list[Item], int]:
    locales = [copies.in_locale(name).by_age for name in query.cms_locale_ids]
    total = sum(map(len, locales))
    if len(locales) == 1:
        last = total - query.offset
        return locales[0].slice(max(last - query.limit, 0), last)[::-1], total
    newest = merge(*map(reversed, locales), key=_AGE, reverse=True)
    return list(islice(newest, query.offset, query.offset + query.limit)), total


def _find_matching(copies: Copies, query: ItemQuery) -> Iterable[Item]:
    if query.slug is not None:
        found: Iterable[Item] = copies.find_by_slug(query.slug, query.cms_locale_ids)
    else:
        found = (item for name in query.cms_locale_ids for item in copies.in_locale(name).by_age)
    if query.name is not None:
        found = (item for item in found if item.field_data.get("name") == query.name)
    return (item for item in found if all(_date_matches(item, *date) for date in query.dates))


def _date_matches(item: Item, date: str, comparison: str, bound: int) -> bool:
    instant = getattr(item, _INSTANTS[date])
    return instant is not None and COMPARISONS[comparison](instant, bound)


def _sort(items: list[Item], sort_by: SortBy, *, descending: bool) -> list[Item]:
    """Sorted by the property; items without it come last, and ties stay newest first (``items.list.ties``)."""
    items.sort(key=_AGE, reverse=True)
    value = _make_value_getter(sort_by)
    pairs = [(value(item), item) for item in items]  # once each: a name is parsed out of the item's JSON
    having = sorted((pair for pair in pairs if pair[0] is not None), key=itemgetter(0), reverse=descending)
    return [item for _, item in having] + [item for found, item in pairs if found is None]


def _make_value_getter(sort_by: SortBy) -> Callable[[Item], Any]:
    if sort_by in _INSTANTS:
        return attrgetter(_INSTANTS[sort_by])
    return attrgetter("slug") if sort_by == "slug" else lambda item: item.field_data.get("name")
