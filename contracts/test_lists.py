"""Pages, as far as all lists share them."""

from __future__ import annotations

import pytest
from hypothesis import strategies as st

from .kit.clauses import Choices, clause
from .kit.expect import expect_json, expect_keys, expect_refusal, expect_shape_problems, is_refused
from .kit.sandbox import Sandbox
from .kit.strategies import offsets, property_test

LARGE_COLLECTION_SIZE = 107


def _lists(sandbox: Sandbox) -> list[tuple[str, str]]:
    """The path of every paged list, with the key of its records."""
    shelf, _ = sandbox.large_collection
    return [
        (shelf.path, "items"),
        (f"{shelf.path}/live", "items"),
        (f"/sites/{sandbox.site_id}/assets", "assets"),
        (f"/sites/{sandbox.site_id}/asset_folders", "assetFolders"),
    ]


@clause("lists.page.default")
def test_without_limit_and_offset_the_first_hundred_come(sandbox: Sandbox, choice: Choices) -> None:
    shelf, items = sandbox.large_collection
    page = expect_json(sandbox.call("GET", shelf.path))
    assert page["pagination"] == {"limit": 100, "offset": 0, "total": LARGE_COLLECTION_SIZE}
    assert page["items"] == items[:100]
    for path, key in _lists(sandbox)[1:]:
        page = expect_json(sandbox.call("GET", path))
        of_folders = path.endswith("asset_folders")
        size = int(choice("asset-folders.list.page-size").actual) if of_folders else 100
        assert (page["pagination"]["limit"], page["pagination"]["offset"]) == (size, 0)
        assert len(page[key]) == min(page["pagination"]["total"], size)


@clause("lists.pagination")
def test_a_page_closes_with_limit_offset_and_total(sandbox: Sandbox) -> None:
    for path, key in _lists(sandbox):
        page = expect_json(sandbox.call("GET", path, query={"limit": "7", "offset": "3"}))
        expect_keys(page, [key, "pagination"], "lists.pagination")
        expect_keys(page["pagination"], ["limit", "offset", "total"], "lists.pagination")
        assert (page["pagination"]["limit"], page["pagination"]["offset"]) == (7, 3)


@clause("lists.pagination", "lists.offset.beyond-total", "items.list.newest-first")
@property_test(examples=25, limit=st.integers(1, 100), offset=offsets(LARGE_COLLECTION_SIZE))
def test_a_page_is_a_slice_of_the_whole_list(sandbox: Sandbox, limit: int, offset: int) -> None:
    shelf, items = sandbox.large_collection
    page = expect_json(sandbox.call("GET", shelf.path, query={"limit": limit, "offset": offset}))
    assert page["items"] == items[offset : offset + limit]
    assert page["pagination"] == {"limit": limit, "offset": offset, "total": LARGE_COLLECTION_SIZE}


@clause("lists.offset.beyond-total")
def test_beyond_the_last_record_a_page_is_empty(sandbox: Sandbox) -> None:
    for path, key in _lists(sandbox):
        first = expect_json(sandbox.call("GET", path))["pagination"]
        page = expect_json(sandbox.call("GET", path, query={"offset": "100000"}))
        assert page == {key: [], "pagination": {**first, "offset": 100000}}


@clause("lists.limit.pattern")
@pytest.mark.parametrize("limit", ["0", "-1", "abc", "2.5", "1e2", " 5", "٣"])
def test_a_limit_is_a_whole_number_of_at_least_one(sandbox: Sandbox, limit: str) -> None:
    for path, _ in _lists(sandbox):
        expect_shape_problems(sandbox.call("GET", path, query={"limit": limit}), ("lists.limit.pattern", {}))


@clause("lists.offset.pattern")
@pytest.mark.parametrize("offset", ["-1", "abc", "2.5", "+1", "٣"])
def test_an_offset_is_a_whole_number(sandbox: Sandbox, offset: str) -> None:
    for path, _ in _lists(sandbox):
        expect_shape_problems(sandbox.call("GET", path, query={"offset": offset}), ("lists.offset.pattern", {}))


@clause("lists.limit.pattern", "lists.offset.pattern", "requests.shape.invalid")
def test_both_are_reported_at_once(sandbox: Sandbox) -> None:
    answer = sandbox.call("GET", sandbox.plain.path, query=[("limit", "0"), ("offset", "-1")])
    expect_shape_problems(answer, ("lists.limit.pattern", {}), ("lists.offset.pattern", {}))


@clause("lists.offset.too-large")
@pytest.mark.parametrize("digits", [str(2**53), "1" + "0" * 30, "9" * 5000], ids=["2^53", "31 digits", "5000 digits"])
def test_an_offset_that_json_cannot_hold(sandbox: Sandbox, digits: str) -> None:
    expect_refusal(sandbox.call("GET", sandbox.plain.path, query={"offset": digits}), "lists.offset.too-large")
    page = expect_json(sandbox.call("GET", sandbox.plain.path, query={"offset": str(2**53 - 1)}))
    assert page["pagination"]["offset"] == 2**53 - 1


@clause("lists.limit-over-100")
@pytest.mark.parametrize("limit", [101, 1000, 10**12])
def test_no_page_holds_more_than_a_hundred(sandbox: Sandbox, choice: Choices, limit: int) -> None:
    shelf, items = sandbox.large_collection
    answer = sandbox.call("GET", shelf.path, query={"limit": limit})
    saw = "reject" if is_refused(answer, "lists.limit-over-100") else None
    if answer.status_code == 200:
        pagination = {"limit": 100, "offset": 0, "total": LARGE_COLLECTION_SIZE}
        saw = "clamp" if answer.json() == {"items": items[:100], "pagination": pagination} else None
    choice("lists.limit-over-100").record(saw, answer)
