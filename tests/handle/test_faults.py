"""Faults: which calls they hit, and what happens to them."""

from __future__ import annotations

from pathlib import Path

import pytest
import requests
from messages import assert_facts

from fake_webflow import FakeWebflow, IdleFault
from fake_webflow.fake import fake_of
from fake_webflow.handle.faults import NewFault
from fake_webflow.world.instants import parse_instant

Headers = dict[str, str]


@pytest.fixture
def notes_url(fake_webflow: FakeWebflow) -> str:
    return f"https://api.webflow.com/v2/collections/{fake_webflow.add_collection('Notes').id}/items"


def statuses(url: str, headers: Headers, times: int) -> list[int]:
    return [requests.get(url, headers=headers).status_code for _ in range(times)]


@pytest.mark.parametrize(
    ("which", "expected"),
    [
        ({"nth": 2}, [200, 500, 200, 200, 200, 200]),
        ({"every": 2}, [200, 500, 200, 500, 200, 500]),
        ({"first": 2}, [500, 500, 200, 200, 200, 200]),
        ({"every": 2, "first": 2}, [200, 500, 200, 500, 200, 200]),
        ({"probability": 1.0}, [500] * 6),
        ({"probability": 0.0}, [200] * 6),
        ({"method": "get", "path": "/v2/collections/*/items"}, [500] * 6),
        ({"path": "/v2/sites*"}, [200] * 6),
        ({"method": "POST"}, [200] * 6),
    ],
)
def test_which_calls_are_hit(
    fake_webflow: FakeWebflow, notes_url: str, headers: Headers, which: dict[str, object], expected: list[int]
) -> None:
    fake_webflow.faults.on(**which).respond(500)  # type: ignore[arg-type]
    assert statuses(notes_url, headers, 6) == expected


def test_only_the_operations_named_count(fake_webflow: FakeWebflow, notes_url: str, headers: Headers) -> None:
    fake_webflow.faults.on("items.*", nth=2).respond(500)
    fake_webflow.faults.on("sites.list", "sites.get").respond(503)
    sites = "https://api.webflow.com/v2/sites"
    urls = [notes_url, sites, f"{notes_url}/live", notes_url]
    assert [requests.get(url, headers=headers).status_code for url in urls] == [200, 503, 200, 500]


def test_parts_of_the_path_narrow(fake_webflow: FakeWebflow, notes_url: str, headers: Headers) -> None:
    first, second = fake_webflow.add_items("notes", [{"name": "Ada"}, {"name": "Bob"}])
    fake_webflow.faults.on("items.get", path_params={"item_id": first["id"]}).respond(500)
    fake_webflow.faults.on(path_params={"item_id": second["id"], "collection_id": "other"}).respond(503)
    assert [requests.get(f"{notes_url}/{one['id']}", headers=headers).status_code for one in (first, second)] == [
        500,
        200,
    ]
    assert first["id"] in repr(fake_webflow.faults)
    with pytest.raises(ValueError, match="item_id"):
        fake_webflow.faults.on("items.get", path_params={"itemid": first["id"]})
    with pytest.raises(ValueError, match="site_id"):
        fake_webflow.faults.on("sites.get", path_params={"item_id": first["id"]})


def test_which_calls_are_hit_is_printed(fake_webflow: FakeWebflow) -> None:
    fake_webflow.faults.on(nth=3).respond(500)
    fake_webflow.faults.on(every=5).too_many_requests(retry_after=1)
    fake_webflow.faults.on(first=2).timeout_before()
    fake_webflow.faults.on(probability=0.25).malformed_json()
    assert [str(fault) for fault in fake_webflow.faults] == [
        "500 internal_error: call 3 alone of all calls; 0 of 0 so far",
        "429 with Retry-After 1: every 5. of all calls; 0 of 0 so far",
        "timeout before anything was done: the first 2 of all calls; 0 of 0 so far",
        "malformed JSON: with probability 0.25 of all calls; 0 of 0 so far",
    ]
    fake_webflow.faults.stop()
    assert (len(fake_webflow.faults), repr(fake_webflow.faults)) == (0, "<faults: none>")


def test_chance_is_the_seeds(fake_webflow: FakeWebflow, notes_url: str, headers: Headers) -> None:
    fake_webflow.faults.on(probability=0.3).respond(500)
    before = fake_webflow.state
    hit = statuses(notes_url, headers, 200)
    assert 30 <= hit.count(500) <= 90
    fake_of(fake_webflow).restore(before)
    assert statuses(notes_url, headers, 200) == hit


def test_counts_belong_to_the_state(fake_webflow: FakeWebflow, notes_url: str, headers: Headers) -> None:
    fake_webflow.faults.on(nth=2).respond(500)
    with fake_webflow.snapshot():
        assert statuses(notes_url, headers, 2) == [200, 500]
    assert statuses(notes_url, headers, 2) == [200, 500]


def test_one_of_several_faults_is_taken_off(fake_webflow: FakeWebflow, notes_url: str, headers: Headers) -> None:
    outage = fake_webflow.faults.on(every=1).respond(503)
    fake_webflow.faults.on(every=1).respond(500)
    assert statuses(notes_url, headers, 1) == [503]
    outage.stop()
    assert statuses(notes_url, headers, 1) == [500]


@pytest.mark.clause("errors.service-unavailable")
@pytest.mark.parametrize(
    ("status", "code", "message"),
    [
        (400, "bad_request", "Bad Request: Request is malformed"),
        (401, "not_authorized", "Request not authorized"),
        (404, "resource_not_found", "Requested resource not found"),
        (500, "internal_error", "An Internal Error Occurred"),
        (502, "bad_gateway", "Bad Gateway"),
        (503, "service_unavailable", "Service temporarily unavailable. Please try again later."),
        (599, "error", "Error"),
    ],
)
def test_a_status_comes_in_webflows_envelope(
    fake_webflow: FakeWebflow, notes_url: str, headers: Headers, status: int, code: str, message: str
) -> None:
    fake_webflow.faults.on(nth=1).respond(status)
    response = requests.get(notes_url, headers=headers)
    assert (response.status_code, list(response.json().items())) == (
        status,
        [("message", message), ("code", code), ("externalReference", None), ("details", [])],
    )
    assert response.headers["X-Fake-Webflow-Fault"] == f"{status} {code}"
    assert "X-Fake-Webflow-Clause" not in response.headers
    assert (fake_webflow.journal[-1].fault, fake_webflow.journal[-1].status) == (f"{status} {code}", status)


def test_any_clause_and_any_code(fake_webflow: FakeWebflow, notes_url: str, headers: Headers) -> None:
    fake_webflow.faults.on(nth=1).refuse("errors.missing-scopes", scope="cms:read")
    fake_webflow.faults.on(nth=2).respond(400, code="duplicate_collection", message="No")
    refused, told = (requests.get(notes_url, headers=headers) for _ in range(2))
    assert (refused.status_code, refused.headers["X-Fake-Webflow-Clause"]) == (403, "errors.missing-scopes")
    assert (told.json()["code"], told.json()["message"]) == ("duplicate_collection", "No")
    assert fake_webflow.journal[0].clauses == ("errors.missing-scopes",)


@pytest.mark.parametrize(("retry_after", "header"), [("honest", "60"), (None, None), (1, "1"), ("soon", "soon")])
def test_429_with_an_honest_a_wrong_and_no_retry_after(
    fake_webflow: FakeWebflow, notes_url: str, headers: Headers, retry_after: int | str | None, header: str | None
) -> None:
    fake_webflow.faults.on(nth=1).too_many_requests(retry_after=retry_after)
    response = requests.get(notes_url, headers=headers)
    assert (response.status_code, response.headers.get("Retry-After")) == (429, header)
    assert response.headers["X-RateLimit-Limit"] == "60"
    assert response.headers["X-RateLimit-Remaining"] == "0"
    assert requests.get(notes_url, headers=headers).headers["X-RateLimit-Remaining"] == "58"


def test_latency_is_on_the_fakes_clock(fake_webflow: FakeWebflow, notes_url: str, headers: Headers) -> None:
    fake_webflow.faults.on(nth=1).delay(30)
    fake_webflow.faults.on(nth=2).slow_body(30)
    start = fake_webflow.clock.now
    made = [
        parse_instant(requests.post(notes_url, json={"fieldData": {"name": name}}, headers=headers).json()["createdOn"])
        for name in ("delayed", "slow")
    ]
    assert fake_webflow.clock.now - start == 60_002
    assert [moment - start for moment in made] == [30_001, 30_002]


def test_a_real_delay_is_waited_for(
    fake_webflow: FakeWebflow, notes_url: str, headers: Headers, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[float] = []
    monkeypatch.setattr("fake_webflow.exchange.sleep", waited.append)
    fake_webflow.faults.on(nth=1).delay(2, real=True)
    fake_webflow.faults.on(nth=2).slow_body(3, real=True)
    fake_webflow.faults.on(nth=3).delay(4)
    assert statuses(notes_url, headers, 3) == [200] * 3
    assert waited == [2, 3]


@pytest.mark.parametrize(
    ("verb", "error", "applied", "journal"),
    [
        ("timeout_before", requests.Timeout, 0, (0, "timeout before anything was done")),
        ("timeout_after", requests.Timeout, 1, (202, "timeout after it was done")),
        ("reset_before", requests.ConnectionError, 0, (0, "reset before anything was done")),
        ("reset_after", requests.ConnectionError, 1, (202, "reset after it was done")),
        ("truncated_body", requests.exceptions.ChunkedEncodingError, 1, (202, "body truncated")),
    ],
)
def test_calls_that_are_lost_before_or_after_they_were_done(
    fake_webflow: FakeWebflow,
    notes_url: str,
    headers: Headers,
    verb: str,
    error: type[Exception],
    applied: int,
    journal: tuple[int, str],
) -> None:
    getattr(fake_webflow.faults.on("items.create", nth=1), verb)()
    with pytest.raises(error):
        requests.post(notes_url, json={"fieldData": {"name": "Ada"}}, headers=headers)
    assert len(fake_webflow.items("notes").staged) == applied
    assert (fake_webflow.journal[-1].status, fake_webflow.journal[-1].fault) == journal
    assert str(fake_webflow.journal[-1]).endswith(f"(fault: {journal[1]})")


def test_malformed_json(fake_webflow: FakeWebflow, notes_url: str, headers: Headers) -> None:
    fake_webflow.faults.on(nth=1).malformed_json()
    response = requests.get(notes_url, headers=headers)
    assert response.status_code == 200
    with pytest.raises(requests.exceptions.JSONDecodeError):
        response.json()


def test_delays_go_with_one_other_effect(fake_webflow: FakeWebflow, notes_url: str, headers: Headers) -> None:
    start = fake_webflow.clock.now
    fault = fake_webflow.faults.on(first=1).delay(3).slow_body(2).respond(503)
    assert statuses(notes_url, headers, 1) == [503]
    assert fake_webflow.clock.now - start == 5000
    assert fake_webflow.journal[-1].fault == "delayed by 3 s, body slow by 2 s, 503 service_unavailable"
    with pytest.raises(ValueError, match=r"this fault has its effect already \(.*\); begin another one"):
        fault.timeout_after()


def test_of_several_faults_all_delays_count_and_the_first_other(
    fake_webflow: FakeWebflow, notes_url: str, headers: Headers
) -> None:
    for seconds, status in ((1, 503), (2, 502)):
        fake_webflow.faults.on(every=1).delay(seconds).respond(status)
    assert statuses(notes_url, headers, 1) == [503]
    assert fake_webflow.journal[-1].fault == "delayed by 1 s, 503 service_unavailable, delayed by 2 s"


def test_uploads_fail_as_s3_fails(fake_webflow: FakeWebflow) -> None:
    site, client = fake_webflow.site.id, fake_webflow.client
    details = client.assets.create(site, file_name="a.txt", file_hash="0" * 32)
    fake_webflow.faults.on("files.upload", nth=1).s3_error("SlowDown")
    fake_webflow.faults.on("files.upload", nth=2).respond(501, code="NotImplemented", message="No")
    fake_webflow.faults.on("files.upload", nth=3).timeout_before()
    answers = [
        requests.post(details["uploadUrl"], data=details["uploadDetails"], files={"file": b"x"}) for _ in range(2)
    ]
    assert [(answer.status_code, answer.headers["Content-Type"]) for answer in answers] == [
        (503, "application/xml"),
        (501, "application/xml"),
    ]
    assert "<Code>SlowDown</Code><Message>Please reduce your request rate.</Message>" in answers[0].text
    assert "<Code>NotImplemented</Code><Message>No</Message>" in answers[1].text
    with pytest.raises(requests.Timeout):
        requests.post(details["uploadUrl"], data=details["uploadDetails"], files={"file": b"x"})
    faults = [exchange.fault for exchange in fake_webflow.journal.calls_to("files.upload")]
    assert faults == ["503 SlowDown", "501 NotImplemented", "timeout before anything was done"]


def test_uploads_are_hit_only_where_they_are_named(fake_webflow: FakeWebflow) -> None:
    asset = fake_webflow.add_asset(b"bytes", file_name="a.txt")
    fake_webflow.faults.on(every=1).respond(500)
    assert requests.get(asset["hostedUrl"]).status_code == 200
    fake_webflow.faults.on(path="*/*_a.txt").respond(503)
    assert requests.get(asset["hostedUrl"]).status_code == 503


@pytest.mark.parametrize(
    ("which", "facts"),
    [
        ({"method": "PACTH"}, ["no method", "'PACTH'", "did you mean PATCH"]),
        ({"nth": 0}, ["nth", "1 or more, not 0"]),
        ({"nth": True}, ["nth", "1 or more, not True"]),
        ({"every": -1}, ["every", "1 or more, not -1"]),
        ({"every": 2.5}, ["every", "1 or more, not 2.5"]),
        ({"first": 0}, ["first", "1 or more, not 0"]),
        ({"first": "3"}, ["first", "1 or more, not '3'"]),
        ({"probability": 30}, ["probability", "from 0 to 1, not 30"]),
        ({"probability": "0.3"}, ["probability", "from 0 to 1, not '0.3'"]),
        ({"path": "https://api.webflow.com/v2/sites"}, ["path", "without scheme and host", "/v2/collections/*"]),
        ({"path": "v2/sites"}, ["path", "'/v2/sites' or '*v2/sites'", "not 'v2/sites'"]),
        ({"path": "/sites*"}, ["begin with /v2", "did you mean '/v2/sites*'?"]),
        ({"path": "/collections/*"}, ["begin with /v2", "did you mean '/v2/collections/*'?"]),
        ({"nth": 2, "every": 2}, ["nth", "every, first and probability"]),
    ],
)
def test_conditions_that_cannot_be_meant(fake_webflow: FakeWebflow, which: dict[str, object], facts: list[str]) -> None:
    with pytest.raises(ValueError) as raised:  # noqa: PT011 - the facts say which
        fake_webflow.faults.on(**which)  # type: ignore[arg-type]
    assert_facts(str(raised.value), *facts)


@pytest.mark.parametrize(
    ("verb", "arguments", "facts"),
    [
        ("respond", (200,), ["from 400 to 599, not 200"]),
        ("respond", (600,), ["from 400 to 599, not 600"]),
        ("respond", ("500",), ["from 400 to 599, not '500'"]),
        ("respond", (429,), ["429", "Retry-After", "too_many_requests(retry_after=...)"]),
        ("refuse", ("items.notfound",), ["no clause", "'items.notfound'", "did you mean items.not-found"]),
        ("refuse", ("items.object.keys",), ["items.object.keys refuses nothing"]),
        ("refuse", ("errors.missing-scopes",), ["errors.missing-scopes", "needs a value for scope"]),
        ("s3_error", (), ["only uploads and files", 'faults.on("files.upload").s3_error(...)']),
        ("delay", (-1,), ["delay", "seconds", "not -1"]),
        ("delay", (float("nan"),), ["delay", "seconds", "not nan"]),
        ("too_many_requests", ("soon\r\nX: y",), ["header", r"'soon\r\nX: y'", "printable ASCII"]),
        ("too_many_requests", ("später",), ["header", "'später'", "printable ASCII"]),
    ],
)
def test_effects_that_cannot_be_meant(
    fake_webflow: FakeWebflow, verb: str, arguments: tuple[object, ...], facts: list[str]
) -> None:
    fault = fake_webflow.faults.on("items.create")
    with pytest.raises(ValueError) as raised:  # noqa: PT011 - the facts say which
        getattr(fault, verb)(*arguments)
    assert_facts(str(raised.value), *facts)
    assert len(fake_webflow.faults) == 0


def test_uploads_have_no_429_and_few_errors(fake_webflow: FakeWebflow) -> None:
    with pytest.raises(ValueError, match=r's3_error\("SlowDown"\)'):
        fake_webflow.faults.on("files.upload").too_many_requests()
    with pytest.raises(ValueError, match=r"'SlowDow'; did you mean SlowDown\?"):
        fake_webflow.faults.on("files.upload").s3_error("SlowDow")


def test_operations_are_named_one_by_one(fake_webflow: FakeWebflow) -> None:
    with pytest.raises(TypeError, match=r"one by one.* 'items.create', .*; not \['sites.list'\]"):
        fake_webflow.faults.on(["sites.list"])  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("code", "status", "message"),
    [
        ("AccessDenied", 403, "Access Denied"),
        ("InternalError", 500, "We encountered an internal error. Please try again."),
        (
            "RequestTimeout",
            400,
            "Your socket connection to the server was not read from or written to within the timeout period. "
            "Idle connections will be closed.",
        ),
        ("ServiceUnavailable", 503, "Service is unable to handle request."),
        ("SlowDown", 503, "Please reduce your request rate."),
    ],
)
def test_errors_of_s3(fake_webflow: FakeWebflow, code: str, status: int, message: str) -> None:
    details = fake_webflow.client.assets.create(fake_webflow.site.id, file_name="a.txt", file_hash="0" * 32)
    fake_webflow.faults.on("files.upload").s3_error(code)
    answer = requests.post(details["uploadUrl"], data=details["uploadDetails"], files={"file": b"x"})
    assert answer.status_code == status
    assert f"<Code>{code}</Code><Message>{message}</Message>" in answer.text


def test_every_effect_has_its_test_and_its_line_in_the_guide() -> None:
    guide = Path(__file__).parents[2].joinpath("docs", "how-to", "faults.md").read_text(encoding="utf-8")
    tests = Path(__file__).read_text(encoding="utf-8")
    effects = {name for name in vars(NewFault) if not name.startswith("_")} - {"stop"}
    assert {name for name in effects if f"{name}(" not in guide} == set()
    assert {name for name in effects if f".{name}(" not in tests and f'"{name}"' not in tests} == set()


def test_a_fault_that_is_never_told_what_happens_is_an_error_in_the_end() -> None:
    webflow = FakeWebflow()
    webflow.faults.on("items.create", nth=2)
    webflow.faults.on(every=5).respond(500)
    webflow.faults.on("items.update").stop()
    with pytest.raises(ValueError, match="from 400 to 599"):
        webflow.faults.on(first=3).respond(200)
    with pytest.raises(IdleFault) as failed:
        webflow.close()
    line = test_a_fault_that_is_never_told_what_happens_is_an_error_in_the_end.__code__.co_firstlineno + 2
    effects = (
        "respond, refuse, too_many_requests, s3_error, delay, slow_body, timeout_before, timeout_after, reset_before, "
        "reset_after, truncated_body, malformed_json"
    )
    where = f"{__file__}:{line}, for call 2 alone of items.create"
    assert_facts(str(failed.value), where, 'faults.on("items.create").respond(500)', effects)
    assert "items.update" not in str(failed.value)
    webflow.close()


def test_a_fault_that_is_never_told_what_happens_is_noted_where_something_else_failed() -> None:
    def failing() -> None:
        with FakeWebflow() as webflow:
            webflow.faults.on(nth=2)
            raise KeyError("something else")

    with pytest.raises(KeyError) as failed:
        failing()
    assert failed.value.__notes__[0].startswith("a fault was begun")
    with pytest.raises(IdleFault), FakeWebflow() as webflow:
        webflow.faults.on(nth=2)
