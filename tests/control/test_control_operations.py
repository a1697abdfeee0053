"""What the control interface does, over the socket."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
import requests
from control_callers import Fork, fork_at

from fake_webflow.conditions import START
from fake_webflow.world.instants import parse_instant

MADE = {
    *("id", "token", "base_url", "own_base_url", "control_url", "client_secret"),
    *("site_id", "collection_ids", "sites"),
}


def test_a_fork_is_made_used_and_deleted(origin: str) -> None:
    made = requests.post(f"{origin}/_fake/forks", json={}, timeout=10)
    assert made.status_code == 201
    said = made.json()
    assert set(said) == MADE
    assert said["base_url"] == f"{origin}/v2"
    assert re.fullmatch("[0-9a-f]{64}", said["token"])
    assert re.fullmatch("[0-9a-f]{64}", said["client_secret"])
    assert requests.get(f"{said['control_url']}/state", timeout=10).json()["client_secret"] == said["client_secret"]
    headers = {"Authorization": f"Bearer {said['token']}"}
    sites = requests.get(f"{said['base_url']}/sites", headers=headers, timeout=10).json()["sites"]
    assert [site["id"] for site in sites] == [said["site_id"]] == [site["id"] for site in said["sites"]]
    assert {"id": said["id"], "named": False} in requests.get(f"{origin}/_fake/forks", timeout=10).json()["forks"]
    deleted = requests.delete(f"{origin}/_fake/forks/{said['id']}", timeout=10)
    assert (deleted.status_code, deleted.json()) == (200, {"deleted": said["id"]})
    left = requests.get(f"{origin}/_fake/forks", timeout=10).json()["forks"]
    assert said["id"] not in [fork["id"] for fork in left]
    assert requests.delete(f"{origin}/_fake/forks/{said['id']}", timeout=10).status_code == 404


def test_the_options_of_a_fork(origin: str) -> None:
    options = {
        "rate_limit": 2,
        "profile": {"lists.limit-over-100": "reject"},
        "seed": 77,
        "scopes": ["sites:read", "cms:read", "cms:write"],
        "kind": "site",
    }
    with fork_at(origin, **options) as fork, fork_at(origin) as usual:
        authors = f"/collections/{fork.collection_ids['authors']}/items"
        assert fork.call("GET", f"{authors}?limit=101").status_code == 400
        assert usual.call("GET", f"{authors}?limit=101").status_code == 200
        assert fork.call("GET", f"/sites/{fork.site_id}/assets").status_code == 403
        assert fork.call("GET", "/sites").status_code == 429
        fork.control("PUT", "/rate-limit", {"limit": None})
        made = [one.create_item("Ada").json()["id"] for one in (fork, usual)]
        assert made[0][8:18] != made[1][8:18]
        state = fork.control("GET", "/state").json()
        assert (state["profile"], state["rate_limit"]) == ({"lists.limit-over-100": "reject"}, None)


def test_the_kind_of_token_is_the_asked_one(origin: str) -> None:
    with fork_at(origin, kind="site") as fork:
        assert fork.call("GET", "/token/introspect").status_code == 500


def test_a_fork_starts_from_what_the_meant_fake_began_with(fork: Fork, origin: str) -> None:
    fork.create_item("Ada")
    made = requests.post(
        f"{origin}/_fake/forks", json={}, headers={"Authorization": f"Bearer {fork.token}"}, timeout=10
    ).json()
    child = Fork(made, fork.session)
    assert "Ada" not in child.names()
    child.control("DELETE", "")


def test_a_fork_of_a_snapshot(fork: Fork, origin: str) -> None:
    fork.create_item("Ada")
    assert fork.control("PUT", "/snapshots/with ada").json() == {"snapshots": ["with ada"]}
    fork.create_item("Bob")
    headers = {"Authorization": f"Bearer {fork.token}"}
    made = requests.post(f"{origin}/_fake/forks", json={"snapshot": "with ada"}, headers=headers, timeout=10).json()
    child = Fork(made, fork.session)
    assert [name for name in child.names() if name in ("Ada", "Bob")] == ["Ada"]
    child.create_item("Cleo")
    assert child.control("POST", "/reset").status_code == 200
    assert [name for name in child.names() if name in ("Ada", "Cleo")] == ["Ada"]
    child.control("DELETE", "")


def test_files_of_a_fork_of_a_snapshot_are_its_own(fork: Fork, origin: str) -> None:
    asset = fork.register(b"picture", "p.png")
    assert fork.post_form(asset, b"picture").status_code == 201
    path, slug, _ = fork.item_with_a_picture()
    fork.call("PATCH", path, json={"fieldData": {slug: {"url": asset["hostedUrl"]}}}).raise_for_status()
    fork.control("PUT", "/snapshots/illustrated")
    headers = {"Authorization": f"Bearer {fork.token}"}
    body = {"snapshot": "illustrated"}
    child = Fork(requests.post(f"{origin}/_fake/forks", json=body, headers=headers, timeout=10).json(), fork.session)
    fork.control("DELETE", "")
    url = child.call("GET", path).json()["fieldData"][slug]["url"]
    assert f"/~{child.id}/cdn/" in url
    assert requests.get(url, timeout=10).content == b"picture"
    child.control("DELETE", "")


@pytest.mark.parametrize("inline", [False, True])
def test_a_fork_of_a_scenario(origin: str, inline: bool) -> None:
    data = {"sites": [{"displayName": "Mine", "assets": [{"fileName": "a.txt", "text": "hello"}]}]}
    with fork_at(origin, **({"data": data} if inline else {"scenario": "timeline"}), seed=3) as fork:
        sites = fork.call("GET", "/sites").json()["sites"]
        assert [site["id"] for site in sites] == [fork.site_id]
        assert (sites[0]["displayName"] == "Mine") == inline
        if inline:
            (asset,) = fork.call("GET", f"/sites/{fork.site_id}/assets").json()["assets"]
            assert requests.get(asset["hostedUrl"], timeout=10).content == b"hello"


def test_reset_goes_back_to_the_beginning(fork: Fork) -> None:
    before = fork.control("GET", "/state").json()
    fork.create_item("Ada")
    fork.control("PUT", "/rate-limit", {"limit": 5})
    fork.control("POST", "/clock/advance", {"seconds": 1000})
    fork.control("POST", "/faults", {"then": {"respond": {"status": 500}}})
    assert fork.call("GET", "/sites").status_code == 500
    assert fork.control("POST", "/reset").json() == before
    assert fork.control("GET", "/state").json() == before
    assert "Ada" not in fork.names()


def test_snapshots_are_taken_restored_and_deleted(fork: Fork, other: Fork) -> None:
    fork.create_item("Ada")
    fork.control("PUT", "/snapshots/one")
    fork.create_item("Bob")
    fork.control("PUT", "/snapshots/two")
    assert fork.control("GET", "/snapshots").json() == {"snapshots": ["one", "two"]}
    assert other.control("GET", "/snapshots").json() == {"snapshots": []}
    assert fork.control("POST", "/snapshots/one/restore").status_code == 200
    assert {"Ada", "Bob"} & set(fork.names()) == {"Ada"}
    assert fork.control("POST", "/snapshots/two/restore").status_code == 200
    assert {"Ada", "Bob"} & set(fork.names()) == {"Ada", "Bob"}
    assert fork.control("DELETE", "/snapshots/one").json() == {"snapshots": ["two"]}
    lost = fork.control("POST", "/snapshots/one/restore")
    assert (lost.status_code, lost.json()["code"]) == (404, "no_such_snapshot")


def test_the_clock_is_read_frozen_advanced_and_run(fork: Fork) -> None:
    frozen = fork.control("POST", "/clock/freeze").json()
    assert frozen["frozen"] is True
    now = datetime.fromtimestamp(frozen["now"] / 1000, tz=UTC)
    assert frozen["time"] == now.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    advanced = fork.control("POST", "/clock/advance", {"seconds": 61.5}).json()
    assert advanced["now"] == frozen["now"] + 61_500
    assert fork.control("GET", "/clock").json() == advanced
    created = parse_instant(fork.create_item("Ada").json()["createdOn"])
    assert created - advanced["now"] in (0, 1)  # a frozen clock moves a millisecond a write
    running = fork.control("POST", "/clock/run").json()
    assert running["frozen"] is False
    assert running["now"] >= advanced["now"]


def test_the_clock_moves_the_rate_window(fork: Fork) -> None:
    assert fork.control("PUT", "/rate-limit", {"limit": 1}).json() == {"limit": 1}
    assert fork.control("GET", "/rate-limit").json() == {"limit": 1}
    assert [fork.call("GET", "/sites").status_code for _ in range(2)] == [200, 429]
    fork.control("POST", "/clock/advance", {"seconds": 61})
    assert fork.call("GET", "/sites").status_code == 200


@pytest.mark.parametrize(
    ("then", "status", "said"),
    [
        ({"respond": {"status": 503}}, 503, "503 service_unavailable"),
        ({"respond": {"status": 400, "code": "odd", "message": "Odd"}}, 400, "400 odd"),
        ({"refuse": {"clause": "items.not-found"}}, 404, "refused by items.not-found"),
        ({"too_many_requests": {"retry_after": 7}}, 429, "429 with Retry-After 7"),
        ({"too_many_requests": {}}, 429, "429 with Retry-After honest"),
        ({"delay": {"seconds": 3}, "respond": {"status": 500}}, 500, "delayed by 3 s, 500 internal_error"),
    ],
)
def test_a_fault_hits_what_it_names(fork: Fork, then: dict[str, Any], status: int, said: str) -> None:
    when = {"operations": ["items.*"], "nth": 2}
    fault = fork.control("POST", "/faults", {"when": when, "then": then})
    assert fault.status_code == 201
    assert ", ".join(fault.json()["then"]) == said
    assert "items.create" in fault.json()["when"]["operations"]
    got = [fork.call("GET", f"/collections/{fork.collection_ids['authors']}/items").status_code for _ in range(3)]
    assert got == [200, status, 200]
    assert fork.control("GET", "/faults").json()["faults"][0] | {"when": None} == {
        "number": 0, "when": None, "then": said.split(", "), "seen": 3, "hit": 1,
    }  # fmt: skip
    assert [one["fault"] for one in fork.control("GET", "/journal").json()["exchanges"]] == ["", said, ""]


@pytest.mark.parametrize("effect", ["reset_before", "reset_after", "truncated_body"])
def test_faults_of_the_network_reach_the_socket(fork: Fork, effect: str, caplog: pytest.LogCaptureFixture) -> None:
    fork.control("POST", "/faults", {"when": {"operations": ["items.create"]}, "then": {effect: {}}})
    lost = requests.exceptions.ChunkedEncodingError if effect == "truncated_body" else requests.ConnectionError
    with pytest.raises(lost):
        fork.create_item("Ada")
    fork.control("DELETE", "/faults")
    assert ("Ada" in fork.names()) == (effect != "reset_before")
    assert not caplog.messages  # which a served fake would print


def test_s3_fails_by_name(fork: Fork) -> None:
    when = {"operations": ["files.upload"], "first": 1}
    fork.control("POST", "/faults", {"when": when, "then": {"s3_error": {"code": "SlowDown"}}})
    asset = fork.register(b"x")
    assert [fork.post_form(asset, b"x").status_code for _ in range(2)] == [503, 201]


def test_stubs_answer_what_is_not_simulated(fork: Fork) -> None:
    pages, body = f"/sites/{fork.site_id}/pages", {"pages": [], "name": "Über"}
    made = fork.control("POST", "/stubs", {"operation": "list-pages", "json": body, "headers": {"X-A": "b"}})
    stub = {"id": 1, "operation": "list-pages", "path_params": {}, "status": 200, "json": body, "times": None}
    stub |= {"headers": {"X-A": "b"}, "answered": 0}
    assert (made.status_code, made.json()) == (201, stub)
    answer = fork.call("GET", pages)
    assert (answer.status_code, answer.json(), answer.headers["X-A"]) == (200, body, "b")
    assert fork.control("GET", "/stubs").json() == {"stubs": [stub | {"answered": 1}]}
    assert fork.control("GET", "/state").json()["stubs"] == 1
    (exchange,) = fork.control("GET", "/journal?operation=list-pages").json()["exchanges"]
    assert (exchange["stubbed"], exchange["response_json"]) == (True, body)


def test_stubs_are_taken_off_one_by_one_or_all(fork: Fork) -> None:
    which = {"path_params": {"site_id": fork.site_id}, "status": 204, "times": 2}
    ids = [fork.control("POST", "/stubs", {"operation": "list-pages", **which}).json()["id"] for _ in range(3)]
    left = fork.control("DELETE", f"/stubs/{ids[1]}").json()["stubs"]
    assert [one["id"] for one in left] == [ids[0], ids[2]]
    assert left[0].items() >= which.items()
    assert left[0]["json"] is None
    assert fork.control("DELETE", f"/stubs/{ids[1]}").status_code == 404
    fork.control("PUT", "/snapshots/with-stubs")
    assert fork.control("DELETE", "/stubs").json() == {"stubs": []}
    assert fork.call("GET", f"/sites/{fork.site_id}/pages").status_code == 501
    fork.control("POST", "/snapshots/with-stubs/restore")
    assert fork.call("GET", f"/sites/{fork.site_id}/pages").status_code == 204
    fork.control("POST", "/seed", {"scenario": "default"})
    assert len(fork.control("GET", "/stubs").json()["stubs"]) == 2
    fork.control("POST", "/reset")
    assert len(fork.control("GET", "/stubs").json()["stubs"]) == 2, "a seed is what a reset goes back to"


def test_a_fault_narrows_by_parts_of_the_path(fork: Fork) -> None:
    when = {"operations": ["sites.get"], "path_params": {"site_id": fork.site_id}}
    made = fork.control("POST", "/faults", {"when": when, "then": {"respond": {"status": 500}}}).json()
    assert made["when"]["path_params"] == when["path_params"]
    assert fork.call("GET", f"/sites/{fork.site_id}").status_code == 500
    assert fork.call("GET", "/sites").status_code == 200


def test_faults_are_taken_off_one_by_one_or_all(fork: Fork) -> None:
    numbers = [
        fork.control("POST", "/faults", {"when": {"every": count}, "then": {"respond": {"status": 500}}}).json()[
            "number"
        ]
        for count in (2, 3, 5)
    ]
    left = fork.control("DELETE", f"/faults/{numbers[1]}").json()["faults"]
    assert [(one["number"], one["when"]["every"]) for one in left] == [(numbers[0], 2), (numbers[2], 5)]
    assert fork.control("DELETE", f"/faults/{numbers[1]}").status_code == 404
    assert fork.control("DELETE", "/faults").json() == {"faults": []}
    assert [fork.call("GET", "/sites").status_code for _ in range(5)] == [200] * 5


def test_the_journal_is_filtered_and_emptied(fork: Fork) -> None:
    fork.control("POST", "/clock/freeze")
    fork.create_item("Ada")
    later = fork.control("POST", "/clock/advance", {"seconds": 10}).json()
    fork.call("GET", f"/collections/{fork.collection_ids['authors']}/items/{'0' * 24}")
    fork.call("GET", "/sites")

    def found(query: str) -> list[str]:
        return [one["operation"] for one in fork.control("GET", f"/journal?{query}").json()["exchanges"]]

    assert found("") == ["items.create", "items.get", "sites.list"]
    assert found("operation=items.*") == ["items.create", "items.get"]
    assert found("operation=sites.list") == ["sites.list"]
    assert found("status=404") == ["items.get"]
    assert found("status=2xx") == ["items.create", "sites.list"]
    assert found(f"since={later['now']}") == ["items.get", "sites.list"]
    assert found(f"since={later['time']}&status=2XX") == ["sites.list"]
    (refused,) = fork.control("GET", "/journal?status=404").json()["exchanges"]
    assert refused["clauses"] == ["items.not-found"]
    assert refused["time"] == later["time"]
    assert set(refused) == {
        "time", "instant", "milliseconds", "method", "path", "query", "operation", "parameters", "body", "status",
        "clauses", "message", "problems", "fault", "number", "request_body", "request_headers", "response_body",
        "response_json", "response_headers", "stubbed", "truncated",
    }  # fmt: skip
    assert fork.control("DELETE", "/journal").json() == {"exchanges": [], "last": 3}
    assert found("") == []


def test_seeding_goes_over_to_another_world_which_a_reset_goes_back_to(fork: Fork) -> None:
    fork.control("PUT", "/rate-limit", {"limit": 40})
    seeded = fork.control("POST", "/seed", {"data": {"sites": [{"displayName": "Mine", "shortName": "mine"}]}})
    assert seeded.status_code == 200, seeded.text
    assert [site["short_name"] for site in seeded.json()["sites"]] == ["mine"]
    assert [site["displayName"] for site in fork.call("GET", "/sites").json()["sites"]] == ["Mine"]
    assert fork.control("GET", "/state").json()["rate_limit"] == 40
    assert fork.control("POST", "/reset").json()["site_id"] == seeded.json()["site_id"]
    assert fork.control("POST", "/seed", {"scenario": "default"}).json()["site_id"] == fork.site_id


def test_seeding_takes_the_choices_of_the_scenario_and_those_given(fork: Fork) -> None:
    data = {"sites": [], "profile": {"lists.limit-over-100": "reject", "items.slug.scope": "collection-and-locale"}}
    fork.control("POST", "/seed", {"data": data, "profile": {"lists.limit-over-100": "clamp"}})
    assert fork.control("GET", "/state").json()["profile"] == {"items.slug.scope": "collection-and-locale"}


def test_the_fake_of_the_server_is_meant_without_a_token_or_with_its_own(origin: str) -> None:
    for headers in ({}, {"Authorization": "Bearer test-token"}):
        state = requests.get(f"{origin}/_fake/state", headers=headers, timeout=10).json()
        assert state["fork"] is None


def test_the_token_names_the_fork_at_the_plain_paths(fork: Fork, origin: str) -> None:
    headers = {"Authorization": f"Bearer {fork.token}"}
    assert requests.get(f"{origin}/_fake/state", headers=headers, timeout=10).json()["fork"] == fork.id


def test_what_control_asks_is_no_part_of_the_journal(fork: Fork) -> None:
    fork.control("GET", "/state")
    fork.control("POST", "/clock/advance", {"seconds": 1})
    assert fork.operations() == []


class _Receiver(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        self.send_response(500)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing is printed."""


@pytest.fixture
def failing_receiver() -> Iterator[str]:
    """The address of a receiver of webhooks that is out of order."""
    server = HTTPServer(("127.0.0.1", 0), _Receiver)
    answering = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    answering.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    answering.join()
    server.server_close()


def test_a_deleted_fork_tells_webhooks_nothing_more(origin: str, failing_receiver: str) -> None:
    threads = set(threading.enumerate())
    with fork_at(origin) as fork:
        fork.control("POST", "/clock/run")  # while it stands, nobody waits for a retry
        hook = {"triggerType": "collection_item_created", "url": failing_receiver}
        assert fork.call("POST", f"/sites/{fork.site_id}/webhooks", json=hook).ok
        fork.create_item("Ada")
        (waiting,) = (one for one in threading.enumerate() if one not in threads and "webhooks" in one.name)
    waiting.join(10)
    assert not waiting.is_alive()


def test_the_clock_is_set_and_no_data_with_it(fork: Fork) -> None:
    before = fork.call("GET", "/sites").json()
    later = fork.control("PUT", "/clock", {"time": "2040-05-01T12:00:00Z"})
    assert (later.status_code, later.json()["time"]) == (200, "2040-05-01T12:00:00.000Z")
    assert fork.control("PUT", "/clock", {"time": "2026-01-01T01:00:00+01:00"}).json()["now"] == START
    assert fork.call("GET", "/sites").json() == before
    made = fork.create_item("Ada").json()["createdOn"]
    refused = fork.control("PUT", "/clock", {"time": "2024-05-01"})
    assert (refused.status_code, refused.json()["code"]) == (409, "before_newest_date")
    assert made in refused.json()["message"]
    assert fork.control("GET", "/clock").json()["time"] == made


def test_a_fork_begins_when_it_is_told(origin: str, fork: Fork) -> None:
    with fork_at(origin, scenario="default", now="2024-05-01T12:00:00Z") as other:
        assert other.control("GET", "/clock").json()["time"] == "2024-05-01T12:00:00.000Z"
        assert other.site_id == fork.site_id
        site, usual = (one.call("GET", f"/sites/{one.site_id}").json()["createdOn"] for one in (other, fork))
        assert parse_instant(usual) - parse_instant(site) == START - parse_instant("2024-05-01T12:00:00Z")
        other.control("POST", "/clock/advance", {"seconds": 5})
        other.control("POST", "/reset")
        assert other.control("GET", "/clock").json()["time"] == "2024-05-01T12:00:00.000Z"
        # What is seeded later goes on from there, unless it says otherwise.
        other.control("POST", "/seed", {"scenario": "default"})
        assert other.call("GET", f"/sites/{other.site_id}").json()["createdOn"] == site
        other.control("POST", "/seed", {"scenario": "default", "now": "2026-01-01"})
        assert other.call("GET", f"/sites/{other.site_id}").json()["createdOn"] == usual
        assert other.control("POST", "/seed", {"scenario": "empty", "now": "machine"}).status_code == 200
        assert other.control("GET", "/clock").json()["frozen"] is False


@pytest.mark.parametrize("body", [{}, {"snapshot": "one"}])
def test_a_world_that_is_there_has_its_beginning(fork: Fork, origin: str, body: dict[str, str]) -> None:
    fork.control("PUT", "/snapshots/one")
    headers = {"Authorization": f"Bearer {fork.token}"}
    wanted = {"now": "2024-05-01", **body}
    refused = requests.post(f"{origin}/_fake/forks", json=wanted, headers=headers, timeout=10)
    assert refused.status_code == 400
    assert "PUT /_fake/clock" in refused.json()["message"]
