"""A scenario: what a scenario file says, checked for its shape, with the bytes of the files it names."""

from __future__ import annotations

import base64
import binascii
from codecs import BOM_UTF8
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path
from typing import Any

import orjson

from .. import package_data
from ..errors import ScenarioError
from ..message import JsonBeyondBounds, parse_json
from ..rules import Profile
from ..wording import suggest
from ..world.instants import WRITTEN_INSTANT, parse_instant, timestamp
from .context import Mistake
from .rows import ContentRow, ScenarioRow
from .schema_check import check_scenario

_SHIPPED = "seeding/scenarios"
ScenarioSource = str | Path | Mapping[str, Any]
_ReadFile = Callable[[str, str], bytes]  # from the name of a file and the place that names it
_SUFFIXES = (".json", ".yaml", ".yml")


@dataclass(frozen=True, slots=True)
class Scenario:
    """What to seed a fake with; ``state`` makes its state of it.

    Args:
        source: Name of the file, for messages.
        data: As in the file.
        contents: The bytes of assets and files, by their place in ``data`` (``sites[0].assets[2]``, ``files[0]``).
        profile: The open choices as the scenario makes them.
        seed: What ids that are not given are made from.
        is_shipped: Whether it comes with the package, so that its dates move with the beginning of a world.
    """

    source: str
    data: ScenarioRow
    contents: Mapping[str, bytes]
    profile: Profile
    seed: int
    is_shipped: bool = False

    @property
    def now(self) -> int | None:
        """When its world begins, where it says so (milliseconds since 1970)."""
        return parse_instant(self.data["now"]) if "now" in self.data else None

    def move(self, milliseconds: int) -> Scenario:
        """The scenario with every date in it so much later; ids stay."""
        return replace(self, data=_move_dates(self.data, milliseconds))


def _move_dates(value: Any, milliseconds: int) -> Any:
    if isinstance(value, Mapping):
        return {key: _move_dates(part, milliseconds) for key, part in value.items()}
    if isinstance(value, list):
        return [_move_dates(part, milliseconds) for part in value]
    if isinstance(value, str) and WRITTEN_INSTANT.fullmatch(value):
        return timestamp(parse_instant(value) + milliseconds)
    return value


def shipped_names() -> list[str]:
    """The scenarios that come with the package."""
    return list(package_data.SCENARIOS)


def load(source: ScenarioSource) -> Scenario:
    """Reads a scenario.

    Args:
        source: A name out of ``shipped_names()``, a YAML or JSON file, or what such a file would hold.

    Raises:
        ScenarioError: There is no such scenario, or its file is not as ``scenario.schema.json`` says. What the laws of
            the world refuse (a colour that is none, a slug that is taken) ``state`` finds.
    """
    if isinstance(source, Mapping):
        return from_data(dict(source))
    if not isinstance(source, str | Path):
        raise ScenarioError(f"a scenario is a name, a file, or a mapping as {{'sites': [...]}}; not {source!r}")
    path = Path(source)
    if isinstance(source, str) and source in shipped_names():
        return _load_shipped(source)
    if path.suffix not in _SUFFIXES and len(path.parts) <= 1 and not path.exists():
        near = suggest(str(source), shipped_names())
        raise ScenarioError(f"no scenario is named {str(source)!r}; {near} (or name a YAML or JSON file)")
    try:
        return _make_scenario(read_scenario_file(path), path.name, partial(_read_in, path.parent))
    except Mistake as mistake:
        raise mistake.in_file(path.name or str(path)) from None


@cache
def _load_shipped(name: str) -> Scenario:
    data = _parse_json(package_data.read(f"{_SHIPPED}/{name}.json"))
    made = _make_scenario(data, f"{name}.json", lambda file, _: package_data.read(f"{_SHIPPED}/{file}"))
    return replace(made, is_shipped=True)


def from_data(data: Any, *, source: str = "scenario", folder: Path | None = None, reads_files: bool = True) -> Scenario:
    """The scenario that a value says, as ``load`` reads it from a file.

    Args:
        data: A JSON value.
        source: What messages call it.
        folder: Where the files it names are; None for the working directory.
        reads_files: Whether it may name any.

    Raises:
        ScenarioError: It is not as ``scenario.schema.json`` says.
    """
    try:
        read = partial(_read_in, folder or Path()) if reads_files else _refuse_file
        # A copy that is JSON through and through, so that nobody can change it afterwards.
        return _make_scenario(parse_json(orjson.dumps(data)), source, read)
    except Mistake as mistake:
        raise mistake.in_file(source) from None
    except (TypeError, ValueError) as error:
        raise Mistake("", f"is not JSON-serialisable: {error}").in_file(source) from None


def _make_scenario(data: Any, source: str, read: _ReadFile) -> Scenario:
    check_scenario(data)
    try:
        profile = Profile().with_choices(data.get("profile", {}))
    except ValueError as error:
        raise Mistake("profile", str(error)) from None
    contents: dict[str, bytes] = {}
    for place, row in _list_content_rows(data):
        content = _read_content(row, place, read)
        if content is not None:
            contents[place] = content
    return Scenario(source, data, contents, profile, data.get("seed", 0))


def _list_content_rows(data: ScenarioRow) -> list[tuple[str, ContentRow]]:
    """The rows of a scenario that may hold bytes or name a file: assets and files, with their places."""
    rows: list[tuple[str, ContentRow]] = [
        (f"sites[{number}].assets[{count}]", asset)
        for number, site in enumerate(data.get("sites", ()))
        for count, asset in enumerate(site.get("assets", ()))
    ]
    return rows + [(f"files[{number}]", file) for number, file in enumerate(data.get("files", ()))]


def _read_content(row: ContentRow, place: str, read: _ReadFile) -> bytes | None:
    """The bytes of an asset or a file; None for an asset that is registered and not uploaded."""
    sources = [name for name in ("file", "base64", "text") if name in row]
    if len(sources) > 1:
        raise Mistake(place, f"its bytes are given twice, as {' and as '.join(sources)}")
    if "file" in row:
        return read(row["file"], f"{place}.file")
    if "text" in row:
        return str(row["text"]).encode()
    if "base64" not in row:
        return None
    try:
        return base64.b64decode("".join(row["base64"].split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise Mistake(f"{place}.base64", f"not valid base64: {error}") from None


def _refuse_file(_: str, place: str) -> bytes:
    raise Mistake(place, "files of this machine are not read; send the bytes as base64 or text")


def _read_in(folder: Path, file: str, place: str) -> bytes:
    return read_bytes(folder / file, place)


def read_scenario_file(path: Path) -> Any:
    """The JSON value a file holds.

    Raises:
        Mistake: It cannot be read, or is neither YAML nor JSON.
    """
    readers = {".json": _parse_json, ".yaml": _parse_yaml, ".yml": _parse_yaml}
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


def _parse_json(raw: bytes) -> Any:
    try:
        return parse_json(raw.removeprefix(BOM_UTF8))
    except JsonBeyondBounds as error:
        raise Mistake("", f"has {error}") from None
    except orjson.JSONDecodeError as error:
        raise Mistake("", f"not valid JSON: {error}") from None


def _parse_yaml(raw: bytes) -> Any:
    from .yaml_files import parse_yaml  # only whoever writes YAML pays for importing it

    return parse_yaml(raw)
