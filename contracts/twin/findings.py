"""The run itself: sequences are played until the budget is spent, and each difference is made small and explained."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from fake_webflow.rules.profile import choice_options

from .calls import Calls
from .compare import Difference, Likeness, Signature, likeness, place, signature
from .concerning import concerned
from .explaining import Choice, Explainer
from .generation import plan, sequences
from .normal import Seen
from .shrinking import renumbered, shrunk, sliced
from .sides import RateLimited, Side, Step, play

Bound = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Finding:
    """One difference between the two sides.

    Args:
        calls: The smallest sequence that shows it, in its last answer.
        differences: Of that answer.
        left: The answer of the left side, as it is compared.
        right: That of the right side.
        choices: The open choices that explain it; one, if it is clear.
        clauses: Others it may concern, the likeliest first.
        repeats: Whether it was there again when the same calls were made anew.
        elsewhere: Other operations whose answers differ alike; none is looked for where a choice explains it.
    """

    calls: Calls
    differences: tuple[Difference, ...]
    left: Seen
    right: Seen
    choices: tuple[Choice, ...] = ()
    clauses: tuple[str, ...] = ()
    repeats: bool = True
    elsewhere: set[str] = field(default_factory=set)

    @property
    def title(self) -> str:
        """One line that says what differs."""
        if self.choices:
            return " or ".join(map(str, self.choices))
        last = self.calls[-1]
        return f"{last.title}: {self.differences[0]}"


@dataclass
class Twin:
    """A twin run.

    Args:
        left: One target.
        right: The other.
        explainer: Finds the choices that differ.
        bound: The clauses that the answers of each operation follow, to name them where no choice explains.
        seed: Of what is left to chance.
        tell: Told of what is going on, a line at a time.
    """

    left: Side
    right: Side
    explainer: Explainer = field(default_factory=Explainer)
    bound: Bound = field(default_factory=dict)
    seed: int = 0
    tell: Callable[[str], None] = lambda _: None
    findings: list[Finding] = field(default_factory=list)
    played: int = 0
    """Calls made on each side, those of replays not counted."""

    def __post_init__(self) -> None:
        self._known: set[Signature] = set()
        self._alike: dict[Likeness, Finding] = {}

    def run(self, *, steps: int, seconds: float | None = None, rationed: bool = False) -> list[Finding]:
        """Plays sequences until calls or time are spent; where calls are rationed, the fixed plan.

        Args:
            steps: Calls on each side.
            seconds: At most so long; None for as long as it takes.
            rationed: Whether the two sides are known to limit the rate.

        Raises:
            CannotRun: A side cannot be reached.
        """
        ends = None if seconds is None else time.monotonic() + seconds
        self.left.sweep()
        self.right.sweep()
        rationed = rationed or self.left.is_rationed or self.right.is_rationed
        if not rationed:
            try:
                self._generated(steps, ends)
            except RateLimited:
                self.tell("a side limits the rate: going over to the fixed plan")
                rationed = True
        if rationed:
            self._judge(plan(self._locales), rationed=True)
        return self.findings

    @property
    def _locales(self) -> int:
        return min(len(self.left.locales), len(self.right.locales))

    def _generated(self, steps: int, ends: float | None) -> None:
        for calls in sequences(self.seed, self._locales):
            self._judge(calls, rationed=False)
            if self.played >= steps or (ends is not None and time.monotonic() > ends):
                return

    def _judge(self, calls: Calls, *, rationed: bool) -> None:
        """Plays one sequence and looks into every difference it shows."""
        steps = play(self.left, self.right, calls, rationed=rationed)
        self.played += len(steps)
        for played, step in enumerate(steps, 1):
            for difference in step.differences:
                if not self._is_known(calls[:played], step, difference) and not self._is_alike(step, difference):
                    self._found(steps[:played], difference, rationed=rationed)

    def _is_known(self, calls: Calls, step: Step, difference: Difference) -> bool:
        """Whether it was found before, or comes from a choice that was."""
        mark = signature(step.call, difference)
        if place(step.call, difference) in self._known:
            return True
        for finding in self.findings:
            if mark in self._known:
                break
            for choice in finding.choices[:1]:
                self._known |= self._on_fakes(calls, choice)
        return mark in self._known

    def _is_alike(self, step: Step, difference: Difference) -> bool:
        """Whether another operation showed the same; if so, it is told together."""
        has_other_status = step.left.status != step.right.status
        # A call may be refused for any reason; what both sides did and call otherwise, they do for one.
        if has_other_status and not (step.left.is_done and step.right.is_done):
            return False
        finding = self._alike.get(likeness(step.differences[0] if has_other_status else difference))
        if finding is None:
            return False
        if step.call.title != finding.calls[-1].title:
            finding.elsewhere.add(step.call.title)
        return True

    def _found(self, steps: Sequence[Step], difference: Difference, *, rationed: bool) -> None:
        mark = signature(steps[-1].call, difference)
        self._known.add(mark)
        small, choices = (self._explained_unasked if rationed else self._explained)(steps, mark)
        if any(set(choices) & set(finding.choices) for finding in self.findings):
            return
        last = small[-1]
        self._known |= _signatures(last) if choices else {place(last.call, one) for one in last.differences}
        clauses = () if choices else concerned(last, self.bound.get(last.call.operation, ()))
        # What was found comes first, before what was found already.
        shown = tuple(sorted(last.differences, key=lambda one: signature(last.call, one) != mark))
        calls = [step.call for step in small]
        repeats = rationed or small is not steps
        finding = Finding(calls, shown, last.left, last.right, tuple(choices), clauses, repeats)
        self.findings.append(finding)
        if not choices:
            self._alike |= {likeness(one): finding for one in shown}
        self.tell(f"found: {finding.title}")

    def _explained(self, steps: Sequence[Step], mark: Signature) -> tuple[Sequence[Step], list[Choice]]:
        """The smallest sequence that shows a difference, and tells the choices that could make it apart if any does.

        Where the difference is not there when it is looked at again, the sequence it was seen in, and no choice.
        """
        calls = [step.call for step in steps]
        small = self._played(shrunk(calls, lambda fewer: mark in self._last_signatures(fewer)))
        if mark not in _signatures(small[-1]):
            return steps, []
        choices = self.explainer.choices(small)
        candidates = [choice.id for choice in choices]
        if len(candidates) > 1:
            told = self.explainer.choices(steps, candidates)
            if len(told) == 1:
                telling = self._played(shrunk(calls, lambda fewer: self._tells(fewer, mark, candidates, told)))
                if mark in _signatures(telling[-1]):
                    return telling, told
        return small, choices

    def _played(self, calls: Calls) -> list[Step]:
        return play(self.left, self.right, renumbered(calls))

    def _tells(self, calls: Calls, mark: Signature, candidates: list[str], told: list[Choice]) -> bool:
        if mark not in self._last_signatures(calls):
            return False
        return self.explainer.choices(play(self.left, self.right, calls), candidates) == told

    def _explained_unasked(self, steps: Sequence[Step], mark: Signature) -> tuple[Sequence[Step], list[Choice]]:
        """What can be said without another call: made small on fakes, if a choice explains the difference there."""
        calls = sliced([step.call for step in steps])
        kept = [step for step in steps if step.call in calls]
        choices = self.explainer.choices(kept, self._likely(calls))
        if not choices:
            self._known |= _signatures(steps[-1])
            return kept, []
        small = renumbered(shrunk(calls, partial(self._shows_on_fakes, mark, choices[0])))
        return self.explainer.steps(small, choices[0]), choices

    def _likely(self, calls: Calls) -> list[str]:
        """The choices bound to these operations, and those bound to none."""
        here = {name for call in calls for name in self.bound.get(call.operation, self.bound)}
        elsewhere = {name for known in self.bound.values() for name in known} - here
        return [name for name in choice_options() if name not in elsewhere]

    def _shows_on_fakes(self, mark: Signature, choice: Choice, calls: Calls) -> bool:
        return mark in self._on_fakes(calls, choice)

    def _on_fakes(self, calls: Calls, choice: Choice) -> set[Signature]:
        return _signatures(self.explainer.steps(calls, choice)[-1])

    def _last_signatures(self, calls: Calls) -> set[Signature]:
        """What the last answer of a sequence shows; nothing if it is not reached."""
        steps = play(self.left, self.right, calls)
        return _signatures(steps[-1]) if len(steps) == len(calls) else set()


def _signatures(step: Step) -> set[Signature]:
    return {signature(step.call, difference) for difference in step.differences}
