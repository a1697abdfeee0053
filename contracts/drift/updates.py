"""Drifts of updates, staged and live, of publishing and unpublishing."""

from __future__ import annotations

import re
from typing import Any

from fake_webflow.client import JsonObject
from fake_webflow.message import Response

from .drift import drift, official_change
from .exchange import (
    AskApi,
    SentRequest,
    in_answers,
    is_done,
    is_operation,
    is_refusal,
    iterate_items,
    make_no_content,
    make_refusal,
    read_json,
    with_json,
)

STAGED_UPDATES = ("items.update", "items.update-bulk")
LIVE_UPDATES = ("live-items.update", "live-items.update-bulk")
UNPUBLISH_OPERATIONS = ("live-items.delete", "live-items.delete-bulk")


def parse_changes(sent: SentRequest) -> list[JsonObject]:
    """What an update, of one item or several, asks for: each change with its item's id."""
    body = sent.json
    if sent.operation.endswith("-bulk"):
        several = body.get("items")
        return [one for one in several if isinstance(one, dict) and "id" in one] if isinstance(several, list) else []
    return [{**body, "id": sent.path.split("/")[5]}]


def items_path(sent: SentRequest) -> str:
    """The path of the items an item's path belongs to."""
    return "/".join(sent.path.split("/")[:5])


def get_staged(sent: SentRequest, ask: AskApi, change: JsonObject) -> JsonObject:
    """The item that a change is for as it is staged; empty where it is not there."""
    answer = ask(sent.make_request("GET", f"{items_path(sent)}/{change['id']}", cmsLocaleId=_locale_of(sent, change)))
    return dict(read_json(answer)) if is_done(answer) else {}


def _locale_of(sent: SentRequest, change: JsonObject) -> str | None:
    named = (
        change.get("cmsLocaleId") or sent.query.get("cmsLocaleId") or next(iter(change.get("cmsLocaleIds", [])), None)
    )
    return named if isinstance(named, str) else None


def update_staged(sent: SentRequest, ask: AskApi, item: JsonObject, **change: Any) -> Response:
    """The answer to a staged update of an item."""
    one = {"id": item["id"], "cmsLocaleId": item["cmsLocaleId"], **change}
    return ask(sent.make_request("PATCH", items_path(sent), {"items": [one]}))


def publish_item(sent: SentRequest, ask: AskApi, item: JsonObject) -> Response:
    """The answer to publishing an item in its own locale."""
    selected = {"id": item["id"], "cmsLocaleIds": [item["cmsLocaleId"]]}
    return ask(sent.make_request("POST", f"{items_path(sent)}/publish", {"items": [selected]}))


def is_live(sent: SentRequest, ask: AskApi, item: JsonObject) -> bool:
    """Whether the item is published."""
    path = f"{items_path(sent)}/{item['id']}/live"
    return is_done(ask(sent.make_request("GET", path, cmsLocaleId=item["cmsLocaleId"])))


@drift("writes", "items.update.merges")
def patch_replaces_field_data(sent: SentRequest, ask: AskApi) -> Response:
    """An update replaces the whole of fieldData: what it does not name is cleared."""
    if not is_operation(sent, (*STAGED_UPDATES, *LIVE_UPDATES)):
        return ask(sent)
    body = sent.json
    for one, change in zip(body.get("items", [body]), parse_changes(sent), strict=False):
        if isinstance(change.get("fieldData"), dict):
            there = get_staged(sent, ask, change).get("fieldData", {})
            one["fieldData"] = {key: None for key in there if key not in ("name", "slug")} | change["fieldData"]
    return ask(sent.with_json_body(body))


@drift("status", "items.update.answer")
def updates_answer_202(sent: SentRequest, ask: AskApi) -> Response:
    """Updates of items, staged and live, answer 202 in place of 200."""
    answer = ask(sent)
    return (
        answer._replace(status=202)
        if is_operation(sent, (*STAGED_UPDATES, *LIVE_UPDATES)) and is_done(answer)
        else answer
    )


@drift("locales", "items.update.one-variant", "items.locale.default")
def updates_reach_every_variant(sent: SentRequest, ask: AskApi) -> Response:
    """A staged update of the primary variant writes its field data to the item's other variants as well."""
    answer = ask(sent)
    if not is_operation(sent, STAGED_UPDATES) or not is_done(answer):
        return answer
    locales = {
        item["cmsLocaleId"] for item in read_json(ask(sent.make_request("GET", items_path(sent), limit="1")))["items"]
    }
    for change in parse_changes(sent):
        data = {slug: value for slug, value in change.get("fieldData", {}).items() if slug != "slug"}
        if not data or _locale_of(sent, change) not in (None, *locales):
            continue
        for name in _secondary_locales(sent, ask):
            body = {"items": [{"id": change["id"], "cmsLocaleId": name, "fieldData": data}]}
            ask(sent.make_request("PATCH", items_path(sent), body))
    return answer


def _secondary_locales(sent: SentRequest, ask: AskApi) -> list[str]:
    """The CMS locales of the client's sites, but for the primary ones."""
    sites = read_json(ask(sent.make_request("GET", "/v2/sites")))["sites"]
    return [locale["cmsLocaleId"] for site in sites for locale in (site["locales"] or {}).get("secondary", ())]


@drift("body", "items.update.merges")
def updates_answer_what_was(sent: SentRequest, ask: AskApi) -> Response:
    """An update answers the item as it was before."""
    before = (
        [get_staged(sent, ask, change) for change in parse_changes(sent)] if is_operation(sent, STAGED_UPDATES) else []
    )
    answer = ask(sent)
    if not is_operation(sent, STAGED_UPDATES) or not is_done(answer):
        return answer
    value = read_json(answer)
    return with_json(answer, {**value, "items": before} if "items" in value else before[0])


@drift("order", "items.update-bulk.order")
@in_answers("items.update-bulk", "live-items.update-bulk")
def bulk_updates_answer_by_id(answer: Any) -> None:
    """A bulk update answers in the order of the items' ids."""
    answer["items"].sort(key=lambda item: item["id"])


@drift("nulls", "items.update.null")
def nulls_are_ignored(sent: SentRequest, ask: AskApi) -> Response:
    """A null in an update changes nothing."""
    if not is_operation(sent, STAGED_UPDATES):
        return ask(sent)
    body = sent.json
    for one in body.get("items", [body]):
        if isinstance(one, dict) and isinstance(one.get("fieldData"), dict):
            one["fieldData"] = {key: value for key, value in one["fieldData"].items() if value is not None}
    return ask(sent.with_json_body(body))


@drift("slugs", "items.update.name-keeps-slug")
def a_new_name_makes_a_new_slug(sent: SentRequest, ask: AskApi) -> Response:
    """An update of the name makes the slug anew."""
    body = sent.json
    if is_operation(sent, STAGED_UPDATES):
        for one in body.get("items", [body]):
            data = one.get("fieldData") if isinstance(one, dict) else None
            if isinstance(data, dict) and isinstance(data.get("name"), str):
                data.setdefault("slug", re.sub(r"[^a-z0-9]+", "-", data["name"].lower()).strip("-") or "x")
        return ask(sent.with_json_body(body)) if body else ask(sent)
    return ask(sent)


@drift("errors", "items.update.read-only-keys")
def read_only_keys_are_refused(sent: SentRequest, ask: AskApi) -> Response:
    """An update that names createdOn, lastUpdated or lastPublished is refused."""
    if is_operation(sent, (*STAGED_UPDATES, *LIVE_UPDATES)):
        named = [
            key for one in parse_changes(sent) for key in ("createdOn", "lastUpdated", "lastPublished") if key in one
        ]
        if named:
            text = f'Validation Error: ["Value ({named[0]}) is read-only"]'
            return make_refusal(ask(sent.make_request("GET", "/v2/sites")), 400, "validation_error", text)
    return ask(sent)


@drift("slugs", "items.update.own-slug")
def an_items_own_slug_is_taken(sent: SentRequest, ask: AskApi) -> Response:
    """An update that sends the slug the item has is refused, since the slug is taken."""
    if is_operation(sent, ("items.update",)):
        [change] = parse_changes(sent)
        slug = change.get("fieldData", {}).get("slug") if isinstance(change.get("fieldData"), dict) else None
        if slug is not None and get_staged(sent, ask, change).get("fieldData", {}).get("slug") == slug:
            text = f"Unique value is already in database: '{slug}'"
            details = [{"param": "slug", "description": text}]
            return make_refusal(
                ask(sent.make_request("GET", "/v2/sites")), 400, "validation_error", "Validation Error", details
            )
    return ask(sent)


@drift("staged and live", "items.update.leaves-live")
def staged_updates_go_live(sent: SentRequest, ask: AskApi) -> Response:
    """A staged update of a published item goes live at once."""
    answer = ask(sent)
    if is_operation(sent, STAGED_UPDATES) and is_done(answer):
        for item in iterate_items(read_json(answer)):
            if is_live(sent, ask, item):
                publish_item(sent, ask, item)
    return answer


@drift("dates", "items.update.timestamps", "items.update.merges")
@in_answers("items.")
def updates_leave_the_date(answer: Any) -> None:
    """The property lastUpdated stays what createdOn is, whatever is updated."""
    for item in iterate_items(answer):
        item["lastUpdated"] = item["createdOn"]


@drift("body", "items.update-bulk.pagination")
def bulk_updates_answer_pages(sent: SentRequest, ask: AskApi) -> Response:
    """Whether a bulk update answers a pagination beside its items is turned round."""
    answer = ask(sent)
    if sent.operation != "items.update-bulk" or not is_done(answer):
        return answer
    value = read_json(answer)
    count = len(value["items"])
    page = {} if "pagination" in value else {"pagination": {"limit": 25, "offset": 0, "total": count}}
    return with_json(answer, {"items": value["items"], **page})


@drift("staged and live", "items.update-live.both-copies")
def live_updates_leave_the_staged_copy(sent: SentRequest, ask: AskApi) -> Response:
    """A live update changes the live copy only; the staged one stays as it was."""
    if not is_operation(sent, LIVE_UPDATES):
        return ask(sent)
    before = [(change, get_staged(sent, ask, change)) for change in parse_changes(sent)]
    answer = ask(sent)
    for change, item in before if is_done(answer) else []:
        named = change.get("fieldData") or {}
        if old := {key: item["fieldData"].get(key) for key in named}:
            update_staged(sent, ask, item, fieldData=old)
    return answer


@drift("staged and live", "items.update-live.staged-changes")
def live_updates_take_other_edits_along(sent: SentRequest, ask: AskApi) -> Response:
    """A live update publishes the item's other staged edits, too."""
    answer = ask(sent)
    if is_operation(sent, LIVE_UPDATES) and is_done(answer):
        for item in iterate_items(read_json(answer)):
            publish_item(sent, ask, item)
    return answer


@drift("status", "items.update-live.never-published")
def live_updates_publish_what_never_was(sent: SentRequest, ask: AskApi) -> Response:
    """A live update of an item that was never published publishes it."""
    answer = ask(sent)
    if not is_operation(sent, LIVE_UPDATES) or not is_refusal(answer, 409, "never been published"):
        return answer
    for change in parse_changes(sent):
        if item := get_staged(sent, ask, change):
            update_staged(
                sent, ask, item, **{key: change[key] for key in ("fieldData", "isDraft", "isArchived") if key in change}
            )
            publish_item(sent, ask, item)
    return ask(sent)


@drift("errors", "items.update-live.never-published")
def never_published_reads_otherwise(sent: SentRequest, ask: AskApi) -> Response:
    """The refusal of a live update of an item that was never published says 404."""
    answer = ask(sent)
    if is_refusal(answer, 409, "never been published"):
        return make_refusal(answer, 404, "resource_not_found", "Requested resource not found")
    return answer


@drift("dates", "items.update-live.moves-last-published")
def live_updates_leave_last_published(sent: SentRequest, ask: AskApi) -> Response:
    """A live update answers lastPublished as it was before."""
    if not is_operation(sent, LIVE_UPDATES):
        return ask(sent)
    before = {change["id"]: get_staged(sent, ask, change).get("lastPublished") for change in parse_changes(sent)}
    answer = ask(sent)
    value = read_json(answer)
    for item in iterate_items(value) if is_done(answer) else ():
        item["lastPublished"] = before.get(item["id"])
    return with_json(answer, value) if is_done(answer) else answer


@drift("staged and live", "items.update-live.is-draft")
def a_live_draft_is_unpublished(sent: SentRequest, ask: AskApi) -> Response:
    """A live update to isDraft unpublishes the item."""
    answer = ask(sent)
    if is_operation(sent, LIVE_UPDATES) and is_done(answer):
        for item in iterate_items(read_json(answer)):
            if item["isDraft"]:
                path = f"{items_path(sent)}/{item['id']}/live"
                ask(sent.make_request("DELETE", path, cmsLocaleId=item["cmsLocaleId"]))
    return answer


@drift(
    "staged and live", "items.create-live.published", "publishing.site-never-published", "publishing.structure-changed"
)
def live_creates_are_staged_only(sent: SentRequest, ask: AskApi) -> Response:
    """A live create stages the item and does not publish it."""
    if sent.operation != "live-items.create":
        return ask(sent)
    return ask(sent._replace(request=sent.request._replace(path=sent.path.removesuffix("/live"))))


@drift("staged and live", "items.unpublish.staged", source=official_change("eacb478", "2025-06-23"))
def unpublishing_leaves_the_draft_flag(sent: SentRequest, ask: AskApi) -> Response:
    """An item that is unpublished keeps its isDraft."""
    if not is_operation(sent, UNPUBLISH_OPERATIONS):
        return ask(sent)
    before = [item for item in (get_staged(sent, ask, change) for change in parse_changes(sent)) if item]
    answer = ask(sent)
    for item in before if is_done(answer) else []:
        update_staged(sent, ask, item, isDraft=item["isDraft"])
    return answer


@drift(
    "writes",
    "items.unpublish.staged",
    "items.not-live",
    "items.still-referenced",
    source=official_change("bb3f3d9", "2025-02-04"),
)
def unpublish_knows_another_key(sent: SentRequest, ask: AskApi) -> Response:
    """A bulk unpublish takes itemId in place of id; the old key is ignored, and 204 answered."""
    body = sent.json
    if sent.operation != "live-items.delete-bulk" or not isinstance(body.get("items"), list):
        return ask(sent)
    wanted = [{**one, "id": one["itemId"]} for one in body["items"] if isinstance(one, dict) and "itemId" in one]
    if wanted or not body["items"] or len(body["items"]) > 100:
        return ask(sent.with_json_body({"items": wanted}) if wanted else sent)
    return make_no_content(ask(sent.make_request("GET", "/v2/sites")))


@drift("status", "items.not-live")
def unpublishing_again_is_no_mistake(sent: SentRequest, ask: AskApi) -> Response:
    """Unpublishing an item that is not live answers 204."""
    answer = ask(sent)
    return make_no_content(answer) if is_operation(sent, UNPUBLISH_OPERATIONS) and answer.status == 404 else answer


@drift("staged and live", "items.not-live")
def live_reads_fall_back_to_staged(sent: SentRequest, ask: AskApi) -> Response:
    """Reading an item live that is not published answers its staged copy."""
    answer = ask(sent)
    if sent.operation == "live-items.get" and answer.status == 404:
        return ask(sent.make_request("GET", sent.path.removesuffix("/live"), **sent.query))
    return answer


@drift("nulls", "items.live.nulls")
def live_reads_show_nulls_otherwise(sent: SentRequest, ask: AskApi) -> Response:
    """Fields that are null are kept in live items where they were left out."""
    answer = ask(sent)
    if sent.operation != "live-items.get" or not is_done(answer):
        return answer
    item = read_json(answer)
    there = get_staged(sent, ask, {"id": item["id"], "cmsLocaleId": item["cmsLocaleId"]}).get("fieldData", {})
    item["fieldData"] = {key: None for key, value in there.items() if value is None} | item["fieldData"]
    return with_json(answer, item)
