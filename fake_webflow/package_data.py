"""The files that come with the package: their bytes are read once, all together, and parsed where they are needed.

A test may put another file system in the place of the machine's (pyfakefs) once its fake is there. What a fake needs
late must not be sought in that one, so whoever activates a fake reads all of it first.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

_PACKAGE = Path(__file__).parent
_FILES = (
    "api/official_operations.tsv",
    "control/openapi.json",
    "openapi/document.json",
    "seeding/scenario.schema.json",
)
_FOLDERS = {"rules": ".toml", "seeding/scenarios": ".json", "seeding/scenarios/files": ""}


@cache
def load_all() -> Mapping[str, bytes]:
    """The bytes of every file by its name: its path in the package, with slashes.

    Raises:
        OSError: They are not there, as when another file system has been put in the place of the machine's already.
    """
    paths = {name: _PACKAGE / name for name in _FILES}
    for folder, suffix in _FOLDERS.items():
        # Not glob, which would take as long as reading all of them.
        paths |= {f"{folder}/{path.name}": path for path in (_PACKAGE / folder).iterdir() if path.name.endswith(suffix)}
    return {name: path.read_bytes() for name, path in paths.items()}


def read(name: str) -> bytes:
    """The bytes of one file."""
    return load_all()[name]


def list_stems(folder: str) -> list[str]:
    """The names of the files in a folder, without what they all end in, sorted."""
    names = (name.removeprefix(f"{folder}/") for name in load_all() if name.startswith(f"{folder}/"))
    return sorted(name.removesuffix(_FOLDERS[folder]) for name in names if "/" not in name)
