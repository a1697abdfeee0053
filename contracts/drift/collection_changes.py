"""Drifts of what changes of a collection: its names, and the groups of its fields; and of how it is made."""

from __future__ import annotations

from typing import Any

from fake_webflow.client import JsonObject
from fake_webflow.message import Response

from .drift import drift
from .exchange import (
    AskApi,
    SentRequest,
    in_answers,
    in_refusals,
    is_done,
    iterate_objects_with,
    make_refusal,
    read_json,
    with_json,
)

_COLLECTIONS = ("collections.create", "collections.get", "collections.update")


@drift("writes", "collections.update.answer")
def slugs_of_collections_stay(sent: SentRequest, ask: AskApi) -> Response:
    """An update of a collection ignores its slug."""
    body = sent.json
    if sent.operation != "collections.update" or "slug" not in body:
        return ask(sent)
    return ask(sent.with_json_body({key: value for key, value in body.items() if key != "slug"}))


@drift("dates", "collections.update.answer")
def updates_of_collections_leave_no_date(sent: SentRequest, ask: AskApi) -> Response:
    """An update of a collection answers the lastUpdated it had before."""
    before = read_json(ask(sent.make_request("GET", sent.path))) if sent.operation == "collections.update" else None
    answer = ask(sent)
    if before is None or not is_done(answer):
        return answer
    return with_json(answer, {**read_json(answer), "lastUpdated": before["lastUpdated"]})


@drift("writes", "collections.field-groups.replaced")
def groups_are_added(sent: SentRequest, ask: AskApi) -> Response:
    """The fieldGroups sent are added to those there are."""
    body = sent.json
    sent_groups = body.get("fieldGroups")
    if sent.operation != "collections.update" or not isinstance(sent_groups, list):
        return ask(sent)
    before = read_json(ask(sent.make_request("GET", sent.path))).get("fieldGroups") or []
    grouped = {field_id for group in sent_groups for field_id in group.get("fieldIds", ())}
    names = {group.get("displayName") for group in sent_groups}
    kept = [
        {**group, "fieldIds": [field_id for field_id in group["fieldIds"] if field_id not in grouped]}
        for group in before
        if group["displayName"] not in names
    ]
    return ask(sent.with_json_body({**body, "fieldGroups": [*kept, *sent_groups]}))


@drift("body", "collections.field-groups.keys", "collections.field-groups.replaced")
@in_answers(*_COLLECTIONS)
def groups_show_their_fields_whole(answer: Any) -> None:
    """A field group has fields, objects with an id, in the place of fieldIds."""
    for group in iterate_objects_with("fieldIds", answer):
        group["fields"] = [{"id": field_id} for field_id in group.pop("fieldIds")]


@drift("status", "collections.field-groups.one-group", "collections.field-groups.same-name")
@in_refusals("validation_error")
def groups_are_told_of_shortly(refusal: Any) -> None:
    """The refusals of field groups do not say where in the body the mistake is."""
    if "fieldGroups[" in refusal["message"]:
        refusal["message"] = "Validation Error: Invalid field groups"


@drift("limits", "collections.field-groups.fifty")
def twenty_groups_at_most(sent: SentRequest, ask: AskApi) -> Response:
    """A collection has at most 20 field groups."""
    groups = sent.json.get("fieldGroups")
    if sent.operation != "collections.update" or not isinstance(groups, list) or len(groups) <= 20:
        return ask(sent)
    text = 'Validation Error: ["Value (fieldGroups) should NOT have more than 20 items"]'
    return make_refusal(ask(sent.make_request("GET", "/v2/sites")), 400, "validation_error", text)


@drift("limits", "collections.field-groups.too-long")
def groups_have_short_names(sent: SentRequest, ask: AskApi) -> Response:
    """The name of a field group has at most 32 characters."""
    groups = sent.json.get("fieldGroups")
    names = [str(group.get("displayName")) for group in groups] if isinstance(groups, list) else []
    if sent.operation != "collections.update" or max(map(len, names), default=0) <= 32:
        return ask(sent)
    text = 'Validation Error: ["Value (fieldGroups[0].displayName) should NOT be longer than 32 characters"]'
    return make_refusal(ask(sent.make_request("GET", "/v2/sites")), 400, "validation_error", text)


@drift("dates", "collections.create.last-updated")
@in_answers(*_COLLECTIONS)
def a_new_collection_has_one_date(answer: JsonObject) -> None:
    """The lastUpdated of a collection is its createdOn."""
    answer["lastUpdated"] = answer["createdOn"]


@drift("body", "collections.field.create-answer")
@in_answers("fields.create")
def new_fields_hide_what_they_refer_to(answer: JsonObject) -> None:
    """The answer to creating a field says nothing of its options or its collection."""
    for key in ("metadata", "validations"):
        answer.pop(key, None)
