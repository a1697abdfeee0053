"""Which of several active fakes takes a request, and what becomes of requests to other hosts."""

from __future__ import annotations

import hashlib
import threading
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
import requests
import urllib3

from fake_webflow.errors import HostBlocked
from fake_webflow.fake import Fake, fake_of
from fake_webflow.testing.handle import FakeWebflow, make_handle
from fake_webflow.transports.active import is_for_active_fake
from fake_webflow.transports.interception import activate

API = "https://api.webflow.com/v2"


def called(token: str = "test-token") -> int:
    return requests.get(f"{API}/sites", headers={"Authorization": f"Bearer {token}"}, timeout=5).status_code


def test_the_innermost_takes_what_both_could() -> None:
    outer, inner = FakeWebflow(), FakeWebflow()
    with activate(fake_of(outer)):
        with activate(fake_of(inner)):
            called()
        called()
        called("nobody")
    assert ([each.status for each in inner.journal], [each.status for each in outer.journal]) == ([200], [200, 401])


def test_the_token_says_whose_call_it_is() -> None:
    outer, inner = FakeWebflow(token="outer"), FakeWebflow(token="inner")
    with activate(fake_of(outer)), activate(fake_of(inner)):
        assert [called("outer"), called("inner"), called("outer"), called("nobody")] == [200, 200, 200, 401]
    assert [each.status for each in outer.journal] == [200, 200]
    assert [each.status for each in inner.journal] == [200, 401]


def test_ends_in_any_order() -> None:
    outer, inner = FakeWebflow(), FakeWebflow()
    first, second = activate(fake_of(outer)), activate(fake_of(inner))
    first.end()
    assert called() == 200
    assert (len(outer.journal), len(inner.journal)) == (0, 1)
    second.end()
    second.end()


def test_an_upload_and_its_file_belong_to_the_fake_that_knows_the_asset(seeded: Fake) -> None:
    outer, inner = FakeWebflow(token="outer"), FakeWebflow(token="inner", seed=7)
    content = b"\xff\xd8 outer"
    with activate(fake_of(outer)), activate(fake_of(inner)):
        asset = requests.post(
            f"{API}/sites/{outer.site.id}/assets",
            json={"fileName": "dot.jpg", "fileHash": hashlib.md5(content).hexdigest()},
            headers={"Authorization": "Bearer outer"},
            timeout=5,
        ).json()
        stored = requests.post(asset["uploadUrl"], data=asset["uploadDetails"], files={"file": content}, timeout=5)
        assert stored.status_code == 201
        assert requests.get(asset["hostedUrl"], timeout=5).content == content
        assert requests.get(asset["assetUrl"], timeout=5).content == content
        assert requests.get(asset["hostedUrl"] + "x", timeout=5).status_code == 403
    assert [each.operation for each in outer.journal] == ["assets.create", "files.upload", "files.read", "files.read"]
    assert [each.status for each in inner.journal] == [403]


def test_threads_have_their_own_fakes(seeded: Fake) -> None:
    """Each its own, though all of them have the same token and are active at the same time."""
    together = threading.Barrier(8)

    def test(_: int) -> list[int]:
        webflow = make_handle(seeded.fork())
        with activate(fake_of(webflow)):
            together.wait()
            statuses = [called() for _ in range(20)]
            together.wait()
            assert len(webflow.journal) == 20
        return statuses

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(test, range(8))) == [[200] * 20] * 8


def test_a_thread_of_the_application_reaches_the_fake_of_the_test(webflow: FakeWebflow) -> None:
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(called).result() == 200
    assert len(webflow.journal) == 1


def test_activating_and_ending_in_many_threads_at_once(seeded: Fake) -> None:
    def test(_: int) -> int:
        with activate(seeded.fork()):
            return called()

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(test, range(200))) == {200}


def test_other_hosts_are_left_alone(webflow: FakeWebflow, other_host: str) -> None:
    assert requests.get(other_host, timeout=5).content == b"other"
    assert httpx.get(other_host).content == b"other"
    assert urllib3.request("GET", other_host).data == b"other"
    assert not webflow.journal


@pytest.mark.parametrize("url", ["https://example.com/x?secret=1", "https://s3.amazonaws.com/other-bucket/x"])
def test_other_hosts_are_blocked_on_request(inactive: FakeWebflow, other_host: str, url: str) -> None:
    with activate(fake_of(inactive), block_other_hosts=True):
        for get in (requests.get, httpx.get, lambda url: urllib3.request("GET", url)):
            with pytest.raises(HostBlocked, match="every host but Webflow's and this machine is blocked") as blocked:
                get(url)
            assert "secret" not in str(blocked.value)
        assert called() == 200
        assert requests.get(other_host, timeout=5).content == b"other"
        assert requests.get(other_host.replace("127.0.0.1", "localhost"), timeout=5).content == b"other"


def test_what_one_test_blocks_another_beside_it_does_not_notice(seeded: Fake) -> None:
    def is_taken() -> bool:
        with activate(seeded.fork()):
            return is_for_active_fake("http", "host.invalid", None, "/")

    with activate(seeded.fork(), block_other_hosts=True), ThreadPoolExecutor(1) as pool:
        assert pool.submit(is_taken).result() is False
        with pytest.raises(HostBlocked):
            is_for_active_fake("http", "host.invalid", None, "/")
