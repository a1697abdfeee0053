"""Iterators over pages, and long lists cut into calls."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import pairwise
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import responses
from hypothesis import given
from hypothesis import strategies as st

from fake_webflow.client import BadRequest, UnexpectedAnswer, WebflowClient
from fake_webflow.client._pages import chunks, entries, piecewise, variants

BASE = "https://api.webflow.com/v2"
ITEMS = f"{BASE}/collections/c/items"


@given(total=st.integers(0, 350), page_size=st.integers(1, 400), cap=st.integers(1, 120))
def test_each_entry_comes_exactly_once_and_in_order(total: int, page_size: int, cap: int) -> None:
    asked: list[tuple[int, int]] = []

    def fetch(limit: int, offset: int) -> dict[str, Any]:
        asked.append((limit, offset))
        cut = min(limit, cap)
        listed = [{"id": number} for number in range(total)][offset : offset + cut]
        return {"items": listed, "pagination": {"limit": cut, "offset": offset, "total": total}}

    assert [entry["id"] for entry in entries(fetch, "items", page_size)] == list(range(total))
    size = min(page_size, cap)
    assert len(asked) == max(1, -(-total // size))
    assert asked[0] == (page_size, 0)
    assert {limit for limit, _ in asked[1:]} <= {size}


def page(items: list[Any], **pagination: Any) -> dict[str, Any]:
    return {"items": items, "pagination": pagination}


def test_an_empty_page_ends_it_whatever_the_total_says(client: WebflowClient, stub: responses.RequestsMock) -> None:
    stub.get(ITEMS, json=page([{"id": "1"}], limit=100, offset=0, total=500))
    stub.get(ITEMS, json=page([], limit=100, offset=1, total=500))
    assert list(client.items.iterate("c")) == [{"id": "1"}]


@pytest.mark.parametrize(
    "odd",
    [
        {},
        {"items": []},
        {"pagination": {"total": 1}},
        page([{"id": "1"}]),
        page([{"id": "1"}], total="9"),
        page([{"id": "1"}], total=True),
        {"items": {}, "pagination": {"total": 1}},
        {"items": [], "pagination": []},
    ],
)
def test_a_page_without_entries_or_total_is_an_error(
    client: WebflowClient, stub: responses.RequestsMock, odd: dict[str, Any]
) -> None:
    stub.get(ITEMS, json=odd)
    with pytest.raises(UnexpectedAnswer):
        list(client.items.iterate("c"))


def test_a_server_that_ignores_the_offset_does_not_loop(client: WebflowClient, stub: responses.RequestsMock) -> None:
    stub.get(ITEMS, json=page([{"id": "1"}], limit=1, offset=0, total=500))
    with pytest.raises(UnexpectedAnswer, match="asked for items from 1"):
        list(client.items.iterate("c", page_size=1))
    assert len(stub.calls) == 2


@pytest.mark.parametrize("limit", [None, "7", 0, -1, True, 1000])
def test_an_odd_limit_in_the_answer_changes_nothing(
    client: WebflowClient, stub: responses.RequestsMock, limit: object
) -> None:
    stub.get(ITEMS, json=page([{"id": "1"}], limit=limit, offset=0, total=2))
    stub.get(ITEMS, json=page([{"id": "2"}], limit=limit, offset=1, total=2))
    assert [item["id"] for item in client.items.iterate("c", page_size=50)] == ["1", "2"]
    assert "limit=50" in str(stub.calls[1].request.url)


def test_pages_are_fetched_as_they_are_needed(client: WebflowClient, stub: responses.RequestsMock) -> None:
    stub.get(ITEMS, json=page([{"id": "1"}, {"id": "2"}], limit=2, offset=0, total=4))
    walk = client.items.iterate("c", page_size=2)
    assert len(stub.calls) == 0
    assert [next(walk), next(walk)] == [{"id": "1"}, {"id": "2"}]
    assert len(stub.calls) == 1


@pytest.mark.parametrize(
    ("path", "key", "call"),
    [
        ("/collections/c/items", "items", lambda c: c.items.iterate("c", page_size=5, slug="x", cms_locale_id="l")),
        (
            "/collections/c/items/live",
            "items",
            lambda c: c.live_items.iterate("c", page_size=5, slug="x", cms_locale_id="l"),
        ),
        ("/sites/s/assets", "assets", lambda c: c.assets.iterate("s", page_size=5, folder_id="f", locale_id="l")),
    ],
)
def test_filters_are_sent_with_every_page(
    client: WebflowClient, stub: responses.RequestsMock, path: str, key: str, call: Any
) -> None:
    stub.get(BASE + path, json={key: [{"id": "1"}], "pagination": {"limit": 5, "offset": 0, "total": 2}})
    stub.get(BASE + path, json={key: [{"id": "2"}], "pagination": {"limit": 5, "offset": 1, "total": 2}})
    assert [entry["id"] for entry in call(client)] == ["1", "2"]
    first, second = (parse_qs(urlsplit(str(made.request.url)).query) for made in stub.calls)
    assert (first.pop("offset"), second.pop("offset")) == (["0"], ["1"])
    assert first == second
    assert len(first) == 3


@given(weights=st.lists(st.integers(1, 130), max_size=60))
def test_chunks_cover_everything_in_order_and_none_is_too_heavy(weights: list[int]) -> None:
    numbered = list(enumerate(weights))
    pieces = chunks(iter(numbered), lambda entry: entry[1])
    assert [entry for piece in pieces for entry in piece] == numbered
    assert all(piece for piece in pieces)
    assert all(len(piece) == 1 or sum(weight for _, weight in piece) <= 100 for piece in pieces)
    # No piece could have taken the first entry of the next one as well.
    for this, following in pairwise(pieces):
        assert sum(weight for _, weight in this) + following[0][1] > 100


@given(count=st.integers(0, 450))
def test_what_the_calls_return_is_joined(count: int) -> None:
    numbered = [{"id": number} for number in range(count)]
    sizes: list[int] = []

    def call(piece: list[dict[str, int]]) -> list[dict[str, int]]:
        sizes.append(len(piece))
        return piece

    assert piecewise(chunks(numbered), call) == numbered
    assert sizes == [100] * (count // 100) + [count % 100] * (count % 100 > 0)


@pytest.mark.parametrize(
    ("item", "weight"),
    [({}, 1), ({"cmsLocaleIds": None}, 1), ({"cmsLocaleIds": []}, 1), ({"cmsLocaleIds": ["a", "b"]}, 2)],
)
def test_an_item_counts_once_for_each_locale(item: dict[str, Any], weight: int) -> None:
    assert variants(item) == weight


def echo(stub: responses.RequestsMock, method: str, path: str, fail_at: int = 0) -> list[Any]:
    """Answer bulk calls with the items they carry; refuse the call of that number. Returns the bodies as they come."""
    bodies: list[Any] = []

    def answer(request: Any) -> tuple[int, dict[str, str], str]:
        body = json.loads(request.body)
        bodies.append(body)
        if len(bodies) == fail_at:
            return 400, {}, json.dumps({"message": "No", "code": "bad_request"})
        if method == "DELETE":
            return 204, {}, ""
        if path.endswith("publish"):
            ids = body.get("itemIds") or [item["id"] for item in body["items"]]
            return (
                202,
                {},
                json.dumps({"publishedItemIds": ids[1:], "errors": [f"Staging item ID {ids[0]} not found."]}),
            )
        items = body.get("items") or [{"fieldData": data} for data in body["fieldData"]]
        return 200, {}, json.dumps({"items": items})

    stub.add_callback(method, BASE + path, callback=answer)
    return bodies


MANY: list[tuple[str, str, Any]] = [
    ("POST", "/collections/c/items", lambda c, items: c.items.create_many("c", items)),
    ("POST", "/collections/c/items/insert", lambda c, items: c.items.insert_many("c", items)),
    ("PATCH", "/collections/c/items", lambda c, items: c.items.update_many("c", items)),
    ("DELETE", "/collections/c/items", lambda c, items: c.items.delete_many("c", items)),
    ("POST", "/collections/c/items/live", lambda c, items: c.live_items.create_many("c", items)),
    ("PATCH", "/collections/c/items/live", lambda c, items: c.live_items.update_many("c", items)),
    ("DELETE", "/collections/c/items/live", lambda c, items: c.live_items.delete_many("c", items)),
]
NUMBERED = [{"id": str(number)} for number in range(250)]


@pytest.mark.parametrize(("method", "path", "call"), MANY)
def test_many_are_sent_in_hundreds(
    client: WebflowClient, stub: responses.RequestsMock, method: str, path: str, call: Any
) -> None:
    bodies = echo(stub, method, path)
    assert call(client, iter(NUMBERED)) == NUMBERED
    assert [body["items"] for body in bodies] == [NUMBERED[:100], NUMBERED[100:200], NUMBERED[200:]]


@pytest.mark.parametrize(("method", "path", "call"), MANY)
def test_an_error_later_on_carries_what_was_completed(
    client: WebflowClient, stub: responses.RequestsMock, method: str, path: str, call: Any
) -> None:
    echo(stub, method, path, fail_at=3)
    with pytest.raises(BadRequest) as caught:
        call(client, NUMBERED)
    assert caught.value.completed == NUMBERED[:200]


@pytest.mark.parametrize(("method", "path", "call"), MANY)
def test_none_is_no_call(client: WebflowClient, method: str, path: str, call: Any) -> None:
    assert call(client, []) == []


def test_an_iterable_that_fails_has_sent_nothing(client: WebflowClient) -> None:
    def failing() -> Iterator[dict[str, Any]]:
        yield from NUMBERED
        raise LookupError("source")

    with pytest.raises(LookupError):
        client.items.create_many("c", failing())


def test_bare_ids_can_be_deleted(client: WebflowClient, stub: responses.RequestsMock) -> None:
    bodies = echo(stub, "DELETE", "/collections/c/items")
    assert client.items.delete_many("c", ("a", "b")) == [{"id": "a"}, {"id": "b"}]
    assert bodies == [{"items": [{"id": "a"}, {"id": "b"}]}]


def test_one_bare_item_as_an_answer_counts_as_a_list(client: WebflowClient, stub: responses.RequestsMock) -> None:
    stub.patch(ITEMS, json={"id": "a", "fieldData": {}})
    assert client.items.update_many("c", [{"id": "a"}]) == [{"id": "a", "fieldData": {}}]


def test_the_hundred_counts_variants_when_creating(client: WebflowClient, stub: responses.RequestsMock) -> None:
    bodies = echo(stub, "POST", "/collections/c/items/insert")
    client.items.insert_many("c", [{"fieldData": {}, "cmsLocaleIds": ["a", "b", "c"]}] * 70)
    assert [len(body["items"]) for body in bodies] == [33, 33, 4]


def test_creating_in_locales(client: WebflowClient, stub: responses.RequestsMock) -> None:
    bodies = echo(stub, "POST", "/collections/c/items/bulk")
    data = [{"name": str(number)} for number in range(70)]
    made = client.items.create_in_locales("c", iter(data), ["a", "b", "c"], is_draft=False, skip_invalid_files=False)
    assert [item["fieldData"] for item in made] == data
    assert [len(body["fieldData"]) for body in bodies] == [33, 33, 4]
    assert {json.dumps({**body, "fieldData": 0}) for body in bodies} == {
        json.dumps({"cmsLocaleIds": ["a", "b", "c"], "isDraft": False, "fieldData": 0})
    }
    assert all("skipInvalidFiles=false" in str(made.request.url) for made in stub.calls)


def test_creating_in_no_named_locale_means_the_primary(client: WebflowClient, stub: responses.RequestsMock) -> None:
    bodies = echo(stub, "POST", "/collections/c/items/bulk")
    client.items.create_in_locales("c", [{"name": "a"}] * 101, [])
    assert [sorted(body) for body in bodies] == [["fieldData"], ["fieldData"]]
    assert [len(body["fieldData"]) for body in bodies] == [100, 1]


def test_publishing_many_joins_both_lists(client: WebflowClient, stub: responses.RequestsMock) -> None:
    bodies = echo(stub, "POST", "/collections/c/items/publish")
    ids = [item["id"] for item in NUMBERED]
    answer = client.items.publish_many("c", iter(ids))
    assert [body["itemIds"] for body in bodies] == [ids[:100], ids[100:200], ids[200:]]
    assert answer["publishedItemIds"] == ids[1:100] + ids[101:200] + ids[201:]
    assert answer["errors"] == [f"Staging item ID {number} not found." for number in (0, 100, 200)]


def test_an_error_while_publishing_carries_the_answers_before(
    client: WebflowClient, stub: responses.RequestsMock
) -> None:
    echo(stub, "POST", "/collections/c/items/publish", fail_at=2)
    with pytest.raises(BadRequest) as caught:
        client.items.publish_many("c", NUMBERED)
    assert [len(answer["publishedItemIds"]) for answer in caught.value.completed] == [99]
