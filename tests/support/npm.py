"""Packages from npm for acceptance tests, installed once and kept in pytest's cache."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from hashlib import sha256
from pathlib import Path

import pytest
from tools import find_tool


def install_from_npm(pytestconfig: pytest.Config, package: Path) -> Path:
    """The folder ``node_modules`` of what a ``package.json`` asks for, from whichever registry npm is set to."""
    home = Path(pytestconfig.cache.mkdir("npm"))  # type: ignore[union-attr] # the plugin that has it is always there
    kept = home / sha256(package.read_bytes()).hexdigest()[:16]
    if not kept.exists():
        # Beside its place and then moved there, so that nobody ever finds it half done.
        making = Path(tempfile.mkdtemp(dir=home))
        shutil.copy(package, making / "package.json")
        options = ["--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"]
        command = [find_tool("npm"), "install", *options]
        ended = subprocess.run(command, cwd=making, capture_output=True, text=True, timeout=600)
        assert ended.returncode == 0, ended.stderr
        try:
            making.rename(kept)
        except OSError:  # somebody else was quicker
            shutil.rmtree(making)
    return kept / "node_modules"
