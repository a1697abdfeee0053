"""The built distributions and the environments they are installed in: made once in a run, whoever needs them first."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
DOWNSTREAM = ROOT / "tests" / "downstream"
PATIENCE = 600
"""Seconds that a step may take on a machine that is busy with other things."""

RUNTIME = {"click", "flask", "jinja2", "orjson", "pyyaml", "requests", "urllib3", "waitress", "werkzeug"}
"""What the package requires in any case."""

TEST_FRAMEWORKS = {"pytest", "hypothesis", "schemathesis", "faker", "responses", "respx", "pytest-xdist"}
"""What only its extras require."""


class Distributions(NamedTuple):
    """What was built of this checkout, the wheel from the sdist."""

    wheel: Path
    sdist: Path


class Environment(NamedTuple):
    """A virtual environment."""

    folder: Path

    @property
    def python(self) -> Path:
        """Its interpreter."""
        return self.folder / "bin" / "python"

    @property
    def packages(self) -> Path:
        """Where its packages are."""
        (found,) = self.folder.glob("lib/python*/site-packages")
        return found

    def run(self, *arguments: str | Path, cwd: Path, **variables: str) -> subprocess.CompletedProcess[str]:
        """Runs its interpreter to the end; what it prints is shown if it fails."""
        return run(self.python, *arguments, cwd=cwd, **variables)

    def install(self, *requirements: str, no_binary: str = "", **variables: str) -> None:
        """Installs with the pip of the present environment: this one has none, as it is to have nothing."""
        pip = (sys.executable, "-m", "pip", "--python", self.python, "--disable-pip-version-check")
        # Bytecode is compiled for what is imported, which is a small part of it.
        options = ["--no-binary", no_binary] if no_binary else []
        run(*pip, "install", "--quiet", "--no-compile", *options, *requirements, cwd=self.folder, **variables)

    @classmethod
    def create(cls, folder: Path) -> Environment:
        """Makes an empty one."""
        run(sys.executable, "-m", "venv", "--without-pip", folder, cwd=folder.parent)
        return cls(folder)


def run(*command: str | Path, cwd: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Runs a command to its end; what it prints is shown if it fails."""
    done = subprocess.run(
        command, cwd=cwd, env={**clean(), **variables}, capture_output=True, text=True, timeout=PATIENCE
    )
    assert done.returncode == 0, f"{' '.join(map(str, command))}\n{done.stdout}\n{done.stderr}"
    return done


def clean() -> dict[str, str]:
    """The variables of this process but those that reach into other environments or tell of this test run."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "PYTEST", "VIRTUAL"))}


def once(folder: Path, make: Callable[[Path], None]) -> Path:
    """The folder as ``make`` makes it: by the first worker that wants it, while the others wait."""
    with folder.with_suffix(".lock").open("a+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        lock.seek(0)
        if not lock.read():
            make(folder)
            lock.write("made")
    return folder


def build(folder: Path) -> None:
    """Builds this checkout's sdist, its wheel from that, and the wheel of the sample project."""
    command = (sys.executable, "-m", "build", "--no-isolation", "--outdir", folder)
    run(*command, ROOT, cwd=folder.parent)
    run(*command, "--wheel", DOWNSTREAM, cwd=folder.parent)
