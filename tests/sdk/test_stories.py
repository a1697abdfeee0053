"""One story twice: with the official Python SDK as ``make demo`` tells it, and with the thin client."""

from __future__ import annotations

import runpy
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from fake_webflow import FakeWebflow
from fake_webflow.client import Conflict, NotAuthorized, WebflowClient

DEMO = Path(__file__).parents[2] / "docs" / "demo.py"


def test_the_official_python_sdk_lives_through_the_demo() -> None:
    told = subprocess.run([sys.executable, str(DEMO)], capture_output=True, text=True, timeout=60)
    assert told.stderr == ""
    assert told.returncode == 0
    heads = [line[:12].strip() for line in told.stdout.splitlines()[2:]]
    assert heads == [
        "429", "sites", "fields", "collection", "create", "create", "create", "pages", "filter", "sort", "update",
        "site publish", "409", "publish", "live update", "upload", "read", "assets", "401",
    ]  # fmt: skip
    assert "[100, 100, 50] of 250" in told.stdout
    assert "Live PATCH updates can't be applied to items that have never been published" in told.stdout
    assert "has the same bytes, as image/jpeg" in told.stdout


@pytest.fixture
def client(fake_webflow: FakeWebflow) -> WebflowClient:
    """The thin client over a socket; what it would wait passes on the fake's clock."""
    return WebflowClient(fake_webflow.token, base_url=fake_webflow.base_url, sleep=fake_webflow.clock.advance)


def test_the_thin_client_lives_through_the_same(fake_webflow: FakeWebflow, client: WebflowClient) -> None:
    with client:
        site_id = _waits_out_a_429(fake_webflow, client)
        collection_id = _makes_a_collection(client, site_id)
        _fills_and_reads_it(client, collection_id)
        _publishes(client, site_id, collection_id)
        _uploads(client, site_id)
    with WebflowClient("no-such-token", base_url=fake_webflow.base_url) as stranger, pytest.raises(NotAuthorized):
        stranger.sites.list()


def _waits_out_a_429(webflow: FakeWebflow, client: WebflowClient) -> str:
    webflow.faults.on(first=1).too_many_requests(1)
    before = webflow.clock.now
    (site,) = client.sites.list()["sites"]
    assert [call.status for call in webflow.journal] == [429, 200]
    assert webflow.clock.now - before == 1000
    site_id: str = site["id"]
    return site_id


def _makes_a_collection(client: WebflowClient, site_id: str) -> str:
    assert {row["slug"] for row in client.collections.list(site_id)["collections"]} == {"authors", "posts", "comments"}
    made = client.collections.create(
        site_id,
        {
            "displayName": "Lighthouses",
            "singularName": "Lighthouse",
            "fields": [
                {"type": "Number", "displayName": "Height", "isRequired": True},
                {"type": "PlainText", "displayName": "Coast"},
            ],
        },
    )
    collection_id: str = made["id"]
    fields = client.collections.get(collection_id)["fields"]
    assert {"name", "slug", "height", "coast"} == {field["slug"] for field in fields}
    return collection_id


def _fills_and_reads_it(client: WebflowClient, collection_id: str) -> None:
    towers = [{"name": f"Tower {number}", "slug": f"tower-{number}", "height": number} for number in range(250)]
    made = []
    for start in range(0, len(towers), 100):
        made += client.items.create_bulk(collection_id, {"fieldData": towers[start : start + 100]})["items"]
    assert [item["fieldData"] for item in made] == towers
    assert sorted(item["id"] for item in client.items.iterate(collection_id)) == sorted(item["id"] for item in made)
    assert client.items.list(collection_id, offset=200)["pagination"] == {"limit": 100, "offset": 200, "total": 250}
    (found,) = client.items.list(collection_id, name="Tower 42")["items"]
    names = [
        item["fieldData"]["name"]
        for item in client.items.list(collection_id, sort_by="name", sort_order="desc", limit=3)["items"]
    ]
    assert names == ["Tower 99", "Tower 98", "Tower 97"]
    changed = client.items.update(collection_id, found["id"], {"fieldData": {"coast": "north"}})
    assert changed["fieldData"] == {"name": "Tower 42", "slug": "tower-42", "height": 42, "coast": "north"}


def _publishes(client: WebflowClient, site_id: str, collection_id: str) -> None:
    client.sites.publish(site_id, publish_to_webflow_subdomain=True)
    (tower,) = client.items.list(collection_id, slug="tower-7")["items"]
    change = {"fieldData": {"coast": "west"}}
    with pytest.raises(Conflict) as refused:
        client.live_items.update(collection_id, tower["id"], change)
    assert refused.value.clauses == ("items.update-live.never-published",)
    assert client.items.publish(collection_id, [tower["id"]])["publishedItemIds"] == [tower["id"]]
    client.live_items.update(collection_id, tower["id"], change)
    assert client.live_items.get(collection_id, tower["id"])["fieldData"]["coast"] == "west"
    assert client.items.get(collection_id, tower["id"])["fieldData"]["coast"] == "west"


def _uploads(client: WebflowClient, site_id: str) -> None:
    picture: bytes = runpy.run_path(str(DEMO))["jpeg"]()
    before = [asset["id"] for asset in client.assets.iterate(site_id)]
    asset = client.assets.upload(site_id, picture, file_name="harbour.jpg")
    assert requests.get(asset["hostedUrl"], timeout=10).content == picture
    assert sorted(each["id"] for each in client.assets.iterate(site_id)) == sorted([*before, asset["id"]])
    client.assets.delete(asset["id"])
    assert sorted(each["id"] for each in client.assets.iterate(site_id)) == sorted(before)
