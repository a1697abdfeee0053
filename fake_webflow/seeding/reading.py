"""Reading scenario files. A YAML file means what the same text would mean as JSON, nothing more."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson

from .mistakes import Mistake


def read(path: Path) -> Any:
    """The JSON value a file holds.

    Raises:
        Mistake: It cannot be read, or is neither YAML nor JSON.
    """
    readers = {".json": _from_json, ".yaml": _from_yaml, ".yml": _from_yaml}
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise Mistake("", "a scenario file ends in .yaml, .yml or .json")
    return reader(read_bytes(path, ""))


def read_bytes(path: Path, place: str) -> bytes:
    """The bytes of a file named at that place.

    Raises:
        Mistake: It cannot be read.
    """
    try:
        return path.read_bytes()
    except (OSError, ValueError) as error:  # a ValueError is a name with a NUL in it
        raise Mistake(place, f"cannot read {path}: {getattr(error, 'strerror', None) or error}") from None


def _from_json(raw: bytes) -> Any:
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise Mistake("", f"no JSON: {error}") from None


def _from_yaml(raw: bytes) -> Any:
    from .yaml_files import parse  # only whoever writes YAML pays for importing it

    return parse(raw)
