"""Assets and their folders."""

from __future__ import annotations

import hashlib
import re
from typing import Any

import pytest

from .kit.clauses import Choices, ClauseDiffers, clause, needs
from .kit.expect import (
    OBJECT_ID,
    TIMESTAMP_PATTERN,
    expect_json,
    expect_keys,
    expect_refusal,
    expect_shape_problems,
    is_refused,
)
from .kit.in_process import InProcessTarget
from .kit.sandbox import ABSENT_ID, Sandbox
from .kit.sandbox_assets import PNG, SHARED_FOLDER_NAME
from .kit.targets import ADVANCE_TIME, OTHER_PROFILE

CREATED = [
    "uploadDetails",
    "contentType",
    "id",
    "parentFolder",
    "uploadUrl",
    "assetUrl",
    "hostedUrl",
    "originalFileName",
    "createdOn",
    "lastUpdated",
]
ASSET = [
    "id",
    "contentType",
    "size",
    "siteId",
    "hostedUrl",
    "originalFileName",
    "displayName",
    "lastUpdated",
    "createdOn",
    "variants",
    "altText",
]
FOLDER_KEYS = ["id", "displayName", "parentFolder", "assets", "siteId", "createdOn", "lastUpdated"]


def register(sandbox: Sandbox, **body: Any) -> Any:
    """The answer to registering an asset, which is gone at the end if it came to be."""
    wanted = {"fileName": f"{sandbox.slug()}.png", "fileHash": hashlib.md5(sandbox.slug().encode()).hexdigest(), **body}
    answer = sandbox.call("POST", f"/sites/{sandbox.site_id}/assets", json=wanted)
    if "id" in answer.json():
        sandbox.assets.remove_later(answer.json()["id"])
    return answer


def list_site_assets(sandbox: Sandbox, **options: Any) -> list[dict[str, Any]]:
    """All assets of the site, or of a folder."""
    return list(sandbox.client.assets.iterate(sandbox.site_id, **options))


@clause("assets.create.answer", "assets.create.key", "ids.object-id")
def test_what_registering_an_asset_answers(sandbox: Sandbox) -> None:
    name = f"{sandbox.slug()} with space.png"
    made = register(sandbox, fileName=name).json()
    expect_keys(made, CREATED, "assets.create.answer")
    assert (made["originalFileName"], made["contentType"], made["parentFolder"]) == (name, "image/png", None)
    assert re.fullmatch(TIMESTAMP_PATTERN, made["createdOn"])
    assert made["createdOn"] == made["lastUpdated"]
    key = f"{sandbox.site_id}/{made['id']}_{name}"
    if made["uploadDetails"]["key"] != key:
        raise ClauseDiffers("assets.create.key", key, made["uploadDetails"]["key"])
    quoted = key.replace(" ", "%20")
    assert made["assetUrl"].endswith(f"/{quoted}")
    assert made["hostedUrl"].endswith(f"/{quoted}")


@clause("assets.create.status")
def test_the_status_of_a_registered_asset(sandbox: Sandbox, choice: Choices) -> None:
    answer = register(sandbox)
    status = str(answer.status_code)
    choice("assets.create.status").record(status if status in ("200", "202") else None, answer)


@clause("assets.object", "assets.listed-before-upload")
def test_whether_an_asset_is_there_before_its_bytes(sandbox: Sandbox, choice: Choices) -> None:
    made = sandbox.assets.register()
    answer = sandbox.call("GET", f"/assets/{made['id']}")
    in_list = made["id"] in [asset["id"] for asset in list_site_assets(sandbox)]
    saw = {(200, True): "yes", (404, False): "no"}.get((answer.status_code, in_list))
    choice("assets.listed-before-upload").record(saw, answer)
    sandbox.assets.post_form(made)
    asset = sandbox.client.assets.get(made["id"])
    expect_keys(asset, ASSET, "assets.object")
    expected = {key: made[key] for key in ("id", "contentType", "hostedUrl", "originalFileName", "createdOn")}
    assert {key: asset[key] for key in expected} == expected
    assert (asset["siteId"], asset["variants"], asset["altText"]) == (sandbox.site_id, [], None)


@clause("assets.display-name")
def test_what_a_new_asset_is_called(sandbox: Sandbox, choice: Choices) -> None:
    made = sandbox.assets.picture
    called = sandbox.client.assets.get(made["id"])["displayName"]
    names = {f"{made['id']}_{made['originalFileName']}": "id-and-file-name", made["originalFileName"]: "file-name"}
    choice("assets.display-name").record(names.get(called), called)


@clause("assets.size-after-upload")
def test_what_size_says_after_an_upload(sandbox: Sandbox, choice: Choices) -> None:
    made = sandbox.assets.picture
    data = sandbox.assets.bytes_of(made)
    size = sandbox.client.assets.get(made["id"])["size"]
    choice("assets.size-after-upload").record({0: "zero", len(data): "bytes"}.get(size), size)


@clause("assets.hosted-url.form")
def test_what_hosted_urls_look_like(sandbox: Sandbox, choice: Choices) -> None:
    made = register(sandbox).json()
    key = made["uploadDetails"]["key"]
    served = sandbox.target.client.base_url.removesuffix("/v2")
    forms = {f"{host}/{key}": "cdn" for host in ("https://cdn.prod.website-files.com", f"{served}/cdn")}
    forms[made["assetUrl"]] = "s3"
    choice("assets.hosted-url.form").record(forms.get(made["hostedUrl"]), made["hostedUrl"])


@clause("assets.create.duplicate-hash")
def test_what_the_same_hash_gives_again(sandbox: Sandbox, choice: Choices) -> None:
    digest = hashlib.md5(sandbox.slug().encode()).hexdigest()
    first = register(sandbox, fileHash=digest).json()
    second = register(sandbox, fileHash=digest).json()
    saw = None
    if second["id"] == first["id"] and second["originalFileName"] == first["originalFileName"]:
        saw = "return-existing"
    elif second["id"] != first["id"] and second["originalFileName"] != first["originalFileName"]:
        saw = "new-asset"
    choice("assets.create.duplicate-hash").record(saw, second)


@clause("assets.create.hash-format")
@pytest.mark.parametrize("form", ["{}", "sha256-like-{}", "{}=="])
def test_what_a_hash_may_look_like(sandbox: Sandbox, choice: Choices, form: str) -> None:
    answer = register(sandbox, fileHash=form.format(sandbox.slug()))
    saw = "md5-hex" if is_refused(answer, "assets.create.hash-format") else None
    choice("assets.create.hash-format").record("any-string" if answer.status_code in (200, 202) else saw, answer)


@clause("assets.create.hash-format")
def test_an_md5_is_a_hash_in_any_case(sandbox: Sandbox) -> None:
    digest = hashlib.md5(sandbox.slug().encode()).hexdigest().upper()
    assert register(sandbox, fileHash=digest).status_code in (200, 202)


@clause("assets.create.file-name")
@pytest.mark.parametrize("name", ["a/b.png", "a\\b.png", 'a"b.png', "a\nb.png", "a\x00b.png", "../up.png"])
def test_file_names_that_are_refused(sandbox: Sandbox, name: str) -> None:
    expect_refusal(register(sandbox, fileName=name), "assets.create.file-name")
    assert name not in [asset["originalFileName"] for asset in list_site_assets(sandbox)]


@clause("assets.create.file-name-length")
def test_a_file_name_has_fewer_than_a_hundred_characters(sandbox: Sandbox) -> None:
    stem = sandbox.slug()
    expect_shape_problems(
        register(sandbox, fileName=stem.ljust(96, "x") + ".png"), ("assets.create.file-name-length", {})
    )
    longest = stem.ljust(95, "x") + ".png"
    assert register(sandbox, fileName=longest).json()["originalFileName"] == longest


@clause("requests.shape.min-length")
def test_a_file_name_is_not_empty(sandbox: Sandbox) -> None:
    wanted = {"subject": "Value (fileName)", "limit": "1"}
    expect_shape_problems(register(sandbox, fileName=""), ("requests.shape.min-length", wanted))


@clause("assets.create.folder-not-found", "requests.id.invalid")
def test_a_folder_that_is_not_there(sandbox: Sandbox) -> None:
    name = f"{sandbox.slug()}.png"
    expect_refusal(register(sandbox, fileName=name, parentFolder=ABSENT_ID), "assets.create.folder-not-found")
    expect_refusal(register(sandbox, fileName=name, parentFolder="nothing"), "requests.id.invalid")
    assert name not in [asset["originalFileName"] for asset in list_site_assets(sandbox)]


@clause("sites.not-found")
def test_an_asset_of_a_site_that_is_not_there(sandbox: Sandbox) -> None:
    body = {"fileName": "a.png", "fileHash": "0" * 32}
    expect_refusal(sandbox.call("POST", f"/sites/{ABSENT_ID}/assets", json=body), "sites.not-found")


@clause("assets.content-type", "upload.details.fields")
@pytest.mark.parametrize(
    ("extension", "content_type"),
    [
        ("png", "image/png"),
        ("JPG", "image/jpeg"),
        ("jpeg", "image/jpeg"),
        ("svg", "image/svg+xml"),
        ("webp", "image/webp"),
        ("pdf", "application/pdf"),
        ("css", "text/css"),
        ("js", "application/javascript"),
        ("csv", "text/csv"),
        ("nothing-known", "application/octet-stream"),
    ],
)
def test_the_content_type_follows_the_extension(sandbox: Sandbox, extension: str, content_type: str) -> None:
    made = register(sandbox, fileName=f"{sandbox.slug()}.{extension}").json()
    if (made["contentType"], made["uploadDetails"]["content-type"]) != (content_type, content_type):
        raise ClauseDiffers("assets.content-type", content_type, made["contentType"])


@clause("assets.not-found")
def test_an_asset_that_is_not_there(sandbox: Sandbox) -> None:
    expect_refusal(sandbox.call("GET", f"/assets/{ABSENT_ID}"), "assets.not-found")
    expect_refusal(sandbox.call("PATCH", f"/assets/{ABSENT_ID}", json={"altText": "x"}), "assets.not-found")
    expect_refusal(sandbox.call("DELETE", f"/assets/{ABSENT_ID}"), "assets.not-found")


@clause("assets.not-found")
def test_a_file_of_a_field_is_no_asset(sandbox: Sandbox) -> None:
    item = sandbox.new_item(image={"url": sandbox.assets.picture["assetUrl"]})
    expect_refusal(sandbox.call("GET", f"/assets/{item['fieldData']['image']['fileId']}"), "assets.not-found")


@clause("assets.update.alt-text")
def test_names_and_alt_texts_change(sandbox: Sandbox) -> None:
    made = sandbox.assets.changing_picture
    before = sandbox.client.assets.get(made["id"])
    changed = sandbox.client.assets.update(made["id"], display_name="Another name.png", alt_text="A pixel")
    expected = {
        **before,
        "displayName": "Another name.png",
        "altText": "A pixel",
        "lastUpdated": changed["lastUpdated"],
    }
    assert changed == expected == sandbox.client.assets.get(made["id"])
    assert changed["lastUpdated"] > before["lastUpdated"]
    renamed = sandbox.client.assets.update(made["id"], display_name="A third.png")
    assert (renamed["displayName"], renamed["altText"]) == ("A third.png", "A pixel")


@clause("assets.update.alt-text")
def test_null_clears_the_alt_text(sandbox: Sandbox) -> None:
    made = sandbox.assets.changing_picture
    alone = expect_json(sandbox.call("PATCH", f"/assets/{made['id']}", json={"altText": "A pixel"}))
    assert alone["altText"] == "A pixel"
    cleared = expect_json(sandbox.call("PATCH", f"/assets/{made['id']}", json={"altText": None}))
    assert cleared["altText"] is None
    assert sandbox.client.assets.get(made["id"])["altText"] is None


@clause("assets.update.locale")
@pytest.mark.parametrize("place", ["query", "body"])
def test_an_alt_text_of_another_locale(sandbox: Sandbox, place: str) -> None:
    made = sandbox.assets.upload(PNG)
    locale = sandbox.secondary_locale()["id"]
    sandbox.client.assets.update(made["id"], alt_text="A pixel")
    assert sandbox.client.assets.get(made["id"], locale_id=locale)["altText"] == "A pixel"
    body = {"altText": "Ein Pixel", "displayName": "the same.png"}
    if place == "body":
        answer = sandbox.call("PATCH", f"/assets/{made['id']}", json={**body, "localeId": locale})
    else:
        answer = sandbox.call("PATCH", f"/assets/{made['id']}", json=body, query={"localeId": locale})
    assert expect_json(answer)["altText"] == "Ein Pixel"
    there, here = (sandbox.client.assets.get(made["id"], locale_id=name) for name in (locale, None))
    assert (there["altText"], here["altText"]) == ("Ein Pixel", "A pixel")
    assert there["displayName"] == here["displayName"] == "the same.png"


@clause("assets.update.locale")
def test_a_list_in_another_locale_shows_its_alt_texts(sandbox: Sandbox) -> None:
    made, locale = sandbox.assets.upload(PNG), sandbox.secondary_locale()["id"]
    expect_json(sandbox.call("PATCH", f"/assets/{made['id']}", json={"altText": "Ein Pixel", "localeId": locale}))
    by_id = {asset["id"]: asset["altText"] for asset in list_site_assets(sandbox, locale_id=locale)}
    assert by_id[made["id"]] == "Ein Pixel"


@clause("assets.locale-unknown")
def test_a_locale_the_site_does_not_have(sandbox: Sandbox) -> None:
    made = sandbox.assets.picture
    query = {"localeId": ABSENT_ID}
    expect_refusal(sandbox.call("GET", f"/assets/{made['id']}", query=query), "assets.locale-unknown")
    body = {"altText": "x"}
    expect_refusal(sandbox.call("PATCH", f"/assets/{made['id']}", json=body, query=query), "assets.locale-unknown")
    answer = sandbox.call("PATCH", f"/assets/{made['id']}", json={**body, **query})
    expect_refusal(answer, "assets.locale-unknown")
    assert sandbox.client.assets.get(made["id"])["altText"] is None


@clause("assets.update.unknown-keys")
def test_unknown_and_read_only_keys_are_ignored(sandbox: Sandbox) -> None:
    made = sandbox.assets.changing_picture
    before = sandbox.client.assets.get(made["id"])
    body = {
        "id": ABSENT_ID,
        "siteId": ABSENT_ID,
        "createdOn": "2020-01-01T00:00:00.000Z",
        "bogus": 1,
        "altText": "A pixel",
    }
    changed = expect_json(sandbox.call("PATCH", f"/assets/{made['id']}", json=body))
    assert changed == {**before, "altText": "A pixel", "lastUpdated": changed["lastUpdated"]}


@clause("assets.update.unknown-keys", "requests.nothing-to-change")
def test_with_unknown_keys_alone_an_asset_stays_as_it_is(sandbox: Sandbox) -> None:
    made = sandbox.assets.changing_picture
    before = sandbox.client.assets.get(made["id"])
    after = expect_json(sandbox.call("PATCH", f"/assets/{made['id']}", json={"siteId": ABSENT_ID, "bogus": 1}))
    assert after == {**before, "lastUpdated": after["lastUpdated"]}


@clause("assets.delete.answer", "assets.not-found", "files.absent")
def test_a_deleted_asset_is_gone(sandbox: Sandbox) -> None:
    made = sandbox.assets.upload(PNG)
    answer = sandbox.call("DELETE", f"/assets/{made['id']}")
    assert (answer.status_code, answer.content) == (204, b"")
    expect_refusal(sandbox.call("GET", f"/assets/{made['id']}"), "assets.not-found")
    expect_refusal(sandbox.call("DELETE", f"/assets/{made['id']}"), "assets.not-found")
    assert made["id"] not in [asset["id"] for asset in list_site_assets(sandbox)]


@clause("assets.list.order")
@needs(ADVANCE_TIME)
def test_the_order_of_assets(sandbox: Sandbox, target: InProcessTarget, choice: Choices) -> None:
    for _ in range(8):
        target.advance(1)
        sandbox.assets.upload(PNG)
    found = list_site_assets(sandbox)
    assert found == list_site_assets(sandbox)
    ages = [(asset["createdOn"], asset["id"]) for asset in found]
    saw = "oldest-first" if ages == sorted(ages) else "newest-first" if ages == sorted(ages)[::-1] else "no-date-order"
    choice("assets.list.order").record(saw, ages)


@clause("assets.list.folder-id")
def test_a_folder_narrows_the_list_to_what_is_below_it(sandbox: Sandbox) -> None:
    above, below = sandbox.assets.folder, sandbox.assets.inner_folder
    inside = [sandbox.assets.picture_in_folder["id"], sandbox.assets.upload(folder_id=below)["id"]]
    outside = sandbox.assets.picture["id"]
    for folder, expected in ((above, inside), (below, inside[1:])):
        page = sandbox.client.assets.list(sandbox.site_id, folder_id=folder)
        assert set(expected) <= {asset["id"] for asset in page["assets"]}
        assert outside not in {asset["id"] for asset in page["assets"]}
        total = page["pagination"]["total"]
        assert total == len(page["assets"] if total <= 100 else list_site_assets(sandbox, folder_id=folder))
        assert {asset["folderId"] for asset in page["assets"]} <= {above, below}
    assert sandbox.client.assets.list(sandbox.site_id, folder_id=ABSENT_ID)["assets"] == []


@clause("assets.list.folder-id")
def test_a_listed_asset_names_its_folder(sandbox: Sandbox) -> None:
    above, below = sandbox.assets.folder, sandbox.assets.inner_folder
    inside = [sandbox.assets.picture_in_folder["id"], sandbox.assets.upload(folder_id=below)["id"]]
    outside = sandbox.assets.picture["id"]
    by_id = {asset["id"]: asset for asset in list_site_assets(sandbox)}
    assert [by_id[asset_id]["folderId"] for asset_id in (*inside, outside)] == [above, below, None]
    expect_keys(by_id[outside], [*ASSET, "folderId"], "assets.list.folder-id")


@clause("assets.upload.size-limit")
@pytest.mark.parametrize(("extension", "by_type"), [("png", 4 * 1024 * 1024), ("pdf", 10 * 1024 * 1024)])
def test_how_many_bytes_the_policy_allows(sandbox: Sandbox, choice: Choices, extension: str, by_type: int) -> None:
    conditions = sandbox.assets.parse_policy(register(sandbox, fileName=f"{sandbox.slug()}.{extension}").json())[
        "conditions"
    ]
    ranges = [found for found in conditions if isinstance(found, list) and found[0] == "content-length-range"]
    saw = "none" if not ranges else None
    if len(ranges) == 1:
        saw = {31_457_280: "policy", by_type: "by-type"}.get(ranges[0][2])
    choice("assets.upload.size-limit").record(saw, ranges)


@clause("assets.upload.checks-md5", "upload.registered-md5")
def test_whether_an_upload_is_held_against_the_registered_md5(sandbox: Sandbox, choice: Choices) -> None:
    with sandbox.assets.asset_without_bytes() as made:
        answer = sandbox.assets.post_form(made, data=sandbox.assets.new_bytes())
    saw = {201: "no"}.get(answer.status_code)
    if answer.status_code == 400 and "<Code>BadDigest</Code>" in answer.text:
        saw = "yes"
    choice("assets.upload.checks-md5").record(saw, answer)


@clause("upload.registered-md5")
@needs(OTHER_PROFILE)
def test_where_it_is_the_bytes_have_to_have_it(sandbox: Sandbox, target: InProcessTarget) -> None:
    with target.override_choices({"assets.upload.checks-md5": "yes", "assets.create.hash-format": "any-string"}):
        wrong = sandbox.assets.post_form(sandbox.assets.register(), data=sandbox.assets.new_bytes())
        right = sandbox.assets.post_form(sandbox.assets.register())
        made = register(sandbox, fileHash=f"junk {sandbox.slug()}").json()
        junk = sandbox.assets.post_form(made, data=PNG)
    assert (wrong.status_code, right.status_code, junk.status_code) == (400, 201, 201)
    assert "<Code>BadDigest</Code>" in wrong.text


# Folders


@clause("asset-folders.object", "asset-folders.list")
def test_folders_are_listed_with_pages(sandbox: Sandbox) -> None:
    asset, inner = sandbox.assets.picture_in_folder["id"], sandbox.assets.inner_folder
    page = expect_json(sandbox.call("GET", f"/sites/{sandbox.site_id}/asset_folders"))
    expect_keys(page, ["assetFolders", "pagination"], "asset-folders.list")
    by_id = {folder["id"]: folder for folder in page["assetFolders"]}
    assert page["pagination"] == {"limit": page["pagination"]["limit"], "offset": 0, "total": len(by_id)}
    above, below = by_id[sandbox.assets.folder], by_id[inner]
    for folder in (above, below):
        expect_keys(folder, FOLDER_KEYS, "asset-folders.object")
        assert folder["siteId"] == sandbox.site_id
        assert sandbox.client.asset_folders.get(folder["id"]) == folder
    assert (above["displayName"], above["parentFolder"]) == (SHARED_FOLDER_NAME, None)
    assert below["parentFolder"] == above["id"]
    assert asset in above["assets"]
    assert asset not in below["assets"]


@clause("asset-folders.list.page-size")
def test_how_many_folders_a_page_has(sandbox: Sandbox, choice: Choices) -> None:
    assert sandbox.assets.folder
    page = expect_json(sandbox.call("GET", f"/sites/{sandbox.site_id}/asset_folders"))
    saw = {25: "25", 100: "100"}.get(page["pagination"]["limit"])
    choice("asset-folders.list.page-size").record(saw, page["pagination"])


@clause("asset-folders.name-scope")
@needs(ADVANCE_TIME)
def test_where_the_name_of_a_folder_is_unique(sandbox: Sandbox, target: InProcessTarget, choice: Choices) -> None:
    path, name = f"/sites/{sandbox.site_id}/asset_folders", sandbox.name()
    with target.preserve_state():
        bodies: list[dict[str, Any]] = [
            {"displayName": name},
            {"displayName": name, "parentFolder": sandbox.assets.folder},
        ]
        expect_json(sandbox.call("POST", path, json=bodies[0]))
        expect_refusal(sandbox.call("POST", path, json=bodies[0]), "asset-folders.duplicate", name=name)
        elsewhere = sandbox.call("POST", path, json=bodies[1])
        expect_refusal(sandbox.call("POST", path, json=bodies[1]), "asset-folders.duplicate", name=name)
    taken = is_refused(elsewhere, "asset-folders.duplicate", name=name)
    saw = "site" if taken else "parent" if elsewhere.status_code == 200 else None
    choice("asset-folders.name-scope").record(saw, elsewhere)


@clause("assets.list.locale-id")
def test_which_locales_the_list_of_assets_takes(sandbox: Sandbox, choice: Choices) -> None:
    assert sandbox.assets.picture
    primary = (sandbox.site["locales"] or {"primary": {"id": ABSENT_ID}})["primary"]["id"]
    answers = [
        sandbox.call("GET", f"/sites/{sandbox.site_id}/assets", query={"localeId": name})
        for name in (primary, ABSENT_ID)
    ]
    saw = None
    if all(is_refused(answer, "assets.list.locale-id") for answer in answers):
        saw = "secondary-only"
    elif answers[0].status_code == 200 and is_refused(answers[1], "assets.locale-unknown"):
        saw = "lenient"
    choice("assets.list.locale-id").record(saw, answers[0])


@clause("asset-folders.create", "asset-folders.object")
@needs(ADVANCE_TIME)
def test_a_folder_is_answered_as_it_is(sandbox: Sandbox, target: InProcessTarget) -> None:
    # Folders cannot be deleted, so this is done only where it can be undone.
    outer, name = sandbox.assets.folder, sandbox.name()
    with target.preserve_state():
        made = expect_json(
            sandbox.call(
                "POST",
                f"/sites/{sandbox.site_id}/asset_folders",
                json={"displayName": name, "parentFolder": outer},
            )
        )
        expect_keys(made, FOLDER_KEYS, "asset-folders.object")
        assert (made["displayName"], made["parentFolder"], made["assets"]) == (name, outer, [])
        assert re.fullmatch(OBJECT_ID, made["id"])
        assert sandbox.client.asset_folders.get(made["id"]) == made


@clause("asset-folders.duplicate")
def test_folder_names_are_unique(sandbox: Sandbox) -> None:
    assert sandbox.assets.folder
    answer = sandbox.call("POST", f"/sites/{sandbox.site_id}/asset_folders", json={"displayName": SHARED_FOLDER_NAME})
    expect_refusal(answer, "asset-folders.duplicate", name=SHARED_FOLDER_NAME)


@clause("asset-folders.not-found")
def test_a_folder_that_is_nowhere(sandbox: Sandbox) -> None:
    expect_refusal(sandbox.call("GET", f"/asset_folders/{ABSENT_ID}"), "asset-folders.not-found")
    body = {"displayName": sandbox.name(), "parentFolder": ABSENT_ID}
    expect_refusal(
        sandbox.call("POST", f"/sites/{sandbox.site_id}/asset_folders", json=body), "asset-folders.not-found"
    )
