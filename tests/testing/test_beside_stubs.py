"""The fixture beside a test's own stubs: theirs win, whichever was there first, also where they catch all."""

from __future__ import annotations

import re
from collections.abc import Iterator

import httpx
import pytest
import requests
import responses
import respx

from fake_webflow import FakeWebflow

SITES = "https://api.webflow.com/v2/sites"
FILE = "https://cdn.prod.website-files.com/anything.png"


@pytest.fixture
def stubs() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock() as stubs:
        yield stubs


@pytest.fixture
def routes() -> Iterator[respx.MockRouter]:
    with respx.mock(assert_all_called=False) as routes:
        yield routes


@pytest.mark.parametrize("order", [("stubs", "fake_webflow"), ("fake_webflow", "stubs")])
def test_a_catch_all_of_responses_catches_all(request: pytest.FixtureRequest, order: tuple[str, str]) -> None:
    given = {name: request.getfixturevalue(name) for name in order}
    given["stubs"].get(re.compile(".*"), status=418)
    assert [requests.get(url).status_code for url in (SITES, FILE, SITES)] == [418] * 3
    assert given["fake_webflow"].journal == []
    assert len(given["stubs"].calls) == 3


@pytest.mark.parametrize("order", [("stubs", "fake_webflow"), ("fake_webflow", "stubs")])
def test_a_stub_for_one_method_leaves_the_others(request: pytest.FixtureRequest, order: tuple[str, str]) -> None:
    given = {name: request.getfixturevalue(name) for name in order}
    given["stubs"].get(re.compile("https://api.webflow.com/.*"), status=418)
    webflow: FakeWebflow = given["fake_webflow"]
    url = f"https://api.webflow.com/v2/collections/{webflow.collections['authors'].id}/items"
    headers = {"Authorization": f"Bearer {webflow.token}"}
    assert requests.get(url, headers=headers).status_code == 418
    assert requests.post(url, headers=headers, json={"fieldData": {"name": "Ada"}}).status_code == 202
    assert [call.operation for call in webflow.journal] == ["items.create"]


@pytest.mark.parametrize("order", [("routes", "fake_webflow"), ("fake_webflow", "routes")])
def test_a_catch_all_of_respx_catches_all(request: pytest.FixtureRequest, order: tuple[str, str]) -> None:
    given = {name: request.getfixturevalue(name) for name in order}
    given["routes"].get(SITES).respond(418)
    headers = {"Authorization": f"Bearer {given['fake_webflow'].token}"}
    assert [httpx.get(url, headers=headers).status_code for url in (SITES, f"{SITES}/x")] == [418, 400]
    given["routes"].route().respond(420)
    assert httpx.get(f"{SITES}/x", headers=headers).status_code == 420
    assert len(given["fake_webflow"].journal) == 1
