"""Row 20: what it costs to keep the state in a file: a write and a read over the socket, and the start."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from fake_webflow.state_file.kept import StateFile

from . import served
from .harness import Goal, Plan, Results, amount, ratio
from .load import load
from .served import Asked, Served
from .worlds import TOKEN, fake_with

_ITEMS = 10_000
_WARM_UP, _TURN = 0.5, 0.4  # seconds
_WITH, _WITHOUT = "with", "without"


def keeping(plan: Plan) -> Results:
    """Row 20."""
    with TemporaryDirectory() as folder:
        rates = _measure_rates(plan, Path(folder, "rates.db"))
        starts = _measure_starts(plan, Path(folder, "starts.db"))
    figures = [
        ratio(20, f"serve --state: {what} over loopback / without", rates[what, _WITHOUT], rates[what, _WITH], goal)
        for what, goal in (("PATCH item", Goal(1.5, "x")), ("GET item", Goal(1.15, "x")))
    ]
    more = [(kept - bare) * 1000 for kept, bare in zip(starts[_WITH], starts[_WITHOUT], strict=True)]
    what = f"serve --state: spawn to first 200 with {_ITEMS:,} items in the file, more than without a file"
    return Results([*figures, amount(20, what, more, "ms", Goal(300, "ms"))])


def _measure_rates(plan: Plan, path: Path) -> dict[tuple[str, str], list[float]]:
    """Requests a second, by what is asked and of whom."""
    with ExitStack() as stack:
        bare = stack.enter_context(served.fake())
        kept = stack.enter_context(served.fake(options=["--state", str(path)]))
        running = {
            (what, name): server._replace(asked=asked)
            for name, server in ((_WITH, kept), (_WITHOUT, bare))
            for what, asked in (("GET item", server.asked), ("PATCH item", _make_patch(server.asked)))
        }
        return _interleaved(running, plan)


def _interleaved(running: dict[tuple[str, str], Served], plan: Plan) -> dict[tuple[str, str], list[float]]:
    for server in running.values():
        load(server, _WARM_UP * plan.scale)
    rates: dict[tuple[str, str], list[float]] = {name: [] for name in running}
    order, shuffled = list(running), random.Random(6)
    for _ in range(plan.rounds):
        shuffled.shuffle(order)
        for name in order:
            answered = load(running[name], _TURN * plan.scale)
            rates[name].append(answered.requests / answered.seconds)
    return rates


def _make_patch(asked: Asked) -> Asked:
    headers = {**asked.headers, "Content-Type": "application/json"}
    return Asked(asked.target, headers, "PATCH", b'{"fieldData": {"name": "Changed"}}')


def _measure_starts(plan: Plan, path: Path) -> dict[str, list[float]]:
    """Seconds from spawning a server to its first answer."""
    _write_state(path)
    takes: dict[str, Callable[[], AbstractContextManager[Served]]]
    takes = {_WITH: partial(served.fake, options=["--state", str(path), "--token", TOKEN]), _WITHOUT: served.fake}
    seconds: dict[str, list[float]] = {name: [] for name in takes}
    order, shuffled = list(takes), random.Random(6)
    for _ in range(plan.rounds):
        shuffled.shuffle(order)
        for name in order:
            with takes[name]() as server:
                seconds[name].append(server.seconds)
    return seconds


def _write_state(path: Path) -> None:
    """A file as a server leaves it whose world is the bench's."""
    fake, file = fake_with(_ITEMS), StateFile(path)
    begun = {"scenario": {"name": "default"}, "seed": None, "now": None}
    file.write_facts({**begun, "rate_limit": None, "profile": {}, "limit": {}, "upload_secret": "bench"})
    facts = {"origin": "http://127.0.0.1:1", "token": TOKEN, "fake_token": TOKEN}
    file.begin("", fake, facts, (fake.state, fake.profile))
    file.close()
