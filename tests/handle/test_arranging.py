"""What a test arranges: published unless it says otherwise, by the laws of the world, without a request."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
import requests
from messages import assert_facts

from fake_webflow import ArrangingError, FakeEnded, FakeWebflow, ScenarioError
from fake_webflow.fake import fake_of

FIELDS = {
    "Text": "PlainText",
    "Views": {"type": "Number", "validations": {"minValue": 0, "maxValue": 9, "format": "integer"}},
    "Kind": {"type": "Option", "validations": {"options": ["News", "Story"]}},
    "Author": {"type": "Reference", "isRequired": True, "validations": {"collectionId": "authors"}},
}


def test_a_collection_is_ready_for_live_calls(fake_webflow: FakeWebflow) -> None:
    notes = fake_webflow.add_collection("Notes", fields=FIELDS)
    author = fake_webflow.items("authors").live[0]["id"]
    data = {"name": "Ada", "kind": notes.fields[4].rule("options")[1]["id"], "author": author}
    item = fake_webflow.client.live_items.create(notes.id, {"fieldData": data})
    assert [found["id"] for found in fake_webflow.items(notes).live] == [item["id"]]
    assert [field.slug for field in notes.fields] == ["name", "slug", "text", "views", "kind", "author"]
    assert (notes.slug, notes.singular_name, notes.site_id) == ("notes", "Note", fake_webflow.site.id)


def test_a_collection_may_be_unpublished(fake_webflow: FakeWebflow) -> None:
    notes = fake_webflow.add_collection("Notes", published=False)
    with pytest.raises(ArrangingError, match=r"publishing\.structure-changed"):
        fake_webflow.add_item(notes, {"name": "Ada"})
    assert fake_webflow.add_item(notes, {"name": "Ada"}, published=False)["lastPublished"] is None


def test_fields_as_a_list_with_rules_for_name_and_slug_too(fake_webflow: FakeWebflow) -> None:
    notes = fake_webflow.add_collection(
        "Notes",
        fields=[
            {"displayName": "Name", "type": "PlainText", "validations": {"maxLength": 5}},
            {"displayName": "Mail", "slug": "e-mail", "type": "Email", "isRequired": True, "helpText": "where to"},
        ],
    )
    assert [field.slug for field in notes.fields] == ["name", "slug", "e-mail"]
    with pytest.raises(ArrangingError, match="e-mail"):
        fake_webflow.add_item(notes, {"name": "Ada", "e-mail": "no address"})


@pytest.mark.parametrize(
    ("fields", "facts"),
    [
        ({"Text": "Plaintext"}, ["fields[0].type: ", "'Plaintext'", "did you mean PlainText"]),
        ([{"type": "Email"}], ["fields[0]: ", "displayName", "missing"]),
        ({"Text": {"type": "PlainText", "required": True}}, ["fields[0].required: ", "did you mean isRequired"]),
        ({"Slug": "Number"}, ["fields[0].type: ", "name and slug", "PlainText"]),
        ({"Kind": "Option"}, ["fields[0]: ", "validations.options"]),
        ({"By": "Reference"}, ["fields[0]: ", "validations.collectionId"]),
        ({"By": {"type": "Reference", "validations": {"collectionId": "author"}}}, ["'author'; did you mean authors"]),
        ({"A": "Email", "a": "Email"}, ["collections.field.duplicate", "'a'"]),
        ({f"Field {number}": "Switch" for number in range(59)}, ["collections.field.sixty", "at most 60"]),
        ({"Text": None}, ["fields: ", "'Text'", "'PlainText'", "a dict with type", "not None"]),
        ({"Views": int}, ["fields: ", "'Views'", "'PlainText'", "a dict with type", "not <class 'int'>"]),
        (["Text"], ["{'Title': 'PlainText'}", "list of dicts", "not ['Text']"]),
        ("Text", ["{'Title': 'PlainText'}", "list of dicts", "not 'Text'"]),
        (3, ["{'Title': 'PlainText'}", "list of dicts", "not 3"]),
    ],
)
def test_fields_that_cannot_be(fake_webflow: FakeWebflow, fields: dict[str, object], facts: list[str]) -> None:
    before = fake_webflow.state.world
    with pytest.raises(ArrangingError) as raised:
        fake_webflow.add_collection("Notes", fields=fields)  # type: ignore[arg-type]
    assert_facts(str(raised.value), *facts)
    assert fake_webflow.state.world is before


def test_a_name_that_is_taken(fake_webflow: FakeWebflow) -> None:
    with pytest.raises(ArrangingError, match=r"collections\.create\.duplicate"):
        fake_webflow.add_collection("Posts")


def test_made_up_items_are_valid_unique_and_the_seeds(fake_webflow: FakeWebflow) -> None:
    before = fake_webflow.state
    notes = fake_webflow.add_collection("Notes", fields=FIELDS)
    items = fake_webflow.add_items(notes, 250)
    assert fake_webflow.items(notes).live == items
    assert len({item["fieldData"]["slug"] for item in items}) == 250
    assert all(0 <= item["fieldData"]["views"] <= 9 for item in items)
    assert {item["fieldData"]["author"] for item in items} <= {one["id"] for one in fake_webflow.items("authors").live}
    more = fake_webflow.add_items(notes, 2)
    assert more[0]["fieldData"]["name"] != items[0]["fieldData"]["name"]
    fake_of(fake_webflow).restore(before)
    assert fake_webflow.add_items(fake_webflow.add_collection("Notes", fields=FIELDS), 250) == items


def test_every_shipped_collection_takes_made_up_items(fake_webflow: FakeWebflow) -> None:
    for slug in fake_webflow.collections:
        before = len(fake_webflow.items(slug).live)
        fake_webflow.add_items(slug, 5)
        assert len(fake_webflow.items(slug).live) == before + 5


def test_views(fake_webflow: FakeWebflow) -> None:
    notes = fake_webflow.add_collection("Notes")
    live = fake_webflow.add_item(notes, {"name": "live"})
    new = fake_webflow.add_item(notes, {"name": "new"}, published=False)
    settled = fake_webflow.add_item(notes, {"name": "settled"}, published=False, draft=False)
    archived = fake_webflow.add_item(notes, {"name": "archived"}, archived=True)
    views = fake_webflow.items(notes)
    assert views.staged == [live, new, settled, archived]
    assert views.live == [live, archived]
    assert views.drafts == [new]
    assert views.archived == [archived]
    assert repr(views) == "<items: 4 staged, 2 live>"
    fake_webflow.add_item(notes)
    assert len(views.staged) == 4, "a view shows what was when it was made"


def test_a_site_that_cannot_be_meant(fake_webflow: FakeWebflow) -> None:
    before = fake_webflow.state.world
    site: Any = fake_webflow.site.id
    text = rf"add_site.* fake_webflow\.site; not '{site}'"
    with pytest.raises(ArrangingError, match=text):
        fake_webflow.add_collection("Notes", site=site)
    with pytest.raises(ArrangingError, match=text):
        fake_webflow.add_asset(b"a", file_name="a.txt", site=site)
    assert fake_webflow.state.world is before


def test_the_first_locale_is_the_primary_one_also_when_it_is_alone(fake_webflow: FakeWebflow) -> None:
    assert not fake_webflow.add_site("Plain").localized
    for locales in (["de"], "de"):
        site = fake_webflow.add_site("German", locales=locales)
        assert (site.primary.tag, site.secondary, site.localized) == ("de", (), True)


@pytest.mark.parametrize(
    ("locales", "text"),
    [
        ([], r"at least one locale, as \['en', 'fr'\]$"),
        (["en", 3], r"^locales\.secondary\[0\]\.tag: .*a string, not a whole number.* quotes"),
        (["en", "en"], r"^locales\.secondary\[0\]\.tag: another locale .*'en'"),
    ],
)
def test_locales_that_no_site_can_have(fake_webflow: FakeWebflow, locales: Any, text: str) -> None:
    before = fake_webflow.state.world
    with pytest.raises(ArrangingError, match=text):
        fake_webflow.add_site("Second", locales=locales)
    assert fake_webflow.state.world is before


def test_items_in_no_locale_are_told(fake_webflow: FakeWebflow) -> None:
    with pytest.raises(ArrangingError, match=r"at least one locale.* en-US, de-DE, fr-FR$"):
        fake_webflow.add_items("authors", [{"name": "Ada"}], locales=[])


def test_locales(fake_webflow: FakeWebflow) -> None:
    site = fake_webflow.add_site("Second", locales=["en", "fr", "pt-BR"])
    notes = fake_webflow.add_collection("Notes", site=site)
    both = fake_webflow.add_items(notes, [{"name": "Ada"}], locales=["en", "fr"])
    assert [item["cmsLocaleId"] for item in both] == [site.primary.cms_locale_id, site.secondary[0].cms_locale_id]
    assert fake_webflow.items(notes).live == both[:1]
    assert fake_webflow.items(notes, locale="fr").live == both[1:]
    assert fake_webflow.add_item(notes, locale=site.secondary[1].id)["cmsLocaleId"] == site.cms_locale_ids[2]
    with pytest.raises(ArrangingError, match="no locale is named 'fra'; did you mean fr"):
        fake_webflow.add_item(notes, locale="fra")
    assert not fake_webflow.add_site("Third", published=False).localized


def test_items_that_cannot_be_leave_nothing_behind(fake_webflow: FakeWebflow) -> None:
    before = fake_webflow.state
    with pytest.raises(ArrangingError, match="no-such-field"):
        fake_webflow.add_items("authors", [{"name": "Ada"}, {"name": "Bob", "no-such-field": 1}])
    with pytest.raises(ArrangingError, match=r"items\.slug\.unique"):
        fake_webflow.add_items("authors", [{"name": "Ada", "slug": "ada"}, {"name": "Bob", "slug": "ada"}])
    with pytest.raises(ArrangingError, match="no collection is named 'author'; did you mean authors"):
        fake_webflow.add_items("author", 1)
    assert fake_webflow.state is before


def test_an_asset_is_served_and_can_be_used_in_items(fake_webflow: FakeWebflow, tmp_path: Path) -> None:
    (tmp_path / "photo.png").write_bytes(b"bytes")
    asset = fake_webflow.add_asset(tmp_path / "photo.png", alt_text="A photo", folder="Photos")
    assert requests.get(asset["hostedUrl"]).content == b"bytes"
    assert (asset["originalFileName"], asset["altText"], asset["contentType"]) == ("photo.png", "A photo", "image/png")
    author = fake_webflow.add_item("authors", {"name": "Ada", "portrait": {"url": asset["hostedUrl"]}})
    assert requests.get(author["fieldData"]["portrait"]["url"]).content == b"bytes"
    other = fake_webflow.add_asset(b"other", file_name="other.txt", folder="Photos")
    folders = fake_webflow.client.asset_folders.list(fake_webflow.site.id)["assetFolders"]
    assert [folder["displayName"] for folder in folders].count("Photos") == 1
    listed = fake_webflow.client.assets.list(fake_webflow.site.id, limit=100)["assets"]
    assert {asset["id"], other["id"]} <= {one["id"] for one in listed}


def test_an_asset_may_be_registered_alone(fake_webflow: FakeWebflow) -> None:
    asset = fake_webflow.add_asset(b"bytes", file_name="late.txt", uploaded=False)
    assert requests.get(asset["hostedUrl"]).status_code == 403
    with pytest.raises(ArrangingError, match="bytes have no name of their own"):
        fake_webflow.add_asset(b"bytes")


def test_arranging_is_no_request(fake_webflow: FakeWebflow) -> None:
    fake_webflow.rate_limit(1)
    fake_webflow.client.webhooks.create(
        fake_webflow.site.id, trigger_type="collection_item_created", url="https://hooks.example.com"
    )
    fake_webflow.journal.clear()
    fake_webflow.add_items(fake_webflow.add_collection("Notes"), 3)
    fake_webflow.add_asset(b"bytes", file_name="a.txt")
    assert (len(fake_webflow.journal), fake_webflow.webhooks.deliveries) == (0, [])


def test_another_scenario(fake_webflow: FakeWebflow) -> None:
    fake_webflow.rate_limit(5)
    fake_webflow.scenario("timeline")
    assert fake_webflow.state.rate.limit == 5
    assert "posts" not in fake_webflow.collections
    assert fake_webflow.client.sites.list()["sites"][0]["id"] == fake_webflow.site.id
    with pytest.raises(ScenarioError, match="did you mean timeline"):
        fake_webflow.scenario("timelin")


def test_a_snapshot_forgets_another_scenario_and_its_choices(fake_webflow: FakeWebflow) -> None:
    before = (fake_webflow.state, fake_of(fake_webflow).profile)
    with fake_webflow.snapshot() as kept:
        fake_webflow.scenario("timeline")
        fake_of(fake_webflow).profile = before[1].with_choices({"plan.limits": "cms"})
        assert kept is before[0]
    assert (fake_webflow.state, fake_of(fake_webflow).profile) == before


def test_a_snapshot_forgets_also_what_failed_but_not_the_journal(fake_webflow: FakeWebflow) -> None:
    before = fake_webflow.state

    def failing() -> None:
        with fake_webflow.snapshot():
            fake_webflow.client.items.create(fake_webflow.collections["authors"].id, {"fieldData": {"name": "Ada"}})
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        failing()
    assert fake_webflow.state is before
    fake_webflow.journal.assert_called("items.create", times=1)


def test_a_snapshot_forgets_what_was_done_in_its_block(fake_webflow: FakeWebflow) -> None:
    before = fake_webflow.state
    with fake_webflow.snapshot():
        fake_webflow.add_collection("Notes")
        fake_webflow.clock.advance(60)
        fake_webflow.faults.on(every=1).respond(500)
    assert fake_webflow.state is before


@pytest.mark.parametrize(
    ("items", "facts"),
    [
        (-1, ["a number", "list of field data", "add_item", "-1"]),
        (True, ["a number", "list of field data", "add_item", "True"]),
        ({"name": "Ada"}, ["a number", "list of field data", "add_item", "{'name': 'Ada'}"]),
        ("Ada", ["a number", "list of field data", "add_item", "'Ada'"]),
        (["Ada"], ["items[0]: ", "a dict", "{'name': 'Ada'}", "not 'Ada'"]),
        ([{"name": "Ada"}, {"fieldData": {}}], ["items[1]: ", "without 'fieldData'"]),
        ([{"nmae": "Ada"}], ["Authors", "no field", "'nmae'", "did you mean name?"]),
        ([{"name": "Ada", "Portrait": 3}], ["Authors", "no field", "'Portrait'", "did you mean portrait?"]),
    ],
)
def test_items_that_cannot_be_meant(fake_webflow: FakeWebflow, items: Any, facts: list[str]) -> None:
    before = fake_webflow.state
    with pytest.raises(ArrangingError) as raised:
        fake_webflow.add_items("authors", items)
    assert_facts(str(raised.value), *facts)
    assert fake_webflow.state is before


def test_a_value_that_has_to_be_an_id_is_told_with_the_ids(fake_webflow: FakeWebflow) -> None:
    fields = {
        "Kind": {"type": "Option", "validations": {"options": ["Novel", "Play"]}},
        "By": {"type": "Reference", "validations": {"collectionId": "authors"}},
        "Pages": "Number",
    }
    books = fake_webflow.add_collection("Books", fields=fields)
    novel, play = (option["id"] for option in books.fields[2].rule("options"))
    with pytest.raises(ArrangingError) as failed:
        fake_webflow.add_item(books, {"name": "Emma", "kind": "Novel", "by": "Jane", "pages": "x"})
    assert str(failed.value).endswith(
        f"; Books has kind (Option, one of {novel} for Novel, {play} for Play), by (Reference, ids of items of authors)"
    )


def test_flags_of_version_1_are_no_unknown_fields(fake_webflow: FakeWebflow) -> None:
    fake_webflow.add_item("authors", {"name": "Ada", "_draft": False})
    with pytest.raises(ArrangingError) as failed:
        fake_webflow.add_item("authors", {"_draft": False})
    assert "no field" not in str(failed.value)


def test_other_things_that_cannot_be_meant(fake_webflow: FakeWebflow) -> None:
    with pytest.raises(ArrangingError, match=r"no collection is named None.* authors, posts, comments"):
        fake_webflow.items(None)  # type: ignore[arg-type]


UNSAYABLE = [object(), b"x", 2**70, "\ud800", {1: 2}, [{"url": {3}}]]


@pytest.mark.parametrize("value", UNSAYABLE, ids=lambda value: type(value).__name__)
@pytest.mark.parametrize("name", ["text", "views", "nowhere"])
def test_what_json_cannot_say_is_no_field_data(fake_webflow: FakeWebflow, name: str, value: Any) -> None:
    notes = fake_webflow.add_collection("Notes", fields={"Text": "PlainText", "Views": "Number"})
    before = fake_webflow.state
    with pytest.raises(ArrangingError, match=r"^items\[1\] .*JSON"):
        fake_webflow.add_items(notes, [{"name": "Ada"}, {"name": "Bob", name: value}])
    assert fake_webflow.state == before


def test_field_data_may_be_any_mapping_and_hold_dates(fake_webflow: FakeWebflow) -> None:
    notes = fake_webflow.add_collection("Notes", fields={"When": "DateTime", "Film": "VideoLink"})
    film = MappingProxyType({"url": "https://a.b/c"})
    row = MappingProxyType({"name": "Ada", "when": datetime(2026, 1, 31, 9, 30, tzinfo=UTC), "film": film})
    assert fake_webflow.add_item(notes, row)["fieldData"] == {
        "name": "Ada",
        "when": "2026-01-31T09:30:00.000Z",
        "film": {"url": "https://a.b/c", "metadata": {}},
        "slug": "ada",
    }


def test_a_mapping_is_a_scenario(fake_webflow: FakeWebflow) -> None:
    own = {"sites": [{"displayName": "Own", "collections": [{"displayName": "Books"}]}]}
    assert list(FakeWebflow(own).collections) == ["books"]
    assert list(FakeWebflow(MappingProxyType(own)).collections) == ["books"]
    fake_webflow.scenario(own)
    assert (fake_webflow.site.display_name, list(fake_webflow.collections)) == ("Own", ["books"])


@pytest.mark.webflow(scenario={"sites": [{"displayName": "Own"}]})
def test_a_mapping_in_a_marker(fake_webflow: FakeWebflow) -> None:
    assert fake_webflow.site.display_name == "Own"


def test_the_empty_scenario_takes_every_collection() -> None:
    webflow = FakeWebflow("empty")
    assert (len(webflow.collections), webflow.client.assets.list(webflow.site.id)["assets"]) == (0, [])
    webflow.add_item(webflow.add_collection("Posts"), {"name": "Ada"})
    assert len(webflow.items("posts").live) == 1


def test_a_taken_collection_says_what_to_do(fake_webflow: FakeWebflow) -> None:
    with pytest.raises(ArrangingError) as raised:
        fake_webflow.add_collection("Posts")
    for fact in (fake_webflow.site.display_name, "collections['posts']", "another slug", "'empty'"):
        assert fact in str(raised.value)


def test_a_handle_on_one_site(fake_webflow: FakeWebflow) -> None:
    there = fake_webflow.at(fake_webflow.add_site("There", locales=["fr"]))
    posts = there.add_collection("Posts")
    there.add_item("posts", {"name": "Ada"})
    asset = there.add_asset(b"bytes", file_name="a.txt")
    assert (there.collections["posts"].id, list(there.collections)) == (posts.id, ["posts"])
    assert [item["fieldData"]["name"] for item in there.items("posts").live] == ["Ada"]
    assert asset["siteId"] == there.site.id != fake_webflow.site.id
    assert fake_webflow.collections["posts"].id != posts.id
    assert len(fake_webflow.items(posts).live) == 1
    with pytest.raises(ArrangingError, match="no collection is named 'authors'"):
        there.items("authors")
    fake_webflow.close()
    with pytest.raises(FakeEnded):
        _ = there.collections
