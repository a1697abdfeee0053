"""The differences between two answers, what may differ already taken out."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from ..generated.calls import CallSpec, JsonValue
from .normalizing import NormalizedAnswer

MISSING = "(absent)"
_NUMBERS = re.compile(r"(?<=[#\- ])\d+|, before others")
"""What depends on the rest of a sequence: numbers of names and times (``item#3``, ``slug-3``, ``time of call 3``)."""
_VARYING = re.compile(r"[0-9A-Fa-f]{24,}|\d+")
"""What depends on what was written: ids, and all numbers."""
_UNORDERED = frozenset(["fieldData"])
"""Objects whose keys come in an order that means nothing."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One place where two answers differ.

    Args:
        path: Where: ``("status",)``, ``("headers", "ETag")``, or ``("body", "items", 0, "isDraft")``.
        left: What is there on the left; ``(absent)`` for nothing.
        right: Likewise.
    """

    path: tuple[str | int, ...]
    left: JsonValue
    right: JsonValue

    @property
    def location(self) -> str:
        """The path for people."""
        return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in self.path).lstrip(".")

    def __str__(self) -> str:
        return f"{self.location}: {_to_json(self.left)} | {_to_json(self.right)}"


Fingerprint = tuple[str, str, str, str]


def fingerprint_values(call: CallSpec, difference: Difference) -> Fingerprint:
    """What makes it the same difference elsewhere: operation, place, and values without the numbers of names."""
    location = re.sub(r"\[\d+\]", "[]", difference.location)
    left, right = (_NUMBERS.sub("", _to_json(side)) for side in (difference.left, difference.right))
    return call.operation, location, left, right


def fingerprint_kinds(call: CallSpec, difference: Difference) -> Fingerprint:
    """The same without the values, of which only the kind counts: what nothing explains is told once for each place."""
    operation, location, *_ = fingerprint_values(call, difference)
    left, right = (_kind(side) for side in (difference.left, difference.right))
    return operation, location, left, right


FormFingerprint = tuple[str, str, str]


def fingerprint_form(difference: Difference) -> FormFingerprint:
    """What makes it look the same in answers of other operations: where it is in one object, and forms of values.

    Where one side has nothing, what the other has counts by its kind only, and which field of an item it is does not.
    """
    path = difference.path
    if len(path) > 3 and isinstance(path[2], int):
        path = (path[0], *path[3:])  # an entry of a list looks as it does when it is asked for alone
    is_absent = MISSING in (difference.left, difference.right)
    location = [
        "*" if isinstance(part, int) or (is_absent and before in _UNORDERED) else part
        for before, part in zip(("", *path), path, strict=False)
    ]
    left, right = (_kind(side) if is_absent else _form(side) for side in (difference.left, difference.right))
    return ".".join(location), left, right


def _form(value: JsonValue) -> str:
    return _VARYING.sub("N", _to_json(value))


def _kind(value: JsonValue) -> str:
    return MISSING if value == MISSING else type(value).__name__ if not isinstance(value, int) else str(value)


def find_differences(left: NormalizedAnswer, right: NormalizedAnswer) -> list[Difference]:
    """All of them; of answers of different status the status first and then the bodies as wholes."""
    if left.status != right.status:
        return [
            Difference(("status",), left.status, right.status),
            *([Difference(("body",), left.body, right.body)] if left.body != right.body else []),
        ]
    headers = _compare_values(("headers",), dict(left.headers), dict(right.headers), ordered=False)
    return [*headers, *_compare_values(("body",), left.body, right.body, ordered=True)]


def _compare_values(
    path: tuple[str | int, ...], left: JsonValue, right: JsonValue, *, ordered: bool
) -> Iterator[Difference]:
    if isinstance(left, dict) and isinstance(right, dict):
        for key in {**left, **right}:
            one, other = left.get(key, MISSING), right.get(key, MISSING)
            yield from _compare_values((*path, key), one, other, ordered=ordered and key not in _UNORDERED)
        if ordered and left.keys() == right.keys() and list(left) != list(right):
            yield Difference((*path, "(order of keys)"), list(left), list(right))
    elif isinstance(left, list) and isinstance(right, list):
        if len(left) != len(right):
            yield Difference((*path, "(length)"), len(left), len(right))
        for number, (one, other) in enumerate(zip(left, right, strict=False)):
            yield from _compare_values((*path, number), one, other, ordered=ordered)
    elif left != right or type(left) is not type(right):
        yield Difference(path, left, right)


def _to_json(value: JsonValue) -> str:
    return MISSING if value == MISSING else json.dumps(value, ensure_ascii=False)
