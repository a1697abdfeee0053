"""Runs the suite against a drift, and says which of the clauses that concern it noticed."""

from __future__ import annotations

import contextlib
import io
import json
import os
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from ..kit.in_process import InProcessTarget
from ..kit.targets import Target
from ..ledger_check import ClauseTest, find_clause_tests
from ..run.plugin import SUITE_DIRECTORY, run_suite
from . import find_drift
from .drift import Drift
from .drifted_target import DriftedTarget

_FILE = Path(__file__).with_name("caught.json")
CLEAN_SEEDS = range(20)
_AUTOLOAD = "PYTEST_DISABLE_PLUGIN_AUTOLOAD"
# The plugin that is left out has the whole heap searched for garbage, twice a run.
_FAST_ARGUMENTS = ("--tb=no", "--no-summary", "-p", "no:unraisableexception")


@dataclass(frozen=True, slots=True)
class SuiteRun:
    """What one run of the suite said.

    Args:
        differing_clauses: The clauses that differ.
        seconds: Of processor time.
        code: pytest's exit code.
        notes: What was noted of the target that is not a difference.
    """

    differing_clauses: frozenset[str]
    seconds: float
    code: int
    notes: frozenset[str] = frozenset()

    def related_clauses(self, drift: Drift) -> list[str]:
        """The clauses that concern the drift and differ, in the order the drift names them in."""
        return [clause for clause in drift.clauses if clause in self.differing_clauses]


# They look at everything at once and take their time: a clause has tests of its own, and those are to notice a drift.
BROAD_FILES = frozenset(["test_lifecycle.py", "test_schema_conformance.py"])


def run_related_tests(drift: Drift) -> SuiteRun:
    """The tests of the clauses that concern a drift, against the fake behind it."""
    return _run(lambda: DriftedTarget(drift), sorted(related_tests(drift.clauses)))


def run_all_tests(name: str) -> SuiteRun:
    """Every clause's own tests against the fake behind the drift of that name."""
    return _run(lambda: DriftedTarget(find_drift(name)), _narrow_files())


def run_clean(seed: int) -> SuiteRun:
    """The whole suite against the fake as it is, its ids made from that seed."""
    return _run(lambda: InProcessTarget(seed=seed), ())


def run_harmless(name: str) -> SuiteRun:
    """The whole suite against the fake behind a change that nobody may call a difference."""
    return _run(lambda: DriftedTarget(find_drift(name)), ())


def _run(open_target: Callable[[], Target], tests: Iterable[str]) -> SuiteRun:
    began, opened = time.process_time(), list[Target]()

    def open_once() -> Target:
        opened.append(open_target())
        return opened[-1]

    with contextlib.redirect_stdout(io.StringIO()), _no_other_plugins():
        code, verdicts = run_suite(open_once, *_FAST_ARGUMENTS, files=list(tests))
    differing_clauses = frozenset(verdict.clause for verdict in verdicts.all() if verdict.differs)
    notes = frozenset(note for target in opened for note in target.recorder.notes)
    return SuiteRun(differing_clauses, time.process_time() - began, code, notes)


@contextlib.contextmanager
def _no_other_plugins() -> Iterator[None]:
    """Without the plugins that happen to be installed: none is needed, and looking for them takes its time."""
    before = os.environ.get(_AUTOLOAD)
    os.environ[_AUTOLOAD] = "1"
    try:
        yield
    finally:
        del os.environ[_AUTOLOAD]
        if before is not None:
            os.environ[_AUTOLOAD] = before


def related_tests(clauses: Collection[str]) -> set[str]:
    """The tests of the suite that check one of these clauses, as file and name."""
    return {test.name for test in _narrow_tests() if not test.clauses.isdisjoint(clauses)}


@cache
def _narrow_tests() -> tuple[ClauseTest, ...]:
    return tuple(test for test in find_clause_tests() if test.name.partition("::")[0] not in BROAD_FILES)


def _narrow_files() -> list[str]:
    """Names of the suite's files but the broad ones."""
    return sorted(file.name for file in SUITE_DIRECTORY.glob("test_*.py") if file.name not in BROAD_FILES)


@dataclass(frozen=True, slots=True)
class DriftRecord:
    """What the last trial of the whole library found.

    Args:
        caught: By drift: the clauses that concern it and noticed it.
        clean: How many clean fakes, each of another seed, the suite raised no alarm over.
        seconds: Of processor time for all of that.
    """

    caught: dict[str, list[str]]
    clean: int
    seconds: int

    @classmethod
    def read(cls) -> DriftRecord:
        """The record as it was written last."""
        found = json.loads(_FILE.read_text(encoding="utf-8"))
        return cls(found["caught"], found["clean"], found["seconds"])

    def with_caught(self, caught: dict[str, list[str]]) -> DriftRecord:
        """The record with these drifts tried anew; the seconds stay those of the last whole run."""
        return replace(self, caught={**self.caught, **caught})

    def write(self) -> None:
        """Keeps it, for the docs and for the tests."""
        found = {"clean": self.clean, "seconds": self.seconds, "caught": dict(sorted(self.caught.items()))}
        _FILE.write_text(f"{json.dumps(found, indent=1)}\n", encoding="utf-8")
