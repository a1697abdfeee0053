"""What a run saw of each clause: it holds, it differs, or it cannot be checked here."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from fake_webflow.rules import clause

Outcome = Literal["holds", "differs", "other-option", "not-checkable"]
COULD_NOT_RUN = "the test could not run"
Kind = Literal["holds", "rule-broken", "guess-refuted", "other-option", "not-checkable"]
_WORST_FIRST: tuple[Outcome, ...] = ("differs", "other-option", "holds", "not-checkable")


@dataclass(frozen=True, slots=True)
class Observation:
    """What one test saw of one clause.

    Args:
        clause: Its id.
        outcome: ``other-option`` is an open choice made otherwise than the profile expects, but in a known way.
        test: The test's node id.
        expected: What should have been, in words; empty where nothing differed.
        seen: What was there instead, or why nothing could be seen.
        requests: The test's last requests as curl lines, without the token.
    """

    clause: str
    outcome: Outcome
    test: str
    expected: str = ""
    seen: str = ""
    requests: tuple[str, ...] = ()

    @property
    def came_to_no_end(self) -> bool:
        """Whether the test could not go on, so that it saw only a part of what it looks at."""
        return self.seen.startswith(COULD_NOT_RUN)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a whole run says of one clause: the worst its tests saw."""

    clause: str
    kind: Kind
    observations: tuple[Observation, ...]

    @property
    def differs(self) -> bool:
        """Whether the target does not do what the ledger and the profile say."""
        return self.kind in ("rule-broken", "guess-refuted", "other-option")


@dataclass(slots=True)
class Verdicts:
    """The object a run writes into; reports are made from it."""

    observations: list[Observation] = field(default_factory=list)
    options: dict[str, str] = field(default_factory=dict)
    """By choice: the option the target was seen to follow."""

    def add(self, observation: Observation) -> None:
        """Notes one observation."""
        self.observations.append(observation)

    def of(self, clause_id: str) -> Verdict:
        """The verdict on one clause; not checkable where no test ran, and not said to hold where one came to no end."""
        own = tuple(seen for seen in self.observations if seen.clause == clause_id)
        outcome: Outcome = "not-checkable"
        for kind in reversed(_WORST_FIRST):
            outcome = kind if any(seen.outcome == kind for seen in own) else outcome
        if outcome == "holds" and any(seen.came_to_no_end for seen in own):
            outcome = "not-checkable"
        return Verdict(clause_id, _kind(clause_id, outcome), own)

    def all(self) -> list[Verdict]:
        """A verdict on every clause that a test of the run named, in the order they were first seen in."""
        return [self.of(clause_id) for clause_id in dict.fromkeys(seen.clause for seen in self.observations)]


def _kind(clause_id: str, outcome: Outcome) -> Kind:
    if outcome != "differs":
        return outcome
    return "guess-refuted" if clause(clause_id).kind == "inferred" else "rule-broken"
