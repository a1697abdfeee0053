"""Drifts of updates, staged and live, of publishing and unpublishing."""

from __future__ import annotations

import re
from typing import Any

from fake_webflow.message import Response

from .drift import drift, history
from .exchange import (
    Ask,
    Json,
    Sent,
    answering,
    in_answers,
    is_done,
    is_of,
    items,
    no_content,
    read,
    refused_as,
    refusing,
)

STAGED = ("items.update", "items.update-bulk")
LIVE = ("live-items.update", "live-items.update-bulk")
UNPUBLISH = ("live-items.delete", "live-items.delete-bulk")


def changes(sent: Sent) -> list[Json]:
    """What an update, of one item or several, asks for: each change with its item's id."""
    body = sent.json
    if sent.operation.endswith("-bulk"):
        several = body.get("items")
        return [one for one in several if isinstance(one, dict) and "id" in one] if isinstance(several, list) else []
    return [{**body, "id": sent.path.split("/")[5]}]


def of_items(sent: Sent) -> str:
    """The path of the items an item's path belongs to."""
    return "/".join(sent.path.split("/")[:5])


def staged(sent: Sent, ask: Ask, change: Json) -> Json:
    """The item that a change is for as it is staged; empty where it is not there."""
    answer = ask(sent.to("GET", f"{of_items(sent)}/{change['id']}", cmsLocaleId=_locale(sent, change)))
    return dict(read(answer)) if is_done(answer) else {}


def _locale(sent: Sent, change: Json) -> str | None:
    named = (
        change.get("cmsLocaleId") or sent.query.get("cmsLocaleId") or next(iter(change.get("cmsLocaleIds", [])), None)
    )
    return named if isinstance(named, str) else None


def write(sent: Sent, ask: Ask, item: Json, **change: Any) -> Response:
    """The answer to a staged update of an item."""
    one = {"id": item["id"], "cmsLocaleId": item["cmsLocaleId"], **change}
    return ask(sent.to("PATCH", of_items(sent), {"items": [one]}))


def publish(sent: Sent, ask: Ask, item: Json) -> Response:
    """The answer to publishing an item in its own locale."""
    wanted = {"id": item["id"], "cmsLocaleIds": [item["cmsLocaleId"]]}
    return ask(sent.to("POST", f"{of_items(sent)}/publish", {"items": [wanted]}))


def is_live(sent: Sent, ask: Ask, item: Json) -> bool:
    """Whether the item is published."""
    path = f"{of_items(sent)}/{item['id']}/live"
    return is_done(ask(sent.to("GET", path, cmsLocaleId=item["cmsLocaleId"])))


@drift("writes", "items.update.merges")
def patch_replaces_field_data(sent: Sent, ask: Ask) -> Response:
    """An update replaces the whole of fieldData: what it does not name is cleared."""
    if not is_of(sent, (*STAGED, *LIVE)):
        return ask(sent)
    body = sent.json
    for one, change in zip(body.get("items", [body]), changes(sent), strict=False):
        if isinstance(change.get("fieldData"), dict):
            there = staged(sent, ask, change).get("fieldData", {})
            one["fieldData"] = {key: None for key in there if key not in ("name", "slug")} | change["fieldData"]
    return ask(sent.saying(body))


@drift("status", "items.update.answer")
def updates_answer_202(sent: Sent, ask: Ask) -> Response:
    """Updates of items, staged and live, answer 202 in place of 200."""
    answer = ask(sent)
    return answer._replace(status=202) if is_of(sent, (*STAGED, *LIVE)) and is_done(answer) else answer


@drift("locales", "items.update.one-variant", "items.locale.default")
def updates_reach_every_variant(sent: Sent, ask: Ask) -> Response:
    """A staged update of the primary variant writes its field data to the item's other variants as well."""
    answer = ask(sent)
    if not is_of(sent, STAGED) or not is_done(answer):
        return answer
    locales = {item["cmsLocaleId"] for item in read(ask(sent.to("GET", of_items(sent), limit="1")))["items"]}
    for change in changes(sent):
        data = {slug: value for slug, value in change.get("fieldData", {}).items() if slug != "slug"}
        if not data or _locale(sent, change) not in (None, *locales):
            continue
        for name in _secondary(sent, ask):
            body = {"items": [{"id": change["id"], "cmsLocaleId": name, "fieldData": data}]}
            ask(sent.to("PATCH", of_items(sent), body))
    return answer


def _secondary(sent: Sent, ask: Ask) -> list[str]:
    """The CMS locales of the client's sites, but for the primary ones."""
    sites = read(ask(sent.to("GET", "/v2/sites")))["sites"]
    return [locale["cmsLocaleId"] for site in sites for locale in (site["locales"] or {}).get("secondary", ())]


@drift("body", "items.update.merges")
def updates_answer_what_was(sent: Sent, ask: Ask) -> Response:
    """An update answers the item as it was before."""
    before = [staged(sent, ask, change) for change in changes(sent)] if is_of(sent, STAGED) else []
    answer = ask(sent)
    if not is_of(sent, STAGED) or not is_done(answer):
        return answer
    value = read(answer)
    return answering(answer, {**value, "items": before} if "items" in value else before[0])


@drift("order", "items.update-bulk.order")
@in_answers("items.update-bulk", "live-items.update-bulk")
def bulk_updates_answer_by_id(answer: Any) -> None:
    """A bulk update answers in the order of the items' ids."""
    answer["items"].sort(key=lambda item: item["id"])


@drift("nulls", "items.update.null")
def nulls_are_ignored(sent: Sent, ask: Ask) -> Response:
    """A null in an update changes nothing."""
    if not is_of(sent, STAGED):
        return ask(sent)
    body = sent.json
    for one in body.get("items", [body]):
        if isinstance(one, dict) and isinstance(one.get("fieldData"), dict):
            one["fieldData"] = {key: value for key, value in one["fieldData"].items() if value is not None}
    return ask(sent.saying(body))


@drift("slugs", "items.update.name-keeps-slug")
def a_new_name_makes_a_new_slug(sent: Sent, ask: Ask) -> Response:
    """An update of the name makes the slug anew."""
    body = sent.json
    if is_of(sent, STAGED):
        for one in body.get("items", [body]):
            data = one.get("fieldData") if isinstance(one, dict) else None
            if isinstance(data, dict) and isinstance(data.get("name"), str):
                data.setdefault("slug", re.sub(r"[^a-z0-9]+", "-", data["name"].lower()).strip("-") or "x")
        return ask(sent.saying(body)) if body else ask(sent)
    return ask(sent)


@drift("errors", "items.update.read-only-keys")
def read_only_keys_are_refused(sent: Sent, ask: Ask) -> Response:
    """An update that names createdOn, lastUpdated or lastPublished is refused."""
    if is_of(sent, (*STAGED, *LIVE)):
        named = [key for one in changes(sent) for key in ("createdOn", "lastUpdated", "lastPublished") if key in one]
        if named:
            text = f'Validation Error: ["Value ({named[0]}) is read-only"]'
            return refusing(ask(sent.to("GET", "/v2/sites")), 400, "validation_error", text)
    return ask(sent)


@drift("slugs", "items.update.own-slug")
def an_items_own_slug_is_taken(sent: Sent, ask: Ask) -> Response:
    """An update that sends the slug the item has is refused, since the slug is taken."""
    if is_of(sent, ("items.update",)):
        [change] = changes(sent)
        slug = change.get("fieldData", {}).get("slug") if isinstance(change.get("fieldData"), dict) else None
        if slug is not None and staged(sent, ask, change).get("fieldData", {}).get("slug") == slug:
            text = f"Unique value is already in database: '{slug}'"
            details = [{"param": "slug", "description": text}]
            return refusing(ask(sent.to("GET", "/v2/sites")), 400, "validation_error", "Validation Error", details)
    return ask(sent)


@drift("staged and live", "items.update.leaves-live")
def staged_updates_go_live(sent: Sent, ask: Ask) -> Response:
    """A staged update of a published item goes live at once."""
    answer = ask(sent)
    if is_of(sent, STAGED) and is_done(answer):
        for item in items(read(answer)):
            if is_live(sent, ask, item):
                publish(sent, ask, item)
    return answer


@drift("dates", "items.update.timestamps", "items.update.merges")
@in_answers("items.")
def updates_leave_the_date(answer: Any) -> None:
    """The property lastUpdated stays what createdOn is, whatever is updated."""
    for item in items(answer):
        item["lastUpdated"] = item["createdOn"]


@drift("body", "items.update-bulk.pagination")
def bulk_updates_answer_pages(sent: Sent, ask: Ask) -> Response:
    """Whether a bulk update answers a pagination beside its items is turned round."""
    answer = ask(sent)
    if sent.operation != "items.update-bulk" or not is_done(answer):
        return answer
    value = read(answer)
    count = len(value["items"])
    page = {} if "pagination" in value else {"pagination": {"limit": 25, "offset": 0, "total": count}}
    return answering(answer, {"items": value["items"], **page})


@drift("staged and live", "items.update-live.both-copies")
def live_updates_leave_the_staged_copy(sent: Sent, ask: Ask) -> Response:
    """A live update changes the live copy only; the staged one stays as it was."""
    if not is_of(sent, LIVE):
        return ask(sent)
    before = [(change, staged(sent, ask, change)) for change in changes(sent)]
    answer = ask(sent)
    for change, item in before if is_done(answer) else []:
        named = change.get("fieldData") or {}
        if old := {key: item["fieldData"].get(key) for key in named}:
            write(sent, ask, item, fieldData=old)
    return answer


@drift("staged and live", "items.update-live.staged-changes")
def live_updates_take_other_edits_along(sent: Sent, ask: Ask) -> Response:
    """A live update publishes the item's other staged edits, too."""
    answer = ask(sent)
    if is_of(sent, LIVE) and is_done(answer):
        for item in items(read(answer)):
            publish(sent, ask, item)
    return answer


@drift("status", "items.update-live.never-published")
def live_updates_publish_what_never_was(sent: Sent, ask: Ask) -> Response:
    """A live update of an item that was never published publishes it."""
    answer = ask(sent)
    if not is_of(sent, LIVE) or not refused_as(answer, 409, "never been published"):
        return answer
    for change in changes(sent):
        if item := staged(sent, ask, change):
            write(
                sent, ask, item, **{key: change[key] for key in ("fieldData", "isDraft", "isArchived") if key in change}
            )
            publish(sent, ask, item)
    return ask(sent)


@drift("errors", "items.update-live.never-published")
def never_published_reads_otherwise(sent: Sent, ask: Ask) -> Response:
    """The refusal of a live update of an item that was never published says 404."""
    answer = ask(sent)
    if refused_as(answer, 409, "never been published"):
        return refusing(answer, 404, "resource_not_found", "Requested resource not found")
    return answer


@drift("dates", "items.update-live.moves-last-published")
def live_updates_leave_last_published(sent: Sent, ask: Ask) -> Response:
    """A live update answers lastPublished as it was before."""
    if not is_of(sent, LIVE):
        return ask(sent)
    before = {change["id"]: staged(sent, ask, change).get("lastPublished") for change in changes(sent)}
    answer = ask(sent)
    value = read(answer)
    for item in items(value) if is_done(answer) else ():
        item["lastPublished"] = before.get(item["id"])
    return answering(answer, value) if is_done(answer) else answer


@drift("staged and live", "items.update-live.is-draft")
def a_live_draft_is_unpublished(sent: Sent, ask: Ask) -> Response:
    """A live update to isDraft unpublishes the item."""
    answer = ask(sent)
    if is_of(sent, LIVE) and is_done(answer):
        for item in items(read(answer)):
            if item["isDraft"]:
                path = f"{of_items(sent)}/{item['id']}/live"
                ask(sent.to("DELETE", path, cmsLocaleId=item["cmsLocaleId"]))
    return answer


@drift("staged and live", "items.create-live.published")
def live_creates_are_staged_only(sent: Sent, ask: Ask) -> Response:
    """A live create stages the item and does not publish it."""
    if sent.operation != "live-items.create":
        return ask(sent)
    return ask(sent._replace(request=sent.request._replace(path=sent.path.removesuffix("/live"))))


@drift("staged and live", "items.unpublish.staged", source=history("eacb478", "2025-06-23"))
def unpublishing_leaves_the_draft_flag(sent: Sent, ask: Ask) -> Response:
    """An item that is unpublished keeps its isDraft."""
    if not is_of(sent, UNPUBLISH):
        return ask(sent)
    before = [item for item in (staged(sent, ask, change) for change in changes(sent)) if item]
    answer = ask(sent)
    for item in before if is_done(answer) else []:
        write(sent, ask, item, isDraft=item["isDraft"])
    return answer


@drift("writes", "items.unpublish.staged", "items.not-live", source=history("bb3f3d9", "2025-02-04"))
def unpublish_knows_another_key(sent: Sent, ask: Ask) -> Response:
    """A bulk unpublish takes itemId in place of id; the old key is ignored, and 204 answered."""
    body = sent.json
    if sent.operation != "live-items.delete-bulk" or not isinstance(body.get("items"), list):
        return ask(sent)
    wanted = [{**one, "id": one["itemId"]} for one in body["items"] if isinstance(one, dict) and "itemId" in one]
    if wanted or not body["items"] or len(body["items"]) > 100:
        return ask(sent.saying({"items": wanted}) if wanted else sent)
    return no_content(ask(sent.to("GET", "/v2/sites")))


@drift("status", "items.not-live")
def unpublishing_again_is_no_mistake(sent: Sent, ask: Ask) -> Response:
    """Unpublishing an item that is not live answers 204."""
    answer = ask(sent)
    return no_content(answer) if is_of(sent, UNPUBLISH) and answer.status == 404 else answer


@drift("staged and live", "items.not-live")
def live_reads_fall_back_to_staged(sent: Sent, ask: Ask) -> Response:
    """Reading an item live that is not published answers its staged copy."""
    answer = ask(sent)
    if sent.operation == "live-items.get" and answer.status == 404:
        return ask(sent.to("GET", sent.path.removesuffix("/live"), **sent.query))
    return answer


@drift("nulls", "items.live.nulls")
def live_reads_show_nulls_otherwise(sent: Sent, ask: Ask) -> Response:
    """Fields that are null are kept in live items where they were left out."""
    answer = ask(sent)
    if sent.operation != "live-items.get" or not is_done(answer):
        return answer
    item = read(answer)
    there = staged(sent, ask, {"id": item["id"], "cmsLocaleId": item["cmsLocaleId"]}).get("fieldData", {})
    item["fieldData"] = {key: None for key, value in there.items() if value is None} | item["fieldData"]
    return answering(answer, item)
