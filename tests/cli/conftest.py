"""A served fake in a process of its own, as users start it. Nothing waits for time to pass: readiness is read."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from typing import Any

import pytest
from processes import COMMAND, Run, Serve


@pytest.fixture
def run() -> Run:
    """Runs the command to its end."""

    def run(*arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
        return subprocess.run([*COMMAND, *arguments], capture_output=True, text=True, timeout=30, **options)

    return run


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Starts ``serve``; whatever a test leaves running is ended."""
    started: list[subprocess.Popen[str]] = []

    def serve(*arguments: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [*COMMAND, "serve", *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        started.append(process)
        return process

    yield serve
    for process in started:
        process.kill()
        process.communicate()
