"""Time: the fake's clock, and sleeping on it."""

from __future__ import annotations

import asyncio
import sys
import threading
import time
import types
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
import requests

from fake_webflow import ArrangingError, FakeWebflow
from fake_webflow.client import WebflowClient
from fake_webflow.fake import fake_of
from fake_webflow.world.instants import LATEST, timestamp

Headers = dict[str, str]


def test_the_clock_moves_the_rate_window(fake_webflow: FakeWebflow, items_url: str, headers: Headers) -> None:
    fake_webflow.rate_limit(1)
    seen = []
    for seconds in (0, 59, 2):
        fake_webflow.clock.advance(seconds)
        seen.append(requests.get(items_url, headers=headers).status_code)
    assert seen == [200, 429, 200]


def test_a_running_clock_can_be_stopped() -> None:
    with FakeWebflow(now="machine") as webflow:
        running = webflow.clock.now
        webflow.clock.freeze()
        assert webflow.state.clock.frozen
        assert webflow.clock.now >= running


def test_a_program_that_waits_as_it_is_told_takes_no_time(
    fake_webflow: FakeWebflow, items_url: str, headers: Headers
) -> None:
    fake_webflow.rate_limit(1)

    def patient() -> requests.Response:
        while (response := requests.get(items_url, headers=headers)).status_code == 429:
            time.sleep(int(response.headers["Retry-After"]))
        return response

    began, start = time.monotonic(), fake_webflow.clock.now
    with fake_webflow.clock.patch_sleep():
        assert [patient().status_code for _ in range(5)] == [200] * 5
    assert fake_webflow.clock.now - start == 4 * 60_000
    assert time.monotonic() - began < 30


def test_every_way_of_sleeping_is_caught(fake_webflow: FakeWebflow) -> None:
    module = types.ModuleType("program")
    sys.modules["program"] = module
    try:
        exec("from time import sleep as nap\nfrom asyncio import sleep as rest", vars(module))
        start = fake_webflow.clock.now
        with fake_webflow.clock.patch_sleep():
            module.nap(1)
            time.sleep(10)
            asyncio.run(module.rest(100))
            assert asyncio.run(asyncio.sleep(1000, "result")) == "result"
            assert asyncio.run(asyncio.sleep(-1, "at once")) == "at once"
            with pytest.raises(ValueError, match="non-negative"):
                time.sleep(-1)
        assert fake_webflow.clock.now - start == 1_111_000
        assert (module.nap, module.rest) == (time.sleep, asyncio.sleep)
    finally:
        del sys.modules["program"]


def test_writers_that_wait_for_each_other_do_not_sleep_on_the_clock(fake_webflow: FakeWebflow) -> None:
    is_held = threading.Event()

    def hold() -> None:
        with fake_of(fake_webflow).hold_lock():
            is_held.set()
            threading.Event().wait(0.05)  # long enough that the other finds the turn taken

    start = fake_webflow.clock.now
    with fake_webflow.clock.patch_sleep():
        holder = threading.Thread(target=hold)
        holder.start()
        is_held.wait()
        fake_webflow.clock.advance(1)
        holder.join()
    assert fake_webflow.clock.now - start == 1000


def test_nothing_stays_patched(fake_webflow: FakeWebflow) -> None:
    before = (time.sleep, asyncio.sleep, asyncio.tasks.sleep)
    late = types.ModuleType("late")

    def interrupted() -> None:
        try:
            with fake_webflow.clock.patch_sleep():
                sys.modules["late"] = late
                exec("from time import sleep\nfrom asyncio import sleep as rest", vars(late))
                kept.extend([time.sleep, asyncio.sleep])
                raise KeyboardInterrupt
        except KeyboardInterrupt:
            pass

    kept: list[Any] = []
    interrupted()
    del sys.modules["late"]
    assert (time.sleep, asyncio.sleep, asyncio.tasks.sleep) == before
    assert (late.sleep, late.rest) == before[:2]
    start = fake_webflow.clock.now
    kept[0](0)
    assert asyncio.run(kept[1](0, "result")) == "result"
    assert fake_webflow.clock.now == start


def test_a_client_that_was_made_before_is_caught(fake_webflow: FakeWebflow) -> None:
    client = WebflowClient(fake_webflow.token)
    fake_webflow.rate_limit(1)
    start = fake_webflow.clock.now
    with fake_webflow.clock.patch_sleep():
        assert [bool(client.sites.list()) for _ in range(2)] == [True, True]
    assert fake_webflow.clock.now - start >= 60_000


def test_two_fakes_sleep_one_in_the_other(fake_webflow: FakeWebflow) -> None:
    before = time.sleep
    with FakeWebflow() as other:
        with fake_webflow.clock.patch_sleep():
            with other.clock.patch_sleep():
                time.sleep(5)
            time.sleep(7)
        starts = {webflow.clock.now // 1000 % 60 for webflow in (fake_webflow, other)}
    assert starts == {5, 7}
    assert time.sleep is before


def test_a_running_clock_is_frozen(fake_webflow: FakeWebflow) -> None:
    fake_of(fake_webflow).change(lambda state: state._replace(clock=state.clock.resume()))
    fake_webflow.clock.freeze()
    now = fake_webflow.clock.now
    assert fake_webflow.clock.now == now


@pytest.mark.parametrize("seconds", [-1, "61", None])
def test_time_only_goes_forward(fake_webflow: FakeWebflow, seconds: Any) -> None:
    before = fake_webflow.clock.now
    with pytest.raises(ValueError, match=rf"only goes forward.* seconds; not {seconds!r}$"):
        fake_webflow.clock.advance(seconds)
    assert fake_webflow.clock.now == before


@pytest.mark.parametrize("seconds", [-1, float("nan"), float("inf"), 1e300, "1"])
def test_a_time_that_no_date_can_say_is_refused_at_once(fake_webflow: FakeWebflow, seconds: Any) -> None:
    before = fake_webflow.state
    with pytest.raises(ValueError, match=r"the clock only goes forward|beyond the year 9999"):
        fake_webflow.clock.advance(seconds)
    assert fake_webflow.state is before


def newest_date(webflow: FakeWebflow) -> str:
    return timestamp(webflow.state.world.newest_date)


@pytest.mark.parametrize(
    "moment",
    ["2026-03-01T12:00:00Z", datetime(2026, 3, 1, 12), datetime(2026, 3, 1, 13, tzinfo=timezone(timedelta(hours=1)))],
)
def test_the_clock_is_set_alone(fake_webflow: FakeWebflow, moment: str | datetime) -> None:
    world = fake_webflow.state.world
    fake_webflow.clock.set(moment)
    assert timestamp(fake_webflow.clock.now) == "2026-03-01T12:00:00.000Z"
    assert fake_webflow.state.world is world
    made = fake_webflow.add_item("authors", {"name": "Ada"})
    assert made["createdOn"] == "2026-03-01T12:00:00.001Z"


def test_the_clock_goes_back_to_the_newest_date_and_no_further(fake_webflow: FakeWebflow) -> None:
    newest = newest_date(fake_webflow)
    fake_webflow.clock.set(newest)
    assert timestamp(fake_webflow.clock.now) == newest
    fake_webflow.clock.set("2030-01-01")
    fake_webflow.add_item("authors", {"name": "Ada"})
    before = fake_webflow.state
    with pytest.raises(ArrangingError, match=rf"2029-12-31.*{newest_date(fake_webflow)}"):
        fake_webflow.clock.set("2029-12-31")
    assert fake_webflow.state is before


@pytest.mark.parametrize("moment", ["soon", 5, None, "machine", "9999-01-01"])
def test_a_time_that_cannot_be_set(fake_webflow: FakeWebflow, moment: Any) -> None:
    before = fake_webflow.state
    with pytest.raises(ValueError, match=r"a time (is|lies)"):
        fake_webflow.clock.set(moment)
    assert fake_webflow.state is before


def test_a_clock_runs_on_from_what_it_shows_and_is_set_running(
    fake_webflow: FakeWebflow, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine = [7_000_000_000_000]
    monkeypatch.setattr("time.time_ns", lambda: machine[0] * 1_000_000)
    start = fake_webflow.clock.now
    fake_webflow.clock.run()
    machine[0] += 5000
    assert fake_webflow.clock.now == start + 5000
    fake_webflow.clock.set("2030-01-01")
    machine[0] += 1000
    assert timestamp(fake_webflow.clock.now) == "2030-01-01T00:00:01.000Z"
    fake_webflow.clock.freeze()
    machine[0] += 1000
    assert timestamp(fake_webflow.clock.now) == "2030-01-01T00:00:01.000Z"


def test_the_newest_date_is_that_of_anything() -> None:
    webflow = FakeWebflow(now="2024-05-01")
    arrange: list[Any] = [
        lambda: webflow.add_item("authors", {"name": "Ada"}),
        lambda: webflow.add_collection("Notes"),
        lambda: webflow.add_asset(b"a", file_name="a.txt"),
        lambda: webflow.client.asset_folders.create(webflow.site.id, display_name="New"),
        lambda: webflow.add_site("Other"),
        lambda: webflow.client.webhooks.create(webflow.site.id, trigger_type="site_publish", url="https://a.example/"),
        lambda: webflow.client.sites.publish(webflow.site.id, publish_to_webflow_subdomain=True),
    ]
    for act in arrange:
        webflow.clock.advance(60)
        before = webflow.clock.now
        act()
        assert before <= webflow.state.world.newest_date <= webflow.clock.now


def test_a_delay_at_the_end_of_all_dates_is_answered() -> None:
    with FakeWebflow(now="9998-12-31T23:59:59Z") as webflow:
        webflow.faults.on().delay(60)
        for _ in range(3):
            assert webflow.client.sites.list()["sites"]
        assert webflow.clock.now == LATEST
