"""Files that are nested beyond all reason are refused in one line, whatever reads them."""

from __future__ import annotations

from pathlib import Path

import pytest

from fake_webflow.cli import main

NOWHERE = "http://127.0.0.1:1/v2"
COMMANDS = {
    "serve --profile": ["serve", "--port", "0", "--profile"],
    "serve --scenario": ["serve", "--port", "0", "--scenario"],
    "verify --profile": ["verify", "--base-url", NOWHERE, "--token", "t", "--profile"],
    "twin --profile": ["twin", "--left", NOWHERE, "--right", NOWHERE, "--profile"],
}


@pytest.mark.parametrize("command", COMMANDS)
def test_deep_yaml(command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "deep.yaml"
    file.write_text("[\n" * 20_000)
    assert main([*COMMANDS[command], str(file)]) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "nest" in said


@pytest.mark.parametrize("depth", [201, 100_000])
def test_deep_json(depth: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "deep.json"
    file.write_text("[" * depth + "]" * depth)
    assert main(["serve", "--port", "0", "--scenario", str(file)]) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "levels" in said or "not valid JSON" in said
