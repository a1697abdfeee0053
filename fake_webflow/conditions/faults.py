"""Scripted refusals, as a value: which of the coming calls are answered with 429 whatever the limit says."""

from __future__ import annotations

from typing import NamedTuple


class TooManyRequests(NamedTuple):
    """One script.

    Args:
        times: How many calls it hits; None for no end.
        every: Hits every so-manieth call: 1 is each, 5 is the fifth, the tenth and so on.
        retry_after: Seconds for the ``Retry-After`` header; None for the honest rest of the rate window.
        seen: How many calls it has seen.
    """

    times: int | None = None
    every: int = 1
    retry_after: int | None = None
    seen: int = 0

    @property
    def hits_next(self) -> bool:
        """Whether the next call is hit."""
        hit_so_far = self.seen // self.every
        return (self.seen + 1) % self.every == 0 and (self.times is None or hit_so_far < self.times)


class Faults(NamedTuple):
    """The scripts that are on, each counting on its own; of those that hit a call the first answers it."""

    scripts: tuple[TooManyRequests, ...] = ()

    def next_call(self) -> tuple[Faults, TooManyRequests | None]:
        """The scripts after one more call, and the one that hits it."""
        hitting = next((script for script in self.scripts if script.hits_next), None)
        return Faults(tuple(script._replace(seen=script.seen + 1) for script in self.scripts)), hitting
