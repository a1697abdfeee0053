"""The ledger as people and programs are shown it: counts, the operations a clause is bound to, a clause as JSON."""

from __future__ import annotations

from typing import Any, NamedTuple

from ..api.bindings import CLAUSES_BY_OPERATION, CLAUSES_OF_EVERY_ANSWER
from ..rules import Clause, clauses
from ..storage import CLAUSES_BY_STORAGE_OPERATION


class ClauseCounts(NamedTuple):
    """How many clauses there are, by the strongest evidence each has, and how many of them are open choices."""

    all: int
    observed: int
    documented: int
    inferred: int
    choices: int


def count_clauses() -> ClauseCounts:
    """The ledger in five numbers."""
    found = clauses()
    kinds = [clause.kind for clause in found]
    return ClauseCounts(
        all=len(found),
        observed=kinds.count("observed"),
        documented=kinds.count("documented"),
        inferred=kinds.count("inferred"),
        choices=sum(1 for clause in found if clause.options),
    )


def operations_of(clause_id: str) -> tuple[str, ...]:
    """The operations whose answers follow the clause; a refusal names its clause itself and may be in none of them."""
    if clause_id in CLAUSES_OF_EVERY_ANSWER:
        return ("every operation",)
    bindings = {**CLAUSES_BY_OPERATION, **CLAUSES_BY_STORAGE_OPERATION}
    return tuple(name for name, followed in bindings.items() if clause_id in followed)


def clause_object(clause: Clause) -> dict[str, Any]:
    """The clause as JSON: parts it does not have are left out."""
    answer = clause.refuses
    parts: dict[str, Any] = {
        "clause": clause.id,
        "says": clause.says,
        "kind": clause.kind,
        "refuses": answer and {"status": answer.status, "code": answer.code, "message": answer.message},
        "text": clause.text,
        "options": dict(clause.options),
        "default": next(iter(clause.options), None),
        "because": clause.because,
        "evidence": [{"kind": line.kind, "source": line.source, "date": line.date} for line in clause.evidence],
        "operations": list(operations_of(clause.id)),
        "unchecked": clause.unchecked,
    }
    return {name: value for name, value in parts.items() if value}
