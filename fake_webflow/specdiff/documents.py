"""Documents and skeletons in files."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import orjson
import yaml

from ..wording import abbreviate, join_lines
from .skeleton import OPERATION_NAMES, Skeleton, UnreadableDocument, list_facts, parse_facts, read_skeleton

SKELETON_FILE = Path(__file__).with_name("skeleton.json")
"""The skeleton of the document that was last accounted for."""
_LARGEST = 50_000_000  # bytes
_MARK = "fake-webflow skeleton"
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Accounted(NamedTuple):
    """What was accounted for.

    Args:
        skeleton: Of the document.
        ahead: Operations, and parameters as ``GET /sites/{} query limit``, that are simulated and not in the document.
        reasons: Why changes were accepted, the latest last.
    """

    skeleton: Skeleton
    ahead: frozenset[str] = frozenset()
    reasons: tuple[str, ...] = ()


def read_accounted(path: Path) -> Accounted:
    """A document or a skeleton.

    Raises:
        UnreadableDocument: It is neither; the text names the file.
    """
    try:
        data = _parse(path)
        if isinstance(data, dict) and _MARK in data:
            ahead, reasons = frozenset(data.get("ahead", ())), tuple(data.get("accepted", ()))
            return Accounted(parse_facts(data.get("operations", {})), ahead, reasons)
        return Accounted(read_skeleton(data))
    except UnreadableDocument as error:
        raise UnreadableDocument(f"{path}: {abbreviate(join_lines(str(error)), 250)}") from None


def render_accounted(accounted: Accounted) -> bytes:
    """A skeleton as it is shipped."""
    head = {_MARK: 1, "accepted": list(accounted.reasons), "ahead": sorted(accounted.ahead)}
    lines = [orjson.dumps(head)[:-1].decode() + ', "operations": {']
    operations = list_facts(accounted.skeleton)
    for number, (key, facts) in enumerate(operations.items(), 1):
        # A line for each place, so that a change of it is a line of its own in a comparison.
        places = ",\n".join(f"{_dump(place)}: {_dump(fact)}" for place, fact in facts.items())
        lines.append(f"{_dump(key)}: {{\n{places}}}" + "," * (number < len(operations)))
    return "\n".join([*lines, "}}", ""]).encode()


def _dump(value: Any) -> str:
    return orjson.dumps(value).decode()


def accept(before: Accounted, after: Accounted, reason: str) -> Accounted:
    """What is accounted for once the changes are accepted."""
    known = {f"{key} {place}" for key, facts in after.skeleton.items() for place in facts} | after.skeleton.keys()
    return Accounted(after.skeleton, (before.ahead | OPERATION_NAMES.keys()) - known, (*before.reasons, reason))


def _parse(path: Path) -> Any:
    try:
        if path.stat().st_size > _LARGEST:
            raise UnreadableDocument(f"is larger than {_LARGEST:,} bytes")
        raw = path.read_bytes()
    except (OSError, ValueError) as error:
        raise UnreadableDocument(f"cannot be read: {getattr(error, 'strerror', None) or error}") from None
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        if raw.lstrip()[:1] == b"{":
            raise UnreadableDocument(f"is not JSON: {error}") from None
    try:
        return yaml.load(raw, Loader=_LOADER)  # noqa: S506 - the safe loader
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        raise UnreadableDocument(f"is not YAML: {f'line {mark.line + 1}: ' if mark else ''}{error.problem}") from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise UnreadableDocument(f"is not YAML: {error}") from None
