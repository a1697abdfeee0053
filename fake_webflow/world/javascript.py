"""JSON, and numbers, as JavaScript writes them."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import orjson

_LARGEST_EXACT = 2**53
_LARGEST_INDEX = 2**32 - 2


def stringify(value: Any) -> bytes:
    """The UTF-8 bytes of ``JSON.stringify(JSON.parse(...))`` of a JSON value (clause ``webhooks.delivery.json``).

    Compact, nothing escaped that need not be, numbers in their shortest form, keys that look like array indices first.

    Args:
        value: Objects, arrays, texts, numbers, booleans and null, as ``orjson.loads`` gives them.
    """
    return orjson.dumps(_order_like_javascript(value))


def _order_like_javascript(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _order_like_javascript(value[name]) for name in sorted(value, key=_key_order)}
    if isinstance(value, list | tuple):
        return [_order_like_javascript(entry) for entry in value]
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    if isinstance(value, int) and abs(value) <= _LARGEST_EXACT:
        return value
    return orjson.Fragment(render_number(float(value)))


def _key_order(name: str) -> int:
    """Where a key stands in a JavaScript object: array indices by their value, all others after them as they came."""
    if name.isascii() and name.isdigit() and (name == "0" or name[0] != "0") and len(name) <= 10:
        return min(int(name), _LARGEST_INDEX + 1)
    return _LARGEST_INDEX + 1


def render_number(value: float) -> str:
    """The number, which must be finite, as ECMAScript's ``Number::toString`` writes it."""
    if value == 0:
        return "0"
    _, digit_tuple, exponent = Decimal(repr(abs(value))).as_tuple()
    assert isinstance(exponent, int), "JSON knows no infinity"
    all_digits = "".join(map(str, digit_tuple))
    digits = all_digits.rstrip("0")
    point = len(all_digits) + exponent  # where the decimal point stands, counted from the first digit
    if 0 < point <= 21:
        written = digits.ljust(point, "0")
        text = written[:point] + ("." + written[point:] if len(written) > point else "")
    elif -6 < point <= 0:
        text = "0." + "0" * -point + digits
    else:
        text = digits[0] + ("." + digits[1:] if len(digits) > 1 else "") + f"e{point - 1:+d}"
    return "-" + text if value < 0 else text


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
    return _inspect(value, depth=0, indent=0)


def _inspect(value: Any, depth: int, indent: int) -> str:
    if isinstance(value, str):
        return _render_string(value, indent)
    if isinstance(value, dict | list) and value and depth > _DEPTH:
        return "[Object]" if isinstance(value, dict) else "[Array]"
    if isinstance(value, dict):
        members = [f"{_render_key(name)}: {_inspect(part, depth + 1, indent + 2)}" for name, part in value.items()]
        return _enclose("{}", members, indent)
    if isinstance(value, list):
        entries = [_inspect(part, depth + 1, indent + 2) for part in value[:_LONGEST_LIST]]
        return _enclose("[]", entries + _describe_rest("item", len(value) - _LONGEST_LIST), indent)
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    return _render_number(float(value))


def _enclose(braces: str, parts: Sequence[str], indent: int) -> str:
    if not parts:
        return braces
    # Node's own reckoning of whether it fits on a line; a part of several lines is too long for it in any case.
    width = sum(map(len, parts)) + 2 * len(parts) + indent + 11
    if width <= _LINE:
        return f"{braces[0]} {', '.join(parts)} {braces[1]}"
    line = "\n" + " " * indent
    return braces[0] + ",".join(f"{line}  {part}" for part in parts) + line + braces[1]


def _describe_rest(noun: str, count: int) -> list[str]:
    return [f"... {count} more {noun}{'s' if count > 1 else ''}"] if count > 0 else []


def _render_key(name: str) -> str:
    return name if _IDENTIFIER.fullmatch(name) else _quote(name)


def _render_string(value: str, indent: int) -> str:
    shown = value[:_LONGEST_TEXT]
    lines = re.split(r"(?<=\n)(?!\Z)", shown) if len(shown) > _LINE - indent - 4 else [shown]
    quoted = f" +\n{' ' * (indent + 2)}".join(map(_quote, lines))
    return "".join([quoted, *_describe_rest("character", len(value) - len(shown))])


def _quote(text: str) -> str:
    quote = "'"
    if "'" in text:
        quote = '"' if '"' not in text else "`" if "`" not in text and "${" not in text else "'"
    escaped = _ESCAPED.sub(lambda found: _ESCAPES.get(found[0], f"\\x{ord(found[0]):02X}"), text)
    return f"{quote}{escaped.replace(quote, chr(92) + quote)}{quote}"


def _render_number(value: float) -> str:
    """The number with what JSON has no way to write: infinities, and the sign of zero."""
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return "-0" if value == 0 and math.copysign(1, value) < 0 else render_number(value)
