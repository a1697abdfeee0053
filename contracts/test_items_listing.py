"""Listing items: filters, order, locales."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import strategies as st

from .kit.clauses import Choices, clause
from .kit.expect import ITEM_KEYS, expect_json, expect_keys, expect_shape_problems, is_refused
from .kit.sandbox import ABSENT_ID, Sandbox
from .kit.strategies import property_test

DATES = ("createdOn", "lastUpdated", "lastPublished")
SORTS = ("createdOn", "lastPublished", "lastUpdated", "name", "slug")


def list_large_collection(sandbox: Sandbox, path: str | None = None, **query: str) -> list[dict[str, Any]]:
    """All items that a query of the shelf finds; the total has to agree."""
    shelf, _ = sandbox.large_collection
    pages = []
    for offset in itertools.count(0, 100):
        page = expect_json(sandbox.call("GET", path or shelf.path, query={**query, "offset": str(offset)}))
        pages += page["items"]
        if not page["items"] or len(pages) >= page["pagination"]["total"]:
            assert len(pages) == page["pagination"]["total"]
            return pages
    raise AssertionError("unreachable")


@clause("items.list.newest-first")
def test_the_newest_come_first(sandbox: Sandbox) -> None:
    _, items = sandbox.large_collection
    assert list_large_collection(sandbox) == items
    ages = [(item["createdOn"], item["id"]) for item in items]
    assert ages == sorted(ages, reverse=True)


@clause("items.list.newest-first", "items.update.timestamps")
def test_an_update_does_not_move_an_item(sandbox: Sandbox) -> None:
    older, newer = sandbox.new_items([{}, {}], sandbox.plain)
    sandbox.client.items.update(sandbox.plain.id, older["id"], {"isDraft": False})
    page = sandbox.client.items.list(sandbox.plain.id, limit=100)["items"]
    places = {item["id"]: place for place, item in enumerate(page)}
    assert places[newer["id"]] < places[older["id"]]


@clause("items.list.all-states", "items.object.keys")
def test_drafts_archived_and_published_items_are_listed(sandbox: Sandbox) -> None:
    made = [
        sandbox.new_items([{}], sandbox.plain, isDraft=True)[0],
        sandbox.new_items([{}], sandbox.plain, isDraft=False)[0],
        sandbox.new_items([{}], sandbox.plain, isArchived=True)[0],
        sandbox.publish(sandbox.new_items([{}], sandbox.plain)[0], sandbox.plain),
    ]
    page = sandbox.client.items.list(sandbox.plain.id, limit=10)["items"]
    for item in page:
        expect_keys(item, ITEM_KEYS, "items.object.keys")
    by_id = {item["id"]: item for item in page}
    assert [by_id.get(item["id"]) for item in made] == made


@clause("items.list.filters")
@property_test(place=st.integers(0, 106))
def test_name_and_slug_filter_by_the_exact_value(sandbox: Sandbox, place: int) -> None:
    _, items = sandbox.large_collection
    data = items[place]["fieldData"]
    assert list_large_collection(sandbox, slug=data["slug"]) == [items[place]]
    assert list_large_collection(sandbox, name=data["name"]) == [
        item for item in items if item["fieldData"]["name"] == data["name"]
    ]
    assert list_large_collection(sandbox, name=data["name"], slug=data["slug"]) == [items[place]]


@clause("items.list.filters")
@pytest.mark.parametrize(
    "change", [str.upper, lambda text: text[:-1], lambda text: f"{text} ", lambda text: f"{text}*"]
)
def test_nothing_but_the_exact_value_matches(sandbox: Sandbox, change: Callable[[str], str]) -> None:
    shelf, items = sandbox.large_collection
    for key in ("name", "slug"):
        answer = sandbox.call("GET", shelf.path, query={key: change(items[0]["fieldData"][key])})
        assert expect_json(answer) == {"items": [], "pagination": {"limit": 100, "offset": 0, "total": 0}}


@clause("items.list.filters")
def test_filters_match_text_of_any_script(sandbox: Sandbox) -> None:
    name = f'{sandbox.name()} Ünïcode & 漢字 + 100 % "quoted"'
    item = sandbox.new_item(sandbox.plain, name=name)
    assert sandbox.client.items.list(sandbox.plain.id, name=name)["items"] == [item]


@clause("items.list.dates")
@property_test(examples=20, bound=st.integers(0, 106), operator=st.sampled_from(["gte", "lte", "gt", "lt"]))
def test_dates_are_compared_with_bounds(sandbox: Sandbox, bound: int, operator: str) -> None:
    _, items = sandbox.large_collection
    holds: dict[str, Callable[[str, str], bool]] = {
        "gte": lambda date, limit: date >= limit,
        "lte": lambda date, limit: date <= limit,
        "gt": lambda date, limit: date > limit,
        "lt": lambda date, limit: date < limit,
    }
    for key in ("createdOn", "lastUpdated"):
        limit = items[bound][key]
        found = list_large_collection(sandbox, **{f"{key}[{operator}]": limit})
        assert found == [item for item in items if holds[operator](item[key], limit)]


@clause("items.list.dates")
def test_bounds_are_combined(sandbox: Sandbox) -> None:
    _, items = sandbox.large_collection
    # Items of one call may share their millisecond; the second and the last are of different calls.
    newest, oldest = items[1]["createdOn"], items[-1]["createdOn"]
    found = list_large_collection(sandbox, **{"createdOn[gt]": oldest, "createdOn[lte]": newest})
    assert found == [item for item in items if oldest < item["createdOn"] <= newest]
    assert found
    name = found[0]["fieldData"]["name"]
    assert list_large_collection(sandbox, **{"createdOn[gt]": oldest, "createdOn[lte]": newest, "name": name}) == [
        item for item in found if item["fieldData"]["name"] == name
    ]


@clause("items.list.dates")
def test_what_was_never_published_is_before_and_after_nothing(sandbox: Sandbox) -> None:
    draft = sandbox.new_item(sandbox.plain)
    live = sandbox.new_published_item(sandbox.plain)
    for operator, bound in (("gte", "2000-01-01T00:00:00.000Z"), ("lte", "2999-01-01T00:00:00.000Z")):
        page = sandbox.client.items.list(sandbox.plain.id, last_published={operator: bound})
        found = [item["id"] for item in page["items"]]
        assert live["id"] in found
        assert draft["id"] not in found


@clause("items.list.dates")
@pytest.mark.parametrize(("operator", "found"), [("gte", (1, 2)), ("gt", (2,)), ("lte", (0, 1)), ("lt", (0,))])
def test_last_published_is_compared_with_bounds(sandbox: Sandbox, operator: str, found: tuple[int, ...]) -> None:
    made = [sandbox.new_item(sandbox.plain) for _ in range(3)]
    items = [sandbox.publish(item, sandbox.plain) for item in reversed(made)]
    # What was published last is neither what was made nor what was changed last: no date can stand for another.
    changes = [{"id": item["id"], "fieldData": {"name": sandbox.name()}} for item in reversed(items)]
    expect_json(sandbox.call("PATCH", sandbox.plain.path, json={"items": changes}))
    page = sandbox.client.items.list(sandbox.plain.id, last_published={operator: items[1]["lastPublished"]})
    ids = [item["id"] for item in page["items"]]
    assert [number for number, item in enumerate(items) if item["id"] in ids] == [*found]


@clause("lists.date.format")
@pytest.mark.parametrize("bound", ["yesterday", "2026-13-01", "10:00", "2026-02-30T00:00:00Z"])
def test_a_bound_is_a_date(sandbox: Sandbox, bound: str) -> None:
    for key in DATES:
        answer = sandbox.call("GET", sandbox.plain.path, query={f"{key}[gte]": bound})
        expect_shape_problems(answer, ("lists.date.format", {"subject": f"Value ({key}.gte)"}))


@clause("lists.date.format")
@pytest.mark.parametrize(
    ("short", "full"),
    [
        ("2026-01-01", "2026-01-01T00:00:00.000Z"),
        ("2026-01-01T00:00:00", "2026-01-01T00:00:00.000Z"),
        ("2026-01-01T02:00:00+02:00", "2026-01-01T00:00:00.000Z"),
    ],
)
def test_shorter_dates_mean_their_first_moment_in_utc(sandbox: Sandbox, short: str, full: str) -> None:
    assert list_large_collection(sandbox, **{"createdOn[gt]": short}) == list_large_collection(
        sandbox, **{"createdOn[gt]": full}
    )
    assert list_large_collection(sandbox, **{"createdOn[lt]": short}) == list_large_collection(
        sandbox, **{"createdOn[lt]": full}
    )


def _value(item: dict[str, Any], key: str) -> Any:
    return item["fieldData"][key] if key in ("name", "slug") else item[key]


@clause("items.list.sort", "items.list.ties")
@pytest.mark.parametrize("key", SORTS)
@pytest.mark.parametrize("order", ["asc", "desc"])
def test_items_are_sorted_ties_newest_first(sandbox: Sandbox, key: str, order: str) -> None:
    _, items = sandbox.large_collection
    having = [item for item in items if _value(item, key) is not None]
    expected = sorted(having, key=lambda item: str(_value(item, key)), reverse=order == "desc")
    expected += [item for item in items if _value(item, key) is None]
    assert list_large_collection(sandbox, sortBy=key, sortOrder=order) == expected


@clause("items.list.ties")
@pytest.mark.parametrize("order", ["asc", "desc"])
def test_what_has_no_value_comes_last(sandbox: Sandbox, order: str) -> None:
    live = sandbox.new_published_item(sandbox.plain)
    sandbox.new_item(sandbox.plain)
    dates = [
        item["lastPublished"]
        for item in sandbox.client.items.list(sandbox.plain.id, sort_by="lastPublished", sort_order=order)["items"]
    ]
    published = [date for date in dates if date is not None]
    assert live["lastPublished"] in published
    assert dates[: len(published)] == sorted(published, reverse=order == "desc")


@clause("items.list.sort", "requests.shape.enum")
def test_other_words_are_no_order(sandbox: Sandbox) -> None:
    answer = sandbox.call("GET", sandbox.plain.path, query={"sortBy": "age", "sortOrder": "up"})
    expect_shape_problems(
        answer,
        ("requests.shape.enum", {"subject": "Value (sortBy)"}),
        ("requests.shape.enum", {"subject": "Value (sortOrder)"}),
    )


@clause("items.list.sort-order")
def test_what_sort_by_means_alone(sandbox: Sandbox, choice: Choices) -> None:
    shelf, _ = sandbox.large_collection
    alone = sandbox.call("GET", shelf.path, query={"sortBy": "slug"})
    saw = "reject" if is_refused(alone, "items.list.sort-order") else None
    for order in ("asc", "desc"):
        if alone.json() == sandbox.call("GET", shelf.path, query={"sortBy": "slug", "sortOrder": order}).json():
            saw = order
    choice("items.list.sort-order").record(saw, alone)


@clause("items.list.locales", "items.locale.default")
def test_variants_of_several_locales_are_listed_together(sandbox: Sandbox) -> None:
    collection = sandbox.new_collection("locales")
    first, second = sandbox.primary_locale_id, sandbox.secondary_locale_id()
    both = sandbox.new_items([{}], collection, locales=[first, second])
    only = sandbox.new_items([{}], collection, locales=[second])

    def ids(*locales: str) -> list[tuple[str, str]]:
        query = {"cmsLocaleId": ",".join(locales)} if locales else {}
        page = expect_json(sandbox.call("GET", collection.path, query=query))
        assert page["pagination"]["total"] == len(page["items"])
        return sorted((item["id"], item["cmsLocaleId"]) for item in page["items"])

    def expected(*locales: str) -> list[tuple[str, str]]:
        return sorted((item["id"], item["cmsLocaleId"]) for item in both + only if item["cmsLocaleId"] in locales)

    assert ids() == ids(first) == expected(first)
    assert ids(second) == expected(second)
    assert ids(first, second) == ids(second, first) == expected(first, second)
    assert ids(ABSENT_ID) == []
    assert ids(ABSENT_ID, first) == expected(first)


@clause("items.locale.default", "items.not-found", "items.object.keys")
def test_one_item_is_read_in_the_locale_named(sandbox: Sandbox) -> None:
    first, second = sandbox.new_items([{}], locales=[sandbox.primary_locale_id, sandbox.secondary_locale_id()])
    path = f"{sandbox.everything.path}/{first['id']}"
    assert expect_json(sandbox.call("GET", path)) == first
    assert expect_json(sandbox.call("GET", path, query={"cmsLocaleId": sandbox.primary_locale_id})) == first
    assert expect_json(sandbox.call("GET", path, query={"cmsLocaleId": sandbox.secondary_locale_id()})) == second
    assert sandbox.call("GET", path, query={"cmsLocaleId": ABSENT_ID}).status_code == 404


@clause("items.get.locales")
@pytest.mark.parametrize("where", ["", "/live"])
@pytest.mark.parametrize("first_has_it", [True, False])
def test_what_several_locales_mean_where_one_item_is_read(
    sandbox: Sandbox, choice: Choices, first_has_it: bool, where: str
) -> None:
    locales = [sandbox.primary_locale_id, sandbox.secondary_locale_id()]
    item = sandbox.new_published_item(locales=locales) if where else sandbox.new_items([{}], locales=locales)[0]
    named = [locales[1], locales[0]] if first_has_it else [ABSENT_ID, locales[1]]
    query = {"cmsLocaleId": ",".join(named)}
    answer = sandbox.call("GET", f"{sandbox.everything.path}/{item['id']}{where}", query=query)
    saw = "reject" if is_refused(answer, "requests.id.invalid") else None
    if answer.json().get("cmsLocaleId") == locales[1]:
        saw = "first-that-has-it"
    choice("items.get.locales").record(saw, answer)
