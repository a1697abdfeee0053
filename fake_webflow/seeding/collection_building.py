"""Collections and their fields out of a scenario, still without items."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..world.collection_rules import MOST_FIELDS, MOST_MULTI_REFERENCES
from ..world.collections import NAME_AND_SLUG, Collection, Field, name_and_slug_fields
from ..world.sites import Site
from ..world.slugs import slugify
from ..world.values import REFERENCE_TYPES
from ..world.world import World
from .context import BuildContext, Mistake, Registry


def build_collections(
    world: World, site: Site, spec: Mapping[str, Any], place: str, registry: Registry, context: BuildContext
) -> World:
    """The world with the collections of a site of the scenario.

    Raises:
        Mistake: A name that is taken or nobody's, or more fields than a collection takes.
    """
    made: list[tuple[Collection, Mapping[str, Any], str]] = []
    for number, row in enumerate(spec.get("collections", ())):
        where = f"{place}.collections[{number}]"
        made.append((_build_collection(site, row, number, where, registry, context), row, where))
    for collection, row, where in made:  # once all of them have their ids: a field may refer to any
        fields = _build_fields(collection, row.get("fields", ()), f"{where}.fields", registry, context)
        world = world.with_collection(collection._replace(fields=fields))
    return world


def _build_collection(
    site: Site, spec: Mapping[str, Any], number: int, place: str, registry: Registry, context: BuildContext
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
        singular_name=spec.get("singularName") or (name.removesuffix("s") or name),
        slug=slug,
        created_on=created_on,
        last_updated=context.read_last_updated(spec, created_on),
        fields=(),
        structure_published=site.last_published is not None,
    )


def _build_fields(
    collection: Collection, spec: list[Mapping[str, Any]], place: str, registry: Registry, context: BuildContext
) -> tuple[Field, ...]:
    fields: list[Field] = []
    for number, row in enumerate(spec):
        field = _build_field(collection, row, f"{place}[{number}]", registry, context)
        registry.claim(f"field in {collection.id}", field.slug, field.id, f"{place}[{number}].slug")
        fields.append(field)
    slugs = {field.slug for field in fields}
    usual = name_and_slug_fields(context.digits(32), context.digits(32))
    fields = [field for field in usual if field.slug not in slugs] + fields
    if len(fields) > MOST_FIELDS:
        raise Mistake(
            place, f"a collection has at most {MOST_FIELDS} fields, name and slug included, not {len(fields)}"
        )
    several = sum(field.type == "MultiReference" for field in fields)
    if several > MOST_MULTI_REFERENCES:
        raise Mistake(place, f"a collection has at most {MOST_MULTI_REFERENCES} MultiReference fields, not {several}")
    return tuple(fields)


def _build_field(
    collection: Collection, spec: Mapping[str, Any], place: str, registry: Registry, context: BuildContext
) -> Field:
    slug = spec.get("slug") or slugify(spec["displayName"]) or context.digits(5)
    if slug in NAME_AND_SLUG and spec["type"] != "PlainText":
        raise Mistake(f"{place}.type", f"the field {slug} is a PlainText")
    validations = spec.get("validations")
    if spec["type"] in REFERENCE_TYPES:
        target = (validations or {}).get("collectionId")
        if target is None:
            raise Mistake(place, "a reference field says in validations.collectionId what it refers to")
        target = registry.find_id(f"collection in {collection.site_id}", target, f"{place}.validations.collectionId")
        validations = {**(validations or {}), "collectionId": target}
    elif spec["type"] == "Option":
        options = (validations or {}).get("options", ())
        made = [{"name": option["name"], "id": option.get("id") or context.digits(32)} for option in options]
        validations = {**(validations or {}), "options": made}
    return Field(
        id=spec.get("id") or context.digits(32),
        type=spec["type"],
        slug=slug,
        display_name=spec["displayName"],
        is_required=spec.get("isRequired", slug in NAME_AND_SLUG),
        is_editable=spec.get("isEditable", True),
        help_text=spec.get("helpText"),
        validations=validations,
    )
