"""The pytest side of the suite: options, fixtures, and what each test says of its clauses."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import suppress
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest

from fake_webflow.client import WebflowError
from fake_webflow.rules import Profile

from . import strategies
from .clauses import Choices, ClauseDiffers, NotCheckable, OtherOption, options_of
from .options import Options
from .sandbox import Sandbox, SandboxRefused
from .targets import InProcessTarget, Target
from .verdicts import Observation, Outcome, Verdicts

RUN = "contract-run"
HERE = Path(__file__).parent
# Whoever runs the suite from Python has its modules imported already, which pytest would warn of.
Seen = tuple[str, Outcome, str, str]
"""A clause, what of it was seen, what was expected, and what was there."""
_QUIETLY = ("-p", "no:cacheprovider", "-q", "--no-header", "-W", "ignore::pytest.PytestAssertRewriteWarning")


class ContractRun:
    """One run of the suite against one target.

    Args:
        open_target: Opens it, when the first test needs it.
        verdicts: Where results are written.
        rationed: Whether calls are to be spared.
        accept_choices: Whether known options other than the profile's pass.
    """

    def __init__(
        self,
        open_target: Callable[[], Target] = InProcessTarget,
        *,
        verdicts: Verdicts | None = None,
        rationed: bool = False,
        accept_choices: bool = False,
    ) -> None:
        self.verdicts = verdicts or Verdicts()
        self.accept_choices = accept_choices
        self.rationed = rationed
        self._open_target = open_target
        self._target: Target | None = None
        strategies.ration(rationed)

    @property
    def open(self) -> Target:
        """The target, opened when it is first asked for."""
        if self._target is None:
            self._target = self._open_target()
        return self._target

    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        """Leaves out tests whose clauses nobody asked for, and, where calls are spared, all but a test's first case."""
        pattern = config.getoption("--only") or "*"
        wanted = [
            item
            for item in items
            if not _is_of_the_suite(item) or any(fnmatchcase(name, pattern) for name in _clauses(item))
        ]
        if self.rationed:
            wanted = list({_test_of(item): item for item in reversed(wanted)}.values())[::-1]
        kept = set(wanted)
        config.hook.pytest_deselected(items=[item for item in items if item not in kept])
        items[:] = wanted

    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Begins to record, and asks whether the target can do what the test needs."""
        if not _is_of_the_suite(item):
            return
        needed = {name for marker in item.iter_markers("needs") for name in marker.args}
        self.open.recorder.forget()
        if missing := needed - self.open.capabilities:
            raise NotCheckable(f"{self.open.name} cannot: {', '.join(sorted(missing))}")

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
            for clause_id, outcome, expected, seen in self._accepted(_seen(clauses, error, report.when)):
                requests = self._target.recorder.curl_lines() if outcome in ("differs", "other-option") else ()
                self.verdicts.add(Observation(clause_id, outcome, item.nodeid, expected, seen, requests))
        return report

    def _accepted(self, seen: list[Seen]) -> Iterator[Seen]:
        """What was seen, with choices that were accepted though the profile expects others told as that."""
        expected = options_of(self.open.profile)
        for one in seen:
            option = self.verdicts.options.get(one[0])
            if one[1] == "holds" and option not in (None, expected.get(one[0])):
                yield one[0], "other-option", expected[one[0]], str(option)
            else:
                yield one

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
def sandbox(target: Target) -> Iterator[Sandbox]:
    """Where tests work; what it made is removed at the end, whatever happened."""
    try:
        sandbox = Sandbox(target, secrets.token_hex(4))
    except SandboxRefused as refused:
        pytest.exit(_one_line(refused), returncode=2)
    try:
        sandbox.prepare()
    except (SandboxRefused, WebflowError) as error:
        with suppress(WebflowError):
            sandbox.remove()
        pytest.exit(f"cannot prepare the sandbox: {_one_line(error)}", returncode=2)
    try:
        yield sandbox
    finally:
        sandbox.remove()


def _test_of(item: pytest.Item) -> tuple[str, ...]:
    """The test a case belongs to, whatever its parameters, with the clauses the case checks."""
    return item.nodeid.partition("[")[0], *_clauses(item)


def _clauses(item: pytest.Item) -> list[str]:
    """The clauses a test names."""
    return [name for marker in item.iter_markers("clause") for name in marker.args]


def _one_line(error: Exception) -> str:
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
        return [(name, "not-checkable", "", f"the test could not run: {error}") for name in clauses]
    return [(name, "differs", "as the clause says", str(error)) for name in clauses]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds the options that name a target."""
    Options.add_to(parser)


def pytest_configure(config: pytest.Config) -> None:
    """Registers the markers, and the run unless whoever started pytest brought one."""
    config.addinivalue_line("markers", "clause(*ids): the clauses of the ledger that this test checks")
    config.addinivalue_line("markers", "needs(*capabilities): what a target must be able to do for this test")
    if not any(isinstance(plugin, ContractRun) for plugin in config.pluginmanager.get_plugins()):
        options = Options.of(config)
        run = ContractRun(options.open_target, rationed=options.is_rationed, accept_choices=options.accept_choices)
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
    code = pytest.main([*_QUIETLY, *arguments, *paths], plugins=[run])
    return int(code), run.verdicts


def profile_of(choices: dict[str, Any]) -> Profile:
    """The built-in profile with these choices made otherwise."""
    return Profile().choosing({name: str(option) for name, option in choices.items()})
