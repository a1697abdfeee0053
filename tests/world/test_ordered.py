"""The one container of the world, held against a sorted dictionary."""

from __future__ import annotations

from operator import itemgetter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fake_webflow.world import ordered
from fake_webflow.world.ordered import Ordered

KEY = itemgetter(0)
KEYS = st.integers(-30, 60)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("put"), st.lists(st.tuples(KEYS, st.integers(0, 5)), max_size=40)),
        st.tuples(st.just("remove"), st.lists(KEYS, max_size=25)),
    ),
    max_size=12,
)


def check(sequence: Ordered[tuple[int, int]], model: dict[int, int]) -> None:
    records = sorted(model.items())
    assert list(sequence) == records
    assert list(reversed(sequence)) == records[::-1]
    assert len(sequence) == len(records)
    assert sequence == Ordered(KEY, records)
    for key in range(-31, 62):
        assert sequence.get(key) == ((key, model[key]) if key in model else None)
        assert (key in sequence) == (key in model)
    for start in range(-2, len(records) + 3, 3):
        for stop in (-1, start - 1, start, start + 1, start + 7, len(records), len(records) + 5):
            assert sequence.slice(start, stop) == (records[max(start, 0) : stop] if stop > 0 else [])


@pytest.mark.hypothesis
@pytest.mark.parametrize("largest_chunk", [2, 3, 8, 512])
def test_it_is_a_sorted_dictionary(largest_chunk, monkeypatch):
    monkeypatch.setattr(ordered, "_LARGEST_CHUNK", largest_chunk)

    @given(first=st.lists(st.tuples(KEYS, st.integers(0, 5)), max_size=60), steps=STEPS)
    def holds(first, steps):
        sequence, model = Ordered(KEY, first), dict(first)
        check(sequence, model)
        for name, argument in steps:
            before, kept, old = sequence, list(sequence), model
            assert len(before) == len(kept), "counted, so that what is made of it may go by its counts"
            if name == "put":
                sequence, gone = sequence.exchange(argument)
                model = {**model, **dict(argument)}
                assert sorted(gone) == sorted((key, old[key]) for key in dict(argument).keys() & old.keys())
                assert before.put(argument) == sequence
            else:
                sequence = sequence.remove(argument)
                model = {key: value for key, value in model.items() if key not in argument}
            assert list(before) == kept, "the old value changed"
            check(sequence, model)

    holds()


@pytest.mark.parametrize("largest_chunk", [3, 512])
def test_no_chunk_grows_beyond_the_largest(largest_chunk, monkeypatch):
    monkeypatch.setattr(ordered, "_LARGEST_CHUNK", largest_chunk)
    sequence: Ordered[tuple[int]] = Ordered(KEY)
    for number in range(5 * largest_chunk):
        sequence = sequence.put([(number * 7919 % 5003,)])
    assert max(map(len, sequence._chunks)) <= largest_chunk
    assert [record[0] for record in sequence] == sorted(number * 7919 % 5003 for number in range(5 * largest_chunk))


def test_a_change_shares_the_chunks_it_does_not_touch():
    before = Ordered(KEY, [(number,) for number in range(5000)])
    after = before.put([(17, "changed")])
    assert sum(one is other for one, other in zip(before._chunks, after._chunks, strict=True)) == len(after._chunks) - 1


def test_records_that_take_others_places_move_nothing():
    before = Ordered(KEY, [(number, "") for number in range(5000)])
    assert before.slice(4000, 4001) == [(4000, "")]
    after = before.put([(number, "changed") for number in range(700, 800)])
    assert after._firsts is before._firsts
    assert after._ends is before._ends
    assert after.slice(798, 802) == [(798, "changed"), (799, "changed"), (800, ""), (801, "")]


def test_no_change_gives_the_same_value():
    sequence = Ordered(KEY, [(1,)])
    assert sequence.put([]) is sequence
    assert sequence.remove([]) is sequence


def test_it_equals_nothing_else():
    assert Ordered(KEY, [(1,)]) != [(1,)]
    assert Ordered(KEY, [(1,)]) != Ordered(KEY, [(2,)])
