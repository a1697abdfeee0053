"""Stubs: answers of a test's own for what is not simulated, and for that alone."""

from __future__ import annotations

from typing import Any

import pytest
import requests
from messages import assert_facts

from fake_webflow import ArrangingError, FakeWebflow
from fake_webflow.api.operations import OPERATIONS
from fake_webflow.api.router import not_simulated
from fake_webflow.conditions import CallCondition, ObservedCall
from fake_webflow.conditions.limits import LIMITS
from fake_webflow.conditions.stubs import Stub, Stubs
from fake_webflow.fake import fake_of
from fake_webflow.handle.names import FILE_OPERATIONS
from fake_webflow.testing.handle import make_handle

Headers = dict[str, str]
API = "https://api.webflow.com/v2"


@pytest.fixture
def pages_url(fake_webflow: FakeWebflow) -> str:
    return f"{API}/sites/{fake_webflow.site.id}/pages"


def test_a_stub_answers_in_place_of_501(fake_webflow: FakeWebflow, pages_url: str, headers: Headers) -> None:
    assert requests.get(pages_url, headers=headers).status_code == 501
    pages = {"pages": [{"id": "p1", "title": "Über"}], "pagination": {"total": 1}}
    stub = fake_webflow.stub("list-pages", json=pages)
    answer = requests.get(pages_url, params={"limit": "1"}, headers=headers)
    assert (answer.status_code, answer.json(), stub.answered) == (200, pages, 1)
    assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
    assert {"ETag", "X-RateLimit-Limit", "X-Fake-Webflow-Stub"} <= set(answer.headers)
    (call,) = fake_webflow.journal.calls_to("list-pages")[1:]
    assert (call.stubbed, call.status, call.clauses) == (True, 200, ())
    assert call.query == {"limit": "1"}
    assert str(call).endswith("(list-pages, stubbed)")
    assert not fake_webflow.journal[0].stubbed
    stub.stop()
    assert requests.get(pages_url, headers=headers).status_code == 501
    assert stub.answered == 0


def test_what_was_sent_stands_in_the_journal(fake_webflow: FakeWebflow, headers: Headers) -> None:
    fake_webflow.stub("update-page-settings", status=204)
    answer = requests.put(f"{API}/pages/p1", json={"title": "New"}, headers=headers)
    assert (answer.status_code, answer.content) == (204, b"")
    assert "Content-Type" not in answer.headers
    fake_webflow.journal.assert_called("update-page-settings", json={"title": "New"}, path_params={"page_id": "p1"})


def test_every_operation_that_is_not_simulated_takes_one(fake_webflow: FakeWebflow, headers: Headers) -> None:
    for operation in not_simulated():
        fake_webflow.stub(operation.name, json={"name": operation.name})
        url = f"{API}{operation.path.replace('{', '').replace('}', '')}"
        assert requests.request(operation.method, url, headers=headers).json() == {"name": operation.name}


@pytest.mark.parametrize(
    "name", sorted({*(one.name for one in OPERATIONS), *(one.official for one in OPERATIONS), *FILE_OPERATIONS})
)
def test_no_operation_that_is_simulated_takes_one(fake_webflow: FakeWebflow, name: str) -> None:
    ours = next((one.name for one in OPERATIONS if name in (one.name, one.official)), name)
    with pytest.raises(ValueError, match="is simulated") as refused:
        fake_webflow.stub(name, json={})
    assert_facts(str(refused.value), name, f'faults.on("{ours}")', "profile")
    assert not fake_webflow.state.stubs.scripts


def test_it_answers_after_token_and_rate_limit(fake_webflow: FakeWebflow, pages_url: str, headers: Headers) -> None:
    stub = fake_webflow.stub("list-pages", json={})
    fake_webflow.rate_limit(1)
    assert requests.get(pages_url).status_code == 401
    assert [requests.get(pages_url, headers=headers).status_code for _ in range(2)] == [200, 429]
    assert stub.answered == 1
    assert [call.stubbed for call in fake_webflow.journal] == [False, True, False]


def test_a_fault_comes_before_it(fake_webflow: FakeWebflow, pages_url: str, headers: Headers) -> None:
    fake_webflow.stub("list-pages", json={"pages": []}, times=1)
    fake_webflow.faults.on("list-pages", nth=1).respond(503)
    assert [requests.get(pages_url, headers=headers).status_code for _ in range(3)] == [503, 200, 501]


def test_the_newest_match_wins_and_times_runs_out(fake_webflow: FakeWebflow, headers: Headers) -> None:
    fake_webflow.stub("get-page-metadata", json={"which": "any"})
    fake_webflow.stub("get-page-metadata", path_params={"page_id": "p1"}, json={"which": "p1"}, times=2)

    def ask(page: str) -> Any:
        return requests.get(f"{API}/pages/{page}", headers=headers).json()["which"]

    assert [ask("p1"), ask("p2"), ask("p1"), ask("p1")] == ["p1", "any", "p1", "any"]


def test_its_headers_come_beside_the_usual_ones_or_in_their_place(
    fake_webflow: FakeWebflow, pages_url: str, headers: Headers
) -> None:
    own = {"content-type": "text/plain", "retry-after": "7", "X-Own": "yes"}
    fake_webflow.stub("list-pages", status=503, json="busy", headers=own)
    answer = requests.get(pages_url, headers=headers)
    assert {name: answer.raw.headers.getlist(name) for name in own} == {name: [value] for name, value in own.items()}


def test_it_is_part_of_the_state(fake_webflow: FakeWebflow, pages_url: str, headers: Headers) -> None:
    fake_webflow.stub("list-pages", json={}, times=1)
    fork = make_handle(fake_of(fake_webflow).fork())
    assert fork.state.stubs == fake_webflow.state.stubs
    with fake_webflow.snapshot():
        fake_webflow.stub("list-forms", json={})
        assert [requests.get(pages_url, headers=headers).status_code for _ in range(2)] == [200, 501]
    assert requests.get(pages_url, headers=headers).status_code == 200
    assert requests.get(pages_url.replace("pages", "forms"), headers=headers).status_code == 501
    assert [one.answered for one in fork.state.stubs.scripts] == [0]
    fake_webflow.scenario("default")
    assert len(fake_webflow.state.stubs.scripts) == 1, "a scenario has data, and leaves conditions as they are"


def test_head_and_known_bodies(fake_webflow: FakeWebflow, pages_url: str, headers: Headers) -> None:
    fake_webflow.stub("list-pages", json={"pages": []})
    whole = requests.get(pages_url, headers=headers)
    head = requests.head(pages_url, headers=headers)
    assert (head.status_code, head.content, head.headers["Content-Length"]) == (200, b"", str(len(whole.content)))
    again = requests.get(pages_url, headers=headers | {"If-None-Match": whole.headers["ETag"]})
    assert again.status_code == 304


def test_a_body_that_is_too_large_uses_nothing_up(fake_webflow: FakeWebflow, headers: Headers) -> None:
    stub = fake_webflow.stub("update-page-settings", json={}, times=1)
    answer = requests.put(f"{API}/pages/p1", data=b" " * (10 * 1024 * 1024 + 1), headers=headers)
    assert (answer.status_code, stub.answered) == (413, 0)


@pytest.mark.parametrize(
    ("arguments", "facts"),
    [
        ({"operation": "list-page"}, ["'list-page'", "did you mean list-pages"]),
        ({"operation": None}, ["None", "not simulated"]),
        ({"operation": "/v2/sites"}, ["not simulated"]),
        ({"operation": "list-*"}, ["not simulated"]),
        ({"path_params": {"side_id": "x"}}, ["'side_id'", "did you mean site_id?"]),
        ({"path_params": {"page_id": "x"}}, ["'page_id'", "site_id"]),
        ({"path_params": {"site_id": 5}}, ["site_id", "5"]),
        ({"path_params": {"site_id": ""}}, ["site_id", "''"]),
        ({"path_params": ["site_id"]}, ["path_params", "site_id"]),
        ({"status": 199}, ["200 to 599", "199"]),
        ({"status": 600}, ["200 to 599", "600"]),
        ({"status": "200"}, ["'200'"]),
        ({"status": True}, ["True"]),
        ({"status": 204, "json": {}}, ["204", "leave json out"]),
        ({"json": {"x": object()}}, ["JSON"]),
        ({"json": {1: 2}}, ["JSON"]),
        ({"json": 2**70}, ["JSON"]),
        ({"headers": {"a b": "c"}}, ["'a b'"]),
        ({"headers": {"X-A": "b\r\nX-B: c"}}, ["X-A"]),
        ({"headers": {"X-A": 5}}, ["X-A", "5"]),
        ({"headers": {"Content-Length": "5"}}, ["Content-Length", "leave it out"]),
        ({"headers": "X-A: 5"}, ["'X-A: 5'"]),
        ({"times": 0}, ["times", "0"]),
        ({"times": 1.5}, ["times", "1.5"]),
    ],
)
def test_what_cannot_be_is_refused(fake_webflow: FakeWebflow, arguments: dict[str, Any], facts: list[str]) -> None:
    with pytest.raises(ValueError, match=r"not|leave|json|header|times|path") as refused:
        fake_webflow.stub(**{"operation": "list-pages", **arguments})
    assert_facts(str(refused.value), *facts)
    assert not fake_webflow.state.stubs.scripts


@pytest.mark.parametrize(
    ("limit", "json", "facts"),
    [("stubs", None, ["2 stubs", "'stubs'"]), ("stub-bytes", "x", ["2 bytes", "'stub-bytes'"])],
)
def test_there_is_a_bound(limit: str, json: Any, facts: list[str]) -> None:
    webflow = FakeWebflow(limits={limit: 2})
    webflow.stub("list-pages")
    webflow.stub("list-forms")
    with pytest.raises(ArrangingError) as refused:
        webflow.stub("list-pages", json=json)
    assert_facts(str(refused.value), *facts, "--limit")
    assert len(webflow.state.stubs.scripts) == 2


def test_bytes_count_headers_and_bodies() -> None:
    stub = Stub(0, CallCondition(), headers=(("X-A", "bc"),), body=b"1234")
    with pytest.raises(ArrangingError):
        Stubs().add(stub, LIMITS._replace(stub_bytes=8))
    assert Stubs().add(stub, LIMITS._replace(stub_bytes=9)).scripts[0].number == 1


def test_numbers_are_not_used_again() -> None:
    stub = Stub(0, CallCondition(frozenset(["list-pages"])))
    stubs = Stubs().add(stub, LIMITS).without(1).add(stub, LIMITS)
    assert [one.number for one in stubs.scripts] == [2]
    assert stubs.count_call(ObservedCall("list-forms", "GET", "/v2")) == (stubs, None)
