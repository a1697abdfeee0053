"""What a scenario can state beside what a test usually writes: whatever an API or an export tells of a world."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fake_webflow.conditions import RUNNING
from fake_webflow.fake import State
from fake_webflow.seeding import build_state, from_data
from fake_webflow.webhooks.signatures import make_client_secret
from fake_webflow.world.addresses import addresses_for
from fake_webflow.world.collections import FieldGroup

_ID = "65a1b2c3d4e5f60718293a4b"
_NOON = "2026-05-01T12:00:00.000Z"
_NOON_INSTANT = 1777636800000
_LOCALES = {"primary": {"tag": "en"}, "secondary": [{"tag": "de"}]}


def test_the_world_begins_when_the_scenario_says_so() -> None:
    scenario = from_data({"now": _NOON, "sites": [{"displayName": "Demo"}]})
    state = build_state(scenario)
    assert (state.clock.now, state.clock.frozen, state.begins) == (_NOON_INSTANT, True, _NOON_INSTANT)
    running = build_state(scenario, clock=RUNNING)
    assert not running.clock.frozen
    assert 0 <= running.clock.now - _NOON_INSTANT < 60_000


def test_who_starts_it_says_otherwise_when_it_begins() -> None:
    later = _NOON_INSTANT + 1000
    state = build_state(from_data({"now": _NOON}), clock=State(None).clock.set(later), begins=later)  # type: ignore[arg-type]
    assert (state.clock.now, state.begins) == (later, later)


def test_ids_go_on_from_where_they_were() -> None:
    assert build_state(from_data({"drawn": 1000, "sites": [{}]})).ids.drawn == 1000
    assert build_state(from_data({"drawn": 1, "sites": [{}]})).ids == build_state(from_data({"sites": [{}]})).ids


def test_webhooks(build: Callable[..., Any]) -> None:
    given = {"id": _ID, "triggerType": "site_publish", "url": "http://127.0.0.1:9/hook", "createdOn": _NOON}
    key = {"secretKey": "k", "active": False, "lastTriggered": _NOON}
    form = {"triggerType": "form_submission", "url": "https://example.com", "filter": {"name": "Contact"}, **key}
    with_id, other = build({"webhooks": [given, form]}).webhooks
    assert (with_id.id, with_id.created_on, with_id.active, with_id.last_triggered) == (_ID, _NOON_INSTANT, True, None)
    assert with_id.secret_key == make_client_secret(State(None).ids)  # type: ignore[arg-type]
    assert (other.secret_key, other.active, other.last_triggered) == ("k", False, _NOON_INSTANT)
    assert other.filter == {"name": "Contact"}


def test_field_groups_structure_and_held_slugs(build: Callable[..., Any]) -> None:
    fields = [{"type": "Color", "displayName": "Accent"}, {"id": "f" * 32, "type": "Number", "displayName": "Size"}]
    groups = [{"displayName": "Looks", "description": "How", "fieldIds": ["f" * 32, "accent"]}]
    row = {"displayName": "Posts", "fields": fields, "fieldGroups": groups}
    world = build({"collections": [{**row, "structurePublished": False, "heldSlugs": ["gone"]}]})
    (collection,) = world.collections.values()
    accent = collection.field_with_slug("accent").id
    assert collection.field_groups == (FieldGroup("Looks", ("f" * 32, accent), "How"),)
    assert (collection.structure_published, collection.held_slugs) == (False, {"gone"})


def test_folders_in_any_order(build: Callable[..., Any]) -> None:
    folders = [{"displayName": "In", "parentFolder": "Out"}, {"displayName": "Out"}]
    world = build({"assetFolders": folders})
    by_name = {folder.display_name: folder for folder in world.asset_folders}
    assert by_name["In"].parent_folder == by_name["Out"].id


def test_an_asset_with_its_hash_and_alt_texts(build: Callable[..., Any]) -> None:
    texts = {"altText": "house", "altTexts": {"de": "Haus"}}
    rows = [
        {"fileName": "a.png", "fileHash": "f" * 32, **texts},
        {"fileName": "b.txt", "fileHash": "e" * 32, "text": ""},
    ]
    world = build({"locales": _LOCALES, "assets": rows})
    (site,) = world.sites.values()
    registered, uploaded = world.assets
    assert (registered.file_hash, uploaded.file_hash) == ("f" * 32, "e" * 32)
    assert registered.alt_texts == {"": "house", site.secondary[0].id: "Haus"}
    assert [file.key for file in world.files] == [uploaded.key]


def test_other_files(build: Callable[..., Any]) -> None:
    rows = [{"key": "a/b.png", "base64": "aGk="}, {"key": "c", "text": "", "contentType": "x/y", "cacheControl": ""}]
    first, second = build(files=rows).files
    assert (first.content_type, first.data, first.etag) == ("image/png", b"hi", "49f68a5c8493ec2c0bf489821c21fc3b")
    assert (second.content_type, second.data, second.cache_control) == ("x/y", b"", "")


def test_a_token_without_its_secret_is_the_one_the_fake_starts_with() -> None:
    scenario = from_data({"tokens": [{"id": _ID, "kind": "site"}, {"token": "other"}]})
    for started_with, expected in [(None, "test-token"), ("mine", "mine")]:
        tokens = build_state(scenario, token=started_with).world.tokens
        assert list(tokens) == [expected, "other"]
        assert (tokens[expected].authorization_id, tokens[expected].kind) == (_ID, "site")


def test_verbatim_field_data_is_kept_whatever_the_rules_are_now(build: Callable[..., Any]) -> None:
    fields = [
        {"type": "PlainText", "displayName": "Motto", "isRequired": True, "validations": {"maxLength": 2}},
        {"type": "Option", "displayName": "Kind", "validations": {"options": []}},
        {"type": "Reference", "displayName": "By", "validations": {"collectionId": "posts"}},
    ]
    picture = {"fileId": _ID, "url": "https://example.com/a.png", "alt": None}
    fields.append({"type": "Image", "displayName": "Cover"})
    data = {"kind": "f" * 32, "name": "A", "slug": "a", "by": _ID, "cover": picture}
    item = {
        "id": _ID,
        "fieldData": data,
        "liveItem": {"lastUpdated": _NOON, "isDraft": True, "fieldData": {**data, "motto": None}},
    }
    world = build({"collections": [{"displayName": "Posts", "fields": fields, "items": [item]}]}, verbatim=True)
    (collection,) = world.collections.values()
    (staged,), (live,) = collection.staged, collection.live
    assert list(staged.field_data.items()) == list(data.items())
    assert live.field_data == {**data, "motto": None}
    assert (live.last_updated, live.is_draft, staged.is_draft) == (_NOON_INSTANT, True, False)
    assert live.last_published == staged.last_published == staged.last_updated


def test_verbatim_addresses_of_the_sites_files_are_the_fakes_own() -> None:
    here = f"https://cdn.prod.website-files.com/{_ID}/fs_a%20b.png"
    elsewhere = "https://cdn.prod.website-files.com/0123456789abcdef01234567/other.png"
    bucket = f"https://s3.amazonaws.com/webflow-prod-assets/{_ID}/fs_a%20b.png"
    cover = {"fileId": _ID, "url": here, "alt": None}
    fields = [{"type": "Image", "displayName": "Cover"}, {"type": "RichText", "displayName": "Text"}]
    data = {"name": "A", "slug": "a", "cover": cover, "text": f'<img src="{bucket}"><img src="{elsewhere}">'}
    collection = {"displayName": "Posts", "fields": fields, "items": [{"fieldData": data}]}
    scenario = from_data({"verbatim": True, "sites": [{"id": _ID, "collections": [collection]}]})
    for addresses, cdn, own_bucket in [
        (addresses_for("https://api.webflow.com"), here, bucket),
        (
            addresses_for("http://127.0.0.1:9"),
            f"http://127.0.0.1:9/cdn/{_ID}/fs_a%20b.png",
            f"http://127.0.0.1:9/s3/webflow-prod-assets/{_ID}/fs_a%20b.png",
        ),
    ]:
        (built,) = build_state(scenario, addresses=addresses).world.collections.values()
        (item,) = built.staged
        assert item.field_data["cover"]["url"] == cdn
        assert item.field_data["text"] == f'<img src="{own_bucket}"><img src="{elsewhere}">'
