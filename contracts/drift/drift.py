"""What a drift is: one way an API may change behind its clients' backs, with the clauses that have to notice it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from fake_webflow.client import CLAUSE_HEADER
from fake_webflow.message import Request, Response

from .exchange import AnswerChange, SentRequest, without_headers

DriftKind = Literal[
    "status", "header", "body", "order", "paging", "filters", "staged and live", "locales", "atomicity", "slugs",
    "dates", "ids", "nulls", "values", "errors", "limits", "rate headers", "writes", "S3 form", "S3 answers",
]  # fmt: skip
"""Where a change shows."""
REALISTIC = "realistic"
"""The source of a change that APIs make, though this one is not known to have made it."""


def official_change(commit: str, date: str) -> str:
    """The source of a change that was made in the official OpenAPI document, or that undoes one that was."""
    return f"official OpenAPI document, {commit} of {date}"


@dataclass(frozen=True, slots=True)
class Drift:
    """One change of behaviour.

    Args:
        name: Words with hyphens between them.
        effect: One sentence: what the API does from then on.
        kind: Where it shows.
        clauses: The clauses it concerns; one of them has to notice it. None: nobody may notice it.
        source: Which change of the real API it repeats or undoes, or ``REALISTIC``.
        change: From a request, and the API as it was, to the changed API's answer.
    """

    name: str
    effect: str
    kind: DriftKind
    clauses: tuple[str, ...]
    source: str
    change: AnswerChange

    @property
    def family(self) -> str:
        """The family of its clauses, by the first."""
        return self.clauses[0].partition(".")[0] if self.clauses else "harmless"

    @property
    def is_harmless(self) -> bool:
        """Whether no client can depend on what changed, so that no clause may differ over it."""
        return not self.clauses

    def answer(self, request: Request, ask: Callable[[Request], Response]) -> Response:
        """The changed API's answer.

        Answers never name clauses, as Webflow's do not: a drift has to be noticed by what it does.

        Args:
            request: Any request.
            ask: The API as it was.
        """
        return self.change(
            SentRequest.from_request(request), lambda sent: without_headers(ask(sent.unread_request), CLAUSE_HEADER)
        )


def drift(kind: DriftKind, *clauses: str, source: str = REALISTIC) -> Callable[[AnswerChange], Drift]:
    """Makes a drift of a function: its name in hyphens is the drift's, its docstring says what changed.

    Args:
        kind: Where it shows.
        clauses: The clauses it concerns; none for a change that is harmless.
        source: Where it is from.
    """

    def make(change: AnswerChange) -> Drift:
        assert change.__doc__ is not None, "a drift says what changed"
        name = change.__name__.replace("_", "-")
        return Drift(name, " ".join(change.__doc__.split()), kind, clauses, source, change)

    return make
