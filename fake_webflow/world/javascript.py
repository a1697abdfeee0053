"""JSON, and numbers, as JavaScript writes them."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import orjson

_LARGEST_EXACT = 2**53
_LARGEST_INDEX = 2**32 - 2


def stringified(value: Any) -> bytes:
    """The UTF-8 bytes of ``JSON.stringify(JSON.parse(...))`` of a JSON value (clause ``webhooks.delivery.json``).

    Compact, nothing escaped that need not be, numbers in their shortest form, keys that look like array indices first.

    Args:
        value: Objects, arrays, texts, numbers, booleans and null, as ``orjson.loads`` gives them.
    """
    return orjson.dumps(_as_parsed(value))


def _as_parsed(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _as_parsed(value[name]) for name in sorted(value, key=_place)}
    if isinstance(value, list | tuple):
        return [_as_parsed(entry) for entry in value]
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    if isinstance(value, int) and abs(value) <= _LARGEST_EXACT:
        return value
    return orjson.Fragment(number(float(value)))


def _place(name: str) -> int:
    """Where a key stands in a JavaScript object: array indices by their value, all others after them as they came."""
    if name.isascii() and name.isdigit() and (name == "0" or name[0] != "0") and len(name) <= 10:
        return min(int(name), _LARGEST_INDEX + 1)
    return _LARGEST_INDEX + 1


def number(value: float) -> str:
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
