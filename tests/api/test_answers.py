"""What answers look like where nothing is refused: keys, order, forms, statuses."""

from __future__ import annotations

import io

import pytest
from worlds import (
    AUTHORS_ID,
    DE,
    DOMAIN_ID,
    EN,
    FR,
    POSTS_ID,
    SITE_ID,
    WORKSPACE_TOKEN,
    ask,
    clauses_of,
    fake,
    json_of,
    ok,
    site,
    world,
)

from fake_webflow.api.pipeline import answer
from fake_webflow.message import Request
from fake_webflow.rules import Profile, find_clause
from fake_webflow.world.assets import StoredFile

ITEMS = f"/collections/{POSTS_ID}/items"
ASSETS = f"/sites/{SITE_ID}/assets"
FOLDERS = f"/sites/{SITE_ID}/asset_folders"
GERMAN = "e2" * 12


@pytest.fixture
def asked():
    return fake()


def create(asked, *names: str, **more) -> list[str]:
    rows = [{"fieldData": {"name": name}, **more} for name in names]
    return [item["id"] for item in ok(ask(asked, "POST", ITEMS, {"items": rows}))["items"]]


@pytest.mark.clause("sites.object.keys", "sites.list.no-pages", "sites.custom-domains")
def test_sites(asked):
    found = ok(ask(asked, "GET", f"/sites/{SITE_ID}"))
    assert list(found) == [
        "id",
        "workspaceId",
        "displayName",
        "shortName",
        "previewUrl",
        "timeZone",
        "createdOn",
        "lastUpdated",
        "lastPublished",
        "parentFolderId",
        "customDomains",
        "locales",
    ]
    assert found["locales"]["primary"]["cmsLocaleId"] == EN
    assert [locale["tag"] for locale in found["locales"]["secondary"]] == ["de", "fr"]
    for query in ("", "limit=1", "offset=5", "limit=x"):
        listed = ok(ask(asked, "GET", "/sites", query=query))
        assert list(listed) == ["sites"]
        assert listed["sites"][0] == found
    domains = [{"id": DOMAIN_ID, "url": "example.com", "lastPublished": None}]
    assert ok(ask(asked, "GET", f"/sites/{SITE_ID}/custom_domains")) == {"customDomains": domains}
    plain = fake(world().with_site(site(localized=False, last_published=None)))
    found = ok(ask(plain, "GET", f"/sites/{SITE_ID}"))
    assert (found["locales"], found["lastPublished"]) == (None, None)


@pytest.mark.clause(
    "collections.list.summaries",
    "collections.field.keys",
    "collections.name-and-slug",
    "collections.field.delete.answer",
)
def test_collections_and_fields(asked):
    listed = ok(ask(asked, "GET", f"/sites/{SITE_ID}/collections"))
    summary = ["id", "displayName", "singularName", "slug", "createdOn", "lastUpdated"]
    assert list(listed) == ["collections"]
    assert [list(found) for found in listed["collections"]] == [summary, summary]
    found = ok(ask(asked, "GET", f"/collections/{AUTHORS_ID}"))
    assert list(found) == [*summary, "fields"]
    assert {tuple(field) for field in found["fields"]} == {
        ("id", "isEditable", "isRequired", "type", "slug", "displayName", "helpText", "validations")
    }
    assert found["fields"][0]["validations"] == {"maxLength": 256}
    assert found["fields"][1]["validations"]["pattern"] == {}
    fields = f"/collections/{AUTHORS_ID}/fields"
    made = ask(asked, "POST", fields, {"type": "PlainText", "displayName": "Motto", "helpText": "short"})
    assert (made.status, json_of(made)["helpText"], json_of(made)["validations"]) == (200, "short", None)
    changed = ask(asked, "PATCH", f"{fields}/{json_of(made)['id']}", {"displayName": "Maxim"})
    assert (changed.status, json_of(changed)["slug"]) == (200, "motto")
    assert ask(asked, "DELETE", f"{fields}/{json_of(made)['id']}").status == 204
    assert ok(ask(asked, "GET", f"/collections/{AUTHORS_ID}"))["fields"] == found["fields"]


@pytest.mark.clause("items.create.answer", "items.create.unlinked", "items.insert.answer", "items.create.is-draft")
def test_a_create_answers_in_the_form_of_its_body(asked):
    for path in (ITEMS, f"{ITEMS}/live"):
        one = ask(asked, "POST", path, {"fieldData": {"name": "x"}, "cmsLocaleId": DE})
        assert (one.status, json_of(one)["cmsLocaleId"]) == (202, DE)
        several = ask(asked, "POST", path, {"items": [{"fieldData": {"name": "x"}}]})
        assert (several.status, list(json_of(several))) == (202, ["items"])
    sent = {"items": [{"fieldData": {"name": "x"}, "cmsLocaleIds": [EN, DE]}]}
    inserted = ok(ask(asked, "POST", f"{ITEMS}/insert", sent))["items"]
    assert [item["cmsLocaleId"] for item in inserted] == [EN, DE]
    assert len({item["id"] for item in inserted}) == 1
    single = [{"fieldData": {"name": "x"}, "cmsLocaleId": locale} for locale in (EN, DE)]
    unlinked = ok(ask(asked, "POST", ITEMS, {"items": single}))["items"]
    assert [item["cmsLocaleId"] for item in unlinked] == [EN, DE]
    assert len({item["id"] for item in unlinked}) == 2
    assert inserted[0]["isDraft"]


@pytest.mark.clause("items.update.read-only-keys", "requests.nothing-to-change")
def test_updates_ignore_what_only_the_server_sets(asked):
    (item,) = create(asked, "One")
    before = ok(ask(asked, "GET", f"{ITEMS}/{item}"))
    sent = {
        **before,
        "createdOn": None,
        "lastPublished": 1,
        "unknown": [],
        "fieldData": {"name": "Two"},
        "isDraft": False,
    }
    after = ok(ask(asked, "PATCH", f"{ITEMS}/{item}", sent))
    assert after == {
        **before,
        "fieldData": {"name": "Two", "slug": "one"},
        "isDraft": False,
        "lastUpdated": after["lastUpdated"],
    }
    for body in ({}, {"cmsLocaleId": EN}, {"lastUpdated": "x"}, {"id": item}):
        for method, path, sent in (
            ("PATCH", f"{ITEMS}/{item}", body),
            ("PATCH", f"{ITEMS}/{item}/live", body),
            ("PATCH", ITEMS, {"items": [{**body, "id": item}]}),
        ):
            response = ask(asked, method, path, sent)
            assert (response.status, clauses_of(response)) == (400, ["requests.nothing-to-change"])


@pytest.mark.clause("lists.page.default", "lists.pagination", "items.locale.default")
def test_a_page_holds_a_hundred_by_default(asked):
    for start in range(0, 150, 50):
        create(asked, *(f"Item {number}" for number in range(start, start + 50)))
    page = ok(ask(asked, "GET", ITEMS))
    assert list(page) == ["items", "pagination"]
    assert list(page["pagination"].items()) == [("limit", 100), ("offset", 0), ("total", 150)]
    assert [item["fieldData"]["name"] for item in page["items"]] == [f"Item {number}" for number in range(149, 49, -1)]
    assert ok(ask(asked, "GET", ITEMS, query=f"cmsLocaleId={DE}"))["pagination"]["total"] == 0
    assert ok(ask(asked, "GET", ITEMS, query=f"cmsLocaleId={DE},{EN.upper()},{FR}"))["pagination"]["total"] == 150


@pytest.mark.clause("publishing.items.answer", "publishing.site.answer", "publishing.site.nowhere")
def test_publishing(asked):
    one, two = create(asked, "One", "Two")
    answered = ask(asked, "POST", f"{ITEMS}/publish", {"itemIds": [two, one, two]})
    assert (answered.status, json_of(answered)) == (202, {"publishedItemIds": [two, one], "errors": []})
    path = f"/sites/{SITE_ID}/publish"
    answered = ask(asked, "POST", path, {"customDomains": [DOMAIN_ID], "publishToWebflowSubdomain": False})
    assert answered.status == 202
    assert list(json_of(answered)) == ["customDomains", "publishToWebflowSubdomain", "publishScope"]
    assert [domain["id"] for domain in json_of(answered)["customDomains"]] == [DOMAIN_ID]
    for body in (
        {"customDomains": []},
        {"publishToWebflowSubdomain": False},
        {"customDomains": [], "publishToWebflowSubdomain": False},
    ):
        assert clauses_of(ask(asked, "POST", path, body)) == ["publishing.site.nowhere"]


@pytest.mark.clause("errors.details", "errors.envelope")
def test_each_bad_field_has_its_entry(asked):
    response = ask(
        asked, "POST", ITEMS, {"fieldData": {"name": "x", "zz": 1, "number": "1", "switch": None, "email": 3}}
    )
    assert json_of(response)["details"] == [
        {"param": "zz", "description": "Field not described in schema: undefined"},
        {"param": "number", "description": "Expected value to be a number: '1'"},
        {"param": "email", "description": "Expected value to be an email: 3"},
    ]


@pytest.mark.clause("errors.internal")
def test_the_one_failure_that_is_webflows_own(asked):
    response = ask(asked, "GET", "/token/introspect", token=WORKSPACE_TOKEN)
    assert clauses_of(response)[0] == "errors.internal"
    assert json_of(response)["message"] == "An Internal Error Occurred"
    assert Profile().token_introspect_site_token == "error-500"
    assert find_clause("errors.internal").refuses is not None


@pytest.mark.clause("assets.create.key", "assets.content-type", "assets.object", "assets.delete.answer")
def test_assets(asked):
    made = ok(ask(asked, "POST", ASSETS, {"fileName": "a b.PNG", "fileHash": "x"}))
    assert list(made) == [
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
    assert made["uploadDetails"]["key"] == f"{SITE_ID}/{made['id']}_a b.PNG"
    assert made["contentType"] == made["uploadDetails"]["content-type"] == "image/png"
    assert made["hostedUrl"].endswith(f"/{SITE_ID}/{made['id']}_a%20b.PNG")
    found = ok(ask(asked, "GET", f"/assets/{made['id']}"))
    assert list(found) == [
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
    assert (found["variants"], found["altText"], found["displayName"]) == ([], None, f"{made['id']}_a b.PNG")
    unknown = ok(ask(asked, "POST", ASSETS, {"fileName": "what", "fileHash": "y"}))
    assert unknown["contentType"] == "application/octet-stream"
    assert ask(asked, "DELETE", f"/assets/{made['id']}").status == 204
    for method, body in (("GET", None), ("DELETE", None), ("PATCH", {"altText": "x"})):
        assert ask(asked, method, f"/assets/{made['id']}", body).status == 404


@pytest.mark.clause("assets.update.alt-text", "assets.update.locale", "assets.update.unknown-keys")
def test_alternative_texts_by_locale(asked):
    asset = f"/assets/{ok(ask(asked, 'POST', ASSETS, {'fileName': 'a.png', 'fileHash': 'x'}))['id']}"

    def alt(query: str = "") -> object:
        return ok(ask(asked, "GET", asset, query=query))["altText"]

    sent = {"altText": "A cat", "displayName": "Cat", "id": 1, "createdOn": None, "bogus": []}
    changed = ok(ask(asked, "PATCH", asset, sent))
    assert (changed["altText"], changed["displayName"], changed["variants"]) == ("A cat", "Cat", [])
    assert alt(f"localeId={GERMAN}") == "A cat"
    ok(ask(asked, "PATCH", asset, {"altText": "Eine Katze"}, query=f"localeId={GERMAN.upper()}"))
    assert (alt(), alt(f"localeId={GERMAN}"), alt(f"localeId={'E0' * 12}")) == ("A cat", "Eine Katze", "A cat")
    ok(ask(asked, "PATCH", asset, {"altText": "Un chat", "localeId": "e4" * 12, "displayName": "Chat"}))
    assert (alt(f"localeId={'e4' * 12}"), ok(ask(asked, "GET", asset))["displayName"]) == ("Un chat", "Chat")
    ok(ask(asked, "PATCH", asset, {"altText": None}))
    assert (alt(), alt(f"localeId={GERMAN}")) == (None, "Eine Katze")
    assert ok(ask(asked, "PATCH", asset, {"displayName": "Only the name"}))["altText"] is None
    (listed,) = ok(ask(asked, "GET", ASSETS, query=f"localeId={GERMAN}"))["assets"]
    assert listed["altText"] == "Eine Katze"


@pytest.mark.clause(
    "asset-folders.create",
    "asset-folders.object",
    "asset-folders.list",
    "asset-folders.duplicate",
    "assets.list.folder-id",
)
def test_folders(asked):
    top = ok(ask(asked, "POST", FOLDERS, {"displayName": "Top"}))
    inner = ok(ask(asked, "POST", FOLDERS, {"displayName": "Inner", "parentFolder": top["id"]}))
    assert list(top) == ["id", "displayName", "parentFolder", "assets", "siteId", "createdOn", "lastUpdated"]
    assert (top["parentFolder"], inner["parentFolder"]) == (None, top["id"])
    again = ask(asked, "POST", FOLDERS, {"displayName": "Inner"})
    assert (again.status, clauses_of(again)) == (409, ["asset-folders.duplicate"])
    places = {"nowhere": None, "top": top["id"], "inner": inner["id"]}
    ids = {}
    for name, folder in places.items():
        sent = {"fileName": f"{name}.png", "fileHash": name} | ({} if folder is None else {"parentFolder": folder})
        made = ok(ask(asked, "POST", ASSETS, sent))
        assert made["parentFolder"] == folder
        ids[name] = made["id"]
    for folder, names in ((top["id"], {"top", "inner"}), (inner["id"], {"inner"}), ("99" * 12, set())):
        page = ok(ask(asked, "GET", ASSETS, query=f"folderId={folder}"))
        assert {asset["id"] for asset in page["assets"]} == {ids[name] for name in names}
        assert page["pagination"]["total"] == len(names)
    page = ok(ask(asked, "GET", ASSETS))
    assert {asset["id"]: asset["folderId"] for asset in page["assets"]} == {ids[name]: places[name] for name in ids}
    assert "folderId" not in ok(ask(asked, "GET", f"/assets/{ids['top']}"))
    assert ok(ask(asked, "GET", f"/asset_folders/{top['id']}"))["assets"] == [ids["top"]]
    listed = ok(ask(asked, "GET", FOLDERS, query="limit=1&offset=1"))
    assert [folder["id"] for folder in listed["assetFolders"]] == [inner["id"]]
    assert listed["pagination"] == {"limit": 1, "offset": 1, "total": 2}


@pytest.mark.clause("assets.delete.keeps-imports")
def test_what_items_imported_outlives_the_asset(asked):
    made = ok(ask(asked, "POST", ASSETS, {"fileName": "a.png", "fileHash": "x"}))
    file = StoredFile(made["uploadDetails"]["key"], "image/png", "0" * 32, b"png")
    asked.restore(asked.state._replace(world=asked.state.world.with_files([file])))
    item = ok(ask(asked, "POST", ITEMS, {"fieldData": {"name": "One", "image": {"url": made["hostedUrl"]}}}))
    assert ask(asked, "DELETE", f"/assets/{made['id']}").status == 204
    origin, _, path = item["fieldData"]["image"]["url"].removeprefix("https://").partition("/")
    read = Request("GET", f"https://{origin}", f"/{path}", "", {}, io.BytesIO())
    assert answer(asked, read).body == b"png"
    assert ask(asked, "GET", f"/assets/{item['fieldData']['image']['fileId']}").status == 404
    assert answer(asked, read._replace(path=f"/{file.key}")).status == 403
