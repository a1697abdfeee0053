"""Interleaved rounds, and what may be said of their figures.

A shared machine changes its speed from one moment to the next. So no contender is measured for itself: in each round
all of them have their turn, in an order that is shuffled anew, and what is compared is compared within its round.
"""

from __future__ import annotations

import gc
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import comb
from statistics import median
from time import process_time
from typing import Literal, NamedTuple

Verdict = Literal["met", "missed", "too noisy", "left out", ""]
Samples = Mapping[str, Sequence[float]]
_CERTAINTY = 0.95
_MOST_CALLS = 1_000_000
_COLD = 2
FULL_ROUNDS = 15


class Plan(NamedTuple):
    """How much is measured.

    Args:
        rounds: How many; below fifteen the figures are no more than a look.
        seconds: How long a contender's turn is to last.
    """

    rounds: int = 25
    seconds: float = 0.03

    @property
    def scale(self) -> float:
        """How much of a full run it is, for what is not measured in turns: 1 for all of it."""
        return min(self.rounds / FULL_ROUNDS, 1.0)


def nothing() -> None:
    """What is done where nothing is to be done."""


class Contender(NamedTuple):
    """One of those that are measured side by side.

    Args:
        name: Tells it from the others.
        call: What is timed.
        before_round: Done before each turn, and not timed.
        after_round: Done after each turn, and not timed.
        before_call: Done before each call, and not timed; None for nothing, which lets calls be timed together.
        clock: Seconds of this process's own by default, in which no neighbour on the machine has a share; where a call
            waits for something it is ``perf_counter``.
    """

    name: str
    call: Callable[[], object]
    before_round: Callable[[], object] = nothing
    after_round: Callable[[], object] = nothing
    before_call: Callable[[], object] | None = None
    clock: Callable[[], float] = process_time


def measured(contenders: Sequence[Contender], plan: Plan, *, calls: int | None = None) -> dict[str, list[float]]:
    """Seconds a call for each contender, one figure a round.

    The garbage collector runs as it does in a test suite: what a call leaves for it to do is part of what it costs.

    Args:
        contenders: Who is measured.
        plan: How much.
        calls: Calls in a turn; None for as many as fill it.
    """
    counts = {each.name: _calls_that_fill(each, plan.seconds) if calls is None else calls for each in contenders}
    samples: dict[str, list[float]] = {each.name: [] for each in contenders}
    order = list(contenders)
    shuffled = random.Random(6)
    for _ in range(plan.rounds):
        shuffled.shuffle(order)
        gc.collect()
        for each in order:
            samples[each.name].append(_turn(each, counts[each.name]))
    return samples


def _turn(contender: Contender, count: int) -> float:
    contender.before_round()
    try:
        return _timed(contender, count) / count
    finally:
        contender.after_round()


def _timed(contender: Contender, count: int) -> float:
    call, before_call, clock = contender.call, contender.before_call, contender.clock
    if before_call is None:
        started = clock()
        for _ in range(count):
            call()
        return clock() - started
    total = 0.0
    for _ in range(count):
        before_call()
        started = clock()
        call()
        total += clock() - started
    return total


def _calls_that_fill(contender: Contender, seconds: float) -> int:
    """So many calls as take about that long, once the first ones are over, which import, compile and fill caches."""
    for _ in range(_COLD):
        _turn(contender, 1)
    count = 1
    while True:
        taken = _turn(contender, count) * count
        if taken >= seconds / 4 or count >= _MOST_CALLS:
            return max(1, round(count * seconds / taken))
        count *= 2


class Goal(NamedTuple):
    """What a figure is to be.

    Args:
        bound: The most it may be, or the least.
        unit: Of the bound and of the figure.
        at_least: Whether the bound is the least.
    """

    bound: float
    unit: str
    at_least: bool = False

    def __str__(self) -> str:
        return f"{'>=' if self.at_least else '<='} {shown(self.bound, self.unit)}"


@dataclass(frozen=True)
class Figure:
    """One line of the table.

    Args:
        row: Of the list of goals.
        what: Was measured.
        unit: Of the samples.
        samples: One a round; none where the figure had to be left out.
        best: The best that was seen: for a ratio, the ratio of the two minimums.
        goal: None where it only stands beside others for comparison.
        note: What must be known to read it, or why it was left out.
        profile: Where the time goes, if the goal was missed.
    """

    row: int
    what: str
    unit: str
    samples: tuple[float, ...] = ()
    best: float = 0.0
    goal: Goal | None = None
    note: str = ""
    profile: str = ""

    @property
    def median(self) -> float:
        """The figure itself."""
        return median(self.samples)

    @property
    def interval(self) -> tuple[float, float]:
        """Where the true median lies with a certainty of 95 percent."""
        return interval_of_median(self.samples)

    @property
    def verdict(self) -> Verdict:
        """Whether the goal is met, if the whole interval is on one side of it."""
        if not self.samples:
            return "left out"
        if self.goal is None:
            return ""
        low, high = self.interval
        bound = self.goal.bound
        if (low >= bound) if self.goal.at_least else (high <= bound):
            return "met"
        if (high < bound) if self.goal.at_least else (low > bound):
            return "missed"
        return "too noisy"

    def explained(self, profile: Callable[[], str]) -> Figure:
        """With a profile of where the time goes, unless the goal is met."""
        return replace(self, profile=profile()) if self.verdict in ("missed", "too noisy") else self


class Curve(NamedTuple):
    """How a figure grows with the number of items.

    Args:
        row: Of the list of goals.
        what: Was measured.
        unit: Of the figures.
        points: The figure by the number of items.
    """

    row: int
    what: str
    unit: str
    points: Mapping[int, float]


class Results(NamedTuple):
    """What a group of rows found."""

    figures: Sequence[Figure]
    curves: Sequence[Curve] = ()


def interval_of_median(samples: Sequence[float]) -> tuple[float, float]:
    """Between which two samples the median of whatever they were drawn from lies, with a certainty of 95 percent.

    The two are counted from both ends alike; nothing is asked of the shape of the distribution. With fewer than six
    samples no pair is that certain, and it is the lowest and the highest.

    >>> interval_of_median([5, 1, 2, 9, 3, 4, 7, 8, 6])
    (2, 8)
    """
    ordered, count = sorted(samples), len(samples)
    outside, cut = 0.0, 0
    while cut < count // 2:
        outside += 2 * comb(count, cut) / 2**count
        if outside > 1 - _CERTAINTY:
            break
        cut += 1
    return ordered[max(cut - 1, 0)], ordered[min(count - cut, count - 1)]


def ratio(row: int, what: str, over: Sequence[float], under: Sequence[float], goal: Goal | None = None) -> Figure:
    """How many times one is the other, round by round: times, or rates where the goal is a least one."""
    ratios = tuple(a / b for a, b in zip(over, under, strict=True))
    best = max if goal is not None and goal.at_least else min
    return Figure(row, what, "x", ratios, best(over) / best(under), goal)


def amount(row: int, what: str, samples: Sequence[float], unit: str, goal: Goal | None = None) -> Figure:
    """A figure that is no ratio; the less, the better."""
    return Figure(row, what, unit, tuple(samples), min(samples), goal)


def rate(row: int, what: str, samples: Sequence[float], unit: str) -> Figure:
    """A figure that is no ratio; the more, the better."""
    return Figure(row, what, unit, tuple(samples), max(samples))


def left_out(row: int, what: str, reason: str, unit: str = "x", goal: Goal | None = None) -> Figure:
    """A line for what could not be measured."""
    return Figure(row, what, unit, goal=goal, note=reason)


def shown(value: float, unit: str) -> str:
    """The value with its unit, to three digits.

    >>> shown(1.2345, "x"), shown(0.0456, "us"), shown(1234.5, "ms")
    ('1.23 x', '0.0456 us', '1234 ms')
    """
    digits = f"{value:.0f}" if abs(value) >= 1000 else f"{value:.3g}"
    return f"{digits} {unit}".rstrip()
