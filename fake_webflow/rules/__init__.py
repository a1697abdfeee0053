"""The rules the fake follows: the clause ledger, refusals by clause, and the profile of open choices.

Imports nothing else of this package; everything else may import it.
"""

from .ledger import Answer, Clause, Evidence, clauses, clauses_by_operation, find_clause
from .live import LIVE_RESULTS, LiveOutcome, LiveResult, count_by_evidence, describe_confidence, live_results
from .profile import Profile, choice_options, read_choices
from .refusal import CLAUSE_HEADER, MOST_PROBLEMS, Problem, Refusal

__all__ = [
    "CLAUSE_HEADER",
    "LIVE_RESULTS",
    "MOST_PROBLEMS",
    "Answer",
    "Clause",
    "Evidence",
    "LiveOutcome",
    "LiveResult",
    "Problem",
    "Profile",
    "Refusal",
    "choice_options",
    "clauses",
    "clauses_by_operation",
    "count_by_evidence",
    "describe_confidence",
    "find_clause",
    "live_results",
    "read_choices",
]
