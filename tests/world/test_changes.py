"""What a write changed: the records that differ, found by what two worlds share."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fake_webflow import FakeWebflow
from fake_webflow.world.changes import MOST_RECORDS, ChangedRecord, find_changed_records
from fake_webflow.world.ordered import Ordered, split_by_identity
from fake_webflow.world.world import World


@given(
    st.dictionaries(st.integers(0, 2000), st.integers(0, 3)), st.dictionaries(st.integers(0, 2000), st.integers(0, 3))
)
def test_sequences_are_told_apart_as_sets_are(kept: dict[int, int], written: dict[int, int]) -> None:
    before = Ordered(lambda pair: pair[0], [*((key, -1) for key in range(0, 1500, 3)), *kept.items()])
    gone = [key for key, value in written.items() if value == 0]
    after = before.remove(gone).put([(key, value) for key, value in written.items() if value])
    put = before.put([(key, value) for key, value in written.items() if value])
    assert set(before.tell_apart(put)[0]) == {pair for pair in before if written.get(pair[0])}
    assert set(before.tell_apart(put)[1]) == {pair for pair in written.items() if pair[1]}
    ours, theirs = before.tell_apart(after)
    assert set(ours) >= set(before) - set(after)
    assert set(theirs) >= set(after) - set(before)
    assert set(ours) & set(before) == set(ours)
    # Nobody is named who stayed as it was, unless it was put in once more.
    assert not {key for key, _ in [*ours, *theirs]} - set(written)


@pytest.mark.parametrize("ours", ["", "a", "abc", "abcdefgh"])
@pytest.mark.parametrize("theirs", ["", "b", "axc", "bc", "abcd", "xabcdefgh", "abcdefgh"])
def test_texts_are_told_apart(ours: str, theirs: str) -> None:
    only_ours, only_theirs = split_by_identity(tuple(ours), tuple(theirs))
    assert set(only_ours) >= set(ours) - set(theirs)
    assert set(only_theirs) >= set(theirs) - set(ours)
    if ours == theirs:
        assert (only_ours, only_theirs) == ([], [])


def changes_of(webflow: FakeWebflow, write: Any) -> list[ChangedRecord]:
    before = webflow.state.world
    write()
    found, count, size = find_changed_records(before, webflow.state.world)
    assert count >= len(found)
    assert size == sum(one.size for one in found)
    return found


def test_each_kind_of_record_is_told_of(fake_webflow: FakeWebflow) -> None:
    client, site = fake_webflow.client, fake_webflow.site.id
    authors = fake_webflow.collections["authors"].id
    made = changes_of(fake_webflow, lambda: client.items.create(authors, {"fieldData": {"name": "Ada"}}))
    ((kind, place, before, item),) = made
    assert (kind, place, before, item.slug) == ("staged", authors, None, "ada")
    published = changes_of(fake_webflow, lambda: client.items.publish(authors, [item.id]))
    assert {(one.kind, one.before is None) for one in published} == {("staged", False), ("live", True)}
    removed = changes_of(fake_webflow, lambda: client.items.delete(authors, item.id))
    assert ("staged", True) in [(one.kind, one.after is None) for one in removed]
    shop = {"displayName": "Shop", "singularName": "Thing"}
    ((kind, _, before, collection),) = changes_of(fake_webflow, lambda: client.collections.create(site, shop))
    assert (kind, before, collection.slug) == ("collection", None, "shop")
    assert changes_of(fake_webflow, lambda: client.items.list(authors)) == []


def test_a_world_that_is_all_new_is_told_of_in_part(fake_webflow: FakeWebflow) -> None:
    found, count, _ = find_changed_records(World(), fake_webflow.state.world)
    assert (len(found), count > MOST_RECORDS) == (MOST_RECORDS, True)
