"""Filtering lists of items by any field: operators, values, limits, refusals."""

from __future__ import annotations

import pytest

from .kit.clauses import Choices, clause
from .kit.expect import expect_json
from .kit.filter_shelf import OF_EVERY_ROW, expect_argument_refused, find_rows, list_shelf, value_in_row
from .kit.sandbox import ABSENT_ID, Sandbox


@clause("filters.equality")
@pytest.mark.parametrize(
    ("slug", "row", "other"),
    [
        ("text", 0, 2),
        ("number", 0, 3),
        ("switch", 0, 1),
        ("date", 0, 1),
        ("color", 0, 1),
        ("email", 2, 3),
        ("phone", 2, 3),
        ("link", 4, 5),
        ("option", 2, 3),
        ("author", 2, 3),
        ("name", 2, 3),
        ("slug", 2, 3),
    ],
)
@pytest.mark.parametrize("operator", ["eq", "in", "ne", "nin"])
def test_one_value_or_several_are_compared(sandbox: Sandbox, slug: str, row: int, other: int, operator: str) -> None:
    items = sandbox.filter_shelf[1]
    having = {place for place in OF_EVERY_ROW if items[place]["fieldData"].get(slug) is not None}
    first, second = (items[place]["fieldData"][slug] for place in (row, other))
    same = {place for place in having if items[place]["fieldData"][slug] == first}
    either = same | {place for place in having if items[place]["fieldData"][slug] == second}
    one = value_in_row(sandbox, row, slug)
    both = f"{one},{value_in_row(sandbox, other, slug)}"
    found = having & set(find_rows(sandbox, f"filter[{slug}][{operator}]={one if operator in ('eq', 'ne') else both}"))
    # Whether those without a value are among the others is a choice.
    assert found == {"eq": same, "in": either, "ne": having - same, "nin": having - either}[operator]


@clause("filters.comparison")
@pytest.mark.parametrize(
    ("bound", "found"),
    [
        ("filter[number][gt]=2", {1}),
        ("filter[number][gte]=2", {0, 1, 2}),
        ("filter[number][lt]=0", {3}),
        ("filter[number][lte]=0", {3, 4}),
        ("filter[number][gt]=-1.6", {0, 1, 2, 3, 4}),
        ("filter[date][gt]=2026-03-01T10:00:00Z", {1, 4}),
        ("filter[date][gte]=2026-03-01T12:00:00+02:00", {0, 1, 4}),
        ("filter[date][lt]=2026-03-01T12:00:00.000Z", {0}),
        ("filter[date][lte]=2026-03-01T12:00:00.000Z", {0, 4}),
    ],
)
def test_numbers_and_dates_have_an_order(sandbox: Sandbox, bound: str, found: set[int]) -> None:
    assert set(find_rows(sandbox, bound)) == found


@clause("filters.text")
@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("filter[text][contains]=ALPHA", {0, 1}),
        ("filter[text][contains]=eta", {2}),
        ("filter[text][contains]=a", {0, 1, 2, 5}),
        ("filter[text][ncontains]=ALPHA", {2, 3, 4, 5}),
        ("filter[email][contains]=ANN@", {2}),
        ("filter[phone][contains]=49 1", {2}),
        ("filter[link][ncontains]=COM/A", {0, 1, 2, 3, 5}),
    ],
)
def test_texts_are_searched_without_regard_to_case(sandbox: Sandbox, search: str, found: set[int]) -> None:
    assert set(find_rows(sandbox, search)) == found


@clause("filters.exists")
@pytest.mark.parametrize(
    ("slug", "having"),
    [
        ("text", {0, 1, 2, 3, 5}),
        ("number", {0, 1, 2, 3, 4}),
        ("switch", {0, 1, 2, 5}),
        ("date", {0, 1, 4}),
        ("author", {2, 3, 5}),
        ("rich", {4}),
        ("image", set()),
        ("images", set()),
        ("video", set()),
    ],
)
@pytest.mark.parametrize("there", ["true", "false"])
def test_what_has_a_value_is_told_from_what_has_none(sandbox: Sandbox, slug: str, having: set[int], there: str) -> None:
    found = set(find_rows(sandbox, f"filter[{slug}][exists]={there}"))
    assert found == (having if there == "true" else OF_EVERY_ROW - having)


@clause("filters.joined")
@pytest.mark.parametrize(
    ("parameters", "found"),
    [
        (["filter[number][gte]=0", "filter[number][lt]=10"], {0, 2, 4}),
        (["filter[number][eq]=2", "filter[switch][eq]=false"], {2}),
        (["filter[number][eq]=2", "name={2}"], {2}),
        (["filter[number][eq]=10", "name={2}"], set()),
        (["filter[number][eq]=2", "createdOn[lt]=2000-01-01T00:00:00Z"], set()),
        (["filter[number][eq]=2", "createdOn[gt]=2000-01-01T00:00:00Z"], {0, 2}),
    ],
)
def test_filters_hold_together(sandbox: Sandbox, parameters: list[str], found: set[int]) -> None:
    name = value_in_row(sandbox, 2, "name")
    assert set(find_rows(sandbox, *(parameter.replace("{2}", name) for parameter in parameters))) == found


@clause("filters.joined", "lists.pagination")
def test_pages_of_what_is_filtered(sandbox: Sandbox) -> None:
    shelf, _ = sandbox.filter_shelf
    whole = expect_json(list_shelf(sandbox, "filter[number][gte]=0"))["items"]
    for offset in (0, 3, 9):
        page = expect_json(list_shelf(sandbox, "filter[number][gte]=0", "limit=3", f"offset={offset}"))
        assert page["pagination"] == {"limit": 3, "offset": offset, "total": 4}
        assert page["items"] == whole[offset : offset + 3]
    # Brackets as they are, where the client percent-encodes them otherwise.
    assert expect_json(sandbox.call("GET", f"{shelf.path}?filter[number][gte]=0"))["items"] == whole


@clause("filters.joined", "items.live.list")
def test_live_items_are_filtered_by_their_live_values(sandbox: Sandbox) -> None:
    item = sandbox.new_published_item(text="Before")
    path, text = f"{sandbox.everything.path}/live", sandbox.name()
    sandbox.client.items.update(sandbox.everything.id, item["id"], {"fieldData": {"text": text}})

    def count(value: str) -> int:
        query = {"filter[text][eq]": value, "filter[id][eq]": item["id"]}
        return int(expect_json(sandbox.call("GET", path, query=query))["pagination"]["total"])

    assert (count("Before"), count(text)) == (1, 0)


@clause("filters.id")
def test_items_are_found_by_their_ids(sandbox: Sandbox) -> None:
    ids = [item["id"] for item in sandbox.filter_shelf[1]]
    assert find_rows(sandbox, f"filter[id][eq]={ids[2]}") == [2]
    assert find_rows(sandbox, f"filter[id][eq]={ABSENT_ID}") == []
    assert set(find_rows(sandbox, f"filter[id][in]={ids[2]},{ids[4]},{ABSENT_ID}")) == {2, 4}
    assert set(find_rows(sandbox, f"filter[id][ne]={ids[2]}")) == OF_EVERY_ROW - {2}
    assert set(find_rows(sandbox, f"filter[id][nin]={ids[2]},{ids[4]}")) == OF_EVERY_ROW - {2, 4}


@clause("filters.id", "items.list.locales")
def test_the_variants_of_one_item_are_found_by_its_id(sandbox: Sandbox) -> None:
    locales = [sandbox.primary_locale_id, sandbox.secondary_locale_id()]
    item = sandbox.new_items([{}], locales=locales)[0]
    query = {"filter[id][eq]": item["id"], "cmsLocaleId": ",".join(locales)}
    page = expect_json(sandbox.call("GET", sandbox.everything.path, query=query))
    assert sorted(found["cmsLocaleId"] for found in page["items"]) == sorted(locales)


@clause("filters.values")
@pytest.mark.parametrize(
    ("parameter", "found"),
    [
        ("filter[text][eq]=", {3}),
        ("filter[number][eq]=2.0", {0, 2}),
        ("filter[author][eq]={author}", {2, 5}),
        ("filter[date][eq]=2026-03-01T11:00:00+01:00", {0}),
    ],
)
def test_values_are_read_by_type(sandbox: Sandbox, parameter: str, found: set[int]) -> None:
    author = value_in_row(sandbox, 2, "author").upper()
    assert set(find_rows(sandbox, parameter.replace("{author}", author))) == found


@clause("filters.unset")
@pytest.mark.parametrize(("operator", "value"), [("ne", "Alpha"), ("nin", "Alpha,beta")])
def test_whether_unset_fields_differ(sandbox: Sandbox, choice: Choices, operator: str, value: str) -> None:
    found = set(find_rows(sandbox, f"filter[text][{operator}]={value}"))
    having = {1, 3, 5} if operator == "nin" else {1, 2, 3, 5}
    saw = {frozenset(having | {4}): "differs", frozenset(having): "never-matches"}.get(frozenset(found))
    choice("filters.unset").record(saw, found)


@clause("filters.text-case")
@pytest.mark.parametrize("operator", ["eq", "in"])
def test_whether_equal_texts_have_the_same_case(sandbox: Sandbox, choice: Choices, operator: str) -> None:
    found = find_rows(sandbox, f"filter[text][{operator}]=ALPHA")
    choice("filters.text-case").record({(): "exact", (0,): "ignored"}.get(tuple(found)), found)


@clause("filters.file")
def test_whether_files_can_be_asked_for(sandbox: Sandbox, choice: Choices) -> None:
    answer = list_shelf(sandbox, "filter[file][exists]=true")
    saw = "refuse" if answer.status_code == 400 else None
    if answer.status_code == 200 and answer.json()["items"] == []:
        saw = "exists"
    choice("filters.file").record(saw, answer)


@clause("filters.dates")
@pytest.mark.parametrize("parameter", ["filter[createdOn][lt]=2000-01-01", "sort[lastUpdated]=asc"])
def test_whether_dates_of_items_are_fields(sandbox: Sandbox, choice: Choices, parameter: str) -> None:
    answer = list_shelf(sandbox, parameter)
    saw = "refuse" if answer.status_code == 400 else None
    if answer.status_code == 200 and (answer.json()["items"] == []) == parameter.startswith("filter"):
        saw = "accept"
    choice("filters.dates").record(saw, answer)


@clause("filters.refusal")
def test_what_a_refusal_looks_like(sandbox: Sandbox, choice: Choices) -> None:
    answer = list_shelf(sandbox, "filter[number][gt]=ten")
    said = answer.json()
    heads = {"bad_request": "Bad Request", "validation_error": "Validation Error"}
    text = f'{heads.get(said["code"])}: ["Value (filter.number.gt) should be a number"]'
    known = answer.status_code == 400 and (said["message"], said["details"]) == (text, [])
    choice("filters.refusal").record(said["code"].replace("_", "-") if known else None, answer)


@clause("filters.not-understood")
@pytest.mark.parametrize(
    "parameter",
    ["filter=beta", "filter[text]=beta", "filter[text][eq][]=beta", "filter[][eq]=beta", "filter[text][eq=beta"],
)
@pytest.mark.parametrize("where", ["", "/live"])
def test_filters_of_another_form_are_refused(sandbox: Sandbox, parameter: str, where: str) -> None:
    expect_argument_refused(list_shelf(sandbox, parameter, where=where), "filters.not-understood")


@clause("filters.not-understood", "requests.query.repeated")
def test_a_filter_stands_once(sandbox: Sandbox) -> None:
    shelf, _ = sandbox.filter_shelf
    answer = sandbox.call("GET", f"{shelf.path}?filter[text][eq]=beta&filter[text][eq]=Gamma")
    expect_argument_refused(answer, "requests.query.repeated")


@clause("filters.unknown-field")
@pytest.mark.parametrize("slug", ["none", "Text", "fieldData.text", "isDraft", "cmsLocaleId"])
def test_filters_on_no_field_are_refused(sandbox: Sandbox, slug: str) -> None:
    expect_argument_refused(list_shelf(sandbox, f"filter[{slug}][eq]=beta"), "filters.unknown-field")


@clause("filters.unknown-operator")
@pytest.mark.parametrize(
    "parameter",
    [
        "filter[text][gt]=a",
        "filter[text][like]=a",
        "filter[number][contains]=1",
        "filter[switch][gte]=true",
        "filter[date][contains]=2026",
        "filter[color][contains]=1",
        "filter[option][exists]=true",
        "filter[author][contains]=a",
        "filter[rich][contains]=a",
        "filter[image][eq]=a",
        "filter[images][eq]=a",
        "filter[video][eq]=a",
        f"filter[id][gt]={ABSENT_ID}",
        "filter[id][exists]=true",
    ],
)
def test_operators_of_other_types_are_refused(sandbox: Sandbox, parameter: str) -> None:
    expect_argument_refused(list_shelf(sandbox, parameter), "filters.unknown-operator")


@clause("filters.invalid-value")
@pytest.mark.parametrize(
    "parameter",
    [
        "filter[number][gt]=ten",
        "filter[number][eq]=",
        "filter[number][in]=1,x",
        "filter[switch][eq]=1",
        "filter[date][gt]=yesterday",
        "filter[option][eq]=First",
        "filter[author][eq]=ann",
        "filter[id][eq]=1",
        "filter[text][exists]=yes",
        "filter[text][contains]=",
        "filter[text][in]=a,,b",
    ],
)
def test_values_of_other_types_are_refused(sandbox: Sandbox, parameter: str) -> None:
    expect_argument_refused(list_shelf(sandbox, parameter), "filters.invalid-value")


@clause("filters.ten-terms")
def test_ten_filters_at_most(sandbox: Sandbox) -> None:
    ten = [f"filter[number][{operator}]=2" for operator in ("eq", "gte", "lte", "in")]
    ten += [f"filter[date][{operator}]=2026-03-01T10:00:00Z" for operator in ("eq", "gte", "lte", "in")]
    ten += ["filter[text][eq]=Alpha", "filter[switch][eq]=true"]
    assert find_rows(sandbox, *ten) == [0]
    expect_argument_refused(list_shelf(sandbox, *ten, "filter[color][eq]=#111111"), "filters.ten-terms")


@clause("filters.two-text-searches")
def test_two_text_searches_at_most(sandbox: Sandbox) -> None:
    two = ["filter[text][contains]=alpha", "filter[text][ncontains]=bet"]
    assert find_rows(sandbox, *two) == [0]
    expect_argument_refused(list_shelf(sandbox, *two, "filter[email][ncontains]=x"), "filters.two-text-searches")


@clause("filters.hundred-values")
def test_a_hundred_values_at_most(sandbox: Sandbox) -> None:
    hundred = ",".join(map(str, range(2, 102)))
    assert set(find_rows(sandbox, f"filter[number][in]={hundred}")) == {0, 1, 2}
    expect_argument_refused(list_shelf(sandbox, f"filter[number][in]={hundred},102"), "filters.hundred-values")


@clause("items.list.all-cms-locales")
def test_whether_all_locales_can_be_asked_for(sandbox: Sandbox, choice: Choices) -> None:
    locales = [sandbox.primary_locale_id, sandbox.secondary_locale_id()]
    item = sandbox.new_items([{}], locales=locales)[0]
    query = {"filter[id][eq]": item["id"], "allCmsLocales": "true"}
    answer = sandbox.call("GET", sandbox.everything.path, query=query)
    found = sorted(item["cmsLocaleId"] for item in answer.json().get("items", ()))
    saw = "every-locale" if found == sorted(locales) else "ignored" if found == locales[:1] else None
    choice("items.list.all-cms-locales").record(saw, answer)


@clause("items.translatable")
@pytest.mark.parametrize("where", ["", "/live"])
def test_whether_translations_can_be_excluded(sandbox: Sandbox, choice: Choices, where: str) -> None:
    query = {"translatable": str(sandbox.secondary_locale()["id"])}
    answer = sandbox.call("GET", f"{sandbox.everything.path}{where}", query=query)
    choice("items.translatable").record({200: "enabled", 403: "not-enabled"}.get(answer.status_code), answer)


@clause("items.translatable.locale")
@pytest.mark.parametrize("path", ["", f"/{ABSENT_ID}/live"])
@pytest.mark.parametrize("wrong", ["primary", "CMS locale", "absent"])
def test_translatable_is_a_secondary_locale(sandbox: Sandbox, wrong: str, path: str) -> None:
    secondary = sandbox.secondary_locale_id()
    ids = {"primary": sandbox.site["locales"]["primary"]["id"], "CMS locale": secondary, "absent": ABSENT_ID}
    answer = sandbox.call("GET", f"{sandbox.everything.path}{path}", query={"translatable": ids[wrong]})
    expect_argument_refused(answer, "items.translatable.locale")
