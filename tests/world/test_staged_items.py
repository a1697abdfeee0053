"""Creating, changing and deleting staged items."""

from __future__ import annotations

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from worlds import DE, EN, FR, LOCALES, POSTS_ID, Moment, created, field, listed, new, refused, world

from fake_webflow.rules import Refusal
from fake_webflow.world.field_data import FieldDataCheck
from fake_webflow.world.staged_item_rules import ItemChange, delete_items, update_items

FIELDS = tuple(field("PlainText", slug) for slug in "abc")
VALUES = st.dictionaries(st.sampled_from("abc"), st.none() | st.sampled_from(["x", "y", ""]), max_size=3)


def posts(state):
    return state.collections[POSTS_ID]


def update(state, moment, *changes, **options):
    return update_items(state, state.collection(POSTS_ID), changes, moment, **{"skip_invalid_files": True, **options})


@pytest.mark.clause("items.create.fresh", "items.object.keys", "items.object.timestamps", "ids.time")
def test_a_fresh_item():
    _, (item,) = created(world(), Moment(), new("One", number=1.0))
    sent = orjson.loads(item.json)
    assert list(sent) == [
        "id",
        "cmsLocaleId",
        "lastPublished",
        "lastUpdated",
        "createdOn",
        "isArchived",
        "isDraft",
        "fieldData",
    ]
    assert sent["lastPublished"] is None
    assert sent["createdOn"] == sent["lastUpdated"]
    assert sent["fieldData"] == {"name": "One", "number": 1, "slug": "one"}
    assert int(item.id[:8], 16) == item.created_on // 1000


@pytest.mark.clause("items.create.variants")
def test_variants_share_id_and_dates():
    _, items = created(world(), Moment(), new("One", EN, DE), new("Two", FR))
    assert [item.cms_locale_id for item in items] == [EN, DE, FR]
    assert (items[0].id, items[0].created_on) == (items[1].id, items[1].created_on)
    assert items[2].id != items[0].id
    assert items[2].created_on > items[0].created_on


@pytest.mark.clause(
    "items.update.merges", "items.object.nulls", "items.update.timestamps", "items.update.name-keeps-slug"
)
@given(first=VALUES, changes=st.lists(VALUES, max_size=4))
def test_an_update_changes_what_was_sent_and_no_more(first, changes):
    moment = Moment()
    state, (item,) = created(world(*FIELDS), moment, new("One", **first))
    wanted = {**first, "name": "One", "slug": "one"}
    for number, change in enumerate(changes):
        sent = {**change, "name": f"Name {number}"}
        state, (changed,) = update(state, moment, ItemChange(item.id, EN, sent))
        wanted |= sent
        assert changed.field_data == wanted
        assert (changed.created_on, changed.last_published, changed.slug) == (item.created_on, None, "one")
        assert changed.last_updated > item.last_updated
        assert posts(state).staged.get(item.id, EN) == changed
        item = changed
    assert len(posts(state).staged) == 1


@pytest.mark.clause("items.update.timestamps")
def test_flags_alone_can_be_changed():
    moment = Moment()
    state, (item,) = created(world(), moment, new("One", draft=True))
    _, (changed,) = update(state, moment, ItemChange(item.id, EN, is_draft=False, is_archived=True))
    assert (changed.is_draft, changed.is_archived, changed.field_data) == (False, True, item.field_data)


@pytest.mark.clause("items.update.leaves-live")
@given(changes=st.lists(st.tuples(st.sampled_from(LOCALES), VALUES, st.none() | st.booleans()), max_size=5))
def test_staged_changes_never_leak_into_live(changes):
    moment = Moment()
    state, (item, *_) = created(world(*FIELDS), moment, new("One", *LOCALES, a="x"), live=True)
    live = list(posts(state).live)
    for locale, data, draft in changes:
        state, _ = update(state, moment, ItemChange(item.id, locale, {**data, "slug": "moved"}, is_draft=draft))
    state, _ = created(state, moment, new("Another", EN, DE))
    assert list(posts(state).live) == live


@pytest.mark.clause("items.update-bulk.order")
def test_a_bulk_update_answers_in_the_order_of_the_request():
    moment = Moment()
    state, items = created(world(*FIELDS), moment, *(new(f"Item {number}") for number in range(5)))
    order = [items[place] for place in (3, 0, 4, 0)]
    state, changed = update(
        state, moment, *(ItemChange(item.id, EN, {"a": str(place)}) for place, item in enumerate(order))
    )
    assert [item.id for item in changed] == [item.id for item in order]
    dates = [item.last_updated for item in changed]
    assert dates == sorted(set(dates))
    assert posts(state).staged.get(items[0].id, EN) == changed[3]
    assert posts(state).staged.get(items[0].id, EN).field_data["a"] == "3"


@pytest.mark.clause("items.bulk.atomic", "field-data.invalid")
@given(good=st.integers(1, 6), data=st.data())
def test_one_bad_item_refuses_the_whole_call(good, data):
    moment = Moment()
    state, items = created(world(*FIELDS), moment, *(new(f"Item {number}") for number in range(good)))
    spoiler = data.draw(st.sampled_from([{"zz": 1}, {"a": 1}, {"slug": "item-0"}, {"name": None}, {"name": ""}]))
    place = data.draw(st.integers(0, good))
    sent = [new(f"New {number}") for number in range(good)]
    bad = new(**{"name": "Bad", **spoiler})
    refused(lambda: created(state, moment, *sent[:place], bad, *sent[place:], suffix_duplicates=False))
    changes = [ItemChange(item.id, EN, {"a": "changed"}) for item in items]
    unknown = ItemChange(items[-1].id, EN, {"zz": 1})
    refused(lambda: update(state, moment, *changes[:place], unknown, *changes[place:]))
    gone = ItemChange("99" * 12, EN, {"a": "x"})
    refusal = refused(lambda: update(state, moment, *changes[:place], gone, *changes[place:]))
    assert refusal.clause == "items.not-found"
    assert listed(posts(state).staged) == list(reversed(items))


@pytest.mark.clause("field-data.unknown-field", "field-data.v1-flags")
def test_unknown_fields_are_told_all_at_once_and_old_flags_are_dropped():
    refusal = refused(lambda: created(world(), Moment(), new(zz=1, _archived=True, yy=None)))
    assert [(problem.param, problem.text) for problem in refusal.problems] == [
        (slug, "Field not described in schema: undefined") for slug in ("zz", "yy")
    ]
    _, (item,) = created(world(), Moment(), new(_archived=True, _draft=True))
    assert item.field_data == {"name": "One", "slug": "one"}


@pytest.mark.clause("field-data.required", "field-data.required-cleared")
def test_required_fields():
    needed = field("PlainText", "needed", is_required=True)
    refusal = refused(lambda: created(world(needed), Moment(), new(zz=1, slug="é")))
    assert refusal.answer.message == "Validation Error: Field 'needed': Field is required"
    assert refusal.problems == ()
    moment = Moment()
    state, (item,) = created(world(needed), moment, new(needed="x"))
    for slug in ("needed", "name", "slug"):
        refusal = refused(lambda slug=slug: update(state, moment, ItemChange(item.id, EN, {slug: None})))
        assert [(problem.param, problem.text) for problem in refusal.problems] == [
            (slug, "Required field cannot be cleared")
        ]


@pytest.mark.clause("field-data.text.too-short", "field-data.text.too-long")
def test_bounds_of_the_name():
    for name, clause in (("", "field-data.text.too-short"), ("x" * 257, "field-data.text.too-long")):
        refusal = refused(lambda name=name: created(world(), Moment(), new(name)))
        assert clause in refusal.clauses
    assert created(world(), Moment(), new("x" * 256))[1][0].field_data["name"] == "x" * 256


@pytest.mark.clause("items.insert.variants", "items.insert.variant-exists")
def test_variants_are_added_to_an_item():
    moment = Moment()
    state, (item,) = created(world(), moment, new("One"))
    state, added = created(state, moment, new("Eins", DE, FR, item_id=item.id))
    assert {variant.id for variant in added} == {item.id}
    assert {variant.slug for variant in added} == {"one"}
    assert posts(state).staged.get(item.id, EN) == item
    refusal = refused(lambda: created(state, moment, new("Uno", EN, item_id=item.id)))
    assert refusal.clause == "items.insert.variant-exists"
    twice = [new("Uno", DE, item_id=item.id), new("Due", DE, item_id=item.id)]
    first, _ = created(world(), Moment(), new("One"))
    assert refused(lambda: created(first, moment, *twice)).clause == "items.insert.variant-exists"
    assert refused(lambda: created(state, moment, new("Uno", item_id="99" * 12))).clause == "items.not-found"


@pytest.mark.clause("items.locale.unknown")
def test_a_locale_the_site_does_not_have():
    assert refused(lambda: created(world(), Moment(), new("One", EN, "99" * 12))).clause == "items.locale.unknown"


@pytest.mark.clause("items.delete.answer", "items.not-found")
def test_deleting_takes_the_variants_named_and_no_others():
    moment = Moment()
    state, items = created(world(), moment, new("One", *LOCALES), live=True)
    deleted = delete_items(state, state.collection(POSTS_ID), [items[1].key])
    assert [item.key for item in items if item.key != items[1].key] == [
        (item.id, name)
        for name in LOCALES
        for item in posts(deleted).staged.variants(items[0].id)
        if item.cms_locale_id == name
    ]
    assert len(posts(deleted).live) == 2
    for keys in ([items[1].key], [items[0].key, items[1].key]):
        assert (
            refused(lambda keys=keys: delete_items(deleted, deleted.collection(POSTS_ID), keys)).clause
            == "items.not-found"
        )
    changed = refused(lambda: update(deleted, moment, ItemChange(items[1].id, DE, {"name": "x"})))
    assert changed.clause == "items.not-found"


@pytest.mark.clause("collections.item-writes")
def test_item_writes_leave_collection_and_site_alone():
    moment = Moment()
    state, (item,) = created(world(), moment, new("One"))
    state, _ = update(state, moment, ItemChange(item.id, EN, {"name": "Two"}))
    state = delete_items(state, state.collection(POSTS_ID), [item.key])
    assert state.sites == world().sites
    assert posts(state) == posts(world())


def test_a_check_gathers_mistakes_over_several_items():
    check = FieldDataCheck(world(), posts(world()), Moment(), skip_invalid_files=True)
    for number in range(3):
        check.check_new({"name": "One", f"unknown-{number}": 1}, EN)
    assert [problem.param for problem in refused(check.finish).problems] == ["unknown-0", "unknown-1", "unknown-2"]


def test_a_collection_that_is_not_there():
    with pytest.raises(Refusal, match="resource"):
        world().collection("99" * 12)
