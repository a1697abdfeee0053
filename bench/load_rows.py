"""Row 13: requests a second over loopback, the fake's against those of whole servers of other people."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from contextlib import ExitStack
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from fake_webflow.transports.flask_app import create_flask_app

from . import served
from .floors import WsgiCall
from .harness import Figure, Goal, Plan, Results, amount, left_out, rate, ratio
from .load import load
from .peer_servers import JSON_SERVER, MOCKOON, MOTO, PRISM, serving, the_item
from .peers import Peers
from .places import HAS_PROC, ROOT, processor_seconds
from .profiling import where_time_goes
from .served import Served
from .worlds import fake_with, item_path

_WARM_UP, _TURN = 1.0, 0.4  # seconds
_OURS, _LOGS, _BARE = "fake-webflow serve", "fake-webflow serve --log", "bare Flask, same server"
_GOALS = {
    PRISM: Goal(4, "x", at_least=True),
    MOCKOON: Goal(1.7, "x", at_least=True),
    MOTO: Goal(6, "x", at_least=True),
    JSON_SERVER: None,
    _BARE: None,
    _LOGS: None,
}
_OUR_DOCUMENT = ROOT / "fake_webflow" / "openapi" / "document.json"


class _Turn(NamedTuple):
    """One turn: requests a second, and microseconds that the server's process was on a processor for each."""

    rate: float
    microseconds: float


def over_loopback(plan: Plan, peers: Peers, document: Path | None = None) -> Results:
    """Row 13.

    Args:
        plan: How much.
        peers: What can be had.
        document: The official OpenAPI document, if it is at hand. Without it Prism mocks ours, which has a third of
            its operations: Prism is the faster for that, so the same goal is harder to meet.
    """
    with TemporaryDirectory() as folder, ExitStack() as stack:
        servers, missing = serving(Path(folder), peers, document or _OUR_DOCUMENT)
        servers = {
            _OURS: served.fake,
            _LOGS: partial(served.fake, logs=True),
            _BARE: partial(served.bare, len(json.dumps(the_item()))),
            **servers,
        }
        running: dict[str, Served] = {}
        for name, serve in servers.items():
            try:
                running[name] = stack.enter_context(serve())
            except (RuntimeError, AssertionError) as error:
                missing[name] = str(error)
        turns = _interleaved(running, plan)
    samples = {name: [turn.rate for turn in each] for name, each in turns.items()}
    figures = [_against(name, samples, missing) for name in _GOALS]
    figures += [rate(13, f"GET item over loopback, {name}", taken, "req/s") for name, taken in samples.items()]
    if HAS_PROC:
        figures += [_processor_time(name, each) for name, each in turns.items()]
    return Results(figures)


@cache
def _profile() -> str:
    """Of the fake alone: what the server adds is the same for every app behind it."""
    return where_time_goes(WsgiCall(create_flask_app(fake_with(1_000)), "GET", item_path(500)))


def _against(name: str, samples: Mapping[str, list[float]], missing: Mapping[str, str]) -> Figure:
    what, goal = f"GET item over loopback, {_OURS} / {name}", _GOALS[name]
    if name in missing:
        return left_out(13, what, missing[name], goal=goal)
    return ratio(13, what, samples[_OURS], samples[name], goal).explained(_profile)


def _processor_time(name: str, turns: list[_Turn]) -> Figure:
    return amount(13, f"GET item over loopback, {name}, processor time", [turn.microseconds for turn in turns], "us")


def _interleaved(running: Mapping[str, Served], plan: Plan) -> dict[str, list[_Turn]]:
    for server in running.values():
        load(server, _WARM_UP * plan.scale)
    turns: dict[str, list[_Turn]] = {name: [] for name in running}
    order, shuffled = list(running), random.Random(6)
    for _ in range(plan.rounds):
        shuffled.shuffle(order)
        for name in order:
            turns[name].append(_turn(running[name], _TURN * plan.scale))
    return turns


def _turn(server: Served, seconds: float) -> _Turn:
    before = processor_seconds(server.process) if HAS_PROC else 0.0
    answered = load(server, seconds)
    used = processor_seconds(server.process) - before if HAS_PROC else 0.0
    return _Turn(answered.requests / answered.seconds, used / answered.requests * 1e6)
