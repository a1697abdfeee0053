"""Whatever is sent, a refusal is a 4xx in Webflow's form that names its clause, and the world is what it was."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import quote

import pytest
from refusals import check_refusal, refuse
from worlds import (
    AUTHORS_ID,
    DE,
    EN,
    POSTS_ID,
    SITE_ID,
    ask,
    clauses_of,
    json_of,
    ok,
)

from fake_webflow.api.pipeline import LARGEST_BODY

ITEMS = f"/collections/{POSTS_ID}/items"
ASSETS = f"/sites/{SITE_ID}/assets"
UNKNOWN = "99" * 12


@pytest.mark.clause("requests.malformed-json")
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" ",
        b"{",
        b"{]",
        b"nul",
        b"{'name': 1}",
        b'{"a": NaN}',
        b'{"a": Infinity}',
        b'{"a": 1e400}',
        b'"\xff"',
        b'{"fieldData": {"name": "\\ud800"}}',
        b'{"a": 01}',
        b"\xef\xbb\xbf{}",
        b"[" * 10_000,
        b'{"a":' * 10_000,
        b"[" * 10_000 + b"]" * 10_000,
        b"\0",
        '{"a": 1}'.encode("utf-16"),
        b'{"a": "\n"}',
    ],
    ids=lambda body: repr(body[:20]),
)
def test_bodies_that_are_no_json(asked, body):
    for method, path in (
        ("POST", ITEMS),
        ("PATCH", ITEMS),
        ("DELETE", ITEMS),
        ("POST", ASSETS),
        ("POST", f"/sites/{SITE_ID}/publish"),
    ):
        refused = refuse(asked, method, path, body=body)
        assert refused["message"] == "Bad Request: Request is malformed"


@pytest.mark.clause("requests.shape.invalid", "requests.shape.type")
@pytest.mark.parametrize("body", [None, [], [{}], 1, "text", True, 1.5, {}])
def test_bodies_of_another_shape(asked, body):
    sent = json.dumps(body).encode()
    for method, path in (
        ("POST", ITEMS),
        ("POST", f"{ITEMS}/bulk"),
        ("POST", f"{ITEMS}/publish"),
        ("PATCH", f"{ITEMS}/live"),
        ("DELETE", ITEMS),
        ("POST", ASSETS),
    ):
        assert refuse(asked, method, path, body=sent)["message"].startswith('Validation Error: ["')


@pytest.mark.clause("requests.content-type")
@pytest.mark.parametrize(
    "type_", ["", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "application/jsonx"]
)
def test_bodies_of_another_type(asked, type_):
    options = {"body": b'{"fieldData": {"name": "One"}}', "headers": {"content-type": type_}}
    refuse(asked, "POST", ITEMS, **options)
    for good in ("application/json", "Application/JSON ; charset=utf-8"):
        assert ask(asked, "POST", ITEMS, **{**options, "headers": {"content-type": good}}).status == 202


@pytest.mark.clause("requests.body-too-large")
def test_a_huge_body(asked):
    body = b'{"fieldData": {"name": "One", "plaintext": "' + b"x" * (LARGEST_BODY - 46) + b'"}}'
    assert len(body) == LARGEST_BODY + 1
    refuse(asked, "POST", ITEMS, body=body, status=413)
    refuse(asked, "POST", ITEMS, body=b"[" * (LARGEST_BODY + 1), status=413)
    assert ask(asked, "POST", ITEMS, body=body.replace(b"xx", b"x", 1)).status == 202


def nested(depth: int) -> Any:
    value: Any = "x"
    for number in range(depth):
        value = [value] if number % 2 else {"url": value}
    return value


@pytest.mark.clause("field-data.text-suffix", "field-data.invalid")
@pytest.mark.parametrize("depth", [3, 190])
def test_deep_values_in_field_data(asked, depth):
    fields = [found.slug for found in asked.state.world.collections[POSTS_ID].fields]
    texts = b"[" * depth + b"]" * depth
    for slug in fields:
        body = b'{"fieldData": {"name": "One", "%b": %b}}' % (slug.encode(), texts)
        refuse(asked, "POST", ITEMS, body=body)
    metadata = b'{"a":' * depth + b"1" + b"}" * depth
    body = b'{"fieldData": {"name": "One", "videolink": {"url": "https://a.b", "metadata": %b}}}' % metadata
    assert ask(asked, "POST", ITEMS, body=body).status == 202


@pytest.mark.clause("field-data.text.nul")
def test_nul_bytes(asked):
    for slug in ("name", "plaintext", "richtext", "slug"):
        data = {"name": "One", slug: "a\0b"}
        assert "\\x00" in refuse(asked, "POST", ITEMS, json_body={"fieldData": data})["details"][0]["description"]
    refuse(asked, "POST", ASSETS, json_body={"fileName": "a\0.png", "fileHash": "x"})
    assert json_of(ask(asked, "GET", ITEMS, query="name=%00&slug=%00"))["items"] == []


@pytest.mark.clause("requests.id.invalid")
@pytest.mark.parametrize(
    "bad",
    [
        "x",
        "0" * 23,
        "0" * 25,
        "g" * 24,
        "\0" * 24,
        "é" * 24,
        "0" * 24 + "\n",
        "٣" * 24,
        " " + "0" * 23,
        "../sites",
        "0" * 5000,
    ],
)
def test_ids_that_are_none(asked, bad):
    name = bad.replace("/", "-")
    for method, path, body in (
        ("GET", f"/sites/{name}", None),
        ("GET", f"/collections/{name}", None),
        ("GET", f"{ITEMS}/{name}", None),
        ("GET", f"{ITEMS}/{name}/live", None),
        ("DELETE", f"{ITEMS}/{name}", None),
        ("GET", f"/assets/{name}", None),
        ("GET", f"/asset_folders/{name}", None),
        ("PATCH", f"{ITEMS}/{name}", {"isDraft": True}),
        ("PATCH", ITEMS, {"items": [{"id": bad, "isDraft": True}]}),
        ("PATCH", ITEMS, {"items": [{"id": UNKNOWN, "cmsLocaleId": bad, "isDraft": True}]}),
        ("DELETE", ITEMS, {"items": [{"id": bad}]}),
        ("DELETE", f"{ITEMS}/live", {"items": [{"id": UNKNOWN, "cmsLocaleIds": [bad]}]}),
        ("POST", ITEMS, {"cmsLocaleId": bad, "fieldData": {"name": "x"}}),
        ("POST", f"{ITEMS}/bulk", {"cmsLocaleIds": [EN, bad], "fieldData": {"name": "x"}}),
        ("POST", f"{ITEMS}/insert", {"items": [{"id": bad, "fieldData": {"name": "x"}}]}),
        ("POST", f"{ITEMS}/publish", {"itemIds": [bad]}),
        ("POST", f"{ITEMS}/publish", {"items": [{"id": UNKNOWN, "cmsLocaleIds": [bad]}]}),
        ("POST", ASSETS, {"fileName": "a.png", "fileHash": "x", "parentFolder": bad}),
    ):
        assert refuse(asked, method, path, json_body=body)["message"] == "Validation Error: Provided ID is invalid"
    for path in (ITEMS, f"{ASSETS}"):
        query = f"cmsLocaleId={quote(bad)}" if path == ITEMS else f"folderId={quote(bad)}"
        if bad.strip() == bad:
            refuse(asked, "GET", path, query=query)


@pytest.mark.clause(
    "sites.not-found",
    "collections.not-found",
    "items.not-found",
    "items.not-live",
    "assets.not-found",
    "items.locale.unknown",
    "asset-folders.not-found",
    "collections.field.not-found",
    "assets.create.folder-not-found",
    "assets.locale-unknown",
)
def test_ids_of_nothing(asked):
    (staged,) = asked.state.world.collections[POSTS_ID].staged.find_by_slug("staged")
    for method, path, body, name in (
        ("GET", f"/sites/{UNKNOWN}", None, "sites.not-found"),
        ("POST", f"/sites/{UNKNOWN}/assets", {"fileName": "a", "fileHash": "b"}, "sites.not-found"),
        ("GET", f"/collections/{UNKNOWN}", None, "collections.not-found"),
        ("POST", f"/collections/{UNKNOWN}/items", {"fieldData": {"name": "x"}}, "collections.not-found"),
        ("GET", f"{ITEMS}/{UNKNOWN}", None, "items.not-found"),
        ("GET", f"{ITEMS}/{staged.id}/live", None, "items.not-live"),
        ("GET", f"/collections/{AUTHORS_ID}/items/{staged.id}", None, "items.not-found"),
        ("PATCH", f"{ITEMS}/{UNKNOWN}", {"isDraft": True}, "items.not-found"),
        ("PATCH", f"{ITEMS}/{staged.id}", {"isDraft": True, "cmsLocaleId": DE}, "items.not-found"),
        (
            "PATCH",
            ITEMS,
            {"items": [{"id": staged.id, "isDraft": True}, {"id": UNKNOWN, "isDraft": True}]},
            "items.not-found",
        ),
        ("DELETE", ITEMS, {"items": [{"id": staged.id}, {"id": UNKNOWN}]}, "items.not-found"),
        ("DELETE", f"{ITEMS}/{UNKNOWN}", None, "items.not-found"),
        ("DELETE", f"{ITEMS}/{staged.id}/live", None, "items.not-live"),
        ("POST", ITEMS, {"cmsLocaleId": UNKNOWN, "fieldData": {"name": "x"}}, "items.locale.unknown"),
        ("GET", f"/assets/{UNKNOWN}", None, "assets.not-found"),
        ("PATCH", f"/assets/{UNKNOWN}", {"altText": "x"}, "assets.not-found"),
        ("DELETE", f"/assets/{UNKNOWN}", None, "assets.not-found"),
        ("GET", f"/asset_folders/{UNKNOWN}", None, "asset-folders.not-found"),
        (
            "POST",
            f"/sites/{SITE_ID}/asset_folders",
            {"displayName": "x", "parentFolder": UNKNOWN},
            "asset-folders.not-found",
        ),
        ("POST", ASSETS, {"fileName": "a", "fileHash": "b", "parentFolder": UNKNOWN}, "assets.create.folder-not-found"),
        ("DELETE", f"/collections/{POSTS_ID}/fields/{UNKNOWN}", None, "collections.field.not-found"),
        ("PATCH", f"/collections/{POSTS_ID}/fields/{'0' * 32}", {"displayName": "x"}, "collections.field.not-found"),
    ):
        before = asked.state.world
        response = ask(asked, method, path, body)
        check_refusal(response, 404)
        assert clauses_of(response)[0] == name, (method, path)
        assert asked.state.world == before
    assert refuse(asked, "GET", f"{ASSETS}", query=f"localeId={UNKNOWN}", status=404)


@pytest.mark.clause("lists.limit.pattern", "lists.offset.pattern", "lists.offset.too-large", "requests.query.repeated")
@pytest.mark.parametrize("path", [ITEMS, f"{ITEMS}/live", ASSETS, f"/sites/{SITE_ID}/asset_folders"])
def test_pages_out_of_range(asked, path):
    for query in (
        "limit=0",
        "limit=-1",
        "limit=abc",
        "limit=2.5",
        "limit=%00",
        "limit=01",
        "limit=%D9%A3",
        "limit=1%0A",
        "offset=-1",
        "offset=x",
        "offset=1e3",
        "limit=1&limit=2",
        "offset=0&offset=0",
        f"offset={2**53}",
        "offset=" + "9" * 5000,
    ):
        refuse(asked, "GET", path, query=query)
    for query in (
        "limit=1",
        "limit=100",
        "limit=101",
        "limit=" + "9" * 5000,
        "offset=0",
        "offset=" + "0" * 5000,
        f"offset={2**53 - 1}",
    ):
        page = json_of(ask(asked, "GET", path, query=query))["pagination"]
        assert page["limit"] == (1 if query == "limit=1" else 100)
        assert page["offset"] == (2**53 - 1 if query.endswith("1") and query.startswith("offset") else 0)


@pytest.mark.clause("lists.date.format", "requests.shape.enum", "requests.query.repeated")
@pytest.mark.parametrize(
    "query",
    [
        "createdOn[gte]=x",
        "lastUpdated[gt]=2024-13-01",
        "lastPublished[lte]=%00",
        "createdOn[gte]=0",
        "createdOn[gte]=10000-01-01",
        "sortBy=id",
        "sortOrder=up&sortBy=name",
        "sortOrder=ASC",
        "name=a&name=a",
        "sortBy=name&sortBy=name",
        "cmsLocaleId=a&cmsLocaleId=b",
        "createdOn[gte]=2024-01-01&createdOn[gte]=2024-01-01",
    ],
)
def test_filters_that_are_none(asked, query):
    refuse(asked, "GET", ITEMS, query=query)


@pytest.mark.clause("items.list.dates")
@pytest.mark.parametrize(
    "bound", ["0001-01-01T00:00:00%2B14:00", "9999-12-31T23:59:59-14:00", "2024-01-01", "2024-W01-1"]
)
def test_dates_at_the_edge_are_answered(asked, bound):
    for comparison in ("gte", "lt"):
        assert ask(asked, "GET", ITEMS, query=f"createdOn[{comparison}]={bound}").status == 200


@pytest.mark.clause("items.create-bulk.hundred", "requests.shape.max-items", "requests.shape.min-items")
def test_a_hundred_and_one(asked):
    many = [{"name": f"Item {number}"} for number in range(101)]
    ids = [f"{number:024x}" for number in range(101)]
    for method, path, body in (
        ("POST", ITEMS, {"items": [{"fieldData": data} for data in many]}),
        ("POST", f"{ITEMS}/live", {"items": [{"fieldData": data} for data in many]}),
        ("POST", f"{ITEMS}/bulk", {"fieldData": many}),
        ("POST", f"{ITEMS}/bulk", {"fieldData": many[:51], "cmsLocaleIds": [EN, DE]}),
        ("POST", f"{ITEMS}/insert", {"items": [{"fieldData": data, "cmsLocaleIds": [EN, DE]} for data in many[:51]]}),
        ("PATCH", ITEMS, {"items": [{"id": item_id, "isDraft": True} for item_id in ids]}),
        ("PATCH", f"{ITEMS}/live", {"items": [{"id": item_id, "isDraft": True} for item_id in ids]}),
        ("DELETE", ITEMS, {"items": [{"id": item_id} for item_id in ids]}),
        ("DELETE", f"{ITEMS}/live", {"items": [{"id": item_id} for item_id in ids]}),
        ("POST", f"{ITEMS}/publish", {"itemIds": ids}),
        ("POST", f"{ITEMS}/publish", {"items": [{"id": item_id} for item_id in ids]}),
    ):
        assert "more than 100 items" in refuse(asked, method, path, json_body=body)["message"], path
    assert (
        len(ok(ask(asked, "POST", f"{ITEMS}/bulk", {"fieldData": many[:50], "cmsLocaleIds": [EN, DE]}))["items"]) == 100
    )


def test_empty_lists_change_nothing(asked):
    before = asked.state.world
    for method, path, body in (
        ("POST", ITEMS, {"items": []}),
        ("POST", f"{ITEMS}/bulk", {"fieldData": []}),
        ("POST", f"{ITEMS}/insert", {"items": []}),
        ("PATCH", ITEMS, {"items": []}),
        ("PATCH", f"{ITEMS}/live", {"items": []}),
        ("DELETE", ITEMS, {"items": []}),
        ("POST", f"{ITEMS}/publish", {"itemIds": []}),
        ("POST", f"{ITEMS}/publish", {"items": []}),
    ):
        response = ask(asked, method, path, body)
        assert response.status < 300 or check_refusal(response), path
        assert asked.state.world == before


@pytest.mark.clause("items.slug.unique", "items.bulk.atomic", "field-data.unknown-field", "field-data.invalid")
def test_bad_field_data_changes_nothing(asked):
    (live,) = asked.state.world.collections[POSTS_ID].live
    twice = [{"name": "One", "slug": "x"}, {"name": "Two", "slug": "x"}]
    for method, path, body, param in (
        ("POST", f"{ITEMS}/bulk", {"fieldData": twice}, "slug"),
        ("POST", f"{ITEMS}/bulk", {"fieldData": [{"name": "One"}, {"name": "Two", "slug": "live"}]}, "slug"),
        ("POST", ITEMS, {"fieldData": {"name": "One", "zz": 1}}, "zz"),
        (
            "POST",
            ITEMS,
            {"items": [{"fieldData": {"name": "One"}}, {"fieldData": {"name": "Two", "number": "2"}}]},
            "number",
        ),
        ("PATCH", f"{ITEMS}/{live.id}", {"fieldData": {"slug": "staged"}}, "slug"),
        ("PATCH", f"{ITEMS}/{live.id}/live", {"fieldData": {"switch": 1}}, "switch"),
        ("PATCH", ITEMS, {"items": [{"id": live.id, "isDraft": True}, {"id": live.id, "fieldData": {"yy": 1}}]}, "yy"),
    ):
        refused = refuse(asked, method, path, json_body=body)
        assert [detail["param"] for detail in refused["details"]] == [param]


@pytest.mark.clause("assets.create.file-name", "assets.create.file-name-length")
@pytest.mark.parametrize("name", ["a/b.png", "..\\a.png", 'a".png', "a\n.png", "a\x7f.png", "", "x" * 100, "/", "\t"])
def test_file_names_that_cannot_be(asked, name):
    refuse(asked, "POST", ASSETS, json_body={"fileName": name, "fileHash": "x"})


@pytest.mark.parametrize(
    "name", ["é 日本 \U0001f600.png", "a'b.png", "..", "a%2Fb.png", "a?b#c.png", "$" + "{filename}.png", "x" * 99]
)
def test_odd_file_names_work(asked, name):
    made = ok(ask(asked, "POST", ASSETS, {"fileName": name, "fileHash": "x"}))
    assert made["originalFileName"] == name
    assert re.fullmatch(r"[!-~]+", made["hostedUrl"])


@pytest.mark.parametrize("name", ["\U0001f600", "\u202e\u200b", "é\u0301", "\ufffe", "\x01\x7f", "a" * 256, "日" * 256])
def test_odd_texts_are_kept(asked, name):
    item = ok(ask(asked, "POST", ITEMS, {"fieldData": {"name": name, "plaintext": name}}))
    assert ok(ask(asked, "GET", f"{ITEMS}/{item['id']}"))["fieldData"]["name"] == name
    found = ok(ask(asked, "GET", ITEMS, query=f"name={quote(name)}"))
    assert [one["id"] for one in found["items"]] == [item["id"]]
