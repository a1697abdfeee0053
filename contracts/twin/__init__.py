"""The twin run: one sequence of calls on two targets in lock-step, and every difference between what they answer.

``generation`` deals sequences of the actions in ``item_actions`` and ``site_actions``, ``peers`` plays them,
``normalizing`` takes out of the answers what may differ (ids, times, marks), and ``comparing`` finds the differences.
For each, ``findings`` has ``shrinking`` look for the smallest sequence that shows it, ``explaining`` for the open
choice that makes it, and ``suggesting`` for the clauses where none does. ``printing`` turns what was found into a test
(``assertions`` says what it asserts) and into lines for a shell (``scripts``, with the generated calls).
"""

from ..run.preflight import CannotRun
from .explaining import UNSEEN_CHOICES, Explainer
from .findings import Finding, TwinRun
from .peers import Peer

__all__ = ["UNSEEN_CHOICES", "CannotRun", "Explainer", "Finding", "Peer", "TwinRun"]
