"""Drifts of publishing items and sites."""

from __future__ import annotations

import re
from typing import Any

from fake_webflow.message import Response

from .drift import drift, official_change
from .exchange import (
    AskApi,
    SentRequest,
    in_answers,
    is_done,
    is_refusal,
    iterate_items,
    make_refusal,
    read_json,
    with_json,
)
from .updates import get_staged, publish_item, update_staged


@drift("status", "publishing.items.answer", source=official_change("7b10709", "2024-04-29"))
def publishing_answers_200(sent: SentRequest, ask: AskApi) -> Response:
    """Publishing items answers 200 in place of 202."""
    answer = ask(sent)
    return answer._replace(status=200) if sent.operation == "items.publish" and is_done(answer) else answer


@drift("body", "publishing.items.answer")
@in_answers("items.publish")
def no_errors_are_left_out(answer: Any) -> None:
    """Publishing answers errors only where there are any."""
    if not answer["errors"]:
        del answer["errors"]


@drift(
    "atomicity",
    "publishing.items.partial",
    "publishing.item-not-found",
    source=official_change("74dfbe0", "2024-10-24"),
)
def one_missing_item_stops_publishing(sent: SentRequest, ask: AskApi) -> Response:
    """Publishing is refused as a whole with 409 when one item is missing."""
    if sent.operation == "items.publish":
        for one in sent.json.get("itemIds") or sent.json.get("items") or []:
            wanted = one if isinstance(one, dict) else {"id": one}
            if re.fullmatch("[0-9a-f]{24}", str(wanted.get("id"))) and not get_staged(sent, ask, wanted):
                refusal = ask(sent.make_request("GET", "/v2/sites"))
                return make_refusal(refusal, 409, "conflict", "Conflict: Conflict with server data")
    return ask(sent)


@drift("errors", "publishing.item-not-found")
@in_answers("items.publish")
def publishing_errors_are_objects(answer: Any) -> None:
    """The errors of publishing are objects of id and message."""
    answer["errors"] = [{"id": text.split()[3], "message": text} for text in answer["errors"]]


@drift("errors", "publishing.item-archived")
@in_answers("items.publish")
def archived_reads_otherwise(answer: Any) -> None:
    """The error of an archived item reads otherwise."""
    answer["errors"] = [text.replace("is archived and cannot be published", "is archived") for text in answer["errors"]]


@drift("staged and live", "items.publish.archived")
def archived_items_are_published(sent: SentRequest, ask: AskApi) -> Response:
    """Publishing an archived item publishes it; it stays archived."""
    if sent.operation != "items.publish":
        return ask(sent)
    wanted = [one if isinstance(one, dict) else {"id": one} for one in sent.json.get("itemIds") or []]
    archived = [
        item
        for one in wanted
        if len(str(one.get("id"))) == 24 and (item := get_staged(sent, ask, one)).get("isArchived")
    ]
    for item in archived:
        update_staged(sent, ask, item, isArchived=False)
    answer = ask(sent)
    for item in archived:
        update_staged(sent, ask, item, isArchived=True)
    return answer


@drift("values", "items.publish.clears-draft")
def publishing_leaves_drafts(sent: SentRequest, ask: AskApi) -> Response:
    """Publishing a draft leaves isDraft as it was."""
    if sent.operation != "items.publish":
        return ask(sent)
    wanted = [one if isinstance(one, dict) else {"id": one} for one in sent.json.get("itemIds") or []]
    before = [get_staged(sent, ask, one) for one in wanted if len(str(one.get("id"))) == 24]
    answer = ask(sent)
    for item in before if is_done(answer) else []:
        if item.get("isDraft"):
            update_staged(sent, ask, item, isDraft=True)
    return answer


@drift("dates", "publishing.items.timestamps")
@in_answers("items.get", "items.list")
def last_published_of_staged_items_is_null(answer: Any) -> None:
    """Staged items show no lastPublished; only live ones do."""
    for item in iterate_items(answer):
        item["lastPublished"] = None


@drift("dates", "publishing.items.timestamps")
def publishing_leaves_last_updated(sent: SentRequest, ask: AskApi) -> Response:
    """Staged items show their creation as lastUpdated after they were published."""
    answer = ask(sent)
    if sent.operation != "items.get" or not is_done(answer):
        return answer
    item = read_json(answer)
    if item["lastPublished"] == item["lastUpdated"]:
        item["lastUpdated"] = item["createdOn"]
    return with_json(answer, item)


@drift("locales", "publishing.items.locales", "items.locale.default")
def publishing_takes_every_locale(sent: SentRequest, ask: AskApi) -> Response:
    """Publishing an item without naming locales publishes it in all it has."""
    answer = ask(sent)
    if sent.operation != "items.publish" or not is_done(answer):
        return answer
    named = {one["id"] for one in sent.json.get("items", []) if one.get("cmsLocaleIds")}
    locales = _locales(sent, ask)
    for item_id in read_json(answer)["publishedItemIds"]:
        for locale in locales if item_id not in named else []:
            if item := get_staged(sent, ask, {"id": item_id, "cmsLocaleId": locale}):
                publish_item(sent, ask, item)
    return answer


def _locales(sent: SentRequest, ask: AskApi) -> list[str]:
    sites = read_json(ask(sent.make_request("GET", "/v2/sites"))).get("sites", [])
    return [
        locale["cmsLocaleId"]
        for site in sites
        for locale in [site["locales"]["primary"], *site["locales"]["secondary"]]
    ]


@drift("body", "publishing.site.answer")
@in_answers("sites.publish")
def site_publish_answers_only_the_domains(answer: Any) -> dict[str, Any]:
    """A site publish answers the domains it went to and nothing else."""
    return {"customDomains": answer["customDomains"]}


@drift("staged and live", "publishing.site.drafts")
def site_publish_takes_drafts_live(sent: SentRequest, ask: AskApi) -> Response:
    """A site publish takes drafts live."""
    answer = ask(sent)
    if sent.operation != "sites.publish" or not is_done(answer):
        return answer
    collections = read_json(ask(sent.make_request("GET", sent.path.replace("/publish", "/collections"))))["collections"]
    for collection in collections:
        path = f"/v2/collections/{collection['id']}/items"
        for item in read_json(ask(sent.make_request("GET", path, limit="100")))["items"]:
            if item["isDraft"] and not item["isArchived"]:
                publish_item(sent.make_request("GET", path), ask, item)
    return answer


@drift("status", "publishing.site.nowhere")
def publishing_nowhere_is_no_mistake(sent: SentRequest, ask: AskApi) -> Response:
    """A site publish that names no domain answers 202 and does nothing."""
    answer = ask(sent)
    if sent.operation != "sites.publish" or answer.status != 400 or sent.json.get("publishToWebflowSubdomain"):
        return answer
    body = {"customDomains": [], "publishToWebflowSubdomain": False, "publishScope": "site"}
    return with_json(answer, body, status=202)


@drift("errors", "publishing.site-never-published", "publishing.structure-changed")
def conflicts_of_publishing_are_bare(sent: SentRequest, ask: AskApi) -> Response:
    """What cannot be live yet is refused with the bare text Conflict."""
    answer = ask(sent)
    if is_refusal(answer, 409, "ublish") and "never been published" not in str(read_json(answer)["message"]):
        return make_refusal(answer, 409, "conflict", "Conflict")
    return answer


@drift("errors", "publishing.item-archived")
@in_answers("items.publish")
def archived_items_are_named_once(answer: Any) -> None:
    """An archived item is named once among the errors, however many locales it was to be published in."""
    answer["errors"] = [*dict.fromkeys(answer["errors"])]
