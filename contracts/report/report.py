"""The report of a run as one JSON object; the other forms are made from it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from fnmatch import fnmatchcase
from typing import Any, NamedTuple, TypedDict

from fake_webflow import __version__
from fake_webflow.rules import Clause, Profile, clauses, count_by_evidence

from ..kit.clauses import Observation, Verdict, Verdicts

REPORT_FORMAT = 2
CLAUSE_RESULTS = ("holds", "differs", "not-checkable")
DIFFERENCE_TEXTS = {
    "rule-broken": "a documented or observed rule is broken",
    "guess-refuted": "a guess is refuted",
    "other-option": "an open choice is made otherwise, in a known way",
}


class RunFacts(NamedTuple):
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
        lag: Seconds after which a read showed what was written; None where none was seen.
        retries: How many requests were sent again, by reason.
        unknown_headers: Names of headers that no clause names.
        notes: What else is otherwise than expected, but nothing that a client can depend on.
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
    lag: float | None = None
    retries: Mapping[str, int] = {}
    unknown_headers: Sequence[str] = ()
    notes: Sequence[str] = ()


class EvidenceRow(TypedDict):
    """One line of the evidence of a clause."""

    kind: str
    source: str
    date: str


class ClauseRow(TypedDict):
    """What a run says of one clause. ``difference`` is one of ``DIFFERENCE_TEXTS``, if it differs."""

    clause: str
    says: str
    kind: str
    result: str
    difference: str | None
    accepted: bool
    expected: Any
    seen: Any
    exchange: dict[str, Any] | None
    scripts: dict[str, str]
    follows: list[str]
    requests: list[str]
    why: str
    errors: list[str]
    tests: list[str]
    option: str | None
    evidence: list[EvidenceRow]


class TargetRow(TypedDict):
    """What the target is, and facts of it that are not differences."""

    url: str
    lag: float | None
    retries: dict[str, int]
    unknown_headers: list[str]
    notes: list[str]


class Baseline(TypedDict):
    """The clauses that differ, compared with those of an earlier report."""

    new: list[str]
    gone: list[str]
    stayed: list[str]


class RunReport(TypedDict):
    """The report as it is written to ``report.json``; see ``RunFacts`` for what a run was."""

    format: int
    fake_webflow: str
    target: TargetRow
    site: dict[str, str]
    started: str
    finished: str
    requests: int
    budget: int | None
    rate_limit: int | None
    waited: float
    only: str
    left_behind: str
    seconds: float
    accept_choices: bool
    summary: dict[str, int]
    baseline: Baseline | None
    profile_expected: Mapping[str, str]
    profile_seen: dict[str, str]
    profile_evidence: dict[str, str]
    confidence: dict[str, dict[str, int]]
    clauses: list[ClauseRow]


def build_report(
    facts: RunFacts,
    verdicts: Verdicts,
    profile: Profile,
    *,
    accept_choices: bool = False,
    baseline: Collection[str] | None = None,
) -> RunReport:
    """The report.

    Args:
        facts: What the run was.
        verdicts: What it saw.
        profile: How the target was expected to make the open choices.
        accept_choices: Whether known options other than the profile's pass.
        baseline: The clauses that differed in an earlier run, if one is compared.
    """
    rows = [_build_row(clause, verdicts.of(clause.id), verdicts, accept_choices) for clause in _select(facts, verdicts)]
    seconds = (facts.finished - facts.started).total_seconds()
    return {
        "format": REPORT_FORMAT,
        "fake_webflow": __version__,
        "target": {
            "url": facts.target,
            "lag": facts.lag,
            "retries": dict(facts.retries),
            "unknown_headers": [*facts.unknown_headers],
            "notes": [*facts.notes],
        },
        "site": dict(facts.site),
        "started": facts.started.isoformat(timespec="seconds"),
        "finished": facts.finished.isoformat(timespec="seconds"),
        "requests": facts.requests,
        "budget": facts.budget,
        "rate_limit": facts.rate_limit,
        "waited": round(facts.waited, 1),
        "only": facts.only,
        "left_behind": facts.left_behind,
        "seconds": round(seconds, 1),
        "accept_choices": accept_choices,
        "summary": count_results(rows),
        "baseline": None if baseline is None else _compare(rows, {*baseline}),
        "profile_expected": profile.chosen,
        "profile_seen": dict(sorted(verdicts.options.items())),
        "profile_evidence": dict(sorted(verdicts.option_evidence.items())),
        "confidence": count_by_evidence((row["kind"], row["result"] == "holds") for row in rows if _was_judged(row)),
        "clauses": rows,
    }


def _select(facts: RunFacts, verdicts: Verdicts) -> list[Clause]:
    """The clauses that were asked for, and those that kept one of them from being judged."""

    def is_selected(name: str) -> bool:
        return fnmatchcase(name, facts.only)

    causes = {head for head, followers in verdicts.follows.items() if any(map(is_selected, followers))}
    return [clause for clause in clauses() if is_selected(clause.id) or clause.id in causes]


def _compare(rows: Iterable[ClauseRow], before: set[str]) -> Baseline:
    now = [row["clause"] for row in rows if row["result"] == "differs"]
    return {
        "new": [name for name in now if name not in before],
        "gone": sorted(before.difference(now)),
        "stayed": [name for name in now if name in before],
    }


def count_results(rows: Iterable[ClauseRow]) -> dict[str, int]:
    """How many clauses there are of each result and of each kind of difference."""
    found = list(rows)
    counts = {result: sum(row["result"] == result for row in found) for result in CLAUSE_RESULTS}
    counts |= {kind: sum(row["difference"] == kind for row in found) for kind in DIFFERENCE_TEXTS}
    return {
        **counts,
        "accepted": sum(row["accepted"] for row in found),
        "errors": sum(bool(row["errors"]) for row in found),
    }


def has_failed(run_report: RunReport) -> bool:
    """Whether something differs that was not accepted, or a test did not finish."""
    counts = run_report["summary"]
    return bool(counts["differs"] > counts["accepted"] or counts["errors"])


def _build_row(clause: Clause, verdict: Verdict, verdicts: Verdicts, accept_choices: bool) -> ClauseRow:
    differs = verdict.differs
    result = "differs" if differs else verdict.kind
    worst = next((seen for seen in verdict.observations if seen.outcome in ("differs", "other-option")), None)
    evidence = verdicts.evidence.get(clause.id, {}) if differs else {}
    observation_shown = worst or next((seen for seen in verdict.observations if seen.requests), None)
    return {
        "clause": clause.id,
        "says": clause.says,
        "kind": clause.kind,
        "result": result,
        "difference": verdict.kind if differs else None,
        "accepted": verdict.kind == "other-option" and accept_choices,
        "expected": evidence.get("expected") or (worst.expected if worst else ""),
        "seen": evidence.get("seen") or (worst.observed if worst else ""),
        "exchange": evidence.get("exchange"),
        "scripts": evidence.get("scripts", {}),
        "follows": verdicts.follows.get(clause.id, []) if differs else [],
        "requests": list(observation_shown.requests) if observation_shown else [],
        "why": _reason_unchecked(clause, verdict.observations) if result == "not-checkable" else "",
        "errors": sorted({seen.observed for seen in verdict.observations if seen.is_unfinished}),
        "tests": sorted({seen.test.rpartition("/")[2] for seen in verdict.observations if _ran(seen)}),
        "option": verdicts.options.get(clause.id),
        "evidence": [{"kind": line.kind, "source": line.source, "date": line.date} for line in clause.evidence],
    }


def _was_judged(row: ClauseRow) -> bool:
    """Whether the evidence of a clause held or was refuted; a choice that is made otherwise says nothing of it."""
    return row["result"] != "not-checkable" and row["difference"] != "other-option"


def _ran(observation: Observation) -> bool:
    return observation.outcome != "not-checkable"


def _reason_unchecked(clause: Clause, observations: tuple[Observation, ...]) -> str:
    """Why a clause could not be checked."""
    reasons = dict.fromkeys(seen.observed for seen in observations if seen.observed)
    if reasons:
        return "; ".join(reasons)
    return clause.unchecked or "calls to this target cannot show it; tests of the fake itself check it"
