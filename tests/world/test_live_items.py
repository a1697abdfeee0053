"""Live items: what reaches the published copy, and what must not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from worlds import DE, EN, LOCALES, POSTS_ID, Moment, created, field, new, refused, world

from fake_webflow.rules import Refusal
from fake_webflow.world.live_item_rules import unpublish_items, update_live_items
from fake_webflow.world.publishing_rules import publish_items
from fake_webflow.world.staged_item_rules import ItemChange, update_items

FIELDS = (*(field("PlainText", slug) for slug in "abc"), field("Image", "image"), field("MultiImage", "images"))
VALUES = st.dictionaries(st.sampled_from("abc"), st.none() | st.sampled_from(["x", "y", ""]), max_size=3)


def posts(state):
    return state.collections[POSTS_ID]


def update(state, moment, *changes):
    return update_items(state, state.collection(POSTS_ID), changes, moment, skip_invalid_files=True)


def update_live(state, moment, *changes):
    return update_live_items(state, state.collection(POSTS_ID), changes, moment, skip_invalid_files=True)


def both(state, item_id, locale=EN):
    return posts(state).staged.get(item_id, locale), posts(state).live.get(item_id, locale)


@pytest.mark.clause("items.create-live.published")
def test_a_live_create_is_staged_and_live_at_once():
    state, (item,) = created(world(), Moment(), new("One"), live=True)
    assert both(state, item.id) == (item, item)
    assert item.last_published == item.last_updated == item.created_on
    state, (draft,) = created(world(), Moment(), new("One", draft=True), live=True)
    assert draft.is_draft
    assert both(state, draft.id)[1] == draft


@pytest.mark.clause(
    "items.update-live.both-copies",
    "items.update-live.moves-last-published",
    "items.update-live.staged-changes",
    "items.live.nulls",
    "items.update.merges",
)
@pytest.mark.hypothesis
@pytest.mark.parametrize("null", ["clears", "ignored"])
def test_a_live_update_writes_its_own_change_to_both_and_nothing_else(null):
    @given(first=VALUES, edits=st.lists(st.tuples(st.booleans(), VALUES), max_size=6))
    def holds(first, edits):
        moment = Moment(items_update_null=null)
        state, (item,) = created(world(*FIELDS), moment, new("One", **first), live=True)
        staged = {**first, "name": "One", "slug": "one"}
        live = {slug: value for slug, value in staged.items() if value is not None}
        for is_live, sent in edits:
            counted = {slug: value for slug, value in sent.items() if value is not None or null == "clears"}
            staged |= counted
            if is_live:
                live = {slug: value for slug, value in (live | counted).items() if value is not None}
                state, (answered,) = update_live(state, moment, ItemChange(item.id, EN, sent))
                assert answered.last_published == answered.last_updated
            else:
                state, (answered,) = update(state, moment, ItemChange(item.id, EN, sent))
            found, published = both(state, item.id)
            assert found == answered
            assert found.field_data == staged
            assert published.field_data == live

    holds()


@pytest.mark.clause("items.update-live.staged-changes", "field-data.skip-invalid-files")
def test_a_skipped_file_takes_no_staged_file_live():
    moment = Moment()
    start = {"image": {"url": "https://example.com/old.png"}}
    state, (item,) = created(world(*FIELDS), moment, new("One", **start), live=True)
    edit = ItemChange(item.id, EN, {"image": {"url": "https://example.com/new.png"}})
    state, _ = update(state, moment, edit)
    old = both(state, item.id)[1]
    broken = ItemChange(item.id, EN, {"image": {"url": "https://cdn.prod.website-files.com/gone/x.png"}})
    state, _ = update_live(state, moment, broken)
    assert both(state, item.id)[1].field_data == old.field_data


@pytest.mark.clause("items.update-live.never-published", "items.bulk.atomic")
@given(count=st.integers(1, 8), place=st.integers(0, 8), was_live=st.booleans())
def test_one_item_that_is_not_live_refuses_the_whole_update(count, place, was_live):
    moment = Moment()
    state, items = created(world(*FIELDS), moment, *(new(f"Item {number}") for number in range(count)), live=True)
    state, (other,) = created(state, moment, new("Other"), live=was_live)
    if was_live:
        state, _ = unpublish_items(state, state.collection(POSTS_ID), [other.key], moment)
    changes = [ItemChange(item.id, EN, {"a": "x"}) for item in items]
    changes.insert(place, ItemChange(other.id, EN, {"a": "x"}))
    assert refused(lambda: update_live(state, moment, *changes)).clause == "items.update-live.never-published"
    changes[min(place, count)] = ItemChange("99" * 12, EN, {"a": "x"})
    assert refused(lambda: update_live(state, moment, *changes)).clause == "items.not-found"


@pytest.mark.clause("items.update-live.is-draft", "items.update-bulk.order")
def test_flags_of_a_live_update_unpublish_nothing():
    moment = Moment()
    state, items = created(world(*FIELDS), moment, new("One"), new("Two"), live=True)
    changes = [ItemChange(items[1].id, EN, is_draft=True), ItemChange(items[0].id, EN, is_archived=True)]
    state, changed = update_live(state, moment, *changes)
    assert [item.id for item in changed] == [items[1].id, items[0].id]
    assert both(state, items[1].id) == (changed[0], changed[0])
    assert changed[0].is_draft
    assert changed[0].last_published > items[1].last_published
    assert both(state, items[0].id)[1].is_archived


def test_several_live_changes_of_one_item_build_on_each_other():
    moment = Moment()
    state, (item,) = created(world(*FIELDS), moment, new("One"), live=True)
    changes = [ItemChange(item.id, EN, {"a": "x", "b": "x"}), ItemChange(item.id, EN, {"b": "y", "c": None})]
    state, (first, second) = update_live(state, moment, *changes)
    assert first.field_data == {"name": "One", "a": "x", "b": "x", "slug": "one"}
    assert both(state, item.id)[0] == second
    assert both(state, item.id)[1].field_data == {"name": "One", "a": "x", "b": "y", "slug": "one"}


@pytest.mark.clause("items.unpublish.staged", "items.unpublish.last-published", "items.not-live")
def test_unpublishing_leaves_a_draft():
    moment = Moment()
    state, items = created(world(), moment, new("One", *LOCALES), live=True)
    after, gone = unpublish_items(state, state.collection(POSTS_ID), [items[1].key], moment)
    staged, live = both(after, items[1].id, DE)
    assert live is None
    assert (staged.is_draft, staged.last_published, staged.field_data) == (True, None, items[1].field_data)
    assert staged.last_updated > items[1].last_updated
    assert gone == [items[1]]
    assert both(after, items[0].id, EN) == (items[0], items[0])
    for keys in ([items[1].key], [items[0].key, items[1].key], [("99" * 12, EN)]):
        assert (
            refused(lambda keys=keys: unpublish_items(after, after.collection(POSTS_ID), keys, moment)).clause
            == "items.not-live"
        )
    again, (item,), _ = publish_items(after, after.collection(POSTS_ID), [(items[1].id, (DE,))], moment)
    assert both(again, item.id, DE) == (item, item)


@pytest.mark.clause("publishing.site-never-published", "publishing.structure-changed")
def test_live_writes_need_a_site_that_is_published_as_it_is():
    unpublished = world(last_published=None)
    assert refused(lambda: created(unpublished, Moment(), new(), live=True)).clause == "publishing.site-never-published"
    changed = world()
    changed = changed.with_collection(posts(changed)._replace(structure_published=False))
    state, (item,) = created(changed, Moment(), new())
    for write in (
        lambda: created(changed, Moment(), new(), live=True),
        lambda: publish_items(state, state.collection(POSTS_ID), [(item.id, (EN,))], Moment()),
        lambda: update_live(state, Moment(), ItemChange(item.id, EN, {"name": "x"})),
    ):
        assert refused(write).clause == "publishing.structure-changed"
    with pytest.raises(Refusal, match="not published"):
        publish_items(unpublished, posts(unpublished), [("99" * 12, (EN,))], Moment())
