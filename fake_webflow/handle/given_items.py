"""The items that a test gives: their checks, and what a refusal of them adds for whoever gave them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from ..errors import ArrangingError
from ..message import parse_json
from ..rules import Refusal
from ..wording import is_whole_number, suggest
from ..world.collections import Collection
from ..world.world import World


def check_given_items(items: object, slugs: Sequence[str]) -> None:
    """Checks what the argument ``items`` is, as far as the rules of the world would not say it.

    Raises:
        ArrangingError: It is neither a number of items nor a list of field data.
    """
    # The rules of the world would say no more than that this is no field data.
    if is_whole_number(items, 0):
        return
    if not isinstance(items, Sequence) or isinstance(items, str | bytes):
        raise ArrangingError(
            f"items are a number of them, or a list of field data; for one item there is add_item: {items!r}"
        )
    for place, row in enumerate(items):
        if not isinstance(row, Mapping):
            raise ArrangingError(f"items[{place}]: field data is a dict, as {{'name': 'Ada'}}; not {row!r}")
        if "fieldData" in row and "fieldData" not in slugs:
            raise ArrangingError(f"items[{place}]: field data stands by itself, without 'fieldData' around it")


def to_json_rows(items: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The field data as it would have come in a request, dates of Python's as texts.

    Raises:
        ArrangingError: Something in it is not JSON-serialisable.
    """
    rows: list[dict[str, Any]] = []
    for place, row in enumerate(items):
        try:
            rows.append(parse_json(orjson.dumps(row, default=_to_dict)))
        except (TypeError, ValueError) as error:
            raise ArrangingError(f"items[{place}] is not JSON-serialisable: {error}") from None
    return rows


def _to_dict(value: object) -> dict[Any, Any]:
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{value!r} is a Python {type(value).__name__}")


def hint_unknown_field(collection: Collection, rows: Sequence[Mapping[str, Any]], slugs: Sequence[str]) -> str:
    """Which slug was likely meant, where a row has a field that the collection lacks; empty where none has."""
    # A name with an underscore is a flag of version 1, which Webflow lets pass.
    unknown = next((name for row in rows for name in row if name not in slugs and not name.startswith("_")), None)
    if unknown is None:
        return ""
    # Often the name is the field's display name, hence the lower case.
    return f"; {collection.display_name} has no field with the slug {unknown!r}: {suggest(unknown.lower(), slugs)}"


def hint_wanted_ids(collection: Collection, refusal: Refusal, world: World) -> str:
    """What refused fields take whose values are ids, which nobody knows by heart; empty where there are none."""
    wrong = {problem.param for problem in refusal.problems}
    by_id = [
        one for one in collection.fields if one.slug in wrong and (one.rule("options") or one.rule("collectionId"))
    ]
    if not by_id:
        return ""
    from .accepting import describe_fields  # only a mistake pays for it

    return f"; {collection.display_name} has {describe_fields(by_id, world)}"
