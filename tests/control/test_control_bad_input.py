"""What cannot be done is refused in one line that says what could."""

from __future__ import annotations

import json
from typing import Any

import pytest
import requests
from control_callers import Fork, LocalClient, served_app
from hypothesis import given
from hypothesis import strategies as st
from messages import assert_facts

from fake_webflow import FakeWebflow
from fake_webflow.control.document import load_control_document
from fake_webflow.control.hosted_fakes import HostedFakes
from fake_webflow.fake import fake_of

SITE = {"displayName": "Mine"}


@pytest.mark.parametrize(
    ("method", "path", "body", "said"),
    [
        ("POST", "/clock/advance", {}, "seconds is missing"),
        ("POST", "/clock/advance", {"seconds": "1"}, "seconds: must be a number, not a string"),
        ("POST", "/clock/advance", {"seconds": True}, "seconds: must be a number"),
        ("POST", "/clock/advance", {"seconds": -1}, "only goes forward"),
        ("POST", "/clock/advance", {"seconds": 1e300}, "beyond the year 9999"),
        ("POST", "/clock/advance", {"second": 1}, "did you mean seconds?"),
        ("POST", "/clock/advance", [], "JSON object"),
        ("PUT", "/clock", {}, "time is missing"),
        ("PUT", "/clock", {"time": 5}, "time: must be a string"),
        ("PUT", "/clock", {"time": "soon"}, "ISO text as '2024-05-01T12:00:00Z'"),
        ("PUT", "/clock", {"time": "9999-01-01"}, "1970 to 9998"),
        ("POST", "/seed", {"now": "2024-05-01"}, 'name its "scenario"'),
        ("POST", "/seed", {"scenario": "default", "now": "soon"}, "'machine'"),
        (
            "POST",
            "/seed",
            {"data": {"sites": [{"createdOn": "2024-05-02T00:00:00Z"}]}, "now": "2024-05-01"},
            "begins at 2024-05-01T00:00:00.000Z",
        ),
        ("POST", "/reset", {"all": True}, "all: unknown key"),
        ("PUT", "/rate-limit", {"limit": 0}, "at least 1, or off (None in Python, null in JSON); not 0"),
        ("PUT", "/rate-limit", {"limit": 1.5}, "limit: must be a whole number or null"),
        ("PUT", "/rate-limit", {}, "limit is missing"),
        ("POST", "/seed", {}, "say what to seed"),
        ("POST", "/seed", {"scenario": "defalt"}, "'defalt'; did you mean default?"),
        ("POST", "/seed", {"scenario": "/etc/passwd.json"}, "no scenario is named '/etc/passwd.json'"),
        ("POST", "/seed", {"scenario": "default", "data": {}}, "scenario and data do not go together"),
        ("POST", "/seed", {"data": {"sites": [{"displayName": 3}]}}, "data: sites[0].displayName: must be a string"),
        ("POST", "/seed", {"data": {"sites": [{**SITE, "colections": []}]}}, "did you mean collections?"),
        (
            "POST",
            "/seed",
            {"data": {"sites": [{**SITE, "assets": [{"fileName": "a", "file": "/etc/passwd"}]}]}},
            "not read; send the bytes",
        ),
        ("POST", "/seed", {"data": {}, "profile": {"items.slug.scop": "collection"}}, "did you mean items.slug.scope"),
        ("POST", "/seed", {"data": {}, "profile": {"items.slug.scope": "planet"}}, "has no option 'planet'"),
        ("POST", "/stubs", {}, "operation is missing"),
        ("POST", "/stubs", {"operation": "list-page"}, "did you mean list-pages"),
        ("POST", "/stubs", {"operation": "list-sites"}, "simulated, as sites.list"),
        ("POST", "/stubs", {"operation": 5}, "operation: must be a string"),
        ("POST", "/stubs", {"operation": "list-pages", "jsn": {}}, "did you mean json?"),
        ("POST", "/stubs", {"operation": "list-pages", "status": "200"}, "status: must be a whole number"),
        ("POST", "/stubs", {"operation": "list-pages", "status": 100}, "from 200 to 599"),
        ("POST", "/stubs", {"operation": "list-pages", "times": 0}, "1 or more"),
        ("POST", "/stubs", {"operation": "list-pages", "headers": {"X-A": 1}}, "X-A: must be a string"),
        ("POST", "/stubs", {"operation": "list-pages", "path_params": {"page": "x"}}, "site_id"),
        ("POST", "/faults", {}, "then is missing"),
        ("POST", "/faults", {"then": {}}, "name what happens"),
        ("POST", "/faults", {"then": {"responde": {}}}, "then.responde: unknown key; did you mean respond?"),
        ("POST", "/faults", {"then": {"respond": {}}}, "then.respond: status is missing"),
        ("POST", "/faults", {"then": {"respond": {"status": 200}}}, "from 400 to 599"),
        ("POST", "/faults", {"then": {"respond": {"status": 429}}}, "too_many_requests"),
        ("POST", "/faults", {"then": {"refuse": {"clause": "items.not-fond"}}}, "items.not-fond"),
        ("POST", "/faults", {"then": {"refuse": {"clause": "rate.window"}}}, "refuses nothing"),
        (
            "POST",
            "/faults",
            {"then": {"refuse": {"clause": "items.not-found", "values": {"problems": "x"}}}},
            "has no $problems",
        ),
        ("POST", "/faults", {"then": {"respond": {"status": 500}, "malformed_json": {}}}, "has its effect already"),
        ("POST", "/faults", {"then": {"delay": {"seconds": -1}}}, "a delay is a number of seconds"),
        ("POST", "/faults", {"then": {"delay": {"seconds": 1e9}}}, "then.delay.seconds: a year at most"),
        ("POST", "/faults", {"then": {"s3_error": {}}}, "only uploads and files"),
        ("POST", "/faults", {"when": {"operations": ["items.creat"]}, "then": {"malformed_json": {}}}, "items.create"),
        (
            "POST",
            "/faults",
            {"when": {"operations": [3]}, "then": {"malformed_json": {}}},
            "when.operations[0]: must be a string",
        ),
        (
            "POST",
            "/faults",
            {"when": {"method": "FETCH"}, "then": {"malformed_json": {}}},
            "no method is named 'FETCH'",
        ),
        ("POST", "/faults", {"when": {"nth": 0}, "then": {"malformed_json": {}}}, "1 or more"),
        ("POST", "/faults", {"when": {"probability": 2}, "then": {"malformed_json": {}}}, "from 0 to 1"),
        ("GET", "/journal?operation=items.creat", None, "did you mean items.create"),
        ("GET", "/journal?status=40", None, "not '40'"),
        ("GET", "/journal?since=yesterday", None, "not 'yesterday'"),
        ("GET", "/journal?operations=x", None, "did you mean operation?"),
        ("GET", "/journal?status=404&status=403", None, "given twice"),
        ("GET", "/state?x=1", None, "no query parameter is named 'x'"),
    ],
)
def test_a_value_that_cannot_be(fork: Fork, method: str, path: str, body: Any, said: str) -> None:
    before = fork.control("GET", "/state").json()
    sent = {} if body is None else {"json": body}
    answer = requests.request(method, fork.control_url + path, timeout=10, **sent)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_request"), answer.text
    assert said in answer.json()["message"]
    assert answer.text.count("\n") == 1
    assert fork.control("GET", "/state").json()["faults"] == before["faults"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"scopes": ["cms:raed"]}, "scopes[0]: 'cms:raed' is not known; did you mean cms:read"),
        ({"kind": "bot"}, "kind: 'bot' is not known"),
        ({"rate_limit": 0}, "at least 1"),
        ({"seed": "7"}, "seed: must be a whole number, not a string"),
        ({"snapshot": "x", "scenario": "default"}, "scenario and snapshot do not go together"),
        ({"profile": {"items.slug.scope": 3}}, "profile.items.slug.scope: must be a string"),
        ({"of": "now"}, "of: unknown key"),
    ],
)
def test_options_of_a_fork_that_cannot_be(origin: str, options: Any, said: str, tenants: HostedFakes) -> None:
    before = len(tenants)
    answer = requests.post(f"{origin}/_fake/forks", json=options, timeout=10)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_request"), answer.text
    assert said in answer.json()["message"]
    assert len(tenants) == before


@pytest.mark.parametrize(
    ("method", "path", "status", "code", "said"),
    [
        ("GET", "/_fake", 404, "no_such_path", "/_fake/openapi.json"),
        ("GET", "/_fake/clok", 404, "no_such_path", "did you mean /_fake/clock"),
        ("GET", "/_fake/forks/none-such/state", 404, "no_such_fork", "there is no fork 'none-such'"),
        ("DELETE", "/_fake/forks/none-such", 404, "no_such_fork", "there is no fork 'none-such'"),
        ("POST", "/_fake/snapshots/befor/restore", 404, "no_such_snapshot", "no snapshot is named 'befor'"),
        ("DELETE", "/_fake/faults/99", 404, "no_such_fault", "number 99"),
        ("DELETE", "/_fake/faults/x", 404, "no_such_fault", "number x"),
        ("POST", "/_fake/state", 405, "method_not_allowed", "allowed: GET"),
        ("PATCH", "/_fake/journal", 405, "method_not_allowed", "allowed: GET, DELETE"),
    ],
)
def test_what_is_not_there(origin: str, method: str, path: str, status: int, code: str, said: str) -> None:
    answer = requests.request(method, origin + path, headers={"Content-Type": "application/json"}, timeout=10)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert said in answer.json()["message"]
    assert ("Allow" in answer.headers) == (status == 405)


def test_a_snapshot_that_is_not_there_cannot_be_forked(origin: str, fork: Fork) -> None:
    fork.control("PUT", "/snapshots/before")
    headers = {"Authorization": f"Bearer {fork.token}"}
    answer = requests.post(f"{origin}/_fake/forks", json={"snapshot": "befor"}, headers=headers, timeout=10)
    assert (answer.status_code, answer.json()["code"]) == (404, "no_such_snapshot")
    assert "did you mean before?" in answer.json()["message"]


@pytest.mark.parametrize("token", ["Bearer nobodys", "Basic x", "Bearer", ""])
def test_a_token_nobody_has(origin: str, token: str) -> None:
    answer = requests.get(f"{origin}/_fake/state", headers={"Authorization": token}, timeout=10)
    assert (answer.status_code, answer.json()["code"]) == (401, "unknown_token")


@pytest.mark.parametrize(
    "raw", ["{", "{'a': 1}", "\ud800".encode("utf-8", "surrogatepass"), '{"seconds": NaN}', "[" * 2000]
)
def test_malformed_json(fork: Fork, raw: str | bytes) -> None:
    headers = {"Content-Type": "application/json"}
    answer = requests.post(f"{fork.control_url}/clock/advance", data=raw, headers=headers, timeout=10)
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed_json")
    assert_facts(answer.json()["message"], "the body", "JSON")


def test_a_server_without_a_fake_of_its_own_asks_which_is_meant() -> None:
    tenants = HostedFakes()
    client = LocalClient(served_app(tenants))
    for method, path in [("GET", "state"), ("POST", "forks"), ("POST", "reset")]:
        answer = client.open(f"/_fake/{path}", method=method, json={})
        assert (answer.status_code, answer.json["code"]) == (400, "no_fake_named")
    assert client.get("/v2/sites").status_code == 401


JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
NAMES = [
    "seconds",
    "limit",
    "when",
    "then",
    "scenario",
    "data",
    "profile",
    "seed",
    "scopes",
    "kind",
    "respond",
    "delay",
]
WRITES = [
    (method.upper(), path.replace("{snapshot}", "x").replace("{fault}", "0"))
    for path, operations in load_control_document()["paths"].items()
    for method in operations
    if method in ("post", "put") and "{fork}" not in path
]


@given(
    asked=st.sampled_from(WRITES), body=JSON_VALUES | st.dictionaries(st.sampled_from(NAMES), JSON_VALUES, max_size=3)
)
def test_whatever_is_sent_is_done_or_refused_in_one_line(
    seeded: FakeWebflow, asked: tuple[str, str], body: Any
) -> None:
    tenants = HostedFakes(fake_of(seeded).fork(), "test-token")
    client = LocalClient(served_app(tenants))
    answer = client.open(asked[1], method=asked[0], data=json.dumps(body), content_type="application/json")
    waits = asked[1].endswith("/deliveries/wait")
    assert answer.status_code in (200, 201, 400, 404, *([408] if waits else []))
    assert answer.text.count("\n") == 1
    assert (answer.status_code < 300) != ({"code", "message"} <= set(answer.json))
    assert client.get("/_fake/state").status_code == 200


@pytest.fixture(scope="module")
def seeded() -> FakeWebflow:
    return FakeWebflow()
