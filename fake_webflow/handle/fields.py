"""The fields of an arranged collection: from what a test writes to what the laws take."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ..seeding.context import Mistake
from ..seeding.schema_check import check_scenario
from ..world.collections import NAME_AND_SLUG, Collection
from ..world.slugs import slugify
from ..world.values import REFERENCE_TYPES

Fields = Mapping[str, str | Mapping[str, Any]] | Sequence[Mapping[str, Any]]
_IN_METADATA = ("options", "collectionId")
_PLACE = "sites[0].collections[0]."


def check_fields(collection: str, fields: Fields, id_of: Callable[[Any], str]) -> list[dict[str, Any]]:
    """The fields as scenarios have them.

    Args:
        collection: Display name, as the scenario has it.
        fields: Types by name, or a list of fields.
        id_of: Gives the id of a collection that a reference field names.

    Raises:
        Mistake: A field that scenarios could not have.
    """
    rows = [_spell_out(row, id_of) for row in _list_rows(fields)]
    try:
        check_scenario({"sites": [{"collections": [{"displayName": collection, "fields": rows}]}]})
    except Mistake as mistake:
        raise Mistake("", str(mistake).removeprefix(_PLACE)) from None
    for number, row in enumerate(rows):
        _check_type(row, f"fields[{number}]")
    return rows


def make_field_requests(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What the API would be sent for these fields; name and slug every collection has without asking."""
    return [_make_field_request(row) for row in rows if _read_slug(row) not in NAME_AND_SLUG]


def with_validations(collection: Collection, rows: Sequence[Mapping[str, Any]]) -> Collection:
    """The collection with the fields' other validations, which the API does not take and people set in the Designer."""
    validations = {_read_slug(row): row.get("validations") or {} for row in rows}
    fields = []
    for field in collection.fields:
        others = {name: value for name, value in validations.get(field.slug, {}).items() if name not in _IN_METADATA}
        fields.append(replace(field, validations={**(field.validations or {}), **others}) if others else field)
    return collection._replace(fields=tuple(fields))


def _make_field_request(row: Mapping[str, Any]) -> dict[str, Any]:
    validations = row.get("validations") or {}
    metadata = {name: validations[name] for name in _IN_METADATA if name in validations}
    return {**{name: value for name, value in row.items() if name != "validations"}, "metadata": metadata}


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


def _read_slug(row: Mapping[str, Any]) -> str:
    return slugify(row.get("slug") or row["displayName"])


def _spell_out(row: Mapping[str, Any], id_of: Callable[[Any], str]) -> dict[str, Any]:
    validations = row.get("validations")
    if not isinstance(validations, Mapping):
        return dict(row)
    validations_in_full = dict(validations)
    if isinstance(validations_in_full.get("options"), Sequence):
        validations_in_full["options"] = [
            {"name": option} if isinstance(option, str) else option for option in validations_in_full["options"]
        ]
    if "collectionId" in validations_in_full:
        validations_in_full["collectionId"] = id_of(validations_in_full["collectionId"])
    return {**row, "validations": validations_in_full}


def _check_type(row: Mapping[str, Any], place: str) -> None:
    validations = row.get("validations") or {}
    if _read_slug(row) in NAME_AND_SLUG and row["type"] != "PlainText":
        raise Mistake(place, "every collection has the fields name and slug, and they are PlainText")
    if row["type"] in REFERENCE_TYPES and "collectionId" not in validations:
        raise Mistake(place, "a reference field says in validations.collectionId what it refers to")
    if row["type"] == "Option" and not validations.get("options"):
        raise Mistake(place, "an option field says in validations.options what there is to choose from")
