"""The twin run: one sequence of calls on two targets in lock-step, and every difference between what they answer.

``generation`` deals sequences from the deck in ``item_moves`` and ``site_moves``, ``sides`` plays them, ``normal``
takes out of the answers what may differ (ids, times, marks), and ``compare`` finds the differences. For each,
``shrinking`` looks for the smallest sequence that shows it, ``explaining`` for the open choice that makes it, and
``concerning`` for the clauses where none does. ``printing`` turns what was found into a test (``checks`` says what it
asserts) and into lines for a shell (``scripts``).
"""

from ..run.preflight import CannotRun
from .explaining import UNSEEN_CHOICES, Explainer
from .findings import Finding, TwinRun
from .peers import Peer

__all__ = ["UNSEEN_CHOICES", "CannotRun", "Explainer", "Finding", "Peer", "TwinRun"]
