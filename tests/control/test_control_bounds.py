"""What the control interface says of the journal page by page, and the bounds of what a server keeps."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import requests
from control_callers import Fork, fork_at, served_app

from fake_webflow import seeding
from fake_webflow.conditions import LIMITS
from fake_webflow.control import hosted_fakes as hosted_module
from fake_webflow.control.hosted_fakes import HostedFakes
from fake_webflow.fake import Fake
from fake_webflow.transports.server import Server
from fake_webflow.world.addresses import addresses_for


class Clock:
    now = 1000.0


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The machine's clock as the server's forks see it."""
    clock = Clock()
    monkeypatch.setattr(hosted_module, "monotonic", lambda: clock.now)
    return clock


@pytest.fixture
def small() -> Iterator[str]:
    """Origin of a server that keeps little."""
    limits = LIMITS.with_values({"forks": 2, "snapshots": 1, "idle-seconds": 60})
    fake = Fake(seeding.build_state(seeding.load("default")), limits=limits)
    tenants = HostedFakes(fake, "test-token", limits)
    with Server(served_app(tenants)) as server:
        state = seeding.build_state(seeding.load("default"), addresses=addresses_for(server.origin))
        tenants.seed_default(state, server.origin)
        yield server.origin


def ask(method: str, url: str) -> requests.Response:
    return requests.request(method, url, json={} if method in ("POST", "PUT") else None, timeout=10)


def test_the_journal_is_read_page_by_page(fork: Fork) -> None:
    for name in ("Ada", "Bob", "Cleo"):
        fork.create_item(name)
    fork.call("GET", "/sites")

    def read(query: str) -> tuple[list[int], int]:
        page = fork.control("GET", f"/journal?{query}").json()
        return [one["number"] for one in page["exchanges"]], page["last"]

    assert read("") == ([1, 2, 3, 4], 4)
    assert read("after=1&limit=2") == ([2, 3], 3)
    assert read("after=3&limit=2") == ([4], 4)
    assert read("after=4") == ([], 4)
    assert read("operation=sites.list&limit=1") == ([4], 4)
    assert read("operation=items.create&after=3") == ([], 4)
    fork.control("DELETE", "/journal")
    assert read("after=4") == ([], 4)
    fork.create_item("Dora")
    assert read("after=4") == ([5], 5)
    fork.control("POST", "/reset")
    assert read("") == ([], 5)


@pytest.mark.parametrize("query", ["after=-1", "after=x", "limit=0", "limit=", "after=1.5"])
def test_pages_that_cannot_be(fork: Fork, query: str) -> None:
    refused = fork.control("GET", f"/journal?{query}")
    assert refused.status_code == 400
    assert query.partition("=")[0] in refused.json()["message"]


def test_the_journal_tells_all_but_secrets(fork: Fork) -> None:
    answered = fork.create_item("Ada")
    fork.call("POST", f"/collections/{fork.collection_ids['authors']}/items", data=b'{"a": \xff')
    fork.session.get(f"{fork.own_base_url}/sites", headers={"Cookie": "secret=1", "X-Mine": "yes"}, timeout=10)
    made, broken, refused = fork.control("GET", "/journal").json()["exchanges"]
    assert made["body"] == {"fieldData": {"name": "Ada"}}
    assert made["response_json"] == answered.json()
    assert (made["request_body"], made["response_body"], made["truncated"]) == (None, None, False)
    assert made["request_headers"]["content-type"] == "application/json"
    assert made["response_headers"]["Content-Type"] == answered.headers["Content-Type"]
    assert broken["body"] is None
    assert refused["request_headers"]["x-mine"] == "yes"
    assert refused["request_headers"]["cookie"] == "(not kept)"
    text = fork.control("GET", "/journal").text
    assert fork.token not in text
    assert "test-token" not in text
    assert "secret=1" not in text


def test_bodies_that_are_not_json_are_bytes(fork: Fork) -> None:
    path = f"/collections/{fork.collection_ids['authors']}/items"
    headers = {"Authorization": f"Bearer {fork.token}", "Content-Type": "application/json"}
    deep = b'{"fieldData": {"name": "x"}, "more": ' + b'{"a":' * 300 + b"1" + b"}" * 301
    for body in (b"name=Ada", b'{"a": \xff', deep):
        requests.post(fork.base_url + path, data=body, headers=headers, timeout=10)
    form, binary, nested = (one["request_body"] for one in fork.control("GET", "/journal").json()["exchanges"])
    assert form == {"text": "name=Ada", "truncated": False}
    assert binary == {"base64": "eyJhIjog/w==", "truncated": False}
    assert nested == {"text": deep.decode(), "truncated": False}


def test_too_many_forks_are_refused(small: str, clock: Clock) -> None:
    first = ask("POST", f"{small}/_fake/forks").json()
    ask("POST", f"{small}/_fake/forks")
    refused = ask("POST", f"{small}/_fake/forks")
    assert refused.status_code == 409
    assert "--limit forks=N" in refused.json()["message"]
    ask("DELETE", first["control_url"])
    assert ask("POST", f"{small}/_fake/forks").status_code == 201


def test_too_many_snapshots_are_refused(small: str, clock: Clock) -> None:
    with fork_at(small) as fork:
        for _ in range(2):
            assert fork.control("PUT", "/snapshots/one").status_code == 200
        refused = fork.control("PUT", "/snapshots/two")
        assert refused.status_code == 409
        assert "--limit snapshots=N" in refused.json()["message"]
        assert fork.control("GET", "/snapshots").json() == {"snapshots": ["one"]}


def test_what_is_idle_is_forgotten(small: str, clock: Clock) -> None:
    idle, used = (ask("POST", f"{small}/_fake/forks").json() for _ in range(2))
    ask("PUT", f"{used['control_url']}/snapshots/one")
    clock.now += 59
    headers = {"Authorization": f"Bearer {used['token']}"}
    assert requests.get(f"{used['base_url']}/sites", headers=headers, timeout=10).status_code == 200
    clock.now += 2
    gone = ask("GET", f"{idle['control_url']}/state")
    assert (gone.status_code, gone.json()["code"]) == (404, "no_such_fork")
    assert ask("GET", f"{used['control_url']}/state").json()["snapshots"] == []
    assert [one["id"] for one in ask("GET", f"{small}/_fake/forks").json()["forks"]] == [used["id"]]
