"""Runs the suite against a drift, and says which of the clauses that concern it noticed."""

from __future__ import annotations

import contextlib
import io
import json
import os
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ..kit.targets import InProcessTarget, Target
from ..ledger_check import ClauseTest, clause_tests
from ..run.plugin import HERE, run_suite
from . import find
from .drift import Drift
from .target import DriftedTarget

_FILE = Path(__file__).with_name("caught.json")
SEEDS = range(20)
_AUTOLOAD = "PYTEST_DISABLE_PLUGIN_AUTOLOAD"
# The plugin that is left out has the whole heap searched for garbage, twice a run.
_SPARINGLY = ("--tb=no", "--no-summary", "-p", "no:unraisableexception")


@dataclass(frozen=True, slots=True)
class Trial:
    """What one run of the suite said.

    Args:
        noticed: The clauses that differ.
        seconds: Of processor time.
        code: pytest's exit code.
    """

    noticed: frozenset[str]
    seconds: float
    code: int

    def of(self, drift: Drift) -> list[str]:
        """The clauses that concern the drift and differ, in the order the drift names them in."""
        return [clause for clause in drift.clauses if clause in self.noticed]


# They look at everything at once and take their time: a clause has tests of its own, and those are to notice a drift.
BROAD = frozenset(["test_lifecycle.py", "test_schema_conformance.py"])


def tried(drift: Drift) -> Trial:
    """The tests of the clauses that concern a drift, against the fake behind it."""
    return _run(lambda: DriftedTarget(drift), sorted(concerned(drift.clauses)))


def thoroughly(name: str) -> Trial:
    """Every clause's own tests against the fake behind the drift of that name."""
    return _run(lambda: DriftedTarget(find(name)), _files())


def clean(seed: int) -> Trial:
    """The whole suite against the fake as it is, its ids made from that seed."""
    return _run(lambda: InProcessTarget(seed=seed), ())


def _run(open_target: Callable[[], Target], tests: Iterable[str]) -> Trial:
    began = time.process_time()
    with contextlib.redirect_stdout(io.StringIO()), _no_other_plugins():
        code, verdicts = run_suite(open_target, *_SPARINGLY, files=list(tests))
    noticed = frozenset(verdict.clause for verdict in verdicts.all() if verdict.differs)
    return Trial(noticed, time.process_time() - began, code)


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


def concerned(clauses: Collection[str]) -> set[str]:
    """The tests of the suite that check one of these clauses, as file and name."""
    return {test.name for test in _tests() if not test.clauses.isdisjoint(clauses)}


@cache
def _tests() -> tuple[ClauseTest, ...]:
    return tuple(test for test in clause_tests() if test.name.partition("::")[0] not in BROAD)


def _files() -> list[str]:
    """Names of the suite's files but the broad ones."""
    return sorted(file.name for file in HERE.glob("test_*.py") if file.name not in BROAD)


@dataclass(frozen=True, slots=True)
class Record:
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
    def read(cls) -> Record:
        """The record as it was written last."""
        found = json.loads(_FILE.read_text(encoding="utf-8"))
        return cls(found["caught"], found["clean"], found["seconds"])

    def write(self) -> None:
        """Keeps it, for the docs and for the tests."""
        found = {"clean": self.clean, "seconds": self.seconds, "caught": dict(sorted(self.caught.items()))}
        _FILE.write_text(f"{json.dumps(found, indent=1)}\n", encoding="utf-8")
