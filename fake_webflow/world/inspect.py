"""Values as Node's ``util.inspect`` prints them, which is how Webflow's validator quotes what it refuses."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Any

from .javascript import number

_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z_0-9]*")
_ESCAPED = re.compile(r"[\x00-\x1f\x7f-\x9f\\]")
_ESCAPES = {"\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", "\\": "\\\\"}
_LINE, _DEPTH, _LONGEST_LIST, _LONGEST_TEXT = 80, 2, 100, 10_000


def inspect(value: Any) -> str:
    r"""The value in Node's notation (clause ``field-data.text-suffix``); long lists are not set in columns.

    >>> inspect("enrol"), inspect(2.0)
    ("'enrol'", '2')
    >>> inspect(None), inspect(True), inspect([1, "a"])
    ('null', 'true', "[ 1, 'a' ]")
    >>> inspect({"a": {"b": {"c": {"d": 1}}}})
    '{ a: { b: { c: [Object] } } }'
    """
    return _inspected(value, depth=0, indent=0)


def _inspected(value: Any, depth: int, indent: int) -> str:
    if isinstance(value, str):
        return _text(value, indent)
    if isinstance(value, dict | list) and value and depth > _DEPTH:
        return "[Object]" if isinstance(value, dict) else "[Array]"
    if isinstance(value, dict):
        members = [f"{_name(name)}: {_inspected(part, depth + 1, indent + 2)}" for name, part in value.items()]
        return _enclosed("{}", members, indent)
    if isinstance(value, list):
        entries = [_inspected(part, depth + 1, indent + 2) for part in value[:_LONGEST_LIST]]
        return _enclosed("[]", entries + _more("item", len(value) - _LONGEST_LIST), indent)
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    return _number(float(value))


def _enclosed(braces: str, parts: Sequence[str], indent: int) -> str:
    if not parts:
        return braces
    # Node's own reckoning of whether it fits on a line; a part of several lines is too long for it in any case.
    width = sum(map(len, parts)) + 2 * len(parts) + indent + 11
    if width <= _LINE:
        return f"{braces[0]} {', '.join(parts)} {braces[1]}"
    line = "\n" + " " * indent
    return braces[0] + ",".join(f"{line}  {part}" for part in parts) + line + braces[1]


def _more(noun: str, count: int) -> list[str]:
    return [f"... {count} more {noun}{'s' if count > 1 else ''}"] if count > 0 else []


def _name(name: str) -> str:
    return name if _IDENTIFIER.fullmatch(name) else _quoted(name)


def _text(value: str, indent: int) -> str:
    shown = value[:_LONGEST_TEXT]
    lines = re.split(r"(?<=\n)(?!\Z)", shown) if len(shown) > _LINE - indent - 4 else [shown]
    quoted = f" +\n{' ' * (indent + 2)}".join(map(_quoted, lines))
    return "".join([quoted, *_more("character", len(value) - len(shown))])


def _quoted(text: str) -> str:
    quote = "'"
    if "'" in text:
        quote = '"' if '"' not in text else "`" if "`" not in text and "${" not in text else "'"
    escaped = _ESCAPED.sub(lambda found: _ESCAPES.get(found[0], f"\\x{ord(found[0]):02X}"), text)
    return f"{quote}{escaped.replace(quote, chr(92) + quote)}{quote}"


def _number(value: float) -> str:
    """The number with what JSON has no way to write: infinities, and the sign of zero."""
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return "-0" if value == 0 and math.copysign(1, value) < 0 else number(value)
