"""What belongs to one way in: addresses of the host that was called, and where a body ends."""

from __future__ import annotations

import io

import pytest
import requests
from worlds import SITE_ID, TOKEN, fake

from fake_webflow import FakeAdapter
from fake_webflow.testing.handle import make_handle
from fake_webflow.transports.wsgi import read_wsgi_request

HOST = "127.0.0.1:8787"


def test_addresses_in_answers_are_those_of_the_host_that_was_called():
    for origin, upload in (
        ("https://api.webflow.com", "https://webflow-prod-assets.s3.amazonaws.com/"),
        ("http://localhost:9", "http://localhost:9/s3/webflow-prod-assets"),
        ("https://example.org", "https://example.org/s3/webflow-prod-assets"),
    ):
        session = requests.Session()
        session.mount(origin, FakeAdapter(make_handle(fake())))
        response = session.post(
            f"{origin}/v2/sites/{SITE_ID}/assets",
            json={"fileName": "a.png", "fileHash": "x"},
            headers={"Authorization": f"Bearer {TOKEN}"},
        )
        assert response.json()["uploadUrl"] == upload


@pytest.mark.clause("assets.create.answer", "files.served")
@pytest.mark.parametrize("origin", ["https://api.webflow.com", "http://localhost:9"])
def test_an_upload_can_be_read_back_where_the_answer_says(origin):
    session, adapter = requests.Session(), FakeAdapter(make_handle(fake()))
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
    request = read_wsgi_request(environ)
    assert request.stream.read(0) == b""
    assert b"".join(request.stream.read(size) for size in sizes) == read
    assert stream.tell() == len(read)
    assert {"host": HOST, "content-type": "application/json"}.items() <= dict(request.headers).items()
