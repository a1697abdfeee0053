"""Files in field data: what is imported, what is not, and what is kept of it."""

from __future__ import annotations

import pytest
from worlds import EN, POSTS_ID, SITE_ID, Moment, created, new, refused, world

from fake_webflow.world.addresses import WEBFLOW
from fake_webflow.world.assets import StoredFile
from fake_webflow.world.imports import LARGEST_DOCUMENT, LARGEST_IMAGE
from fake_webflow.world.staged_item_rules import ItemChange, update_items

BUCKET = world().site(SITE_ID).cms_bucket_id
OUTSIDE = "https://example.com/pictures/a%20cat.png?size=1#top"
IMAGES = ("image", "multiimage")


def stored(key: str, size: int = 3, content_type: str = "image/png") -> StoredFile:
    return StoredFile(f"{SITE_ID}/{key}", content_type, "0" * 32, b"x" * size)


def with_files(*files: StoredFile):
    return world().with_files(list(files))


def written(slug: str, url: str, **more: object):
    """Field data with that file in that field."""
    file = {"url": url, **more}
    return {slug: [file] if slug == "multiimage" else file}


def only(value):
    return value[0] if isinstance(value, list) else value


@pytest.mark.clause("field-data.files", "field-data.cms-bucket")
@pytest.mark.parametrize("slug", ["image", "multiimage", "file", "extfileref"])
def test_a_file_from_outside(slug):
    state, (item,) = created(world(), Moment(), new(**written(slug, OUTSIDE)))
    file = only(item.field_data[slug])
    assert list(file) == ["fileId", "url", "alt"]
    assert file["url"] == f"https://cdn.prod.website-files.com/{BUCKET}/{file['fileId']}_a%20cat.png"
    assert file["alt"] is None
    assert len(state.files) == 0
    assert SITE_ID != BUCKET


@pytest.mark.clause("field-data.files")
def test_a_file_of_our_own_is_copied():
    original = stored("1_a cat.png")
    state, (item,) = created(
        with_files(original), Moment(), new(**written("image", WEBFLOW.cdn_url(original.key), alt="A cat"))
    )
    file = item.field_data["image"]
    assert file["alt"] == "A cat"
    copy = state.files.get(WEBFLOW.key_of(file["url"]))
    assert copy == original._replace(key=f"{BUCKET}/{file['fileId']}_1_a cat.png")
    assert len(state.files) == 2
    assert state.files.get(original.key) == original


@pytest.mark.clause(
    "field-data.skip-invalid-files",
    "field-data.file.broken",
    "field-data.file.too-large",
    "field-data.file.unsupported-type",
)
@pytest.mark.parametrize(
    ("file", "slug", "clause"),
    [
        (stored("big.png", LARGEST_IMAGE + 1), "image", "too-large"),
        (stored("big.png", LARGEST_IMAGE + 1), "multiimage", "too-large"),
        (stored("big.pdf", LARGEST_DOCUMENT + 1, "application/pdf"), "file", "too-large"),
        (stored("a.pdf", 3, "application/pdf"), "image", "unsupported-type"),
        (stored("a.pdf", 3, "application/pdf"), "multiimage", "unsupported-type"),
        (None, "image", "broken"),
        (None, "file", "broken"),
    ],
)
def test_files_that_cannot_be_imported(file, slug, clause):
    state = with_files(*([file] if file else []))
    url = WEBFLOW.cdn_url(file.key if file else f"{SITE_ID}/never-uploaded.png")
    item = new(**written(slug, url))
    refusal = refused(lambda: created(state, Moment(), item, skip_invalid_files=False))
    assert refusal.clauses == ("field-data.invalid", f"field-data.file.{clause}")
    after, (made,) = created(state, Moment(), item)
    assert made.field_data == {"name": "One", "slug": "one"} | ({slug: []} if slug == "multiimage" else {})
    assert after.files == state.files


def test_the_largest_files_are_imported():
    image, document = stored("a.png", LARGEST_IMAGE), stored("a.pdf", LARGEST_DOCUMENT, "application/pdf")
    data = {**written("image", WEBFLOW.cdn_url(image.key)), **written("file", WEBFLOW.asset_url(document.key))}
    state, (item,) = created(with_files(image, document), Moment(), new(**data), skip_invalid_files=False)
    assert {"image", "file"} <= item.field_data.keys()
    assert len(state.files) == 4


@pytest.mark.clause("field-data.skip-invalid-files")
@pytest.mark.parametrize("outcome", ["broken", "too-large", "unsupported-type"])
def test_the_fate_of_outside_files_can_be_scripted(outcome):
    script = (("https://example.com/good*", "importable"), ("https://example.com/*", outcome), ("*", "broken"))
    state = world()._replace(imports=script)
    refusal = refused(lambda: created(state, Moment(), new(**written("image", OUTSIDE)), skip_invalid_files=False))
    assert refusal.clauses[1] == f"field-data.file.{outcome}"
    good = new(**written("image", "https://example.com/good.png"))
    assert "image" in created(state, Moment(), good, skip_invalid_files=False)[1][0].field_data


@pytest.mark.clause("field-data.file.url", "field-data.multi-image.type")
def test_values_that_are_no_files():
    for value in (
        "",
        "https://example.com/a.png",
        1,
        [],
        {},
        {"fileId": "0" * 24},
        {"url": None},
        {"url": "a b"},
        {"url": OUTSIDE, "alt": 1},
    ):
        for slug, sent in (("image", value), ("file", value), ("multiimage", [value])):
            refusal = refused(lambda slug=slug, sent=sent: created(world(), Moment(), new(**{slug: sent})))
            assert refusal.clauses == ("field-data.invalid", "field-data.file.url")
            assert "Expected value to have a 'url' field" in refusal.problems[0].text
    refusal = refused(lambda: created(world(), Moment(), new(multiimage={"url": OUTSIDE})))
    assert refusal.clauses[1] == "field-data.multi-image.type"


@pytest.mark.clause("field-data.file.broken")
@pytest.mark.parametrize("url", ["mailto:a@b.c", "tel:1"])
def test_a_file_is_fetched_from_the_web_or_not_at_all(url):
    refusal = refused(lambda: created(world(), Moment(), new(**written("image", url)), skip_invalid_files=False))
    assert refusal.clauses[1] == "field-data.file.broken"


@pytest.mark.clause("field-data.files", "items.image.sent-file-id")
@pytest.mark.parametrize("url", [OUTSIDE, WEBFLOW.cdn_url(f"{SITE_ID}/1_cat.png")])
@pytest.mark.parametrize("slug", IMAGES)
def test_what_was_read_is_imported_anew_when_it_is_written_back(url, slug):
    moment = Moment()
    state, (item,) = created(with_files(stored("1_cat.png")), moment, new(**written(slug, url)))
    change = ItemChange(item.id, EN, item.field_data)
    _, (again,) = update_items(state, state.collection(POSTS_ID), [change], moment, skip_invalid_files=False)
    before, after = only(item.field_data[slug]), only(again.field_data[slug])
    assert after["fileId"] != before["fileId"]
    assert after["url"].endswith(f"/{after['fileId']}_{before['url'].rpartition('/')[2]}")


@pytest.mark.clause("field-data.multi-image.type", "field-data.skip-invalid-files")
def test_a_list_of_images_replaces_the_list_and_loses_the_broken_ones():
    moment = Moment()
    state, (item,) = created(world(), moment, new(multiimage=[{"url": OUTSIDE}, {"url": OUTSIDE}]))
    images = [{"url": WEBFLOW.cdn_url(f"{SITE_ID}/none.png")}, {"url": "https://example.com/new.png"}]
    change = ItemChange(item.id, EN, {"multiimage": images})
    _, (changed,) = update_items(state, state.collection(POSTS_ID), [change], moment, skip_invalid_files=True)
    assert [file["url"].rpartition("_")[2] for file in changed.field_data["multiimage"]] == ["new.png"]


def test_patterns_know_stars_and_question_marks_and_nothing_else():
    state = world()._replace(imports=(("https://a.b/[1]?.png", "broken"), ("https://a.b/*.gif", "too-large")))
    urls = (
        "https://a.b/[1]x.png",
        "https://a.b/1x.png",
        "https://a.b/[1].png",
        "https://a.b/c/d.gif",
        "https://a.b/D.GIF",
    )
    outcomes = [state.import_outcome(url) for url in urls]
    assert outcomes == ["broken", "importable", "importable", "too-large", "importable"]
