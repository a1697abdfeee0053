"""Where the output goes to: a pipe whose reader leaves, a full disk, a closed one, a terminal without all letters."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from processes import COMMAND, Serve, line_of, ready

pytestmark = pytest.mark.skipif(os.name != "posix", reason="shells that close what a program writes to")


def through_a_shell(line: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["/bin/sh", "-c", line, *COMMAND], capture_output=True, text=True, timeout=30)


def test_a_reader_that_has_left_is_told_nothing() -> None:
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "w") as nobody:
        ended = subprocess.run([*COMMAND, "clauses"], stdout=nobody, stderr=subprocess.PIPE, text=True, timeout=30)
    assert (ended.returncode, ended.stderr) == (1, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a disk that is always full")
@pytest.mark.parametrize("command", ["clauses", "explain items.slug.unique", "serve --port 0"])
def test_a_full_disk_is_one_line(command: str) -> None:
    ended = through_a_shell(f'"$0" "$@" {command} > /dev/full')
    assert ended.returncode == 2
    assert ended.stderr == f"fake-webflow {command.split()[0]}: [Errno 28] No space left on device\n"


def test_no_output_at_all_is_no_mistake() -> None:
    ended = through_a_shell('"$0" "$@" clauses >&-')
    assert (ended.returncode, ended.stderr) == (0, "")


def test_letters_that_a_terminal_does_not_have_are_escaped(
    serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONIOENCODING", "ascii")
    scenario = tmp_path / "mine.yaml"
    scenario.write_text("sites:\n  - displayName: Zürich\n", encoding="utf-8")
    process = serve("--port", "0", "--scenario", str(scenario))
    said = [line_of(process) for _ in range(9)]
    assert said[8].endswith("  Z\\xfcrich\n")
    assert ready(serve("--port", "0", "--json", "--scenario", str(scenario)))["site_id"]
