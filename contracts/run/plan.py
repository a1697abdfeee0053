"""In which order the cases of the suite are run where requests are rationed.

First comes a cover: cases that between them see every clause, for as few requests as possible. Where the budget does
not suffice for all of it, those of the oldest evidence come first. Then come the others, as far as the budget goes:
first the tests none of whose cases was run.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from fake_webflow import __version__
from fake_webflow.rules import find_clause, live_results

PLAN_FILE = Path(__file__).with_name("plan.json")
"""What each case costs and sees: written by ``make plan``."""
# Requests. Another version of Hypothesis tries other values, which may take one or two more.
_MARGIN = 2


@dataclass(frozen=True, slots=True)
class PlannedCase:
    """One case of a test.

    Args:
        id: Its name: file and test, parameters included.
        clauses: The clauses it saw to hold when it was measured on the fake.
        cost: The requests it took then, with those for removing what it made.
        leaves_no_trace: Whether it stored nothing where others look. One look at a collection serves two such cases
            that follow each other, as what the first left and what the second found; so does an asset whose bytes
            neither sends.
    """

    id: str
    clauses: frozenset[str]
    cost: int
    leaves_no_trace: bool = False

    @property
    def test(self) -> str:
        """The test it is a case of."""
        return self.id.partition("[")[0]


def order_cases(cases: Iterable[PlannedCase], evidence_dates: Mapping[str, str], budget: int) -> list[PlannedCase]:
    """The cases in the order to run them in.

    Args:
        cases: All of them.
        evidence_dates: By clause: the date of the newest thing known of it.
        budget: Requests there are for them.
    """
    known = list(cases)
    cover = find_cover(known)
    run = {case.test for case in cover}
    covered = set(cover)
    first: list[PlannedCase] = []
    others: list[PlannedCase] = []
    for case in sorted((case for case in known if case not in covered), key=lambda case: (case.cost, case.id)):
        (others if case.test in run else first).append(case)
        run.add(case.test)

    def oldest_first(case: PlannedCase) -> tuple[str, int, str]:
        return min((evidence_dates[name] for name in case.clauses), default="9"), case.cost, case.id

    if sum(case.cost for case in cover) <= budget:
        places = {case: place for place, case in enumerate(known)}
        cover.sort(key=lambda case: (not case.leaves_no_trace, places[case]))
    else:
        cover.sort(key=oldest_first)
    return [*cover, *sorted(first, key=oldest_first), *sorted(others, key=oldest_first)]


def find_cover(cases: Collection[PlannedCase]) -> list[PlannedCase]:
    """Cases that between them see every clause any case sees, for few requests.

    Again and again the best bargain is taken; in the end, what turned out not to be needed is left out.
    """
    missing = {name for case in cases for name in case.clauses}
    candidates = sorted(cases, key=lambda case: case.id)
    cover: list[PlannedCase] = []
    while missing:
        # Half a request for what costs none, so that of two such cases the one that sees more is taken.
        best = min(
            (case for case in candidates if case.clauses & missing),
            key=lambda case: max(case.cost, 0.5) / len(case.clauses & missing),
        )
        cover.append(best)
        missing -= best.clauses
    for case in sorted(cover, key=lambda case: -case.cost):
        if case.clauses <= {name for other in cover if other is not case for name in other.clauses}:
            cover.remove(case)
    return cover


def last_evidence_date(clause_id: str) -> str:
    """The date of what is known of a clause: of its last live result, or else of its newest evidence."""
    live = live_results().get(clause_id)
    return live.date if live else max(line.date for line in find_clause(clause_id).evidence)


def installed_versions() -> dict[str, str]:
    """The versions of what decides how many requests a case takes."""
    return {
        "python": ".".join(map(str, sys.version_info[:2])),
        "fake-webflow": __version__,
        **{name: version(name) for name in ("hypothesis", "schemathesis")},
    }


@dataclass(frozen=True, slots=True)
class Plan:
    """What the cases cost and see, as it was measured on the fake.

    Args:
        cases: By their names.
        margin: Requests that a case may take beyond its cost: none where the versions are those it was measured with.
    """

    cases: Mapping[str, PlannedCase]
    margin: int = 0

    @classmethod
    def read(cls) -> Plan:
        """The plan as ``make plan`` wrote it last."""
        plan = json.loads(PLAN_FILE.read_text(encoding="utf-8"))
        cases = {
            name: PlannedCase(name, frozenset(row["sees"]), row["cost"], row["leaves_no_trace"])
            for name, row in plan["cases"].items()
        }
        return cls(cases, 0 if plan["versions"] == installed_versions() else _MARGIN)


def write_plan(cases: Iterable[PlannedCase]) -> None:
    """Keeps what was measured, with the versions it was measured with."""
    rows = {
        case.id: {"cost": case.cost, "leaves_no_trace": case.leaves_no_trace, "sees": sorted(case.clauses)}
        for case in sorted(cases, key=lambda case: case.id)
    }
    # One line a case, so that a difference shows which.
    lines = ",\n".join(f"  {json.dumps(name)}: {json.dumps(row)}" for name, row in rows.items())
    text = f'{{\n "versions": {json.dumps(installed_versions())},\n "cases": {{\n{lines}\n }}\n}}\n'
    PLAN_FILE.write_text(text, encoding="utf-8")
