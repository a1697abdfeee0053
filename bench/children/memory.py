"""How much resident memory so many items add to a process, in kilobytes for each item; or, with ``trace``, where."""

from __future__ import annotations

import gc
import sys
import tracemalloc
from pathlib import Path

from bench.places import resident_kilobytes
from bench.worlds import world_with

_SHOWN = 5


def main() -> None:
    """Builds the world that is asked for, after a small one, so that code and its caches are there already."""
    count = int(sys.argv[1])
    small = world_with(100)
    gc.collect()
    if sys.argv[2:] == ["trace"]:
        print(_where(count))
    else:
        before = resident_kilobytes()
        large = world_with(count)
        gc.collect()
        print((resident_kilobytes() - before) / count)
        del large
    del small


def _where(count: int) -> str:
    """The lines of code whose allocations are still held, with bytes for each item."""
    tracemalloc.start()
    held = world_with(count)
    gc.collect()
    lines = tracemalloc.take_snapshot().statistics("lineno")[:_SHOWN]
    told = [
        f"{Path(line.traceback[0].filename).name}:{line.traceback[0].lineno} {line.size / count:.0f}" for line in lines
    ]
    del held
    return f"bytes an item, by where they were allocated: {', '.join(told)}"


if __name__ == "__main__":
    main()
