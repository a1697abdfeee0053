"""The deck that sequences are dealt from: moves, each a few calls that belong together.

There is at least one for every operation and for every open choice that can be seen from here. Only folders of assets
are not made, because the API cannot remove them.
"""

from __future__ import annotations

from collections.abc import Callable

from .scene import Scene

Move = Callable[[Scene], None]


class Deck(list[Move]):
    """Moves in the order in which they are written, which is that of the fixed plan."""

    def move(self, function: Move) -> Move:
        """Adds one."""
        self.append(function)
        return function
