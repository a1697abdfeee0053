from __future__ import annotations

import pytest
from upload_forms import elements

from fake_webflow.rules import Refusal
from fake_webflow.storage.calls import serve
from fake_webflow.storage.errors import error_response
from fake_webflow.world.assets import StoredFile

FILE = StoredFile("site/1_a b.png", "image/png", "0123456789abcdef0123456789abcdef", b"png", "max-age=31536000")
FILES = {FILE.key: FILE, "bare": FILE._replace(cache_control="")}


@pytest.mark.clause("files.served")
def test_a_stored_file_is_served():
    response = serve("GET", FILE.key, FILES.get)
    assert (response.status, response.body) == (200, b"png")
    assert response.headers == [
        ("ETag", '"0123456789abcdef0123456789abcdef"'),
        ("Content-Type", "image/png"),
        ("Content-Length", "3"),
        ("Cache-Control", "max-age=31536000"),
    ]
    assert "Cache-Control" not in dict(serve("GET", "bare", FILES.get).headers)


@pytest.mark.clause("files.head")
def test_head_is_get_without_the_bytes():
    assert serve("HEAD", FILE.key, FILES.get) == serve("GET", FILE.key, FILES.get)._replace(body=b"")


@pytest.mark.clause("files.absent")
@pytest.mark.parametrize("key", ["", "site", "site/1_a b.png ", "\0"])
def test_what_is_not_there_is_denied(key):
    with pytest.raises(Refusal) as caught:
        serve("GET", key, FILES.get)
    response = error_response(caught.value, request_id="1", method="GET")
    assert (response.status, elements(response)["Code"]) == (403, "AccessDenied")


@pytest.mark.clause("files.method")
@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE", "PATCH"])
def test_files_are_only_read(method):
    with pytest.raises(Refusal) as caught:
        serve(method, FILE.key, FILES.get)
    response = error_response(caught.value, request_id="1", method=method)
    assert response.status == 405
    assert ("Allow", "GET, HEAD") in response.headers
