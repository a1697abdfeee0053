"""The fake's clock, as a value: one clock moves timestamps, rate windows, ``Retry-After`` and form expiry."""

from __future__ import annotations

import time
from typing import NamedTuple

# In process time starts here and stands still but for a millisecond a write, so that a seed gives the same bytes.
START = 1_767_225_600_000  # 2026-01-01T00:00:00Z


LAST = 253_370_764_800_000
"""9999-01-01T00:00:00Z, where every clock stands still: dates after that year have no form on the wire."""


class Clock(NamedTuple):
    """What time it is.

    Args:
        frozen: Whether time stands at ``instant`` (True) or runs with the machine's clock, ``offset`` away from it.
        instant: Milliseconds since 1970, where frozen.
        offset: Milliseconds, where running.
    """

    frozen: bool = True
    instant: int = START
    offset: int = 0

    @property
    def now(self) -> int:
        """Milliseconds since 1970."""
        if self.frozen:
            return self.instant
        return min(max(time.time_ns() // 1_000_000 + self.offset, 0), LAST)

    def advance(self, seconds: float) -> Clock:
        """The clock that many seconds later."""
        milliseconds = round(seconds * 1000)
        if self.frozen:
            return self._replace(instant=self.instant + milliseconds)
        return self._replace(offset=self.offset + milliseconds)

    def tick(self) -> Clock:
        """The clock after a write: a frozen one moves a millisecond, so that no two writes tie."""
        return Clock(True, self.instant + 1, self.offset) if self.frozen else self

    def freeze(self) -> Clock:
        """The clock, standing at what it shows now."""
        return Clock(frozen=True, instant=self.now)

    def set(self, instant: int) -> Clock:
        """The clock showing that instant, and running if it runs now."""
        moved = Clock(instant=instant)
        return moved if self.frozen else moved.resume()

    def resume(self) -> Clock:
        """The clock, running on from what it shows now."""
        return Clock(frozen=False, offset=self.now - time.time_ns() // 1_000_000)


RUNNING = Clock(frozen=False)
