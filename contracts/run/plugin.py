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

from ..generated.counterpart import Counterpart
from ..kit import strategies
from ..kit.clauses import Choices, NotCheckable, Observation, Verdicts
from ..kit.in_process import InProcessTarget
from ..kit.pacing import Pacer
from ..kit.sandbox import Sandbox
from ..kit.sites import SandboxRefused
from ..kit.targets import CAPABILITY_TEXTS, Target
from .blame import Cause, blame
from .evidence import collect_evidence
from .judging import ClauseResult, Comparison, judge
from .options import RunOptions
from .plan import Plan, last_evidence_date, order_cases
from .preflight import to_one_line

RUN_PLUGIN_NAME = "contract-run"
SUITE_DIRECTORY = Path(__file__).parents[1]
# Whoever runs the suite from Python has its modules imported already, which pytest would warn of.
QUIET_ARGUMENTS = ("-p", "no:cacheprovider", "-q", "--no-header", "-W", "ignore::pytest.PytestAssertRewriteWarning")
# Requests. Where all that was asked for fits into the budget anyway, nothing has to be planned.
_RESERVE, SANDBOX_COST, _CASE_COST = 5, 40, 25
NOT_CHECKED_THIS_TIME = "not checked this time"
_BUDGET_SPENT_TEXT = NOT_CHECKED_THIS_TIME + ": the budget of {} requests was spent on what was known for longest"


class ContractRun:
    """One run of the suite against one target.

    Args:
        open_target: Opens it, when the first test needs it.
        verdicts: Where results are written.
        accept_choices: Whether known options other than the profile's pass.
        done: Cases of an interrupted run, whose results are known: they are not run again.
        on_case_done: Called after each case, with the run, the name of the case and what it saw.
    """

    def __init__(
        self,
        open_target: Callable[[], Target] = InProcessTarget,
        *,
        verdicts: Verdicts | None = None,
        accept_choices: bool = False,
        done: Collection[str] = (),
        on_case_done: Callable[[ContractRun, str, Sequence[Observation]], None] = lambda *_: None,
    ) -> None:
        self.verdicts = verdicts or Verdicts()
        self.accept_choices = accept_choices
        self.sandbox: Sandbox | None = None
        self.refusal_reason = ""
        """Why the run could not start or finish, in one line."""
        self.left_behind = ""
        """Why something the run made is still there."""
        self.case_count = 0
        """How many cases there are to run."""
        self._open_target = open_target
        self._target: Target | None = None
        self._done = frozenset(done)
        self._on_case_done = on_case_done
        self._plan = Plan({})
        self._comparison: Comparison | None = None
        self._counterpart: Counterpart | None = None
        self.causes: list[Cause] = []
        """What is wrong with the target, known when all tests have run."""

    @property
    def target(self) -> Target:
        """The target, opened when it is first asked for."""
        if self._target is None:
            self._target = self._open_target()
        return self._target

    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        """Leaves out tests whose clauses nobody asked for, and puts them in the plan's order where calls are spared."""
        pattern = config.getoption("--only") or "*"
        selected = [
            item
            for item in items
            if not _is_of_the_suite(item)
            or (any(fnmatchcase(name, pattern) for name in _clauses_of(item)) and case_id_of(item) not in self._done)
        ]
        case_count = sum(map(_is_of_the_suite, selected))
        if (
            case_count
            and self.target.pacer is not None
            and case_count * _CASE_COST > (self.target.pacer.budget or math.inf)
        ):
            selected = self._order_by_plan(selected, pattern)
        kept = set(selected)
        config.hook.pytest_deselected(items=[item for item in items if item not in kept])
        items[:] = selected
        self.case_count = len(items)

    def _order_by_plan(self, items: list[pytest.Item], pattern: str) -> list[pytest.Item]:
        """The items in the plan's order; those it does not know come last."""
        self._plan = Plan.read()
        planned = self._plan.cases
        chosen = [planned[case_id_of(item)] for item in items if case_id_of(item) in planned]
        relevant = [
            replace(case, clauses=frozenset(name for name in case.clauses if fnmatchcase(name, pattern)))
            for case in chosen
        ]
        budget = (self.target.pacer.budget or 0) - SANDBOX_COST if self.target.pacer else 0
        evidence_dates = {name: last_evidence_date(name) for case in chosen for name in case.clauses}
        places = {case.id: place for place, case in enumerate(order_cases(relevant, evidence_dates, budget))}
        return sorted(items, key=lambda item: places.get(case_id_of(item), len(places)))

    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Begins to record, and asks whether the target can do what the test needs and there is budget for it."""
        if not _is_of_the_suite(item):
            return
        strategies.configure(rationed=self.target.is_rationed, shrinks=self.target.shrinks)
        needed = {name for marker in item.iter_markers("needs") for name in marker.args}
        self.target.recorder.reset()
        self._comparison = None
        if self._counterpart is not None:
            self._counterpart.begin(item.nodeid)
        if missing := needed - self.target.capabilities:
            lacking = [text for name, text in CAPABILITY_TEXTS.items() if name in missing]
            raise NotCheckable(f"the suite cannot {' or '.join(lacking)} here")
        if self.target.pacer is not None:
            self._check_budget(item, self.target.pacer)

    def _check_budget(self, item: pytest.Item, pacer: Pacer) -> None:
        """Checks that there is budget for a test, and for removing what was made after it."""
        if pacer.unresponsive_reason:
            # Some APIs answer 500 to whatever they do not expect. One that is there lists its sites.
            with suppress(WebflowError):
                self.target.client.request("GET", "/sites", check=False, retry=False)
        if pacer.unresponsive_reason:
            self._exit(f"{self.target.name} stopped answering ({pacer.unresponsive_reason})")
        if pacer.budget is None:
            pacer.allowance = None
            return
        removal_cost = self.sandbox.removal_cost if self.sandbox else 0
        pacer.allowance = pacer.budget - removal_cost - _RESERVE
        planned = self._plan.cases.get(case_id_of(item))
        if pacer.spent + (planned.cost + self._plan.margin if planned else 0) > pacer.allowance:
            raise NotCheckable(_BUDGET_SPENT_TEXT.format(pacer.budget))

    def pytest_runtest_teardown(self) -> None:
        """Lets a test undo what it did, whatever that costs."""
        if self._target is not None and self._target.pacer is not None:
            self._target.pacer.allowance = None

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Notes what the test saw of its clauses."""
        report = yield
        clauses = _clauses_of(item)
        if _is_of_the_suite(item) and self._target is not None and (report.when == "call" or not report.passed):
            error = call.excinfo.value if call.excinfo is not None else None
            if report.skipped and self._target.checks_everything:
                report.outcome, report.longrepr = "failed", f"not checked, though this target can do all: {error}"
            observations = []
            for result in self._mark_accepted(judge(clauses, error, report.when, self._comparison)):
                seen = Observation(
                    result.clause, result.outcome, item.nodeid, result.expected, result.observed,
                    is_explicit=result.is_explicit,
                )  # fmt: skip
                if seen.is_failure:
                    seen = replace(seen, requests=self._target.recorder.curl_lines())
                observations.append(seen)
                self.verdicts.add(seen)
            self._on_case_done(self, case_id_of(item), observations)
        return report

    def _mark_accepted(self, results: list[ClauseResult]) -> Iterator[ClauseResult]:
        """What was seen, with choices that were accepted though the profile expects others told as that."""
        expected = self.target.profile.chosen
        for result in results:
            option = self.verdicts.options.get(result.clause)
            if result.outcome == "holds" and option not in (None, expected.get(result.clause)):
                yield ClauseResult(result.clause, "other-option", expected[result.clause], str(option))
            else:
                yield result

    def pytest_assertrepr_compare(self, op: str, left: object, right: object) -> None:
        """Keeps what an assertion compared that fails."""
        self._comparison = Comparison(op, left, right)

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self) -> None:
        """Tells what differs from what only follows from it."""
        if self._target is None or not self._target.explains:
            return
        unmade = self.sandbox.unmade if self.sandbox else {}
        self.causes = blame(self.verdicts, self._counterpart, unmade, accept_choices=self.accept_choices)
        self.verdicts.follows = {cause.head: cause.followers for cause in self.causes if cause.followers}
        if self._counterpart is None or self.sandbox is None or not self.target.shows_evidence:
            return
        for cause in self.causes:
            if shown := collect_evidence(cause, self._counterpart, self.sandbox.run_id):
                self.verdicts.evidence[cause.head] = shown

    def prepare_sandbox(self) -> Sandbox:
        """The sandbox, ready to be worked in. Ends the run with code 2 where there can be none."""
        try:
            self.sandbox = Sandbox(self.target, secrets.token_hex(4))
        except SandboxRefused as error:
            self._exit(to_one_line(error))
        if self.target.explains:
            self._counterpart = Counterpart(self.target, self.sandbox.site)
        try:
            self.sandbox.prepare()
        except (SandboxRefused, NotCheckable) as error:
            self.remove_sandbox()
            self._exit(f"cannot prepare the sandbox: {to_one_line(error)}")
        return self.sandbox

    def remove_sandbox(self) -> None:
        """Removes what was made, and notes it where that cannot be."""
        assert self.sandbox is not None
        try:
            self.sandbox.remove()
        except (SandboxRefused, WebflowError, NotCheckable) as error:
            self.left_behind = to_one_line(error)
        except (LookupError, TypeError, AttributeError, ValueError):
            self.left_behind = "an answer to a deletion has another form than Webflow's"

    def _exit(self, reason: str) -> NoReturn:
        self.refusal_reason = reason
        pytest.exit(reason, returncode=2)

    def pytest_unconfigure(self) -> None:
        """Lets go of the target."""
        if self._counterpart is not None:
            self._counterpart.close()
            self._counterpart = None
        if self._target is not None:
            self._target.close()
            self._target = None


def find_run(config: pytest.Config) -> ContractRun:
    """The run a pytest session belongs to."""
    return next(plugin for plugin in config.pluginmanager.get_plugins() if isinstance(plugin, ContractRun))


@pytest.fixture(scope="session")
def target(request: pytest.FixtureRequest) -> Target:
    """What is under contract."""
    return find_run(request.config).target


@pytest.fixture(scope="session")
def choice(request: pytest.FixtureRequest, target: Target) -> Choices:
    """The open choices as they are expected of the target."""
    run = find_run(request.config)
    return Choices(target.profile, run.verdicts, run.accept_choices)


@pytest.fixture(scope="session")
def sandbox(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    """Where tests work; what it made is removed at the end, whatever happened."""
    run = find_run(request.config)
    sandbox = run.prepare_sandbox()
    try:
        yield sandbox
    finally:
        run.remove_sandbox()
        if run.left_behind:
            warnings.warn(f"the sandbox is not empty: {run.left_behind}", stacklevel=2)


def case_id_of(item: pytest.Item) -> str:
    """The name of a case, wherever the suite lies: file and test, parameters included."""
    inside = item.path.is_relative_to(SUITE_DIRECTORY)
    path = item.path.relative_to(SUITE_DIRECTORY).as_posix() if inside else item.path
    return f"{path}::{item.name}"


def _clauses_of(item: pytest.Item) -> list[str]:
    """The clauses a test names."""
    return [name for marker in item.iter_markers("clause") for name in marker.args]


def _is_of_the_suite(item: pytest.Item) -> bool:
    """Whether the test works with a target; tests of other directories may run in the same session."""
    return bool({"target", "sandbox", "choice"} & set(getattr(item, "fixturenames", ())))


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds the options that name a target."""
    RunOptions.add_to(parser)


def pytest_configure(config: pytest.Config) -> None:
    """Registers the markers, and the run unless whoever started pytest brought one."""
    config.addinivalue_line("markers", "clause(*ids): the clauses of the ledger that this test checks")
    config.addinivalue_line("markers", "needs(*capabilities): what a target must be able to do for this test")
    if not any(isinstance(plugin, ContractRun) for plugin in config.pluginmanager.get_plugins()):
        options = RunOptions.from_config(config)
        run = ContractRun(options.open_target, accept_choices=options.accept_choices)
        config.pluginmanager.register(run, RUN_PLUGIN_NAME)


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
    paths = [str(SUITE_DIRECTORY / name) for name in files] or [str(SUITE_DIRECTORY)]
    code = pytest.main([*QUIET_ARGUMENTS, *arguments, *paths], plugins=[run])
    return int(code), run.verdicts
