"""Live results: taken from reports of live runs only, and shown by whoever explains a clause."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from contracts.report.results import NotLiveReport, update_live_results
from fake_webflow.cli import main
from fake_webflow.rules import live_results

LIVE = "https://api.webflow.com/v2"


def row(clause: str, result: str = "holds", difference: str | None = None, **more: Any) -> dict[str, Any]:
    return {"clause": clause, "result": result, "difference": difference, "seen": "", "option": None, **more}


def report(path: Path, *rows: dict[str, Any], target: str = LIVE, day: str = "2026-11-23", form: int = 2) -> Path:
    told = {"format": form, "target": {"url": target}, "finished": f"{day}T01:02:03+00:00", "clauses": rows}
    path.write_text(json.dumps(told))
    return path


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "live_results.json"
    made.write_text('{"results": {}}')
    return made


def test_nobody_has_run_the_suite_against_the_live_api_yet(capsys: pytest.CaptureFixture[str]):
    assert live_results() == {}
    assert main(["explain", "sites.not-found"]) == 0
    assert "nobody has checked this against the live API yet" in capsys.readouterr().out


def test_what_was_seen_is_taken_with_date_target_and_digest(tmp_path: Path, file: Path):
    given = report(
        tmp_path / "report.json",
        row("sites.not-found"),
        row("items.update.null", "differs", "other-option", option="ignored"),
        row("http.json", "differs", "rule-broken", seen="<html>"),
        row("rate.message", "not-checkable"),
    )
    assert update_live_results(given, file).names == ["sites.not-found", "items.update.null", "http.json"]
    found = live_results(file)
    digest = hashlib.sha256(given.read_bytes()).hexdigest()
    assert {(result.date, result.target, result.digest) for result in found.values()} == {("2026-11-23", LIVE, digest)}
    assert found["sites.not-found"].holds
    assert (found["items.update.null"].outcome, found["items.update.null"].seen) == ("other-option", "ignored")
    assert (found["http.json"].outcome, found["http.json"].seen) == ("rule-broken", "<html>")
    assert "rate.message" not in found


def test_what_a_run_did_not_see_stays_and_an_older_report_changes_nothing(tmp_path: Path, file: Path):
    update_live_results(report(tmp_path / "a.json", row("sites.not-found"), day="2026-11-20"), file)
    update_live_results(report(tmp_path / "b.json", row("sites.not-found", "not-checkable"), day="2026-11-21"), file)
    older = report(tmp_path / "c.json", row("sites.not-found", "differs", "rule-broken"), day="2026-11-19")
    assert update_live_results(older, file)[:2] == ([], 1)
    assert (live_results(file)["sites.not-found"].date, live_results(file)["sites.not-found"].outcome) == (
        "2026-11-20",
        "holds",
    )


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"target": "http://127.0.0.1:8787/v2"}, "not of the live API"),
        ({"form": 7}, "is of format 7"),
    ],
)
def test_other_reports_are_refused(tmp_path: Path, file: Path, options: dict[str, Any], reason: str):
    given = report(tmp_path / "report.json", row("sites.not-found"), **options)
    with pytest.raises(NotLiveReport, match=reason):
        update_live_results(given, file)
    assert live_results(file) == {}


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": 2, "target": 5}'])
def test_what_is_no_report_is_refused_in_one_line(tmp_path: Path, text: str, capsys: pytest.CaptureFixture[str]):
    (tmp_path / "report.json").write_text(text)
    assert main(["results", "update", str(tmp_path)]) == 2
    assert capsys.readouterr().err.endswith(" is not a report of fake-webflow verify\n")


def test_clauses_that_there_are_none_of_are_refused(tmp_path: Path, file: Path):
    with pytest.raises(NotLiveReport, match=r"no clause is named 'sites\.nothing'"):
        update_live_results(report(tmp_path / "report.json", row("sites.nothing")), file)
    with pytest.raises(NotLiveReport, match="cannot read"):
        update_live_results(tmp_path / "nothing.json", file)
    (tmp_path / "empty").mkdir()
    with pytest.raises(NotLiveReport, match=r"cannot read .*/empty/report\.json: No such file"):
        update_live_results(tmp_path / "empty", file)
