"""Whatever is sent, a refusal is a 4xx in Webflow's form that names its clause, and the world is what it was."""

from __future__ import annotations

import io
import json
import re
from typing import Any
from urllib.parse import quote

import pytest
from worlds import (
    API,
    AUTHORS_ID,
    DE,
    EN,
    POSTS_ID,
    SITE_ID,
    TOKEN,
    ask,
    clauses_of,
    fake,
    json_of,
    ok,
    request,
)

from fake_webflow.api import Fake
from fake_webflow.api.pipeline import LARGEST_BODY, answer
from fake_webflow.faces.flask_app import create_app
from fake_webflow.message import Response
from fake_webflow.rules import clause

ITEMS = f"/collections/{POSTS_ID}/items"
ASSETS = f"/sites/{SITE_ID}/assets"
UNKNOWN = "99" * 12
CODES = {
    400: {"bad_request", "validation_error"},
    401: {"not_authorized"},
    403: {"missing_scopes"},
    404: {"resource_not_found"},
    409: {"conflict"},
    413: {"bad_request"},
}


def check_refusal(response: Response, status: int = 400) -> dict[str, Any]:
    """The body of a refusal in the envelope, its clauses in the ledger."""
    assert response.status == status, response.body
    body = json_of(response)
    assert list(body) == ["message", "code", "externalReference", "details"]
    assert body["code"] in CODES[status]
    assert body["externalReference"] is None
    assert all(list(detail) == ["param", "description"] for detail in body["details"])
    named = clauses_of(response)
    assert named
    refusing = clause(named[0]).refuses
    assert refusing is not None
    assert refusing.status == status
    for name in named[1:]:
        clause(name)
    return body


@pytest.fixture
def asked() -> Fake:
    made = fake()
    ok(ask(made, "POST", f"{ITEMS}/live", {"fieldData": {"name": "Live", "slug": "live"}}))
    ok(ask(made, "POST", ITEMS, {"fieldData": {"name": "Staged", "slug": "staged"}}))
    return made


def refuse(asked: Fake, method: str, path: str, *, status: int = 400, **options: Any) -> dict[str, Any]:
    """The body of a refusal that changed neither world, clock nor ids."""
    before = asked.state
    body = check_refusal(ask(asked, method, path, **options), status)
    assert asked.state.world == before.world
    assert (asked.state.clock, asked.state.ids) == (before.clock, before.ids)
    return body


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
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"[" * 100_000 + b"]" * 100_000,
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
@pytest.mark.parametrize("depth", [3, 200, 900])
def test_deep_values_in_field_data(asked, depth):
    fields = [found.slug for found in asked.state.world.collections[POSTS_ID].fields]
    texts = b"[" * depth + b"]" * depth
    for slug in fields:
        body = b'{"fieldData": {"name": "One", "%b": %b}}' % (slug.encode(), texts)
        refuse(asked, "POST", ITEMS, body=body)
    metadata = b'{"a":' * depth + b"1" + b"}" * depth
    body = b'{"fieldData": {"name": "One", "videolink": {"url": "https://a.b", "metadata": %b}}}' % metadata
    if depth > 240:
        refuse(asked, "POST", ITEMS, body=body)
    else:
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
    (staged,) = asked.state.world.collections[POSTS_ID].staged.with_slug("staged")
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
        "limit=",
        "limit=%00",
        "limit=01",
        "limit=%D9%A3",
        "limit=1%0A",
        "offset=-1",
        "offset=x",
        "offset=",
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
        "createdOn[lt]=",
        "lastUpdated[gt]=2024-13-01",
        "lastPublished[lte]=%00",
        "createdOn[gte]=0",
        "createdOn[gte]=10000-01-01",
        "sortBy=id",
        "sortBy=",
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


@pytest.mark.clause("errors.not-authorized")
@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "Bearer",
        "Bearer ",
        "Bearer x",
        f"Basic {TOKEN}",
        TOKEN,
        f"Bearer {TOKEN} x",
        f"Bearer{TOKEN}",
        "Bearer \0",
        "Bearer " + "x" * 1_000_000,
        f"Bearer {TOKEN.upper()}",
        "Bearer \ud800",
        f"Token token={TOKEN}",
    ],
    ids=lambda header: repr(header)[:20],
)
def test_tokens_that_are_none(asked, header):
    headers = {} if header is None else {"authorization": header}
    response = ask(asked, "GET", "/sites", token=None, headers=headers)
    check_refusal(response, 401)
    assert not [name for name, _ in response.headers if name.startswith("X-RateLimit") or name == "Retry-After"]
    assert ask(asked, "GET", "/sites", token=None, headers={"authorization": f"bearer   {TOKEN} "}).status == 200


@pytest.mark.clause("errors.unknown-route")
@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "TRACE", "PUT", "CONNECT", "get", "PROPFIND", ""])
def test_odd_methods_lead_nowhere(asked, method):
    before = asked.state.world
    response = ask(asked, method, ITEMS)
    assert response.status == 404
    assert clauses_of(response) == ["errors.unknown-route"]
    assert json_of(response)["code"] == 404 if method != "HEAD" else response.body == b""
    assert asked.state.world == before


PATHS = [
    "",
    "/",
    "//",
    "/\0",
    "/\n",
    "/sites/../sites",
    "//sites",
    "/sites//",
    f"/sites/{SITE_ID}/",
    "/SITES",
    "/sites/a/b/c/d/e/f",
    "/" + "x" * 100_000,
    "/items/live/" + UNKNOWN,
    f"{ITEMS}/live/{UNKNOWN}",
    "/\ufffd",
    "/é",
]


@pytest.mark.clause("errors.unknown-route")
@pytest.mark.parametrize("path", PATHS, ids=lambda path: repr(path)[:24])
def test_odd_paths_get_an_answer_in_form(asked, path):
    response = ask(asked, "GET", path)
    assert response.status in (200, 400, 404)
    if response.status == 404:
        assert list(json_of(response)) == ["msg", "code", "name", "errorEnum"]
    for outside in ("", "/", "/v1/sites", "/v2", "/v2x/sites", "*"):
        sent = request("GET", "")._replace(path=outside)
        assert answer(asked, sent).status == 404


RAW = [
    ("GET", "/v2/\xff\xfe", "", {}),
    ("GET", "/v2//sites", "", {}),
    ("GET", "//v2/sites", "", {}),
    ("GET", "", "", {}),
    ("GET", "/v2/\n", "", {}),
    ("TRACE", "/v2/sites", "", {}),
    ("FOO", "/v2/sites", "", {}),
    ("OPTIONS", "/v2/sites", "", {}),
    ("GET", f"/v2{ITEMS}", "limit=\xff", {}),
    ("GET", f"/v2{ITEMS}", "limit=%", {}),
    ("GET", f"/v2{ITEMS}", "offset=%zz", {}),
    ("POST", f"/v2{ITEMS}", "", {"CONTENT_LENGTH": "-1", "CONTENT_TYPE": "application/json"}),
    ("POST", f"/v2{ITEMS}", "", {"CONTENT_LENGTH": "9" * 30, "CONTENT_TYPE": "application/json"}),
    ("POST", f"/v2{ITEMS}", "", {"CONTENT_LENGTH": "many", "CONTENT_TYPE": "application/json"}),
    ("POST", f"/v2{ITEMS}", "", {"CONTENT_TYPE": "application/json\xff"}),
    ("GET", "/v2/nowhere", "", {"HTTP_HOST": "a b/\x00"}),
    ("GET", "/v2/nowhere", "", {"HTTP_HOST": "[::1"}),
    ("GET", "/v2/sites", "", {"HTTP_AUTHORIZATION": "Bearer \xff"}),
]


@pytest.mark.parametrize(("method", "path", "query", "more"), RAW)
def test_raw_requests_through_wsgi(asked, method, path, query, more):
    before = asked.state.world
    environ = {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(b"{"),
        "HTTP_HOST": "localhost",
        "HTTP_AUTHORIZATION": f"Bearer {TOKEN}",
        "CONTENT_LENGTH": "1",
        **more,
    }
    started: list[Any] = []
    body = b"".join(
        create_app(asked).wsgi_app(environ, lambda status, headers: started.append((status, dict(headers))))
    )
    ((status, headers),) = started
    assert status[0] == "4"
    assert headers["Content-Type"] == "application/json; charset=utf-8"
    assert headers["X-Fake-Webflow-Clause"]
    assert len(json.loads(body)) == 4
    assert asked.state.world == before


@pytest.mark.parametrize(
    ("origin", "path"),
    [
        (API.replace("api.webflow.com", "webflow-prod-assets.s3.amazonaws.com"), "/"),
        ("http://localhost:8787", "/s3/webflow-prod-assets"),
        ("http://localhost:8787", "/cdn/x"),
        ("http://localhost:8787", "/cdn/" + "x" * 5000),
        ("http://localhost:8787", "/s3/\0"),
        ("https://cdn.prod.website-files.com", "/\ufffd//..//"),
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "HEAD", "TRACE", "FOO"])
@pytest.mark.parametrize("type_", ["", "application/json", "multipart/form-data", "multipart/form-data; boundary=x"])
def test_the_upload_target_refuses_in_xml(asked, origin, path, method, type_):
    before = asked.state.world
    sent = request(method, "", body=b"--x\r\n\r\n\0", headers={"content-type": type_}, origin=origin)._replace(
        path=path
    )
    response = answer(asked, sent)
    assert 400 <= response.status < 500
    assert clauses_of(response)
    headers = dict(response.headers)
    assert headers["Content-Type"] == "application/xml"
    assert headers["x-amz-request-id"]
    assert response.body.startswith(b"<?xml") or method == "HEAD"
    assert asked.state.world == before
