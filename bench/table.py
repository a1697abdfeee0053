"""What a run found: one value, as JSON and as tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from typing import Any, NamedTuple

from .harness import Curve, Figure, shown
from .places import machine

_PACKAGES = (
    "flask", "werkzeug", "waitress", "orjson", "requests", "httpx", "responses", "respx", "pytest", "schemathesis",
    "hypothesis",
)  # fmt: skip
_HEADINGS = ("row", "what", "goal", "figure", "95 % of it", "best", "verdict")


class Report(NamedTuple):
    """One run.

    Args:
        date: In UTC.
        machine: What it ran on, and how busy that was.
        rounds: At least so many for each figure.
        seconds: How long the run took.
        versions: Of everybody, by name.
        figures: In the order of the rows.
        curves: How some of them grow.
    """

    date: str
    machine: str
    rounds: int
    seconds: float
    versions: Mapping[str, str]
    figures: Sequence[Figure]
    curves: Sequence[Curve]


def report(
    figures: Iterable[Figure],
    curves: Iterable[Curve],
    *,
    rounds: int,
    seconds: float,
    peers: Mapping[str, str],
    remark: str,
) -> Report:
    """The report of a run that has just ended.

    Args:
        figures: In any order.
        curves: In any order.
        rounds: As planned.
        seconds: The run's.
        peers: Their versions.
        remark: What else is to be known of the machine.
    """
    return Report(
        date=datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        machine=f"{machine()}{f'; {remark}' if remark else ''}",
        rounds=rounds,
        seconds=seconds,
        versions={**_own_versions(), **peers},
        figures=sorted(figures, key=lambda figure: figure.row),
        curves=sorted(curves, key=lambda curve: curve.row),
    )


def as_json(found: Report) -> dict[str, Any]:
    """For programs: everything, every sample too."""
    figures = [
        {
            "row": each.row,
            "what": each.what,
            "unit": each.unit,
            "goal": None if each.goal is None else {"bound": each.goal.bound, "at_least": each.goal.at_least},
            "median": each.median if each.samples else None,
            "interval": each.interval if each.samples else None,
            "best": each.best if each.samples else None,
            "verdict": each.verdict,
            "samples": each.samples,
            "note": each.note,
            "profile": each.profile,
        }
        for each in found.figures
    ]
    curves = [
        {**curve._asdict(), "points": {str(size): at for size, at in curve.points.items()}} for curve in found.curves
    ]
    return {**found._asdict(), "figures": figures, "curves": curves}


def as_text(found: Report) -> str:
    """For a terminal."""
    rows = [_HEADINGS, *map(_cells, found.figures)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    lines.insert(1, "  ".join("-" * width for width in widths))
    remarks = [f"row {row}: {what}: {text}" for row, what, text in _remarks(found)]
    return "\n".join([*lines, "", *remarks, "", _footer(found)])


def as_markdown(found: Report) -> str:
    """For a page."""
    rows = [_HEADINGS, ("--:", "---", "--:", "--:", "---", "--:", "---"), *map(_cells, found.figures)]
    lines = [f"| {' | '.join(row)} |" for row in rows]
    remarks = [f"- Row {row}, {what}: {text}." for row, what, text in _remarks(found)]
    said = ["", "Where the time goes in what is not met, and why lines are missing:", "", *remarks] if remarks else []
    return "\n".join([_footer(found), "", *lines, *said, ""])


def _cells(figure: Figure) -> tuple[str, ...]:
    goal = "" if figure.goal is None else str(figure.goal)
    if not figure.samples:
        return str(figure.row), figure.what, goal, "", "", "", figure.verdict
    low, high = (shown(end, "") for end in figure.interval)
    measured = (shown(figure.median, figure.unit), f"{low} to {high}", shown(figure.best, figure.unit))
    return str(figure.row), figure.what, goal, *measured, figure.verdict


def _remarks(found: Report) -> list[tuple[int, str, str]]:
    texts = ((each, each.note or each.profile) for each in found.figures)
    return [(each.row, each.what, text) for each, text in texts if text]


def _footer(found: Report) -> str:
    versions = ", ".join(f"{name} {number}" for name, number in found.versions.items())
    return (
        f"Run of {found.date} on {found.machine}. {found.rounds} rounds, {found.seconds / 60:.0f} minutes in all. "
        f"Versions: {versions}."
    )


def _own_versions() -> dict[str, str]:
    found: dict[str, str] = {}
    for name in _PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found
