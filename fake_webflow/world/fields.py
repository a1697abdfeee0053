"""How a field is made and put into its collection, whether a request, a scenario or a test describes it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..rules import Refusal
from .collections import NAME_AND_SLUG, Collection, Field
from .world import Context

MOST_FIELDS = 60
MOST_MULTI_REFERENCES = 5


def make_field(spec: Mapping[str, Any], slug: str, context: Context) -> Field:
    """The field of a description, with fresh ids for itself and its options where these have none.

    Args:
        spec: The field as scenarios have it; a collection it refers to is named by its id.
        slug: Its key in field data; empty for a random one.
        context: Of ids.
    """
    validations = spec.get("validations")
    if spec["type"] == "Option":
        given = (validations or {}).get("options", ())
        options = [{"name": option["name"], "id": option.get("id") or context.digits(32)} for option in given]
        validations = {**(validations or {}), "options": options}
    return Field(
        spec.get("id") or context.digits(32),
        spec["type"],
        slug or context.digits(5),
        spec["displayName"],
        is_required=bool(spec.get("isRequired", slug in NAME_AND_SLUG)),
        is_editable=spec.get("isEditable") is not False,
        help_text=spec.get("helpText"),
        validations=validations,
    )


def add_field(collection: Collection, field: Field) -> Collection:
    """The collection with one more field.

    Raises:
        Refusal: It has too many fields already, or one with this slug.
    """
    if len(collection.fields) >= MOST_FIELDS:
        raise Refusal("collections.field.sixty")
    several = sum(found.type == "MultiReference" for found in collection.fields)
    if field.type == "MultiReference" and several >= MOST_MULTI_REFERENCES:
        raise Refusal("collections.field.five-multi-references")
    if collection.field_with_slug(field.slug) is not None:
        raise Refusal("collections.field.duplicate", slug=field.slug)
    return collection._replace(fields=(*collection.fields, field))
