"""Listing against the naive way: sort everything, filter everything, cut a page out."""

from __future__ import annotations

from operator import ge, gt, le, lt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from worlds import LOCALES

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
DATES = st.tuples(
    st.sampled_from(["createdOn", "lastUpdated", "lastPublished"]),
    st.sampled_from(["gte", "lte", "gt", "lt"]),
    INSTANTS,
)
PROPERTIES = {"createdOn": "created_on", "lastUpdated": "last_updated", "lastPublished": "last_published"}
QUERIES = st.builds(
    ItemQuery,
    st.lists(st.sampled_from(LOCALES), min_size=1, max_size=3, unique=True).map(tuple),
    offset=st.integers(0, 30),
    limit=st.integers(1, 100),
    name=st.none() | st.sampled_from("abc"),
    slug=st.none() | st.integers(0, 13).map("slug-{}".format),
    dates=st.lists(DATES, max_size=2).map(tuple),
    sort_by=st.none() | st.sampled_from(["createdOn", "lastPublished", "lastUpdated", "name", "slug"]),
    descending=st.booleans(),
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


def matches(item, query: ItemQuery) -> bool:
    compare = {"gte": ge, "lte": le, "gt": gt, "lt": lt}
    values = [(getattr(item, PROPERTIES[date]), compare[how], bound) for date, how, bound in query.dates]
    return (
        item.cms_locale_id in query.cms_locale_ids
        and query.name in (None, item.field_data["name"])
        and query.slug in (None, item.slug)
        and all(value is not None and holds(value, bound) for value, holds, bound in values)
    )


def in_order(items, query: ItemQuery):
    newest = sorted(items, key=lambda item: (item.created_on, item.id), reverse=True)
    if query.sort_by is None:
        return newest

    def value(item):
        if query.sort_by in PROPERTIES:
            return getattr(item, PROPERTIES[query.sort_by])
        return item.field_data[query.sort_by]

    having = [item for item in newest if value(item) is not None]
    ranks = sorted({value(item) for item in having}, reverse=query.descending)
    return [item for rank in ranks for item in having if value(item) == rank] + [
        item for item in newest if value(item) is None
    ]


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
