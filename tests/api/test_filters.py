"""Filtering and sorting by any field, held against the plain reference; and queries that are refused."""

from __future__ import annotations

import json
from functools import cache
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from filter_reference import find_value, holds, sort_items
from hypothesis import given, seed, settings
from hypothesis import strategies as st
from refusals import refuse
from worlds import AUTHORS_ID, BLUE, DE, EN, FR, LOCALES, POSTS_ID, RED, ask, every_field, fake, locales, ok

from fake_webflow.fake import Fake
from fake_webflow.rules import Profile

ITEMS = f"/collections/{POSTS_ID}/items"
DATES = ["2026-01-01T00:00:00.000Z", "2026-01-02T12:00:00.000Z", "2025-12-31T23:00:00.000Z"]
TEXTS = ["Ä", "ä", "tide", "The Tide", "", "100 %", "a+b", "漢字"]
VALUES: dict[str, list[Any]] = {
    "plaintext": [*TEXTS, None],
    "email": ["a@b.cd", "A@b.cd", "", None],
    "phone": ["+49 1", "1", None],
    "link": ["https://example.com/a", "https://example.com/B", None],
    "color": ["red", "#FF0000", None],
    "number": [0, -1, 2.5, 3, 10, None],
    "switch": [True, False, None],
    "datetime": [*DATES, None],
    "option": [RED, BLUE, None],
    "richtext": ["<p>a</p>", None],
    "videolink": ["https://example.com/v", None],
}
NAMES = ["One", "one", "Two", "Zwei"]


@cache
def shelf() -> tuple[Fake, list[str]]:
    """Posts with many values in three locales, most of them live, some changed since; and the authors they refer to."""
    made = fake()
    authors = [
        ok(ask(made, "POST", f"/collections/{AUTHORS_ID}/items/bulk", bulk(f"Author {number}"))) for number in "ab"
    ]
    ids = [author["items"][0]["id"] for author in authors]
    values = {**VALUES, "reference": [*ids, None], "multireference": [ids, [], None]}
    for number in range(24):
        data = {slug: some[number * (place + 3) % len(some)] for place, (slug, some) in enumerate(values.items())}
        sent = {slug: value for slug, value in data.items() if value is not None or number % 2}
        created = ok(ask(made, "POST", f"{ITEMS}/bulk", bulk(NAMES[number % 4], LOCALES[: 1 + number % 3], **sent)))
        item = {"id": created["items"][0]["id"], "cmsLocaleIds": LOCALES[: 1 + number % 3]}
        if number % 4:
            ok(ask(made, "POST", f"{ITEMS}/publish", {"items": [item]}))
        if number % 5 == 0:
            ok(ask(made, "PATCH", f"{ITEMS}/{item['id']}", {"fieldData": {"number": 7, "plaintext": "changed"}}))
    return made, ids


def bulk(name: str, names: Any = LOCALES, **data: Any) -> dict[str, Any]:
    return {"fieldData": [{"name": name, **data}], "cmsLocaleIds": [*names], "isDraft": False}


KINDS = {"id": "id", "name": "PlainText", "slug": "PlainText", **{field.slug: field.type for field in every_field()}}
EQUALITY = ["eq", "ne", "in", "nin"]
TEXT = [*EQUALITY, "contains", "ncontains", "exists"]
ORDERED = [*EQUALITY, "gt", "gte", "lt", "lte", "exists"]
OPERATORS = {
    "id": EQUALITY,
    **dict.fromkeys(("PlainText", "Email", "Phone", "Link"), TEXT),
    **dict.fromkeys(("Number", "DateTime"), ORDERED),
    **{kind: [*EQUALITY, "exists"] for kind in ("Switch", "Color", "Reference")},
    "Option": EQUALITY,
    **{kind: ["exists"] for kind in ("RichText", "Image", "MultiImage", "VideoLink", "MultiReference")},
}
EVERY_OPERATOR = ["eq", "ne", "in", "nin", "contains", "ncontains", "gt", "gte", "lt", "lte", "exists"]
SORTABLE = [
    slug
    for slug, kind in KINDS.items()
    if kind in ("id", "PlainText", "Email", "Phone", "Number", "DateTime", "Switch")
]
OTHERS = {
    "number": ["1e0", "2.50", "-0", "99"],
    "datetime": ["2026-01-02", "2026-01-02T13:00:00+01:00"],
    "reference": [EN],
    "id": ["99" * 12],
    "color": ["RED"],
}


def texts_of(slug: str) -> st.SearchStrategy[str]:
    found = [find_value(item, slug, "") for where in ("", "/live") for item in all_items(where)]
    known = [json.dumps(value) if isinstance(value, bool | int | float) else value for value in found if value]
    return st.sampled_from(sorted({*filter(None, known), *OTHERS.get(slug, [])}))


@cache
def all_items(where: str, names: tuple[str, ...] = LOCALES) -> list[Any]:
    page = ok(ask(shelf()[0], "GET", f"{ITEMS}{where}", query=f"cmsLocaleId={','.join(names)}"))
    assert len(page["items"]) == page["pagination"]["total"]
    return page["items"]


@st.composite
def conditions(draw: st.DrawFn) -> tuple[str, str, str]:
    slug = draw(st.sampled_from([slug for slug, kind in KINDS.items() if OPERATORS.get(kind)]))
    operator = draw(st.sampled_from(OPERATORS[KINDS[slug]]))
    if operator == "exists":
        return slug, operator, draw(st.sampled_from(["true", "false"]))
    texts = texts_of(slug)
    if operator in ("in", "nin"):
        return slug, operator, ",".join(draw(st.lists(texts, min_size=1, max_size=4)))
    text = draw(texts)
    if operator in ("contains", "ncontains"):
        start = draw(st.integers(0, len(text) - 1))
        text = draw(st.sampled_from([str, str.upper, str.lower]))(text[start : start + draw(st.integers(1, 4))])
    elif slug == "plaintext" and draw(st.integers(0, 9)) == 0:
        text = ""
    return slug, operator, text


def fits(terms: list[tuple[str, str, str]]) -> bool:
    return sum(operator.endswith("contains") for _, operator, _ in terms) <= 2


QUERIES = st.tuples(
    st.sampled_from(["", "/live"]),
    st.lists(st.sampled_from(LOCALES), min_size=1, max_size=3, unique=True),
    st.lists(conditions(), max_size=4, unique_by=lambda term: term[:2]).filter(fits),
    st.lists(
        st.tuples(st.sampled_from(SORTABLE), st.sampled_from(["asc", "desc"])), max_size=3, unique_by=lambda key: key[0]
    ),
    st.sampled_from([None, *NAMES]),
    st.integers(1, 9),
    st.booleans(),
)


def check_against_reference(query: Any) -> None:
    where, names, terms, keys, name, limit, escapes = query
    wanted = [
        item
        for item in all_items(where)
        if item["cmsLocaleId"] in names
        and (name is None or item["fieldData"]["name"] == name)
        and all(holds(item, term, KINDS) for term in terms)
    ]
    wanted = sort_items(wanted, keys, KINDS)
    pairs = [("cmsLocaleId", ",".join(names)), *((f"filter[{slug}][{how}]", text) for slug, how, text in terms)]
    pairs += [(f"sort[{slug}]", direction) for slug, direction in keys]
    pairs += [] if name is None else [("name", name)]
    text = urlencode(pairs, safe="" if escapes else "[]", quote_via=quote)
    whole = ok(ask(shelf()[0], "GET", f"{ITEMS}{where}", query=text))
    assert places_of(whole["items"]) == places_of(wanted)
    assert sorted(map(json.dumps, whole["items"])) == sorted(map(json.dumps, wanted))
    pages = [
        ok(ask(shelf()[0], "GET", f"{ITEMS}{where}", query=f"{text}&limit={limit}&offset={offset}"))
        for offset in {0, limit, len(wanted) // limit * limit}
    ]
    for page in pages:
        offset = page["pagination"]["offset"]
        assert page["pagination"] == {"limit": limit, "offset": offset, "total": len(wanted)}
        assert page["items"] == whole["items"][offset : offset + limit]


def places_of(items: Any) -> list[str]:
    # Which variant of an item comes first is left open, where nothing tells them apart.
    return [item["id"] for item in items]


@pytest.mark.clause(
    "filters.joined", "filters.equality", "filters.comparison", "filters.text", "filters.exists", "sorts.order"
)
@seed(20_261_201)
@settings(max_examples=250, deadline=None, database=None)
@given(query=QUERIES)
def test_lists_totals_and_pages_are_those_of_the_reference(query):
    check_against_reference(query)


@pytest.mark.acceptance
@seed(20_261_202)
@settings(max_examples=10_000, deadline=None, database=None)
@given(query=QUERIES)
def test_ten_thousand_lists_are_those_of_the_reference(query):
    check_against_reference(query)


@pytest.mark.clause("filters.unknown-operator")
def test_each_type_has_its_operators_and_no_others():
    made = shelf()[0]
    for slug, kind in KINDS.items():
        text = "true" if kind not in OPERATORS else "1"
        for operator in [*EVERY_OPERATOR, "EQ", "like"]:
            if operator in OPERATORS.get(kind, []):
                continue
            refused = refuse(made, "GET", ITEMS, query=f"filter[{slug}][{operator}]={text}")
            assert refused["message"].startswith(
                f'Bad Request: ["Value (filter.{slug}.{operator}) should use an operator'
            )
            assert refused["code"] == "bad_request"


# What follows "filter[": in groups of one kind of mistake.
NO_FILTERS = """
  ]=x name]=x name][]=x ][eq]=x name][eq][]=x name][eq][0]=x name][eq=x name]eq]=x [name]][eq]=x name][eq]]=x
  none][eq]=x Name][eq]=x fieldData.name][eq]=x name+][eq]=x isDraft][eq]=true cmsLocaleId][eq]=x
  createdOn][gte]=2026-01-01 lastUpdated][exists]=true file][exists]=true
  number][eq]= number][eq]=x number][eq]=1,2 number][gt]=NaN number][gt]=Infinity number][in]=1,,2 number][in]=
  number][eq]=1e999 number][eq]=true number][eq]=[1] number][eq]=null number][eq]=0x10
  switch][eq]=1 switch][eq]=True switch][in]=true,x name][exists]=yes
  datetime][gt]=yesterday datetime][gt]=2026-13-01 datetime][eq]=9999-12-31T23:59:59-01:00
  option][eq]=Red option][eq]=x reference][eq]=x id][eq]=x id][in]=x
  name][contains]= name][ncontains]= name][in]= name][in]=a,,b
  name][eq]=x&filter[name][eq]=y name][eq]=x&filter[name][eq]=x name][eq]=x&filter%5Bname%5D%5Beq%5D=x
  name][contains]=a&filter[email][contains]=a&filter[phone][ncontains]=a
"""
NO_SORTS = """
  [none]=asc [richtext]=asc [option]=asc [link]=asc [color]=asc [createdOn]=asc [name]=up [name]=ASC [name]= [name]
  []=asc =name [name][]=asc [name]=asc&sort[name]=desc [name][eq]=asc [name=asc [0]=name .name=asc
  [name]=asc&sort[slug]=asc&sort[number]=asc&sort[email]=asc
"""
EIGHT = "&".join(f"filter[number][{how}]=1" for how in ("eq", "ne", "gt", "gte", "lt", "lte", "in", "nin"))
NO_QUERIES = [
    *(f"filter[{rest}" for rest in NO_FILTERS.split()),
    *(f"sort{rest}" for rest in NO_SORTS.split()),
    *("filter=x", "filter", "filter.name.eq=x", "filter%255Bname%255D%255Beq%255D=x", "filter%5Bname%5D=x"),
    f"filter[number][eq]={'9' * 5000}",
    f"{EIGHT}&filter[name][eq]=x&filter[slug][eq]=x&filter[email][eq]=x",
    f"filter[number][in]={','.join(map(str, range(101)))}",
    f"filter[name][nin]={','.join(map(str, range(101)))}",
]


@pytest.mark.clause("filters.refusal", "filters.invalid-value", "filters.not-understood", "sorts.not-understood")
@pytest.mark.parametrize("query", NO_QUERIES, ids=lambda query: query[:50])
def test_what_is_not_understood_is_refused(query):
    made = shelf()[0]
    for where in ("", "/live"):
        refused = refuse(made, "GET", f"{ITEMS}{where}", query=query)
        assert refused["message"].startswith("Bad Request: [")


@pytest.mark.clause("filters.ten-terms", "filters.two-text-searches", "filters.hundred-values", "sorts.three")
def test_just_as_many_as_there_may_be():
    made = shelf()[0]
    eight = "&".join(f"filter[number][{how}]=1" for how in ("ne", "gt", "gte", "lt", "lte", "nin", "eq", "in"))
    for query in (
        f"{eight}&filter[name][contains]=a&filter[email][ncontains]=a&name=One&createdOn[gte]=2026-01-01",
        f"filter[number][in]={','.join(map(str, range(100)))}",
        "sort[name]=asc&sort[slug]=desc&sort[number]=asc&sortBy=name&sortOrder=asc",
    ):
        ok(ask(made, "GET", ITEMS, query=query))


def test_all_mistakes_of_a_query_are_told_together():
    refused = refuse(shelf()[0], "GET", ITEMS, query="filter[nmae][eq]=x&filter[number][gt]=x&sort[name]=up&sort=x")
    assert json.loads(refused["message"].removeprefix("Bad Request: ")) == [
        "Value (filter.nmae) should be a field of the collection: did you mean name or image or number?",
        "Value (filter.number.gt) should be a number",
        "Value (sort.name) should be asc or desc",
        "Value (sort) should have the form sort[slug]",
    ]


def test_a_query_of_many_mistakes_is_answered():
    query = "&".join(f"filter[n{number}][eq]=x" for number in range(5000))
    assert (
        len(json.loads(refuse(shelf()[0], "GET", ITEMS, query=query)["message"].removeprefix("Bad Request: "))) == 1000
    )


@pytest.mark.clause("sorts.over-sort-by")
def test_sort_counts_before_sort_by():
    made = shelf()[0]
    both = ok(ask(made, "GET", ITEMS, query="sort[number]=desc&sortBy=name&sortOrder=asc"))
    assert both == ok(ask(made, "GET", ITEMS, query="sort[number]=desc"))
    assert both != ok(ask(made, "GET", ITEMS, query="sortBy=name&sortOrder=asc"))


def test_a_write_is_seen_by_the_next_query():
    made, _ = shelf()
    forked = made.fork()
    query = "filter[number][eq]=4711"
    assert ok(ask(forked, "GET", ITEMS, query=query))["items"] == []
    item = ok(ask(forked, "POST", ITEMS, {"fieldData": {"name": "New", "number": 4711}}))
    assert ok(ask(forked, "GET", ITEMS, query=query))["items"] == [item]
    assert ok(ask(made, "GET", ITEMS, query=query))["items"] == []
    changed = ok(ask(forked, "PATCH", f"{ITEMS}/{item['id']}", {"fieldData": {"number": 1}}))
    assert ok(ask(forked, "GET", ITEMS, query=query))["items"] == []
    assert changed in ok(ask(forked, "GET", ITEMS, query="filter[number][eq]=1"))["items"]


def test_fields_that_change_change_what_is_understood():
    forked = shelf()[0].fork()
    fields = {field["slug"]: field["id"] for field in ok(ask(forked, "GET", f"/collections/{POSTS_ID}"))["fields"]}
    path = f"/collections/{POSTS_ID}/fields"
    ok(ask(forked, "GET", ITEMS, query="filter[plaintext][contains]=tide&sort[plaintext]=asc"))
    assert ask(forked, "DELETE", f"{path}/{fields['plaintext']}").status == 204
    refuse(forked, "GET", ITEMS, query="filter[plaintext][contains]=tide")
    ok(ask(forked, "POST", path, {"type": "Number", "displayName": "plaintext"}))
    for where in ("", "/live"):
        page = ok(ask(forked, "GET", f"{ITEMS}{where}", query="filter[plaintext][exists]=true&sort[plaintext]=asc"))
        assert page["items"] == []


def test_several_locales_of_one_item_are_read_by_its_id():
    made = shelf()[0]
    items = all_items("")
    several = next(item["id"] for item in items if sum(other["id"] == item["id"] for other in items) == 3)
    page = ok(ask(made, "GET", ITEMS, query=f"filter[id][eq]={several.upper()}&cmsLocaleId={','.join(LOCALES)}"))
    assert sorted(item["cmsLocaleId"] for item in page["items"]) == sorted(LOCALES)


@pytest.mark.clause("items.list.all-cms-locales")
@pytest.mark.parametrize(
    "query",
    [
        "allCmsLocales=false",
        "allCmsLocales=",
        "allCmsLocales=true&cmsLocaleId=",
        f"allCmsLocales=true&cmsLocaleId={EN}",
    ],
)
def test_all_locales_are_asked_for_alone(query):
    chosen = Fake(shelf()[0].state, Profile().with_choices({"items.list.all-cms-locales": "every-locale"}))
    refuse(chosen, "GET", ITEMS, query=query)
    page = ok(ask(chosen, "GET", ITEMS, query="allCmsLocales=true"))
    assert page == ok(ask(chosen, "GET", ITEMS, query=f"cmsLocaleId={EN},{DE},{FR}"))
    ok(ask(shelf()[0], "GET", ITEMS, query=query))


@pytest.mark.clause("items.translatable", "items.translatable.locale")
def test_translatable_is_a_secondary_locale_of_the_site():
    made = shelf()[0]
    chosen = Fake(made.state, Profile().with_choices({"items.translatable": "enabled"}))
    primary, secondary, _ = locales()
    paths = [f"{ITEMS}{where}" for where in ("", "/live")]
    item = next(item["id"] for item in all_items("/live") if item["cmsLocaleId"] == EN)
    paths += [f"{ITEMS}/{item}", f"{ITEMS}/{item}/live"]
    for path in paths:
        for wrong in (primary.id, secondary.cms_locale_id, "x", "", "99" * 12):
            refuse(chosen, "GET", path, query=f"translatable={wrong}")
        refuse(made, "GET", path, query=f"translatable={secondary.id}", status=403)
        assert ok(ask(chosen, "GET", path, query=f"translatable={secondary.id}")) == ok(ask(chosen, "GET", path))
