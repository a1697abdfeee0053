"""Which clause is to blame for what a run saw: the few that differ, and below each what only follows from it.

A test fails over one answer, and the answer may be wrong for a reason that is not the test's. So failures are told
apart by what was wrong in their exchanges, as ``generated.counterpart`` finds it: those that met the same difference
have one cause. Of the clauses such failures speak of, the one that the difference concerns most is the head; the
others follow.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from fake_webflow.rules import find_clause

from ..generated.comparing import Fingerprint
from ..generated.conformance import body_clause
from ..generated.counterpart import ComparedExchange, Counterpart
from ..kit.clauses import Observation, Verdicts

BASIC_CLAUSES = (
    "errors.envelope", "errors.details", "items.not-found", "collections.not-found", "items.object.timestamps",
    "items.create-live.published",
    "items.create.answer",
    "items.create.fresh", "items.create.variants", "items.list.newest-first", "items.update.merges",
    "items.insert.variants", "items.unpublish.staged", "publishing.items.answer", "publishing.items.timestamps",
    "items.update.timestamps", "items.create.is-draft", "items.slug.generated",
    "collections.create.answer", "collections.field.keys", "collections.field-groups.replaced", "assets.create.answer",
    "assets.object", "assets.delete.answer", "filters.joined", "filters.equality", "sorts.order",
    "lists.page.default", "lists.pagination", "upload.details.fields", "upload.details.policy", "upload.answer.created",
    "webhooks.create.answer", "webhooks.object", "sites.object.keys", "rate.headers", "rate.headers.on",
    "items.object.keys",
)  # fmt: skip
"""What the tests of other clauses take for granted, the most basic first."""
PREPARING = "preparing the sandbox"
"""In the place of a test: what was done before the first."""
_SOME = 0.2
"""Of the tests of a basic clause: so many have to fail before it is thought to be what the others stumbled over."""


@dataclass(frozen=True, slots=True)
class Failure:
    """One test that failed.

    Args:
        test: Its node id.
        named: The clauses that it may have failed over.
        is_explicit: Whether it said itself which.
        exchanges: Those of its exchanges that were wrong.
    """

    test: str
    named: tuple[str, ...]
    is_explicit: bool
    exchanges: Sequence[ComparedExchange] = ()

    @property
    def fingerprints(self) -> dict[Fingerprint, ComparedExchange]:
        """What was wrong, each with the first exchange that shows it, and then what that may follow from."""
        found: dict[Fingerprint, ComparedExchange] = {}
        for exchange in self.exchanges:
            for fingerprint in exchange.fingerprints() if exchange.differences else ():
                found.setdefault(fingerprint, exchange)
        for exchange in self.exchanges:
            for fingerprint in exchange.inherited:
                found.setdefault(fingerprint, exchange)
        return found


@dataclass(slots=True)
class Cause:
    """What is wrong with the target, and where it shows.

    Args:
        head: The clause that differs.
        failures: The tests that failed for it.
        exchange: The first exchange that shows it best; None where no answer as such is wrong.
    """

    head: str
    failures: list[Failure] = field(default_factory=list)
    exchange: ComparedExchange | None = None
    fingerprint: Fingerprint | None = None

    @property
    def followers(self) -> list[str]:
        """The other clauses whose tests failed for it."""
        return sorted({name for failure in self.failures for name in failure.named} - {self.head})


def find_causes(
    failures: Sequence[Failure],
    holding: Mapping[str, int],
    tests_by_fingerprint: Mapping[Fingerprint, set[str]],
) -> list[Cause]:
    """The few causes of many failures.

    Args:
        failures: Every test that failed.
        holding: By clause: how many tests saw it to hold.
        tests_by_fingerprint: Which tests met each difference, those that passed as well.
    """
    unexplained = {failure.test: failure for failure in failures}
    known = {failure.test: failure.fingerprints for failure in failures}
    failing: dict[str, int] = defaultdict(int)
    for failure in failures:
        for name in failure.named:
            failing[name] += 1
    causes: list[Cause] = []
    while True:
        met: dict[Fingerprint, list[Failure]] = defaultdict(list)
        for failure in unexplained.values():
            for fingerprint in known[failure.test]:
                met[fingerprint].append(failure)
        if not met:
            break
        # What many failures met, and few tests that passed.
        best = max(met, key=lambda one: len(met[one]) ** 2 / len(tests_by_fingerprint.get(one, met[one])))
        cause = _make_cause(met[best], best, known, failing, holding)
        causes.append(cause)
        for failure in met[best]:
            del unexplained[failure.test]
    return _merge(causes + _bare_causes(list(unexplained.values()), causes, failing, holding))


def _make_cause(
    failures: list[Failure],
    fingerprint: Fingerprint,
    known: Mapping[str, Mapping[Fingerprint, ComparedExchange]],
    failing: Mapping[str, int],
    holding: Mapping[str, int],
) -> Cause:
    """The cause of failures that met one difference.

    Its head is the clause that most speaks for: most of its tests failed for it, a test said so, the operation follows
    it, the fake refuses by it, its words name what differs, or other tests take it for granted.
    """
    exchanges = {failure.test: known[failure.test][fingerprint] for failure in failures}
    refusing = {name for exchange in exchanges.values() for name in exchange.expected.clauses}
    operations = {exchange.call.operation for exchange in exchanges.values()} | {"every"}
    key = re.findall(r"[A-Za-z]+", fingerprint[1])[-1]

    def rank(name: str) -> float:
        own = [failure for failure in failures if name in failure.named]
        share = len(own) / (failing[name] + holding.get(name, 0))
        clause = find_clause(name)
        points = 2 * share + len(own) / len(failures) + max(0.5 / len(failure.named) for failure in own)
        points += any(failure.is_explicit for failure in own) + bool(operations.intersection(clause.operations))
        points += (name in refusing) + 6 * (fingerprint[1:] == ("status", fingerprint[2], name))
        points += bool(re.search(rf"\b{key}\b", f"{name} {clause.says}", re.IGNORECASE))
        is_basic = name in BASIC_CLAUSES and share >= _SOME
        return points + (4 - BASIC_CLAUSES.index(name) / 15 if is_basic else 0)

    head = _best({name for failure in failures for name in failure.named}, rank)
    shown = min(
        (failure for failure in failures if head in failure.named),
        key=lambda failure: (not failure.is_explicit, len(failure.named), len(failure.exchanges)),
    )
    return Cause(head, failures, exchanges[shown.test], fingerprint)


def _bare_causes(
    failures: list[Failure], causes: Sequence[Cause], failing: Mapping[str, int], holding: Mapping[str, int]
) -> list[Cause]:
    """What failed though no answer as such was wrong: each over the clause that it names, or over a head it names."""
    heads = {cause.head: cause for cause in causes}
    found: dict[str, Cause] = {}
    for failure in sorted(failures, key=lambda failure: (not failure.is_explicit, len(failure.named))):

        def rank(name: str) -> float:
            return (name in heads or name in found) + failing[name] / (failing[name] + holding.get(name, 0))

        head = _best(failure.named, rank)
        found.setdefault(head, Cause(head)).failures.append(failure)
    return list(found.values())


def _best(names: Iterable[str], rank: Callable[[str], float]) -> str:
    return max(sorted(names), key=rank)


def _merge(causes: Iterable[Cause]) -> list[Cause]:
    """The causes, those of the same head as one."""
    found: dict[str, Cause] = {}
    for cause in causes:
        if cause.head in found:
            found[cause.head].failures += cause.failures
        else:
            found[cause.head] = cause
    return list(found.values())


def collect_failures(
    verdicts: Verdicts, counterpart: Counterpart | None, *, accept_choices: bool = False
) -> list[Failure]:
    """The tests of a run that failed, with what was wrong in their exchanges."""
    by_test: dict[str, list[Observation]] = defaultdict(list)
    for seen in verdicts.observations:
        if seen.is_failure and not (accept_choices and seen.outcome == "other-option"):
            by_test[seen.test].append(seen)
    return [
        Failure(
            test,
            tuple(dict.fromkeys(seen.clause for seen in observations)),
            any(seen.is_explicit for seen in observations),
            _suspect_exchanges(counterpart, test) if counterpart else (),
        )
        for test, observations in by_test.items()
    ]


def _suspect_exchanges(counterpart: Counterpart, test: str) -> Sequence[ComparedExchange]:
    """Those of the test; if there are none, those by which the sandbox was made, which it looked at."""
    own = counterpart.suspect_exchanges(test)
    if own:
        return own
    return [
        replace(one, differences=(), inherited=tuple(one.fingerprints())) for one in counterpart.suspect_exchanges("")
    ]


def blame(
    verdicts: Verdicts,
    counterpart: Counterpart | None,
    unmade: Mapping[str, str] | None = None,
    *,
    accept_choices: bool = False,
) -> list[Cause]:
    """Leaves of what a run saw only the heads as differences; what follows from them is said to be not checkable.

    Args:
        verdicts: What it saw.
        counterpart: What the rules say to the same requests.
        unmade: What the sandbox lacks, which is a difference as well.
        accept_choices: Whether known options other than the profile's pass.

    Returns:
        The causes, those that concern most first.
    """
    failures = collect_failures(verdicts, counterpart, accept_choices=accept_choices)
    if unmade:
        failures += _preparing_failures(verdicts, counterpart, unmade)
    if not failures:
        return []
    holding: dict[str, int] = defaultdict(int)
    for seen in verdicts.observations:
        holding[seen.clause] += seen.outcome == "holds"
    causes = find_causes(failures, holding, counterpart.tests_by_fingerprint() if counterpart else {})
    cause_of = {failure.test: cause for cause in causes for failure in cause.failures}
    verdicts.observations[:] = [
        _fold(seen, cause_of[seen.test]) if seen.is_failure and seen.test in cause_of else seen
        for seen in verdicts.observations
    ]
    return causes


def _preparing_failures(
    verdicts: Verdicts, counterpart: Counterpart | None, unmade: Mapping[str, str]
) -> list[Failure]:
    """What was wrong where the sandbox lacks something, each as a test that failed."""
    wrong = [one for one in (counterpart.suspect_exchanges("") if counterpart else ()) if one.differences]
    wrong.sort(key=lambda one: (one.seen.is_done, one.call.method == "GET"))
    reason = "; ".join(f"{name}: {text}" for name, text in unmade.items())
    clause = body_clause(wrong[0].call.operation) if wrong and wrong[0].call.operation else "collections.create.answer"
    verdicts.add(Observation(clause, "differs", PREPARING, "a sandbox can be made", reason, is_explicit=True))
    return [Failure(PREPARING, (clause,), True, wrong[:1])]


def _fold(seen: Observation, cause: Cause) -> Observation:
    if seen.clause == cause.head:
        if not seen.is_unfinished or cause.exchange is None:
            return seen
        if not cause.exchange.differences:  # what was wrong is a call before the test: its text is the one that says so
            return replace(seen, outcome="differs")
        expected, observed = describe_sides(cause.exchange)
        return replace(seen, outcome="differs", expected=expected, observed=observed)
    if seen.outcome == "other-option":
        return seen  # that a choice is made in another known way is worth knowing, whatever it comes from
    return replace(seen, outcome="not-checkable", observed=f"follows from {cause.head}", follows=cause.head)


def describe_sides(exchange: ComparedExchange) -> tuple[str, str]:
    """What was expected of an answer and what was there, in the places where the two differ."""
    sides = (
        [(one.location, one.left) for one in exchange.differences],
        [(one.location, one.right) for one in exchange.differences],
    )
    expected, seen = (
        "; ".join(f"{place}: {json.dumps(value, ensure_ascii=False)}" for place, value in side) for side in sides
    )
    return expected, seen
