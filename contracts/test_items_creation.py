"""Creating and deleting staged items."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import strategies as st

from .kit.clauses import Choices, clause
from .kit.expect import (
    ITEM_KEYS,
    TIMESTAMP_PATTERN,
    expect_field_problems,
    expect_json,
    expect_keys,
    expect_refusal,
    expect_shape_problems,
    is_refused,
)
from .kit.sandbox import ABSENT_ID, Sandbox, SandboxCollection
from .kit.strategies import bulk_sizes, property_test


def total(sandbox: Sandbox, collection: SandboxCollection) -> int:
    """How many items the collection has in the primary locale."""
    return int(sandbox.client.items.list(collection.id, limit=1)["pagination"]["total"])


@clause("items.create.fresh", "items.object.keys", "items.object.timestamps", "items.create.answer")
@pytest.mark.parametrize("path", ["", "/bulk", "/insert"])
def test_a_new_item_was_never_published(sandbox: Sandbox, path: str) -> None:
    data = {"fieldData": {"name": sandbox.name(), "text": "a text"}}
    body = {"items": [data]} if path == "/insert" else data
    answer = expect_json(sandbox.call("POST", sandbox.everything.path + path, json=body), 202)
    item = answer["items"][0] if "items" in answer else answer
    expect_keys(item, ITEM_KEYS, "items.object.keys")
    assert item["lastPublished"] is None
    assert item["createdOn"] == item["lastUpdated"]
    assert re.fullmatch(TIMESTAMP_PATTERN, item["createdOn"])
    assert item["cmsLocaleId"] == sandbox.primary_locale_id
    assert item["isArchived"] is False
    assert item["fieldData"]["text"] == "a text"
    assert sandbox.get_staged(item) == item
    assert not sandbox.is_live(item)


@clause("items.create.answer")
def test_the_answer_has_the_form_of_the_body(sandbox: Sandbox) -> None:
    one = {"fieldData": {"name": sandbox.name()}}
    single = expect_json(sandbox.call("POST", sandbox.everything.path, json=one), 202)
    expect_keys(single, ITEM_KEYS, "items.create.answer")
    for count in (1, 2):
        several = expect_json(sandbox.call("POST", sandbox.everything.path, json={"items": [one] * count}), 202)
        expect_keys(several, ["items"], "items.create.answer")
        assert len(several["items"]) == count


@clause("items.create.is-draft")
@pytest.mark.parametrize("path", ["", "/bulk", "/insert"])
def test_whether_a_new_item_is_a_draft(sandbox: Sandbox, choice: Choices, path: str) -> None:
    def create(**flags: bool) -> dict[str, Any]:
        data = {"fieldData": {"name": sandbox.name()}, **flags}
        body = {"items": [data]} if path == "/insert" else data
        made: dict[str, Any] = expect_json(sandbox.call("POST", sandbox.everything.path + path, json=body), 202)
        return dict(made["items"][0]) if "items" in made else made

    unsaid = create()
    assert create(isDraft=False)["isDraft"] is False
    assert create(isDraft=True)["isDraft"] is True
    choice("items.create.is-draft").record({True: "true", False: "false"}.get(unsaid["isDraft"]), unsaid)


@clause("items.create.fresh")
def test_flags_are_kept_as_sent(sandbox: Sandbox) -> None:
    for archived in (True, False):
        for draft in (True, False):
            item = sandbox.new_items([{}], isArchived=archived, isDraft=draft)[0]
            assert (item["isArchived"], item["isDraft"]) == (archived, draft)


@clause("items.bulk-response.form")
def test_what_a_bulk_create_of_one_answers(sandbox: Sandbox, choice: Choices) -> None:
    saw = set()
    for one in ({"name": sandbox.name()}, [{"name": sandbox.name()}]):
        answer = sandbox.call("POST", f"{sandbox.everything.path}/bulk", json={"fieldData": one})
        keys = list(expect_json(answer, 202))
        saw.add("items" if keys == ["items"] else "single-when-one" if keys == ITEM_KEYS else None)
    choice("items.bulk-response.form").record(saw.pop() if len(saw) == 1 else None, answer)


@clause("items.create.variants", "items.create.fresh")
@property_test(examples=4, count=st.integers(1, 3), locales=st.integers(1, 3))
def test_a_bulk_create_answers_every_variant(sandbox: Sandbox, count: int, locales: int) -> None:
    names = [sandbox.primary_locale_id, *(sandbox.secondary_locale_id(number) for number in range(locales - 1))]
    variants = sandbox.new_items([{"text": f"item {n}"} for n in range(count)], locales=names)
    assert [item["cmsLocaleId"] for item in variants] == names * count
    for start in range(0, len(variants), locales):
        own = variants[start : start + locales]
        for key in ("id", "createdOn", "lastUpdated", "fieldData"):
            assert all(item[key] == own[0][key] for item in own)
        assert [sandbox.get_staged(item) for item in own] == own
    assert len({item["id"] for item in variants}) == count


@clause("items.create.unlinked")
@pytest.mark.parametrize("path", ["", "/live"])
def test_several_locales_make_several_items(sandbox: Sandbox, path: str) -> None:
    locales = [sandbox.primary_locale_id, sandbox.secondary_locale_id()]
    body = {"items": [{"fieldData": {"name": sandbox.name()}, "cmsLocaleId": locale} for locale in locales]}
    made = expect_json(sandbox.call("POST", sandbox.everything.path + path, json=body), 202)["items"]
    assert [item["cmsLocaleId"] for item in made] == locales
    assert made[0]["id"] != made[1]["id"]


@clause("items.create.other-properties")
@pytest.mark.parametrize("path", ["", "/live"])
def test_an_entry_ignores_what_it_does_not_have(sandbox: Sandbox, path: str) -> None:
    entry = {"fieldData": {"name": sandbox.name()}, "cmsLocaleIds": [ABSENT_ID], "allCmsLocales": True, "other": 1}
    made = expect_json(sandbox.call("POST", sandbox.everything.path + path, json={"items": [entry]}), 202)["items"]
    assert [item["cmsLocaleId"] for item in made] == [sandbox.primary_locale_id]


@clause("items.create.one-form")
@pytest.mark.parametrize("path", ["", "/live"])
def test_a_create_is_in_one_form_or_the_other(sandbox: Sandbox, path: str) -> None:
    one = {"fieldData": {"name": sandbox.name()}}
    with sandbox.expect_unchanged():
        answer = sandbox.call("POST", sandbox.everything.path + path, json={**one, "items": [one]})
    expect_refusal(answer, "items.create.one-form")


@clause("items.create.at-least-one")
@pytest.mark.parametrize("path", ["", "/live", "/insert"])
def test_a_create_of_several_has_at_least_one_entry(sandbox: Sandbox, path: str) -> None:
    answer = sandbox.call("POST", sandbox.everything.path + path, json={"items": []})
    assert answer.status_code == 400
    assert "Value (items) should NOT have fewer than 1 items" in json.loads(answer.json()["message"].partition(": ")[2])


@clause("items.locale.unknown")
@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("", {"cmsLocaleId": ABSENT_ID, "fieldData": {"name": "x"}}),
        ("/live", {"cmsLocaleId": ABSENT_ID, "fieldData": {"name": "x"}}),
        ("/bulk", {"cmsLocaleIds": [ABSENT_ID], "fieldData": {"name": "x"}}),
        ("/insert", {"items": [{"cmsLocaleIds": [ABSENT_ID], "fieldData": {"name": "x"}}]}),
    ],
)
def test_a_locale_the_site_does_not_have(sandbox: Sandbox, path: str, body: dict[str, Any]) -> None:
    with sandbox.expect_unchanged():
        expect_refusal(sandbox.call("POST", sandbox.everything.path + path, json=body), "items.locale.unknown")


@clause("items.create-bulk.hundred", "items.bulk.atomic")
@property_test(examples=5, size=bulk_sizes())
def test_a_hundred_items_at_most(sandbox: Sandbox, size: int) -> None:
    collection = sandbox.plain
    before = total(sandbox, collection)
    data = [{"name": f"{n}"} for n in range(size)]
    bodies: list[tuple[str, str, Any]] = [
        ("/bulk", "Value (fieldData)", {"fieldData": data}),
        ("", "Value (items)", {"items": [{"fieldData": one} for one in data]}),
        ("/insert", "Value (items)", {"items": [{"fieldData": one} for one in data]}),
    ]
    made = 0
    for path, _, body in bodies:
        answer = sandbox.call("POST", collection.path + path, json=body)
        if size > 100:
            assert answer.status_code == 400
            assert "Value (items) should NOT have more than 100 items" in answer.json()["message"]
        else:
            body = expect_json(answer, 202)
            assert len(body.get("items", [body])) == size
            made += size
    assert total(sandbox, collection) == before + made


@clause("items.create-bulk.hundred")
@pytest.mark.parametrize("path", ["/bulk", "/insert"])
def test_every_variant_counts(sandbox: Sandbox, path: str) -> None:
    locales = [sandbox.primary_locale_id, sandbox.secondary_locale_id()]

    def body(count: int) -> dict[str, Any]:
        names = [{"name": f"{n}"} for n in range(count)]
        if path == "/bulk":
            return {"fieldData": names, "cmsLocaleIds": locales}
        return {"items": [{"fieldData": data, "cmsLocaleIds": locales} for data in names]}

    with sandbox.expect_unchanged(sandbox.plain):
        expect_refusal(sandbox.call("POST", sandbox.plain.path + path, json=body(51)), "items.create-bulk.hundred")
    assert len(expect_json(sandbox.call("POST", sandbox.plain.path + path, json=body(50)), 202)["items"]) == 100


@clause("items.create-bulk.hundred", "items.bulk.atomic")
@pytest.mark.parametrize("where", ["", "/live"])
def test_a_hundred_changes_at_most(sandbox: Sandbox, where: str) -> None:
    item = sandbox.new_published_item()
    changes = [{"id": item["id"], "fieldData": {"text": f"{n}"}} for n in range(101)]
    with sandbox.expect_unchanged():
        answer = sandbox.call("PATCH", sandbox.everything.path + where, json={"items": changes})
    expect_shape_problems(answer, ("items.create-bulk.hundred", {"subject": "Value (items)"}))
    answer = sandbox.call("PATCH", sandbox.everything.path + where, json={"items": changes[:100]})
    assert len(expect_json(answer)["items"]) == 100


@clause("items.create-bulk.hundred")
@pytest.mark.parametrize(
    ("method", "path", "key"), [("DELETE", "", "items"), ("DELETE", "/live", "items"), ("POST", "/publish", "itemIds")]
)
def test_a_hundred_ids_at_most(sandbox: Sandbox, method: str, path: str, key: str) -> None:
    ids: list[Any] = [ABSENT_ID] * 101 if key == "itemIds" else [{"id": ABSENT_ID}] * 101
    with sandbox.expect_unchanged():
        answer = sandbox.call(method, sandbox.everything.path + path, json={key: ids})
    assert answer.status_code == 400
    assert f"Value ({key}) should NOT have more than 100 items" in answer.json()["message"]


@clause("items.bulk.atomic", "field-data.invalid")
@property_test(examples=4, size=st.integers(1, 6), wrong=st.integers(0, 5))
def test_one_wrong_item_creates_none(sandbox: Sandbox, size: int, wrong: int) -> None:
    data: list[dict[str, Any]] = [{"name": sandbox.name()} for _ in range(size)]
    data[wrong % size]["number"] = "no number"
    bodies = [("/bulk", {"fieldData": data}), ("", {"items": [{"fieldData": one} for one in data]})]
    for path, body in bodies:
        with sandbox.expect_unchanged():
            answer = sandbox.call("POST", sandbox.everything.path + path, json=body)
        expect_field_problems(answer, ("number", "field-data.number.type", {"value": "'no number'"}))


@clause("items.unset-fields")
def test_how_fields_that_were_never_set_are_read(sandbox: Sandbox, choice: Choices) -> None:
    item = sandbox.new_item()
    data = sandbox.get_staged(item)["fieldData"]
    optional = [slug for slug in sandbox.everything.fields if slug not in ("name", "slug")]
    there = [slug for slug in optional if slug in data]
    option = "absent" if not there else None
    if len(there) == len(optional) and all(data[slug] is None for slug in optional):
        option = "null"
    assert item["fieldData"] == data
    choice("items.unset-fields").record(option, data)


@clause("items.object.nulls")
def test_a_field_sent_as_null_reads_null(sandbox: Sandbox) -> None:
    item = sandbox.new_item(text=None, image=None, number=None, author=None, date=None)
    data = sandbox.get_staged(item)["fieldData"]
    assert {key: data.get(key, "absent") for key in ("text", "image", "number", "author", "date")} == {
        "text": None,
        "image": None,
        "number": None,
        "author": None,
        "date": None,
    }


@clause("items.delete.answer", "items.not-found")
def test_a_deleted_item_is_gone(sandbox: Sandbox) -> None:
    item = sandbox.new_published_item()
    answer = sandbox.call("DELETE", f"{sandbox.everything.path}/{item['id']}")
    assert (answer.status_code, answer.content) == (204, b"")
    expect_refusal(sandbox.call("GET", f"{sandbox.everything.path}/{item['id']}"), "items.not-found")
    assert not sandbox.is_live(item)
    expect_refusal(sandbox.call("DELETE", f"{sandbox.everything.path}/{item['id']}"), "items.not-found")
    expect_refusal(
        sandbox.call("PATCH", f"{sandbox.everything.path}/{item['id']}", json={"isDraft": True}), "items.not-found"
    )


@clause("items.delete.answer", "items.not-found")
def test_a_deleted_variant_leaves_the_others(sandbox: Sandbox) -> None:
    first, second = sandbox.new_items([{}], locales=[sandbox.primary_locale_id, sandbox.secondary_locale_id()])
    path = f"{sandbox.everything.path}/{first['id']}"
    assert sandbox.call("DELETE", path, query={"cmsLocaleId": sandbox.secondary_locale_id()}).status_code == 204
    assert sandbox.get_staged(first) == first
    expect_refusal(sandbox.call("GET", path, query={"cmsLocaleId": sandbox.secondary_locale_id()}), "items.not-found")
    change = {"id": first["id"], "cmsLocaleId": second["cmsLocaleId"], "fieldData": {"text": "changed"}}
    expect_refusal(sandbox.call("PATCH", sandbox.everything.path, json={"items": [change]}), "items.not-found")


@clause("items.delete.answer", "items.locale.default")
def test_without_a_locale_the_primary_variant_is_deleted(sandbox: Sandbox) -> None:
    first, second = sandbox.new_items([{}], locales=[sandbox.primary_locale_id, sandbox.secondary_locale_id()])
    sandbox.client.items.delete_bulk(sandbox.everything.id, [first["id"]])
    expect_refusal(sandbox.call("GET", f"{sandbox.everything.path}/{first['id']}"), "items.not-found")
    assert sandbox.get_staged(second) == second


@clause("items.not-found", "items.bulk.atomic")
def test_one_missing_item_deletes_none(sandbox: Sandbox) -> None:
    items = sandbox.new_items([{}, {}])
    wanted = [{"id": items[0]["id"]}, {"id": ABSENT_ID}, {"id": items[1]["id"]}]
    with sandbox.expect_unchanged():
        expect_refusal(sandbox.call("DELETE", sandbox.everything.path, json={"items": wanted}), "items.not-found")
    assert sandbox.call("DELETE", sandbox.everything.path, json={"items": [wanted[0], wanted[2]]}).status_code == 204
    for item in items:
        assert is_refused(sandbox.call("GET", f"{sandbox.everything.path}/{item['id']}"), "items.not-found")


@clause("items.still-referenced")
@pytest.mark.parametrize("field", ["author", "authors"])
def test_what_published_items_refer_to_stays(sandbox: Sandbox, field: str) -> None:
    author = sandbox.new_published_item(sandbox.authors)
    name = sandbox.name()
    article = sandbox.new_published_item(name=name, **{field: author["id"] if field == "author" else [author["id"]]})
    path = f"{sandbox.authors.path}/{author['id']}"
    calls: list[tuple[str, str, Any]] = [
        ("DELETE", path, None),
        ("DELETE", f"{path}/live", None),
        ("DELETE", sandbox.authors.path, {"items": [{"id": author["id"]}]}),
        ("DELETE", f"{sandbox.authors.path}/live", {"items": [{"id": author["id"]}]}),
    ]
    for method, where, body in calls:
        expect_refusal(sandbox.call(method, where, json=body), "items.still-referenced", name=name)
    # Taking the reference out of the staged copy is not enough; the published one counts.
    other = sandbox.new_item(sandbox.authors)["id"]
    change = {"fieldData": {field: other if field == "author" else []}}
    sandbox.client.items.update(sandbox.everything.id, article["id"], change)
    expect_refusal(sandbox.call("DELETE", path), "items.still-referenced", name=name)
    sandbox.publish(article)
    assert sandbox.call("DELETE", path).status_code == 204


@clause("items.still-referenced")
def test_what_was_never_published_stays_too_while_published_items_refer_to_it(sandbox: Sandbox) -> None:
    author, name = sandbox.new_item(sandbox.authors), sandbox.name()
    sandbox.new_published_item(name=name, author=author["id"])
    path = f"{sandbox.authors.path}/{author['id']}"
    expect_refusal(sandbox.call("DELETE", path), "items.still-referenced", name=name)
    body = {"items": [{"id": author["id"]}]}
    expect_refusal(sandbox.call("DELETE", sandbox.authors.path, json=body), "items.still-referenced", name=name)
    assert sandbox.get_staged(author, sandbox.authors) == author


@clause("items.still-referenced")
def test_what_drafts_refer_to_may_go(sandbox: Sandbox) -> None:
    author = sandbox.new_published_item(sandbox.authors)
    sandbox.new_item(author=author["id"])
    assert sandbox.call("DELETE", f"{sandbox.authors.path}/{author['id']}").status_code == 204
