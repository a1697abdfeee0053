"""An error while a report is written is told in that report, and the session goes on."""

from __future__ import annotations

import pytest
from running import Run

pytest_plugins = ["pytester"]

TESTS = """
def test_one(fake_webflow): {}
def test_two(fake_webflow): fake_webflow.client.sites.list()
"""


@pytest.fixture
def broken(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise LookupError("no clause is named 'x'")

    monkeypatch.setattr(request.param, fail)


@pytest.mark.parametrize("broken", ["fake_webflow.testing.failure_section.journal_section"], indirect=True)
def test_a_journal_that_cannot_be_written(run: Run, broken: None) -> None:
    result = run(TESTS.format("fake_webflow.client.sites.list(); assert 0"))
    result.assert_outcomes(failed=1, passed=1)
    result.stdout.fnmatch_lines(["*assert 0*", "*could not be reported on: LookupError: no clause is named 'x'*"])


@pytest.mark.parametrize(
    "broken",
    ["fake_webflow.testing.reporter.find_below", "fake_webflow.testing.watching.Watched.collect_by_profile"],
    indirect=True,
)
def test_a_trust_that_cannot_be_judged_is_no_pass(run: Run, broken: None) -> None:
    result = run(TESTS.format("pass"), "--webflow-trust", "documented")
    outcomes = result.parseoutcomes()
    assert outcomes["failed"] >= 1
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["*could not be reported on: LookupError: no clause is named 'x'*"])


@pytest.mark.parametrize("broken", ["fake_webflow.testing.reporter.render_trust_summary"], indirect=True)
def test_a_summary_that_cannot_be_written(run: Run, broken: None) -> None:
    result = run(TESTS.format("pass"))
    result.assert_outcomes(passed=2)
    assert result.ret == pytest.ExitCode.OK
    result.stdout.fnmatch_lines(["fake-webflow: *LookupError: no clause is named 'x'"])
