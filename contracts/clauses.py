"""How a test names the clauses it checks, and says which option of an open choice it saw."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from fake_webflow.rules import Profile
from fake_webflow.rules import clause as ledger_clause
from fake_webflow.rules.profile import choice_options

from .verdicts import Verdicts


class ClauseDiffers(AssertionError):
    """The target does not do what a clause says.

    Args:
        clause: Its id.
        expected: What should have been.
        seen: What was.
    """

    def __init__(self, clause: str, expected: str, seen: str) -> None:
        super().__init__(clause, expected, seen)
        self.clause = clause
        self.expected = expected
        self.seen = seen

    def __str__(self) -> str:
        return f"{self.clause}\n  expected: {self.expected}\n  seen:     {self.seen}"


class OtherOption(ClauseDiffers):
    """The target follows another known option of an open choice than the profile expects."""


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
        accept: Whether another known option passes, noted all the same.
    """

    id: str
    expected: str
    verdicts: Verdicts
    accept: bool

    def saw(self, option: str | None, evidence: object = "") -> None:
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
        if option != self.expected and not self.accept:
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
    accept: bool = False

    def __call__(self, choice_id: str) -> Choice:
        """The choice of that name.

        Raises:
            LookupError: No choice has it.
        """
        if choice_id not in choice_options():
            raise LookupError(f"no choice is named {choice_id!r}")
        return Choice(choice_id, self.profile.chosen[choice_id], self.verdicts, self.accept)


def describe(value: object) -> str:
    """A value for a report: an answer by its status and the beginning of its body, anything else by its repr."""
    if hasattr(value, "status_code") and hasattr(value, "text"):
        return f"{value.status_code} {value.text[:300]}"
    return value if isinstance(value, str) else repr(value)[:300]
