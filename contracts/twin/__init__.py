"""The twin run: one sequence of calls on two targets in lock-step, and every difference between what they answer.

``generation`` deals sequences of the moves in ``item_actions`` and ``site_actions``, ``peers`` plays them, and
``generated.comparing`` finds the differences of what ``generated.answers`` leaves of the answers. For each,
``findings`` has ``shrinking`` look for the smallest sequence that shows it, ``explaining`` for the open choice that
makes it, and ``suggesting`` for the clauses where none does. ``printing`` hands what was found to
``generated.reproduction``.
"""

from ..run.preflight import CannotRun
from .explaining import UNSEEN_CHOICES, Explainer
from .findings import Finding, TwinRun
from .peers import Peer

__all__ = ["UNSEEN_CHOICES", "CannotRun", "Explainer", "Finding", "Peer", "TwinRun"]
