"""The ledger as people and programs are shown it: counts, and a clause in parts or as JSON.

The terminal, the served page and the docs each write the same parts in their own way.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

from ..rules import CLAUSE_HEADER, Clause, clauses, live_results


def count_clauses(found: Iterable[Clause] | None = None) -> dict[str, int]:
    """Clauses in five numbers, all there are or those found: ``all``, by the kind of evidence, and ``choices``."""
    counted = clauses() if found is None else tuple(found)
    kinds = [clause.kind for clause in counted]
    numbers = {kind: kinds.count(kind) for kind in ("observed", "documented", "inferred")}
    return {"all": len(counted), **numbers, "choices": sum(1 for clause in counted if clause.options)}


class ClausePart(NamedTuple):
    """One part of a clause: a label, and one of the others.

    Args:
        label: What it is, as it stands within a sentence.
        code: As it stands in answers.
        text: For people.
        names: Of operations.
        rows: Names, each with its meaning.
        links: Names of public sources, each with its address.
    """

    label: str
    code: str = ""
    text: str = ""
    names: Sequence[str] = ()
    rows: Sequence[tuple[str, str]] = ()
    links: Mapping[str, str] = MappingProxyType({})

    @property
    def title(self) -> str:
        """The label at the beginning of a line."""
        return self.label[:1].upper() + self.label[1:]  # of the rest the case stays, for it may name an option


OPTIONS_LABEL = "open choice"


def describe_clause(clause: Clause) -> Iterator[ClausePart]:
    """What there is to say of a clause beside its name, its kind and the rule itself."""
    if clause.refuses:
        answer = clause.refuses
        yield ClausePart("answers", code=f"{answer.status} {answer.code}: {answer.message}")
    if clause.text:
        yield ClausePart("reads, among the mistakes of one answer", code=clause.text)
    if clause.options:
        yield ClausePart(OPTIONS_LABEL, rows=tuple(clause.options.items()))
        yield ClausePart(f"why {next(iter(clause.options))} is the default", text=clause.because)
    note = " (inferred: a guess, and what it rests on)" if clause.kind == "inferred" else ""
    yield ClausePart(f"evidence{note}", rows=[(line.title, line.source) for line in clause.evidence])
    if links := {name: address for line in clause.evidence for name, address in line.links.items()}:
        yield ClausePart("where to read it", links=links)
    if operations := operations_of(clause):
        yield ClausePart("followed by", names=operations)
    elif clause.of_refusals:
        yield ClausePart("followed by", text="every refusal")
    elif clause.refuses or clause.text:
        carried = f"whichever operation meets it; its refusals carry this name in {CLAUSE_HEADER}"
        yield ClausePart("followed by", text=carried)


def describe_live_result(clause_id: str) -> str:
    """What the last run against the live API saw of a clause; empty where none checked it."""
    result = live_results().get(clause_id)
    if result is None:
        return ""
    seen = f": {result.seen}" if result.seen else ""
    return f"{result.outcome}{seen} ({result.date}, {result.target}, report {result.digest[:12]})"


def operations_of(clause: Clause) -> tuple[str, ...]:
    """The operations whose answers follow the clause, in words."""
    return ("every operation",) if "every" in clause.operations else clause.operations


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
        "evidence": [
            {"kind": line.kind, "source": line.source, "date": line.date}
            | ({"option": line.option} if line.option else {})
            | ({"links": line.links} if line.links else {})
            for line in clause.evidence
        ],
        "operations": list(operations_of(clause)),
        "of_refusals": clause.of_refusals,
        "unchecked": clause.unchecked,
    }
    return {name: value for name, value in parts.items() if value}
