"""What answers are held against: the ledger's status, code and texts, so that they stand in one place."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import requests

from fake_webflow.client import CLAUSE_HEADER
from fake_webflow.rules import Problem, Refusal

from .clauses import ClauseDiffers, UnexpectedValue, describe

TIMESTAMP_PATTERN = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"
OBJECT_ID = r"[0-9a-f]{24}"
ITEM_KEYS = ["id", "cmsLocaleId", "lastPublished", "lastUpdated", "createdOn", "isArchived", "isDraft", "fieldData"]


def expect_refusal(answer: requests.Response, clause_id: str, /, **values: Any) -> None:
    """Checks that an answer refuses by that clause.

    Args:
        answer: The answer.
        clause_id: The clause.
        values: What fills the placeholders of its message.

    Raises:
        ClauseDiffers: It says something else.
    """
    _compare_refusal(answer, Refusal(clause_id, **values))


def expect_field_problems(
    answer: requests.Response, *problems: tuple[str, str] | tuple[str, str, Mapping[str, object]]
) -> None:
    """Checks that an answer refuses field data for just these reasons, in this order.

    Args:
        answer: The answer.
        problems: Field slug, clause, and what fills the placeholders of the clause's text.

    Raises:
        ClauseDiffers: It says something else. Named is the clause of the first reason that is not as expected.
    """
    found = [Problem(clause_id, slug, dict(*values)) for slug, clause_id, *values in problems]
    try:
        details = [(detail["param"], detail["description"]) for detail in answer.json()["details"]]
    except (ValueError, LookupError, TypeError):
        details = []
    # Where no reason is missing, what differs is their order, the envelope around them, or one reason more.
    missing = [one for one in found if (one.param, one.text) not in details]
    reported = [*missing, *found][0].clause
    if len(details) == 1 and len(missing) == len(found) - 1 > 1:
        reported = "field-data.invalid"  # each of the missing is refused elsewhere: it is their number that differs
    _compare_refusal(answer, Refusal("field-data.invalid", found), reported_clause=reported)


def expect_shape_problems(answer: requests.Response, *problems: tuple[str, Mapping[str, object]]) -> None:
    """Checks that an answer refuses a request's shape for just these reasons, in this order.

    Args:
        answer: The answer.
        problems: Clause, and what fills the placeholders of its text.

    Raises:
        ClauseDiffers: It says something else. Named is the clause of the first reason.
    """
    found = [Problem(clause_id, values=values) for clause_id, values in problems]
    texts = json.dumps([problem.text for problem in found], separators=(",", ":"), ensure_ascii=False)
    _compare_refusal(
        answer, Refusal("requests.shape.invalid", found, problems_text=texts), reported_clause=found[0].clause
    )


def is_refused(answer: requests.Response, clause_id: str, /, **values: Any) -> bool:
    """Whether an answer refuses by that clause, for tests that have to tell options apart."""
    try:
        expect_refusal(answer, clause_id, **values)
    except ClauseDiffers:
        return False
    return True


def expect_json(answer: requests.Response, status: int = 200) -> Any:
    """The JSON of an answer that does what was asked.

    Raises:
        UnexpectedValue: It has another status.
    """
    if answer.status_code != status:
        raise UnexpectedValue(str(status), describe(answer))
    return answer.json()


def expect_keys(value: Mapping[str, Any], expected: Sequence[str], clause_id: str) -> None:
    """Checks that an object has these keys and no others; their order is nobody's business.

    Raises:
        ClauseDiffers: It has others.
    """
    if not isinstance(value, Mapping) or {*value} != {*expected}:
        raise ClauseDiffers(clause_id, ", ".join(expected), ", ".join(value))


def _broken_form(answer: requests.Response, refusal: Refusal) -> str:
    """The clause of what all refusals have in common, where an answer refuses as expected and that is what it lacks."""
    if answer.status_code != refusal.answer.status:
        return ""
    try:
        body = answer.json()
        details = body["details"]
        if not {"message", "code"} <= {*body}:
            return "errors.envelope"
    except (ValueError, LookupError, TypeError):
        return "errors.envelope"
    has_form = isinstance(details, list) and all(isinstance(one, dict) and "param" in one for one in details)
    return "" if has_form else "errors.details"


def _compare_refusal(answer: requests.Response, refusal: Refusal, *, reported_clause: str = "") -> None:
    expected = refusal.answer
    body = {
        "message": expected.message,
        "code": expected.code,
        "details": [
            {"param": problem.param, "description": problem.text} for problem in refusal.problems if problem.param
        ],
    }
    try:
        observed = {name: answer.json()[name] for name in body}
    except (ValueError, LookupError, TypeError):
        observed = {}
    clauses = answer.headers.get(CLAUSE_HEADER)
    names_clauses = clauses is None or set(refusal.clauses) <= {name.strip() for name in clauses.split(",")}
    if answer.status_code != expected.status or observed != body or not names_clauses:
        text = f"{expected.status} {json.dumps(body, ensure_ascii=False)}"
        reported_clause = _broken_form(answer, refusal) or reported_clause
        observed_text = describe(answer) + (f" [{clauses}]" if clauses is not None else "")
        raise ClauseDiffers(reported_clause or refusal.clause, text, observed_text)
