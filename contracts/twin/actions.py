"""The deck that sequences are dealt from: moves, each a few calls that belong together.

There is at least one for every operation and for every open choice that can be seen from here. Only folders of assets
are not made, because the API cannot remove them.
"""

from __future__ import annotations

from collections.abc import Callable

from .sequence_builder import SequenceBuilder

Action = Callable[[SequenceBuilder], None]


class ActionList(list[Action]):
    """Moves in the order in which they are written, which is that of the fixed plan."""

    def register(self, function: Action) -> Action:
        """Adds one."""
        self.append(function)
        return function
