"""Libraries that the newsroom uses here and there, and stubs for hosts that are not Webflow's."""

from __future__ import annotations

import asyncio

import pytest
import requests
import responses
import urllib3
from newsroom.desk import API
from newsroom.ticker import newest

PRICES = "https://prices.example/today"


def test_aiohttp(fake_webflow, articles):
    fake_webflow.add_item(articles, {"name": "The tide"})
    assert asyncio.run(newest(fake_webflow.token, articles.id)) == "The tide"
    fake_webflow.journal.assert_called("items.list", query={"limit": "1"}, status=200)


def test_urllib3(fake_webflow):
    answer = urllib3.request("GET", f"{API}/sites", headers={"Authorization": f"Bearer {fake_webflow.token}"})
    assert answer.json()["sites"][0]["id"] == fake_webflow.site.id


@pytest.fixture
def stubs():
    with responses.RequestsMock() as stubs:
        yield stubs


@pytest.mark.parametrize("first", ["stubs", "fake_webflow"])
def test_beside_stubs_that_were_there_before_and_after(request, first):
    one = request.getfixturevalue(first)
    other = request.getfixturevalue({"stubs": "fake_webflow", "fake_webflow": "stubs"}[first])
    stubs, fake_webflow = (one, other) if first == "stubs" else (other, one)
    stubs.get(PRICES, json={"price": 3})
    stubs.get(f"{API}/token/introspect", status=503)
    headers = {"Authorization": f"Bearer {fake_webflow.token}"}

    assert requests.get(PRICES, timeout=30).json() == {"price": 3}
    assert requests.get(f"{API}/token/introspect", headers=headers, timeout=30).status_code == 503
    assert requests.get(f"{API}/sites", headers=headers, timeout=30).status_code == 200
    assert [call.operation for call in fake_webflow.journal] == ["sites.list"]
