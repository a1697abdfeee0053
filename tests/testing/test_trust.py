"""On what a suite rested, and tests that rest on too little."""

from __future__ import annotations

from datetime import date

import pytest
from running import IN_WORKERS, NO_OTHER_PLUGINS, OURS, Run

from fake_webflow.rules import LiveResult, clauses, find_clause
from fake_webflow.testing.trust import Level, Touched, find_below, render_complaint, render_trust_summary

pytest_plugins = ["pytester"]

# One operation bound to a guess, and one bound to none.
GUESSED = """
    def test_guessed(fake_webflow):
        notes = fake_webflow.add_collection("Notes")
        fake_webflow.client.items.list(notes.id)

    def test_certain(fake_webflow):
        fake_webflow.client.sites.list()
"""


def test_the_summary_says_on_what_the_suite_rested(run: Run) -> None:
    result = run(GUESSED)
    result.assert_outcomes(passed=2)
    clauses = Touched(frozenset(["items.list", "sites.list"])).clauses()
    result.stdout.fnmatch_lines([f"fake-webflow: {render_trust_summary(clauses)}"])


def test_a_refusal_counts_by_its_clauses() -> None:
    assert Touched(frozenset(), frozenset(["items.not-found"])).clauses() == {"items.not-found"}
    assert render_trust_summary(["items.not-found"]).startswith("rested on 1 clause: 1 ")


def test_a_stub_counts_as_nothing(run: Run) -> None:
    result = run(
        """
        import requests

        def test_pages(fake_webflow):
            fake_webflow.stub("list-pages", json={"pages": []})
            url = f"https://api.webflow.com/v2/sites/{fake_webflow.site.id}/pages"
            assert requests.get(url, headers={"Authorization": "Bearer test-token"}).json() == {"pages": []}
        """,
        "--webflow-trust=live:1d",
    )
    result.assert_outcomes(passed=1)
    result.stdout.no_fnmatch_line("*rested*")


def test_without_the_fixture_there_is_no_summary(run: Run) -> None:
    result = run("def test_it(): pass")
    result.stdout.no_fnmatch_line("*rested*")


@pytest.mark.parametrize(
    "settings", [{"ini": "webflow_trust = documented"}, {"arguments": ["--webflow-trust=documented"]}]
)
def test_a_test_below_the_level_fails_and_names_the_clauses(run: Run, settings: dict[str, object]) -> None:
    result = run(GUESSED, *settings.get("arguments", ()), ini=str(settings.get("ini", "")))  # type: ignore[misc]
    result.assert_outcomes(passed=1, failed=1)
    weak = find_below(Touched(frozenset(["items.list"])).clauses(), Level("documented"))
    assert weak, "nothing about listing items is a guess any more: name another operation above"
    result.stdout.fnmatch_lines(
        [
            f"this test rests on {len(weak)} clause* of the fake whose evidence is below documented:",
            *(f"  {name} is inferred" for name in weak),
            "fake-webflow explain CLAUSE says what is known of it.",
        ],
        consecutive=True,
    )


def test_a_test_below_the_level_only_warns_if_told_so(run: Run) -> None:
    result = run(GUESSED, ini="webflow_trust = documented\nwebflow_trust_action = warn")
    result.assert_outcomes(passed=2)
    weak = find_below(Touched(frozenset(["items.list"])).clauses(), Level("documented"))
    said = ", ".join(f"{name} is inferred" for name in weak)
    result.stdout.fnmatch_lines(
        [
            f"fake-webflow: *::test_guessed rests on less than documented: {said}",
            "fake-webflow explain CLAUSE says what is known of it.",
            "fake-webflow: rested on *",
        ],
        consecutive=True,
    )
    result.stdout.no_fnmatch_line("*::test_certain rests on*")


def test_a_marker_asks_for_a_level_of_its_own(run: Run) -> None:
    result = run("import pytest\npytestmark = pytest.mark.webflow(trust='documented')\n" + _dedented(GUESSED))
    result.assert_outcomes(passed=1, failed=1)


def test_a_fake_that_no_fixture_made_is_judged_alike(run: Run) -> None:
    source = """
    from fake_webflow import FakeWebflow

    def test_many():
        for number in range(20):
            with FakeWebflow() as webflow:
                if number == 0:
                    webflow.client.items.list(webflow.collections["posts"].id)
    """
    result = run(source, "--webflow-trust=documented")
    result.assert_outcomes(failed=1)
    weak = find_below(Touched(frozenset(["items.list"])).clauses(), Level("documented"))
    result.stdout.fnmatch_lines([f"  {name} is inferred" for name in weak])


@pytest.mark.parametrize(("option", "lack"), [("202", {}), ("200", {"assets.create.status": "is documented"})])
def test_a_choice_has_the_evidence_of_the_option_in_force(option: str, lack: dict[str, str]) -> None:
    choices = {"assets.create.status": option}
    assert find_below(choices, Level("observed"), choices=choices) == lack


def test_a_test_is_judged_by_the_choices_of_its_fake(run: Run) -> None:
    source = """
    import pytest
    from fake_webflow import FakeWebflow

    @pytest.mark.parametrize("order", ["no-date-order", "newest-first"])
    def test_lists(order):
        with FakeWebflow(profile={"assets.list.order": order}) as webflow:
            webflow.client.assets.list(webflow.site.id)
    """
    result = run(source, "--webflow-trust=observed")
    result.stdout.fnmatch_lines(["  assets.list.order is inferred"])
    assert result.stdout.str().count("  assets.list.order is") == 1


def test_one_clause_is_not_clauses() -> None:
    assert render_complaint({"items.not-found": "is observed"}, Level("live", 1)).startswith(
        "this test rests on 1 clause of"
    )


def test_nothing_has_a_live_result_yet(run: Run) -> None:
    result = run(GUESSED, "--webflow-trust=live:30d")
    result.assert_outcomes(failed=2)
    result.stdout.fnmatch_lines(["*whose evidence is below live:30d:", "(no clause has a live result yet)"])


def test_a_level_that_is_not_there_ends_the_run_at_once(run: Run) -> None:
    result = run(GUESSED, "--webflow-trust=live:30")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: no level of trust *'live:30'*documented, observed, live:30d"])


@pytest.fixture
def live(monkeypatch: pytest.MonkeyPatch) -> dict[str, LiveResult]:
    """Live results: one clause held, one held long ago, one did not hold."""
    results = {
        "sites.list.granted": LiveResult("holds", "2026-11-20", "https://api.webflow.com/v2", "0" * 64),
        "items.object.nulls": LiveResult("holds", "2026-01-01", "https://api.webflow.com/v2", "0" * 64),
        "items.not-found": LiveResult("rule-broken", "2026-11-20", "https://api.webflow.com/v2", "0" * 64),
    }
    monkeypatch.setattr("fake_webflow.rules.live_results", lambda: results)
    return results


def test_live_results_count_where_they_are_not_too_old(live: dict[str, LiveResult]) -> None:
    names = [*live, "errors.envelope"]
    assert find_below(names, Level("live", 30), date(2026, 11, 23)) == {
        "errors.envelope": f"is {find_clause('errors.envelope').kind}",
        "items.not-found": "did not hold live on 2026-11-20: rule-broken",
        "items.object.nulls": "held live on 2026-01-01 for the last time",
    }
    assert "items.object.nulls" not in find_below(names, Level("live", 365), date(2026, 11, 23))


def test_what_held_live_is_more_than_documented(live: dict[str, LiveResult]) -> None:
    guess = next(one.id for one in clauses() if one.kind == "inferred")
    assert find_below([guess], Level("documented")) == {guess: "is inferred"}
    live[guess] = live["sites.list.granted"]
    assert find_below([guess], Level("observed")) == {}


def test_the_summary_says_what_held_live(live: dict[str, LiveResult]) -> None:
    assert render_trust_summary(live).endswith("; 2 held live (the oldest on 2026-01-01), 1 did not")
    assert render_trust_summary(["errors.envelope"]).endswith("; 0 held live, 0 did not")
    assert "no clause has a live result yet" not in render_complaint({"a": "is inferred"}, Level("live", 30))


@pytest.mark.parametrize(
    ("text", "level"),
    [("", None), ("documented", Level("documented")), ("observed", Level("observed")), ("live:7d", Level("live", 7))],
)
def test_levels(text: str, level: Level | None) -> None:
    assert Level.of(text) == level
    assert level is None or str(level) == text


def test_warnings_and_numbers_arrive_from_workers(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    pytester.makepyfile(GUESSED)
    pytester.makeini("[pytest]\nwebflow_trust = documented\nwebflow_trust_action = warn")
    monkeypatch.setenv(*NO_OTHER_PLUGINS)
    result = pytester.runpytest_subprocess(*OURS, *IN_WORKERS)
    result.assert_outcomes(passed=2)
    clauses = Touched(frozenset(["items.list", "sites.list"])).clauses()
    result.stdout.fnmatch_lines(
        ["fake-webflow: *::test_guessed rests on less than *", f"fake-webflow: {render_trust_summary(clauses)}"]
    )


def _dedented(source: str) -> str:
    return "\n".join(line.removeprefix("    ") for line in source.splitlines())
