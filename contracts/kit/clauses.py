"""How a test names the clauses it checks, and says which option of an open choice it saw."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import pytest

from fake_webflow.rules import Profile, choice_options
from fake_webflow.rules import find_clause as ledger_clause

ClauseOutcome = Literal["holds", "differs", "other-option", "not-checkable"]
COULD_NOT_RUN = "the test could not run"
VerdictKind = Literal["holds", "rule-broken", "guess-refuted", "other-option", "not-checkable"]
_WORST_FIRST: tuple[ClauseOutcome, ...] = ("differs", "other-option", "holds", "not-checkable")


@dataclass(frozen=True, slots=True)
class Observation:
    """What one test saw of one clause.

    Args:
        clause: Its id.
        outcome: ``other-option`` is an open choice made otherwise than the profile expects, but in a known way.
        test: The test's node id.
        expected: What should have been, in words; empty where nothing differed.
        observed: What was there instead, or why nothing could be seen.
        requests: The test's last requests as curl lines, without the token.
        is_explicit: Whether the test said itself that it is over this clause.
        follows: The clause that really differs, where this one cannot be judged for it.
    """

    clause: str
    outcome: ClauseOutcome
    test: str
    expected: str = ""
    observed: str = ""
    requests: tuple[str, ...] = ()
    is_explicit: bool = False
    follows: str = ""

    @property
    def is_failure(self) -> bool:
        """Whether the test did not come to a good end for it."""
        return self.outcome in ("differs", "other-option") or self.is_unfinished

    @property
    def is_unfinished(self) -> bool:
        """Whether the test could not go on, so that it saw only a part of what it looks at."""
        return self.observed.startswith(COULD_NOT_RUN)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a whole run says of one clause: the worst its tests saw."""

    clause: str
    kind: VerdictKind
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
    option_evidence: dict[str, str] = field(default_factory=dict)
    """By choice: what that option was seen by; empty where the test names nothing."""
    evidence: dict[str, Any] = field(default_factory=dict)
    """By clause that differs: values, exchange and scripts that show it, as the report has them."""
    follows: dict[str, list[str]] = field(default_factory=dict)
    """By clause that differs: those that could not be judged for it."""

    def add(self, observation: Observation) -> None:
        """Notes one observation."""
        self.observations.append(observation)

    def of(self, clause_id: str) -> Verdict:
        """The verdict on one clause; not checkable where no test ran, and not said to hold where one did not finish."""
        own = tuple(seen for seen in self.observations if seen.clause == clause_id)
        outcome: ClauseOutcome = "not-checkable"
        for kind in reversed(_WORST_FIRST):
            outcome = kind if any(seen.outcome == kind for seen in own) else outcome
        if outcome == "holds" and any(seen.is_unfinished or seen.follows for seen in own):
            outcome = "not-checkable"
        return Verdict(clause_id, _verdict_kind(clause_id, outcome), own)

    def all(self) -> list[Verdict]:
        """A verdict on every clause that a test of the run named, in the order they were first seen in."""
        return [self.of(clause_id) for clause_id in dict.fromkeys(seen.clause for seen in self.observations)]


def _verdict_kind(clause_id: str, outcome: ClauseOutcome) -> VerdictKind:
    if outcome != "differs":
        return outcome
    return "guess-refuted" if ledger_clause(clause_id).kind == "inferred" else "rule-broken"


class ClauseDiffers(AssertionError):
    """The target does not do what a clause says.

    Args:
        clause: Its id.
        expected: What should have been.
        observed: What was.
    """

    def __init__(self, clause: str, expected: str, observed: str) -> None:
        super().__init__(clause, expected, observed)
        self.clause = clause
        self.expected = expected
        self.observed = observed

    def __str__(self) -> str:
        return f"{self.clause}\n  expected: {self.expected}\n  seen:     {self.observed}"


class OtherOption(ClauseDiffers):
    """The target follows another known option of an open choice than the profile expects."""


class UnexpectedValue(AssertionError):
    """A value is not as expected, whichever clause says so.

    Args:
        expected: What should have been.
        observed: What was.
    """

    def __init__(self, expected: str, observed: str) -> None:
        super().__init__(f"expected {expected}, got {observed}")
        self.expected = expected
        self.observed = observed


if TYPE_CHECKING:

    class _Skipped(BaseException):
        def __init__(self, msg: str) -> None: ...

else:
    _Skipped = pytest.skip.Exception


class NotCheckable(_Skipped):
    """Raised where this target cannot show a clause. Its text is the reason."""


def clause(*ids: str) -> pytest.MarkDecorator:
    """Names the clauses a test checks, or one case of it (``pytest.param(..., marks=clause(...))``).

    All of them hold when it passes, so a case has to look at every one.

    Raises:
        LookupError: The ledger has no such clause.
    """
    for clause_id in ids:
        ledger_clause(clause_id)
    return pytest.mark.clause(*ids)


def needs(*capabilities: str) -> pytest.MarkDecorator:
    """Names what a target must be able to do for the test; on one that cannot, the test's clauses are not checkable."""
    return pytest.mark.needs(*capabilities)


@dataclass(frozen=True, slots=True)
class Choice:
    """One open choice, as the target's profile makes it.

    Args:
        id: The clause it is listed under.
        expected: The option the profile says.
        verdicts: Where what was seen is noted.
        accept_choices: Whether another known option passes, noted all the same.
    """

    id: str
    expected: str
    verdicts: Verdicts
    accept_choices: bool

    def record(self, option: str | None, evidence: object = "") -> None:
        """Says which option the target was seen to follow.

        Args:
            option: One of the choice's options, or None for none of them.
            evidence: What it was seen by, for the report.

        Raises:
            OtherOption: It is a known option, but not the profile's, and those are not accepted.
            ClauseDiffers: It is none of the options.
        """
        options = choice_options()[self.id]
        if option is None:
            raise ClauseDiffers(self.id, f"one of {', '.join(options)}", describe(evidence))
        assert option in options, f"{self.id} has no option {option!r}; the test is wrong"
        self.verdicts.options[self.id] = option
        self.verdicts.option_evidence[self.id] = describe(evidence)
        if option != self.expected and not self.accept_choices:
            raise OtherOption(self.id, self.expected, f"{option}: {describe(evidence)}")

    @property
    def actual(self) -> str:
        """The option that was seen, or else the one the profile says."""
        return self.verdicts.options.get(self.id, self.expected)

    def needs(self, *options: str) -> None:
        """Goes on only where the choice is made one of these ways; otherwise there is nothing to see.

        Raises:
            NotCheckable: It is made otherwise.
        """
        if self.actual not in options:
            raise NotCheckable(f"{self.id} is {self.actual} here")


@dataclass(frozen=True, slots=True)
class Choices:
    """The open choices of a target: ``choice("items.update.null").saw("clears")``."""

    profile: Profile
    verdicts: Verdicts
    accept_choices: bool = False

    def __call__(self, choice_id: str) -> Choice:
        """The choice of that name.

        Raises:
            LookupError: No choice has it.
        """
        if choice_id not in choice_options():
            raise LookupError(f"no choice is named {choice_id!r}")
        return Choice(choice_id, self.profile.chosen[choice_id], self.verdicts, self.accept_choices)


def describe(value: object) -> str:
    """A value for a report: an answer by its status and the beginning of its body, anything else by its repr."""
    if hasattr(value, "status_code") and hasattr(value, "text"):
        return f"{value.status_code} {value.text[:300]}"
    return value if isinstance(value, str) else repr(value)[:300]
