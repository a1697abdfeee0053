"""The nightly account of what changed at Webflow, rehearsed with a changed document and a drifted API."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from served import TOKEN, editing, new_fake, served

from contracts.report.account import main as account
from fake_webflow import package_data
from fake_webflow.cli import main

ONLY = "sites.*"


@pytest.fixture
def document() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(package_data.read("openapi/document.json"))
    return found


def changes_of(before: dict[str, Any], after: dict[str, Any], folder: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """What the workflow keeps of ``spec-diff``."""
    for name, text in (("before.json", before), ("after.json", after)):
        (folder / name).write_text(json.dumps(text))
    code = main(["spec-diff", str(folder / "after.json"), "--against", str(folder / "before.json")])
    assert code == int(before != after)
    (folder / "changes.txt").write_text(capsys.readouterr().out)
    return folder / "changes.txt"


def drift(method: str, path: str, answer: Any) -> Any:
    """Two drifts: sites have no time zone any more, and the code of a site that is not there is another."""
    if path == "/v2/sites":
        return {"sites": [{key: value for key, value in site.items() if key != "timeZone"} for site in answer["sites"]]}
    return {**answer, "code": "missing"} if answer.get("code") == "resource_not_found" else answer


def verify(url: str, folder: Path) -> int:
    code = main(["verify", "--base-url", url, "--token", TOKEN, "--only", ONLY, "--report", str(folder)])
    return int(code)


def test_two_changes_of_the_document_and_a_drifted_api(
    document: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    changed = copy.deepcopy(document)
    del changed["paths"]["/sites/{site_id}/publish"]
    del changed["paths"]["/assets/{asset_id}"]["delete"]
    changes = changes_of(document, changed, tmp_path, capsys)
    with served(new_fake(), editing(drift)) as url:
        assert verify(url, tmp_path) == 1
    capsys.readouterr()
    assert account(["--changes", str(changes), "--report", str(tmp_path / "report.json")]) == 0
    text = capsys.readouterr().out
    differing = [
        row["clause"]
        for row in json.loads((tmp_path / "report.json").read_text())["clauses"]
        if row["result"] == "differs"
    ]
    assert text.startswith(f"# Webflow changed: 2 changes of the document, {len(differing)} clause")
    for fact in ("POST /sites/{}/publish", "DELETE /assets/{}", "breaking", "--accept", *differing):
        assert fact in text
    assert TOKEN not in text


def test_where_nothing_changed_it_is_silent(
    document: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    changes = changes_of(document, document, tmp_path, capsys)
    with served(new_fake()) as url:
        assert verify(url, tmp_path) == 0
    capsys.readouterr()
    assert account(["--changes", str(changes), "--report", str(tmp_path / "report.json")]) == 0
    assert capsys.readouterr().out == ""


def test_without_a_run_the_document_alone_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    (tmp_path / "changes.txt").write_text("GET /sites; sites.list; is gone; breaking\n1 change, 1 breaking.\n")
    assert account(["--changes", str(tmp_path / "changes.txt"), "--report", str(tmp_path / "absent.json")]) == 0
    assert "1 change of the document, 0 clauses differ" in capsys.readouterr().out


@pytest.mark.parametrize("option", ["--changes", "--report"])
def test_what_cannot_be_read_is_one_line(option: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    (tmp_path / "file").write_bytes(b"\xff{")
    assert account([option, str(tmp_path / "file")]) == 2
    assert capsys.readouterr().err.count("\n") == 1
