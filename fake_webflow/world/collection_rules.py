"""What happens to collections and their fields: making, changing, deleting them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from ..rules import Refusal
from .collections import NAME_AND_SLUG, Collection, Field, FieldGroup, name_and_slug_fields
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
    _check_free(world, site, new_slug)
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
    # Later also where the clock did not move meanwhile (``collections.create.last-updated``).
    collection = collection._replace(last_updated=max(context.now(), now + 1))
    return world.with_collection(collection), collection


def update_collection(
    world: World,
    collection: Collection,
    context: Context,
    *,
    display_name: str | None,
    singular_name: str | None,
    slug: str | None,
    field_groups: Sequence[FieldGroup] | None,
) -> tuple[World, Collection]:
    """The world with the collection's names, its slug or its field groups changed, and the collection.

    The groups sent replace all there were. Fields and items stay, and nothing has to be published for it.

    Raises:
        Refusal: ``collections.create.duplicate`` for the slug of another collection, or groups that cannot be.
    """
    new_slug = collection.slug if slug is None else slugify(slug) or context.digits(5)
    if new_slug != collection.slug:
        _check_free(world, world.site(collection.site_id), new_slug)
    if field_groups is not None:
        check_field_groups(collection, field_groups)
    changed = collection._replace(
        display_name=collection.display_name if display_name is None else display_name,
        singular_name=collection.singular_name if singular_name is None else singular_name,
        slug=new_slug,
        field_groups=collection.field_groups if field_groups is None else tuple(field_groups),
        last_updated=context.now(),
    )
    return world.with_collection(changed), changed


def _check_free(world: World, site: Site, slug: str) -> None:
    if any(found.slug == slug for found in world.collections_of(site)):
        raise Refusal("collections.create.duplicate")


def check_field_groups(collection: Collection, groups: Sequence[FieldGroup]) -> None:
    """Refuses groups of one name, and fields that cannot be where they are put.

    Raises:
        Refusal: The first mistake, with its place in the body.
    """
    slugs = {field.id: field.slug for field in collection.fields}
    names: set[str] = set()
    grouped: set[str] = set()
    for number, group in enumerate(groups):
        if group.display_name.casefold() in names:
            raise Refusal("collections.field-groups.same-name", path=f"fieldGroups[{number}].displayName")
        names.add(group.display_name.casefold())
        for place, field_id in enumerate(group.field_ids):
            path = f"fieldGroups[{number}].fieldIds[{place}]"
            if field_id not in slugs:
                raise Refusal("collections.field-groups.unknown-field", path=path)
            if slugs[field_id] in NAME_AND_SLUG:
                raise Refusal("collections.field-groups.name-or-slug", path=path)
            if field_id in grouped:
                raise Refusal("collections.field-groups.one-group", path=path)
            grouped.add(field_id)


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
        field_groups=tuple(
            group._replace(field_ids=tuple(found for found in group.field_ids if found != field_id))
            for group in collection.field_groups
        ),
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


def _check_published(world: World, target_id: str, context: Context) -> None:
    """Refuses a target that no site publish has taken, if ``collections.field.unpublished-target`` says so."""
    target = world.collections.get(target_id)
    if target is None or context.profile.collections_field_unpublished_target == "accept":
        return
    last_published = world.site(target.site_id).last_published
    if last_published is None or target.created_on > last_published:
        raise Refusal("collections.field.unpublished-target")


def _make_field(world: World, collection: Collection, sent: Mapping[str, Any], context: Context) -> Field:
    """The field that a request describes: what scenarios have in ``validations`` it has in ``metadata``."""
    metadata = sent.get("metadata") or {}
    validations: Mapping[str, Any] | None = None
    if sent["type"] == "Option":
        validations = {"options": [{"name": row["name"]} for row in metadata["options"]]}
    elif sent["type"] in REFERENCE_TYPES:
        check_reference(world, collection, metadata["collectionId"])
        _check_published(world, metadata["collectionId"], context)
        validations = {"collectionId": metadata["collectionId"]}
    slug = slugify(sent.get("slug") or sent["displayName"])
    return make_field({**sent, "id": None, "validations": validations}, slug, context)
