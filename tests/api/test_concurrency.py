"""Several threads on one fake, forks beside each other, and going back in time."""

from __future__ import annotations

import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from worlds import EN, POSTS_ID, SITE_ID, ask, fake, faults_of, ok

ITEMS = f"/collections/{POSTS_ID}/items"
THREADS, EACH = 8, 25


@pytest.fixture(autouse=True)
def quick_switches():
    """Threads that take turns every few instructions, so that a lost update would show."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    yield
    sys.setswitchinterval(before)


def at_once(work: Callable[[int], object]) -> list[object]:
    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(work, range(THREADS)))


def names(asked) -> list[str]:
    return sorted(item.field_data["name"] for item in asked.state.world.collections[POSTS_ID].staged)


def test_no_create_is_lost():
    asked = fake()

    def work(thread: int) -> None:
        for number in range(EACH):
            ok(ask(asked, "POST", ITEMS, {"fieldData": {"name": f"{thread}-{number}"}}))
            ok(ask(asked, "GET", ITEMS, query="limit=3"))

    at_once(work)
    assert names(asked) == sorted(f"{thread}-{number}" for thread in range(THREADS) for number in range(EACH))
    items = list(asked.state.world.collections[POSTS_ID].staged)
    assert len({item.id for item in items}) == len({item.created_on for item in items}) == THREADS * EACH
    assert len(asked.journal) == THREADS * EACH * 2
    (window,) = asked.state.rate.windows.values()
    assert window[1] == THREADS * EACH * 2


def test_no_update_is_lost_and_no_slug_is_given_twice():
    asked = fake()
    item = ok(ask(asked, "POST", f"{ITEMS}/live", {"fieldData": {"name": "One"}}))["id"]
    fields = ["plaintext", "richtext", "link", "email", "phone", "color", "number", "switch"]
    values = ["x", "x", "https://x.y", "x@y.z", "1", "red", 1, True]

    def work(thread: int) -> None:
        path = f"{ITEMS}/{item}/live" if thread % 2 else f"{ITEMS}/{item}"
        for _ in range(EACH):
            ok(ask(asked, "PATCH", path, {"fieldData": {fields[thread]: values[thread]}}))
            ok(ask(asked, "POST", ITEMS, {"fieldData": {"name": "Same name"}}))

    at_once(work)
    staged = asked.state.world.collections[POSTS_ID].staged
    assert staged.get(item, EN).field_data == {"name": "One", "slug": "one", **dict(zip(fields, values, strict=True))}
    slugs = [found.slug for found in staged]
    assert len(set(slugs)) == len(slugs) == THREADS * EACH + 1


def test_every_request_of_a_window_is_allowed_and_no_more():
    asked = fake()
    asked.limit_rate(100)
    statuses = at_once(lambda _: [ask(asked, "GET", "/sites").status for _ in range(EACH)])
    flat = [status for several in statuses for status in several]
    assert (flat.count(200), flat.count(429)) == (100, THREADS * EACH - 100)


def test_settings_and_writes_do_not_undo_each_other():
    asked = fake()
    start = asked.state.clock.now

    def work(thread: int) -> None:
        for number in range(EACH):
            if thread == 0:
                asked.advance(1)
            elif thread == 1:
                faults_of(asked).on(first=1).too_many_requests()
                asked.stop_faults()
            else:
                response = ask(asked, "POST", ITEMS, {"fieldData": {"name": f"{thread}-{number}"}})
                assert response.status in (202, 429)

    at_once(work)
    created = len(names(asked))
    refused = sum(exchange.status == 429 for exchange in asked.journal)
    assert created + refused == EACH * (THREADS - 2)
    assert asked.state.clock.now == start + EACH * 1000 + created


def test_forks_see_nothing_of_each_other():
    origin = fake()
    ok(ask(origin, "POST", ITEMS, {"fieldData": {"name": "Shared"}}))
    forks = [origin.fork() for _ in range(THREADS)]

    def work(thread: int) -> None:
        for number in range(EACH):
            ok(ask(forks[thread], "POST", ITEMS, {"fieldData": {"name": f"{thread}-{number}"}}))

    at_once(work)
    assert names(origin) == ["Shared"]
    for thread, fork in enumerate(forks):
        assert names(fork) == sorted(["Shared", *(f"{thread}-{number}" for number in range(EACH))])
        assert len(fork.journal) == EACH
    ids = [[item.id for item in fork.state.world.collections[POSTS_ID].staged] for fork in forks]
    assert ids[0] == ids[1], "the same seed and the same requests give the same ids"


def test_a_state_is_a_snapshot():
    asked = fake()
    ok(ask(asked, "POST", f"{ITEMS}/live", {"fieldData": {"name": "One"}}))
    kept = asked.state
    shown = ask(asked, "GET", ITEMS).body
    script = [
        ("POST", ITEMS, {"fieldData": {"name": "Two"}}),
        ("POST", f"/sites/{SITE_ID}/publish", {"publishToWebflowSubdomain": True}),
        ("POST", f"/sites/{SITE_ID}/assets", {"fileName": "a.png", "fileHash": "b"}),
    ]
    first = [ask(asked, *call).body for call in script]
    asked.advance(3600)
    asked.limit_rate(7)
    assert ask(asked, "GET", ITEMS).body != shown
    asked.restore(kept)
    assert asked.state is kept
    assert ask(asked, "GET", ITEMS).body == shown
    assert [ask(asked, *call).body for call in script] == first
    assert kept == kept._replace(world=kept.world)
