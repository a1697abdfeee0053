"""The twin run: one sequence of calls on two targets in lock-step, and every difference between what they answer.

``moves`` makes sequences, ``sides`` plays them, ``normal`` takes out of the answers what may differ (ids, times,
marks), ``compare`` finds the differences, ``shrinking`` the smallest sequence that shows one, ``explaining`` the open
choice that makes it, and ``printing`` turns it into a test and into lines for a shell.
"""

from .explaining import UNSEEN, Explainer
from .findings import Finding, Twin
from .sides import CannotRun, Side

__all__ = ["UNSEEN", "CannotRun", "Explainer", "Finding", "Side", "Twin"]
