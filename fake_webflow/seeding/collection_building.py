"""Collections and their fields out of a scenario, still without items."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..world.collection_rules import MOST_FIELDS, MOST_MULTI_REFERENCES
from ..world.collections import NAME_AND_SLUG, Collection, Field, name_and_slug_fields
from ..world.sites import Site
from ..world.slugs import slug_from
from ..world.values import REFERENCE_TYPES
from ..world.world import World
from .context import Mistake, Origin, Registry


def with_collections(
    world: World, site: Site, given: Mapping[str, Any], place: str, registry: Registry, origin: Origin
) -> World:
    """The world with the collections of a site of the scenario.

    Raises:
        Mistake: A name that is taken or nobody's, or more fields than a collection takes.
    """
    made: list[tuple[Collection, Mapping[str, Any], str]] = []
    for number, row in enumerate(given.get("collections", ())):
        where = f"{place}.collections[{number}]"
        made.append((_collection(site, row, number, where, registry, origin), row, where))
    for collection, row, where in made:  # once all of them have their ids: a field may refer to any
        fields = _fields(collection, row.get("fields", ()), f"{where}.fields", registry, origin)
        world = world.with_collection(collection._replace(fields=fields))
    return world


def _collection(
    site: Site, given: Mapping[str, Any], number: int, place: str, registry: Registry, origin: Origin
) -> Collection:
    name = given["displayName"]
    collection_id, created_on = origin.created(given, site.created_on + 1000 * (number + 1))
    slug = given.get("slug") or slug_from(name) or collection_id
    registry.claim("collection", collection_id, collection_id, f"{place}.id")
    registry.claim(f"collection in {site.id}", slug, collection_id, f"{place}.slug")
    registry.offer(f"collection in {site.id}", collection_id, collection_id)
    return Collection(
        id=collection_id,
        site_id=site.id,
        display_name=name,
        singular_name=given.get("singularName") or (name.removesuffix("s") or name),
        slug=slug,
        created_on=created_on,
        last_updated=origin.updated(given, created_on),
        fields=(),
        structure_published=site.last_published is not None,
    )


def _fields(
    collection: Collection, given: list[Mapping[str, Any]], place: str, registry: Registry, origin: Origin
) -> tuple[Field, ...]:
    fields: list[Field] = []
    for number, row in enumerate(given):
        field = _field(collection, row, f"{place}[{number}]", registry, origin)
        registry.claim(f"field in {collection.id}", field.slug, field.id, f"{place}[{number}].slug")
        fields.append(field)
    slugs = {field.slug for field in fields}
    usual = name_and_slug_fields(origin.digits(32), origin.digits(32))
    fields = [field for field in usual if field.slug not in slugs] + fields
    if len(fields) > MOST_FIELDS:
        raise Mistake(
            place, f"a collection has at most {MOST_FIELDS} fields, name and slug included, not {len(fields)}"
        )
    several = sum(field.type == "MultiReference" for field in fields)
    if several > MOST_MULTI_REFERENCES:
        raise Mistake(place, f"a collection has at most {MOST_MULTI_REFERENCES} MultiReference fields, not {several}")
    return tuple(fields)


def _field(collection: Collection, given: Mapping[str, Any], place: str, registry: Registry, origin: Origin) -> Field:
    slug = given.get("slug") or slug_from(given["displayName"]) or origin.digits(5)
    if slug in NAME_AND_SLUG and given["type"] != "PlainText":
        raise Mistake(f"{place}.type", f"the field {slug} is a PlainText")
    validations = given.get("validations")
    if given["type"] in REFERENCE_TYPES:
        target = (validations or {}).get("collectionId")
        if target is None:
            raise Mistake(place, "a reference field says in validations.collectionId what it refers to")
        target = registry.named(f"collection in {collection.site_id}", target, f"{place}.validations.collectionId")
        validations = {**(validations or {}), "collectionId": target}
    elif given["type"] == "Option":
        options = (validations or {}).get("options", ())
        made = [{"name": option["name"], "id": option.get("id") or origin.digits(32)} for option in options]
        validations = {**(validations or {}), "options": made}
    return Field(
        id=given.get("id") or origin.digits(32),
        type=given["type"],
        slug=slug,
        display_name=given["displayName"],
        is_required=given.get("isRequired", slug in NAME_AND_SLUG),
        is_editable=given.get("isEditable", True),
        help_text=given.get("helpText"),
        validations=validations,
    )
