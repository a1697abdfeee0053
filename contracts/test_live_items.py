"""Live items: creating, changing, reading and unpublishing them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import strategies as st

from .kit.clauses import Choices, clause
from .kit.expect import ITEM_KEYS, expect_field_problems, expect_json, expect_keys, expect_refusal
from .kit.sandbox import ABSENT_ID, Sandbox
from .kit.strategies import property_test

WHERE = pytest.mark.parametrize("bulk", [False, True], ids=["one", "bulk"])


def update_live(sandbox: Sandbox, item: dict[str, Any], bulk: bool, **change: Any) -> dict[str, Any]:
    """The item after a live update, over the operation for one item or for several."""
    if not bulk:
        path = f"{sandbox.everything.path}/{item['id']}/live"
        return dict(expect_json(sandbox.call("PATCH", path, json=change)))
    body = {"items": [{"id": item["id"], **change}]}
    answer = expect_json(sandbox.call("PATCH", f"{sandbox.everything.path}/live", json=body))
    expect_keys(answer, ["items"], "items.update.answer")
    return dict(answer["items"][0])


@clause("items.update-live.both-copies", "items.update.answer", "items.update.merges")
@WHERE
def test_a_live_update_reaches_both_copies(sandbox: Sandbox, bulk: bool) -> None:
    item = sandbox.new_published_item(text="before", number=1)
    changed = update_live(sandbox, item, bulk, fieldData={"text": "after"})
    expect_keys(changed, ITEM_KEYS, "items.object.keys")
    assert changed["fieldData"] == {**item["fieldData"], "text": "after"}
    assert sandbox.get_staged(item) == changed
    assert sandbox.get_live(item)["fieldData"] == changed["fieldData"]


@clause("items.update-live.moves-last-published")
@WHERE
def test_a_live_update_moves_last_published(sandbox: Sandbox, bulk: bool) -> None:
    item = sandbox.new_published_item()
    first = update_live(sandbox, item, bulk, fieldData={"text": "first"})
    second = update_live(sandbox, item, bulk, isDraft=False, fieldData={"text": "second"})
    third = update_live(sandbox, item, bulk, isArchived=True, fieldData={"text": "third"})
    dates = [moved["lastPublished"] for moved in (item, first, second, third)]
    assert dates == sorted(set(dates))
    assert sandbox.get_live(item)["lastPublished"] == third["lastPublished"]
    assert third["isArchived"] is True
    assert second["createdOn"] == item["createdOn"]


@clause("items.update-live.is-draft")
@WHERE
def test_a_live_update_to_a_draft_unpublishes_nothing(sandbox: Sandbox, bulk: bool) -> None:
    item = sandbox.new_published_item(text="here")
    changed = update_live(sandbox, item, bulk, isDraft=True, fieldData={"text": "here"})
    assert changed["isDraft"] is True
    assert changed["lastPublished"] > item["lastPublished"]
    live = sandbox.call("GET", f"{sandbox.everything.path}/{item['id']}/live")
    assert expect_json(live)["fieldData"] == item["fieldData"]
    assert sandbox.get_staged(item)["isDraft"] is True


@clause("items.update-live.staged-changes")
@WHERE
def test_whether_a_live_update_takes_other_edits_live(sandbox: Sandbox, choice: Choices, bulk: bool) -> None:
    item = sandbox.new_published_item(text="live", number=1)
    sandbox.client.items.update(sandbox.everything.id, item["id"], {"fieldData": {"text": "staged"}})
    changed = update_live(sandbox, item, bulk, fieldData={"number": 2})
    assert (changed["fieldData"]["text"], changed["fieldData"]["number"]) == ("staged", 2)
    live = sandbox.get_live(item)["fieldData"]
    assert live["number"] == 2
    saw = {"live": "patched-only", "staged": "publish-all"}.get(live["text"])
    choice("items.update-live.staged-changes").record(saw, live)


@clause("items.update-live.never-published", "items.bulk.atomic")
@property_test(examples=8, published=st.integers(0, 5), place=st.integers(0, 5))
def test_one_unpublished_item_refuses_the_whole_update(sandbox: Sandbox, published: int, place: int) -> None:
    live = [sandbox.new_published_item(text="before") for _ in range(published)]
    draft = sandbox.new_item(text="before")
    items = [*live[:place], draft, *live[place:]]
    body = {"items": [{"id": item["id"], "fieldData": {"text": "after"}} for item in items]}
    with sandbox.expect_unchanged():
        answer = sandbox.call("PATCH", f"{sandbox.everything.path}/live", json=body)
    expect_refusal(answer, "items.update-live.never-published")
    for item in live:
        assert sandbox.get_live(item)["fieldData"] == item["fieldData"]


@clause("items.update-live.never-published")
@WHERE
@pytest.mark.parametrize("state", ["draft", "queued", "archived", "unpublished"])
def test_what_counts_as_never_published(sandbox: Sandbox, bulk: bool, state: str) -> None:
    if state == "unpublished":
        item = sandbox.new_published_item()
        sandbox.client.live_items.delete(sandbox.everything.id, item["id"])
    else:
        [item] = sandbox.new_items([{}], isDraft=state == "draft", isArchived=state == "archived")
    change = {"fieldData": {"text": "after"}}
    with sandbox.expect_unchanged():
        if bulk:
            body = {"items": [{"id": item["id"], **change}]}
            answer = sandbox.call("PATCH", f"{sandbox.everything.path}/live", json=body)
        else:
            answer = sandbox.call("PATCH", f"{sandbox.everything.path}/{item['id']}/live", json=change)
    expect_refusal(answer, "items.update-live.never-published")
    assert not sandbox.is_live(item)


@clause("items.not-found", "items.bulk.atomic")
def test_a_live_update_of_an_item_that_is_not_there(sandbox: Sandbox) -> None:
    item = sandbox.new_published_item(text="before")
    changes = [{"id": item["id"], "fieldData": {"text": "after"}}, {"id": ABSENT_ID, "fieldData": {"text": "after"}}]
    with sandbox.expect_unchanged():
        answer = sandbox.call("PATCH", f"{sandbox.everything.path}/live", json={"items": changes})
        expect_refusal(answer, "items.not-found")
        answer = sandbox.call("PATCH", f"{sandbox.everything.path}/{ABSENT_ID}/live", json={"fieldData": {"text": "x"}})
        expect_refusal(answer, "items.not-found")
    assert sandbox.get_live(item)["fieldData"]["text"] == "before"


@clause("items.bulk.atomic", "field-data.invalid")
def test_a_wrong_live_change_changes_neither_copy(sandbox: Sandbox) -> None:
    items = [sandbox.new_published_item(text="before") for _ in range(2)]
    changes = [
        {"id": items[0]["id"], "fieldData": {"text": "after"}},
        {"id": items[1]["id"], "fieldData": {"number": "five"}},
    ]
    with sandbox.expect_unchanged():
        answer = sandbox.call("PATCH", f"{sandbox.everything.path}/live", json={"items": changes})
    expect_field_problems(answer, ("number", "field-data.number.type", {"value": "'five'"}))
    assert [sandbox.get_live(item)["fieldData"]["text"] for item in items] == ["before", "before"]


@clause("items.update-bulk.order")
@property_test(examples=4, order=st.permutations(range(3)))
def test_a_live_bulk_update_answers_in_the_order_of_the_request(sandbox: Sandbox, order: list[int]) -> None:
    items = [sandbox.new_published_item() for _ in range(3)]
    body = {"items": [{"id": items[n]["id"], "fieldData": {"number": n}} for n in order]}
    changed = expect_json(sandbox.call("PATCH", f"{sandbox.everything.path}/live", json=body))["items"]
    assert [item["fieldData"]["number"] for item in changed] == order
    assert [item["id"] for item in changed] == [items[n]["id"] for n in order]


@clause("items.live.nulls")
def test_what_becomes_of_nulls_live(sandbox: Sandbox, choice: Choices) -> None:
    items = [sandbox.new_published_item(text=None, number=1)]
    if choice("items.update.null").actual == "clears":
        items.append(sandbox.new_published_item(text="before", number=1))
        update_live(sandbox, items[1], True, fieldData={"text": None})
    saw = set()
    for item in items:
        assert sandbox.get_staged(item)["fieldData"]["text"] is None
        live = sandbox.get_live(item)
        value = live["fieldData"].get("text", "left out")
        saw.add({None: "kept", "left out": "left-out"}.get(value))
    choice("items.live.nulls").record(saw.pop() if len(saw) == 1 else None, live)


@clause("items.live.list")
def test_the_live_list_shows_what_is_published(sandbox: Sandbox) -> None:
    collection = sandbox.plain
    published, draft = sandbox.new_published_item(collection), sandbox.new_item(collection)
    again = sandbox.new_published_item(collection)
    gone = sandbox.new_published_item(collection)
    sandbox.client.live_items.delete(collection.id, gone["id"])
    page = sandbox.client.live_items.list(collection.id)["items"]
    ids = [item["id"] for item in page]
    assert ids.index(again["id"]) < ids.index(published["id"])
    assert draft["id"] not in ids
    assert gone["id"] not in ids
    for item in page:
        expect_keys(item, ITEM_KEYS, "items.object.keys")
        assert item["lastPublished"] is not None
    assert sandbox.get_live(published, collection) == next(item for item in page if item["id"] == published["id"])
    by_slug = sandbox.client.live_items.list(collection.id, slug=published["fieldData"]["slug"])["items"]
    assert [item["id"] for item in by_slug] == [published["id"]]


@clause("items.live.list", "items.update.leaves-live")
def test_the_live_list_filters_by_what_is_live(sandbox: Sandbox) -> None:
    collection = sandbox.plain
    before, after = sandbox.name(), sandbox.name()
    item = sandbox.new_published_item(collection, name=before)
    sandbox.client.items.update(collection.id, item["id"], {"fieldData": {"name": after}})
    assert [found["id"] for found in sandbox.client.live_items.list(collection.id, name=before)["items"]] == [
        item["id"]
    ]
    assert sandbox.client.live_items.list(collection.id, name=after)["items"] == []
    assert [found["id"] for found in sandbox.client.items.list(collection.id, name=after)["items"]] == [item["id"]]


@clause("items.not-live")
def test_what_is_not_live_cannot_be_read_or_unpublished(sandbox: Sandbox) -> None:
    draft, live = sandbox.new_item(), sandbox.new_published_item()
    for item_id in (draft["id"], ABSENT_ID):
        path = f"{sandbox.everything.path}/{item_id}/live"
        expect_refusal(sandbox.call("GET", path), "items.not-live")
        expect_refusal(sandbox.call("DELETE", path), "items.not-live")
        with sandbox.expect_unchanged():
            body = {"items": [{"id": live["id"]}, {"id": item_id}]}
            expect_refusal(sandbox.call("DELETE", f"{sandbox.everything.path}/live", json=body), "items.not-live")
        assert sandbox.is_live(live)


@clause("items.not-live", "items.unpublish.staged")
@WHERE
def test_a_second_unpublish_is_refused(sandbox: Sandbox, bulk: bool) -> None:
    item = sandbox.new_published_item()

    def unpublish() -> Any:
        if bulk:
            body = {"items": [{"id": item["id"]}]}
            return sandbox.call("DELETE", f"{sandbox.everything.path}/live", json=body)
        return sandbox.call("DELETE", f"{sandbox.everything.path}/{item['id']}/live")

    first = unpublish()
    assert (first.status_code, first.content) == (204, b"")
    expect_refusal(unpublish(), "items.not-live")


@clause("items.unpublish.staged", "items.unpublish.last-published")
@WHERE
def test_an_unpublished_item_stays_as_a_draft(sandbox: Sandbox, choice: Choices, bulk: bool) -> None:
    item = sandbox.new_published_item(text="here")
    if bulk:
        sandbox.client.live_items.delete_bulk(sandbox.everything.id, [item["id"]])
    else:
        sandbox.client.live_items.delete(sandbox.everything.id, item["id"])
    after = sandbox.get_staged(item)
    assert after["isDraft"] is True
    assert after["fieldData"] == item["fieldData"]
    assert not sandbox.is_live(item)
    saw = {None: "null", item["lastPublished"]: "kept"}.get(after["lastPublished"])
    choice("items.unpublish.last-published").record(saw, after)


@clause("items.unpublish.staged", "items.locale.default")
def test_unpublishing_one_variant_leaves_the_others_live(sandbox: Sandbox) -> None:
    locales = [sandbox.primary_locale_id, sandbox.secondary_locale_id()]
    item = sandbox.new_published_item(locales=locales)
    other = {**item, "cmsLocaleId": sandbox.secondary_locale_id()}
    sandbox.client.live_items.delete(sandbox.everything.id, item["id"], cms_locale_id=sandbox.secondary_locale_id())
    assert sandbox.is_live(item)
    assert not sandbox.is_live(other)
    assert sandbox.get_staged(item) == item
    assert sandbox.get_staged(other)["isDraft"] is True


@clause("items.create-live.published", "items.create.answer")
@pytest.mark.parametrize("flags", [{}, {"isDraft": False}, {"isDraft": True}])
def test_a_live_create_is_live_at_once(sandbox: Sandbox, flags: dict[str, bool]) -> None:
    body = {"fieldData": {"name": sandbox.name(), "text": "here"}, **flags}
    item = expect_json(sandbox.call("POST", f"{sandbox.everything.path}/live", json=body), 202)
    expect_keys(item, ITEM_KEYS, "items.create.answer")
    assert item["isDraft"] is flags.get("isDraft", False)
    assert item["lastPublished"] is not None
    assert sandbox.get_staged(item) == item
    assert sandbox.get_live(item)["fieldData"] == item["fieldData"]


@clause("items.create-live.published", "items.bulk.atomic")
def test_a_refused_live_create_creates_nothing(sandbox: Sandbox) -> None:
    items = [{"fieldData": {"name": sandbox.name()}}, {"fieldData": {"name": sandbox.name(), "number": "five"}}]
    live = f"{sandbox.everything.path}/live"
    with sandbox.expect_unchanged(), sandbox.expect_unchanged(path=live):
        answer = sandbox.call("POST", live, json={"items": items})
    expect_field_problems(answer, ("number", "field-data.number.type", {"value": "'five'"}))


@clause("items.update-live.both-copies", "items.locale.default")
def test_a_live_update_is_of_one_variant(sandbox: Sandbox) -> None:
    item = sandbox.new_published_item(locales=[sandbox.primary_locale_id, sandbox.secondary_locale_id()], text="before")
    other = {**item, "cmsLocaleId": sandbox.secondary_locale_id()}
    update_live(sandbox, item, True, cmsLocaleId=sandbox.secondary_locale_id(), fieldData={"text": "after"})
    assert sandbox.get_live(item)["fieldData"]["text"] == "before"
    assert sandbox.get_live(other)["fieldData"]["text"] == "after"
    assert sandbox.get_staged(item) == item
