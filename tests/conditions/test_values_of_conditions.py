"""Clock, ids, rate windows and scripts on their own."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fake_webflow.conditions import RUNNING, START, Clock, Ids, RateLimit
from fake_webflow.conditions.rate_limit import WINDOW
from fake_webflow.world.instants import LATEST


def test_a_frozen_clock_moves_when_told():
    clock = Clock()
    assert clock.now == START == clock.now
    assert clock.tick().now == START + 1
    assert clock.advance(61.5).now == START + 61_500
    assert clock.advance(-1).now == START - 1000


def test_a_running_clock_follows_the_machine():
    before = time.time_ns() // 1_000_000
    assert before <= RUNNING.now <= time.time_ns() // 1_000_000
    later = RUNNING.advance(3600)
    assert 3_600_000 <= later.now - before < 3_660_000
    assert RUNNING.tick() == RUNNING
    frozen = later.freeze()
    assert frozen.frozen
    assert 0 <= later.now - frozen.now < 60_000
    assert abs(frozen.resume().now - frozen.now) < 60_000


@pytest.mark.clause("ids.object-id", "ids.time")
@given(seed=st.integers(), instants=st.lists(st.integers(0, 4_000_000_000_000), min_size=1, max_size=20))
def test_ids_tell_the_second_and_never_repeat(seed, instants):
    ids, made = Ids(seed), []
    for instant in instants:
        made.append(ids.object_id(instant))
        ids = ids.next()
    assert all(len(one) == 24 and set(one) <= set("0123456789abcdef") for one in made)
    assert [int(one[:8], 16) for one in made] == [instant // 1000 for instant in instants]
    assert len(set(made)) == len(made)
    assert made == sorted(made) or instants != sorted(instants)


def test_the_same_seed_gives_the_same_ids_and_another_does_not():
    assert Ids(1).object_id(START) == Ids(1).object_id(START) != Ids(2).object_id(START)
    assert Ids(1).digits(32) == Ids(1).digits(32) != Ids(1).next().digits(32)
    assert len(Ids(1).digits(5)) == 5


@pytest.mark.clause("rate.window", "rate.headers")
@given(steps=st.lists(st.integers(0, 40_000), min_size=1, max_size=30), limit=st.integers(1, 5))
def test_windows_are_counted_apart(steps, limit):
    rate, now, opened, count = RateLimit(limit), START, None, 0
    for step in steps:
        now += step
        rate = rate.count_request("one", now)
        if opened is None or now >= opened + WINDOW:
            opened, count = now, 0
        count += 1
        headers = dict(rate.headers("one", now))
        assert rate.is_exceeded("one", now) == (count > limit)
        assert headers["X-RateLimit-Remaining"] == str(max(limit - count, 0))
        assert 1 <= int(headers["Retry-After"]) <= 60
        assert now + int(headers["Retry-After"]) * 1000 >= opened + WINDOW
        assert dict(rate.headers("other", now)) == {
            "X-RateLimit-Limit": str(limit),
            "X-RateLimit-Remaining": str(limit),
            "Retry-After": "60",
        }


def test_a_clock_set_back_opens_a_new_window():
    rate = RateLimit(1).count_request("one", START).count_request("one", START)
    assert rate.is_exceeded("one", START)
    assert not rate.count_request("one", START - 1000).is_exceeded("one", START - 1000)
    assert "one" not in repr(rate)


@pytest.mark.parametrize(("years", "shown"), [(-60, 0), (-5000, 0), (7972, None), (7973, LATEST), (250_000, LATEST)])
def test_a_clock_that_runs_shows_only_what_ids_and_dates_can_say(
    monkeypatch: pytest.MonkeyPatch, years: int, shown: int | None
) -> None:
    moved = int((1_796_100_000 + years * 31_556_952) * 1e9)
    monkeypatch.setattr("time.time_ns", lambda: moved)
    assert RUNNING.now == (moved // 1_000_000 if shown is None else shown)
    assert RUNNING.freeze().now == RUNNING.freeze().resume().now == RUNNING.now
