"""Filters and sort keys by the plainest reading of their rules: whole items as JSON, one condition at a time.

Nothing here is taken from the package: two ways to the same answer have to be two.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

Condition = tuple[str, str, str]
"""Slug, operator and value, as in the query."""


def _read_date(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


_READERS: Mapping[str, Callable[[str], Any]] = {
    "Number": float,
    "DateTime": _read_date,
    "Switch": lambda text: text == "true",
    "Reference": str.lower,
    "id": str.lower,
}


def _read(kind: str, text: str) -> Any:
    return _READERS.get(kind, str)(text)


def find_value(item: Mapping[str, Any], slug: str, kind: str) -> Any:
    """The value of an item that a filter or a sort key means; None where there is none."""
    value = item["id"] if slug == "id" else item["fieldData"].get(slug)
    return _read(kind, value) if kind == "DateTime" and value is not None else value


def holds(item: Mapping[str, Any], condition: Condition, kinds: Mapping[str, str]) -> bool:
    """Whether one condition holds of an item, in the default profile."""
    slug, operator, text = condition
    kind = kinds[slug]
    value = find_value(item, slug, kind)
    if operator == "exists":
        return (text == "true") == (value is not None)
    if operator == "contains":
        return value is not None and text.lower() in value.lower()
    if operator == "ncontains":
        return value is None or text.lower() not in value.lower()
    if operator in ("in", "nin"):
        return (value in [_read(kind, part) for part in text.split(",")]) == (operator == "in")
    wanted = _read(kind, text)
    if operator in ("eq", "ne"):
        return (value == wanted) == (operator == "eq")
    if value is None:
        return False
    return {"gt": value > wanted, "gte": value >= wanted, "lt": value < wanted, "lte": value <= wanted}[operator]


def sort_items(
    items: Sequence[Mapping[str, Any]], keys: Sequence[tuple[str, str]], kinds: Mapping[str, str]
) -> list[Mapping[str, Any]]:
    """Items in the order of the keys, each a slug and a direction; ties newest first, items without a value last."""
    ordered = sorted(items, key=lambda item: (item["createdOn"], item["id"]), reverse=True)
    for slug, direction in reversed(keys):
        values = [find_value(item, slug, kinds[slug]) for item in ordered]
        ranks = sorted({value for value in values if value is not None}, reverse=direction == "desc")
        ordered = [
            item
            for rank in [*ranks, None]
            for item, value in zip(ordered, values, strict=True)
            if value == rank and (value is None) == (rank is None)
        ]
    return ordered
