"""Odd tokens, methods, paths and raw requests: each gets an answer in form, and the world is what it was."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from refusals import check_refusal
from worlds import (
    API,
    POSTS_ID,
    SITE_ID,
    TOKEN,
    ask,
    clauses_of,
    json_of,
    request,
)

from fake_webflow.api.pipeline import answer
from fake_webflow.transports.flask_app import create_flask_app

ITEMS = f"/collections/{POSTS_ID}/items"
ASSETS = f"/sites/{SITE_ID}/assets"
UNKNOWN = "99" * 12


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
@pytest.mark.parametrize("method", ["OPTIONS", "TRACE", "PUT", "CONNECT", "get", "PROPFIND", ""])
def test_odd_methods_lead_nowhere(asked, method):
    before = asked.state.world
    response = ask(asked, method, ITEMS)
    assert response.status == 404
    assert clauses_of(response) == ["errors.unknown-route"]
    assert json_of(response)["code"] == 404
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
        create_flask_app(asked).wsgi_app(environ, lambda status, headers: started.append((status, dict(headers))))
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
