"""Rows 6, 7, 14 and 19: what grows with the number of items, and what must not."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Sequence
from functools import partial

import orjson

from fake_webflow.fake import Fake
from fake_webflow.transports.flask_app import create_flask_app
from fake_webflow.world.items import Copies

from .floors import App, WsgiCall, items_target
from .harness import (
    FULL_ROUNDS,
    Contender,
    Curve,
    Figure,
    Goal,
    Plan,
    Results,
    amount,
    left_out,
    measured,
    nothing,
    ratio,
)
from .places import HAS_PROC, ROOT
from .profiling import where_time_goes
from .worlds import ITEMS_PATH, POSTS_ID, SIZES, fake_with, field_data, item_id, patch_body

_PAGE = 100
_SMALL, _LARGE = SIZES[0], SIZES[-1]
_SAME = Goal(1.1, "x")
_MICROSECOND = 1e-6


def listing(plan: Plan) -> Results:
    """Row 6: pages and the slug filter, the same whatever the size."""
    asked: dict[str, Callable[[int], str]] = {
        "first page of 100": lambda _: items_target(limit=_PAGE),
        "page of 100 in the middle": lambda size: items_target(limit=_PAGE, offset=size // 2 - _PAGE // 2),
        "last page of 100": lambda size: items_target(limit=_PAGE, offset=size - _PAGE),
        "one item by its slug": lambda size: items_target(slug=field_data(size // 3)["slug"]),
    }
    middle = "page of 100 in the middle"
    written = "page of 100 in the middle, right after a write"
    fakes = {size: fake_with(size) for size in SIZES}
    calls = {
        (name, size): WsgiCall(create_flask_app(fakes[size]), "GET", target(size))
        for name, target in asked.items()
        for size in SIZES
    }
    contenders = [Contender(f"{name} {size}", call) for (name, size), call in calls.items()]
    for size in SIZES:
        write = WsgiCall(create_flask_app(fakes[size]), "PATCH", ITEMS_PATH, [patch_body(size // 2, 1)])
        contenders.append(Contender(f"{written} {size}", calls[middle, size], before_call=write))
    samples = measured(contenders, plan)
    figures: list[Figure] = []
    for name in [*asked, written]:
        over, under = samples[f"{name} {_LARGE}"], samples[f"{name} {_SMALL}"]
        figure = ratio(6, f"{name}, of 100,000 / of 1,000", over, under, _SAME)
        figures.append(figure.explained(partial(where_time_goes, calls[name if name in asked else middle, _LARGE])))
    curves = [
        Curve(6, name, "us", {size: min(samples[f"{name} {size}"]) / _MICROSECOND for size in SIZES})
        for name in [*asked, written]
    ]
    return Results(figures, curves)


def filtering(plan: Plan) -> Results:
    """Row 19: filters by field, beside a plain page and beside parsing the same items."""
    figures: list[Figure] = []
    for size in SIZES[1:]:
        fake = fake_with(size)
        copies = fake.state.world.collections[POSTS_ID].staged
        items = [item.json for item in copies]

        def forget(copies: Copies = copies) -> None:
            copies.recall(None, nothing)

        list_where = partial(_make_listing, create_flask_app(fake))

        several = [list_where(f"filter[rating][gt]={bound}") for bound in (2, 3)]
        found = measured(
            [
                Contender("parsing", partial(_parse_each, items)),
                Contender("first", several[0], before_call=forget),
                Contender("next", several[0], before_call=several[1]),
                Contender("plain", list_where()),
                Contender("id", list_where(f"filter[id][eq]={item_id(size // 3)}")),
                Contender("slug", list_where(f"filter[slug][eq]={field_data(size // 3)['slug']}")),
                Contender("second page", list_where(f"filter[rating][gt]=1&offset={_PAGE}")),
            ],
            plan,
        )
        rows = [
            ("the first gt on a number / orjson.loads of the same items", "first", "parsing", 1.5),
            ("the next gt on the unchanged collection / the same", "next", "parsing", 0.7),
            ("eq on id / a plain page of 100", "id", "plain", 2),
            ("eq on slug / a plain page of 100", "slug", "plain", 2),
            ("the second page of a filtered list / a plain page of 100", "second page", "plain", 5),
        ]
        figures += [
            ratio(19, f"{what}, {size:,} items", found[over], found[under], Goal(bound, "x"))
            for what, over, under, bound in rows
        ]
    return Results(figures)


def _make_listing(app: App, query: str = "") -> WsgiCall:
    return WsgiCall(app, "GET", f"{items_target()}?{query}")


def _parse_each(items: Sequence[bytes]) -> None:
    for item in items:
        orjson.loads(item)


def values(plan: Plan) -> Results:
    """Row 7: fork, snapshot and restore, which must not look at the items at all."""
    fakes = {size: fake_with(size) for size in SIZES}
    calls: dict[str, Callable[[Fake], Callable[[], object]]] = {
        "fork": lambda fake: fake.fork,
        "snapshot": lambda fake: lambda: fake.state,
        "restore": lambda fake: partial(fake.restore, fake.state),
    }
    made = {(name, size): make(fakes[size]) for name, make in calls.items() for size in SIZES}
    samples = measured([Contender(f"{name} {size}", call) for (name, size), call in made.items()], plan)
    figures = []
    for name in calls:
        taken = [seconds / _MICROSECOND for seconds in samples[f"{name} {_LARGE}"]]
        figure = amount(7, f"{name} at 100,000 items", taken, "us", Goal(5, "us"))
        figures.append(figure.explained(partial(where_time_goes, made[name, _LARGE])))
    curves = [
        Curve(7, name, "us", {size: min(samples[f"{name} {size}"]) / _MICROSECOND for size in SIZES}) for name in calls
    ]
    return Results(figures, curves)


def memory(plan: Plan) -> Results:
    """Row 14: what an item takes in a fresh process, all indices in."""
    what, goal = "memory for each item of 0.7 KB, at 100,000", Goal(1.1, "KB")
    if not HAS_PROC:
        return Results([left_out(14, what, "memory is read from /proc, which this system has not", "KB", goal)])
    # Nothing of it depends on the machine's speed: every run of the same versions comes to the same.
    samples = [_kilobytes_an_item(_LARGE) for _ in range(min(plan.rounds, FULL_ROUNDS))]
    figure = amount(14, what, samples, "KB", goal).explained(lambda: _of_memory(_LARGE, "trace"))
    points = {size: _kilobytes_an_item(size) for size in SIZES[:-1]} | {_LARGE: min(samples)}
    return Results([figure], [Curve(14, "memory for each item", "KB", points)])


def _kilobytes_an_item(size: int) -> float:
    return float(_of_memory(size))


def _of_memory(size: int, *arguments: str) -> str:
    command = [sys.executable, "-m", "bench.children.memory", str(size), *arguments]
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.strip()
