"""The pytest plugin: a fresh fake for every test, and what is said of it afterwards.

Importing it imports nothing but pytest; a test that uses no fixture of it pays for nothing.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from ..client import WebflowClient
    from ..seeding.building import Now
    from ..seeding.scenario import ScenarioSource
    from .handle import FakeWebflow, SeededFakes
    from .server import ServedFake

_INI = {
    "webflow_scenario": ("string", "default", "scenario that tests start from: a name or a file"),
    "webflow_rate_limit": ("string", "off", "requests a minute that the fake allows, or off"),
    "webflow_profile": ("linelist", [], "open choices made otherwise, each on a line: choice = option"),
    "webflow_seed": ("string", "", "what ids and made-up data come from; left out, the scenario's own"),
    "webflow_now": ("string", "", "when the worlds of tests begin: an ISO text, or machine for the machine's clock"),
    "webflow_block_other_hosts": ("bool", False, "refuse calls to hosts that are neither Webflow's nor this machine"),
    "webflow_guard": ("bool", False, "refuse to look up Webflow's hosts in every test, also in those without a fake"),
    "webflow_trust": ("string", "", "evidence that clauses must have: documented, observed or live:30d"),
    "webflow_trust_action": ("string", "fail", "what happens to tests below webflow_trust: fail or warn"),
}


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds ``--webflow-trust`` and the ini options."""
    group = parser.getgroup("webflow", "fake-webflow")
    group.addoption("--webflow-trust", metavar="LEVEL", help=_INI["webflow_trust"][2])
    for name, (kind, default, text) in _INI.items():
        parser.addini(name, text, type=kind, default=default)  # type: ignore[arg-type]


def pytest_configure(config: pytest.Config) -> None:
    """Registers the marker, and what reports."""
    config.addinivalue_line(
        "markers",
        "webflow(scenario, rate_limit, scopes, profile, seed, now, trust): how the test's fake Webflow is to be; "
        "a test with this marker has one even if it names no fixture",
    )
    from .reporter import Reporter
    from .settings import parse_now, parse_profile, parse_rate_limit, parse_seed

    readers = {"rate_limit": parse_rate_limit, "profile": parse_profile, "seed": parse_seed, "now": parse_now}
    try:
        reporter = Reporter(config)
        for name, read in readers.items():
            read(config.getini(f"webflow_{name}"))  # that a mistake ends the run at once
    except ValueError as error:
        raise pytest.UsageError(str(error)) from None
    for name in ("webflow_block_other_hosts", "webflow_guard"):
        try:
            config.getini(name)
        except (
            ValueError,
            pytest.UsageError,
        ) as error:  # which of them depends on pytest, and neither names the option
            raise pytest.UsageError(f"{name} is true or false; {error}") from None
    config.pluginmanager.register(reporter, "fake-webflow-reporter")
    if config.getini("webflow_guard") and not _is_run_against_url(config):
        from ..transports import guard

        guard.begin()
        config.add_cleanup(guard.end)


def _is_run_against_url(config: pytest.Config) -> bool:
    """Whether this is a run of the contract suite, which alone has that option, that is told to go to Webflow."""
    has_option = hasattr(config.option, "webflow_url")
    return has_option and bool(config.option.webflow_url or os.environ.get("WEBFLOW_URL"))


@pytest.fixture(scope="session")
def fake_webflow_scenario(pytestconfig: pytest.Config) -> ScenarioSource:
    """The scenario tests start from; override it to give another name, a file or a mapping."""
    name: str = pytestconfig.getini("webflow_scenario")
    return name


@pytest.fixture(scope="session")
def fake_webflow_rate_limit(pytestconfig: pytest.Config) -> int | None:
    """Requests a minute that tests are allowed; None for any number."""
    from .settings import parse_rate_limit

    return parse_rate_limit(pytestconfig.getini("webflow_rate_limit"))


@pytest.fixture(scope="session")
def fake_webflow_profile(pytestconfig: pytest.Config) -> Mapping[str, str]:
    """The open choices that tests make otherwise, by the names of their clauses."""
    from .settings import parse_profile

    return parse_profile(pytestconfig.getini("webflow_profile"))


@pytest.fixture(scope="session")
def fake_webflow_seed(pytestconfig: pytest.Config) -> int | None:
    """What ids and made-up data come from; None for the scenario's own."""
    from .settings import parse_seed

    return parse_seed(pytestconfig.getini("webflow_seed"))


@pytest.fixture(scope="session")
def fake_webflow_now(pytestconfig: pytest.Config) -> Now:
    """When the worlds of tests begin: an ISO text, a datetime, or ``machine``; None for the usual time."""
    from .settings import parse_now

    return parse_now(pytestconfig.getini("webflow_now"))


@pytest.fixture(scope="session")
def fake_webflow_block_other_hosts(pytestconfig: pytest.Config) -> bool:
    """Whether calls to hosts that are neither Webflow's nor this machine are refused while a fake is active."""
    block: bool = pytestconfig.getini("webflow_block_other_hosts")
    return block


@pytest.fixture(scope="session")
def _fake_webflow_seeded() -> SeededFakes:
    from .handle import SeededFakes

    if "pyfakefs" in sys.modules:
        from .other_file_systems import prepare  # while the machine's is there: fixtures of a test come later

        prepare()
    return SeededFakes()


@pytest.fixture
def fake_webflow(
    request: pytest.FixtureRequest,
    _fake_webflow_seeded: SeededFakes,
    fake_webflow_scenario: ScenarioSource,
    fake_webflow_rate_limit: int | None,
    fake_webflow_profile: Mapping[str, str],
    fake_webflow_seed: int | None,
    fake_webflow_now: Now,
    fake_webflow_block_other_hosts: bool,
) -> Iterator[FakeWebflow]:
    """A fake Webflow of this test's own, which takes the program's calls to Webflow while the test runs.

    It is forked from a world that was seeded once for the session.
    """
    from .settings import find_scenario_file, read_markers

    node = request.node
    with _fail_without_traceback():
        wanted = read_markers(node)
        scenario = wanted.get("scenario", fake_webflow_scenario)
        if scenario != "default":
            scenario = find_scenario_file(scenario, [node.path.parent, request.config.rootpath])
        profile = {**fake_webflow_profile, **wanted["profile"]} if "profile" in wanted else fake_webflow_profile
        now = wanted.get("now", fake_webflow_now)
        handle = _fake_webflow_seeded.fork_handle(scenario, profile, wanted.get("seed", fake_webflow_seed), now)
        rate_limit = wanted.get("rate_limit", fake_webflow_rate_limit)
        if rate_limit is not None:
            handle.rate_limit(rate_limit)
        if "scopes" in wanted:
            handle.limit_scopes(wanted["scopes"])
    handle.activate(block_other_hosts=fake_webflow_block_other_hosts)
    yield handle
    with _fail_without_traceback():
        handle.close(f"the test {node.nodeid} has ended, and its fake Webflow with it")


@pytest.fixture(scope="session")
def fake_webflow_session(
    request: pytest.FixtureRequest,
    _fake_webflow_seeded: SeededFakes,
    fake_webflow_scenario: ScenarioSource,
    fake_webflow_rate_limit: int | None,
    fake_webflow_profile: Mapping[str, str],
    fake_webflow_seed: int | None,
    fake_webflow_now: Now,
    fake_webflow_block_other_hosts: bool,
) -> Iterator[FakeWebflow]:
    """A fake Webflow that all tests of the session share on purpose: what one does, the next one sees."""
    from .settings import find_scenario_file

    scenario = find_scenario_file(fake_webflow_scenario, [request.config.rootpath])
    with _fail_without_traceback():
        handle = _fake_webflow_seeded.fork_handle(scenario, fake_webflow_profile, fake_webflow_seed, fake_webflow_now)
        handle.rate_limit(fake_webflow_rate_limit)
    handle.activate(block_other_hosts=fake_webflow_block_other_hosts)
    yield handle
    with _fail_without_traceback():
        handle.close("the test session has ended, and its fake Webflow with it")


@contextmanager
def _fail_without_traceback() -> Iterator[None]:
    """Lets a mistake fail the fixture without a traceback: what is wrong is in the test or its settings, not here."""
    from ..errors import FakeWebflowError

    try:
        yield
    except (FakeWebflowError, ValueError) as error:
        raise pytest.fail.Exception(f"{type(error).__name__}: {error}", pytrace=False) from None


@pytest.fixture
def fake_webflow_client(fake_webflow: FakeWebflow) -> WebflowClient:
    """The thin client, in process, with the token of this test's fake."""
    return fake_webflow.client


@pytest.fixture(scope="session")
def _fake_webflow_address() -> Iterator[None]:
    from .server import SHARED

    with SHARED.keep_running():
        yield


@pytest.fixture
def fake_webflow_server(fake_webflow: FakeWebflow, _fake_webflow_address: None) -> Iterator[ServedFake]:
    """This test's fake behind a loopback address, with a token of its own: ``base_url`` and ``token``.

    One server a process serves the fakes of all its tests; the token says which one a request is for.
    """
    from ..fake import fake_of
    from .server import serve_fake

    with serve_fake(fake_of(fake_webflow), fake_webflow.token) as served:
        yield served


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Reports an invalid marker as a collection error, and gives marked tests the fixture."""
    report = yield
    marked_items = [one for one in report.result or () if isinstance(one, pytest.Item) and _has_marker(one)]
    mistakes = [text for text in map(_find_marker_mistake, marked_items) if text]
    if mistakes:
        report.outcome, report.longrepr, report.result = "failed", "\n".join(mistakes), []
    return report


def _has_marker(item: pytest.Item) -> bool:
    return item.get_closest_marker("webflow") is not None


def _find_marker_mistake(item: pytest.Item) -> str:
    from .settings import MarkerError, read_markers

    try:
        wanted = read_markers(item)
    except MarkerError as error:
        return f"{item.nodeid}: {error}"
    names: list[str] = getattr(item, "fixturenames", [])
    if "fake_webflow" in names:
        return ""
    if "fake_webflow_session" not in names:
        names.insert(0, "fake_webflow")
        return ""
    lost = next((name for name in wanted if name != "trust"), None)
    if lost is None:
        return ""
    return (
        f"{item.nodeid}: @pytest.mark.webflow({lost}=...) is for fake_webflow, and this test has "
        "fake_webflow_session alone, which is as ini options and small fixtures make it. Name fake_webflow, too, "
        "or leave the marker out."
    )
