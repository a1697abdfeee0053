"""Assertions on a journal that has dropped something: they fail and say so, and never miscount."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from hashlib import md5
from io import BytesIO

import pytest
import requests
from urllib3 import encode_multipart_formdata

from fake_webflow import FakeWebflow
from fake_webflow.api.pipeline import answer
from fake_webflow.conditions import LIMITS, Exchange
from fake_webflow.conditions import journal as journal_module
from fake_webflow.conditions.journal import LONGEST_HEAD, BodyBytes
from fake_webflow.fake import fake_of
from fake_webflow.message import Request, Response

ADA, BOB = {"fieldData": {"name": "Ada"}}, {"fieldData": {"name": "Bob"}}


@pytest.fixture
def webflow(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeWebflow]:
    """A fake with room for three calls, and for bodies as the test sets it."""
    monkeypatch.setattr(journal_module, "BODY_BYTES", BodyBytes(LIMITS.journal_bytes))
    with FakeWebflow(limits={"journal": 3}) as made:
        yield made


def create(webflow: FakeWebflow, body: dict[str, dict[str, str]]) -> None:
    webflow.client.items.create(webflow.collections["authors"].id, body)


UNDECIDED: dict[str, Callable[[FakeWebflow], object]] = {
    "not called": lambda webflow: webflow.journal.assert_not_called("items.create", json=BOB),
    "called": lambda webflow: webflow.journal.assert_called("items.create", json=BOB),
    "called once": lambda webflow: webflow.journal.assert_called("items.create", json=ADA, times=1),
}


@pytest.mark.parametrize("asserted", UNDECIDED)
def test_a_dropped_body_decides_nothing(webflow: FakeWebflow, asserted: str) -> None:
    create(webflow, ADA)
    create(webflow, ADA)
    fake_of(webflow).journal[0].kept_request.drop()
    with pytest.raises(AssertionError, match=r"cannot tell(.|\n)*journal-bytes"):
        UNDECIDED[asserted](webflow)
    assert webflow.journal.assert_called("items.create", json=ADA) == [webflow.journal[1]]
    assert len(webflow.journal.assert_called("items.create", times=2)) == 2
    webflow.journal.assert_not_called("items.create", json=BOB, status=409)
    webflow.journal.assert_not_called("items.update", json=BOB)


@pytest.mark.parametrize("asserted", UNDECIDED)
def test_a_dropped_call_decides_nothing(webflow: FakeWebflow, asserted: str) -> None:
    for _ in range(3):
        webflow.client.sites.list()
    create(webflow, ADA)
    with pytest.raises(AssertionError, match=r"cannot tell(.|\n)*dropped its oldest 1 call"):
        UNDECIDED[asserted](webflow)
    assert webflow.journal.assert_called("items.create", json=ADA)
    webflow.journal.clear()
    webflow.journal.assert_not_called("items.create")


def test_a_very_long_query_decides_nothing(webflow: FakeWebflow) -> None:
    headers = {"Authorization": f"Bearer {webflow.token}"}
    requests.get("https://api.webflow.com/v2/sites", params={"name": "x" * 20_000}, headers=headers, timeout=5)
    (call,) = webflow.journal
    assert call.truncated
    with pytest.raises(AssertionError, match="cannot tell"):
        webflow.journal.assert_not_called("sites.list", query={"name": "y"})
    webflow.journal.assert_called("sites.list", times=1)


def size_of_head(call: Exchange) -> int:
    headers = [*call.request_headers.items(), *call.response_headers.items()]
    return len(call.path) + len(call.message) + sum(map(len, call.problems)) + sum(len(a) + len(b) for a, b in headers)


def upload_to_a_long_host(webflow: FakeWebflow) -> None:
    fake, origin = fake_of(webflow), f"http://{'h' * 17_000}"

    def post(path: str, content_type: str, body: bytes) -> Response:
        headers = {"content-type": content_type}
        if path.startswith("/v2"):
            headers["authorization"] = f"Bearer {webflow.token}"
        return answer(fake, Request("POST", origin, path, "", headers, BytesIO(body)))

    asked = {"fileName": "one.txt", "fileHash": md5(b"x").hexdigest()}
    made = post(f"/v2/sites/{webflow.site.id}/assets", "application/json", json.dumps(asked).encode())
    fields = [*json.loads(made.body)["uploadDetails"].items(), ("file", ("one.txt", b"x"))]
    form, content_type = encode_multipart_formdata(fields)
    uploaded = post("/s3/webflow-prod-assets", content_type, form)
    assert dict(uploaded.headers)["Location"].startswith(origin)


def misspell_at_length(webflow: FakeWebflow) -> None:
    fields = {f"{number}{'x' * 1000}": 1 for number in range(100)}
    url = f"https://api.webflow.com/v2/collections/{webflow.collections['authors'].id}/items"
    headers = {"Authorization": f"Bearer {webflow.token}"}
    assert (
        requests.post(url, json={"fieldData": {"name": "x", **fields}}, headers=headers, timeout=5).status_code == 400
    )


def send_a_long_header(webflow: FakeWebflow) -> None:
    headers = {f"X-{'x' * 60}-{number}": "y" * 20 for number in range(250)}
    requests.get("https://api.webflow.com/v2/sites", headers=headers, timeout=5)


@pytest.mark.parametrize("ask", [upload_to_a_long_host, misspell_at_length, send_a_long_header])
def test_what_is_kept_beside_the_bodies_is_bounded(webflow: FakeWebflow, ask: Callable[[FakeWebflow], None]) -> None:
    ask(webflow)
    assert size_of_head(webflow.journal[-1]) <= LONGEST_HEAD
    assert webflow.journal[-1].truncated


def test_a_call_of_usual_length_is_whole(webflow: FakeWebflow) -> None:
    webflow.client.sites.list()
    assert not webflow.journal[-1].truncated
    assert webflow.journal[-1].response_headers["Content-Type"]
