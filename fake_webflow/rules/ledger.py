"""The clause ledger: each rule of Webflow's behaviour under a stable name, with its evidence.

The clauses are data, one TOML file a family (``items.toml`` holds ``items.*``). A family is parsed when one of its
clauses is first refused by or explained, never at import.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from string import Template
from typing import Any, Literal

from .. import package_data
from ..wording import suggest

EvidenceKind = Literal["documented", "observed", "inferred"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why a clause says what it says.

    Args:
        kind: ``documented`` (Webflow or AWS say so), ``observed`` (seen in a recorded answer or a note made after a
            live call) or ``inferred`` (a guess).
        source: Where it was said or seen, or what the guess rests on.
        date: Of the source, as exactly as it is known: ``2026``, ``2026-05`` or ``2026-05-26``.
        option: Of an open choice: the one option it speaks for; empty where it speaks for all.
    """

    kind: EvidenceKind
    source: str
    date: str
    option: str = ""

    @property
    def title(self) -> str:
        """Its kind, its date and the option it speaks for, on one line."""
        return ", ".join(part for part in (self.kind, self.date, self.option and f"for {self.option}") if part)

    @property
    def links(self) -> dict[str, str]:
        """The public addresses of what it names, by the name; empty where none is known."""
        return {name: address for name, address in _load_addresses().items() if name in self.source}


@dataclass(frozen=True, slots=True)
class Answer:
    """What a refusing clause answers with: HTTP status, Webflow's (or S3's) error code, message."""

    status: int
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Clause:
    """One rule of Webflow's behaviour.

    Args:
        id: Stable dotted name; its first part is the family.
        says: One sentence of what holds.
        operations: Whose answers follow it where they do not refuse; ``every`` for each operation of the API. A refusal
            names its clauses itself.
        evidence: At least one line of it.
        of_refusals: Whether it says which of several refusals comes, so that no other answer follows it.
        refuses: The answer, where the clause refuses.
        text: The wording of one mistake among several that one answer reports.
        options: For an open choice: what each option means, the default first.
        because: For an open choice: why the default is the default.
        unchecked: Why no test can check it, where none can.
    """

    id: str
    says: str
    evidence: tuple[Evidence, ...]
    operations: tuple[str, ...] = ()
    of_refusals: bool = False
    refuses: Answer | None = None
    text: str = ""
    options: Mapping[str, str] = field(default_factory=dict)
    because: str = ""
    unchecked: str = ""

    @property
    def kind(self) -> EvidenceKind:
        """The strongest kind of evidence for the clause, of an open choice for its default."""
        return self.kind_under(next(iter(self.options), ""))

    def kind_under(self, option: str) -> EvidenceKind:
        """The strongest kind of evidence where that option is in force; a seen answer outweighs a written one.

        Args:
            option: Of an open choice; empty for other clauses. What speaks for no option in particular counts for each.
        """
        kinds = {evidence.kind for evidence in self.evidence if evidence.option in ("", option)}
        return "observed" if "observed" in kinds else "documented" if "documented" in kinds else "inferred"


def find_clause(clause_id: str) -> Clause:
    """The clause of that name.

    Raises:
        LookupError: There is none; the message names the nearest.
    """
    family = clause_id.partition(".")[0]
    found = _load_family(family).get(clause_id) if family in families() else None
    if found is None:
        raise LookupError(f"no clause is named {clause_id!r}; {suggest(clause_id, [one.id for one in clauses()])}")
    return found


def clauses() -> list[Clause]:
    """Every clause of the ledger, in the order of the files' names and of the lines in each."""
    return [found for family in families() for found in _load_family(family).values()]


@cache
def clauses_by_operation() -> Mapping[str, tuple[str, ...]]:
    """The clauses that answers follow where they do not refuse, by operation; ``every`` has those of each answer."""
    found: dict[str, list[str]] = {}
    for clause in clauses():
        for operation in clause.operations:
            found.setdefault(operation, []).append(clause.id)
    return {operation: tuple(names) for operation, names in found.items()}


@cache
def families() -> tuple[str, ...]:
    """The first parts of the clauses' names, sorted."""
    return package_data.FAMILIES


def fill(template: str, values: Mapping[str, object]) -> str:
    """The template with its ``$name`` placeholders filled.

    Raises:
        KeyError: A placeholder has no value.
    """
    return Template(template).substitute(values) if "$" in template else template


@cache
def _load_addresses() -> dict[str, str]:
    import json  # as for tomllib, below

    addresses: dict[str, str] = json.loads(package_data.read("rules/addresses.json"))
    return addresses


@cache
def _load_family(family: str) -> dict[str, Clause]:
    import tomllib  # only whoever is refused, or asks, pays for it

    rows = tomllib.loads(package_data.read(f"rules/{family}.toml").decode())
    return {name: _parse_clause(name, row) for name, row in rows.items()}


def _parse_clause(name: str, row: Mapping[str, Any]) -> Clause:
    fields = dict(row)
    fields["evidence"] = tuple(Evidence(**line) for line in row["evidence"])
    fields["operations"] = tuple(row.get("operations", ()))
    if "refuses" in fields:
        fields["refuses"] = Answer(**fields["refuses"])
    return Clause(id=name, **fields)
