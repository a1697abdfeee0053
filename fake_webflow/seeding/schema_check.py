"""Is a scenario of the shape its published schema states? A walk along ``scenario.schema.json``.

The checker of requests words its mistakes as Webflow does and lets unknown keys pass; whoever writes a scenario wants
them named, with the place and the nearest key there is. So the scenario schema, which is an ordinary JSON Schema
(2020-12) for editors and other tools, is walked here, for the few keywords it uses.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import orjson

from .. import package_data
from ..wording import suggest
from ..world.instants import parse_instant
from .context import Mistake

_Schema = Mapping[str, Any]
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
def load_scenario_schema() -> _Schema:
    """The published schema of scenario files; shared by all callers, so not to be changed."""
    found: _Schema = orjson.loads(package_data.read("seeding/scenario.schema.json"))
    return found


def check_scenario(data: Any) -> None:
    """Checks a whole scenario against the published schema.

    Raises:
        Mistake: The first thing that is not as the schema says.
    """
    _check_value(data, load_scenario_schema(), "")


def check_against_schema(data: Any, rules: _Schema) -> None:
    """Checks a JSON value against another schema that has no references and uses the same few keywords.

    Raises:
        Mistake: The first thing that is not as the schema says.
    """
    _check_value(data, rules, "")


def _check_value(value: Any, rules: _Schema, place: str) -> None:
    if "$ref" in rules:
        rules = load_scenario_schema()["$defs"][rules["$ref"].rpartition("/")[2]]
    for keyword, operand in rules.items():
        if keyword in _ANNOTATIONS or (value is None and keyword != "type"):
            continue
        _KEYWORDS[keyword](value, operand, rules, place)


def _check_type(value: Any, operand: Any, rules: _Schema, place: str) -> None:
    allowed = [operand] if isinstance(operand, str) else operand
    found = _TYPES[type(value)]
    if found in allowed or (found == "integer" and "number" in allowed):
        return
    hint = "; put it in quotes" if found in ("integer", "number", "boolean") and "string" in allowed else ""
    example = "".join(f", as {orjson.dumps(one).decode()}" for one in rules.get("examples", ())[:1])
    expected = " or ".join(_NAMES[name] for name in allowed)
    raise Mistake(place, f"must be {expected}{example}, not {_NAMES[found]}{hint}")


def _check_required(value: Any, operand: list[str], _rules: _Schema, place: str) -> None:
    for name in operand:
        if isinstance(value, dict) and name not in value:
            raise Mistake(place, f"{name} is missing")


def _check_properties(value: Any, operand: Mapping[str, _Schema], _rules: _Schema, place: str) -> None:
    if isinstance(value, dict):
        for name, part in value.items():
            if name in operand:
                _check_value(part, operand[name], _member_place(place, name))


def _check_additional(value: Any, operand: Any, rules: _Schema, place: str) -> None:
    known = rules.get("properties", {})
    for name, part in value.items() if isinstance(value, dict) else ():
        if name not in known and operand is False:
            raise Mistake(_member_place(place, name), f"unknown key; {suggest(name, known)}")
        if name not in known and isinstance(operand, dict):
            _check_value(part, operand, _member_place(place, name))


def _check_entries(value: Any, operand: _Schema, _rules: _Schema, place: str) -> None:
    for number, part in enumerate(value if isinstance(value, list) else ()):
        _check_value(part, operand, f"{place}[{number}]")


def _check_enum(value: Any, operand: list[str], _rules: _Schema, place: str) -> None:
    if value not in operand:
        raise Mistake(place, f"{value!r} is not known; {suggest(str(value), operand)}")


def _check_pattern(value: Any, operand: str, rules: _Schema, place: str) -> None:
    if isinstance(value, str) and not _compile_pattern(operand).search(value):
        raise Mistake(place, f"must be {rules['title']}, not {value!r}")


@cache
def _compile_pattern(pattern: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\$$", r"\\Z", pattern))  # in Python $ matches before a last line break too


def _check_format(value: Any, _operand: str, _rules: _Schema, place: str) -> None:
    if isinstance(value, str) and not (_DATE.fullmatch(value) and _is_instant(value)):
        raise Mistake(place, f"must be a date as 2026-01-31T09:30:00.000Z, not {value!r}")


def _check_min_length(value: Any, operand: int, _rules: _Schema, place: str) -> None:
    if isinstance(value, str) and len(value) < operand:
        raise Mistake(place, "must not be empty")


def _check_minimum(value: Any, operand: int, _rules: _Schema, place: str) -> None:
    if isinstance(value, int) and value < operand:
        raise Mistake(place, f"must be {operand} or more, not {value}")


def _is_instant(text: str) -> bool:
    try:
        parse_instant(text)
    except (ValueError, OverflowError):
        return False
    return True


def _member_place(place: str, name: str) -> str:
    return f"{place}.{name}" if place else name


_KEYWORDS: Mapping[str, Callable[[Any, Any, _Schema, str], None]] = {
    "type": _check_type,
    "required": _check_required,
    "properties": _check_properties,
    "additionalProperties": _check_additional,
    "items": _check_entries,
    "enum": _check_enum,
    "pattern": _check_pattern,
    "format": _check_format,
    "minLength": _check_min_length,
    "minimum": _check_minimum,
}
