"""The part of the plugin that watches: journals of failed tests, and what the suite rested on.

What a test touched travels in its report, so that it arrives from the workers of pytest-xdist as well.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING

import pytest

from . import watching
from .settings import read_markers
from .trust import EXPLAIN_HINT, Level, Touched, find_below, render_complaint, render_trust_summary, render_warning

if TYPE_CHECKING:
    from ..fake import Fake

_WATCHED = pytest.StashKey[watching.Watched]()
_ACTIONS = ("fail", "warn")
_TROUBLE = "fake-webflow"


class Reporter:
    """Watches the fakes of one pytest session.

    Raises:
        ValueError: A level of trust, or an action, that is not there.
    """

    def __init__(self, config: pytest.Config) -> None:
        self.level = Level.of(config.getoption("webflow_trust") or config.getini("webflow_trust"))
        self.action = config.getini("webflow_trust_action")
        if self.action not in _ACTIONS:
            raise ValueError(f"webflow_trust_action is fail or warn, not {self.action!r}")
        self._item: pytest.Item | None = None
        self._touched = Touched()
        self._warned: dict[str, str] = {}

    def pytest_configure(self) -> None:
        """Watches from now on."""
        watching.watchers.append(self._watch)

    def pytest_unconfigure(self) -> None:
        """Watches no longer: another session may follow in this process."""
        watching.watchers.remove(self._watch)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Watches what is active already, as the fake of a class or a session; what comes later tells of itself."""
        self._item = item
        for fake in list(watching.active):
            self._watch(fake)

    def _watch(self, fake: Fake) -> None:
        if self._item is not None:  # else no test runs, and the calls are nobody's
            self._item.stash.setdefault(_WATCHED, watching.Watched()).watch(fake)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Adds the journal to the report of a failure, and says what the test touched."""
        report = yield
        watched = item.stash.get(_WATCHED, None)
        if not watched:
            return report
        try:
            self._add_to_report(item, report, watched)
        except Exception as error:
            # An error in a hook ends the session, and takes the reports of all other tests with it.
            report.outcome = "failed"
            report.sections.append((_TROUBLE, f"this test could not be reported on: {type(error).__name__}: {error}"))
            report.longrepr = report.longrepr or report.sections[-1][1]
        if report.when == "teardown":
            del item.stash[_WATCHED]  # or every test's fake would live as long as the session
            self._item = None
        return report

    def _add_to_report(self, item: pytest.Item, report: pytest.TestReport, watched: watching.Watched) -> None:
        if report.when == "call" and report.passed:
            self._judge_trust(item, report)
        if report.failed:
            self._add_journal_section(report, watched)
        if report.when == "teardown":
            touched = watched.collect_touched()
            # Plain lists: the report crosses the processes of pytest-xdist as JSON.
            report.webflow = [sorted(touched.operations), sorted(touched.refused_by)]  # type: ignore[attr-defined]

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Gathers what tests touched, from this process or from workers."""
        if report.when == "teardown" and hasattr(report, "webflow"):
            operations, refused_by = report.webflow
            self._touched = self._touched.merge(Touched(frozenset(operations), frozenset(refused_by)))
        if hasattr(report, "webflow_warning"):
            self._warned[report.nodeid] = report.webflow_warning

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Says on what the suite rested, and which tests rested on less than is wanted."""
        try:
            self._summarise(terminalreporter)
        except Exception as error:
            text = f"{_TROUBLE}: what the suite rested on cannot be told: {type(error).__name__}: {error}"
            terminalreporter.write_line(text, red=True)

    def _summarise(self, terminalreporter: pytest.TerminalReporter) -> None:
        clauses = self._touched.clauses() if self._touched.operations else frozenset()
        if not clauses:
            return
        for nodeid, text in self._warned.items():
            terminalreporter.write_line(f"fake-webflow: {nodeid} {text}", yellow=True)
        if self._warned:
            terminalreporter.write_line(EXPLAIN_HINT)
        terminalreporter.write_line(f"fake-webflow: {render_trust_summary(clauses)}")

    def _judge_trust(self, item: pytest.Item, report: pytest.TestReport) -> None:
        level = Level.of(read_markers(item).get("trust", "")) or self.level
        if level is None:
            return
        weak: dict[str, str] = {}
        for profile, touched in item.stash[_WATCHED].collect_by_profile().items():
            weak |= find_below(touched.clauses(), level, choices=profile.chosen)
        if weak and self.action == "fail":
            report.outcome, report.longrepr = "failed", render_complaint(weak, level)
        elif weak:
            report.webflow_warning = render_warning(weak, level)  # type: ignore[attr-defined]

    def _add_journal_section(self, report: pytest.TestReport, watched: watching.Watched) -> None:
        from .failure_section import TITLE, journal_section

        for exchanges, world in watched.journals():
            report.sections.append((TITLE, journal_section(exchanges, world)))
