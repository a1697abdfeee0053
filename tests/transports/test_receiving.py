"""What the server does with bodies: none that a route would not take is kept anywhere, and a full disk is said so."""

from __future__ import annotations

import errno
import io
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from raw_http import send_raw, serve_with_control, status_of

from fake_webflow import FakeWebflow
from fake_webflow.api.pipeline import LARGEST_BODY
from fake_webflow.control.interface import LARGEST_CONTROL_BODY
from fake_webflow.fake import Fake
from fake_webflow.testing.handle import make_handle
from fake_webflow.transports.receiving import LARGEST_SENT, find_largest_body

PART = b"x" * 1_000_000


@pytest.fixture(scope="module")
def webflow(seeded: Fake) -> FakeWebflow:
    """A fake that is served and not active."""
    return make_handle(seeded.fork())


@pytest.fixture(scope="module")
def origin(webflow: FakeWebflow) -> Iterator[str]:
    with serve_with_control(webflow) as origin:
        yield origin


@pytest.fixture
def stored(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How long each piece was that went into a temporary file."""
    sizes: list[int] = []

    class Watched(io.BytesIO):
        def write(self, data: Any) -> int:
            sizes.append(len(data))
            return super().write(data)

    monkeypatch.setattr("waitress.buffers.TempfileBasedBuffer.newfile", lambda _: Watched())
    return sizes


def head(path: str, token: str, *lines: str) -> bytes:
    wanted = [f"POST {path} HTTP/1.1", "Host: localhost", "Content-Type: application/json", *lines]
    if token:
        wanted.append(f"Authorization: Bearer {token}")
    return "\r\n".join([*wanted, "", ""]).encode()


def collections_of(webflow: FakeWebflow) -> str:
    return f"/v2/sites/{webflow.site.id}/collections"


@pytest.mark.parametrize("length", [LARGEST_BODY + 1, 10**9, 10**30])
def test_a_body_that_says_it_is_too_long_is_kept_nowhere(
    webflow: FakeWebflow, origin: str, stored: list[int], length: int
) -> None:
    said = f"Content-Length: {length}"
    parts = [PART] * 12
    assert status_of(send_raw(origin, head(collections_of(webflow), "", said), *parts)) == 401
    answer = send_raw(origin, head(collections_of(webflow), webflow.token, said), *parts)
    assert status_of(answer) == 413
    assert b"X-Fake-Webflow-Clause: requests.body-too-large\r\n" in answer
    assert stored == []
    assert webflow.journal[-1].clauses == ("requests.body-too-large",)


def test_whoever_waits_for_leave_to_send_gets_none(webflow: FakeWebflow, origin: str) -> None:
    lines = ["Expect: 100-continue", f"Content-Length: {LARGEST_BODY + 1}"]
    assert status_of(send_raw(origin, head(collections_of(webflow), webflow.token, *lines))) == 413


def test_chunks_are_kept_no_further_than_the_route_takes(webflow: FakeWebflow, origin: str, stored: list[int]) -> None:
    chunk = b"%x\r\n%b\r\n" % (len(PART), PART)
    answer = send_raw(origin, head(collections_of(webflow), webflow.token, "Transfer-Encoding: chunked"), *[chunk] * 40)
    assert status_of(answer) == 413
    assert sum(stored) <= LARGEST_BODY


def test_a_chunk_that_says_it_is_too_long_is_kept_nowhere(webflow: FakeWebflow, origin: str, stored: list[int]) -> None:
    start = head(collections_of(webflow), webflow.token, "Transfer-Encoding: chunked")
    assert status_of(send_raw(origin, start, b"FFFFFFFF\r\n", *[PART] * 12)) == 413
    assert stored == []


@pytest.mark.parametrize("endless", [b"a" * 50_000, b"1;" + b"a" * 50_000, b"0\r\n" + b"a: b\r\n" * 9000])
def test_what_stands_around_chunks_is_bounded(webflow: FakeWebflow, origin: str, endless: bytes) -> None:
    start = head(collections_of(webflow), webflow.token, "Transfer-Encoding: chunked")
    assert status_of(send_raw(origin, start + endless, timeout=5)) in (0, 400)  # 0: the answer was lost on the way


def test_the_largest_body_is_taken(webflow: FakeWebflow, origin: str) -> None:
    body = b" " * (LARGEST_BODY - 2) + b"{}"
    lines = [f"Content-Length: {len(body)}", "Connection: close"]
    answer = send_raw(origin, head(collections_of(webflow), webflow.token, *lines), body)
    assert status_of(answer) == 400  # of its shape


def test_the_control_interface_says_it_in_its_own_words(origin: str, stored: list[int]) -> None:
    for path in ("/_fake/seed", "/_fake/forks"):
        answer = send_raw(origin, head(path, "", f"Content-Length: {LARGEST_SENT + 1}"), PART)
        assert status_of(answer) == 413
        assert json.loads(answer.partition(b"\r\n\r\n")[2])["code"] == "body_too_large"
    assert stored == []


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("/v2/sites", LARGEST_BODY),
        ("/", LARGEST_BODY),
        ("/~1/v2/sites", LARGEST_BODY),
        ("/_fakes", LARGEST_BODY),
        ("/s3x/", LARGEST_BODY),
        ("/v2/_fake/", LARGEST_BODY),
        ("/_fake/seed", LARGEST_SENT),
        ("/s3/", LARGEST_SENT),
        ("/~12/s3/", LARGEST_SENT),
    ],
)
def test_only_scenarios_and_files_may_be_longer(path: str, most: int) -> None:
    assert find_largest_body(path) == most
    assert most <= max(LARGEST_BODY, LARGEST_CONTROL_BODY, LARGEST_SENT)


class _FullDisk(io.BytesIO):
    def write(self, _data: Any) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.clause("fake.disk-full")
@pytest.mark.parametrize("framing", ["Content-Length: 3000000", "Transfer-Encoding: chunked"])
def test_a_full_disk_is_a_plain_answer(
    webflow: FakeWebflow,
    origin: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    framing: str,
) -> None:
    monkeypatch.setattr("waitress.buffers.TempfileBasedBuffer.newfile", lambda _: _FullDisk())
    start = head(collections_of(webflow), webflow.token, framing)
    before = webflow.state.world
    body = [b"f4240\r\n%b\r\n" % PART, b"0\r\n\r\n"] if "chunked" in framing else [PART] * 3
    answer = send_raw(origin, start, *body)
    assert status_of(answer) == 507
    assert b"fake.disk-full" in answer
    assert b"No space left on device" in answer
    assert webflow.state.world is before
    assert caplog.records == []


def test_a_long_answer_needs_no_disk(webflow: FakeWebflow, origin: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("waitress.buffers.TempfileBasedBuffer.newfile", lambda _: _FullDisk())
    asset = webflow.add_asset(PART * 8, file_name="long.bin")
    path = urlsplit(asset["hostedUrl"]).path
    ask = f"GET /cdn{path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode()
    answer = send_raw(origin, ask)
    assert status_of(answer) == 200
    assert answer.endswith(PART * 8)
