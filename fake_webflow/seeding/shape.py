"""Is a scenario of the shape its published schema states? A walk along ``scenario.schema.json``.

The checker of requests words its mistakes as Webflow does and lets unknown keys pass; whoever writes a scenario wants
them named, with the place and the nearest key there is. So the scenario schema, which is an ordinary JSON Schema
(2020-12) for editors and other tools, is walked here, for the few keywords it uses.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import orjson

from ..wording import nearest
from ..world.instants import instant
from .context import Mistake

Schema = Mapping[str, Any]
_TYPES = {
    dict: "object",
    list: "array",
    str: "string",
    bool: "boolean",
    int: "integer",
    float: "number",
    type(None): "null",
}
_NAMES = {
    "object": "an object",
    "array": "a list",
    "string": "a string",
    "boolean": "true or false",
    "integer": "a whole number",
    "number": "a number",
    "null": "null",
}
_DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[-+]\d\d:\d\d)", re.ASCII)
_ANNOTATIONS = frozenset(["$schema", "$defs", "title", "description", "default", "examples"])


@cache
def schema() -> Schema:
    """The published schema of scenario files; shared by all callers, so not to be changed."""
    found: Schema = orjson.loads(Path(__file__).with_name("scenario.schema.json").read_bytes())
    return found


def check(data: Any) -> None:
    """Checks a whole scenario against the published schema.

    Raises:
        Mistake: The first thing that is not as the schema says.
    """
    _check(data, schema(), "")


def check_against(data: Any, rules: Schema) -> None:
    """Checks a JSON value against another schema that has no references and uses the same few keywords.

    Raises:
        Mistake: The first thing that is not as the schema says.
    """
    _check(data, rules, "")


def _check(value: Any, rules: Schema, place: str) -> None:
    if "$ref" in rules:
        rules = schema()["$defs"][rules["$ref"].rpartition("/")[2]]
    for keyword, operand in rules.items():
        if keyword in _ANNOTATIONS or (value is None and keyword != "type"):
            continue
        _KEYWORDS[keyword](value, operand, rules, place)


def _type(value: Any, operand: Any, _rules: Schema, place: str) -> None:
    allowed = [operand] if isinstance(operand, str) else operand
    found = _TYPES[type(value)]
    if found in allowed or (found == "integer" and "number" in allowed):
        return
    hint = "; put it in quotes" if found in ("integer", "number", "boolean") and "string" in allowed else ""
    raise Mistake(place, f"must be {' or '.join(_NAMES[name] for name in allowed)}, not {_NAMES[found]}{hint}")


def _required(value: Any, operand: list[str], _rules: Schema, place: str) -> None:
    for name in operand:
        if isinstance(value, dict) and name not in value:
            raise Mistake(place, f"{name} is missing")


def _properties(value: Any, operand: Mapping[str, Schema], _rules: Schema, place: str) -> None:
    if isinstance(value, dict):
        for name, part in value.items():
            if name in operand:
                _check(part, operand[name], _inside(place, name))


def _additional(value: Any, operand: Any, rules: Schema, place: str) -> None:
    known = rules.get("properties", {})
    for name, part in value.items() if isinstance(value, dict) else ():
        if name not in known and operand is False:
            raise Mistake(_inside(place, name), f"unknown key; {nearest(name, known)}")
        if name not in known and isinstance(operand, dict):
            _check(part, operand, _inside(place, name))


def _items(value: Any, operand: Schema, _rules: Schema, place: str) -> None:
    for number, part in enumerate(value if isinstance(value, list) else ()):
        _check(part, operand, f"{place}[{number}]")


def _enum(value: Any, operand: list[str], _rules: Schema, place: str) -> None:
    if value not in operand:
        raise Mistake(place, f"{value!r} is not known; {nearest(str(value), operand)}")


def _pattern(value: Any, operand: str, rules: Schema, place: str) -> None:
    if isinstance(value, str) and not _compiled(operand).search(value):
        raise Mistake(place, f"must be {rules['title']}, not {value!r}")


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\$$", r"\\Z", pattern))  # in Python $ matches before a last line break too


def _format(value: Any, _operand: str, _rules: Schema, place: str) -> None:
    if isinstance(value, str) and not (_DATE.fullmatch(value) and _is_instant(value)):
        raise Mistake(place, f"must be a date as 2026-01-31T09:30:00.000Z, not {value!r}")


def _min_length(value: Any, operand: int, _rules: Schema, place: str) -> None:
    if isinstance(value, str) and len(value) < operand:
        raise Mistake(place, "must not be empty")


def _is_instant(text: str) -> bool:
    try:
        instant(text)
    except (ValueError, OverflowError):
        return False
    return True


def _inside(place: str, name: str) -> str:
    return f"{place}.{name}" if place else name


_KEYWORDS: Mapping[str, Callable[[Any, Any, Schema, str], None]] = {
    "type": _type,
    "required": _required,
    "properties": _properties,
    "additionalProperties": _additional,
    "items": _items,
    "enum": _enum,
    "pattern": _pattern,
    "format": _format,
    "minLength": _min_length,
}
