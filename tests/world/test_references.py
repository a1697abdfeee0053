"""Published items hold on to what they refer to."""

from __future__ import annotations

import pytest
from worlds import AUTHORS_ID, DE, EN, POSTS_ID, Moment, created, field, new, refused, world

from fake_webflow.world.live_item_rules import create_live_items, unpublish_items
from fake_webflow.world.publishing_rules import publish_items
from fake_webflow.world.staged_item_rules import ItemChange, NewItem, delete_items, update_items


def with_author(moment, *names):
    item = NewItem({"name": "Ann"}, names or (EN,), False, False)
    options = {"skip_invalid_files": True, "suffix_duplicates": True}
    return create_live_items(world(), world().collection(AUTHORS_ID), [item], moment, **options)


def takes_away(state, moment):
    """The two ways to take a live author away."""
    key = next(iter(state.collections[AUTHORS_ID].live)).key
    return (
        lambda: delete_items(state, state.collection(AUTHORS_ID), [key]),
        lambda: unpublish_items(state, state.collection(AUTHORS_ID), [key], moment),
    )


@pytest.mark.clause("items.still-referenced")
@pytest.mark.parametrize("many", [False, True])
def test_the_published_copy_of_the_referring_item_counts_on_its_own(many):
    moment = Moment()
    state, (author,) = with_author(moment)
    slug, value = ("multireference", [author.id]) if many else ("reference", author.id)
    state, (post,) = created(state, moment, new("Post", **{slug: value}))
    for take in takes_away(state, moment):
        take()
    state, _, _ = publish_items(state, state.collection(POSTS_ID), [(post.id, (EN,))], moment)
    cleared = ItemChange(post.id, EN, {slug: None})
    state, _ = update_items(state, state.collection(POSTS_ID), [cleared], moment, skip_invalid_files=True)
    for take in takes_away(state, moment):
        refusal = refused(take)
        assert refusal.clause == "items.still-referenced"
        assert refusal.answer.message.endswith(": Post")
    state, _, _ = publish_items(state, state.collection(POSTS_ID), [(post.id, (EN,))], moment)
    for take in takes_away(state, moment):
        take()


def test_a_reference_in_another_locale_does_not_count():
    moment = Moment()
    state, (english, german) = with_author(moment, EN, DE)
    state, _ = created(state, moment, new("Beitrag", DE, reference=german.id), live=True)
    delete_items(state, state.collection(AUTHORS_ID), [english.key])
    assert (
        refused(lambda: delete_items(state, state.collection(AUTHORS_ID), [german.key])).clause
        == "items.still-referenced"
    )


def test_an_id_in_a_text_is_no_reference():
    moment = Moment()
    state, (author,) = with_author(moment)
    state, _ = created(state, moment, new("Post", plaintext=author.id), live=True)
    delete_items(state, state.collection(AUTHORS_ID), [author.key])


def test_items_that_go_together_may_refer_to_each_other():
    moment = Moment()
    own = world(field("Reference", "related", validations={"collectionId": POSTS_ID}))
    state, (first,) = created(own, moment, new("First"), live=True)
    state, (second,) = created(state, moment, new("Second", related=first.id), live=True)
    assert (
        refused(lambda: delete_items(state, state.collection(POSTS_ID), [first.key])).clause == "items.still-referenced"
    )
    state = delete_items(state, state.collection(POSTS_ID), [first.key, second.key])
    assert len(state.collections[POSTS_ID].live) == 0
