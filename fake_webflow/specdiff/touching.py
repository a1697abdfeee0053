"""Which clauses and choices a change of the document is about."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ..rules import Clause, clauses
from .changes import Change
from .skeleton import OPERATION_NAMES

# By the first part of an operation's name: the families of clauses that refuse it.
_FAMILIES = {
    "live-items": ("items", "field-data", "publishing", "filters", "sorts"),
    "items": ("items", "field-data", "publishing", "filters", "sorts"),
    "fields": ("collections", "plan"),
    "collections": ("collections", "plan"),
    "sites": ("sites", "publishing"),
    "assets": ("assets", "upload"),
}
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
_EVERYWHERE = frozenset(["id", "is", "on", "items", "request", "query", "header", "x"])


def find_clauses(change: Change) -> list[Clause]:
    """The clauses about the place of a change, those of its operation alone; choices are clauses with options."""
    name = OPERATION_NAMES.get(change.operation)
    if name is None:
        return []
    own = [clause for clause in clauses() if _concerns(clause, name)]
    if not change.place:
        return [clause for clause in own if name in clause.operations]
    for part in reversed(change.place.split(" ")):
        found = [clause for clause in own if _is_about(clause, part)]
        if found:
            return found
    return []


def _concerns(clause: Clause, operation: str) -> bool:
    if clause.operations:
        return operation in clause.operations or "every" in clause.operations
    group = operation.partition(".")[0]
    return clause.id.partition(".")[0] in (*_FAMILIES.get(group, (group,)), "requests", "errors", "lists", "rate")


def _is_about(clause: Clause, part: str) -> bool:
    if part.isdigit():
        return clause.refuses is not None and str(clause.refuses.status) == part
    words = {word.lower() for word in _WORD.findall(part)} - _EVERYWHERE
    said = {word.lower() for word in _WORD.findall(f"{clause.id} {clause.says}")}
    return part in clause.says or (bool(words) and words <= said)


def name_clauses(found: Iterable[Clause]) -> tuple[list[str], list[str]]:
    """The names of clauses, and of the choices among them."""
    listed = list(found)
    return [one.id for one in listed if not one.options], [one.id for one in listed if one.options]
