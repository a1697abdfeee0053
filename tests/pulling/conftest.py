from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from fake_webflow.cli import main

Pull = Callable[..., tuple[int, str]]


@pytest.fixture
def pull(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Pull:
    """Runs the command in a directory of its own; gives its exit code, and what it says on standard error."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WEBFLOW_TOKEN", "test-token")

    def run(*arguments: str) -> tuple[int, str]:
        capsys.readouterr()
        code = main(["pull", *arguments])
        return code, capsys.readouterr().err

    return run
