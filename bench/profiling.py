"""Where the time goes, in one line, for goals that are missed."""

from __future__ import annotations

import cProfile
import pstats
from collections.abc import Callable, Sequence
from pathlib import Path
from subprocess import run
from sys import executable
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

_SECONDS = 0.4
_SHOWN = 8
# A function that nearly everything happens in says nothing of where.
_TOO_MUCH, _TOO_LITTLE = 0.93, 0.02
_OURS = "/fake_webflow/"
_LIBRARIES = {
    "Flask and Werkzeug": ("/flask/", "/werkzeug/", "/blinker/"),
    "requests and urllib3": ("/requests/", "/urllib3/", "/http/", "/urllib/", "/email/"),
    "httpx": ("/httpx/", "/httpcore/", "/h11/"),
    "importing": ("<frozen importlib", "<frozen zipimport"),
    "pytest": ("/_pytest/", "/pluggy/"),
    "waitress": ("/waitress/",),
}


def where_time_goes(call: Callable[[], object], before: Callable[[], object] | None = None) -> str:
    """A line for what is called again and again for a while.

    Args:
        call: What is profiled.
        before: Done before each call, and not profiled.
    """
    profile = cProfile.Profile()
    until = perf_counter() + _SECONDS
    while perf_counter() < until:
        if before is not None:
            before()
        profile.runcall(call)
    return _line(pstats.Stats(profile))


def where_a_program_spends_it(arguments: Sequence[str], *, cwd: Path) -> str:
    """A line for a Python program, given as what stands behind ``python``, from its first import to its end."""
    with TemporaryDirectory() as folder:
        kept = Path(folder) / "profile"
        run([executable, "-m", "cProfile", "-o", str(kept), *arguments], cwd=cwd, check=True, capture_output=True)
        return _line(pstats.Stats(str(kept)))


def _line(stats: pstats.Stats) -> str:
    rows: dict[tuple[str, int, str], tuple[Any, ...]] = stats.stats  # type: ignore[attr-defined]
    total = sum(row[2] for row in rows.values()) or 1e-9
    shares: dict[str, float] = {}
    for place, row in rows.items():
        name = _owner(place[0])
        shares[name] = shares.get(name, 0.0) + row[2] / total
    owners = sorted(shares.items(), key=lambda each: -each[1])
    own = [(row[3] / total, _name(place)) for place, row in rows.items() if _OURS in place[0]]
    # Of functions of one name in one module, and of what calls itself, the largest share.
    largest = {name: share for share, name in sorted(own)}
    largest = dict(sorted(largest.items(), key=lambda each: -each[1]))
    inside = [f"{name} {share:.0%}" for name, share in largest.items() if _TOO_LITTLE <= share <= _TOO_MUCH][:_SHOWN]
    by_owner = ", ".join(f"{name} {share:.0%}" for name, share in owners if share >= _TOO_LITTLE)
    return f"time itself: {by_owner}; with all they call, of our functions: {', '.join(inside) or 'none to speak of'}"


def _owner(file: str) -> str:
    if _OURS in file:
        return "ours"
    for name, parts in _LIBRARIES.items():
        if any(part in file for part in parts):
            return name
    return "functions in C" if file == "~" else "other Python"


def _name(place: tuple[str, int, str]) -> str:
    file, _, function = place
    module = file.partition(_OURS)[2].removesuffix(".py").replace("/", ".")
    return f"{module} (import)" if function == "<module>" else f"{module}.{function}"
