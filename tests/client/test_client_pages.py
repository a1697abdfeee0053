"""Iterators over pages, and long lists cut into calls."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import responses
from hypothesis import given
from hypothesis import strategies as st

from fake_webflow.client import UnexpectedAnswer, WebflowClient
from fake_webflow.client._pages import entries

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
