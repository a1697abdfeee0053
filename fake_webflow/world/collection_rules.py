"""What happens to collections and their fields: making, changing, deleting them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from ..rules import Refusal
from .collections import NAME_AND_SLUG, Collection, Field, name_and_slug_fields
from .fields import add_field, make_field
from .items import Copies, replace_parts
from .plan_rules import check_collection_limit
from .sites import Site
from .slugs import slugify
from .values import REFERENCE_TYPES
from .world import Context, World


def create_collection(
    world: World,
    site: Site,
    context: Context,
    *,
    display_name: str,
    singular_name: str,
    slug: str | None,
    fields: Sequence[Mapping[str, Any]],
) -> tuple[World, Collection]:
    """The world with the collection, its name and slug fields before those asked for, and the collection.

    Raises:
        Refusal: ``collections.create.duplicate``, or a field that cannot be made.
    """
    check_collection_limit(world, site, context.profile)
    new_slug = slugify(slug or display_name) or context.digits(5)
    if any(found.slug == new_slug for found in world.collections.values() if found.site_id == site.id):
        raise Refusal("collections.create.duplicate")
    now = context.now()
    collection = Collection(
        context.new_id(now),
        site.id,
        display_name,
        singular_name,
        new_slug,
        now,
        now,
        name_and_slug_fields(context.digits(32), context.digits(32)),
        structure_published=False,
    )
    for sent in fields:
        collection = add_field(collection, _make_field(world, collection, sent, context))
    return world.with_collection(collection), collection


def delete_collection(world: World, collection: Collection) -> World:
    """The world without the collection and its items.

    Raises:
        Refusal: ``collections.delete.referenced`` while a field of another collection refers to it.
    """
    for other in world.collections.values():
        if other.id != collection.id and any(field.rule("collectionId") == collection.id for field in other.fields):
            raise Refusal("collections.delete.referenced", name=other.display_name)
    left = {name: found for name, found in world.collections.items() if name != collection.id}
    return world._replace(collections=left)


def create_field(
    world: World, collection: Collection, sent: Mapping[str, Any], context: Context
) -> tuple[World, Field]:
    """The world with the collection's new last field, and the field.

    Raises:
        Refusal: Too many fields, a slug that is taken, or a reference to a collection the site does not have.
    """
    field = _make_field(world, collection, sent, context)
    return world.with_collection(_mark_restructured(add_field(collection, field), context)), field


def update_field(
    world: World,
    collection: Collection,
    field_id: str,
    context: Context,
    *,
    display_name: str | None,
    help_text: str | None,
    is_required: bool | None,
) -> tuple[World, Field]:
    """The world with the field's names or its being required changed, and the field; its slug and type stay.

    Raises:
        Refusal: ``collections.field.not-found``.
    """
    field = _find_field(collection, field_id)
    changed = replace(
        field,
        display_name=field.display_name if display_name is None else display_name,
        help_text=field.help_text if help_text is None else help_text,
        is_required=field.is_required if is_required is None else is_required,
    )
    fields = tuple(changed if found.id == field_id else found for found in collection.fields)
    return world.with_collection(_mark_restructured(collection._replace(fields=fields), context)), changed


def delete_field(world: World, collection: Collection, field_id: str, context: Context) -> World:
    """The world without the field and without its values in any item (``collections.field.delete.values``).

    Raises:
        Refusal: ``collections.field.not-found``, or ``collections.field.delete.name-or-slug``.
    """
    field = _find_field(collection, field_id)
    if field.slug in NAME_AND_SLUG:
        raise Refusal("collections.field.delete.name-or-slug", slug=field.slug)
    smaller = collection._replace(
        fields=tuple(found for found in collection.fields if found.id != field_id),
        staged=_without_values(collection.staged, field.slug),
        live=_without_values(collection.live, field.slug),
    )
    return world.with_collection(_mark_restructured(smaller, context))


def _without_values(copies: Copies, slug: str) -> Copies:
    holding = [(item, item.field_data) for item in copies]
    return copies.put(
        replace_parts(item, {name: value for name, value in data.items() if name != slug})
        for item, data in holding
        if slug in data
    )


def _mark_restructured(collection: Collection, context: Context) -> Collection:
    return collection._replace(last_updated=context.now(), structure_published=False)


def _find_field(collection: Collection, field_id: str) -> Field:
    found = next((field for field in collection.fields if field.id == field_id), None)
    if found is None:
        raise Refusal("collections.field.not-found")
    return found


def check_reference(world: World, collection: Collection, target_id: str) -> None:
    """Checks that a field of the collection may refer to that one.

    Raises:
        Refusal: ``collections.not-found``: the site has no such collection.
    """
    target = world.collections.get(target_id)
    if target_id != collection.id and (target is None or target.site_id != collection.site_id):
        raise Refusal("collections.not-found")


def _make_field(world: World, collection: Collection, sent: Mapping[str, Any], context: Context) -> Field:
    """The field that a request describes: what scenarios have in ``validations`` it has in ``metadata``."""
    metadata = sent.get("metadata") or {}
    validations: Mapping[str, Any] | None = None
    if sent["type"] == "Option":
        validations = {"options": [{"name": row["name"]} for row in metadata["options"]]}
    elif sent["type"] in REFERENCE_TYPES:
        check_reference(world, collection, metadata["collectionId"])
        validations = {"collectionId": metadata["collectionId"]}
    slug = slugify(sent.get("slug") or sent["displayName"])
    return make_field({**sent, "id": None, "validations": validations}, slug, context)
