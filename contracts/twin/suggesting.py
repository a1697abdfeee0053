"""Which clauses a difference may concern that no open choice explains: the likeliest first."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from fake_webflow.rules import choice_options, clauses

from ..generated.calls import UPLOAD_OPERATION
from .peers import Step

_MAX_CLAUSES = 6
_BESIDE_OPERATIONS = {"headers": ("http.", "rate."), "fieldData": ("field-data.",)}
"""Families that hold for many operations and are bound to none, by where a difference is."""


def suggest_clauses(step: Step, operation_clauses: Sequence[str]) -> tuple[str, ...]:
    """Those whose statement speaks of what differs, and then what is bound besides.

    Those by which a side refuses come before all others, or after, where headers are all that differs.

    Args:
        step: The call, and what differs in its answers.
        operation_clauses: The clauses that the operation's answers follow.
    """
    words = {*_difference_words(step)}
    families = tuple(_families(step))
    statements = {clause.id: f"{clause.id} {clause.says}".lower() for clause in clauses()}
    candidates = [*operation_clauses, *(name for name in statements if families and name.startswith(families))]
    options = choice_options()
    candidates.sort(key=lambda name: (-_mentions(statements.get(name, ""), words), name not in options))
    refusing = [*step.left.clauses, *step.right.clauses]
    in_headers = all(one.path[0] == "headers" for one in step.differences)
    return tuple(dict.fromkeys([*candidates, *refusing] if in_headers else [*refusing, *candidates]))[:_MAX_CLAUSES]


def _difference_words(step: Step) -> Iterator[str]:
    """What a statement says that speaks of the differences: names of headers and keys, and statuses."""
    if step.left.status != step.right.status:
        yield from (str(step.left.status), str(step.right.status))
    for one in step.differences:
        yield from (part.lower() for part in one.path[1:] if isinstance(part, str) and not part.startswith("("))


def _families(step: Step) -> Iterator[str]:
    for one in step.differences:
        yield from (family for part in one.path for family in _BESIDE_OPERATIONS.get(str(part), ()))
    if step.call.operation == UPLOAD_OPERATION:
        yield "upload."
    elif min(step.left.status, step.right.status) >= 400:
        yield "errors."


def _mentions(statement: str, words: set[str]) -> int:
    texts = (statement, statement.replace("-", ""))
    return sum(any(re.search(rf"\b{re.escape(word)}\b", text) for text in texts) for word in words)
