"""Forks by names of one's own: made once, found again, used and controlled by their path."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
from control_callers import ControlCaller
from messages import assert_facts

from fake_webflow import seeding
from fake_webflow.control import hosted_fakes as hosted_module
from fake_webflow.control.hosted_fakes import HostedFakes
from fake_webflow.fake import Fake


@pytest.fixture
def hosted_fakes() -> HostedFakes:
    return HostedFakes(Fake(seeding.build_state(seeding.load("timeline"))), "test-token")


@pytest.fixture
def caller(hosted_fakes: HostedFakes) -> ControlCaller:
    return ControlCaller(hosted_fakes)


@pytest.fixture
def times(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """What the machine's clock shows, to be changed."""
    now = [1000.0]
    monkeypatch.setattr(hosted_module, "monotonic", lambda: now[0])
    return now


def test_a_fork_is_made_once_and_found_again(caller: ControlCaller) -> None:
    body = {"rate_limit": 7, "kind": "site"}
    status, made = caller.ask("PUT", "/_fake/forks/Story-1", body)
    assert status == 201
    assert (made["id"], made["control_url"]) == ("Story-1", "http://127.0.0.1/_fake/forks/Story-1")
    assert made["base_url"] == made["own_base_url"] == "http://127.0.0.1/~Story-1/v2"
    assert caller.ask("PUT", "/_fake/forks/Story-1", {"kind": "site", "rate_limit": 7}) == (200, made)
    assert caller.ask("GET", "/_fake/forks/Story-1/rate-limit") == (200, {"limit": 7})
    status, refused = caller.ask("PUT", "/_fake/forks/Story-1", {"rate_limit": 8})
    assert (status, refused["code"]) == (409, "fork_exists")
    assert caller.ask("PUT", "/_fake/forks/story-1")[0] == 201  # case is kept
    _, listed = caller.ask("GET", "/_fake/forks")
    assert listed == {"forks": [{"id": "Story-1", "named": True}, {"id": "story-1", "named": True}]}


def test_it_is_used_below_its_path(caller: ControlCaller) -> None:
    _, made = caller.ask("PUT", "/_fake/forks/story")
    assert caller.ask("GET", "/~story/v2/sites", token=made["token"])[0] == 200
    assert caller.ask("GET", "/v2/sites", token=made["token"])[0] == 200
    assert len(caller.ask("GET", "/_fake/forks/story/journal")[1]["exchanges"]) == 2
    assert caller.ask("DELETE", "/_fake/forks/story") == (200, {"deleted": "story"})
    assert caller.ask("GET", "/~story/v2/sites", token="any")[0] == 404
    assert caller.ask("PUT", "/_fake/forks/story")[1]["token"] != made["token"]


def test_it_is_controlled_by_its_path_alone(caller: ControlCaller) -> None:
    _, made = caller.ask("PUT", "/_fake/forks/story")
    status, refused = caller.ask("GET", "/_fake/state", token=made["token"])
    assert (status, refused["code"]) == (400, "named_fork")
    assert_facts(refused["message"], "/_fake/forks/story/...")
    assert caller.ask("GET", "/_fake/forks/story/state")[1]["fork"] == "story"


@pytest.mark.parametrize("name", ["7", "-a", "a_b", "a.b", "ä", "a" * 64, "a%0A"])
def test_a_name_that_cannot_be(caller: ControlCaller, name: str) -> None:
    status, refused = caller.ask("PUT", f"/_fake/forks/{name}")
    assert (status, refused["code"]) == (400, "invalid_request")
    assert_facts(refused["message"], "a letter first", "63")
    assert caller.ask("GET", "/_fake/forks") == (200, {"forks": []})


def test_the_longest_name(caller: ControlCaller) -> None:
    assert caller.ask("PUT", f"/_fake/forks/{'a' * 63}")[0] == 201


@pytest.mark.parametrize("method", ["POST", "GET", "PATCH"])
def test_other_methods(caller: ControlCaller, method: str) -> None:
    assert caller.ask(method, "/_fake/forks/story")[0] in (405, 403)


def test_a_body_that_is_refused_makes_nothing(caller: ControlCaller) -> None:
    for body in (
        {"rate_limt": 1},
        {"idle_seconds": 0},
        {"idle_seconds": "1"},
        {"scenario": "defaul"},
        {"snapshot": "s"},
    ):
        assert caller.ask("PUT", "/_fake/forks/story", body)[0] in (400, 404)
    assert caller.ask("GET", "/_fake/forks/story/state")[0] == 404


def test_many_who_make_it_at_once_get_one(hosted_fakes: HostedFakes) -> None:
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: ControlCaller(hosted_fakes).ask("PUT", "/_fake/forks/story"), range(8)))
    assert len({made["token"] for _, made in answers}) == 1
    assert len(hosted_fakes) == 1


@pytest.mark.parametrize("keep", ["token", "path", "control"])
def test_it_is_kept_while_somebody_asks_for_it(caller: ControlCaller, times: list[float], keep: str) -> None:
    _, made = caller.ask("PUT", "/_fake/forks/story", {"idle_seconds": 10})
    caller.ask("PUT", "/_fake/forks/other", {"idle_seconds": 10})
    caller.ask("PUT", "/_fake/forks/longer")
    path = {"token": "/v2/sites", "path": "/~story/v2/sites", "control": "/_fake/forks/story/clock"}[keep]
    for _ in range(3):
        times[0] += 8
        assert caller.ask("GET", path, token=made["token"] if keep == "token" else "")[0] in (200, 401)
    assert [one["id"] for one in caller.ask("GET", "/_fake/forks")[1]["forks"]] == ["story", "longer"]
    times[0] += 12
    assert [one["id"] for one in caller.ask("GET", "/_fake/forks")[1]["forks"]] == ["longer"]


def test_files_lie_below_its_path(origin: str) -> None:
    made = requests.put(f"{origin}/_fake/forks/files", json={}, timeout=10).json()
    headers = {"Authorization": f"Bearer {made['token']}"}
    asked = {"fileName": "a.txt", "fileHash": "49f68a5c8493ec2c0bf489821c21fc3b"}
    url = f"{made['base_url']}/sites/{made['site_id']}/assets"
    asset = requests.post(url, json=asked, headers=headers, timeout=10).json()
    assert asset["uploadUrl"].startswith(f"{origin}/~files/")
    assert asset["hostedUrl"].startswith(f"{origin}/~files/")
    details = asset["uploadDetails"]
    assert requests.post(asset["uploadUrl"], data=details, files={"file": ("f", b"hi")}, timeout=10).ok
    assert requests.get(asset["hostedUrl"], timeout=10).content == b"hi"
    requests.delete(made["control_url"], timeout=10)
