"""Row 15: eight threads that write to one collection, against one thread that does all of it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from time import perf_counter

import orjson

from fake_webflow.api import Fake
from fake_webflow.faces.flask_app import create_app

from .floors import App, WsgiCall
from .harness import Contender, Goal, Plan, Results, measured, ratio
from .profiling import where_time_goes
from .worlds import ITEMS_PATH, POSTS_ID, create_body, fake_with, item_id, item_path

_THREADS, _WRITES = 8, 40
_WORLD = 1_000
Part = Callable[[], None]


def many_writers(plan: Plan) -> Results:
    """Row 15; an update that is lost ends the bench."""
    fake = fake_with(_WORLD)
    application, before = create_app(fake), fake.state

    def begin_anew() -> None:
        fake.restore(before)
        fake.journal.clear()

    together = Contender(
        "together",
        lambda: _in_threads(_parts(application)),
        begin_anew,
        partial(_check_nothing_is_lost, fake),
        clock=perf_counter,
    )
    alone = Contender(
        "alone",
        lambda: _one_after_another(_parts(application)),
        begin_anew,
        partial(_check_nothing_is_lost, fake),
        clock=perf_counter,
    )
    samples = measured([together, alone], plan, calls=1)
    # Throughput is the inverse of the time for the same work.
    figure = ratio(
        15,
        "eight threads writing to one collection, throughput / one thread; no update lost",
        samples["alone"],
        samples["together"],
        Goal(0.95, "x", at_least=True),
    )
    return Results([figure.explained(lambda: where_time_goes(alone.call, begin_anew))])


def _parts(application: App) -> list[Part]:
    return [partial(_writes_of, application, number) for number in range(_THREADS)]


def _writes_of(application: App, number: int) -> None:
    """One writer: new items, and its own item counted up."""
    bodies = [create_body(10_000 * (number + 1) + count) for count in range(_WRITES)]
    create = WsgiCall(application, "POST", ITEMS_PATH, bodies, status=202)
    counts = [orjson.dumps({"fieldData": {"summary": str(count)}}) for count in range(_WRITES)]
    update = WsgiCall(application, "PATCH", item_path(number), counts)
    for _ in range(_WRITES):
        create()
        update()


def _one_after_another(parts: list[Part]) -> None:
    for part in parts:
        part()


def _in_threads(parts: list[Part]) -> None:
    threads = [threading.Thread(target=part) for part in parts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _check_nothing_is_lost(fake: Fake) -> None:
    staged = fake.state.world.collections[POSTS_ID].staged
    assert len(staged) == _WORLD + _THREADS * _WRITES, "a created item is lost"
    for number in range(_THREADS):
        found = next(iter(staged.variants(item_id(number))))
        assert found.field_data["summary"] == str(_WRITES - 1), "a change is lost"
    assert len(fake.journal) == 2 * _THREADS * _WRITES, "a call is not in the journal"
