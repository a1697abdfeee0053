"""Worlds that the newsroom may meet."""

from __future__ import annotations

import asyncio

import httpx
import pytest
from newsroom.front_page import headlines, publish
from newsroom.pictures import upload


def test_what_is_arranged_is_live_unless_it_is_said_otherwise(fake_webflow, articles):
    fake_webflow.add_item(articles, {"name": "The ferry"})
    fake_webflow.add_item(articles, {"name": "The tide"}, published=False, draft=False)
    fake_webflow.add_item(articles, {"name": "The old pier"}, archived=True, published=False)

    assert asyncio.run(headlines(fake_webflow.token, [articles.id])) == [["The ferry", "The pier"]]
    views = fake_webflow.items(articles)
    assert [item["fieldData"]["name"] for item in views.live] == ["The pier", "The ferry"]
    assert "The storm" in [item["fieldData"]["name"] for item in views.drafts]
    assert [item["fieldData"]["name"] for item in views.archived] == ["The old pier"]
    assert len(views.staged) == 5


def test_the_official_sdk_publishes(fake_webflow, articles):
    waiting = fake_webflow.add_item(articles, {"name": "The tide"}, published=False, draft=False)

    assert publish(fake_webflow.token, articles.id) == [waiting["id"]]

    assert [item["fieldData"]["name"] for item in fake_webflow.items(articles).live] == ["The pier", "The tide"]
    fake_webflow.journal.assert_called("items.publish", json={"itemIds": [waiting["id"]]}, times=1)


def test_collections_of_its_own(fake_webflow):
    ports = fake_webflow.add_collection("Ports", fields={"Town": "PlainText"})
    ships = fake_webflow.add_collection(
        "Ships", fields={"Home": {"type": "Reference", "validations": {"collectionId": ports}}}, singular_name="Ship"
    )
    (port,) = fake_webflow.add_items(ports, [{"name": "North", "town": "Northtown"}])
    fake_webflow.add_item(ships, {"name": "Gull", "home": port["id"]})

    assert {"ports", "ships", "articles"} == fake_webflow.collections.keys()
    assert asyncio.run(headlines(fake_webflow.token, [ports.id, ships.id])) == [["North"], ["Gull"]]


def test_two_languages(fake_webflow, articles):
    both = fake_webflow.add_items(articles, [{"name": "The fog"}], locales=["en-US", "de-DE"])
    assert len({item["id"] for item in both}) == 1
    assert [item["fieldData"]["name"] for item in fake_webflow.items(articles, locale="de-DE").live] == ["The fog"]


def test_another_site(fake_webflow, fake_webflow_client):
    island = fake_webflow.at(fake_webflow.add_site("Island News", locales=["en", "fr"]))
    island.add_collection("Articles")
    names = [site["displayName"] for site in fake_webflow_client.sites.list()["sites"]]
    assert names == ["Harbour News", "Island News"]
    island.add_item("articles", {"name": "The lighthouse"})
    assert [item["fieldData"]["name"] for item in island.items("articles").live] == ["The lighthouse"]


def test_pictures(fake_webflow, articles, tmp_path):
    picture = tmp_path / "pier.png"
    picture.write_bytes(b"a pier")
    asset = fake_webflow.add_asset(picture, alt_text="The pier", folder="Harbour")
    fake_webflow.add_item(articles, {"name": "With a cover", "cover": {"url": asset["hostedUrl"]}})
    assert httpx.get(asset["hostedUrl"]).content == b"a pier"
    with httpx.Client() as client:
        assert upload(client, fake_webflow.token, fake_webflow.site.id, "pier-2.png", b"more") != asset["hostedUrl"]
    assert [call.operation for call in fake_webflow.journal][-2:] == ["assets.create", "files.upload"]


def test_what_happens_in_a_snapshot_is_forgotten(fake_webflow, desk):
    before = fake_webflow.state
    with fake_webflow.snapshot():
        desk.push([{"name": "The ferry", "slug": "the-ferry"}])
        assert len(fake_webflow.items("articles").staged) == 3
    assert len(fake_webflow.items("articles").staged) == 2
    assert fake_webflow.state == before


def test_another_scenario(fake_webflow):
    fake_webflow.scenario("timeline")
    assert fake_webflow.site.display_name == "Timeline"


def test_what_webflow_would_refuse_cannot_be_arranged(fake_webflow, articles):
    with pytest.raises(ValueError, match="cover"):
        fake_webflow.add_item(articles, {"name": "No cover", "cover": 7})
    assert len(fake_webflow.items(articles).staged) == 2
