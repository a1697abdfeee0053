"""The differences between two answers, what may differ already taken out."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from .calls import Call, Json
from .normal import Seen

ABSENT = "(absent)"
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
    left: Json
    right: Json

    @property
    def where(self) -> str:
        """The path for people."""
        return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in self.path).lstrip(".")

    def __str__(self) -> str:
        return f"{self.where}: {_shown(self.left)} | {_shown(self.right)}"


Signature = tuple[str, str, str, str]


def signature(call: Call, difference: Difference) -> Signature:
    """What makes it the same difference elsewhere: operation, place, and values without the numbers of names."""
    where = re.sub(r"\[\d+\]", "[]", difference.where)
    left, right = (_NUMBERS.sub("", _shown(side)) for side in (difference.left, difference.right))
    return call.operation, where, left, right


def place(call: Call, difference: Difference) -> Signature:
    """The same without the values, of which only the kind counts: what nothing explains is told once for each place."""
    operation, where, *_ = signature(call, difference)
    left, right = (_kind(side) for side in (difference.left, difference.right))
    return operation, where, left, right


Likeness = tuple[str, str, str]


def likeness(difference: Difference) -> Likeness:
    """What makes it look the same in answers of other operations: where it is in one object, and forms of values.

    Where one side has nothing, what the other has counts by its kind only, and which field of an item it is does not.
    """
    path = difference.path
    if len(path) > 3 and isinstance(path[2], int):
        path = (path[0], *path[3:])  # an entry of a list looks as it does when it is asked for alone
    is_absent = ABSENT in (difference.left, difference.right)
    where = [
        "*" if isinstance(part, int) or (is_absent and before in _UNORDERED) else part
        for before, part in zip(("", *path), path, strict=False)
    ]
    left, right = (_kind(side) if is_absent else _form(side) for side in (difference.left, difference.right))
    return ".".join(where), left, right


def _form(value: Json) -> str:
    return _VARYING.sub("N", _shown(value))


def _kind(value: Json) -> str:
    return ABSENT if value == ABSENT else type(value).__name__ if not isinstance(value, int) else str(value)


def differences(left: Seen, right: Seen) -> list[Difference]:
    """All of them; of answers of different status the status first and then the bodies as wholes."""
    if left.status != right.status:
        return [
            Difference(("status",), left.status, right.status),
            *([Difference(("body",), left.body, right.body)] if left.body != right.body else []),
        ]
    headers = _walk(("headers",), dict(left.headers), dict(right.headers), ordered=False)
    return [*headers, *_walk(("body",), left.body, right.body, ordered=True)]


def _walk(path: tuple[str | int, ...], left: Json, right: Json, *, ordered: bool) -> Iterator[Difference]:
    if isinstance(left, dict) and isinstance(right, dict):
        for key in {**left, **right}:
            one, other = left.get(key, ABSENT), right.get(key, ABSENT)
            yield from _walk((*path, key), one, other, ordered=ordered and key not in _UNORDERED)
        if ordered and left.keys() == right.keys() and list(left) != list(right):
            yield Difference((*path, "(order of keys)"), list(left), list(right))
    elif isinstance(left, list) and isinstance(right, list):
        if len(left) != len(right):
            yield Difference((*path, "(length)"), len(left), len(right))
        for number, (one, other) in enumerate(zip(left, right, strict=False)):
            yield from _walk((*path, number), one, other, ordered=ordered)
    elif left != right or type(left) is not type(right):
        yield Difference(path, left, right)


def _shown(value: Json) -> str:
    return ABSENT if value == ABSENT else json.dumps(value, ensure_ascii=False)
