"""Drifts of what a create takes: the strict rules of inserts, and the two forms of other creates."""

from __future__ import annotations

import re
from typing import Any

from fake_webflow.client import JsonObject
from fake_webflow.message import Response

from .drift import drift
from .exchange import AskApi, SentRequest, in_refusals, is_operation, is_refusal, make_refusal, with_json

_TWO_FORMS = ("items.create", "live-items.create")
_ENTRY_KEYS = frozenset(["id", "cmsLocaleIds", "allCmsLocales", "isArchived", "isDraft", "fieldData"])


def _entries(sent: SentRequest) -> list[JsonObject]:
    """The entries of an insert; none of another request."""
    several = sent.json.get("items") if sent.operation == "items.insert" else None
    return [one for one in several if isinstance(one, dict)] if isinstance(several, list) else []


def _with_entries(sent: SentRequest, entries: list[JsonObject]) -> SentRequest:
    return sent.with_json_body({**sent.json, "items": entries}) if entries else sent


@drift("errors", "items.insert.unknown-property")
def inserts_ignore_what_they_do_not_know(sent: SentRequest, ask: AskApi) -> Response:
    """An insert ignores properties it does not have, as other creates do."""
    known = [{key: value for key, value in one.items() if key in _ENTRY_KEYS} for one in _entries(sent)]
    return ask(_with_entries(sent, known))


@drift("locales", "items.insert.all-locales")
def all_locales_are_the_primary_one(sent: SentRequest, ask: AskApi) -> Response:
    """An entry with allCmsLocales true makes an item in the primary locale alone."""
    return ask(_with_entries(sent, [_without(one, "allCmsLocales", True) for one in _entries(sent)]))


@drift("values", "items.insert.all-locales-true")
def all_locales_may_be_false(sent: SentRequest, ask: AskApi) -> Response:
    """An entry with allCmsLocales false is as one without it."""
    return ask(_with_entries(sent, [_without(one, "allCmsLocales", False) for one in _entries(sent)]))


def _without(entry: JsonObject, key: str, value: Any) -> JsonObject:
    return {name: kept for name, kept in entry.items() if name != key or kept is not value}


@drift("locales", "items.insert.all-locales-alone")
def all_locales_outdo_those_named(sent: SentRequest, ask: AskApi) -> Response:
    """An entry with allCmsLocales may have cmsLocaleIds, which say nothing then."""
    entries = [
        {key: value for key, value in one.items() if key != "cmsLocaleIds" or "allCmsLocales" not in one}
        for one in _entries(sent)
    ]
    return ask(_with_entries(sent, entries))


@drift("locales", "items.insert.locale-twice")
def a_locale_twice_counts_once(sent: SentRequest, ask: AskApi) -> Response:
    """An entry of an insert that names a locale twice makes one variant in it."""
    entries = [
        {**one, "cmsLocaleIds": [*dict.fromkeys(one["cmsLocaleIds"])]} if "cmsLocaleIds" in one else one
        for one in _entries(sent)
    ]
    return ask(_with_entries(sent, entries))


@drift("status", "items.insert.locales-required")
def an_id_alone_means_the_primary_locale(sent: SentRequest, ask: AskApi) -> Response:
    """An entry of an insert with an id and no locales means the primary one, where the item has a variant."""
    answer = ask(sent)
    if sent.operation != "items.insert" or not is_refusal(answer, 400, "when property id is present"):
        return answer
    return make_refusal(answer, 409, "conflict", "Conflict: The item already exists in the locale")


@drift("status", "items.insert.variant-twice")
def a_variant_twice_is_a_conflict(sent: SentRequest, ask: AskApi) -> Response:
    """A variant in two entries of an insert is refused with 409, not 400."""
    answer = ask(sent)
    if sent.operation != "items.insert" or not is_refusal(answer, 400, "NOT name a variant"):
        return answer
    return make_refusal(answer, 409, "conflict", "Conflict: The item already exists in the locale")


@drift("errors", "items.insert.locale-twice", "items.insert.variant-twice", "items.insert.all-locales-alone")
@in_refusals("validation_error")
def mistakes_of_inserts_name_no_entry(refusal: Any) -> None:
    """The refusal of an insert says cmsLocaleIds where it said items[2].cmsLocaleIds."""
    refusal["message"] = re.sub(r"items\[\d+\]\.(cmsLocaleIds|id)", r"\1", refusal["message"])


@drift("body", "items.create.one-form")
def several_outdo_one(sent: SentRequest, ask: AskApi) -> Response:
    """A create with fieldData and items takes the items and drops the fieldData."""
    body = sent.json
    if not is_operation(sent, _TWO_FORMS) or not {"items", "fieldData"} <= body.keys():
        return ask(sent)
    return ask(sent.with_json_body({key: value for key, value in body.items() if key != "fieldData"}))


@drift("limits", "items.create.at-least-one")
def creating_nothing_is_done(sent: SentRequest, ask: AskApi) -> Response:
    """A create whose items are an empty list answers 202 with an empty list."""
    answer = ask(sent)
    if is_operation(sent, (*_TWO_FORMS, "items.insert")) and sent.json == {"items": []} and answer.status == 400:
        return with_json(answer, {"items": []}, status=202)
    return answer


@drift("locales", "items.create.other-properties")
def entries_take_a_list_of_locales(sent: SentRequest, ask: AskApi) -> Response:
    """An entry of POST /items takes cmsLocaleIds: it makes an item in the first of them."""
    body = sent.json
    several = body.get("items")
    if not is_operation(sent, _TWO_FORMS) or not isinstance(several, list):
        return ask(sent)
    entries = [
        {**one, "cmsLocaleId": one["cmsLocaleIds"][0]} if isinstance(one, dict) and one.get("cmsLocaleIds") else one
        for one in several
    ]
    return ask(sent.with_json_body({**body, "items": entries}))
