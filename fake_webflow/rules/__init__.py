"""The rules the fake follows: the clause ledger, refusals by clause, and the profile of open choices.

Imports nothing else of this package; everything else may import it.
"""

from .ledger import Answer, Clause, Evidence, clauses, find_clause
from .live import LiveResult, live_results
from .profile import Profile
from .refusal import CLAUSE_HEADER, Problem, Refusal

__all__ = [
    "CLAUSE_HEADER",
    "Answer",
    "Clause",
    "Evidence",
    "LiveResult",
    "Problem",
    "Profile",
    "Refusal",
    "clauses",
    "find_clause",
    "live_results",
]
