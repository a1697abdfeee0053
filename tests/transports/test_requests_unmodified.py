"""requests, unmodified."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from typing import Any

import pytest
import requests
import urllib3
from requests.adapters import HTTPAdapter

from fake_webflow import FakeAdapter
from fake_webflow.errors import FakeEnded
from fake_webflow.fake import fake_of
from fake_webflow.testing.handle import FakeWebflow
from fake_webflow.transports.interception import activate

API = "https://api.webflow.com/v2"
TOKEN = {"Authorization": "Bearer test-token"}


def test_an_answer_looks_as_if_it_came_from_a_server(webflow: FakeWebflow) -> None:
    answer = requests.get(f"{API}/sites", headers=TOKEN, timeout=5, params={"a": "b"})
    assert (answer.status_code, answer.reason, answer.ok) == (200, "OK", True)
    assert answer.headers["content-type"] == answer.headers["Content-Type"] == "application/json; charset=utf-8"
    assert answer.encoding == "utf-8"
    assert answer.url == f"{API}/sites?a=b"
    assert answer.json()["sites"][0]["id"] == webflow.site.id
    assert int(answer.headers["Content-Length"]) == len(answer.content)
    assert answer.elapsed.total_seconds() > 0
    assert not answer.cookies
    assert answer.history == []
    assert answer.raw.version == 11
    assert answer.request.headers["Authorization"] == "Bearer test-token"


def test_a_refusal_is_raised_for_like_any_other(webflow: FakeWebflow) -> None:
    answer = requests.get(f"{API}/sites", timeout=5)
    with pytest.raises(requests.HTTPError, match="401 Client Error: Unauthorized"):
        answer.raise_for_status()


@pytest.mark.parametrize("mounted", [False, True])
def test_a_body_can_be_streamed(webflow: FakeWebflow, mounted: bool) -> None:
    with requests.Session() as session:
        if mounted:
            session.mount("https://", FakeAdapter(webflow))
        with session.get(f"{API}/sites", headers=TOKEN, stream=True) as answer:
            pieces = list(answer.iter_content(100))
            assert [len(piece) for piece in pieces[:-1]] == [100] * (len(pieces) - 1)
            assert len(b"".join(pieces)) == int(answer.headers["Content-Length"])
        with session.get(f"{API}/sites", headers=TOKEN, stream=True) as answer:
            assert answer.raw.read(9) == b'{"sites":'


def test_no_content_is_no_content(webflow: FakeWebflow) -> None:
    items = f"{API}/collections/{webflow.collections['authors'].id}/items"
    made = requests.post(items, headers=TOKEN, json={"fieldData": {"name": "Ida"}}, timeout=5).json()
    answer = requests.delete(f"{items}/{made['id']}", headers=TOKEN, timeout=5)
    assert (answer.status_code, answer.content) == (204, b"")
    assert "Content-Length" not in answer.headers


def parts() -> Iterator[bytes]:
    yield b'{"fieldData": '
    yield b'{"name": "Ida"}}'


@pytest.mark.parametrize(
    "body",
    [
        '{"fieldData": {"name": "Ida"}}',
        b'{"fieldData": {"name": "Ida"}}',
        parts,
        lambda: io.BytesIO(b'{"fieldData": {"name": "Ida"}}'),
        lambda: io.StringIO('{"fieldData": {"name": "Ida"}}'),
    ],
    ids=["text", "bytes", "iterator", "file", "text file"],
)
@pytest.mark.parametrize("mounted", [False, True])
def test_a_body_may_come_in_any_form(webflow: FakeWebflow, body: Any, mounted: bool) -> None:
    items = f"{API}/collections/{webflow.collections['authors'].id}/items"
    with requests.Session() as session:
        if mounted:
            session.mount("https://", FakeAdapter(webflow))
        answer = session.post(
            items, headers=TOKEN | {"Content-Type": "application/json"}, data=body() if callable(body) else body
        )
    assert answer.json()["fieldData"]["name"] == "Ida"


def test_files_are_uploaded_and_read_back(webflow: FakeWebflow) -> None:
    content = bytes(range(256)) * 10
    registered = {"fileName": "dot.png", "fileHash": hashlib.md5(content).hexdigest()}
    asset = requests.post(f"{API}/sites/{webflow.site.id}/assets", headers=TOKEN, json=registered, timeout=5).json()
    stored = requests.post(
        asset["uploadUrl"], data=asset["uploadDetails"], files={"file": ("dot.png", io.BytesIO(content))}, timeout=5
    )
    assert stored.status_code == 201
    assert requests.get(asset["assetUrl"], timeout=5).content == content
    seen = requests.head(asset["hostedUrl"], timeout=5)
    assert (seen.content, int(seen.headers["Content-Length"])) == (b"", len(content))


def test_an_upload_without_a_length_is_refused_as_s3_does(webflow: FakeWebflow) -> None:
    answer = requests.post("https://webflow-prod-assets.s3.amazonaws.com/", data=parts(), timeout=5)
    assert b"Transfer-Encoding" in answer.content


def test_retries_are_made_as_the_session_wants_them(webflow: FakeWebflow) -> None:
    fake_of(webflow).limit_rate(1)
    retry = urllib3.Retry(total=2, status_forcelist=[429], respect_retry_after_header=False)
    with requests.Session() as session:
        session.mount("https://", HTTPAdapter(max_retries=retry))
        assert session.get(f"{API}/sites", headers=TOKEN).status_code == 200
        with pytest.raises(requests.exceptions.RetryError, match="too many 429 error responses"):
            session.get(f"{API}/sites", headers=TOKEN)
    assert [each.status for each in webflow.journal] == [200, 429, 429, 429]


def test_an_adapter_of_the_application_is_asked(webflow: FakeWebflow) -> None:
    class Signing(HTTPAdapter):
        def send(self, request: requests.PreparedRequest, *args: Any, **options: Any) -> requests.Response:
            request.headers["Authorization"] = "Bearer test-token"
            return super().send(request, *args, **options)

    with requests.Session() as session:
        session.mount("https://api.webflow.com", Signing())
        assert session.get(f"{API}/sites").status_code == 200


def test_a_session_made_before_and_kept_beyond(inactive: FakeWebflow) -> None:
    with requests.Session() as session, activate(fake_of(inactive)):
        assert session.get(f"{API}/sites", headers=TOKEN).status_code == 200


def test_a_mounted_adapter_outlives_its_test_and_says_so(inactive: FakeWebflow) -> None:
    with requests.Session() as session:
        session.mount("https://", FakeAdapter(inactive))
        assert session.get(f"{API}/sites", headers=TOKEN).status_code == 200
        with activate(fake_of(inactive)):
            assert session.get(f"{API}/sites", headers=TOKEN).status_code == 200
        with pytest.raises(FakeEnded, match="a test that has ended"):
            session.get(f"{API}/sites", headers=TOKEN)
        with activate(fake_of(inactive)):
            assert session.get(f"{API}/sites", headers=TOKEN).status_code == 200


@pytest.mark.parametrize(
    "origin", ["https://api.webflow.com:443", "https://API.webflow.com", "https://me@api.webflow.com"]
)
def test_a_mounted_adapter_hands_out_webflows_addresses(inactive: FakeWebflow, origin: str) -> None:
    with requests.Session() as session:
        session.mount("https://", FakeAdapter(inactive))
        registered = {"fileName": "dot.png", "fileHash": "0" * 32}
        asset = session.post(f"{origin}/v2/sites/{inactive.site.id}/assets", headers=TOKEN, json=registered).json()
    assert asset["uploadUrl"] == "https://webflow-prod-assets.s3.amazonaws.com/"
