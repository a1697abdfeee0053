"""Collections and their fields out of a scenario, still without items."""

from __future__ import annotations

from collections.abc import Sequence

from ..rules import Refusal
from ..world.collection_rules import check_field_groups
from ..world.collections import NAME_AND_SLUG, Collection, Field, FieldGroup, name_and_slug_fields
from ..world.fields import add_field, make_field
from ..world.sites import Site
from ..world.slugs import slugify
from ..world.values import REFERENCE_TYPES
from ..world.world import World
from .context import BuildContext, Mistake, Registry
from .rows import CollectionRow, FieldGroupRow, FieldRow, SiteRow


def build_collections(
    world: World, site: Site, spec: SiteRow, place: str, registry: Registry, context: BuildContext
) -> World:
    """The world with the collections of a site of the scenario.

    Raises:
        Mistake: A name that is taken or nobody's, or more fields than a collection takes.
    """
    made: list[tuple[Collection, CollectionRow, str]] = []
    for number, row in enumerate(spec.get("collections", ())):
        where = f"{place}.collections[{number}]"
        made.append((_build_collection(site, row, number, where, registry, context), row, where))
    for collection, row, where in made:  # once all of them have their ids: a field may refer to any
        collection = _build_fields(collection, row.get("fields", ()), f"{where}.fields", registry, context)
        collection = _build_field_groups(collection, row.get("fieldGroups", ()), where)
        world = world.with_collection(collection)
    return world


def _build_collection(
    site: Site, spec: CollectionRow, number: int, place: str, registry: Registry, context: BuildContext
) -> Collection:
    name = spec["displayName"]
    collection_id, created_on = context.identify(spec, site.created_on + 1000 * (number + 1))
    slug = spec.get("slug") or slugify(name) or collection_id
    registry.claim("collection", collection_id, collection_id, f"{place}.id")
    registry.claim(f"collection in {site.id}", slug, collection_id, f"{place}.slug")
    registry.offer(f"collection in {site.id}", collection_id, collection_id)
    return Collection(
        id=collection_id,
        site_id=site.id,
        display_name=name,
        singular_name=spec.get("singularName", name.removesuffix("s") or name),
        slug=slug,
        created_on=created_on,
        last_updated=context.read_last_updated(spec, created_on),
        fields=(),
        structure_published=spec.get("structurePublished", site.last_published is not None),
        held_slugs=frozenset(spec.get("heldSlugs", ())),
    )


def _build_fields(
    collection: Collection, spec: Sequence[FieldRow], place: str, registry: Registry, context: BuildContext
) -> Collection:
    fields: list[Field] = []
    for number, row in enumerate(spec):
        slug = row.get("slug") or slugify(row["displayName"])
        check_field(row, slug, f"{place}[{number}]")
        fields.append(make_field(_resolve_target(row, collection, f"{place}[{number}]", registry), slug, context))
    own_slugs = {field.slug for field in fields}
    usual = name_and_slug_fields(context.digits(32), context.digits(32))
    collection = collection._replace(fields=tuple(field for field in usual if field.slug not in own_slugs))
    for number, field in enumerate(fields):
        try:
            collection = add_field(collection, field)
        except Refusal as refusal:
            raise Mistake(f"{place}[{number}]", refusal.answer.message) from None
    return collection


def _build_field_groups(collection: Collection, spec: Sequence[FieldGroupRow], place: str) -> Collection:
    ids = {field.slug: field.id for field in collection.fields}
    groups = tuple(
        FieldGroup(row["displayName"], tuple(ids.get(name, name) for name in row["fieldIds"]), row.get("description"))
        for row in spec
    )
    try:
        check_field_groups(collection, groups)
    except Refusal as refusal:
        raise Mistake(f"{place}.{refusal.values['path']}", refusal.answer.message) from None
    return collection._replace(field_groups=groups)


def _resolve_target(spec: FieldRow, collection: Collection, place: str, registry: Registry) -> FieldRow:
    """The field with the id of the collection it refers to, if it does, in place of its name."""
    if spec["type"] not in REFERENCE_TYPES:
        return spec
    validations = spec["validations"] or {}
    place = f"{place}.validations.collectionId"
    target_id = registry.find_id(f"collection in {collection.site_id}", validations["collectionId"], place)
    return {**spec, "validations": {**validations, "collectionId": target_id}}


def check_field(spec: FieldRow, slug: str, place: str) -> None:
    """Checks what the schema of scenarios cannot say of a field.

    Args:
        spec: The field as scenarios have it.
        slug: Its key in field data.
        place: Of the field, for messages.

    Raises:
        Mistake: It cannot be.
    """
    if slug in NAME_AND_SLUG and spec["type"] != "PlainText":
        raise Mistake(f"{place}.type", "every collection has the fields name and slug, and they are PlainText")
    if spec["type"] in REFERENCE_TYPES and (spec.get("validations") or {}).get("collectionId") is None:
        raise Mistake(place, "a reference field says in validations.collectionId what it refers to")
