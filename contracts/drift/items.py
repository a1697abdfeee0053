"""Drifts of items: what they look like, creating and deleting them."""

from __future__ import annotations

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

CREATE_OPERATIONS = ("items.create", "items.create-bulk", "items.insert", "live-items.create")
ITEM_OPERATIONS = ("items.", "live-items.")


@drift("nulls", "items.create.fresh", "items.object.keys", source=official_change("7b10709", "2024-04-29"))
@in_answers(*ITEM_OPERATIONS)
def never_published_is_an_empty_text(answer: Any) -> None:
    """The property lastPublished of an item that was never published is an empty text in place of null."""
    for item in iterate_items(answer):
        item["lastPublished"] = item["lastPublished"] or ""


@drift("nulls", "items.object.keys", source=official_change("cd29bf8", "2025-01-16"))
@in_answers(*ITEM_OPERATIONS)
def never_published_has_no_date_at_all(answer: Any) -> None:
    """The property lastPublished is left out of an item that was never published."""
    for item in iterate_items(answer):
        if item["lastPublished"] is None:
            del item["lastPublished"]


@drift("body", "items.object.keys", "items.create.answer")
@in_answers(*ITEM_OPERATIONS)
def items_name_their_collection(answer: Any) -> None:
    """Items have one more key, collectionId."""
    for item in iterate_items(answer):
        item["collectionId"] = "0" * 24


@drift("dates", "items.object.timestamps")
@in_answers(*ITEM_OPERATIONS)
def dates_without_milliseconds(answer: Any) -> None:
    """Dates of items end with the second: 2026-01-01T00:00:00Z."""
    _change_dates(answer, lambda date: f"{date[:19]}Z")


@drift("dates", "items.object.timestamps")
@in_answers(*ITEM_OPERATIONS)
def dates_with_an_offset(answer: Any) -> None:
    """Dates of items end in +00:00 in place of Z."""
    _change_dates(answer, lambda date: f"{date[:-1]}+00:00")


def _change_dates(answer: Any, change: Any) -> None:
    for item in iterate_items(answer):
        for key in ("createdOn", "lastUpdated", "lastPublished"):
            item[key] = change(item[key]) if item[key] else item[key]


@drift("ids", "ids.object-id")
@in_answers(*ITEM_OPERATIONS)
def ids_in_capitals(answer: Any) -> None:
    """The hexadecimal digits of items' ids are capitals."""
    for item in iterate_items(answer):
        item["id"] = item["id"].upper()


@drift("ids", "ids.time")
@in_answers("assets.create")
def ids_say_nothing_of_time(answer: Any) -> None:
    """The id of a new asset does not begin with the second it was made in."""
    answer["id"] = answer["id"][::-1]


@drift("values", "items.create.is-draft")
def new_items_are_no_drafts(sent: SentRequest, ask: AskApi) -> Response:
    """An item that is created without isDraft is queued to publish, and no draft."""
    body = sent.json
    for one in new_items_of(body) if is_operation(sent, ("items.create", "items.create-bulk", "items.insert")) else []:
        one.setdefault("isDraft", False)
    return ask(sent.with_json_body(body) if body != sent.json else sent)


def new_items_of(body: JsonObject) -> list[JsonObject]:
    """The parts of a body that say what is created, each with its field data."""
    several = body.get("items")
    parts = [body, *several] if isinstance(several, list) else [body]
    return [part for part in parts if isinstance(part, dict) and "fieldData" in part]


@drift("limits", "items.insert.variants")
def an_insert_adds_to_one_item(sent: SentRequest, ask: AskApi) -> Response:
    """An insert that names several items is refused."""
    answer = ask(sent)
    named = {new.get("id") for new in new_items_of(sent.json)} - {None}
    if sent.operation != "items.insert" or not is_done(answer) or len(named) < 2:
        return answer
    return make_refusal(answer, 409, "conflict", "Conflict: One item at a time")


@drift("status", "items.create.answer", "items.create.fresh", "items.insert.answer")
def creates_answer_201(sent: SentRequest, ask: AskApi) -> Response:
    """Creating items answers 201 in place of 202."""
    answer = ask(sent)
    return answer._replace(status=201) if is_operation(sent, CREATE_OPERATIONS) and is_done(answer) else answer


@drift("body", "items.create.answer", source=official_change("c057671", "2024-11-14"))
def one_created_item_comes_in_a_list(sent: SentRequest, ask: AskApi) -> Response:
    """Creating one item answers items, a list of it."""
    answer = ask(sent)
    value = read_json(answer)
    if is_operation(sent, ("items.create", "live-items.create")) and is_done(answer) and "items" not in value:
        return with_json(answer, {"items": [value]})
    return answer


@drift("body", "items.bulk-response.form")
def a_bulk_create_of_one_has_another_form(sent: SentRequest, ask: AskApi) -> Response:
    """A bulk create of one item answers items, a list of it, or the item alone where it was a list."""
    answer = ask(sent)
    value = read_json(answer)
    if sent.operation != "items.create-bulk" or not is_done(answer):
        return answer
    if "items" not in value:
        return with_json(answer, {"items": [value]})
    return with_json(answer, value["items"][0]) if len(value["items"]) == 1 else answer


@drift("locales", "items.create.variants", "items.slug.shared-by-variants")
def variants_are_items_of_their_own(sent: SentRequest, ask: AskApi) -> Response:
    """A bulk create in several locales makes an item of its own in each, with ids of their own."""
    body = sent.json
    locales = body.get("cmsLocaleIds") or []
    if sent.operation != "items.create-bulk" or len(locales) < 2:
        return ask(sent)
    answers = [ask(sent.with_json_body({**body, "cmsLocaleIds": [locale]})) for locale in locales]
    if not all(map(is_done, answers)):
        return answers[0]
    by_locale = [value.get("items", [value]) for value in map(read_json, answers)]
    return with_json(answers[0], {"items": [item for row in zip(*by_locale, strict=True) for item in row]})


@drift("locales", "items.locale.unknown")
def unknown_locales_are_the_primary_one(sent: SentRequest, ask: AskApi) -> Response:
    """Creating an item in a locale the site does not have creates it in the primary one."""
    answer = ask(sent)
    if (
        not is_operation(sent, CREATE_OPERATIONS)
        or is_done(answer)
        or b"ocale" not in sent.body
        or b"field" in answer.body.lower()
    ):
        return answer
    body = sent.json
    for one in new_items_of(body):
        for key in ("cmsLocaleId", "cmsLocaleIds"):
            one.pop(key, None)
    again = ask(sent.with_json_body(body))
    return again if is_done(again) else answer


@drift("limits", "items.create-bulk.hundred")
def fifty_items_at_once(sent: SentRequest, ask: AskApi) -> Response:
    """A bulk write takes 50 items at most."""
    sizes = [len(value) for value in sent.json.values() if isinstance(value, list)]
    if is_operation(sent, ITEM_OPERATIONS) and max(sizes, default=0) > 50:
        text = 'Validation Error: ["Value (items) should NOT have more than 50 items"]'
        return make_refusal(ask(sent.make_request("GET", "/v2/sites")), 400, "validation_error", text)
    return ask(sent)


@drift("atomicity", "items.bulk.atomic", "field-data.invalid")
def what_is_right_is_created(sent: SentRequest, ask: AskApi) -> Response:
    """Of several new items the right ones are created though others are wrong; those are missing in the answer."""
    answer = ask(sent)
    body = sent.json
    key = "fieldData" if sent.operation == "items.create-bulk" else "items"
    several = body.get(key)
    if (
        not is_operation(sent, CREATE_OPERATIONS)
        or answer.status != 400
        or not isinstance(several, list)
        or len(several) > 100
    ):
        return answer
    answers = [ask(sent.with_json_body({**body, key: [one]})) for one in several]
    made = [item for one in answers if is_done(one) for item in iterate_items(read_json(one))]
    return with_json(answer, {"items": made}, status=202) if made else answer


@drift("atomicity", "items.bulk.atomic", "items.not-found")
def what_is_there_is_changed(sent: SentRequest, ask: AskApi) -> Response:
    """Of several updates the right ones are written though others are wrong; those are missing in the answer."""
    answer = ask(sent)
    several = sent.json.get("items")
    if (
        not is_operation(sent, ("items.update-bulk", "live-items.update-bulk"))
        or is_done(answer)
        or not isinstance(several, list)
    ):
        return answer
    answers = [ask(sent.with_json_body({"items": [one]})) for one in several[:100]]
    changed: list[JsonObject] = [item for one in answers if is_done(one) for item in read_json(one)["items"]]
    return with_json(answer, {"items": changed}, status=200) if changed else answer


@drift("atomicity", "items.bulk.atomic", "items.not-found")
def what_is_there_is_deleted(sent: SentRequest, ask: AskApi) -> Response:
    """A bulk delete deletes what is there though other items are missing, and answers 204."""
    answer = ask(sent)
    several = sent.json.get("items")
    if sent.operation != "items.delete-bulk" or answer.status != 404 or not isinstance(several, list):
        return answer
    done = [is_done(ask(sent.with_json_body({"items": [one]}))) for one in several]
    return make_no_content(answer) if any(done) else answer


@drift("status", "items.not-found", "items.delete.answer")
def deleting_again_is_no_mistake(sent: SentRequest, ask: AskApi) -> Response:
    """Deleting an item that is not there answers 204."""
    answer = ask(sent)
    return make_no_content(answer) if is_operation(sent, ("items.delete",)) and answer.status == 404 else answer


@drift("status", "items.delete.answer", "http.no-content")
def deletes_answer_200(sent: SentRequest, ask: AskApi) -> Response:
    """Deleting answers 200 with an empty object in place of 204."""
    answer = ask(sent)
    return with_json(answer, {}, status=200) if sent.operation and answer.status == 204 else answer


@drift("status", "items.still-referenced")
def conflicts_pass_silently(sent: SentRequest, ask: AskApi) -> Response:
    """Deleting an item that others refer to answers 204, though it stays."""
    answer = ask(sent)
    return (
        make_no_content(answer) if sent.request.method == "DELETE" and is_refusal(answer, 409, "This item") else answer
    )


@drift("errors", "items.still-referenced")
def conflicts_do_not_say_with_whom(sent: SentRequest, ask: AskApi) -> Response:
    """The text of the refusal does not name the item that refers to another."""
    answer = ask(sent)
    if is_refusal(answer, 409, "still being used by"):
        return make_refusal(answer, 409, "conflict", "Conflict: This item is still being used")
    return answer


@drift("ids", "items.insert.variants")
def inserts_make_new_items(sent: SentRequest, ask: AskApi) -> Response:
    """An insert ignores the id of an item: it makes a new one in place of a variant."""
    body = sent.json
    if sent.operation != "items.insert" or not isinstance(body.get("items"), list):
        return ask(sent)
    wanted = [
        {key: value for key, value in one.items() if key != "id"} for one in body["items"] if isinstance(one, dict)
    ]
    return ask(sent.with_json_body({"items": wanted}))
