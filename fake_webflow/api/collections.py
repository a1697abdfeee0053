"""Operations on collections and their fields."""

from __future__ import annotations

from typing import Any

from ..world import collection_rules
from ..world.collections import Collection, Field
from ..world.instants import timestamp
from .call import NO_CONTENT, Call, Reply


def list_collections(call: Call) -> Reply:
    """``GET /sites/{site_id}/collections``: without fields, without pages (``collections.list.summaries``)."""
    site = call.site()
    return Reply({"collections": [_collection_summary(found) for found in call.world.collections_of(site)]})


def get_collection(call: Call) -> Reply:
    """``GET /collections/{collection_id}``: with fields."""
    return Reply(collection_object(call.collection()))


def create_collection(call: Call) -> Reply:
    """``POST /sites/{site_id}/collections``: with fields, if they are sent."""
    body = call.body
    call.world, collection = collection_rules.create_collection(
        call.world,
        call.site(),
        call,
        display_name=body["displayName"],
        singular_name=body["singularName"],
        slug=body.get("slug"),
        fields=body.get("fields") or (),
    )
    return Reply(collection_object(collection))


def delete_collection(call: Call) -> Reply:
    """``DELETE /collections/{collection_id}``."""
    call.world = collection_rules.delete_collection(call.world, call.collection())
    return NO_CONTENT


def create_field(call: Call) -> Reply:
    """``POST /collections/{collection_id}/fields``."""
    call.world, field = collection_rules.create_field(call.world, call.collection(), call.body, call)
    return Reply(field_object(field))


def update_field(call: Call) -> Reply:
    """``PATCH /collections/{collection_id}/fields/{field_id}``."""
    body = call.body
    call.world, field = collection_rules.update_field(
        call.world,
        call.collection(),
        call.parameters["field_id"],
        call,
        display_name=body.get("displayName"),
        help_text=body.get("helpText"),
        is_required=body.get("isRequired"),
    )
    return Reply(field_object(field))


def delete_field(call: Call) -> Reply:
    """``DELETE /collections/{collection_id}/fields/{field_id}``."""
    call.world = collection_rules.delete_field(call.world, call.collection(), call.parameters["field_id"], call)
    return NO_CONTENT


def collection_object(collection: Collection) -> dict[str, Any]:
    """The collection with its fields, as it is answered."""
    return {**_collection_summary(collection), "fields": [field_object(field) for field in collection.fields]}


def field_object(field: Field) -> dict[str, Any]:
    """The field as it is answered, keys in the recorded order (clause ``collections.field.keys``)."""
    return {
        "id": field.id,
        "isEditable": field.is_editable,
        "isRequired": field.is_required,
        "type": field.type,
        "slug": field.slug,
        "displayName": field.display_name,
        "helpText": field.help_text,
        "validations": field.validations,
    }


def _collection_summary(collection: Collection) -> dict[str, Any]:
    return {
        "id": collection.id,
        "displayName": collection.display_name,
        "singularName": collection.singular_name,
        "slug": collection.slug,
        "createdOn": timestamp(collection.created_on),
        "lastUpdated": timestamp(collection.last_updated),
    }
