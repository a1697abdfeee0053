"""A refusal: an answer that says no, named by the clause of the ledger it follows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from . import ledger

CLAUSE_HEADER = "X-Fake-Webflow-Clause"
"""The header by which an answer names the clauses it refuses by."""
MOST_PROBLEMS = 1000
"""A body of ten megabytes can hold a million mistakes; this many of them make the point."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One of several mistakes that one answer reports together.

    Webflow lists every shape error and every bad field at once, so the laws collect problems where
    they would otherwise stop at the first.

    Args:
        clause: Id of the clause whose ``text`` describes the mistake.
        param: Slug of the field it concerns, for problems that go into ``details``.
        values: What fills the placeholders of the clause's text.
    """

    clause: str
    param: str = ""
    values: Mapping[str, object] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The mistake in Webflow's words."""
        return ledger.fill(ledger.find_clause(self.clause).text, self.values)

    def __str__(self) -> str:
        return f"{self.param}: {self.text}" if self.param else self.text


class Refusal(Exception):
    """Raised by a law or a check; the pipeline turns it into the answer the clause states.

    Args:
        clause: Id of the clause that refuses; it has the status, the code and the message.
        problems: The single mistakes, where one answer reports several; it has the first thousand.
        choice: Id of the open choice that made it this clause, if one did.
        headers: What the answer carries beside its usual headers.
        values: What fills the placeholders of the clause's message.
    """

    def __init__(
        self,
        clause: str,
        /,
        problems: Sequence[Problem] = (),
        *,
        choice: str = "",
        headers: Sequence[tuple[str, str]] = (),
        **values: object,
    ) -> None:
        super().__init__(clause)
        self.clause = clause
        self.choice = choice
        self.headers = tuple(headers)
        self.problems = tuple(problems[:MOST_PROBLEMS])
        self.values = values

    @property
    def clauses(self) -> tuple[str, ...]:
        """Every clause this refusal follows: its own first, then its choice and those of its problems, each once."""
        named = [self.clause, self.choice, *(problem.clause for problem in self.problems)]
        return tuple(dict.fromkeys(name for name in named if name))

    @property
    def answer(self) -> ledger.Answer:
        """Status, code and finished message."""
        answer = ledger.find_clause(self.clause).refuses
        if answer is None:
            raise LookupError(f"clause {self.clause} states no refusal, so nothing can be refused by it")
        return ledger.Answer(answer.status, answer.code, ledger.fill(answer.message, self.values))

    def __str__(self) -> str:
        answer = self.answer
        texts = "; ".join(map(str, self.problems))
        return f"{answer.status} {answer.message} [{', '.join(self.clauses)}]" + (f": {texts}" if texts else "")
