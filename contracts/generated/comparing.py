"""The differences between two answers, what may differ already taken out."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from .answers import MISSING, NormalizedAnswer
from .calls import CallSpec, JsonValue

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
Likeness = Literal["values", "kinds", "form"]


def take_fingerprint(call: CallSpec, difference: Difference, likeness: Likeness = "values") -> Fingerprint:
    """What makes it the same difference elsewhere.

    Args:
        call: Whose answers differ.
        difference: Where, and what is there.
        likeness: By ``values`` it is the same in the same place of the same operation, with the same values but for the
            numbers of names. By ``kinds`` only the kind of the values counts: what nothing explains is told once for
            each place. By ``form`` it may be in the answer of any operation: the place in one object counts, and the
            form of the values; where one side has nothing, only the kind of the other, and no field of an item.
    """
    sides = (difference.left, difference.right)
    if likeness == "form":
        write = _kind if MISSING in sides else _form
        return "", _place_in_one_object(difference.path, any_field=MISSING in sides), write(sides[0]), write(sides[1])
    write = _kind if likeness == "kinds" else _without_numbers
    return call.operation, re.sub(r"\[\d+\]", "[]", difference.location), write(sides[0]), write(sides[1])


def _place_in_one_object(path: tuple[str | int, ...], *, any_field: bool) -> str:
    if len(path) > 3 and isinstance(path[2], int):
        path = (path[0], *path[3:])  # an entry of a list looks as it does when it is asked for alone
    return ".".join(
        "*" if isinstance(part, int) or (any_field and before in _UNORDERED) else part
        for before, part in zip(("", *path), path, strict=False)
    )


def _without_numbers(value: JsonValue) -> str:
    return _NUMBERS.sub("", _to_json(value))


def _form(value: JsonValue) -> str:
    return _VARYING.sub("N", _to_json(value)).replace(", before others", "").replace("N'", "N")


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
