"""Rows 1, 3, 4 and 5: one request, called as WSGI, against bare Flask and against Flask over a dictionary."""

from __future__ import annotations

from itertools import count as numbers

import orjson

from fake_webflow.transports.flask_app import create_flask_app

from .floors import WsgiCall, bare, floor, items_target
from .harness import Contender, Curve, Goal, Plan, Results, measured, ratio
from .profiling import where_time_goes
from .worlds import (
    ITEMS_PATH,
    POSTS_ID,
    SIZES,
    create_body,
    fake_with,
    field_data,
    item_id,
    item_path,
    patch_body,
    world_with,
)

_BODIES = 4_000


def reads(plan: Plan) -> Results:
    """Rows 1 and 3."""
    app = create_flask_app(fake_with(1_000))
    get, page = WsgiCall(app, "GET", item_path(500)), WsgiCall(app, "GET", items_target(limit=100))
    samples = measured(
        [
            Contender("get", get),
            Contender("page", page),
            Contender("bare get", WsgiCall(bare(get()), "GET", item_path(500))),
            Contender("bare page", WsgiCall(bare(page()), "GET", items_target(limit=100))),
        ],
        plan,
    )
    one = ratio(1, "GET item, as WSGI / B", samples["get"], samples["bare get"], Goal(1.3, "x"))
    many = ratio(3, "list of 100 with ETag, as WSGI / B", samples["page"], samples["bare page"], Goal(2.2, "x"))
    return Results([one.explained(lambda: where_time_goes(get)), many.explained(lambda: where_time_goes(page))])


def creation(plan: Plan) -> Results:
    """Row 4."""
    bodies = [create_body(1_000_000 + number) for number in range(_BODIES)]
    contenders = {size: _creating(size, bodies) for size in SIZES}
    answer = contenders[SIZES[0]].call
    answered = answer()
    assert isinstance(answered, bytes)
    of_bare = Contender("bare", WsgiCall(bare(answered), "POST", ITEMS_PATH, bodies))
    samples = measured([*contenders.values(), of_bare], plan)
    first = contenders[SIZES[0]]
    figures = [
        ratio(4, "create one item, as WSGI / B", samples[first.name], samples["bare"], Goal(1.5, "x")),
        ratio(
            4,
            "create one item, among 100,000 / among 1,000",
            samples[contenders[SIZES[-1]].name],
            samples[first.name],
            Goal(1.1, "x"),
        ),
    ]
    points = {size: min(samples[each.name]) * 1e6 for size, each in contenders.items()}
    numbered = numbers()

    def profile() -> str:
        first.before_round()
        return where_time_goes(lambda: (next(numbered) % _BODIES == 0 and first.before_round(), first.call()))

    return Results([each.explained(profile) for each in figures], [Curve(4, "create one item", "us", points)])


def _creating(size: int, bodies: list[bytes]) -> Contender:
    fake = fake_with(size)
    before = fake.state
    call = WsgiCall(create_flask_app(fake), "POST", ITEMS_PATH, bodies, status=202)

    def begin_anew() -> None:
        fake.restore(before)
        fake.journal.clear()
        call.again()

    return Contender(f"create at {size}", call, before_round=begin_anew)


def bulk_update(plan: Plan) -> Results:
    """Row 5."""
    bodies = [patch_body(0, 100), patch_body(0, 100, "Changed once more")]
    ours = WsgiCall(create_flask_app(fake_with(1_000)), "PATCH", ITEMS_PATH, bodies)
    kept = {item.id: orjson.loads(item.json) for item in world_with(1_000).collections[POSTS_ID].staged}
    assert kept[item_id(0)]["fieldData"] == field_data(0)
    naive = WsgiCall(floor(kept), "PATCH", ITEMS_PATH, bodies)
    samples = measured([Contender("ours", ours), Contender("floor", naive)], plan)
    figure = ratio(5, "PATCH of 100 items, as WSGI / F", samples["ours"], samples["floor"], Goal(1.5, "x"))
    return Results([figure.explained(lambda: where_time_goes(ours))])
