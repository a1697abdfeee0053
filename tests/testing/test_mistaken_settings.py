"""Markers, ini options and names that cannot be meant are told at once, with the nearest that can."""

from __future__ import annotations

import pytest
from running import Run

from fake_webflow.testing import watching

pytest_plugins = ["pytester"]


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ('scenaro="x"', "no argument 'scenaro'*did you mean scenario?"),
        ('"timeline"', "by name: scenario, rate_limit, scopes, profile, seed, now, trust"),
        ("rate_limit=0", "(rate_limit=...)*requests a minute*at least 1*None*not 0"),
        ("rate_limit=True", "(rate_limit=...)*requests a minute*at least 1*None*not True"),
        ('scopes="cms:read"', """(scopes=...)*a list, as [[]"cms:read"]*not 'cms:read'"""),
        ("scopes=[3]", """(scopes=...)*a list, as [[]"cms:read"]*not [[]3]"""),
        ("trust=None", "(trust=...)*None*documented, observed, live:30d"),
        ('profile="cms"', """(profile=...)*a dict, as {"items.create.is-draft": "false"}*not 'cms'"""),
        ('seed="7"', "(seed=...)*a whole number*None*not '7'"),
        ("seed=True", "(seed=...)*a whole number*None*not True"),
        ("scenario=None", "(scenario=...)*name*file*not None"),
        ('now="yesterday"', "(now=...)*ISO text*datetime*'machine'*not 'yesterday'"),
        ("now=5", "(now=...)*ISO text*datetime*'machine'*not 5"),
        ('trust="high"', "(trust=...)*'high'*documented, observed, live:30d"),
    ],
)
def test_a_marker_that_cannot_be_meant_ends_the_run_at_once(run: Run, arguments: str, text: str) -> None:
    result = run(f"import pytest\n\n@pytest.mark.webflow({arguments})\ndef test_it(fake_webflow): pass\n")
    # A report of the collection, for nothing else of it reaches those who run tests in workers.
    result.assert_outcomes(errors=1)
    assert result.ret == pytest.ExitCode.INTERRUPTED
    result.stdout.fnmatch_lines([f"*.py::test_it: @pytest.mark.webflow*{text}*"])


def test_a_marker_of_a_class_that_cannot_be_meant(run: Run) -> None:
    result = run(
        """
    import unittest

    import pytest

    @pytest.mark.webflow(scope=["cms:read"])
    class TestUnittest(unittest.TestCase):
        def test_it(self): pass

    @pytest.mark.webflow(scope=["cms:read"])
    class TestClass:
        def test_one(self): pass
        def test_two(self): pass
    """
    )
    result.assert_outcomes(errors=2)
    text = "@pytest.mark.webflow*'scope'*did you mean scopes?*"
    names = ("::TestUnittest::test_it", "::TestClass::test_one", "::TestClass::test_two")
    result.stdout.fnmatch_lines([f"*.py{name}: {text}" for name in names])


def test_a_marker_does_not_reach_the_shared_fake(run: Run) -> None:
    result = run(
        """
    import pytest

    @pytest.fixture(scope="session")
    def world(fake_webflow_session): pass

    @pytest.mark.webflow(rate_limit=2)
    def test_refused(world): pass

    @pytest.mark.webflow(trust="documented")
    def test_judged(world): pass

    @pytest.mark.webflow(rate_limit=2)
    def test_both(world, fake_webflow): pass
    """
    )
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(
        [
            "*.py::test_refused: @pytest.mark.webflow(rate_limit=...)*fake_webflow_session*"
            "Name fake_webflow, too, or leave the marker out."
        ]
    )
    result.stdout.no_fnmatch_line("*::test_judged: *")
    result.stdout.no_fnmatch_line("*::test_both: *")


def test_a_marker_that_came_late_is_told_when_its_test_begins(run: Run) -> None:
    result = run(
        "def test_it(fake_webflow): pass",
        conftest="""
    import pytest

    def pytest_collection_modifyitems(items):
        items[0].add_marker(pytest.mark.webflow(scenaro="x"))
    """,
    )
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["MarkerError: @pytest.mark.webflow*'scenaro'*did you mean scenario?"])


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ('scenario="timelin"', "ScenarioError: *'timelin'*did you mean timeline?*"),
        ('profile={"plan.limit": "cms"}', "ValueError: *'plan.limit'*did you mean plan.limits*"),
        ('scopes=["cms:reed"]', "ValueError: *'cms:reed'*did you mean cms:read*"),
    ],
)
def test_what_is_not_there_is_told_with_the_nearest_names(run: Run, arguments: str, text: str) -> None:
    result = run(f"import pytest\n\n@pytest.mark.webflow({arguments})\ndef test_it(fake_webflow): pass\n")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(
        ["* ERROR at setup of test_it *", text, "* short test summary info *"], consecutive=True
    )


@pytest.mark.parametrize(
    ("fixture", "value", "text"),
    [
        ("scenario", "None", "ScenarioError: *a name, a file, or a mapping*not None"),
        ("scenario", "{'sites': 3}", "ScenarioError: *sites: must be a list*"),
        ("scenario", "'x'", "ScenarioError: *'x'*default, empty, timeline*YAML or JSON file*"),
        ("profile", "'cms'", "ValueError: *{'items.create.is-draft': 'false'}*not 'cms'"),
        ("profile", "{'x': 'y'}", "ValueError: *'x'*assets.create.duplicate-hash, *"),
        ("seed", "'7'", "ValueError: *seed*a whole number*None*not '7'"),
    ],
)
@pytest.mark.parametrize("shared", ["", "_session"])
def test_a_fixture_that_gives_what_cannot_be_meant(run: Run, fixture: str, value: str, text: str, shared: str) -> None:
    result = run(
        f"""
    import pytest

    @pytest.fixture(scope="session")
    def fake_webflow_{fixture}():
        return {value}

    def test_it(fake_webflow{shared}): pass
    """
    )
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(
        ["* ERROR at setup of test_it *", text, "* short test summary info *"], consecutive=True
    )


def test_the_shared_fake_is_told_likewise(run: Run) -> None:
    result = run("def test_it(fake_webflow_session): pass", ini="webflow_scenario = timelin")
    result.assert_outcomes(errors=1)
    text = "ScenarioError: *'timelin'*did you mean timeline?*"
    result.stdout.fnmatch_lines(
        ["* ERROR at setup of test_it *", text, "* short test summary info *"], consecutive=True
    )


@pytest.mark.parametrize(
    ("ini", "text"),
    [
        ("webflow_trust_action = shout", "webflow_trust_action*fail or warn*'shout'"),
        ("webflow_trust = high", "*trust*'high'*documented, observed, live:30d"),
        ("webflow_rate_limit = some", "webflow_rate_limit*requests a minute*off*not 'some'"),
        ("webflow_rate_limit = 0", "webflow_rate_limit*requests a minute*off*not '0'"),
        ("webflow_now = soon", "webflow_now*ISO text*'machine'*'soon'"),
        ("webflow_seed = seven", "webflow_seed*a whole number*'seven'"),
        ("webflow_block_other_hosts = maybe", "webflow_block_other_hosts*true or false*'maybe'"),
        (
            "webflow_profile = plan.limits cms",
            "webflow_profile*'choice = option'*'plan.limits cms'",
        ),
    ],
)
def test_an_ini_option_that_cannot_be_meant_ends_the_run_at_once(run: Run, ini: str, text: str) -> None:
    watchers = list(watching.watchers)
    result = run("def test_it(): pass", ini=ini)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"ERROR: {text}"])
    assert watching.watchers == watchers
