"""A scenario that was pulled, served again, answers as its source does."""

from __future__ import annotations

import json

import pytest
from generated_sites import make_site
from pulled import read_content, read_structure

from fake_webflow import FakeWebflow
from fake_webflow.client import Collections


@pytest.mark.parametrize("number", range(4))
def test_everything_is_answered_as_at_the_source(pull, number):
    with FakeWebflow(make_site(number)) as source:
        structure, content = read_structure(source.client), read_content(source.client)
        assert pull("--out", "site.yaml") == (0, "")
        assert pull("--items", "all", "--assets", "bytes", "--as-is", "--out", "whole.json") == (0, "")
    with FakeWebflow("site.yaml") as served:
        assert read_structure(served.client) == structure
        assert not any(entries for name, entries in read_content(served.client).items() if name != "folders")
    with FakeWebflow("whole.json") as served:
        assert read_structure(served.client) == structure
        assert read_content(served.client) == content


def test_the_same_site_gives_the_same_bytes(pull, tmp_path):
    with FakeWebflow(make_site(3)):
        assert pull("--items", "all", "--assets", "bytes", "--out", "one.json") == (0, "")
        assert pull("--items", "all", "--assets", "bytes", "--out", "two.json") == (0, "")
    one, two = ((tmp_path / name).read_text("utf-8") for name in ("one.json", "two.json"))
    assert one == two.replace("two.files", "one.files")


def test_some_items_come_with_what_they_refer_to(pull, tmp_path):
    with FakeWebflow() as source:
        site_id, before = source.site.id, source.client.items.list(source.collections["comments"].id)
        assert pull("--items", "3", "--as-is", "--out", "site.json") == (0, "")
    [site] = json.loads((tmp_path / "site.json").read_bytes())["sites"]
    ids = {one["slug"]: {item["id"] for item in one["items"]} for one in site["collections"]}
    for collection in site["collections"]:
        targets = {
            field["slug"]: field["validations"]["collectionId"]
            for field in collection["fields"]
            if field["type"] in ("Reference", "MultiReference")
        }
        for item in collection["items"]:
            for data in [item["fieldData"], item.get("liveItem", {}).get("fieldData", {})]:
                for slug, target in targets.items():
                    named = data.get(slug) or []
                    known = next(ids[one["slug"]] for one in site["collections"] if one["id"] == target)
                    assert {named} <= known if isinstance(named, str) else set(named) <= known
    assert len(ids["comments"]) == 3 < before["pagination"]["total"]
    assert site["id"] == site_id


def test_forty_collections_of_sixty_fields_take_no_more_than_a_hundred_requests(pull):
    fields = [{"type": "PlainText", "displayName": f"Field {number}"} for number in range(58)]
    collections = [{"displayName": f"Collection {number}", "fields": fields} for number in range(40)]
    with FakeWebflow({"sites": [{"collections": collections}]}) as source:
        structure = read_structure(source.client)
        source.journal.clear()
        assert pull("--out", "site.json") == (0, "")
        assert len(source.journal) <= 50
        assert {call.method for call in source.journal} == {"GET"}
    with FakeWebflow("site.json") as served:
        assert read_structure(served.client) == structure


def test_what_a_fake_does_not_know_is_left_out_and_named(pull, monkeypatch):
    def get(self, collection_id):
        answer = known(self, collection_id)
        odd = {"id": "0" * 32, "type": "SkuSettings", "slug": "odd", "displayName": "Odd", "validations": None}
        return {**answer, "fields": [*answer["fields"], odd], "later": "a key of next year"}

    known = Collections.get
    monkeypatch.setattr(Collections, "get", get)
    with FakeWebflow({"sites": [{"collections": [{"displayName": "Posts"}]}]}) as source:
        slug = source.collections["posts"].slug
        code, said = pull("--out", "site.json")
    assert (code, said.count("\n")) == (0, 1)
    assert "SkuSettings" in said
    assert slug in said
    with FakeWebflow("site.json") as served:
        assert [field.slug for field in served.collections["posts"].fields] == ["name", "slug"]
