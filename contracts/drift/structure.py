"""Drifts of sites, collections, fields, tokens and webhooks."""

from __future__ import annotations

from typing import Any

from fake_webflow.message import Response

from .drift import drift, official_change
from .exchange import (
    AskApi,
    SentRequest,
    in_answers,
    in_refusals,
    is_done,
    is_refusal,
    iterate_objects_with,
    make_no_content,
    make_refusal,
    read_json,
    with_json,
)

_FIELDS = ("collections.create", "collections.get", "fields.")


@drift("paging", "sites.list.no-pages")
@in_answers("sites.list")
def sites_come_in_pages(answer: Any) -> None:
    """The list of sites has a pagination."""
    answer["pagination"] = {"limit": 100, "offset": 0, "total": len(answer["sites"])}


@drift("body", "sites.object.keys")
@in_answers("sites.list", "sites.get")
def sites_have_no_short_name(answer: Any) -> None:
    """Sites have no shortName."""
    for site in iterate_objects_with("shortName", answer):
        del site["shortName"]


@drift("nulls", "sites.object.keys")
@in_answers("sites.list", "sites.get")
def sites_leave_out_nulls(answer: Any) -> None:
    """Keys of a site that are null are left out."""
    for site in iterate_objects_with("shortName", answer):
        for key in [key for key, value in site.items() if value is None]:
            del site[key]


@drift("body", "sites.custom-domains")
@in_answers("sites.list-custom-domains")
def domains_are_texts(answer: Any) -> None:
    """The custom domains of a site are texts."""
    answer["customDomains"] = [domain["url"] for domain in answer["customDomains"]]


@drift("errors", "sites.not-found")
@in_refusals("resource_not_found")
def absent_sites_are_told_shortly(refusal: Any) -> None:
    """A site that is not there is refused with the bare text, as other things are."""
    refusal["message"] = "Requested resource not found"


@drift("filters", "sites.list.granted")
def sites_nobody_granted_are_listed(sent: SentRequest, ask: AskApi) -> Response:
    """The list of sites has one that the token may not read."""
    answer = ask(sent)
    if sent.operation != "sites.list" or not is_done(answer):
        return answer
    sites = read_json(answer)["sites"]
    return with_json(answer, {"sites": [*sites, *({**site, "id": "f" * 24} for site in sites[:1])]})


@drift("paging", "collections.list.summaries")
@in_answers("collections.list")
def collections_come_in_pages(answer: Any) -> None:
    """The list of collections has a pagination."""
    answer["pagination"] = {"limit": 100, "offset": 0, "total": len(answer["collections"])}


@drift("body", "collections.list.summaries")
@in_answers("collections.list")
def listed_collections_have_fields(answer: Any) -> None:
    """Listed collections have their fields."""
    for collection in answer["collections"]:
        collection["fields"] = []


@drift("values", "collections.field.keys", "collections.field.create", source=official_change("a2b3360", "2025-02-04"))
@in_answers(*_FIELDS)
def a_type_has_another_name(answer: Any) -> None:
    """Fields of the type File are told as FileRef."""
    for field in iterate_objects_with("isEditable", answer):
        field["type"] = {"File": "FileRef"}.get(field["type"], field["type"])


@drift("nulls", "collections.field.keys", "collections.field.create")
@in_answers(*_FIELDS)
def no_help_is_an_empty_text(answer: Any) -> None:
    """The property helpText of a field that has none is an empty text."""
    for field in iterate_objects_with("isEditable", answer):
        field["helpText"] = field["helpText"] or ""


@drift("body", "collections.field.keys")
@in_answers(*_FIELDS)
def no_rules_no_validations(answer: Any) -> None:
    """The property validations is left out of a field that has none."""
    for field in iterate_objects_with("isEditable", answer):
        if field["validations"] is None:
            del field["validations"]


@drift("ids", "collections.field.id")
@in_answers(*_FIELDS)
def field_ids_have_24_digits(answer: Any) -> None:
    """Ids of fields have 24 hexadecimal digits, as other ids have."""
    for field in iterate_objects_with("isEditable", answer):
        field["id"] = field["id"][:24]


@drift("slugs", "collections.field.slug", "collections.create.answer")
@in_answers(*_FIELDS)
def field_slugs_have_underscores(answer: Any) -> None:
    """Slugs of fields have underscores in place of hyphens."""
    for field in iterate_objects_with("isEditable", answer):
        field["slug"] = field["slug"].replace("-", "_")


@drift("values", "collections.name-and-slug")
@in_answers(*_FIELDS)
def names_may_be_longer(answer: Any) -> None:
    """The maximum length of name and slug is told as 512."""
    for rules in iterate_objects_with("maxLength", answer):
        rules["maxLength"] = 512 if rules["maxLength"] == 256 else rules["maxLength"]


@drift("status", "collections.create.answer")
def collections_are_created_with_201(sent: SentRequest, ask: AskApi) -> Response:
    """Creating a collection answers 201."""
    answer = ask(sent)
    return answer._replace(status=201) if sent.operation == "collections.create" and is_done(answer) else answer


@drift("errors", "collections.create.duplicate", source=official_change("a2b3360", "2025-02-04"))
@in_refusals("duplicate_collection")
def a_second_collection_is_a_conflict(refusal: Any) -> None:
    """The code duplicate_collection is called conflict."""
    refusal["code"] = "conflict"


@drift("status", "collections.field.duplicate", source=official_change("a2b3360", "2025-02-04"))
def a_second_field_is_malformed(sent: SentRequest, ask: AskApi) -> Response:
    """A field whose slug is taken is refused with 400, not 409."""
    answer = ask(sent)
    if sent.operation == "fields.create" and answer.status == 409:
        return make_refusal(answer, 400, "bad_request", "Bad Request: Request is malformed")
    return answer


@drift("status", "collections.delete.referenced")
def a_needed_collection_seems_to_go(sent: SentRequest, ask: AskApi) -> Response:
    """Deleting a collection that others refer to answers 204; it stays."""
    answer = ask(sent)
    return make_no_content(answer) if sent.operation == "collections.delete" and is_refusal(answer, 409) else answer


@drift("dates", "collections.item-writes")
def item_writes_date_the_collection(sent: SentRequest, ask: AskApi) -> Response:
    """The lastUpdated of a collection is that of the item that was written last."""
    answer = ask(sent)
    if sent.operation != "collections.get" or not is_done(answer):
        return answer
    value = read_json(answer)
    newest = read_json(
        ask(sent.make_request("GET", f"{sent.path}/items", sortBy="lastUpdated", sortOrder="desc", limit="1"))
    )
    dates = [value["lastUpdated"], *(item["lastUpdated"] for item in newest["items"])]
    return with_json(answer, {**value, "lastUpdated": max(dates)})


@drift("writes", "collections.field.update")
def fields_do_not_become_required(sent: SentRequest, ask: AskApi) -> Response:
    """An update of a field ignores isRequired."""
    body = sent.json
    if sent.operation == "fields.update" and "isRequired" in body and len(body) > 1:
        return ask(sent.with_json_body({key: value for key, value in body.items() if key != "isRequired"}))
    return ask(sent)


@drift("body", "token.introspect.answer")
@in_answers("token.introspect")
def scopes_come_in_a_list(answer: Any) -> None:
    """Introspection tells the scopes as a list."""
    answer["authorization"]["scope"] = answer["authorization"]["scope"].split(",")


@drift("status", "token.introspect.site-token", "errors.internal")
def introspection_forbids(sent: SentRequest, ask: AskApi) -> Response:
    """Introspection answers 403 to tokens that are not an app's."""
    answer = ask(sent)
    if sent.operation == "token.introspect" and answer.status == 500:
        return make_refusal(answer, 403, "forbidden", "Forbidden")
    return answer


@drift("body", "token.authorized-by.answer")
@in_answers("token.authorized-by")
def who_authorized_has_no_email(answer: Any) -> None:
    """The user who authorized a token is told without an e-mail address."""
    del answer["email"]


@drift("status", "webhooks.create.answer")
def webhooks_are_created_with_200(sent: SentRequest, ask: AskApi) -> Response:
    """Registering a webhook answers 200."""
    answer = ask(sent)
    return answer._replace(status=200) if sent.operation == "webhooks.create" and is_done(answer) else answer


@drift("paging", "webhooks.list")
@in_answers("webhooks.list")
def webhooks_come_in_pages(answer: Any) -> None:
    """The list of webhooks has a pagination."""
    answer["pagination"] = {"limit": 100, "offset": 0, "total": len(answer["webhooks"])}


@drift("order", "webhooks.list")
@in_answers("webhooks.list")
def webhooks_newest_first(answer: Any) -> None:
    """Webhooks come newest first."""
    answer["webhooks"].reverse()


@drift("body", "webhooks.create.secret-key")
@in_answers("webhooks.create")
def nobody_is_told_the_secret(answer: Any) -> None:
    """The answer to registering a webhook has no secretKey."""
    answer.pop("secretKey", None)


@drift("errors", "webhooks.create.trigger-type")
@in_refusals("unsupported_webhook_trigger_type")
def unknown_triggers_are_malformed(refusal: Any) -> None:
    """The code unsupported_webhook_trigger_type is called validation_error."""
    refusal["code"] = "validation_error"


@drift("values", "webhooks.create.trigger-type")
def events_of_shops_are_gone(sent: SentRequest, ask: AskApi) -> Response:
    """A trigger type of shops, such as ecomm_new_order, is not a trigger type any more."""
    trigger = sent.json.get("triggerType")
    if sent.operation != "webhooks.create" or not str(trigger).startswith("ecomm_"):
        return ask(sent)
    text = f"Bad Request: Unsupported webhook trigger type '{trigger}'"
    return make_refusal(ask(sent.make_request("GET", "/v2/sites")), 400, "unsupported_webhook_trigger_type", text)


@drift("values", "webhooks.create.filter")
def filters_are_ignored(sent: SentRequest, ask: AskApi) -> Response:
    """A filter on a trigger that takes none is ignored."""
    answer = ask(sent)
    if sent.operation == "webhooks.create" and answer.status == 400 and "filter" in sent.json:
        return ask(sent.with_json_body({key: value for key, value in sent.json.items() if key != "filter"}))
    return answer


@drift("nulls", "sites.preview-url")
@in_answers("sites.list", "sites.get")
def published_sites_have_no_picture(answer: Any) -> None:
    """The property previewUrl of a site is null."""
    for site in iterate_objects_with("previewUrl", answer):
        site["previewUrl"] = None


@drift("values", "webhooks.create.trigger-type")
def events_of_branches_are_unknown(sent: SentRequest, ask: AskApi) -> Response:
    """A trigger type of branches, such as branch_merged, is not a trigger type."""
    trigger = sent.json.get("triggerType")
    if sent.operation != "webhooks.create" or not str(trigger).startswith("branch_"):
        return ask(sent)
    text = f"Bad Request: Unsupported webhook trigger type '{trigger}'"
    return make_refusal(ask(sent.make_request("GET", "/v2/sites")), 400, "unsupported_webhook_trigger_type", text)


@drift("values", "sites.data-collection")
@in_answers("sites.list", "sites.get")
def data_collection_has_a_new_type(answer: Any) -> None:
    """A site has dataCollectionEnabled, and a dataCollectionType that is none of those known."""
    for site in iterate_objects_with("shortName", answer):
        site |= {"dataCollectionEnabled": True, "dataCollectionType": "sometimes"}
