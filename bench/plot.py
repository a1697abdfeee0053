"""The growth curves as one SVG: a panel for each row, its own unit upwards, items from left to right by tens."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from itertools import groupby
from math import floor, log10

from .harness import Curve, shown
from .worlds import SIZES

_WIDTH, _HEIGHT = 380, 300
_LEFT, _RIGHT, _TOP, _BOTTOM = 56, 16, 34, 110
_COLOURS = ("#1b4965", "#bc4b51", "#5b8e7d", "#f4a259", "#8c5e99")
_TITLES = {4: "Row 4: create", 6: "Row 6: list", 7: "Row 7: the state as a value", 14: "Row 14: memory"}
_STEPS = (1, 2, 2.5, 4, 5, 8, 10, 20)
_LINES = 4


def growth(curves: Sequence[Curve]) -> str:
    """The picture, as text."""
    panels = [list(group) for _, group in groupby(sorted(curves, key=lambda each: each.row), key=lambda each: each.row)]
    width, height = 2 * _WIDTH, -(-len(panels) // 2) * _HEIGHT
    drawn = [
        f'<g transform="translate({number % 2 * _WIDTH} {number // 2 * _HEIGHT})">\n{_panel(panel)}\n</g>'
        for number, panel in enumerate(panels)
    ]
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'font-family="sans-serif" font-size="11" fill="#333">\n'
        f'<title>How cost grows with the number of items</title>\n<rect width="{width}" height="{height}" fill="#fff"/>'
    )
    return "\n".join([head, *drawn, "</svg>", ""])


def _panel(curves: Sequence[Curve]) -> str:
    top = _round_above(max(value for curve in curves for value in curve.points.values()))
    row, unit = curves[0].row, curves[0].unit
    parts = [f'<text x="{_LEFT}" y="20" font-size="13" font-weight="bold">{escape(_TITLES[row])}</text>']
    parts += [_grid_line(top * line / _LINES, top, unit) for line in range(_LINES + 1)]
    parts += [
        f'<text x="{_x(size)}" y="{_HEIGHT - _BOTTOM + 16}" text-anchor="middle">{size:,}</text>' for size in SIZES
    ]
    for number, curve in enumerate(curves):
        parts += _line(curve, top, _COLOURS[number % len(_COLOURS)], _HEIGHT - _BOTTOM + 34 + 14 * number)
    return "\n".join(parts)


def _grid_line(value: float, top: float, unit: str) -> str:
    y = _y(value, top)
    label = f'<text x="{_LEFT - 6}" y="{y + 4}" text-anchor="end">{shown(value, unit)}</text>'
    return f'<path d="M{_LEFT} {y}H{_WIDTH - _RIGHT}" stroke="#ddd"/>{label}'


def _line(curve: Curve, top: float, colour: str, y: float) -> list[str]:
    places = [(_x(size), _y(value, top)) for size, value in sorted(curve.points.items())]
    path = "M" + "L".join(f"{across} {down}" for across, down in places)
    dots = [f'<circle cx="{across}" cy="{down}" r="3" fill="{colour}"/>' for across, down in places]
    return [
        f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="2"/>',
        *dots,
        f'<path d="M{_LEFT} {y - 4}h16" stroke="{colour}" stroke-width="2"/>',
        f'<text x="{_LEFT + 22}" y="{y}">{escape(curve.what)}</text>',
    ]


def _x(size: int) -> float:
    first, last = log10(SIZES[0]), log10(SIZES[-1])
    inner = _WIDTH - _LEFT - _RIGHT - 40
    return round(_LEFT + 20 + inner * (log10(size) - first) / (last - first), 1)


def _y(value: float, top: float) -> float:
    return round(_HEIGHT - _BOTTOM - (_HEIGHT - _BOTTOM - _TOP) * value / top, 1)


def _round_above(value: float) -> float:
    """The next round number, above which there is room."""
    power: float = 10.0 ** floor(log10(value))
    return next(step * power for step in _STEPS if step * power >= value * 1.05)
