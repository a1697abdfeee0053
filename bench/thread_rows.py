"""Row 15: eight threads that write to one collection, against one thread that does all of it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from functools import partial
from time import perf_counter

import orjson

from fake_webflow.fake import Fake
from fake_webflow.transports.flask_app import create_flask_app

from .floors import App, WsgiCall
from .harness import Contender, Goal, Plan, Results, measured, ratio
from .profiling import where_time_goes
from .worlds import ITEMS_PATH, POSTS_ID, create_body, fake_with, item_id, item_path

_THREADS, _WRITES = 8, 40
_WORLD = 1_000
Part = Callable[[], None]


def many_writers(plan: Plan) -> Results:
    """Row 15; an update that is lost ends the bench.

    Beside it the same on fakes that share nothing: what is lost there too is what the interpreter's threads cost each
    other, and nothing of ours.
    """
    fake = fake_with(_WORLD)
    separate = [fake.fork() for _ in range(_THREADS)]
    own, one = [create_flask_app(each) for each in separate], [create_flask_app(fake)] * _THREADS
    alone = _contender("alone", [fake], lambda: _one_after_another(_parts(one)))
    contenders = [
        _contender("together", [fake], lambda: _in_threads(_parts(one))),
        alone,
        _contender("apart together", separate, lambda: _in_threads(_parts(own))),
        _contender("apart alone", separate, lambda: _one_after_another(_parts(own))),
    ]
    samples = measured(contenders, plan, calls=1)
    # Throughput is the inverse of the time for the same work.
    figure = ratio(
        15,
        "eight threads writing to one collection, throughput / one thread; no update lost",
        samples["alone"],
        samples["together"],
        Goal(0.95, "x", at_least=True),
    )
    floor = ratio(15, "the same, each thread on a fake of its own", samples["apart alone"], samples["apart together"])
    return Results([figure.explained(lambda: where_time_goes(alone.call, alone.before_round)), floor])


def _contender(name: str, fakes: list[Fake], write: Callable[[], None]) -> Contender:
    before = [fake.state for fake in fakes]

    def begin_anew() -> None:
        for fake, state in zip(fakes, before, strict=True):
            fake.restore(state)
            fake.journal.clear()

    return Contender(name, write, begin_anew, partial(_check_nothing_is_lost, fakes), clock=perf_counter)


def _parts(applications: Sequence[App]) -> list[Part]:
    return [partial(_writes_of, application, number) for number, application in enumerate(applications)]


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


def _check_nothing_is_lost(fakes: list[Fake]) -> None:
    staged = [fake.state.world.collections[POSTS_ID].staged for fake in fakes]
    created = sum(map(len, staged)) - _WORLD * len(fakes)
    assert created == _THREADS * _WRITES, "a created item is lost"
    for number in range(_THREADS):
        copies = [next(iter(each.variants(item_id(number)))) for each in staged]
        assert any(copy.field_data["summary"] == str(_WRITES - 1) for copy in copies), "a change is lost"
    assert sum(len(fake.journal) for fake in fakes) == 2 * _THREADS * _WRITES, "a call is not in the journal"
