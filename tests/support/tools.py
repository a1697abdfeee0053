"""Programs that acceptance tests need on this machine."""

from __future__ import annotations

import shutil


def find_tool(*names: str) -> str:
    """The path of the first of these programs that there is; a test that needs one that is missing fails."""
    path = next(filter(None, map(shutil.which, names)), None)
    assert path, f"this test needs {' or '.join(names)} on the PATH; make acceptance runs it, make test does not"
    return path
