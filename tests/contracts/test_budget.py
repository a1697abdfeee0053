"""Pace and plan: rate headers are honoured, budgets kept, and the oldest is spent on first."""

from __future__ import annotations

import json
from typing import Any

import pytest
import requests
from requests.adapters import BaseAdapter

from contracts.kit.clauses import NotCheckable
from contracts.kit.in_process import TOKEN, InProcessTarget
from contracts.kit.pacing import BudgetSpent, Pacer
from contracts.run.plan import (
    PLAN_FILE,
    Plan,
    PlannedCase,
    find_cover,
    installed_versions,
    last_evidence_date,
    order_cases,
)
from contracts.run.plugin import QUIET_ARGUMENTS, SUITE_DIRECTORY, ContractRun, case_id_of
from fake_webflow import FakeAdapter
from fake_webflow.rules import clauses
from fake_webflow.testing.handle import make_handle

URL = "https://api.example.com/v2"


class Scripted(BaseAdapter):
    """Answers with these statuses and headers, one after the other."""

    def __init__(self, *answers: tuple[int, dict[str, str]]) -> None:
        super().__init__()
        self.answers = list(answers)

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
        answer = requests.Response()
        answer.status_code, headers = self.answers.pop(0)
        answer.headers.update(headers)
        answer.request = request
        return answer

    def close(self) -> None: ...


class Clock:
    """Time that passes by sleeping only."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def told(remaining: int, seconds: int = 60, limit: int = 60) -> dict[str, str]:
    return {"X-RateLimit-Limit": f"{limit}", "X-RateLimit-Remaining": f"{remaining}", "Retry-After": f"{seconds}"}


def session(pace: Pacer, *answers: tuple[int, dict[str, str]]) -> requests.Session:
    made = requests.Session()
    made.mount("https://", pace.wrap(Scripted(*answers)))
    made.headers["Authorization"] = "Bearer secret"
    return made


@pytest.fixture
def clock() -> Clock:
    return Clock()


def paced(clock: Clock, **options: Any) -> Pacer:
    return Pacer(URL, "secret", sleep=clock.sleep, clock=clock, **options)


def test_it_waits_for_the_window_rather_than_run_into_a_429(clock: Clock):
    pace = paced(clock)
    http = session(pace, (200, told(1, 30)), (200, told(0, 29)), (200, told(59)))
    http.get(URL)
    http.get(URL)
    assert clock.now == 0
    http.get(URL)
    assert (clock.now, pace.waited, pace.spent) == (29, 29, 3)


def test_a_429_is_waited_out_and_asked_again(clock: Clock):
    pace = paced(clock)
    http = session(pace, (429, {"Retry-After": "7"}), (429, {}), (200, told(59)))
    assert http.get(URL).status_code == 200
    assert (clock.now, pace.spent) == (67, 3)


def test_a_limit_that_refuses_for_ever_is_no_verdict(clock: Clock):
    with pytest.raises(NotCheckable, match="refuses again and again"):
        session(paced(clock), *[(429, {"Retry-After": "1"})] * 4).get(URL)


@pytest.mark.parametrize("status", [200, 429])
def test_nobody_waits_for_a_day(clock: Clock, status: int):
    pace = paced(clock)
    http = session(pace, (status, told(0, 86400)), (200, told(0, 86400)), (200, told(59)))
    assert http.get(URL).status_code == status
    assert pace.unresponsive_reason == "it asks to wait 86400 seconds"
    http.get(URL)
    http.get(URL)
    assert (clock.now, pace.unresponsive_reason) == (0, "")


@pytest.mark.parametrize(("path", "headers"), [("/sites/a/publish", {}), ("/sites", {"Authorization": "Bearer other"})])
def test_figures_of_other_limits_do_not_count(clock: Clock, path: str, headers: dict[str, str]):
    http = session(paced(clock), (429, told(0, limit=1)), (200, told(59)))
    assert http.get(URL + path, headers=headers).status_code == 429
    http.get(URL)
    assert clock.now == 0


def test_a_limit_that_counts_nothing_down_is_none(clock: Clock):
    pace = paced(clock, may_be_free=True)
    assert not pace.is_rationed
    http = session(pace, *[(200, told(n)) for n in (2, 1, 1, 1)])
    http.get(URL)
    assert (pace.is_rationed, pace.budget) == (True, 600)
    for _ in range(3):
        http.get(URL)
    assert (pace.is_rationed, pace.budget) == (False, None)


def test_whoever_names_a_budget_gets_it(clock: Clock):
    pace = paced(clock, may_be_free=True, budget=100)
    http = session(pace, *[(200, told(1))] * 9)
    for _ in range(4):
        http.get(URL)
    assert (pace.is_rationed, pace.budget) == (True, 100)
    pace.allowance = 4
    with pytest.raises(BudgetSpent, match="not checked this time"):
        http.get(URL)
    assert pace.spent == 4


def test_a_target_that_is_gone_is_noticed(clock: Clock):
    pace = paced(clock)
    http = session(pace, *[(500, {})] * 6, (404, {}))
    for _ in range(5):
        http.get(URL)
    assert pace.unresponsive_reason == ""
    http.get(URL)
    assert pace.unresponsive_reason == "status 500"
    http.get(URL)
    assert pace.unresponsive_reason == ""


class Rationed(InProcessTarget):
    """A fake that can do no more than any API, and rations calls; its clock moves when somebody waits."""

    capabilities = frozenset()
    limit = 60

    def __init__(self) -> None:
        super().__init__()
        self.checks_everything = False
        self.limit_rate(self.limit)
        self.pacer = Pacer("https://api.webflow.com/v2", TOKEN, sleep=self.advance, clock=self.seconds)
        self.http.mount("https://", self.pacer.wrap(FakeAdapter(make_handle(self.fake))))

    def seconds(self) -> float:
        return self.fake.state.clock.now / 1000


def test_a_full_pass_takes_six_hundred_requests_at_most_and_sees_all_there_is_to_see():
    target = Rationed()
    run = ContractRun(lambda: target)
    began = target.seconds()
    code = pytest.main([*QUIET_ARGUMENTS, "-p", "no:randomly", "--tb=short", str(SUITE_DIRECTORY)], plugins=[run])
    assert code == 0
    assert 500 < target.pacer.spent <= 600
    assert sum(verdict.kind == "holds" for verdict in run.verdicts.all()) > 220
    left_out = [
        verdict.clause
        for verdict in run.verdicts.all()
        if verdict.kind != "holds"
        and any(seen.observed.startswith("not checked this time") for seen in verdict.observations)
    ]
    assert left_out == []
    assert target.seconds() - began < 15 * 60


class Collector:
    """Knows the cases of the suite."""

    def __init__(self) -> None:
        self.cases: list[str] = []

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        self.cases = [case_id_of(item) for item in session.items]


def test_the_plan_names_every_case_there_is_and_no_other():
    collector = Collector()
    assert (
        pytest.main([*QUIET_ARGUMENTS, "--collect-only", str(SUITE_DIRECTORY)], plugins=[ContractRun(), collector]) == 0
    )
    assert sorted(Plan.read().cases) == sorted(collector.cases), "make plan"


def test_other_versions_than_it_was_measured_with_get_a_margin(monkeypatch: pytest.MonkeyPatch):
    measured = json.loads(PLAN_FILE.read_text(encoding="utf-8"))["versions"]
    assert measured.keys() == installed_versions().keys()
    monkeypatch.setattr("contracts.run.plan.installed_versions", lambda: measured)
    assert Plan.read().margin == 0
    monkeypatch.setattr("contracts.run.plan.installed_versions", lambda: {**measured, "hypothesis": "0"})
    assert Plan.read().margin > 0


def case(name: str, cost: int, *sees: str, quiet: bool = False) -> PlannedCase:
    return PlannedCase(f"test_x.py::{name}", frozenset(sees), cost, quiet)


def test_a_cover_sees_everything_for_little():
    cases = [case("dear", 9, "a", "b"), case("first", 2, "a"), case("second", 3, "b"), case("part", 1, "b", "c")]
    assert [found.id for found in find_cover(cases)] == ["test_x.py::part", "test_x.py::first"]


def test_where_the_budget_is_short_the_oldest_comes_first():
    cases = [case("new", 1, "n"), case("old", 5, "o"), case("again[1]", 1, "m"), case("again[2]", 2, "m")]
    ages = {"n": "2026-05", "o": "2021", "m": "2026-01"}
    short = [found.id.rpartition(":")[2] for found in order_cases(cases, ages, budget=3)]
    assert short == ["old", "again[1]", "new", "again[2]"]
    enough = [found.id.rpartition(":")[2] for found in order_cases(cases, ages, budget=30)]
    assert enough == ["new", "old", "again[1]", "again[2]"]


def test_a_clause_is_as_old_as_the_newest_thing_known_of_it():
    some = next(clause for clause in clauses() if len(clause.evidence) > 1)
    assert last_evidence_date(some.id) == max(line.date for line in some.evidence)


def test_no_two_writes_come_in_one_millisecond_whose_dates_could_not_be_told_apart():
    clock = Clock()
    pace = Pacer(URL, "secret", sleep=clock.sleep, clock=clock)
    http = session(pace, *[(200, {})] * 4)
    begun = []
    for method in ("PATCH", "PATCH", "GET", "DELETE"):
        http.request(method, f"{URL}/sites")
        begun.append(clock.now)
        clock.now += 0.0004
    assert begun[0] == 0
    assert begun[1] - begun[0] >= 0.001
    assert begun[2] - begun[1] < 0.001  # reading changes no date
    assert begun[3] - begun[1] >= 0.001
