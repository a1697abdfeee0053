from __future__ import annotations

import pytest
from upload_forms import elements

from fake_webflow.rules import Refusal
from fake_webflow.storage.calls import serve_file
from fake_webflow.storage.errors import render_error
from fake_webflow.world.assets import StoredFile

FILE = StoredFile("site/1_a b.png", "image/png", "0123456789abcdef0123456789abcdef", b"png", "max-age=31536000")
FILES = {FILE.key: FILE, "bare": FILE._replace(cache_control="")}


@pytest.mark.clause("files.served")
def test_a_stored_file_is_served():
    response = serve_file("GET", FILE.key, FILES.get)
    assert (response.status, response.body) == (200, b"png")
    assert response.headers == [
        ("ETag", '"0123456789abcdef0123456789abcdef"'),
        ("Accept-Ranges", "bytes"),
        ("Cache-Control", "max-age=31536000"),
        ("Content-Type", "image/png"),
        ("Content-Length", "3"),
    ]
    assert "Cache-Control" not in dict(serve_file("GET", "bare", FILES.get).headers)


@pytest.mark.clause("files.head")
def test_head_is_get_without_the_bytes():
    assert serve_file("HEAD", FILE.key, FILES.get) == serve_file("GET", FILE.key, FILES.get)._replace(body=b"")


@pytest.mark.clause("files.absent")
@pytest.mark.parametrize("key", ["", "site", "site/1_a b.png ", "\0"])
def test_what_is_not_there_is_denied(key):
    with pytest.raises(Refusal) as caught:
        serve_file("GET", key, FILES.get)
    response = render_error(caught.value, request_id="1", method="GET")
    assert (response.status, elements(response)["Code"]) == (403, "AccessDenied")


@pytest.mark.clause("files.method")
@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE", "PATCH"])
def test_files_are_only_read(method):
    with pytest.raises(Refusal) as caught:
        serve_file(method, FILE.key, FILES.get)
    response = render_error(caught.value, request_id="1", method=method)
    assert response.status == 405
    assert ("Allow", "GET, HEAD") in response.headers
