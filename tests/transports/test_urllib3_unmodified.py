"""urllib3, unmodified and without requests above it."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
import urllib3

from fake_webflow.fake import Fake, fake_of
from fake_webflow.testing.handle import FakeWebflow
from fake_webflow.transports.interception import activate

API = "https://api.webflow.com/v2"
TOKEN = {"Authorization": "Bearer test-token"}


def test_an_answer_looks_as_if_it_came_from_a_server(webflow: FakeWebflow) -> None:
    answer = urllib3.request("GET", f"{API}/sites", headers=TOKEN, fields={"a": "b"})
    assert (answer.status, answer.reason, answer.version) == (200, "OK", 11)
    assert answer.headers["content-type"] == "application/json; charset=utf-8"
    assert answer.json()["sites"][0]["id"] == webflow.site.id


def test_a_pool_of_one_host_and_its_own_headers(webflow: FakeWebflow) -> None:
    with urllib3.HTTPSConnectionPool("api.webflow.com", headers=TOKEN) as pool:
        answer = pool.request("GET", "/v2/sites", preload_content=False)
        assert (answer.status, answer.read(9)) == (200, b'{"sites":')
        answer.release_conn()


def test_json_and_multipart_bodies(webflow: FakeWebflow) -> None:
    content = b"a picture"
    registered = {"fileName": "dot.png", "fileHash": hashlib.md5(content).hexdigest()}
    with urllib3.PoolManager(headers=TOKEN) as pool:
        asset = pool.request("POST", f"{API}/sites/{webflow.site.id}/assets", json=registered).json()
    file = {**asset["uploadDetails"], "file": ("dot.png", content, "image/png")}
    with urllib3.PoolManager() as pool:
        assert pool.request("POST", asset["uploadUrl"], fields=file).status == 201
        assert pool.request("GET", asset["hostedUrl"]).data == content


def test_retries_wait_and_end(webflow: FakeWebflow, monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []

    def sleep(seconds: float) -> None:
        waits.append(seconds)
        webflow.clock.advance(seconds)

    monkeypatch.setattr("time.sleep", sleep)
    fake_of(webflow).limit_rate(1)
    with urllib3.PoolManager(headers=TOKEN) as pool:
        retry = urllib3.Retry(total=1, status_forcelist=[429])
        assert pool.request("GET", f"{API}/sites").status == 200
        assert pool.request("GET", f"{API}/sites", retries=retry).status == 200
        assert waits == [60]
        lenient = retry.new(total=0, raise_on_status=False)
        assert pool.request("GET", f"{API}/sites", retries=lenient).status == 429


def test_ports_and_case_of_the_host_do_not_matter(inactive: FakeWebflow) -> None:
    with activate(fake_of(inactive)):
        for url in ("https://api.webflow.com:443/v2/sites", "https://API.webflow.com/v2/sites"):
            assert urllib3.request("GET", url, headers=TOKEN).status == 200


def test_a_call_of_another_host_is_handed_on_exactly_as_it_came(
    seeded: Fake, monkeypatch: pytest.MonkeyPatch, other_host: str
) -> None:
    """Who wrapped ``urlopen`` before may take fewer parameters by position than urllib3 does, as pook's wrapper."""
    send, came = urllib3.HTTPConnectionPool.urlopen, []

    def wrapper(pool: Any, method: str, url: str, body: Any = None, headers: Any = None, **options: Any) -> Any:
        came.append((method, url, sorted(options)))
        return send(pool, method, url, body, headers, **options)

    monkeypatch.setattr(urllib3.HTTPConnectionPool, "urlopen", wrapper)
    plain = urllib3.PoolManager().request("GET", other_host).data
    with activate(seeded.fork()):
        assert urllib3.PoolManager().request("GET", other_host).data == plain
    assert came[0] == came[1]
