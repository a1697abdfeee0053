"""One script through every way in leaves the same journal and the same bytes."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

import pytest
import requests
from worlds import POSTS_ID, SITE_ID, TOKEN, fake

from fake_webflow.api.pipeline import answer
from fake_webflow.fake import Fake
from fake_webflow.message import Request
from fake_webflow.transports.flask_app import create_flask_app
from fake_webflow.transports.requests_adapter import FakeAdapter
from fake_webflow.transports.server import Server
from fake_webflow.transports.wsgi import request_of

ITEMS = f"/v2/collections/{POSTS_ID}/items"
HOST = "127.0.0.1:8787"
ORIGIN = f"http://{HOST}"
SCRIPT: list[tuple[str, str, object]] = [
    ("GET", "/v2/sites", None),
    (
        "POST",
        ITEMS,
        {"fieldData": {"name": "Über 日本", "slug": "a", "image": {"url": "https://example.com/a%20b.png"}}},
    ),
    ("POST", ITEMS, {"fieldData": {"name": "x", "slug": "a b"}}),
    ("GET", f"{ITEMS}?limit=1&name=%C3%9Cber%20%E6%97%A5%E6%9C%AC&createdOn[gte]=2020-01-01", None),
    ("GET", f"{ITEMS}?name=a+b&name=%ff", None),
    ("POST", ITEMS, b"{"),
    ("PATCH", ITEMS, {"items": []}),
    ("DELETE", ITEMS, {"items": [{"id": "99" * 12}]}),
    ("GET", "/v2/%E2%82%AC/%2F/%00", None),
    ("OPTIONS", "/v2/sites", None),
    ("POST", f"/v2/sites/{SITE_ID}/assets", {"fileName": "ü.png", "fileHash": "x"}),
    ("GET", "/cdn/nothing/here%20.png", None),
    ("POST", "/s3/webflow-prod-assets", b"no form"),
    ("HEAD", "/v2/sites", None),
    ("DELETE", f"/v2/assets/{'99' * 12}", None),
]
Way = Callable[[Fake, str, str, bytes | None, dict[str, str]], tuple[int, bytes, str | None]]


def direct(asked: Fake, method: str, target: str, body: bytes | None, headers: dict[str, str]) -> Any:
    path, _, query = target.partition("?")
    lower = {name.lower(): value for name, value in headers.items()}
    response = answer(asked, Request(method, ORIGIN, unquote(path), query, lower, io.BytesIO(body or b"")))
    return response.status, response.body, dict(response.headers).get("Content-Type")


def flask_client(asked: Fake, method: str, target: str, body: bytes | None, headers: dict[str, str]) -> Any:
    response = (
        create_flask_app(asked)
        .test_client()
        .open(
            target, method=method, data=body, headers=headers, base_url=ORIGIN, content_type=headers.get("Content-Type")
        )
    )
    return response.status_code, response.data, response.headers.get("Content-Type")


def requests_session(asked: Fake, method: str, target: str, body: bytes | None, headers: dict[str, str]) -> Any:
    session = requests.Session()
    session.mount(ORIGIN, FakeAdapter(asked))
    response = session.request(method, ORIGIN + target, data=body, headers=headers, allow_redirects=False)
    return response.status_code, response.content, response.headers.get("Content-Type")


def run(way: Way) -> tuple[list[Any], list[Any]]:
    asked = fake()
    answers = []
    for method, target, sent in SCRIPT:
        body = sent if isinstance(sent, bytes | None) else json.dumps(sent).encode()
        headers = {"Authorization": f"Bearer {TOKEN}"} | (
            {"Content-Type": "application/json"} if body is not None else {}
        )
        answers.append(way(asked, method, target, body, headers))
    return answers, list(asked.journal)


WAYS: dict[str, Way] = {"flask": flask_client, "requests": requests_session}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_every_way_in_leaves_the_same(way):
    wanted, journal = run(direct)
    found, seen = run(way)
    for call, one, other in zip(SCRIPT, found, wanted, strict=True):
        assert one == other, call
    assert seen == journal


def test_a_served_fake_leaves_the_same_and_stops():
    asked = fake()
    with Server(create_flask_app(asked)) as server:
        with requests.Session() as session:
            for method, target, sent in SCRIPT:
                body = sent if isinstance(sent, bytes | None) else json.dumps(sent).encode()
                headers = {"Authorization": f"Bearer {TOKEN}"}
                if body is not None:
                    headers["Content-Type"] = "application/json"
                session.request(method, server.origin + target, data=body, headers=headers, allow_redirects=False)
        origin = server.origin
    wanted = run(direct)[1]
    assert [exchange._replace(path="") for exchange in asked.journal] == [one._replace(path="") for one in wanted]
    assert [exchange.path for exchange in asked.journal] == [exchange.path for exchange in wanted]
    with pytest.raises(requests.ConnectionError):
        requests.get(origin, timeout=1)


def test_addresses_in_answers_are_those_of_the_host_that_was_called():
    for origin, upload in (
        ("https://api.webflow.com", "https://webflow-prod-assets.s3.amazonaws.com/"),
        ("http://localhost:9", "http://localhost:9/s3/webflow-prod-assets"),
        ("https://example.org", "https://example.org/s3/webflow-prod-assets"),
    ):
        session = requests.Session()
        session.mount(origin, FakeAdapter(fake()))
        response = session.post(
            f"{origin}/v2/sites/{SITE_ID}/assets",
            json={"fileName": "a.png", "fileHash": "x"},
            headers={"Authorization": f"Bearer {TOKEN}"},
        )
        assert response.json()["uploadUrl"] == upload


@pytest.mark.clause("assets.create.answer", "files.served")
@pytest.mark.parametrize("origin", ["https://api.webflow.com", "http://localhost:9"])
def test_an_upload_can_be_read_back_where_the_answer_says(origin):
    session, adapter = requests.Session(), FakeAdapter(fake())
    for prefix in ("http://", "https://"):
        session.mount(prefix, adapter)
    auth = {"Authorization": f"Bearer {TOKEN}"}
    made = session.post(
        f"{origin}/v2/sites/{SITE_ID}/assets", json={"fileName": "ü b.png", "fileHash": "x"}, headers=auth
    ).json()
    for url in (made["hostedUrl"], made["assetUrl"]):
        assert session.get(url).status_code == 403
    sent = session.post(made["uploadUrl"], data=made["uploadDetails"], files={"file": b"some bytes"})
    assert sent.status_code == 201
    for url in (made["hostedUrl"], made["assetUrl"]):
        found = session.get(url)
        assert (found.status_code, found.content, found.headers["Content-Type"]) == (200, b"some bytes", "image/png")
    session.delete(f"{origin}/v2/assets/{made['id']}", headers=auth)
    assert session.get(made["hostedUrl"]).status_code == 403


BODY, NEXT = b'{"fieldData": {"name": "x"}}', b"GET /v2/sites"


@pytest.mark.parametrize(
    ("told", "read"),
    [
        ({"CONTENT_LENGTH": str(len(BODY))}, BODY),
        ({"CONTENT_LENGTH": str(len(BODY)), "wsgi.input_terminated": True}, BODY + NEXT),
        ({"wsgi.input_terminated": True}, BODY + NEXT),
        ({"HTTP_TRANSFER_ENCODING": "chunked"}, BODY + NEXT),
        ({"CONTENT_LENGTH": ""}, b""),
        ({}, b""),
    ],
)
@pytest.mark.parametrize("sizes", [(-1,), (None,), (5, -1), (1000, 1000)])
def test_a_body_is_read_to_where_the_server_says_it_ends(told, read, sizes):
    stream = io.BytesIO(BODY + NEXT)
    environ = {
        "REQUEST_METHOD": "POST",
        "wsgi.url_scheme": "http",
        "HTTP_HOST": HOST,
        "CONTENT_TYPE": "application/json",
        "wsgi.input": stream,
        **told,
    }
    request = request_of(environ)
    assert request.stream.read(0) == b""
    assert b"".join(request.stream.read(size) for size in sizes) == read
    assert stream.tell() == len(read)
    assert {"host": HOST, "content-type": "application/json"}.items() <= dict(request.headers).items()
