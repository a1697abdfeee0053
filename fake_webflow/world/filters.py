"""Filters and sort keys of item lists: which operators a type has, which values they take, and what they match."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from operator import ge, gt, le, lt
from typing import Any, NamedTuple

import orjson

from .instants import normalise_instant
from .values import OBJECT_ID_PATTERN, Rules

COMPARISONS: Mapping[str, Callable[[Any, Any], bool]] = {"gte": ge, "lte": le, "gt": gt, "lt": lt}
TEXT_SEARCHES = ("contains", "ncontains")
LIST_OPERATORS = ("in", "nin")
TEXT_TYPES = frozenset(["PlainText", "Email", "Phone", "Link", "Color"])
ITEM_ID = "id"
"""What an item's own id is called in filters; as a type it stands beside the types of fields."""

_EQUALITY = ("eq", "ne", *LIST_OPERATORS)
_TEXT = (*_EQUALITY, *TEXT_SEARCHES, "exists")
_ORDERED = ("eq", "ne", *COMPARISONS, *LIST_OPERATORS, "exists")
FILTER_OPERATORS: Mapping[str, Sequence[str]] = {
    ITEM_ID: _EQUALITY,
    **dict.fromkeys(["PlainText", "Email", "Phone", "Link"], _TEXT),
    **dict.fromkeys(["Number", "DateTime"], _ORDERED),
    **dict.fromkeys(["Switch", "Color", "Reference"], (*_EQUALITY, "exists")),
    "Option": _EQUALITY,
    **dict.fromkeys(["RichText", "Image", "MultiImage", "VideoLink", "MultiReference"], ("exists",)),
}
"""The operators of each type. Files are in no row of Webflow's table (``filters.file``)."""
SORTABLE_TYPES = frozenset([ITEM_ID, "PlainText", "Email", "Phone", "Number", "DateTime", "Switch"])


class Filter(NamedTuple):
    """One condition on an item.

    Args:
        field: A field's slug, ``id``, or a date of the item as the API names it.
        operator: One of ``FILTER_OPERATORS``.
        value: As columns hold it; a frozenset for ``in`` and ``nin``, a boolean for ``exists``.
        ignores_case: Whether equality takes small and capital letters for the same.
        unset_differs: Whether an unset field is another value than any, for ``ne`` and ``nin``.
    """

    field: str
    operator: str
    value: Any
    ignores_case: bool = False
    unset_differs: bool = True


class SortKey(NamedTuple):
    """One field to sort by.

    Args:
        field: As in ``Filter``.
        descending: The direction.
        unset_first: Whether items without a value come first.
    """

    field: str
    descending: bool = False
    unset_first: bool = False


class InvalidFilterValue(ValueError):
    """A filter's value is none. The text says what is expected."""


def parse_filter_value(field_type: str, operator: str, text: str, rules: Rules) -> Any:
    """The value a filter compares with.

    Args:
        field_type: A key of ``FILTER_OPERATORS``.
        operator: One the type has.
        text: As the query has it; for ``in`` and ``nin`` with commas between values.
        rules: The field's validations.

    Raises:
        InvalidFilterValue: The operator takes no such value.
    """
    if operator == "exists":
        return _parse_boolean(text)
    if operator in TEXT_SEARCHES:
        return _parse_text(text)
    parse = _PARSERS.get(field_type, _parse_text)
    if operator in LIST_OPERATORS:
        return frozenset(parse(part, rules) for part in text.split(","))
    if text == "" and field_type in TEXT_TYPES:
        return text  # a field may hold the empty text
    return parse(text, rules)


def _parse_text(text: str, _rules: Rules | None = None) -> str:
    if not text:
        raise InvalidFilterValue("a text")
    return text


def _parse_boolean(text: str, _rules: Rules | None = None) -> bool:
    if text not in ("true", "false"):
        raise InvalidFilterValue("true or false")
    return text == "true"


def _parse_number(text: str, _rules: Rules) -> int | float:
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError:
        value = None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise InvalidFilterValue("a number")
    return value


def _parse_date_time(text: str, _rules: Rules) -> str:
    try:
        return normalise_instant(text)
    except (ValueError, OverflowError):
        raise InvalidFilterValue("an ISO 8601 date") from None


def _parse_item_id(text: str, _rules: Rules) -> str:
    if not OBJECT_ID_PATTERN.fullmatch(text.lower()):
        raise InvalidFilterValue("the id of an item")
    return text.lower()


def _parse_option(text: str, rules: Rules) -> str:
    if not any(option["id"] == text for option in rules.get("options") or ()):
        raise InvalidFilterValue("the id of one of the field's options")
    return text


_PARSERS: Mapping[str, Callable[[str, Rules], Any]] = {
    ITEM_ID: _parse_item_id,
    "Number": _parse_number,
    "DateTime": _parse_date_time,
    "Switch": _parse_boolean,
    "Reference": _parse_item_id,
    "Option": _parse_option,
}


def make_test(term: Filter) -> Callable[[Any], bool]:
    """Whether a filter matches a value, which is None where the field is unset."""
    match term.operator:
        case "eq" | "ne" | "in" | "nin":
            return _make_equality_test(term)
        case "contains":
            part = term.value.casefold()
            return lambda value: value is not None and part in value.casefold()
        case "ncontains":
            part = term.value.casefold()
            return lambda value: value is None or part not in value.casefold()
        case "exists":
            return (lambda value: value is not None) if term.value else (lambda value: value is None)
    compare, bound = COMPARISONS[term.operator], term.value
    return lambda value: value is not None and compare(value, bound)


def _make_equality_test(term: Filter) -> Callable[[Any], bool]:
    wanted = term.value if term.operator in LIST_OPERATORS else frozenset([term.value])
    if term.ignores_case:
        folded = frozenset(map(str.casefold, wanted))
        same: Callable[[Any], bool] = lambda value: value.casefold() in folded  # noqa: E731
    else:
        same = wanted.__contains__
    if term.operator in ("eq", "in"):
        return lambda value: value is not None and same(value)
    unset_differs = term.unset_differs
    return lambda value: unset_differs if value is None else not same(value)
