"""The fake behind a drift, in this process, as the suite's target."""

from __future__ import annotations

from ..kit.in_process import InProcessTarget
from .drift import Drift


class DriftedTarget(InProcessTarget):
    """A fake that has drifted.

    Args:
        drift: How.
        seed: Of the fake's ids.
        explains: Whether causes are told from what follows from them.
    """

    shrinks = False

    def __init__(self, drift: Drift, *, seed: int = 0, explains: bool = False) -> None:
        super().__init__(seed=seed, around=drift.answer)
        self.explains = explains
        self.name = f"a fake in this process that has drifted: {drift.name}"
