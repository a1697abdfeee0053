"""Rows 8, 9 and 11: what a test pays for its fake, for the app and for a server."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from http.client import HTTPConnection
from pathlib import Path
from time import perf_counter

from fake_webflow.transports.flask_app import create_flask_app
from fake_webflow.transports.server import Server

from .harness import Figure, Goal, Plan, Results, amount, left_out
from .peers import Peers
from .places import CHILDREN, ROOT
from .profiling import where_a_program_spends_it, where_time_goes
from .worlds import TOKEN, fake_with, item_path

_FEW = 5


def fixture(plan: Plan) -> Results:
    """Row 8."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out.json"
        given = {"FAKE_WEBFLOW_BENCH_OUT": str(out), "FAKE_WEBFLOW_BENCH_PLAN": json.dumps(plan)}
        probe = str(CHILDREN / "fixture_probe.py")
        subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", probe],
            cwd=ROOT,
            env={**os.environ, **given},
            check=True,
            capture_output=True,
        )
        taken, profile = json.loads(out.read_text(encoding="utf-8"))
    figure = amount(8, "fixture fake_webflow, set-up and tear-down, our code", taken, "us", Goal(30, "us"))
    return Results([figure.explained(lambda: profile)])


def app(plan: Plan) -> Results:
    """Row 9."""
    program = [str(CHILDREN / "build_app.py")]
    taken = [_printed(program) for _ in range(plan.rounds)]
    figure = amount(9, "building the app with every route, in a fresh process", taken, "ms", Goal(10, "ms"))
    return Results([figure.explained(lambda: where_a_program_spends_it(program, cwd=ROOT))])


def server(plan: Plan, peers: Peers) -> Results:
    """Row 11."""
    application = create_flask_app(fake_with(1_000))
    starts, stops, left = [], [], []
    for _ in range(plan.rounds):
        before = threading.active_count()
        started = perf_counter()
        running = Server(application)
        running.start()
        _first_answer(running)
        answered = perf_counter()
        running.stop()
        stops.append((perf_counter() - answered) * 1000)
        starts.append((answered - started) * 1000)
        left.append(float(threading.active_count() - before))
    start = amount(11, "server thread: start to its first 200", starts, "ms", Goal(5, "ms"))
    stop = amount(11, "server thread: stop", stops, "ms", Goal(5, "ms"))
    threads = amount(11, "server thread: threads left", left, "threads", Goal(0, "threads"))
    explained = [each.explained(lambda: where_time_goes(_start_and_stop(application))) for each in (start, stop)]
    return Results([*explained, threads, *_of_httpserver(peers)])


def _start_and_stop(application: object) -> Callable[[], None]:
    def once() -> None:
        running = Server(application)  # type: ignore[arg-type]
        running.start()
        _first_answer(running)
        running.stop()

    return once


def _first_answer(running: Server) -> None:
    connection = HTTPConnection(running.origin.removeprefix("http://"), timeout=5)
    connection.request("GET", item_path(500), headers={"Authorization": f"Bearer {TOKEN}", "Connection": "close"})
    assert connection.getresponse().read()
    connection.close()


def _of_httpserver(peers: Peers) -> list[Figure]:
    """The same of pytest-httpserver, for comparison; its default stop takes half a second, so only a few rounds."""
    whats = ("pytest-httpserver: start to its first 200", "pytest-httpserver: stop")
    python, reason = peers.python()
    if python is None:
        return [left_out(11, what, reason, "ms") for what in whats]
    program = [str(python), str(CHILDREN / "httpserver.py"), str(_FEW)]
    printed = json.loads(subprocess.run(program, check=True, capture_output=True, text=True).stdout)
    return [amount(11, what, taken, "ms") for what, taken in zip(whats, printed, strict=True)]


def _printed(program: list[str]) -> float:
    done = subprocess.run([sys.executable, *program], cwd=ROOT, check=True, capture_output=True, text=True)
    return float(done.stdout)
