"""Sorting lists of items by any field."""

from __future__ import annotations

import pytest

from .kit.clauses import Choices, clause
from .kit.filter_shelf import expect_argument_refused, find_rows, list_shelf
from .kit.sandbox import Sandbox

KEEP_SET = "filter[number][exists]=true"


@clause("sorts.order")
@pytest.mark.parametrize(
    ("parameters", "order"),
    [
        (["sort[number]=asc"], [3, 4, 2, 0, 1]),
        (["sort[number]=desc"], [1, 2, 0, 4, 3]),
        (["sort[date]=asc", "filter[date][exists]=true"], [0, 4, 1]),
        (["sort[date]=desc", "filter[date][exists]=true"], [1, 4, 0]),
        (["sort[text]=asc", "filter[text][exists]=true"], [3, 0, 1, 2]),
        (["sort[text]=desc", "filter[text][exists]=true"], [2, 1, 0, 3]),
        (["sort[switch]=asc", "filter[switch][exists]=true"], [2, 1, 0]),
        (["sort[email]=desc", "filter[email][exists]=true"], [3, 2]),
        (["sort[phone]=desc", "filter[phone][exists]=true"], [3, 2]),
        (["sort[number]=asc", "sort[text]=desc", "filter[text][exists]=true"], [3, 2, 0, 1]),
        (["sort[number]=asc", "sort[text]=asc", "filter[text][exists]=true"], [3, 0, 2, 1]),
    ],
)
def test_items_are_sorted_by_fields(sandbox: Sandbox, parameters: list[str], order: list[int]) -> None:
    # Rows 0 and 2 have the same number, and the later one is the newer.
    assert find_rows(sandbox, *parameters, KEEP_SET) == order


@clause("sorts.order")
def test_items_are_sorted_by_their_ids(sandbox: Sandbox) -> None:
    ids = [item["id"] for item in sandbox.filter_shelf[1]]
    assert [ids[row] for row in find_rows(sandbox, "sort[id]=asc")] == sorted(ids)
    assert [ids[row] for row in find_rows(sandbox, "sort[id]=desc")] == sorted(ids, reverse=True)


@clause("sorts.over-sort-by")
def test_sort_counts_before_sort_by(sandbox: Sandbox) -> None:
    assert find_rows(sandbox, "sort[number]=asc", "sortBy=slug", "sortOrder=desc", KEEP_SET) == [3, 4, 2, 0, 1]


@clause("sorts.unset")
def test_where_items_without_a_value_come(sandbox: Sandbox, choice: Choices) -> None:
    place = {direction: find_rows(sandbox, f"sort[number]={direction}").index(5) for direction in ("asc", "desc")}
    saw = {(5, 5): "last", (0, 5): "lowest", (5, 0): "highest"}.get((place["asc"], place["desc"]))
    choice("sorts.unset").record(saw, place)


@clause("sorts.not-understood")
@pytest.mark.parametrize(
    "parameter", ["sort=number", "sort[]=asc", "sort[number][]=asc", "sort[number=asc", "sort.number=asc"]
)
@pytest.mark.parametrize("where", ["", "/live"])
def test_sort_keys_of_another_form_are_refused(sandbox: Sandbox, parameter: str, where: str) -> None:
    expect_argument_refused(list_shelf(sandbox, parameter, where=where), "sorts.not-understood")


@clause("sorts.unknown-field")
@pytest.mark.parametrize("slug", ["none", "Number", "isDraft"])
def test_sorting_by_no_field_is_refused(sandbox: Sandbox, slug: str) -> None:
    expect_argument_refused(list_shelf(sandbox, f"sort[{slug}]=asc"), "sorts.unknown-field")


@clause("sorts.unsortable")
@pytest.mark.parametrize("slug", ["rich", "link", "color", "option", "author", "image", "images", "file", "video"])
def test_types_without_an_order_are_refused(sandbox: Sandbox, slug: str) -> None:
    expect_argument_refused(list_shelf(sandbox, f"sort[{slug}]=asc"), "sorts.unsortable")


@clause("sorts.direction")
@pytest.mark.parametrize("direction", ["up", "", "ASC", "-1"])
def test_other_directions_are_refused(sandbox: Sandbox, direction: str) -> None:
    expect_argument_refused(list_shelf(sandbox, f"sort[number]={direction}"), "sorts.direction")


@clause("sorts.three")
def test_three_keys_at_most(sandbox: Sandbox) -> None:
    three = ["sort[number]=asc", "sort[text]=asc", "sort[date]=asc"]
    assert len(find_rows(sandbox, *three)) == 6
    expect_argument_refused(list_shelf(sandbox, *three, "sort[email]=asc"), "sorts.three")
