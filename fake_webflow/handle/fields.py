"""The fields of an arranged collection, from the short form that a test writes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ..seeding.collection_building import check_field
from ..seeding.context import Mistake, strip_place
from ..seeding.rows import FieldRow
from ..seeding.schema_check import check_scenario
from ..world.collection_rules import check_reference
from ..world.collections import NAME_AND_SLUG, Collection
from ..world.fields import add_field, make_field
from ..world.slugs import slugify
from ..world.values import REFERENCE_TYPES
from ..world.world import Context, World

Fields = Mapping[str, str | Mapping[str, Any]] | Sequence[Mapping[str, Any]]


def spell_out_fields(collection: str, fields: Fields, find_id: Callable[[Any], str]) -> list[FieldRow]:
    """The fields as scenarios have them.

    Args:
        collection: Display name, as the scenario has it.
        fields: Types by name, or a list of fields.
        find_id: Gives the id of a collection that a reference field names.

    Raises:
        Mistake: A field that scenarios could not have.
    """
    rows = [_spell_out(row, find_id) for row in _list_rows(fields)]
    with strip_place("sites[0].collections[0]."):
        check_scenario({"sites": [{"collections": [{"displayName": collection, "fields": rows}]}]})
    return rows


def add_fields(world: World, collection: Collection, rows: Sequence[FieldRow], context: Context) -> Collection:
    """The collection with these fields. To name and slug, which it has already, their rules are added.

    Raises:
        Mistake: A field that scenarios could not have.
        Refusal: A field that the collection does not take.
    """
    for number, row in enumerate(rows):
        place, slug = f"fields[{number}]", slugify(row.get("slug") or row["displayName"])
        validations = row.get("validations") or {}
        if row["type"] == "Option" and not validations.get("options"):
            raise Mistake(place, "an option field says in validations.options what there is to choose from")
        check_field(row, slug, place)
        if row["type"] in REFERENCE_TYPES:
            check_reference(world, collection, validations["collectionId"])
        if slug in NAME_AND_SLUG:
            collection = _add_validations(collection, slug, validations)
        else:
            collection = add_field(collection, make_field(row, slug, context))
    return collection


def _add_validations(collection: Collection, slug: str, validations: Mapping[str, Any]) -> Collection:
    return collection._replace(
        fields=tuple(
            replace(field, validations={**(field.validations or {}), **validations}) if field.slug == slug else field
            for field in collection.fields
        )
    )


def _list_rows(fields: Fields) -> list[Mapping[str, Any]]:
    if isinstance(fields, Mapping):
        return [_make_row(name, given) for name, given in fields.items()]
    # Whatever the types say: a test is rarely checked for them.
    rows: object = fields
    if isinstance(rows, Sequence) and not isinstance(rows, str) and all(isinstance(row, Mapping) for row in rows):
        return list(rows)
    raise Mistake("", f"fields are types by name, as {{'Title': 'PlainText'}}, or a list of dicts; not {fields!r}")


def _make_row(name: str, spec: object) -> dict[str, Any]:
    if isinstance(spec, str):
        return {"displayName": name, "type": spec}
    if isinstance(spec, Mapping):
        return {"displayName": name, **spec}
    raise Mistake("fields", f"{name!r} is a type, as 'PlainText', or a dict with type; not {spec!r}")


def _spell_out(row: Mapping[str, Any], find_id: Callable[[Any], str]) -> Any:
    validations = row.get("validations")
    if not isinstance(validations, Mapping):
        return dict(row)
    validations_in_full = dict(validations)
    if isinstance(validations_in_full.get("options"), Sequence):
        validations_in_full["options"] = [
            {"name": option} if isinstance(option, str) else option for option in validations_in_full["options"]
        ]
    if "collectionId" in validations_in_full:
        validations_in_full["collectionId"] = find_id(validations_in_full["collectionId"])
    return {**row, "validations": validations_in_full}
