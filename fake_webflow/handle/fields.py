"""The fields of an arranged collection: from what a test writes to what the laws take."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ..seeding.context import Mistake
from ..seeding.shape import check
from ..world.collections import NAME_AND_SLUG, Collection
from ..world.slugs import slug_from
from ..world.values import REFERENCE_TYPES

Fields = Mapping[str, str | Mapping[str, Any]] | Sequence[Mapping[str, Any]]
_IN_METADATA = ("options", "collectionId")
_PLACE = "sites[0].collections[0]."


def checked_fields(collection: str, fields: Fields, id_of: Callable[[Any], str]) -> list[dict[str, Any]]:
    """The fields as scenarios have them.

    Args:
        collection: Display name, as the scenario has it.
        fields: Types by name, or a list of fields.
        id_of: Gives the id of a collection that a reference field names.

    Raises:
        Mistake: A field that scenarios could not have.
    """
    rows = [_spelt_out(row, id_of) for row in _rows(fields)]
    try:
        check({"sites": [{"collections": [{"displayName": collection, "fields": rows}]}]})
    except Mistake as mistake:
        raise Mistake("", str(mistake).removeprefix(_PLACE)) from None
    for number, row in enumerate(rows):
        _check_type(row, f"fields[{number}]")
    return rows


def field_requests(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What the API would be sent for these fields; name and slug every collection has without asking."""
    return [_request(row) for row in rows if _slug(row) not in NAME_AND_SLUG]


def with_validations(collection: Collection, rows: Sequence[Mapping[str, Any]]) -> Collection:
    """The collection with the fields' other validations, which the API does not take and people set in the Designer."""
    given = {_slug(row): row.get("validations") or {} for row in rows}
    fields = []
    for field in collection.fields:
        others = {name: value for name, value in given.get(field.slug, {}).items() if name not in _IN_METADATA}
        fields.append(replace(field, validations={**(field.validations or {}), **others}) if others else field)
    return collection._replace(fields=tuple(fields))


def _request(row: Mapping[str, Any]) -> dict[str, Any]:
    validations = row.get("validations") or {}
    metadata = {name: validations[name] for name in _IN_METADATA if name in validations}
    return {**{name: value for name, value in row.items() if name != "validations"}, "metadata": metadata}


def _rows(fields: Fields) -> list[Mapping[str, Any]]:
    if isinstance(fields, Mapping):
        return [_row(name, given) for name, given in fields.items()]
    # Whatever the types say: a test is rarely checked for them.
    given: object = fields
    if isinstance(given, Sequence) and not isinstance(given, str) and all(isinstance(row, Mapping) for row in given):
        return list(given)
    raise Mistake("", f"fields are types by name, as {{'Title': 'PlainText'}}, or a list of dicts; not {fields!r}")


def _row(name: str, given: object) -> dict[str, Any]:
    if isinstance(given, str):
        return {"displayName": name, "type": given}
    if isinstance(given, Mapping):
        return {"displayName": name, **given}
    raise Mistake("fields", f"{name!r} is a type, as 'PlainText', or a dict with type; not {given!r}")


def _slug(row: Mapping[str, Any]) -> str:
    return slug_from(row.get("slug") or row["displayName"])


def _spelt_out(row: Mapping[str, Any], id_of: Callable[[Any], str]) -> dict[str, Any]:
    validations = row.get("validations")
    if not isinstance(validations, Mapping):
        return dict(row)
    spelt = dict(validations)
    if isinstance(spelt.get("options"), Sequence):
        spelt["options"] = [{"name": option} if isinstance(option, str) else option for option in spelt["options"]]
    if "collectionId" in spelt:
        spelt["collectionId"] = id_of(spelt["collectionId"])
    return {**row, "validations": spelt}


def _check_type(row: Mapping[str, Any], place: str) -> None:
    validations = row.get("validations") or {}
    if _slug(row) in NAME_AND_SLUG and row["type"] != "PlainText":
        raise Mistake(place, "every collection has the fields name and slug, and they are PlainText")
    if row["type"] in REFERENCE_TYPES and "collectionId" not in validations:
        raise Mistake(place, "a reference field says in validations.collectionId what it refers to")
    if row["type"] == "Option" and not validations.get("options"):
        raise Mistake(place, "an option field says in validations.options what there is to choose from")
