"""What the default scenario promises; the same of what its generator makes under whatever Faker is installed."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path
from typing import Any

import orjson
import pytest

from fake_webflow.conditions import START
from fake_webflow.fake import Fake
from fake_webflow.seeding import build_state, from_data, generate, load
from fake_webflow.world.addresses import addresses_for
from fake_webflow.world.listing_rules import ItemQuery, list_items
from fake_webflow.world.values import FILE_TYPES, VALUE_CHECKS

FOLDER = Path(generate.__file__).with_name("scenarios")


@pytest.fixture(scope="module", params=["shipped", "made anew"])
def world(request) -> Any:
    scenario = (
        load("default") if request.param == "shipped" else from_data(generate.make_default_scenario(), folder=FOLDER)
    )
    return build_state(scenario).world


def collection(world, slug):
    return next(found for found in world.collections.values() if found.slug == slug)


def test_one_site_with_three_locales_that_has_been_published(world):
    (site,) = world.sites.values()
    assert [locale.tag for locale in (site.primary, *site.secondary)] == ["en-US", "de-DE", "fr-FR"]
    assert site.localized
    assert site.last_published is not None


def test_the_posts_have_a_field_of_every_type_each_with_values(world):
    posts = collection(world, "posts")
    values = [item.field_data for item in posts.staged]
    types = {field.type for field in posts.fields if any(data.get(field.slug) not in (None, []) for data in values)}
    assert types == VALUE_CHECKS.keys() | FILE_TYPES - {"ExtFileRef"}
    assert sum(field.validations is not None for field in posts.fields) >= 9


def test_comments_refer_to_posts_and_posts_to_authors(world):
    authors, posts, comments = (collection(world, slug) for slug in ("authors", "posts", "comments"))
    assert comments.field_with_slug("post").rule("collectionId") == posts.id
    assert posts.field_with_slug("author").rule("collectionId") == authors.id
    primary = next(iter(world.sites.values())).primary.cms_locale_id
    assert all(posts.live.get(item.field_data["post"], primary) for item in comments.staged)


def test_pages_are_real(world):
    (site,) = world.sites.values()
    posts = collection(world, "posts")
    pages = [list_items(posts.staged, ItemQuery((site.primary.cms_locale_id,), offset)) for offset in (0, 100, 200)]
    assert [(len(items), total) for items, total in pages] == [(100, 260), (100, 260), (60, 260)]


def test_every_state_of_an_item_is_there(world):
    def state_of(item):
        if item.is_archived:
            return "archived"
        if item.last_published is None:
            return "draft" if item.is_draft else "queued"
        changed = item.last_updated > item.last_published
        return "changed in draft" if item.is_draft else "queued again" if changed else "published"

    posts = collection(world, "posts")
    states = [state_of(item) for item in posts.staged]
    assert set(states) == {"archived", "draft", "queued", "changed in draft", "queued again", "published"}
    assert min(states.count(name) for name in set(states)) >= 5
    live = {item.key for item in posts.live}
    for item, name in zip(posts.staged, states, strict=True):
        assert (item.key in live) == (name in ("changed in draft", "queued again", "published"))
    changed = [item for item, name in zip(posts.staged, states, strict=True) if name == "changed in draft"]
    assert all(posts.live.get(*item.key).field_data != item.field_data for item in changed)
    assert not any(item.is_draft or item.is_archived for item in posts.live)


def test_drafts_have_explicit_nulls(world):
    posts = collection(world, "posts")
    assert any(None in item.field_data.values() for item in posts.staged)
    assert not any(None in item.field_data.values() for item in posts.live)


def test_some_posts_have_variants_in_other_words(world):
    (site,) = world.sites.values()
    posts = collection(world, "posts")
    german = list(posts.staged.in_locale(site.secondary[0].cms_locale_id).by_id)
    assert len(german) == 20
    for item in german:
        original = posts.staged.get(item.id, site.primary.cms_locale_id)
        assert original.slug == item.slug
        assert original.field_data["name"] != item.field_data["name"]


@pytest.mark.clause("ids.time", "items.object.timestamps")
def test_ids_tell_their_dates_and_all_dates_have_passed(world):
    for found in (*world.sites.values(), *world.collections.values(), *world.assets, *world.asset_folders):
        assert int(found.id[:8], 16) == found.created_on // 1000
        assert found.created_on <= found.last_updated < START
    for found in world.collections.values():
        for item in found.staged:
            assert int(item.id[:8], 16) == item.created_on // 1000
            assert item.created_on <= item.last_updated < START
            assert item.last_published is None or item.created_on <= item.last_published < START


def test_assets_lie_in_folders_and_have_real_bytes(world):
    folders = {folder.id: folder for folder in world.asset_folders}
    assert any(folder.parent_folder in folders for folder in folders.values())
    assert {asset.folder_id for asset in world.assets} - {None} <= folders.keys()
    data = {asset.file_name: world.files.get(asset.key).data for asset in world.assets}
    assert len(data) == 8
    # Frame header: length, precision, height, width.
    frame = data["harbour.jpg"].index(b"\xff\xc0")
    assert struct.unpack(">HH", data["harbour.jpg"][frame + 5 : frame + 9]) == (90, 160)
    assert data["harbour.jpg"].startswith(b"\xff\xd8\xff")
    assert data["harbour.jpg"].endswith(b"\xff\xd9")
    assert data["handbook.pdf"].startswith(b"%PDF-1.4")
    assert data["logo.svg"].startswith(b"<svg ")


def test_the_pdfs_table_of_objects_is_right():
    data = (FOLDER / "files" / "handbook.pdf").read_bytes()
    start = int(data.rstrip().removesuffix(b"%%EOF").split()[-1])
    lines = data[start:].splitlines()
    assert lines[0] == b"xref"
    for number, line in enumerate(lines[3:7], 1):
        assert data[int(line[:10]) :].startswith(b"%d 0 obj" % number)


@pytest.mark.parametrize("path", sorted((FOLDER / "files").glob("*.png")), ids=lambda path: path.name)
def test_the_pngs_have_right_checksums_and_all_their_pixels(path):
    data = path.read_bytes()
    assert struct.unpack(">II", data[16:24]) == (160, 90)
    place, pixels = 8, b""
    while place < len(data):
        (length,) = struct.unpack(">I", data[place : place + 4])
        chunk = data[place + 4 : place + 8 + length]
        assert data[place + 8 + length : place + 12 + length] == struct.pack(">I", zlib.crc32(chunk))
        pixels += chunk[4:] if chunk.startswith(b"IDAT") else b""
        place += 12 + length
    assert len(zlib.decompress(pixels)) == 90 * (1 + 3 * 160)
    assert place == len(data)


def test_it_is_small_and_as_its_schema_says():
    assert (FOLDER / "default.json").stat().st_size < 600_000
    assert orjson.loads(generate.render_scenario(load("default").data)) == load("default").data


def test_files_are_handed_out_on_the_fakes_own_host_and_served_there(default, get):
    origin = "http://127.0.0.1:8787"
    fake = Fake(build_state(default, addresses=addresses_for(origin)))
    posts = collection(fake.state.world, "posts")
    cover = next(item.field_data["cover"] for item in posts.live if "cover" in item.field_data)
    assert cover["url"].startswith(f"{origin}/cdn/")
    response = get(fake, cover["url"].removeprefix(origin), origin=origin)
    assert (response.status, dict(response.headers)["Content-Type"]) == (200, "image/png")
    assert response.body.startswith(b"\x89PNG")


def test_its_token_may_do_everything(fake, get):
    assert len(orjson.loads(get(fake, "/v2/sites").body)["sites"]) == 1
    assert get(fake, "/v2/token/authorized_by").status == 200
