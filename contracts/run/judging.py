"""What the end of a test says of each of its clauses."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import NamedTuple

import requests

from fake_webflow.client import WebflowError

from ..kit.clauses import COULD_NOT_RUN, ClauseDiffers, ClauseOutcome, NotCheckable, OtherOption, UnexpectedValue

_LONGEST_OBSERVED = 1500


class Comparison(NamedTuple):
    """What an assertion compared, as pytest tells it."""

    operator: str
    left: object
    right: object


class ClauseResult(NamedTuple):
    """What was seen of a clause, what was expected, and what was there."""

    clause: str
    outcome: ClauseOutcome
    expected: str = ""
    observed: str = ""
    is_explicit: bool = False


def judge(
    clauses: Sequence[str], error: BaseException | None, when: str | None, comparison: Comparison | None
) -> list[ClauseResult]:
    """What a test's end says of each of its clauses.

    Args:
        clauses: Those the test names.
        error: What it ended with.
        when: In which phase of pytest's.
        comparison: What the assertion that failed compared, if it was one.
    """
    match error:
        case None:
            return [ClauseResult(name, "holds") for name in clauses]
        case ClauseDiffers():
            # The test ended there, so it saw nothing of its other clauses.
            outcome: ClauseOutcome = "other-option" if isinstance(error, OtherOption) else "differs"
            others = [name for name in clauses if name != error.clause]
            return [
                ClauseResult(error.clause, outcome, error.expected, error.observed, is_explicit=True),
                *(ClauseResult(name, "not-checkable", "", f"the test ended at {error.clause}") for name in others),
            ]
        case NotCheckable():
            return [ClauseResult(name, "not-checkable", "", str(error)) for name in clauses]
        case AssertionError() if when == "call":
            expected, observed = _compared_values(error, comparison)
            return [ClauseResult(name, "differs", expected, observed) for name in clauses]
    text = f"{COULD_NOT_RUN}: {_reason(error)}"
    return [ClauseResult(name, "not-checkable", "", text) for name in clauses]


def _reason(error: BaseException) -> str:
    """Why a test could not go on, in words; what Python says of it helps nobody."""
    match error:
        case WebflowError():
            return f"a call was answered {_cut(' '.join(str(error).split()))}"
        case requests.RequestException():
            return "no answer came"
        case LookupError() | TypeError() | AttributeError() | ValueError():
            return "an answer has another form than the test reads"
    return f"{type(error).__name__}: {error}"


def _compared_values(error: AssertionError, comparison: Comparison | None) -> tuple[str, str]:
    """What was expected and what was there, as values where the assertion compared two."""
    if isinstance(error, UnexpectedValue):
        return error.expected, error.observed
    if comparison is None:
        return "as the clause says", _cut(str(error))
    operator, left, right = comparison
    named = {"==": "", "!=": "anything but ", "in": "one of ", "not in": "none of ", "is": "", "is not": "not "}
    return f"{named.get(operator, f'{operator} ')}{_show(right)}", _show(left)


def _show(value: object) -> str:
    if isinstance(value, str):
        return _cut(value)
    try:
        return _cut(json.dumps(value, ensure_ascii=False, default=repr))
    except (TypeError, ValueError):
        return _cut(repr(value))


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_OBSERVED else f"{text[:_LONGEST_OBSERVED]} ... (cut)"
