"""Moves with lists that are filtered and sorted by fields. A name of its own keeps each list to what its move made."""

from __future__ import annotations

from ..generated.calls import JsonValue
from .actions import ActionList
from .sequence_builder import SequenceBuilder

FILTER_ACTIONS = ActionList()


def _create_named(builder: SequenceBuilder, *rows: JsonValue) -> str:
    """Asks for items that have a new name in common, and gives the name."""
    name = f"Filtered {builder.new_name('filtered').partition('#')[2]}"
    for row in rows:
        builder.create_item({**row, "name": name, "slug": builder.new_slug()}, isDraft=True)
    return name


@FILTER_ACTIONS.register
def filter_by_a_bound(builder: SequenceBuilder) -> None:
    name = _create_named(builder, {"number": 1}, {"number": 2.5})
    operator = builder.rng.choice(["eq", "ne", "gt", "gte", "lt", "lte"])
    builder.add_call("GET", builder.items_path, name=name, **{f"filter[number][{operator}]": "1"})


@FILTER_ACTIONS.register
def filter_by_a_search(builder: SequenceBuilder) -> None:
    name = _create_named(builder, {"text": "A tide"}, {"text": ""})
    operator = builder.rng.choice(["contains", "ncontains"])
    builder.add_call("GET", builder.items_path, name=name, **{f"filter[text][{operator}]": "TIDE"})


@FILTER_ACTIONS.register
def filter_by_what_is_not_there(builder: SequenceBuilder) -> None:
    name = _create_named(builder, {})
    builder.add_call("GET", builder.items_path, name=name, **{"filter[text][exists]": "false"})
    builder.add_call("GET", builder.items_path, name=name, **{"filter[text][ne]": "a"})


@FILTER_ACTIONS.register
def filter_in_another_case(builder: SequenceBuilder) -> None:
    name = _create_named(builder, {"text": "a"})
    builder.add_call("GET", builder.items_path, name=name, **{"filter[text][eq]": "A"})


@FILTER_ACTIONS.register
def filter_by_a_date(builder: SequenceBuilder) -> None:
    builder.add_call("GET", builder.items_path, **{"filter[createdOn][lt]": "2000-01-01"})


@FILTER_ACTIONS.register
def filter_by_a_file(builder: SequenceBuilder) -> None:
    collection = builder.new_collection([{"type": "File", "displayName": "File"}])
    builder.add_call("GET", f"/collections/{{{collection}}}/items", **{"filter[file][exists]": "true"})


@FILTER_ACTIONS.register
def filter_by_no_value(builder: SequenceBuilder) -> None:
    builder.add_call("GET", builder.items_path, **{"filter[number][gt]": "ten"})


@FILTER_ACTIONS.register
def sort_by_a_field(builder: SequenceBuilder) -> None:
    name = _create_named(builder, {"number": 1}, {})
    for direction in ("asc", "desc"):
        builder.add_call("GET", builder.items_path, name=name, **{"sort[number]": direction})


@FILTER_ACTIONS.register
def list_all_locales(builder: SequenceBuilder) -> None:
    if builder.locales > 1:
        name = f"Filtered {builder.new_name('filtered').partition('#')[2]}"
        builder.create_item({"name": name, "slug": builder.new_slug()}, isDraft=True, cmsLocaleId="{locale#1}")
        builder.add_call("GET", builder.items_path, name=name, allCmsLocales="true")


@FILTER_ACTIONS.register
def read_in_two_locales(builder: SequenceBuilder) -> None:
    if builder.locales > 1:
        item = builder.create_item(isDraft=True)
        builder.add_call("GET", f"{builder.items_path}/{{{item}}}", cmsLocaleId="{locale#1},{locale#0}")
