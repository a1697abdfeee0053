"""Rows 10, 12 and 18: what fresh processes take: to a first answer, in process and as a server; to start pytest."""

from __future__ import annotations

import compileall
import os
import random
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from typing import NamedTuple, TypeVar

from . import served
from .harness import Goal, Plan, Results, amount, left_out, ratio
from .places import CHILDREN, HAS_PROC, ROOT, resident_kilobytes
from .profiling import where_a_program_spends_it

_FLASK, _OURS, _OF_REQUESTS = "first_answer_of_flask", "first_answer", "first_answer_of_requests"
_PLUGIN = ["-p", "fake_webflow.testing.plugin"]
_FEW_REQUESTS = 20
_ITEM_SIZE = 670
Taken = TypeVar("Taken")


def first_answers(plan: Plan) -> Results:
    """Row 10."""
    _compile()
    programs = {name: [str(CHILDREN / f"{name}.py")] for name in (_FLASK, _OURS, _OF_REQUESTS)}
    takes = {name: partial(_seconds_to_answer, program) for name, program in programs.items()}
    samples = _interleaved(takes, plan)
    what = "fresh interpreter to first answer, by Flask's client / bare Flask"
    ours = ratio(10, what, samples[_OURS], samples[_FLASK], Goal(1.15, "x"))
    what = "the same by unmodified requests, without Flask / bare Flask"
    unmodified = ratio(10, what, samples[_OF_REQUESTS], samples[_FLASK])
    return Results([ours.explained(lambda: where_a_program_spends_it(programs[_OURS], cwd=ROOT)), unmodified])


def serving(plan: Plan) -> Results:
    """Row 12."""
    _compile()
    spawned = _interleaved({"ours": partial(_spawned, served.fake), "bare": partial(_spawned, _bare)}, plan)
    seconds = {name: [each.seconds for each in samples] for name, samples in spawned.items()}
    what = "fake-webflow serve: spawn to first 200 / bare Flask, same server"
    start = ratio(12, what, seconds["ours"], seconds["bare"], Goal(1.3, "x"))
    program = [str(CHILDREN / "serve_once.py")]
    explained = start.explained(lambda: where_a_program_spends_it(program, cwd=ROOT))
    what, goal = "fake-webflow serve: resident memory, default scenario", Goal(45, "MB")
    if not HAS_PROC:
        return Results([explained, left_out(12, what, "memory is read from /proc, which is not here", "MB", goal)])
    memory = amount(12, what, [each.megabytes for each in spawned["ours"]], "MB", goal)
    of_bare = amount(12, "bare Flask, same server: resident memory", [each.megabytes for each in spawned["bare"]], "MB")
    return Results([explained, memory, of_bare])


def plugin(plan: Plan) -> Results:
    """Row 18, without any other plugin: many import what ours needs as well, and would make it look cheaper.

    In seconds on a processor: a start waits for nothing, and the difference is small beside what neighbours do to it.
    """
    _compile()
    what, goal = "pytest and one empty test in a fresh process, processor time beside pytest alone", Goal(1.05, "x")
    if not HAS_PROC:
        return Results([left_out(18, what, "processes are not measured on a system like this one", "x", goal)])
    with TemporaryDirectory() as folder:
        Path(folder, "test_nothing.py").write_text("def test_nothing(): pass\n", encoding="utf-8")
        program = ["-m", "pytest", "-q", "-p", "no:cacheprovider"]
        takes = {
            "with": partial(_seconds_of_pytest, [*program, *_PLUGIN], folder),
            "without": partial(_seconds_of_pytest, program, folder),
        }
        samples = _interleaved(takes, plan)
        figure = ratio(18, what, samples["with"], samples["without"], goal)
        return Results([figure.explained(lambda: where_a_program_spends_it([*program, *_PLUGIN], cwd=Path(folder)))])


def _compile() -> None:
    """What is installed has its bytecode beside it; a checkout may be set up to write none."""
    compileall.compile_dir(ROOT / "fake_webflow", quiet=1)


def _seconds_of_pytest(program: list[str], folder: str) -> float:
    from resource import RUSAGE_CHILDREN, getrusage  # not on every system

    alone = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    before = getrusage(RUSAGE_CHILDREN)
    subprocess.run([sys.executable, *program], cwd=folder, env=alone, check=True, capture_output=True)
    after = getrusage(RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


class _Spawned(NamedTuple):
    """A server: seconds to its first answer, and megabytes after a few more."""

    seconds: float
    megabytes: float


def _bare() -> AbstractContextManager[served.Served]:
    return served.bare(_ITEM_SIZE)


def _spawned(serve: Callable[[], AbstractContextManager[served.Served]]) -> _Spawned:
    with serve() as server:
        for _ in range(_FEW_REQUESTS):
            served.answer(server.port, server.asked)
        return _Spawned(server.seconds, resident_kilobytes(server.process) / 1000 if HAS_PROC else 0.0)


def _seconds_to_answer(program: list[str]) -> float:
    started = monotonic()
    done = subprocess.run([sys.executable, *program], cwd=ROOT, check=True, capture_output=True, text=True)
    return float(done.stdout) - started


def _interleaved(takes: Mapping[str, Callable[[], Taken]], plan: Plan) -> dict[str, list[Taken]]:
    """What each of them gives, once in every round, in an order that is shuffled anew."""
    samples: dict[str, list[Taken]] = {name: [] for name in takes}
    order, shuffled = list(takes), random.Random(6)
    for take in takes.values():
        take()  # from now on modules are compiled and files in the system's cache
    for _ in range(plan.rounds):
        shuffled.shuffle(order)
        for name in order:
            samples[name].append(takes[name]())
    return samples
