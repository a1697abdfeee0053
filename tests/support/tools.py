"""Programs that acceptance tests need on this machine."""

from __future__ import annotations

import shutil


def find_tool(name: str) -> str:
    """The path of a program; a test that needs one that is missing fails."""
    path = shutil.which(name)
    assert path is not None, f"this test needs {name} on the PATH; make acceptance runs it, make test does not"
    return path
