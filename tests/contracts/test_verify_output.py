"""What ``fake-webflow verify`` prints before, during and after a run."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from served import TOKEN, editing, new_fake, served

from contracts.kit.clauses import Observation, Verdicts
from contracts.report.pages import summary_lines
from contracts.report.report import RunFacts, build_report
from contracts.run.options import load_profile
from contracts.run.verify import CannotRun, read_differences
from fake_webflow import FakeWebflow
from fake_webflow.cli import main
from fake_webflow.rules import Profile, clauses

CHOICE = "items.update.null"


def run(url: str, *arguments: str) -> int:
    return main(["verify", "--base-url", url, "--token", TOKEN, *arguments])


@pytest.fixture
def choosing() -> FakeWebflow:
    """A fake that makes one choice in another way than the suite expects."""
    return new_fake(profile={CHOICE: "ignored"})


def test_the_plan_says_what_a_run_would_do_and_nothing_is_written(capsys: pytest.CaptureFixture[str]):
    fake = new_fake(rate_limit=600)
    with served(fake) as url:
        assert run(url, "--plan", "--budget", "150", "--only", "items.create*") == 0
    printed = capsys.readouterr().out
    for fact in (url, fake.site.id, "items.create*", "at most 150 requests", "600 requests a minute", "fwc-"):
        assert fact in printed
    assert TOKEN not in printed
    assert {exchange.status for exchange in fake.journal if exchange.method != "GET"} == {404}


@pytest.mark.parametrize(
    ("arguments", "fact"), [(["--only", "nothing.like.it"], "nothing.like.it"), (["--site", "x"], "x")]
)
def test_a_plan_that_cannot_be_is_one_line(arguments: list[str], fact: str, capsys: pytest.CaptureFixture[str]):
    with served(new_fake()) as url:
        assert run(url, "--plan", *arguments) == 2
    printed = capsys.readouterr().err
    assert fact in printed
    assert printed.count("\n") == 1


def test_the_summary_comes_first_and_is_compared_with_the_baseline(
    choosing: FakeWebflow, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    with served(choosing) as url:
        assert run(url, "--only", CHOICE, "--report", str(tmp_path)) == 1
        capsys.readouterr()
        report = tmp_path / "report.json"
        earlier = json.loads(report.read_text())
        assert read_differences(report) == [CHOICE]
        earlier["clauses"].append({"clause": "sites.list", "result": "differs"})
        report.write_text(json.dumps(earlier))
        assert run(url, "--only", CHOICE, "--baseline", str(report)) == 1
    printed = capsys.readouterr().out
    summary, _, details = printed.partition("\n\n")
    assert summary.startswith("1 of 1 clause was checked: 0 hold, 1 differs.")
    assert "0 new, 1 gone, 1 stayed" in summary
    assert len(summary.splitlines()) <= 10
    assert details.startswith(CHOICE)
    assert "::error" not in printed


@pytest.mark.parametrize("text", ["", "[]", '{"clauses": [{}]}'])
def test_a_baseline_that_is_not_a_report_is_refused_before_anything_is_sent(text: str, tmp_path: Path):
    file = tmp_path / "report.json"
    file.write_text(text)
    with pytest.raises(CannotRun, match="--baseline"):
        read_differences(file)


def test_github_shows_each_difference(
    choosing: FakeWebflow, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    with served(choosing) as url:
        assert run(url, "--only", CHOICE) == 1
        differing = capsys.readouterr().out
        assert run(url, "--only", CHOICE, "--profile", f"{CHOICE}=ignored") == 0
    [annotation] = [line for line in differing.splitlines() if line.startswith("::error")]
    assert annotation.startswith(f"::error title={CHOICE}::")
    assert "::error" not in capsys.readouterr().out


def test_without_a_terminal_a_line_says_how_far_it_is(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
):
    monkeypatch.setattr("fake_webflow.cli.verify._SECONDS_BETWEEN_LINES", 0)
    with served(new_fake()) as url:
        assert run(url, "--only", "sites.*") == 0
    lines = [line for line in capfd.readouterr().err.splitlines() if line.startswith("fake-webflow verify: ")]
    assert "cases" in lines[-1]
    assert "requests" in lines[-1]
    assert len(lines) > 1
    assert "\r" not in "".join(lines)


def test_a_summary_of_many_differences_is_short():
    verdicts = Verdicts()
    for clause in clauses():
        verdicts.add(Observation(clause.id, "differs", "test", "a", "b"))

    now = datetime.now(UTC)
    facts = RunFacts(
        target="http://127.0.0.1/v2", site={}, started=now, finished=now, requests=1, budget=None, rate_limit=None,
        waited=0, only="*", left_behind="one",
    )  # fmt: skip
    report = build_report(facts, verdicts, Profile(), baseline=["sites.list"])
    lines = summary_lines(report)
    assert len(lines) <= 8  # two more name the report and the profile
    assert lines[-1].startswith("  and ")


def test_an_asset_without_upload_details_is_a_difference(capsys: pytest.CaptureFixture[str]):
    def edit(method: str, path: str, answer: Any) -> Any:
        return {**answer, "uploadDetails": None} if method == "POST" and path.endswith("/assets") else answer

    with served(new_fake(), editing(edit)) as url:
        assert run(url, "--only", "assets.create.*") == 1
    printed = capsys.readouterr()
    assert "assets.create.answer" in printed.out
    assert "Error" not in printed.out + printed.err


def test_the_profile_that_was_seen_says_what_it_was_seen_by(choosing: FakeWebflow, tmp_path: Path):
    with served(choosing) as url:
        assert run(url, "--only", CHOICE, "--accept-choices", "--report", str(tmp_path)) == 0
    written = (tmp_path / "profile.yaml").read_text()
    line = written.partition(f"\n{CHOICE}: ignored\n")[0].splitlines()[-1]
    assert line.startswith("# seen: ")
    assert "fwc-item" in line
    assert load_profile(tmp_path / "profile.yaml").chosen[CHOICE] == "ignored"


def test_how_much_held_is_said_by_kind_of_evidence(tmp_path: Path):
    def edit(method: str, path: str, answer: Any) -> Any:
        return {"sites": [{**site, "timeZone": 5} for site in answer["sites"]]} if path == "/v2/sites" else answer

    with served(new_fake(), editing(edit)) as url:
        assert run(url, "--only", "sites.*", "--report", str(tmp_path)) == 1
    counts = json.loads((tmp_path / "report.json").read_text())["confidence"]
    assert counts["observed"]["refuted"] == 1
    assert counts["documented"] == {"held": 2, "refuted": 0}
    assert "observed: " in (tmp_path / "report.md").read_text()
