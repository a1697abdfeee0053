"""What a test suite rests on: the clauses its calls touched, and the evidence there is for them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Literal, NamedTuple

from ..wording import spell_count

_KINDS_UPWARDS = ("inferred", "documented", "observed")
LevelName = Literal["documented", "observed", "live"]
EXPLAIN_HINT = "fake-webflow explain CLAUSE says what is known of it."
_LIVE = re.compile(r"live:([1-9][0-9]*)d")


class Level(NamedTuple):
    """The evidence a clause must have.

    Args:
        name: What it must at least be; of these each is more than the one before it.
        days: How old a live result may be.
    """

    name: LevelName
    days: int = 0

    @classmethod
    def of(cls, text: str) -> Level | None:
        """The level of that name: ``documented``, ``observed`` or ``live:30d``; None for no text.

        Raises:
            ValueError: No level has that name.
        """
        if text == "":
            return None
        live = _LIVE.fullmatch(text) if isinstance(text, str) else None
        if live is not None:
            return cls("live", int(live[1]))
        if text not in ("documented", "observed"):
            raise ValueError(f"no level of trust is named {text!r}; choose one of: documented, observed, live:30d")
        return cls(text)  # type: ignore[arg-type]

    def __str__(self) -> str:
        return f"live:{self.days}d" if self.name == "live" else self.name


class Touched(NamedTuple):
    """What calls touched: the operations, and the clauses that refused."""

    operations: frozenset[str] = frozenset()
    refused_by: frozenset[str] = frozenset()

    @classmethod
    def from_calls(cls, calls: Iterable[tuple[str, tuple[str, ...]]]) -> Touched:
        """By calls, each with its operation and the clauses that refused it."""
        operations: set[str] = set()
        refused_by: set[str] = set()
        for operation, clauses in calls:
            operations.add(operation)
            refused_by.update(clauses)
        return cls(frozenset(operations), frozenset(refused_by))

    def merge(self, other: Touched) -> Touched:
        """What both touched."""
        return Touched(self.operations | other.operations, self.refused_by | other.refused_by)

    def clauses(self) -> frozenset[str]:
        """The clauses: those bound to the operations, those every answer follows, and those that refused."""
        from ..rules import clauses_by_operation
        from ..storage import READ, UPLOAD

        followed, found = clauses_by_operation(), set(self.refused_by)
        for name in self.operations:
            found.update(followed.get(name, ()))
        if self.operations - {UPLOAD, READ}:
            found.update(followed["every"])
        return frozenset(found)


def find_below(
    clause_ids: Iterable[str], level: Level, today: date | None = None, choices: Mapping[str, str] | None = None
) -> dict[str, str]:
    """The clauses that do not reach the level, by name, each with what there is.

    Args:
        clause_ids: Their names.
        level: The evidence wanted. A clause that held live has all the weaker kinds, too.
        today: What the age of live results is counted from; today, UTC, where it is left out.
        choices: The options in force, by the clause's name; the default for each that is left out.
    """
    day = today or datetime.now(UTC).date()
    found = {name: _describe_lack(name, level, day, (choices or {}).get(name)) for name in sorted(clause_ids)}
    return {name: text for name, text in found.items() if text}


def render_trust_summary(clause_ids: Iterable[str]) -> str:
    """One line: ``rested on 41 clauses: 30 observed, 8 documented, 3 inferred; no clause has a live result yet``."""
    from ..control.ledger_view import count_clauses
    from ..rules import find_clause, live_results

    names = list(clause_ids)
    counts = count_clauses(map(find_clause, names))
    counted = ", ".join(f"{counts[kind]} {kind}" for kind in reversed(_KINDS_UPWARDS) if counts[kind])
    live = [found for found in map(live_results().get, names) if found is not None]
    if not live_results():
        checked = "no clause has a live result yet"
    else:
        held = [found.date for found in live if found.holds]
        oldest = f" (the oldest on {min(held)})" if held else ""
        checked = f"{len(held)} held live{oldest}, {len(live) - len(held)} did not"
    return f"rested on {spell_count(len(names), 'clause')}: {counted}; {checked}"


def render_complaint(found: Mapping[str, str], level: Level) -> str:
    """What a test is told whose clauses do not reach the level."""
    from ..rules import live_results

    lines = [f"this test rests on {spell_count(len(found), 'clause')} of the fake whose evidence is below {level}:"]
    if level.name == "live" and not live_results():
        lines.append("(no clause has a live result yet)")
    lines += [f"  {name} {text}" for name, text in found.items()]
    return "\n".join([*lines, EXPLAIN_HINT])


def render_warning(found: Mapping[str, str], level: Level) -> str:
    """The same on one line, for a list of many tests."""
    return f"rests on less than {level}: {', '.join(f'{name} {text}' for name, text in found.items())}"


def _describe_lack(clause_id: str, level: Level, today: date, option: str | None) -> str:
    """What a clause has in place of the level; empty if it reaches it."""
    from ..rules import find_clause, live_results

    live, clause = live_results().get(clause_id), find_clause(clause_id)
    kind = clause.kind if option is None else clause.kind_under(option)
    if level.name != "live":
        reaches = _KINDS_UPWARDS.index(kind) >= _KINDS_UPWARDS.index(level.name) or (live is not None and live.holds)
        return "" if reaches else f"is {kind}"
    if live is None:
        return f"is {kind}"
    if not live.holds:
        return f"did not hold live on {live.date}: {live.outcome}"
    return (
        ""
        if (today - date.fromisoformat(live.date)).days <= level.days
        else f"held live on {live.date} for the last time"
    )
