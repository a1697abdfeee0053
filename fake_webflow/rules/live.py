"""What runs of the contract suite against the live API saw of each clause, kept beside the ledger.

The file is written by ``fake-webflow results update`` only. As delivered it is empty: nobody has run the suite against
the live API yet.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from .. import package_data

LIVE_RESULTS = Path(__file__).with_name("live_results.json")
_NAME = "rules/live_results.json"
LiveOutcome = Literal["holds", "rule-broken", "guess-refuted", "other-option"]


@dataclass(frozen=True, slots=True)
class LiveResult:
    """What the last live run that could see a clause saw of it.

    Args:
        outcome: ``holds``; ``rule-broken`` or ``guess-refuted`` by the kind of evidence that turned out wrong; or
            ``other-option``, an open choice that the live API makes otherwise than the profile expected.
        date: Day of the run, UTC: ``2026-11-23``.
        target: Base URL it was run against.
        digest: SHA-256 of the report it was taken from, in hexadecimal digits.
        seen: What was seen, where the clause did not hold; the option, for an open choice.
    """

    outcome: LiveOutcome
    date: str
    target: str
    digest: str
    seen: str = ""

    @property
    def holds(self) -> bool:
        """Whether the clause held."""
        return self.outcome == "holds"


@cache
def live_results(file: Path | None = None) -> Mapping[str, LiveResult]:
    """The last live result of each clause that has one, by its name. Read once, when first asked for.

    Args:
        file: Another file than the one that came with the package.

    Raises:
        ValueError: The file is not what ``results update`` writes.
    """
    try:
        rows = json.loads(package_data.read(_NAME) if file is None else file.read_bytes())["results"]
        return MappingProxyType({name: LiveResult(**row) for name, row in rows.items()})
    except (OSError, ValueError, TypeError, LookupError, AttributeError) as error:
        raise ValueError(f"{file or _NAME} holds no live results: {error}") from error


def count_by_evidence(results: Iterable[tuple[str, bool]]) -> dict[str, dict[str, int]]:
    """How many clauses held and how many were refuted, by the kind of their evidence.

    Args:
        results: Of each clause that was checked: the kind of its evidence, and whether it held.
    """
    found = Counter(results)
    return {
        kind: {"held": found[kind, True], "refuted": found[kind, False]}
        for kind in ("observed", "documented", "inferred")
        if found[kind, True] or found[kind, False]
    }


def describe_confidence(counts: Mapping[str, Mapping[str, int]]) -> str:
    """What ``count_by_evidence`` counted, in words: ``observed: 80 held, 1 refuted; inferred: 12 held, 0 refuted``."""
    return "; ".join(f"{kind}: {count['held']} held, {count['refuted']} refuted" for kind, count in counts.items())
