"""Moves with lists that are filtered and sorted by fields. A name of its own keeps each list to what its move made."""

from __future__ import annotations

from typing import Any

from ..generated.calls import JsonValue
from .sequence_builder import SequenceBuilder


def _create_named(builder: SequenceBuilder, *rows: JsonValue) -> str:
    """Asks for items that have a new name in common, and gives the name."""
    name = f"Filtered {builder.new_name('filtered').partition('#')[2]}"
    for row in rows:
        builder.create_item({**row, "name": name, "slug": builder.new_slug()}, isDraft=True)
    return name


def _list(builder: SequenceBuilder, parameter: str, value: str, **more: str) -> None:
    """Asks for the items that a parameter with brackets in its name finds."""
    query: dict[str, Any] = {parameter: value, **more}
    builder.add_call("GET", builder.items_path, **query)


def filter_by_a_bound(builder: SequenceBuilder) -> None:
    name = _create_named(builder, {"number": 1}, {"number": 2.5})
    operator = builder.rng.choice(["eq", "ne", "gt", "gte", "lt", "lte"])
    _list(builder, f"filter[number][{operator}]", "1", name=name)


def filter_by_a_search(builder: SequenceBuilder) -> None:
    name = _create_named(builder, {"text": "A tide"}, {"text": ""})
    operator = builder.rng.choice(["contains", "ncontains"])
    _list(builder, f"filter[text][{operator}]", "TIDE", name=name)


def filter_by_what_is_not_there(builder: SequenceBuilder) -> None:
    name = _create_named(builder, {})
    _list(builder, "filter[text][exists]", "false", name=name)
    _list(builder, "filter[text][ne]", "a", name=name)


def filter_in_another_case(builder: SequenceBuilder) -> None:
    name = _create_named(builder, {"text": "a"})
    _list(builder, "filter[text][eq]", "A", name=name)


def filter_by_a_date(builder: SequenceBuilder) -> None:
    _list(builder, "filter[createdOn][lt]", "2000-01-01")


def filter_by_a_file(builder: SequenceBuilder) -> None:
    collection = builder.new_collection([{"type": "File", "displayName": "File"}])
    query: dict[str, Any] = {"filter[file][exists]": "true"}
    builder.add_call("GET", f"/collections/{{{collection}}}/items", **query)


def filter_by_no_value(builder: SequenceBuilder) -> None:
    _list(builder, "filter[number][gt]", "ten")


def sort_by_a_field(builder: SequenceBuilder) -> None:
    name = _create_named(builder, {"number": 1}, {})
    for direction in ("asc", "desc"):
        _list(builder, "sort[number]", direction, name=name)


def list_all_locales(builder: SequenceBuilder) -> None:
    if builder.locales > 1:
        name = f"Filtered {builder.new_name('filtered').partition('#')[2]}"
        builder.create_item({"name": name, "slug": builder.new_slug()}, isDraft=True, cmsLocaleId="{locale#1}")
        builder.add_call("GET", builder.items_path, name=name, allCmsLocales="true")


def read_in_two_locales(builder: SequenceBuilder) -> None:
    if builder.locales > 1:
        item = builder.create_item(isDraft=True)
        builder.add_call("GET", f"{builder.items_path}/{{{item}}}", cmsLocaleId="{locale#1},{locale#0}")
