"""The report of a run as one JSON object; the other forms are made from it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from fnmatch import fnmatchcase
from typing import Any, NamedTuple

from fake_webflow import __version__
from fake_webflow.rules import Clause, Profile, clauses

from ..kit.clauses import Observation, Verdict, Verdicts

FORMAT = 1
Json = dict[str, Any]
RESULTS = ("holds", "differs", "not-checkable")
DIFFERENCES = {
    "rule-broken": "a documented or observed rule is broken",
    "guess-refuted": "a guess is refuted",
    "other-option": "an open choice is made otherwise, in a known way",
}


class Facts(NamedTuple):
    """What a run was, beside what it saw.

    Args:
        target: Base URL.
        site: The site's id and name.
        started: When it began.
        finished: When it ended.
        requests: How many were sent.
        budget: How many might have been; None for any number.
        rate_limit: What the target's headers say a minute allows; None if they say nothing.
        waited: Seconds that were waited for the limit.
        only: The pattern of the clauses that were asked for.
        left_behind: Why something the run made is still there, if so.
    """

    target: str
    site: Mapping[str, str]
    started: datetime
    finished: datetime
    requests: int
    budget: int | None
    rate_limit: int | None
    waited: float
    only: str
    left_behind: str


def report(facts: Facts, verdicts: Verdicts, profile: Profile, *, accept_choices: bool = False) -> Json:
    """The report.

    Args:
        facts: What the run was.
        verdicts: What it saw.
        profile: How the target was expected to make the open choices.
        accept_choices: Whether known options other than the profile's pass.
    """
    asked = [clause for clause in clauses() if fnmatchcase(clause.id, facts.only)]
    rows = [_row(clause, verdicts.of(clause.id), verdicts, accept_choices) for clause in asked]
    seconds = (facts.finished - facts.started).total_seconds()
    return {
        "format": FORMAT,
        "fake_webflow": __version__,
        **facts._asdict(),
        "site": dict(facts.site),
        "started": facts.started.isoformat(timespec="seconds"),
        "finished": facts.finished.isoformat(timespec="seconds"),
        "seconds": round(seconds, 1),
        "waited": round(facts.waited, 1),
        "accept_choices": accept_choices,
        "summary": summary(rows),
        "profile_expected": profile.chosen,
        "profile_seen": dict(sorted(verdicts.options.items())),
        "clauses": rows,
    }


def summary(rows: Iterable[Json]) -> dict[str, int]:
    """How many clauses there are of each result and of each kind of difference."""
    found = list(rows)
    counts = {result: sum(row["result"] == result for row in found) for result in RESULTS}
    counts |= {kind: sum(row["difference"] == kind for row in found) for kind in DIFFERENCES}
    return {**counts, "accepted": sum(row["accepted"] for row in found), "errors": sum(map(bool, map(_errors, found)))}


def fails(told: Json) -> bool:
    """Whether something differs that was not accepted, or a test came to no end."""
    counts = told["summary"]
    return bool(counts["differs"] > counts["accepted"] or counts["errors"])


def _errors(row: Json) -> list[str]:
    found: list[str] = row["errors"]
    return found


def _row(clause: Clause, verdict: Verdict, verdicts: Verdicts, accept_choices: bool) -> Json:
    differs = verdict.differs
    result = "differs" if differs else verdict.kind
    worst = next((seen for seen in verdict.observations if seen.outcome in ("differs", "other-option")), None)
    shown = worst or next((seen for seen in verdict.observations if seen.requests), None)
    return {
        "clause": clause.id,
        "says": clause.says,
        "kind": clause.kind,
        "result": result,
        "difference": verdict.kind if differs else None,
        "accepted": verdict.kind == "other-option" and accept_choices,
        "expected": worst.expected if worst else "",
        "seen": worst.seen if worst else "",
        "requests": list(shown.requests) if shown else [],
        "why": _why(clause, verdict.observations) if result == "not-checkable" else "",
        "errors": sorted({seen.seen for seen in verdict.observations if seen.came_to_no_end}),
        "tests": sorted({seen.test.rpartition("/")[2] for seen in verdict.observations if _ran(seen)}),
        "option": verdicts.options.get(clause.id),
        "evidence": [{"kind": line.kind, "source": line.source, "date": line.date} for line in clause.evidence],
    }


def _ran(seen: Observation) -> bool:
    return seen.outcome != "not-checkable"


def _why(clause: Clause, observations: tuple[Observation, ...]) -> str:
    """Why a clause could not be checked."""
    reasons = dict.fromkeys(seen.seen for seen in observations if seen.seen)
    if reasons:
        return "; ".join(reasons)
    return clause.unchecked or "calls to this target cannot show it; tests of the fake itself check it"
