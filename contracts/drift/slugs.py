"""Drifts of slugs."""

from __future__ import annotations

import re
from typing import Any

from fake_webflow.client import JsonObject
from fake_webflow.message import Response

from .drift import drift
from .exchange import (
    AskApi,
    SentRequest,
    field_data_of,
    in_answers,
    is_done,
    is_operation,
    iterate_items,
    make_refusal,
    read_json,
    with_json,
)
from .items import CREATE_OPERATIONS, ITEM_OPERATIONS
from .updates import STAGED_UPDATES, get_staged, update_staged

_SUFFIXED = re.compile(r"(.+)-[0-9a-f]{5}")


@drift("slugs", "items.slug.suffix", "items.create.duplicate-slug")
def suffixes_count(sent: SentRequest, ask: AskApi) -> Response:
    """A slug that is taken gets the suffix -2, -3 and so on, not five hexadecimal digits."""
    answer = ask(sent)
    if not is_operation(sent, CREATE_OPERATIONS) or not is_done(answer):
        return answer
    value = read_json(answer)
    for item in iterate_items(value):
        found = _SUFFIXED.fullmatch(item["fieldData"]["slug"])
        item.update(_number_slug(sent, ask, item, found[1]) if found else {})
    return with_json(answer, value)


def _number_slug(sent: SentRequest, ask: AskApi, item: JsonObject, slug: str) -> JsonObject:
    """The item with the first number after its slug that is free, of those below 6; else as it is."""
    for number in range(2, 6):
        changed = update_staged(sent, ask, item, fieldData={"slug": f"{slug}-{number}"})
        if is_done(changed):
            return dict(read_json(changed)["items"][0])
    return item


@drift("slugs", "items.slug.unique", "items.slug.scope")
def taken_slugs_are_passed_over(sent: SentRequest, ask: AskApi) -> Response:
    """An update to a slug that is taken answers 200 and leaves the old slug."""
    answer = ask(sent)
    if not is_operation(sent, STAGED_UPDATES) or answer.status != 400 or b"Unique value" not in answer.body:
        return answer
    body = sent.json
    for one in body.get("items", [body]):
        one.get("fieldData", {}).pop("slug", None)
    return ask(sent.with_json_body(body))


@drift("slugs", "items.create-bulk.duplicate-slug")
def bulk_creates_suffix_slugs(sent: SentRequest, ask: AskApi) -> Response:
    """A slug that is taken gets a suffix in a bulk create, too."""
    answer = ask(sent)
    if sent.operation != "items.create-bulk" or answer.status != 400 or b"Unique value" not in answer.body:
        return answer
    body = sent.json
    for place, data in enumerate(field_data_of(body)):
        if isinstance(data.get("slug"), str):
            data["slug"] = f"{data['slug']}-{place:05x}"
    return ask(sent.with_json_body(body))


@drift("slugs", "items.create.duplicate-slug")
def taken_slugs_are_refused(sent: SentRequest, ask: AskApi) -> Response:
    """Creating an item with a slug that is taken is refused."""
    slug = sent.json.get("fieldData", {}).get("slug") if isinstance(sent.json.get("fieldData"), dict) else None
    if is_operation(sent, CREATE_OPERATIONS) and isinstance(slug, str):
        found = ask(sent.make_request("GET", "/".join(sent.path.split("/")[:5]), slug=slug))
        if is_done(found) and read_json(found)["items"]:
            details = [{"param": "slug", "description": f"Unique value is already in database: '{slug}'"}]
            return make_refusal(found, 400, "validation_error", "Validation Error", details)
    return ask(sent)


@drift("slugs", "items.slug.pattern")
@in_answers(*ITEM_OPERATIONS)
def slugs_are_in_small_letters(answer: Any) -> None:
    """Slugs are read in small letters, however they were sent."""
    for item in iterate_items(answer):
        item["fieldData"]["slug"] = item["fieldData"]["slug"].lower()


@drift("slugs", "items.slug.pattern")
def odd_slugs_are_mended(sent: SentRequest, ask: AskApi) -> Response:
    """A slug with signs that no slug has is mended, not refused."""
    answer = ask(sent)
    if answer.status != 400 or not is_operation(sent, (*CREATE_OPERATIONS, *STAGED_UPDATES)):
        return answer
    body = sent.json
    for data in field_data_of(body):
        if isinstance(data.get("slug"), str):
            data["slug"] = re.sub(r"[^-_a-zA-Z0-9]+", "-", data["slug"]).strip("-")
    return ask(sent.with_json_body(body)) if body != sent.json else answer


@drift("slugs", "items.slug.generated")
def apostrophes_become_hyphens(sent: SentRequest, ask: AskApi) -> Response:
    """An apostrophe in a name is a hyphen in its slug."""
    body = sent.json
    for data in field_data_of(body) if is_operation(sent, CREATE_OPERATIONS) else []:
        name = data.get("name")
        if isinstance(name, str) and "'" in name and "slug" not in data:
            data["slug"] = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    return ask(sent.with_json_body(body) if body != sent.json else sent)


@drift("slugs", "items.slug.held-after-delete")
def slugs_of_deleted_items_are_free(sent: SentRequest, ask: AskApi) -> Response:
    """The slug of a published item that was deleted is free at once."""
    if sent.operation == "items.delete":
        item = get_staged(sent, ask, {"id": sent.path.split("/")[5], "cmsLocaleId": sent.query.get("cmsLocaleId")})
        if item and is_done(ask(sent.make_request("DELETE", f"{sent.path}/live", **sent.query))):
            update_staged(sent, ask, item, fieldData={"slug": f"gone-{item['id']}"})
    return ask(sent)
