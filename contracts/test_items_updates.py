"""Updating staged items."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import strategies as st

from .kit.clauses import Choices, clause
from .kit.expect import ITEM_KEYS, expect_field_problems, expect_json, expect_keys, expect_refusal, is_refused
from .kit.sandbox import ABSENT_ID, Sandbox
from .kit.strategies import property_test, texts

WHERE = pytest.mark.parametrize("bulk", [False, True], ids=["one", "bulk"])


def update(sandbox: Sandbox, item: dict[str, Any], bulk: bool, **change: Any) -> dict[str, Any]:
    """The item after a staged update, over the operation for one item or for several."""
    if not bulk:
        path = f"{sandbox.everything.path}/{item['id']}"
        return dict(expect_json(sandbox.call("PATCH", path, json=change)))
    body = {"items": [{"id": item["id"], **change}]}
    [changed] = expect_json(sandbox.call("PATCH", sandbox.everything.path, json=body))["items"]
    return dict(changed)


@clause("items.update.answer", "items.update.merges", "items.update.timestamps")
@WHERE
def test_an_update_changes_what_was_sent(sandbox: Sandbox, bulk: bool) -> None:
    item = sandbox.new_item(text="before", number=1, email="a@example.com")
    changed = update(sandbox, item, bulk, fieldData={"text": "after", "switch": True})
    expect_keys(changed, ITEM_KEYS, "items.object.keys")
    assert changed["fieldData"] == {**item["fieldData"], "text": "after", "switch": True}
    for key in ("id", "cmsLocaleId", "createdOn", "lastPublished", "isArchived", "isDraft"):
        assert changed[key] == item[key]
    assert changed["lastUpdated"] > item["lastUpdated"]
    assert sandbox.get_staged(item) == changed


@clause("items.update.merges")
@property_test(
    examples=15,
    changes=st.lists(
        st.fixed_dictionaries(
            {}, optional={"text": texts(), "number": st.integers(-1000, 1000), "switch": st.booleans()}
        ).filter(bool),
        min_size=1,
        max_size=4,
    ),
)
def test_updates_add_up(sandbox: Sandbox, changes: list[dict[str, Any]]) -> None:
    item = sandbox.new_item()
    expected = dict(item["fieldData"])
    for change in changes:
        expected |= change
        changed = sandbox.client.items.update(sandbox.everything.id, item["id"], {"fieldData": change})
        assert changed["fieldData"] == expected
    assert sandbox.get_staged(item)["fieldData"] == expected


@clause("items.update.merges")
@pytest.mark.parametrize("flags", [{"isDraft": False}, {"isArchived": True}, {"isArchived": True, "isDraft": False}])
def test_flags_alone_are_an_update(sandbox: Sandbox, flags: dict[str, bool]) -> None:
    item = sandbox.new_item(text="here")
    changed = update(sandbox, item, bulk=False, **flags)
    assert changed == {**item, **flags, "lastUpdated": changed["lastUpdated"]}


@clause("items.update.read-only-keys")
@WHERE
def test_an_item_can_be_sent_back_as_it_was_read(sandbox: Sandbox, bulk: bool) -> None:
    item = sandbox.new_item(text="before")
    others = {
        "lastPublished": "2020-01-01T00:00:00.000Z",
        "lastUpdated": "2020-01-01T00:00:00.000Z",
        "createdOn": "2020-01-01T00:00:00.000Z",
        "bogus": {"a": 1},
    }
    body = {key: value for key, value in item.items() if key != "id"} | others
    body["fieldData"] = {"text": "after"}
    changed = update(sandbox, item, bulk, **body)
    assert changed["fieldData"] == {**item["fieldData"], "text": "after"}
    assert (changed["createdOn"], changed["lastPublished"]) == (item["createdOn"], None)
    assert changed["lastUpdated"] > item["lastUpdated"]
    expect_keys(changed, ITEM_KEYS, "items.update.read-only-keys")


@clause("items.update.null")
@WHERE
def test_what_null_does_to_a_field(sandbox: Sandbox, choice: Choices, bulk: bool) -> None:
    item = sandbox.new_item(text="before", number=5)
    changed = update(sandbox, item, bulk, fieldData={"text": None})
    assert changed["fieldData"]["number"] == 5
    value = changed["fieldData"].get("text", "absent")
    choice("items.update.null").record({None: "clears", "before": "ignored"}.get(value), changed["fieldData"])
    assert sandbox.get_staged(item) == changed


@clause("items.update.timestamps", "items.update.leaves-live")
@WHERE
def test_a_staged_update_leaves_the_live_item(sandbox: Sandbox, bulk: bool) -> None:
    item = sandbox.new_published_item(text="before")
    live = sandbox.get_live(item)
    changed = update(sandbox, item, bulk, fieldData={"text": "after"}, isDraft=True)
    assert changed["lastPublished"] == item["lastPublished"]
    assert changed["createdOn"] == item["createdOn"]
    assert changed["lastUpdated"] > item["lastUpdated"]
    assert sandbox.get_live(item) == live


@clause("items.update.leaves-live")
@property_test(
    examples=12,
    edits=st.lists(st.sampled_from(["text", "flags", "null", "name", "other"]), min_size=1, max_size=5),
)
def test_no_staged_edit_ever_shows_live(sandbox: Sandbox, edits: list[str]) -> None:
    item = sandbox.new_published_item(text="live", number=1)
    live = sandbox.get_live(item)
    bodies: dict[str, dict[str, Any]] = {
        "text": {"fieldData": {"text": "staged"}},
        "flags": {"isDraft": True, "isArchived": True},
        "null": {"fieldData": {"number": None}},
        "name": {"fieldData": {"name": sandbox.name()}},
        "other": {"fieldData": {"switch": True}},
    }
    for edit in edits:
        sandbox.client.items.update(sandbox.everything.id, item["id"], bodies[edit])
    assert sandbox.get_live(item) == live


@clause("items.update-bulk.order")
@property_test(examples=6, order=st.permutations(range(5)))
def test_a_bulk_update_answers_in_the_order_of_the_request(sandbox: Sandbox, order: list[int]) -> None:
    items = sandbox.new_items([{}] * 5)
    body = {"items": [{"id": items[n]["id"], "fieldData": {"number": n}} for n in order]}
    changed = expect_json(sandbox.call("PATCH", sandbox.everything.path, json=body))["items"]
    assert [item["id"] for item in changed] == [items[n]["id"] for n in order]
    assert [item["fieldData"]["number"] for item in changed] == order
    dates = [item["lastUpdated"] for item in changed]
    assert dates == sorted(dates)


@clause("items.update-bulk.pagination")
@pytest.mark.parametrize("count", [1, 3])
def test_whether_a_bulk_update_answers_a_pagination(sandbox: Sandbox, choice: Choices, count: int) -> None:
    items = sandbox.new_items([{}] * count)
    body = {"items": [{"id": item["id"], "fieldData": {"text": "changed"}} for item in items]}
    answer = expect_json(sandbox.call("PATCH", sandbox.everything.path, json=body))
    expected = {"limit": 25, "offset": 0, "total": count}
    saw = "present" if answer.get("pagination") == expected else None if "pagination" in answer else "absent"
    assert {*answer} - {"pagination"} == {"items"}
    choice("items.update-bulk.pagination").record(saw, answer.get("pagination"))


@clause("items.not-found", "items.bulk.atomic")
@property_test(examples=4, place=st.integers(0, 3))
def test_one_missing_item_changes_none(sandbox: Sandbox, place: int) -> None:
    changes = [{"id": item["id"], "fieldData": {"text": "changed"}} for item in sandbox.new_items([{}] * 3)]
    changes.insert(place, {"id": ABSENT_ID, "fieldData": {"text": "changed"}})
    with sandbox.expect_unchanged():
        expect_refusal(sandbox.call("PATCH", sandbox.everything.path, json={"items": changes}), "items.not-found")


@clause("items.bulk.atomic", "field-data.invalid")
@property_test(examples=4, place=st.integers(0, 2))
def test_one_wrong_change_changes_none(sandbox: Sandbox, place: int) -> None:
    items = sandbox.new_items([{}] * 3)
    changes = [{"id": item["id"], "fieldData": {"text": "changed"}} for item in items]
    changes[place]["fieldData"] = {"text": 5}
    with sandbox.expect_unchanged():
        answer = sandbox.call("PATCH", sandbox.everything.path, json={"items": changes})
    expect_field_problems(answer, ("text", "field-data.text.type", {"value": "5"}))


@clause("items.locale.default", "items.update.one-variant")
@WHERE
def test_what_a_variant_was_never_sent_stays_as_it_was(sandbox: Sandbox, bulk: bool) -> None:
    first, second = sandbox.new_items(
        [{"text": "common"}], locales=[sandbox.primary_locale_id, sandbox.secondary_locale_id()]
    )
    changed = update(sandbox, first, bulk, fieldData={"text": "primary"})
    assert (changed["cmsLocaleId"], changed["fieldData"]["text"]) == (sandbox.primary_locale_id, "primary")
    assert sandbox.get_staged(second) == second


@clause("items.locale.default", "items.update.merges", "items.update.one-variant")
@WHERE
def test_an_update_is_of_one_variant(sandbox: Sandbox, bulk: bool) -> None:
    first, second = sandbox.new_items(
        [{"text": "before"}], locales=[sandbox.primary_locale_id, sandbox.secondary_locale_id()]
    )
    changed = update(sandbox, second, bulk, cmsLocaleId=second["cmsLocaleId"], fieldData={"text": "secondary"})
    assert (changed["cmsLocaleId"], changed["fieldData"]["text"]) == (second["cmsLocaleId"], "secondary")
    assert sandbox.get_staged(first) == first
    update(sandbox, first, bulk, fieldData={"text": "primary"})
    assert sandbox.get_staged(second) == changed


@clause("items.not-found")
def test_an_update_of_a_variant_that_is_not_there(sandbox: Sandbox) -> None:
    item = sandbox.new_item()
    change = {"cmsLocaleId": sandbox.secondary_locale_id(), "fieldData": {"text": "x"}}
    with sandbox.expect_unchanged():
        expect_refusal(sandbox.call("PATCH", f"{sandbox.everything.path}/{item['id']}", json=change), "items.not-found")
        body = {"items": [{"id": item["id"], **change}]}
        expect_refusal(sandbox.call("PATCH", sandbox.everything.path, json=body), "items.not-found")


@clause("items.create-bulk.hundred", "items.update-bulk.order")
def test_an_update_of_nothing_answers_nothing(sandbox: Sandbox) -> None:
    assert expect_json(sandbox.call("PATCH", sandbox.everything.path, json={"items": []}))["items"] == []


@clause("items.update-bulk.flags-alone")
@pytest.mark.parametrize("where", ["", "/live"])
def test_whether_several_updates_may_change_flags_alone(sandbox: Sandbox, choice: Choices, where: str) -> None:
    items = [sandbox.new_published_item() for _ in range(2)]
    changes = [{"id": item["id"], "isArchived": True} for item in items]
    answer = sandbox.call("PATCH", sandbox.everything.path + where, json={"items": changes})
    saw = "reject" if is_refused(answer, "requests.nothing-to-change") else None
    if answer.status_code == 200 and all(item["isArchived"] for item in answer.json()["items"]):
        saw = "accept"
    choice("items.update-bulk.flags-alone").record(saw, answer)
