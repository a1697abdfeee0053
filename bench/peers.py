"""The peers: other people's mocks, installed once from npm and PyPI, in versions that ``peers.json`` fixes."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from .places import HERE, KEPT

_TIMEOUT = 300  # seconds for an installation, which needs about half a minute where the network is good
Found = tuple[Path | None, str]
"""A path, or None and why there is none."""


class Peers:
    """What can be had of them.

    Args:
        folder: Where they are installed.
        offline: Whether nothing that is not there already is to be installed.
    """

    def __init__(self, folder: Path = KEPT, *, offline: bool = False) -> None:
        self._wanted: Mapping[str, Any] = json.loads((HERE / "peers.json").read_text(encoding="utf-8"))
        self._folder = folder
        self._offline = offline
        self.python = cache(self._python)
        self._modules = cache(self._node)

    def versions(self) -> dict[str, str]:
        """The versions that are asked for, by name."""
        python = dict(each.replace("[server]", "").split("==") for each in self._wanted["python"])
        return python | dict(self._wanted["node"])

    def command(self, name: str) -> Found:
        """A program that npm has installed."""
        modules, reason = self._modules()
        return (None, reason) if modules is None else (modules / ".bin" / name, "")

    def _python(self) -> Found:
        """The interpreter of an environment with the peers from PyPI in it."""
        home = self._home("python")
        pip = [str(home / "bin" / "python"), "-m", "pip", "install", "--quiet", *self._wanted["python"]]

        def install() -> None:
            _run([sys.executable, "-m", "venv", str(home)], home)
            _run(pip, home)

        reason = self._installed(home, install)
        return (None, reason) if reason else (home / "bin" / "python", "")

    def _node(self) -> Found:
        """The folder of modules with the peers from npm in it."""
        home, npm = self._home("node"), shutil.which("npm")
        if npm is None:
            return None, "there is no npm on this machine"
        options = ["--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"]

        def install() -> None:
            package = {"private": True, "dependencies": self._wanted["node"]}
            (home / "package.json").write_text(json.dumps(package), encoding="utf-8")
            _run([npm, "install", *options], home)

        reason = self._installed(home, install)
        return (None, reason) if reason else (home / "node_modules", "")

    def _home(self, kind: str) -> Path:
        digest = sha256(repr((self._wanted[kind], sys.version_info[:2])).encode()).hexdigest()
        return self._folder / f"{kind}-{digest[:12]}"

    def _installed(self, home: Path, install: Callable[[], None]) -> str:
        """Why it is not installed; empty once it is."""
        done = home / "installed"
        if done.exists():
            return ""
        if self._offline:
            return "not installed, and nothing is to be"
        shutil.rmtree(home, ignore_errors=True)
        home.mkdir(parents=True)
        try:
            install()
        except (OSError, subprocess.SubprocessError) as error:
            return f"could not be installed: {_last_line(error)}"
        done.touch()
        return ""


def _run(command: list[str], folder: Path) -> None:
    subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True, timeout=_TIMEOUT)


def _last_line(error: Exception) -> str:
    said = str(getattr(error, "stderr", "") or error).strip().splitlines()
    return said[-1] if said else type(error).__name__
