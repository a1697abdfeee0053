"""Operations on collections and their fields."""

from __future__ import annotations

from typing import Any

from ..world import collection_rules
from ..world.collections import Collection, Field, FieldGroup
from ..world.instants import timestamp
from .call import NO_CONTENT, Call, Reply, parse_field_id


def list_collections(call: Call) -> Reply:
    """``GET /sites/{site_id}/collections``: without fields, without pages (``collections.list.summaries``)."""
    site = call.site()
    return Reply({"collections": [_collection_summary(found) for found in call.world.collections_of(site)]})


def get_collection(call: Call) -> Reply:
    """``GET /collections/{collection_id}``: with fields."""
    return Reply(collection_object(call, call.collection()))


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
    return Reply(collection_object(call, collection))


def update_collection(call: Call) -> Reply:
    """``PATCH /collections/{collection_id}``: names, slug, and how the editor groups the fields."""
    body = call.body
    groups = body.get("fieldGroups")
    call.world, collection = collection_rules.update_collection(
        call.world,
        call.collection(),
        call,
        display_name=body.get("displayName"),
        singular_name=body.get("singularName"),
        slug=body.get("slug"),
        field_groups=None if groups is None else [_read_field_group(sent) for sent in groups],
    )
    return Reply(collection_object(call, collection))


def delete_collection(call: Call) -> Reply:
    """``DELETE /collections/{collection_id}``."""
    call.world = collection_rules.delete_collection(call.world, call.collection())
    return NO_CONTENT


def create_field(call: Call) -> Reply:
    """``POST /collections/{collection_id}/fields``."""
    call.world, field = collection_rules.create_field(call.world, call.collection(), call.body, call)
    answer = field_object(field)
    if "metadata" in call.body and call.profile.collections_field_create_answer == "metadata":
        answer["metadata"] = answer.pop("validations")  # options with their ids, or the collection's id
    return Reply(answer)


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


def collection_object(call: Call, collection: Collection) -> dict[str, Any]:
    """The collection with its fields, and with the groups it has of them, as it is answered."""
    answer = {**_collection_summary(collection), "fields": [field_object(field) for field in collection.fields]}
    if collection.field_groups or call.profile.collections_field_groups_none == "empty":
        answer["fieldGroups"] = [_field_group_object(group) for group in collection.field_groups]
    return answer


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


def _read_field_group(sent: dict[str, Any]) -> FieldGroup:
    field_ids = tuple(parse_field_id(field_id) for field_id in sent["fieldIds"])
    return FieldGroup(sent["displayName"], field_ids, sent.get("description"))


def _field_group_object(group: FieldGroup) -> dict[str, Any]:
    answer: dict[str, Any] = {"displayName": group.display_name, "fieldIds": list(group.field_ids)}
    return answer if group.description is None else {**answer, "description": group.description}
