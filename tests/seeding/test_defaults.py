"""What is left out of a scenario, and what it means."""

from __future__ import annotations

import pytest

from fake_webflow.conditions import RUNNING, START, Clock
from fake_webflow.seeding import build_state, from_data
from fake_webflow.world.instants import parse_instant, timestamp
from fake_webflow.world.tokens import ALL_SCOPES

ID = "692bb5a6a1166445d9c18efc"
LOCALES = {"primary": {"tag": "en-US"}, "secondary": [{"tag": "de-DE"}]}


def only(values):
    (value,) = values
    return value


def collection_of(world):
    return only(world.collections.values())


def posts(*items, fields=()):
    return {"displayName": "Blog Posts", "fields": list(fields), "items": list(items)}


def named(name="Hello", **more):
    return {"fieldData": {"name": name}, **more}


def test_an_empty_scenario_has_the_usual_token():
    world = build_state(from_data({})).world
    token = only(world.tokens.values())
    assert (token.token, token.kind, token.site_ids, token.scopes) == ("test-token", "app", None, ALL_SCOPES)
    assert not world.sites


def test_tokens_of_the_scenario_and_one_more():
    data = {
        "sites": [{"shortName": "demo"}, {}],
        "tokens": [
            {"token": "a", "kind": "site", "siteIds": ["demo"], "scopes": ["cms:read"], "user": {"email": "a@b.c"}}
        ],
    }
    world = build_state(from_data(data)).world
    token = only(world.tokens.values())
    demo, other = world.sites.values()
    assert (token.kind, token.scopes, token.user.email) == ("site", ("cms:read",), "a@b.c")
    assert token.grants(demo.id)
    assert not token.grants(other.id)
    assert list(build_state(from_data(data), token="mine").world.tokens) == ["mine", "a"]
    assert build_state(from_data(data), token="a").world.tokens == world.tokens
    assert list(build_state(from_data({}), token="mine").world.tokens) == ["mine"]


def test_a_site_is_published_at_its_creation_unless_it_says_otherwise(build):
    world = build({"createdOn": "2025-05-05T05:05:05.555Z"}, {"lastPublished": None})
    first, second = world.sites.values()
    assert first.last_published == first.created_on == parse_instant("2025-05-05T05:05:05.555Z")
    assert second.last_published is None


def test_a_site_without_locales_is_not_localized_and_has_a_cms_locale(build):
    first, second, third = build({}, {"cmsLocaleId": ID}, {"locales": None}).sites.values()
    assert not first.localized
    assert len(first.primary.cms_locale_id) == 24
    assert second.primary.cms_locale_id == ID
    assert not third.localized


def test_locales_are_made_of_their_tags(build):
    site = only(build({"locales": LOCALES}).sites.values())
    assert site.localized
    assert [(locale.tag, locale.display_name, locale.subdirectory) for locale in (site.primary, *site.secondary)] == [
        ("en-US", "en-US", ""),
        ("de-DE", "de-DE", "de-de"),
    ]


def test_names_are_made_of_each_other(build):
    world = build({"displayName": "My Site", "collections": [posts()]})
    site, collection = only(world.sites.values()), collection_of(world)
    assert site.short_name == "my-site"
    assert (collection.slug, collection.singular_name) == ("blog-posts", "Blog Post")


def test_name_and_slug_come_first_unless_they_are_given(build):
    title = {"type": "PlainText", "displayName": "Title", "slug": "name", "validations": {"maxLength": 10}}
    fields = collection_of(
        build({"collections": [posts(fields=[{"type": "Switch", "displayName": "On Top"}, title])]})
    ).fields
    assert [(field.slug, field.is_required) for field in fields] == [("slug", True), ("on-top", False), ("name", True)]
    assert fields[2].rule("maxLength") == 10
    assert len({field.id for field in fields}) == 3


@pytest.mark.clause("ids.time")
def test_ids_and_dates_follow_from_each_other(build):
    world = build({"collections": [posts(named(id=ID), named("B", createdOn="2025-07-07T07:07:07.777Z"), named("C"))]})
    items = {item.field_data["name"]: item for item in collection_of(world).staged}
    assert items["Hello"].created_on == int(ID[:8], 16) * 1000
    for item in items.values():
        assert int(item.id[:8], 16) == item.created_on // 1000
        assert item.created_on == item.last_updated == item.last_published
    assert timestamp(items["C"].created_on) == "2025-01-01T00:00:04.000Z"


def test_an_id_made_up_by_hand_tells_no_date_of_the_future(build):
    item = only(collection_of(build({"collections": [posts(named(id="f" * 24))]})).staged)
    assert (item.id, timestamp(item.created_on)) == ("f" * 24, "2025-01-01T00:00:02.000Z")


def test_the_same_seed_gives_the_same_and_another_gives_others():
    scenario = from_data({"seed": 3, "sites": [{"collections": [posts(named())]}]})
    assert build_state(scenario) == build_state(scenario, seed=3)
    assert build_state(scenario).world.sites.keys().isdisjoint(build_state(scenario, seed=4).world.sites)


def test_a_frozen_clock_starts_after_the_last_date():
    late = from_data({"sites": [{"createdOn": "2027-01-01T00:00:00Z"}]})
    assert build_state(late).clock == Clock(instant=parse_instant("2027-01-01T00:00:00Z"))
    assert build_state(from_data({})).clock == Clock(instant=START)
    assert build_state(late, clock=RUNNING).clock == RUNNING


def test_the_rate_limit_is_passed_on():
    assert build_state(from_data({}), rate_limit=60).rate.limit == 60
    assert build_state(from_data({})).rate.limit is None


EARLY, LATE = "2025-03-01T00:00:00.000Z", "2025-04-01T00:00:00.000Z"


@pytest.mark.parametrize(
    ("given", "published", "live"),
    [
        ({}, "updated", True),
        ({"live": True}, "updated", True),
        ({"isDraft": True}, None, False),
        ({"isArchived": True}, None, False),
        ({"lastPublished": None}, None, False),
        ({"live": False}, None, False),
        ({"isDraft": True, "live": True}, "updated", True),
        ({"lastPublished": EARLY}, EARLY, True),
        ({"lastPublished": EARLY, "isDraft": True}, EARLY, True),
        ({"lastPublished": EARLY, "live": False}, EARLY, False),
        ({"lastPublished": EARLY, "isArchived": True}, EARLY, True),
    ],
)
def test_what_is_published_and_what_is_live(build, given, published, live):
    item = named(createdOn=EARLY, lastUpdated=LATE, **given)
    collection = collection_of(build({"collections": [posts(item)]}))
    staged = only(collection.staged)
    assert staged.last_published == (published and parse_instant(LATE if published == "updated" else published))
    assert len(collection.live) == live
    for copy in collection.live:
        assert copy.last_published == staged.last_published
        assert copy.field_data == staged.field_data
        # What the flags say since a later edit is not live.
        edited = published == EARLY
        assert (copy.is_draft, copy.is_archived) == (
            (False, False) if edited else (staged.is_draft, staged.is_archived)
        )
        assert copy.last_updated == staged.last_published


def test_items_of_a_site_that_was_never_published_are_not_either(build):
    collection = collection_of(build({"lastPublished": None, "collections": [posts(named())]}))
    assert only(collection.staged).last_published is None
    assert len(collection.live) == 0
    assert not collection.structure_published


@pytest.mark.clause("items.live.nulls")
def test_a_live_copy_of_its_own_without_nulls(build):
    fields = [{"type": "PlainText", "displayName": "Text"}, {"type": "Switch", "displayName": "On"}]
    item = named(live={"name": "Old", "text": None, "on": True})
    site = {"collections": [posts(item, fields=fields)]}
    assert only(collection_of(build(site)).live).field_data == {"name": "Old", "on": True, "slug": "hello"}
    kept = only(collection_of(build(site, profile={"items.live.nulls": "kept"})).live)
    assert kept.field_data == {"name": "Old", "text": None, "on": True, "slug": "hello"}


@pytest.mark.clause("items.slug.generated", "items.slug.suffix")
def test_slugs_are_made_around_those_given(build):
    items = [
        named(),
        named(),
        {"fieldData": {"name": "Other", "slug": "hello"}},
        {"fieldData": {"name": "Next", "slug": None}},
    ]
    slugs = [item.slug for item in collection_of(build({"collections": [posts(*items)]})).staged]
    assert slugs[2:] == ["hello", "next"]
    assert len(set(slugs)) == 4
    assert all(slug.startswith("hello-") and len(slug) == 11 for slug in slugs[:2])


@pytest.mark.clause("items.slug.scope", "items.slug.shared-by-variants")
def test_variants_share_a_slug_and_other_items_as_the_choice_says(build):
    rows = [
        named(cmsLocaleIds=["en-US", "de-DE"]),
        named("Hello", cmsLocaleId="de-DE"),
        named("New", cmsLocaleId="en-US"),
    ]
    items = list(collection_of(build({"locales": LOCALES, "collections": [posts(*rows)]})).staged)
    assert len({item.slug for item in items if item.field_data["name"] == "Hello"}) == 2
    rows = [named(cmsLocaleId="en-US"), named(cmsLocaleId="de-DE")]
    choice = {"items.slug.scope": "collection-and-locale"}
    collection = collection_of(build({"locales": LOCALES, "collections": [posts(*rows)]}, profile=choice))
    assert [item.slug for item in collection.staged] == ["hello", "hello"]


def test_variants_of_one_id_have_data_of_their_own(build):
    rows = [named(id=ID), {"id": ID, "cmsLocaleId": "de-DE", "fieldData": {"name": "Hallo", "slug": "hello"}}]
    world = build({"locales": LOCALES, "collections": [posts(*rows)]})
    site = only(world.sites.values())
    names = [collection_of(world).staged.get(ID, name).field_data["name"] for name in site.cms_locale_ids]
    assert names == ["Hello", "Hallo"]


def test_references_may_run_in_circles(build):
    fields = [{"type": "Reference", "displayName": "Next", "validations": {"collectionId": "blog-posts"}}]
    rows = [{"fieldData": {"name": "A", "next": "b"}}, {"fieldData": {"name": "B", "next": "a"}}]
    a, b = collection_of(build({"collections": [posts(*rows, fields=fields)]})).staged
    assert (a.field_data["next"], b.field_data["next"]) == (b.id, a.id)


def test_collections_may_refer_to_later_ones_and_to_ids(build):
    fields = [{"type": "MultiReference", "displayName": "To", "validations": {"collectionId": ID}}]
    world = build(
        {
            "collections": [
                posts({"fieldData": {"name": "A", "to": ["x", "b" * 24]}}, fields=fields),
                {"id": ID, "displayName": "Targets", "items": [named("X"), named("Y", id="b" * 24)]},
            ]
        }
    )
    referring, targets = world.collections.values()
    wanted = {item.field_data["name"]: item.id for item in targets.staged}
    assert only(referring.staged).field_data["to"] == [wanted["X"], wanted["Y"]]


@pytest.mark.clause("items.unset-fields")
def test_unset_fields_are_null_if_the_choice_says_so(build):
    site = {"collections": [posts(named(), fields=[{"type": "Switch", "displayName": "On"}])]}
    assert only(collection_of(build(site)).staged).field_data == {"name": "Hello", "slug": "hello"}
    chosen = only(collection_of(build(site, profile={"items.unset-fields": "null"})).staged)
    assert chosen.field_data == {"name": "Hello", "slug": "hello", "on": None}


def test_what_is_in_the_form_it_is_read_in_is_kept(build):
    image = {"fileId": "f1", "url": "https://cdn.prod.website-files.com/a/f1_a.jpg", "alt": None}
    video = {"url": "https://example.com/v", "metadata": {"width": 940}}
    fields = [
        {"type": "Image", "displayName": "One", "isRequired": True},
        {"type": "MultiImage", "displayName": "More"},
        {"type": "VideoLink", "displayName": "Film"},
    ]
    data = {"one": image, "slug": "x", "film": video, "name": "X", "more": [image, image]}
    kept = only(collection_of(build({"collections": [posts({"fieldData": data}, fields=fields)]})).staged).field_data
    assert kept == data
    assert list(kept) == list(data)


def test_an_asset_of_the_scenario_is_imported_with_its_bytes(build):
    fields = [{"type": "File", "displayName": "Doc"}]
    row = {"fieldData": {"name": "A", "doc": {"asset": "my notes.txt", "alt": "Notes"}}}
    assets = [{"fileName": "my notes.txt", "text": "hello", "altText": "x", "folder": "Docs"}]
    folders = [{"displayName": "Docs"}]
    world = build({"collections": [posts(row, fields=fields)], "assets": assets, "assetFolders": folders})
    asset, folder = only(world.assets), only(world.asset_folders)
    assert (asset.folder_id, asset.alt_texts, asset.content_type) == (folder.id, {"": "x"}, "text/plain")
    assert asset.file_hash == "5d41402abc4b2a76b9719d911017c592"
    value = only(collection_of(world).staged).field_data["doc"]
    assert value["alt"] == "Notes"
    assert value["url"].startswith("https://cdn.prod.website-files.com/")
    assert value["url"].endswith(f"/{value['fileId']}_{asset.id}_my%20notes.txt")
    assert [file.data for file in world.files] == [b"hello", b"hello"]


def test_an_asset_without_bytes_is_registered(build):
    world = build({"assets": [{"fileName": "later.png"}]})
    assert only(world.assets).file_name == "later.png"
    assert len(only(world.assets).file_hash) == 32
    assert len(world.files) == 0
