"""The pytest side of the suite: options, fixtures, and what each test says of its clauses."""

from __future__ import annotations

import math
import secrets
import warnings
from collections.abc import Callable, Collection, Generator, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import NoReturn

import pytest

from fake_webflow.client import WebflowError

from ..kit import strategies
from ..kit.budget import Pace
from ..kit.clauses import (
    COULD_NOT_RUN,
    Choices,
    ClauseDiffers,
    NotCheckable,
    Observation,
    OtherOption,
    Outcome,
    Verdicts,
)
from ..kit.sandbox import Sandbox, SandboxRefused
from ..kit.targets import WHAT_IT_TAKES, InProcessTarget, Target
from .options import Options
from .plan import Case, age, ordered, rehearsed

RUN = "contract-run"
HERE = Path(__file__).parents[1]
Seen = tuple[str, Outcome, str, str]
"""A clause, what of it was seen, what was expected, and what was there."""
# Whoever runs the suite from Python has its modules imported already, which pytest would warn of.
QUIETLY = ("-p", "no:cacheprovider", "-q", "--no-header", "-W", "ignore::pytest.PytestAssertRewriteWarning")
# Requests. Where all that was asked for fits into the budget anyway, nothing has to be planned.
_LEFT_FOR_THE_END, _FOR_THE_SANDBOX, _FOR_A_CASE = 5, 40, 25
_LONGEST_SEEN = 1500
NOT_THIS_TIME = "not checked this time"
_BUDGET_SPENT = NOT_THIS_TIME + ": the budget of {} requests was spent on what was known for longest"


class ContractRun:
    """One run of the suite against one target.

    Args:
        open_target: Opens it, when the first test needs it.
        verdicts: Where results are written.
        accept_choices: Whether known options other than the profile's pass.
        done: Cases of an interrupted run, whose results are known: they are not run again.
        finished: Called after each case, with its name and what it saw.
    """

    def __init__(
        self,
        open_target: Callable[[], Target] = InProcessTarget,
        *,
        verdicts: Verdicts | None = None,
        accept_choices: bool = False,
        done: Collection[str] = (),
        finished: Callable[[str, Sequence[Observation]], None] = lambda *_: None,
    ) -> None:
        self.verdicts = verdicts or Verdicts()
        self.accept_choices = accept_choices
        self.sandbox: Sandbox | None = None
        self.refused = ""
        """Why the run could not be, in one line."""
        self.left_behind = ""
        """Why something the run made is still there."""
        self.total = 0
        """How many cases there are."""
        self._open_target = open_target
        self._target: Target | None = None
        self._done = frozenset(done)
        self._finished = finished
        self._costs: dict[str, Case] = {}

    @property
    def open(self) -> Target:
        """The target, opened when it is first asked for."""
        if self._target is None:
            self._target = self._open_target()
        return self._target

    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        """Leaves out tests whose clauses nobody asked for, and puts them in the plan's order where calls are spared."""
        pattern = config.getoption("--only") or "*"
        wanted = [
            item
            for item in items
            if not _is_of_the_suite(item)
            or (any(fnmatchcase(name, pattern) for name in _clauses(item)) and case_of(item) not in self._done)
        ]
        asked = sum(map(_is_of_the_suite, wanted))
        if asked and self.open.pace is not None and asked * _FOR_A_CASE > (self.open.pace.budget or math.inf):
            wanted = self._planned(wanted, pattern)
        kept = set(wanted)
        config.hook.pytest_deselected(items=[item for item in items if item not in kept])
        items[:] = wanted
        self.total = len(items)

    def _planned(self, items: list[pytest.Item], pattern: str) -> list[pytest.Item]:
        """The items in the plan's order; those it does not know come last."""
        self._costs = rehearsed(pattern)
        chosen = [self._costs[case_of(item)] for item in items if case_of(item) in self._costs]
        asked = [
            replace(case, sees=frozenset(name for name in case.sees if fnmatchcase(name, pattern))) for case in chosen
        ]
        budget = (self.open.pace.budget or 0) - _FOR_THE_SANDBOX if self.open.pace else 0
        ages = {name: age(name) for case in chosen for name in case.sees}
        places = {case.id: place for place, case in enumerate(ordered(asked, ages, budget))}
        return sorted(items, key=lambda item: places.get(case_of(item), len(places)))

    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Begins to record, and asks whether the target can do what the test needs and there is budget for it."""
        if not _is_of_the_suite(item):
            return
        strategies.suit(rationed=self.open.rationed, shrinks=self.open.shrinks)
        needed = {name for marker in item.iter_markers("needs") for name in marker.args}
        self.open.recorder.forget()
        if missing := needed - self.open.capabilities:
            lacking = [text for name, text in WHAT_IT_TAKES.items() if name in missing]
            raise NotCheckable(f"the suite cannot {' or '.join(lacking)} here")
        if self.open.pace is not None:
            self._spend(item, self.open.pace)

    def _spend(self, item: pytest.Item, pace: Pace) -> None:
        """Sees to it that there is budget for a test, and for removing what was made after it."""
        if pace.gone:
            # Some APIs answer 500 to whatever they do not expect. One that is there lists its sites.
            with suppress(WebflowError):
                self.open.client.request("GET", "/sites", check=False, retry=False)
        if pace.gone:
            self._end(f"{self.open.name} has stopped to answer ({pace.gone})")
        if pace.budget is None:
            pace.allowance = None
            return
        owed = self.sandbox.owed if self.sandbox else 0
        pace.allowance = pace.budget - owed - _LEFT_FOR_THE_END
        known = self._costs.get(case_of(item))
        if pace.spent + (known.cost if known else 0) > pace.allowance:
            raise NotCheckable(_BUDGET_SPENT.format(pace.budget))

    def pytest_runtest_teardown(self) -> None:
        """Lets a test undo what it did, whatever that costs."""
        if self._target is not None and self._target.pace is not None:
            self._target.pace.allowance = None

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Notes what the test saw of its clauses."""
        report = yield
        clauses = _clauses(item)
        if _is_of_the_suite(item) and self._target is not None and (report.when == "call" or not report.passed):
            error = call.excinfo.value if call.excinfo is not None else None
            if report.skipped and self._target.checks_everything:
                report.outcome, report.longrepr = "failed", f"not checked, though this target can do all: {error}"
            noted = []
            for clause_id, outcome, expected, seen in self._accepted(_seen(clauses, error, report.when)):
                shown = outcome in ("differs", "other-option") or seen.startswith(COULD_NOT_RUN)
                requests = self._target.recorder.curl_lines() if shown else ()
                noted.append(Observation(clause_id, outcome, item.nodeid, expected, seen, requests))
                self.verdicts.add(noted[-1])
            self._finished(case_of(item), noted)
        return report

    def _accepted(self, seen: list[Seen]) -> Iterator[Seen]:
        """What was seen, with choices that were accepted though the profile expects others told as that."""
        expected = self.open.profile.chosen
        for one in seen:
            option = self.verdicts.options.get(one[0])
            if one[1] == "holds" and option not in (None, expected.get(one[0])):
                yield one[0], "other-option", expected[one[0]], str(option)
            else:
                yield one

    def prepared(self) -> Sandbox:
        """The sandbox, ready to be worked in. Ends the run with code 2 where there can be none."""
        try:
            self.sandbox = Sandbox(self.open, secrets.token_hex(4))
        except SandboxRefused as refused:
            self._end(_one_line(refused))
        try:
            self.sandbox.prepare()
        except (SandboxRefused, WebflowError, NotCheckable) as error:
            self.remove()
            self._end(f"cannot prepare the sandbox: {_one_line(error)}")
        except (LookupError, TypeError, AttributeError, ValueError) as error:
            self.remove()
            self._end(f"cannot prepare the sandbox: the answers are not Webflow's ({type(error).__name__}: {error})")
        return self.sandbox

    def remove(self) -> None:
        """Removes what was made, and notes it where that cannot be."""
        assert self.sandbox is not None
        try:
            self.sandbox.remove()
        except (SandboxRefused, WebflowError, NotCheckable) as error:
            self.left_behind = _one_line(error)

    def _end(self, reason: str) -> NoReturn:
        self.refused = reason
        pytest.exit(reason, returncode=2)

    def pytest_unconfigure(self) -> None:
        """Lets go of the target."""
        if self._target is not None:
            self._target.close()
            self._target = None


def run_of(config: pytest.Config) -> ContractRun:
    """The run a pytest session belongs to."""
    return next(plugin for plugin in config.pluginmanager.get_plugins() if isinstance(plugin, ContractRun))


@pytest.fixture(scope="session")
def target(request: pytest.FixtureRequest) -> Target:
    """What is under contract."""
    return run_of(request.config).open


@pytest.fixture(scope="session")
def choice(request: pytest.FixtureRequest, target: Target) -> Choices:
    """The open choices as they are expected of the target."""
    run = run_of(request.config)
    return Choices(target.profile, run.verdicts, run.accept_choices)


@pytest.fixture(scope="session")
def sandbox(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    """Where tests work; what it made is removed at the end, whatever happened."""
    run = run_of(request.config)
    sandbox = run.prepared()
    try:
        yield sandbox
    finally:
        run.remove()
        if run.left_behind:
            warnings.warn(f"the sandbox is not empty: {run.left_behind}", stacklevel=2)


def case_of(item: pytest.Item) -> str:
    """The name of a case, wherever the suite lies: file and test, parameters included."""
    return f"{item.path.relative_to(HERE).as_posix() if item.path.is_relative_to(HERE) else item.path}::{item.name}"


def _clauses(item: pytest.Item) -> list[str]:
    """The clauses a test names."""
    return [name for marker in item.iter_markers("clause") for name in marker.args]


def _one_line(error: BaseException) -> str:
    return " ".join(str(error).split())


def _is_of_the_suite(item: pytest.Item) -> bool:
    """Whether the test works with a target; tests of other directories may run in the same session."""
    return bool({"target", "sandbox", "choice"} & set(getattr(item, "fixturenames", ())))


def _seen(clauses: list[str], error: BaseException | None, when: str | None) -> list[Seen]:
    """What a test's end says of each of its clauses."""
    if error is None:
        return [(name, "holds", "", "") for name in clauses]
    if isinstance(error, ClauseDiffers) and error.clause in clauses:
        # The test ended there, so it saw nothing of its other clauses.
        outcome: Outcome = "other-option" if isinstance(error, OtherOption) else "differs"
        return [
            (name, outcome, error.expected, error.seen)
            if name == error.clause
            else (name, "not-checkable", "", f"the test ended at {error.clause}")
            for name in clauses
        ]
    if isinstance(error, NotCheckable):
        return [(name, "not-checkable", "", str(error)) for name in clauses]
    if when != "call" or not isinstance(error, AssertionError):
        text = f"{COULD_NOT_RUN}: {type(error).__name__}: {error}"
        return [(name, "not-checkable", "", text) for name in clauses]
    text = str(error)
    seen = text if len(text) <= _LONGEST_SEEN else f"{text[:_LONGEST_SEEN]} ... (cut)"
    return [(name, "differs", "as the clause says", seen) for name in clauses]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds the options that name a target."""
    Options.add_to(parser)


def pytest_configure(config: pytest.Config) -> None:
    """Registers the markers, and the run unless whoever started pytest brought one."""
    config.addinivalue_line("markers", "clause(*ids): the clauses of the ledger that this test checks")
    config.addinivalue_line("markers", "needs(*capabilities): what a target must be able to do for this test")
    if not any(isinstance(plugin, ContractRun) for plugin in config.pluginmanager.get_plugins()):
        options = Options.of(config)
        run = ContractRun(options.open_target, accept_choices=options.accept_choices)
        config.pluginmanager.register(run, RUN)


def run_suite(
    open_target: Callable[[], Target], *arguments: str, files: Sequence[str] = (), accept_choices: bool = False
) -> tuple[int, Verdicts]:
    """Runs the suite against a target, from this process.

    Args:
        open_target: Opens the target.
        arguments: More of pytest's, such as ``--only=items.*``.
        files: Names of the suite's files to run; all of them by default.
        accept_choices: Whether known options other than the profile's pass.

    Returns:
        pytest's exit code, and what was seen.
    """
    run = ContractRun(open_target, accept_choices=accept_choices)
    paths = [str(HERE / name) for name in files] or [str(HERE)]
    code = pytest.main([*QUIETLY, *arguments, *paths], plugins=[run])
    return int(code), run.verdicts
