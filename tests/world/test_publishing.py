"""Publishing items, and publishing the whole site."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from worlds import (
    DE,
    DOMAIN_ID,
    EN,
    FOREIGN_ID,
    LOCALES,
    OTHER_SITE_ID,
    POSTS_ID,
    SITE_ID,
    Moment,
    created,
    new,
    refused,
    world,
)

from fake_webflow.world.publishing_rules import publish_items, publish_site
from fake_webflow.world.staged_item_rules import ItemChange, NewItem, create_items, delete_items, update_items


def posts(state):
    return state.collections[POSTS_ID]


def update(state, moment, item, **change):
    return update_items(
        state,
        state.collection(POSTS_ID),
        [ItemChange(item.id, item.cms_locale_id, **change)],
        moment,
        skip_invalid_files=True,
    )[0]


def site_publish(state, moment):
    return publish_site(state, state.site(SITE_ID), [], moment)


def staged(state, item):
    return posts(state).staged.get(*item.key)


def live(state, item):
    return posts(state).live.get(*item.key)


@pytest.mark.clause("publishing.items.timestamps", "items.publish.clears-draft", "publishing.items.locales")
def test_publishing_an_item():
    moment = Moment()
    state, items = created(world(), moment, new("One", *LOCALES, draft=True))
    state, taken, errors = publish_items(state, state.collection(POSTS_ID), [(items[0].id, (EN, DE))], moment)
    assert errors == []
    assert [item.cms_locale_id for item in taken] == [EN, DE]
    for item in taken:
        assert item.last_published == item.last_updated > item.created_on
        assert not item.is_draft
        assert staged(state, item) == live(state, item) == item
    assert staged(state, items[2]) == items[2]
    assert live(state, items[2]) is None


@pytest.mark.clause(
    "publishing.items.partial", "publishing.item-not-found", "publishing.item-archived", "items.publish.archived"
)
@given(kinds=st.lists(st.sampled_from(["good", "archived", "missing", "elsewhere"]), max_size=8))
def test_what_cannot_be_published_does_not_stop_the_rest(kinds):
    moment = Moment()
    state, wanted, good, told = world(), [], [], []
    for kind in kinds:
        state, (item,) = created(state, moment, new("One", DE if kind == "elsewhere" else EN))
        if kind == "archived":
            state = update(state, moment, item, is_archived=True)
            told.append(f"Staging item ID {item.id} is archived and cannot be published.")
        if kind == "elsewhere":
            told.append(f"Staging item ID {item.id} not found.")
        if kind == "missing":
            state = delete_items(state, state.collection(POSTS_ID), [item.key])
            told.append(f"Staging item ID {item.id} not found.")
        if kind == "good":
            good.append(item.id)
        wanted.append((item.id, (EN,)))
    before = posts(state).staged
    state, taken, errors = publish_items(state, state.collection(POSTS_ID), wanted, moment)
    assert [item.id for item in taken] == good
    assert errors == told
    assert sorted(item.id for item in posts(state).live) == sorted(good)
    assert [item for item in posts(state).staged if item.id not in good] == [
        item for item in before if item.id not in good
    ]


def test_an_item_missing_in_one_of_its_locales_is_published_in_none():
    moment = Moment()
    state, (item,) = created(world(), moment, new("One"))
    after, taken, errors = publish_items(state, state.collection(POSTS_ID), [(item.id, (EN, DE))], moment)
    assert (after, taken, len(errors)) == (state, [], 1)


@pytest.mark.clause("publishing.site.items", "publishing.site.dates")
def test_a_site_publish_stamps_what_is_new_or_changed():
    moment = Moment()
    state, old = created(world(), moment, new("Old"), new("Changed"), new("Published since"))
    state, first = site_publish(state, moment)
    assert [item for item, _ in first] == [staged(state, item) for item in old]
    state = update(state, moment, old[1], field_data={"name": "Changed!"})
    state, _, _ = publish_items(state, state.collection(POSTS_ID), [(old[2].id, (EN,))], moment)
    state, fresh = created(state, moment, new("New"), new("Live already"))
    state, _, _ = publish_items(state, state.collection(POSTS_ID), [(fresh[1].id, (EN,))], moment)
    before = {item.id: staged(state, item) for item in [*old, *fresh]}
    state, taken = site_publish(state, moment)
    stamped = [old[1], fresh[0], fresh[1]]
    assert {item.id for item, _ in taken} == {item.id for item in stamped}
    dates = {staged(state, item).last_published for item in stamped}
    assert dates == {state.site(SITE_ID).last_published} == {state.site(SITE_ID).last_updated}
    for item in [*old, *fresh]:
        assert staged(state, item).last_updated == before[item.id].last_updated
        assert live(state, item) == staged(state, item)
    for item in (old[0], old[2]):
        assert staged(state, item) == before[item.id]
    assert site_publish(state, moment)[1] == []


@pytest.mark.clause("publishing.site.drafts", "publishing.site.archived")
def test_drafts_stay_and_archived_items_go():
    moment = Moment()
    state, items = created(world(), moment, new("Draft"), new("Live draft"), new("Archived"), new("Back again"))
    state = update(state, moment, items[0], is_draft=True)
    state, _, _ = publish_items(state, state.collection(POSTS_ID), [(item.id, (EN,)) for item in items[1:]], moment)
    shown = live(state, items[1])
    state = update(state, moment, items[1], field_data={"name": "Changes in draft"}, is_draft=True)
    for item in items[2:]:
        state = update(state, moment, item, is_archived=True)
        assert live(state, item) is not None
    draft, live_draft = staged(state, items[0]), staged(state, items[1])
    state, taken = site_publish(state, moment)
    assert taken == []
    assert (staged(state, items[0]), live(state, items[0])) == (draft, None)
    assert (staged(state, items[1]), live(state, items[1])) == (live_draft, shown)
    assert live(state, items[2]) is None
    assert staged(state, items[2]) is not None
    state = update(state, moment, items[3], is_archived=False)
    state, taken = site_publish(state, moment)
    assert [item.id for item, _ in taken] == [items[3].id]


@pytest.mark.clause("publishing.structure-changed", "publishing.site.unknown-domain", "publishing.site.dates")
def test_a_site_publish_settles_structure_domains_and_this_site_alone():
    moment = Moment()
    state, (other,) = create_items(
        world(),
        world().collection(FOREIGN_ID),
        [NewItem({"name": "Other"}, ("b6" * 12,), False, False)],
        moment,
        skip_invalid_files=True,
        suffix_duplicates=True,
    )
    refusal = refused(lambda: publish_site(state, state.site(SITE_ID), ["99" * 12], moment))
    assert refusal.clause == "publishing.site.unknown-domain"
    after, _ = publish_site(state, state.site(SITE_ID), [DOMAIN_ID], moment)
    assert all(found.structure_published for found in after.collections.values())
    (domain,) = after.site(SITE_ID).custom_domains
    assert domain.last_published == after.site(SITE_ID).last_published
    assert after.site(OTHER_SITE_ID) == state.site(OTHER_SITE_ID)
    assert after.collections[FOREIGN_ID] == state.collections[FOREIGN_ID]
    assert other.last_published is None


@pytest.mark.clause("items.live.nulls")
def test_nulls_stay_out_of_the_live_copy():
    moment = Moment()
    state, (item,) = created(world(), moment, new("One", plaintext=None, number=0, switch=False, richtext=""))
    state, taken, _ = publish_items(state, state.collection(POSTS_ID), [(item.id, (EN,))], moment)
    assert taken[0].field_data["plaintext"] is None
    wanted = {"name": "One", "number": 0, "switch": False, "richtext": "", "slug": "one"}
    assert live(state, item).field_data == wanted
    assert site_publish(state, moment)[1] != []  # created since the last site publish
    state, _ = site_publish(state, moment)
    assert site_publish(state, moment)[1] == [], "a left-out null is no difference"
