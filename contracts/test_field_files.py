"""Files in field data."""

from __future__ import annotations

import re
from typing import Any

import pytest

from .kit.clauses import Choices, ClauseDiffers, clause, needs
from .kit.expect import OBJECT_ID, expect_field_problems, expect_json, expect_keys
from .kit.field_values import create_with, expect_not_taken, print_as_node
from .kit.in_process import FailedImport, InProcessTarget
from .kit.sandbox import ABSENT_ID, Sandbox
from .kit.sandbox_assets import PNG
from .kit.targets import SCRIPT_IMPORTS

FILE = ["fileId", "url", "alt"]


@pytest.fixture
def picture(sandbox: Sandbox) -> str:
    """The address of a picture the target can import: one it hosts itself."""
    return str(sandbox.assets.picture["assetUrl"])


@clause("field-data.files")
def test_a_picture_is_read_as_file_id_url_and_alt(sandbox: Sandbox, picture: str) -> None:
    item = expect_json(create_with(sandbox, image={"url": picture, "alt": "A pixel"}, file={"url": picture}), 202)
    for slug, alt in (("image", "A pixel"), ("file", None)):
        value = item["fieldData"][slug]
        expect_keys(value, FILE, "field-data.files")
        assert re.fullmatch(OBJECT_ID, value["fileId"])
        assert value["alt"] == alt
        answer = sandbox.target.http.get(value["url"], timeout=60)
        assert answer.status_code == 200
        assert answer.content.startswith(PNG)
    assert sandbox.get_staged(item) == item


@clause("field-data.cms-bucket")
def test_imported_files_do_not_lie_with_the_sites_assets(sandbox: Sandbox, picture: str) -> None:
    url = expect_json(create_with(sandbox, image={"url": picture}), 202)["fieldData"]["image"]["url"]
    bucket, name = url.rsplit("/", 2)[-2:]
    assert re.fullmatch(OBJECT_ID, bucket)
    assert bucket != sandbox.site_id
    assert re.match(rf"{OBJECT_ID}_", name)
    if sandbox.target.checks_everything and int(bucket, 16) != int(sandbox.primary_locale_id, 16) + 1:
        raise ClauseDiffers("field-data.cms-bucket", "one past the primary CMS locale's id", bucket)


@clause("items.image.sent-file-id")
def test_what_becomes_of_a_file_id_that_is_sent(sandbox: Sandbox, choice: Choices, picture: str) -> None:
    first = expect_json(create_with(sandbox, image={"url": picture}), 202)["fieldData"]["image"]
    second = expect_json(create_with(sandbox, image=first), 202)["fieldData"]["image"]
    saw = None
    if second["fileId"] == first["fileId"]:
        saw = "kept"
    elif second["url"].rpartition("/")[2].startswith(f"{second['fileId']}_{first['fileId']}_"):
        saw = "minted-anew"
    choice("items.image.sent-file-id").record(saw, second)


@clause("field-data.file.url")
@pytest.mark.parametrize("slug", ["image", "file"])
@pytest.mark.parametrize("value", [{"fileId": ABSENT_ID}, {}, {"url": ""}, {"url": 5}, {"url": "picture.png"}, 5, ""])
def test_a_file_without_an_address_is_refused(sandbox: Sandbox, choice: Choices, slug: str, value: Any) -> None:
    if (slug, value) == ("image", ""):  # where an address alone is a picture, it is printed as one
        choice("items.image.plain-url").needs("reject")
    expect_not_taken(sandbox, slug, value, "field-data.file.url", print_as_node(value))


@clause("items.image.plain-url")
@pytest.mark.parametrize("slug", ["image", "images"])
def test_whether_a_picture_is_written_as_an_address_alone(
    sandbox: Sandbox, picture: str, choice: Choices, slug: str
) -> None:
    value: Any = picture if slug == "image" else [picture]
    answer = create_with(sandbox, **{slug: value})
    saw = None
    if answer.status_code == 202:
        kept = answer.json()["fieldData"][slug]
        saw = "accept" if {*(kept if slug == "image" else kept[0])} == {*FILE} else None
    elif answer.status_code == 400:
        expect_field_problems(answer, (slug, "field-data.file.url", {"value": print_as_node(picture)}))
        saw = "reject"
    choice("items.image.plain-url").record(saw, answer)


@clause("field-data.multi-image.type")
def test_a_list_of_pictures_is_replaced_as_a_whole(sandbox: Sandbox, picture: str) -> None:
    item = expect_json(create_with(sandbox, images=[{"url": picture}, {"url": picture, "alt": "Second"}]), 202)
    assert [image["alt"] for image in item["fieldData"]["images"]] == [None, "Second"]
    change = {"fieldData": {"images": [{"url": picture, "alt": "Third"}]}}
    changed = sandbox.client.items.update(sandbox.everything.id, item["id"], change)
    assert [image["alt"] for image in changed["fieldData"]["images"]] == ["Third"]
    expect_not_taken(sandbox, "images", {"url": "https://example.com/a.png"}, "field-data.multi-image.type")
    expect_not_taken(sandbox, "images", [{"alt": "x"}], "field-data.file.url", print_as_node({"alt": "x"}))


@clause("field-data.files", "items.update.leaves-live")
def test_pictures_go_live_with_their_item(sandbox: Sandbox, picture: str) -> None:
    item = sandbox.new_published_item(image={"url": picture})
    assert sandbox.get_live(item)["fieldData"]["image"] == item["fieldData"]["image"]


OUTCOMES: list[tuple[FailedImport, str]] = [
    ("broken", "field-data.file.broken"),
    ("too-large", "field-data.file.too-large"),
    ("unsupported-type", "field-data.file.unsupported-type"),
]


@clause("field-data.skip-invalid-files")
@needs(SCRIPT_IMPORTS)
@pytest.mark.parametrize(
    ("outcome", "clause_id"),
    [pytest.param(outcome, clause_id, marks=clause(clause_id)) for outcome, clause_id in OUTCOMES],
)
@pytest.mark.parametrize("slug", ["image", "file", "images"])
def test_a_file_that_cannot_be_imported(
    sandbox: Sandbox, target: InProcessTarget, outcome: FailedImport, clause_id: str, slug: str
) -> None:
    url = "https://files.example.com/picture.png"
    value: Any = [{"url": url}] if slug == "images" else {"url": url}
    body = {"fieldData": {"name": sandbox.name(), slug: value, "text": "stays"}}
    with target.preserve_state():
        target.script_imports((f"{url}*", outcome))
        with sandbox.expect_unchanged():
            answer = sandbox.call("POST", sandbox.everything.path, json=body, query={"skipInvalidFiles": "false"})
        expect_field_problems(answer, (slug, clause_id, {"value": print_as_node(url)}))
        for query in ({}, {"skipInvalidFiles": "true"}):
            made = expect_json(sandbox.call("POST", sandbox.everything.path, json=body, query=query), 202)
            assert made["fieldData"]["text"] == "stays"
            assert made["fieldData"].get(slug) in (None, [])


@clause("field-data.skip-invalid-files", "field-data.file.broken")
@needs(SCRIPT_IMPORTS)
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", ""),
        ("POST", "/bulk"),
        ("POST", "/live"),
        ("PATCH", ""),
        ("PATCH", "/live"),
        ("PATCH", "/{item}"),
        ("PATCH", "/{item}/live"),
    ],
)
def test_every_write_says_what_becomes_of_invalid_files(
    sandbox: Sandbox, target: InProcessTarget, method: str, path: str
) -> None:
    url = "https://files.example.com/picture.png"
    with target.preserve_state():
        target.script_imports((f"{url}*", "broken"))
        item = sandbox.new_published_item()
        change: dict[str, Any] = {"fieldData": {"image": {"url": url}, "text": "stays"}}
        if method == "POST":
            change["fieldData"]["name"] = sandbox.name()
        body = {"items": [{"id": item["id"], **change}]} if method == "PATCH" and "{" not in path else change
        where = sandbox.everything.path + path.format(item=item["id"])
        with sandbox.expect_unchanged():
            answer = sandbox.call(method, where, json=body, query={"skipInvalidFiles": "false"})
        expect_field_problems(answer, ("image", "field-data.file.broken", {"value": print_as_node(url)}))
        done = expect_json(sandbox.call(method, where, json=body), 202 if method == "POST" else 200)
        data = (done["items"][0] if "items" in done else done)["fieldData"]
        assert (data["text"], data.get("image")) == ("stays", None)


@clause("field-data.file.broken", "field-data.skip-invalid-files")
def test_a_file_the_target_does_not_host_after_all(sandbox: Sandbox) -> None:
    with sandbox.assets.asset_without_bytes() as asset, sandbox.expect_unchanged():
        body = {"fieldData": {"name": sandbox.name(), "image": {"url": asset["assetUrl"]}}}
        answer = sandbox.call("POST", sandbox.everything.path, json=body, query={"skipInvalidFiles": "false"})
    expect_field_problems(answer, ("image", "field-data.file.broken", {"value": print_as_node(asset["assetUrl"])}))


@clause("items.file.failed-import")
def test_what_a_field_holds_whose_file_was_skipped(sandbox: Sandbox, choice: Choices) -> None:
    with sandbox.assets.asset_without_bytes() as asset:
        made = expect_json(create_with(sandbox, image={"url": asset["assetUrl"]}), 202)
    value = sandbox.get_staged(made)["fieldData"].get("image", "absent")
    choice("items.file.failed-import").record({"absent": "absent", None: "null"}.get(value), made["fieldData"])


@clause("field-data.file.unsupported-type")
def test_a_text_is_no_picture(sandbox: Sandbox) -> None:
    text = sandbox.assets.upload(b"no picture", file_name=f"{sandbox.slug()}.txt")
    body = {"fieldData": {"name": sandbox.name(), "image": {"url": text["assetUrl"]}}}
    answer = sandbox.call("POST", sandbox.everything.path, json=body, query={"skipInvalidFiles": "false"})
    expect_field_problems(answer, ("image", "field-data.file.unsupported-type"))
    body = {"fieldData": {"name": sandbox.name(), "file": {"url": text["assetUrl"]}}}
    expect_json(sandbox.call("POST", sandbox.everything.path, json=body, query={"skipInvalidFiles": "false"}), 202)


@clause("field-data.file.too-large")
def test_a_picture_of_more_than_four_mebibytes(sandbox: Sandbox, choice: Choices) -> None:
    choice("assets.upload.size-limit").needs("policy", "none")
    large = sandbox.assets.upload(PNG + bytes(4 * 1024 * 1024))
    body = {"fieldData": {"name": sandbox.name(), "image": {"url": large["assetUrl"]}}}
    answer = sandbox.call("POST", sandbox.everything.path, json=body, query={"skipInvalidFiles": "false"})
    expect_field_problems(answer, ("image", "field-data.file.too-large"))


@clause("assets.delete.keeps-imports")
def test_an_import_outlives_its_asset(sandbox: Sandbox) -> None:
    asset = sandbox.assets.upload(PNG)
    url = expect_json(create_with(sandbox, image={"url": asset["assetUrl"]}), 202)["fieldData"]["image"]["url"]
    sandbox.client.assets.delete(asset["id"])
    assert sandbox.target.http.get(url, timeout=60).content.startswith(PNG)
