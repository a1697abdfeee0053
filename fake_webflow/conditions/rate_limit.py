"""Rate limits, as a value: requests counted for each token in windows of 60 seconds."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

WINDOW = 60_000  # milliseconds
# What the headers say where nothing is enforced: the figure of the smallest plans.
USUAL_LIMIT = 60


class RateLimit(NamedTuple):
    """The requests counted so far.

    A window opens with a token's first request and lasts 60 seconds (clause ``rate.window``).

    Args:
        limit: Requests a window; None enforces nothing, and headers speak of the usual limit, never reached.
        windows: By token: when its window opened (instant), and how many requests fell in it.
    """

    limit: int | None = None
    windows: Mapping[str, tuple[int, int]] = MappingProxyType({})

    def __repr__(self) -> str:
        return f"RateLimit(limit={self.limit!r}, windows of {len(self.windows)} tokens)"

    def count_request(self, token: str, now: int) -> RateLimit:
        """With one more request of that token."""
        opened, count = self._current_window(token, now)
        return RateLimit(self.limit, {**self.windows, token: (opened, count + 1)})

    def is_exceeded(self, token: str, now: int) -> bool:
        """Whether the last counted request was one too many."""
        return self.limit is not None and self._current_window(token, now)[1] > self.limit

    def headers(self, token: str, now: int, *, is_refused: bool = False) -> list[tuple[str, str]]:
        """The three headers: limit, what remains, and the seconds to the window's end, rounded up.

        A call that is refused for the rate has nothing left, also where a script refuses it.
        """
        opened, count = self._current_window(token, now)
        limit = self.limit if self.limit is not None else USUAL_LIMIT
        remaining = 0 if is_refused else max(limit - count, 0 if self.limit is not None else 1)
        return [
            ("X-RateLimit-Limit", str(limit)),
            ("X-RateLimit-Remaining", str(remaining)),
            ("Retry-After", str(-(-(opened + WINDOW - now) // 1000))),
        ]

    def _current_window(self, token: str, now: int) -> tuple[int, int]:
        opened, count = self.windows.get(token, (now, 0))
        return (opened, count) if opened <= now < opened + WINDOW else (now, 0)
