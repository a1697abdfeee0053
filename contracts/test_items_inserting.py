"""Inserting items: the rules that POST /items/insert has beside those of other creates."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from .kit.clauses import clause
from .kit.expect import expect_json, expect_refusal, expect_shape_problems
from .kit.sandbox import ABSENT_ID, Sandbox

OTHER_ID = ABSENT_ID[:-1] + "1"


def insert(sandbox: Sandbox, *entries: dict[str, Any], named: bool = True) -> requests.Response:
    """The answer to inserting these entries, named where they have no field data."""
    new = [{"fieldData": {"name": sandbox.name()}, **entry} if named else entry for entry in entries]
    return sandbox.call("POST", f"{sandbox.everything.path}/insert", json={"items": new})


def both_locales(sandbox: Sandbox) -> list[str]:
    """The primary locale and a secondary one."""
    return [sandbox.primary_locale_id, sandbox.secondary_locale_id()]


@clause("items.insert.answer")
def test_an_insert_answers_items(sandbox: Sandbox) -> None:
    locales = both_locales(sandbox)
    made = expect_json(insert(sandbox, {"cmsLocaleIds": locales}, {}), 202)
    assert list(made) == ["items"]
    first, variant, second = made["items"]
    assert first["id"] == variant["id"] != second["id"]
    assert [item["cmsLocaleId"] for item in made["items"]] == [*locales, sandbox.primary_locale_id]


@clause("items.insert.variants", "items.slug.shared-by-variants")
def test_an_insert_adds_a_variant(sandbox: Sandbox) -> None:
    first = sandbox.new_item()
    entry = {"id": first["id"], "cmsLocaleIds": [sandbox.secondary_locale_id()]}
    made = expect_json(insert(sandbox, entry), 202)["items"]
    assert [(item["id"], item["cmsLocaleId"]) for item in made] == [(first["id"], sandbox.secondary_locale_id())]
    assert made[0]["fieldData"]["slug"] == first["fieldData"]["slug"]
    assert sandbox.get_staged(made[0]) == made[0]
    assert sandbox.get_staged(first) == first


@clause("items.insert.variants")
def test_an_insert_adds_variants_of_several_items(sandbox: Sandbox) -> None:
    ids, locale = [item["id"] for item in sandbox.new_items([{}, {}])], sandbox.secondary_locale_id()
    made = expect_json(insert(sandbox, *({"id": item_id, "cmsLocaleIds": [locale]} for item_id in ids)), 202)["items"]
    assert [(item["id"], item["cmsLocaleId"]) for item in made] == [(item_id, locale) for item_id in ids]


@clause("items.insert.variants")
def test_several_entries_add_variants_to_one_item(sandbox: Sandbox) -> None:
    item_id = sandbox.new_item()["id"]
    locales = [sandbox.secondary_locale_id(), sandbox.secondary_locale_id(1)]
    texts = {locale: f"in locale {number}" for number, locale in enumerate(locales)}
    entries = [
        {"id": item_id, "cmsLocaleIds": [locale], "fieldData": {"name": sandbox.name(), "text": text}}
        for locale, text in texts.items()
    ]
    made = expect_json(insert(sandbox, *entries), 202)["items"]
    assert {item["cmsLocaleId"]: item["fieldData"]["text"] for item in made} == texts
    assert {item["id"] for item in made} == {item_id}


@clause("items.insert.all-locales")
def test_an_item_in_every_locale(sandbox: Sandbox) -> None:
    secondary = (sandbox.site["locales"] or {}).get("secondary") or []
    locales = {sandbox.primary_locale_id, *(locale["cmsLocaleId"] for locale in secondary)}
    made = expect_json(insert(sandbox, {"allCmsLocales": True}, {}), 202)["items"]
    everywhere, alone = made[:-1], made[-1]
    assert len({item["id"] for item in everywhere}) == 1
    assert {item["cmsLocaleId"] for item in everywhere} == locales
    assert len(everywhere) == len(locales)
    assert alone["cmsLocaleId"] == sandbox.primary_locale_id
    assert sandbox.get_staged(everywhere[-1]) == everywhere[-1]


@clause("items.insert.all-locales", "items.create-bulk.hundred")
def test_every_variant_counts_to_the_hundred(sandbox: Sandbox) -> None:
    secondary = len((sandbox.site["locales"] or {}).get("secondary") or [])
    with sandbox.expect_unchanged():
        answer = insert(sandbox, *[{"allCmsLocales": True}] * (100 // (secondary + 1) + 1))
    expect_refusal(answer, "items.create-bulk.hundred")


@clause("items.insert.all-locales-true")
def test_all_locales_is_true_or_not_sent(sandbox: Sandbox) -> None:
    with sandbox.expect_unchanged():
        answer = insert(sandbox, {}, {"allCmsLocales": False})
    expect_shape_problems(answer, ("items.insert.all-locales-true", {"subject": "Value (items[1].allCmsLocales)"}))


@clause("requests.shape.type")
@pytest.mark.parametrize("value", [None, "true", 1])
def test_all_locales_is_a_boolean(sandbox: Sandbox, value: Any) -> None:
    with sandbox.expect_unchanged():
        answer = insert(sandbox, {"allCmsLocales": value})
    where = {"subject": "Value (items[0].allCmsLocales)", "type": "boolean"}
    expect_shape_problems(answer, ("requests.shape.type", where))


@clause("items.insert.all-locales-alone")
@pytest.mark.parametrize("beside", [{"cmsLocaleIds": []}, {"cmsLocaleIds": [ABSENT_ID]}, {"id": ABSENT_ID}])
def test_all_locales_stands_alone(sandbox: Sandbox, beside: dict[str, Any]) -> None:
    with sandbox.expect_unchanged():
        answer = insert(sandbox, {"allCmsLocales": True, **beside})
    expect_shape_problems(answer, ("items.insert.all-locales-alone", {"path": f"items[0].{next(iter(beside))}"}))


@clause("items.insert.unknown-property")
@pytest.mark.parametrize("key", ["cmsLocaleId", "locale", "lastPublished"])
def test_a_property_that_an_insert_does_not_have(sandbox: Sandbox, key: str) -> None:
    with sandbox.expect_unchanged():
        answer = insert(sandbox, {}, {key: sandbox.primary_locale_id})
    expect_shape_problems(answer, ("items.insert.unknown-property", {"subject": "Value (items[1])"}))


@clause("items.insert.locales-required")
@pytest.mark.parametrize("locales", [{}, {"cmsLocaleIds": []}])
def test_an_id_without_locales(sandbox: Sandbox, locales: dict[str, Any]) -> None:
    item = sandbox.new_item()
    with sandbox.expect_unchanged():
        answer = insert(sandbox, {"id": item["id"], **locales})
    expect_shape_problems(answer, ("items.insert.locales-required", {"path": "items[0]"}))


@clause("items.insert.locale-twice")
def test_a_locale_twice_in_one_entry(sandbox: Sandbox) -> None:
    primary, secondary = both_locales(sandbox)
    with sandbox.expect_unchanged():
        answer = insert(sandbox, {}, {"cmsLocaleIds": [secondary, primary, secondary]})
    where = {"path": "items[1].cmsLocaleIds", "first": 0, "second": 2}
    expect_shape_problems(answer, ("items.insert.locale-twice", where))


@clause("items.insert.variant-twice")
def test_a_variant_in_two_entries(sandbox: Sandbox) -> None:
    entry = {"id": sandbox.new_item()["id"], "cmsLocaleIds": [sandbox.secondary_locale_id()]}
    with sandbox.expect_unchanged():
        answer = insert(sandbox, entry, {}, entry)
    where = {"path": "items[2].cmsLocaleIds", "other": "items[0]"}
    expect_shape_problems(answer, ("items.insert.variant-twice", where))


@clause("items.insert.variant-exists", "items.not-found")
def test_an_insert_does_not_replace_a_variant(sandbox: Sandbox) -> None:
    item = sandbox.new_item()
    with sandbox.expect_unchanged():
        answers = [
            insert(sandbox, {"id": wanted, "cmsLocaleIds": [sandbox.primary_locale_id]})
            for wanted in (item["id"], ABSENT_ID)
        ]
    expect_refusal(answers[0], "items.insert.variant-exists")
    expect_refusal(answers[1], "items.not-found")


@clause("items.insert.locales-required", "items.insert.locale-twice", "items.insert.all-locales-alone")
def test_all_contradictions_come_in_one_answer(sandbox: Sandbox) -> None:
    primary = sandbox.primary_locale_id
    with sandbox.expect_unchanged():
        answer = insert(
            sandbox,
            {"id": ABSENT_ID},
            {"cmsLocaleIds": [primary, primary]},
            {"allCmsLocales": True, "id": OTHER_ID},
        )
    expect_shape_problems(
        answer,
        ("items.insert.locales-required", {"path": "items[0]"}),
        ("items.insert.locale-twice", {"path": "items[1].cmsLocaleIds", "first": 0, "second": 1}),
        ("items.insert.all-locales-alone", {"path": "items[2].id"}),
    )
