"""Listing against the naive way: sort everything, filter everything, cut a page out."""

from __future__ import annotations

from operator import eq, ge, gt, le, lt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from worlds import LOCALES

from fake_webflow.world.filters import Filter, SortKey
from fake_webflow.world.items import Copies, make_item
from fake_webflow.world.listing_rules import ItemQuery, list_items

INSTANTS = st.integers(0, 4)
ITEMS = st.lists(
    st.tuples(
        st.integers(0, 12), st.sampled_from(LOCALES), INSTANTS, INSTANTS, st.none() | INSTANTS, st.sampled_from("ab")
    ),
    max_size=25,
    unique_by=lambda row: row[:2],
)
DATES = st.builds(
    Filter,
    st.sampled_from(["createdOn", "lastUpdated", "lastPublished"]),
    st.sampled_from(["gte", "lte", "gt", "lt"]),
    INSTANTS,
)
NAMES = st.builds(Filter, st.just("name"), st.just("eq"), st.sampled_from("abc"))
SLUGS = st.builds(Filter, st.just("slug"), st.just("eq"), st.integers(0, 13).map("slug-{}".format))
PROPERTIES = {"createdOn": "created_on", "lastUpdated": "last_updated", "lastPublished": "last_published"}
KEYS = st.builds(SortKey, st.sampled_from([*PROPERTIES, "name", "slug"]), st.booleans())
QUERIES = st.builds(
    ItemQuery,
    st.lists(st.sampled_from(LOCALES), min_size=1, max_size=3, unique=True).map(tuple),
    offset=st.integers(0, 30),
    limit=st.integers(1, 100),
    filters=st.lists(DATES | NAMES | SLUGS, max_size=3).map(tuple),
    sort=st.lists(KEYS, max_size=1).map(tuple),
)


def copies_of(rows) -> Copies:
    return Copies().put(
        make_item(
            f"{number:024x}",
            locale,
            created_on=created,
            last_updated=updated,
            last_published=published,
            is_archived=number % 2 == 0,
            is_draft=number % 3 == 0,
            field_data={"name": name, "slug": f"slug-{number}"},
        )
        for number, locale, created, updated, published, name in rows
    )


def value_of(item, field):
    return getattr(item, PROPERTIES[field]) if field in PROPERTIES else item.field_data[field]


def matches(item, query: ItemQuery) -> bool:
    compare = {"gte": ge, "lte": le, "gt": gt, "lt": lt, "eq": eq}
    values = [(value_of(item, term.field), compare[term.operator], term.value) for term in query.filters]
    return item.cms_locale_id in query.cms_locale_ids and all(
        value is not None and holds(value, bound) for value, holds, bound in values
    )


def in_order(items, query: ItemQuery):
    newest = sorted(items, key=lambda item: (item.created_on, item.id), reverse=True)
    if not query.sort:
        return newest
    [key] = query.sort
    values = {value_of(item, key.field) for item in newest} - {None}
    ranks = sorted(values, reverse=key.descending)
    ranks = [None, *ranks] if key.unset_first else [*ranks, None]
    return [item for rank in ranks for item in newest if value_of(item, key.field) == rank]


def comparable(items, query):
    """Which of two variants of one item comes first is left open, so they count as one place."""
    return [(item.created_on, item.id) for item in items]


@pytest.mark.clause(
    "items.list.newest-first",
    "items.list.filters",
    "items.list.dates",
    "items.list.sort",
    "items.list.ties",
    "items.list.locales",
    "items.list.all-states",
    "lists.offset.beyond-total",
)
@given(rows=ITEMS, query=QUERIES)
def test_a_page_is_what_the_naive_way_gives(rows, query):
    copies = copies_of(rows)
    wanted = in_order([item for item in copies if matches(item, query)], query)
    page, total = list_items(copies, query)
    assert total == len(wanted)
    assert comparable(page, query) == comparable(wanted[query.offset : query.offset + query.limit], query)
    assert all(matches(item, query) for item in page)


@pytest.mark.clause("lists.pagination")
@given(rows=ITEMS, query=QUERIES, size=st.integers(1, 7))
def test_pages_partition_the_listing(rows, query, size):
    copies = copies_of(rows)
    whole, total = list_items(copies, query._replace(offset=0, limit=100))
    pages = [list_items(copies, query._replace(offset=start, limit=size)) for start in range(0, total + size, size)]
    assert [item for page, _ in pages for item in page] == whole
    assert {count for _, count in pages} == {total}
    assert len({item.key for item in whole}) == total
