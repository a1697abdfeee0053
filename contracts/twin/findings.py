"""The run itself: sequences are played until the budget is spent, and each difference is made small and explained."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from fake_webflow.rules import choice_options, clauses_by_operation, find_clause

from ..generated.answers import CALL_NUMBER, NormalizedAnswer
from ..generated.calls import CallSequence, map_texts
from ..generated.comparing import Difference, Fingerprint, find_differences, take_fingerprint
from ..generated.playing import RateLimited
from .explaining import ChoiceDifference, Explainer
from .generation import build_plan, generate_sequences
from .peers import Peer, Step, play_both
from .shrinking import renumber, shrink, slice_calls
from .suggesting import suggest_clauses


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
        is_repeatable: Whether it was there again when the same calls were made anew.
        other_operations: Other operations whose answers differ alike; none is looked for where a choice explains it.
    """

    calls: CallSequence
    differences: tuple[Difference, ...]
    left: NormalizedAnswer
    right: NormalizedAnswer
    choices: tuple[ChoiceDifference, ...] = ()
    clauses: tuple[str, ...] = ()
    is_repeatable: bool = True
    other_operations: set[str] = field(default_factory=set)

    @property
    def title(self) -> str:
        """One line that says what differs."""
        if self.choices:
            return " or ".join(map(str, self.choices))
        last = self.calls[-1]
        return f"{last.title}: {self.differences[0]}"


@dataclass
class TwinRun:
    """A twin run.

    Args:
        left: One target.
        right: The other.
        explainer: Finds the choices that differ.
        seed: Of what is left to chance.
        on_progress: Told of what is going on, a line at a time.
    """

    left: Peer
    right: Peer
    explainer: Explainer = field(default_factory=Explainer)
    seed: int = 0
    on_progress: Callable[[str], None] = lambda _: None
    findings: list[Finding] = field(default_factory=list)
    call_count: int = 0
    """Calls made on each side, those of replays not counted."""

    def __post_init__(self) -> None:
        self._known_fingerprints: set[Fingerprint] = set()
        self._findings_by_form: dict[Fingerprint, Finding] = {}

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
                self._run_generated(steps, ends)
            except RateLimited:
                self.on_progress("a side limits the rate: going over to the fixed plan")
                rationed = True
        if rationed:
            self._examine(build_plan(self._locales), rationed=True)
        return self.findings

    @property
    def _locales(self) -> int:
        return min(len(self.left.locales), len(self.right.locales))

    def _run_generated(self, steps: int, ends: float | None) -> None:
        for calls in generate_sequences(self.seed, self._locales):
            self._examine(calls, rationed=False)
            if self.call_count >= steps or (ends is not None and time.monotonic() > ends):
                return

    def _examine(self, calls: CallSequence, *, rationed: bool) -> None:
        """Plays one sequence and looks into every difference it shows."""
        steps = play_both(self.left, self.right, calls, rationed=rationed)
        self.call_count += len(steps)
        for number, step in enumerate(steps, 1):
            for difference in step.differences:
                if not self._is_known(calls[:number], step, difference) and not self._has_same_form(step, difference):
                    self._add_finding(steps[:number], difference, rationed=rationed)

    def _is_known(self, calls: CallSequence, step: Step, difference: Difference) -> bool:
        """Whether it was found before, or comes from a choice that was."""
        fingerprint = take_fingerprint(step.call, difference)
        if take_fingerprint(step.call, difference, "kinds") in self._known_fingerprints:
            return True
        for finding in self.findings:
            if fingerprint in self._known_fingerprints:
                break
            for choice in finding.choices[:1]:
                self._known_fingerprints |= self._fingerprints_on_fakes(calls, choice)
        return fingerprint in self._known_fingerprints

    def _has_same_form(self, step: Step, difference: Difference) -> bool:
        """Whether another operation showed the same; if so, it is told together."""
        has_other_status = step.left.status != step.right.status
        # A call may be refused for any reason; what both sides did and call otherwise, they do for one.
        if has_other_status and not (step.left.is_done and step.right.is_done):
            return False
        telling = step.differences[0] if has_other_status else difference
        finding = self._findings_by_form.get(take_fingerprint(step.call, telling, "form"))
        if finding is None:
            return False
        if step.call.title != finding.calls[-1].title:
            finding.other_operations.add(step.call.title)
        return True

    def _add_finding(self, steps: Sequence[Step], difference: Difference, *, rationed: bool) -> None:
        fingerprint = take_fingerprint(steps[-1].call, difference)
        self._known_fingerprints.add(fingerprint)
        shown_steps, choices = (self._explain_offline if rationed else self._explain)(steps, fingerprint)
        if any(set(choices) & set(finding.choices) for finding in self.findings):
            return
        last = shown_steps[-1]
        self._known_fingerprints |= (
            _fingerprints(last) if choices else {take_fingerprint(last.call, one, "kinds") for one in last.differences}
        )
        clauses = () if choices else suggest_clauses(last, clauses_by_operation().get(last.call.operation, ()))
        # What was found comes first, before what was found already.
        shown = tuple(sorted(last.differences, key=lambda one: take_fingerprint(last.call, one) != fingerprint))
        calls = [step.call for step in shown_steps]
        repeats = rationed or shown_steps is not steps
        finding = Finding(calls, shown, last.left, last.right, tuple(choices), clauses, repeats)
        self.findings.append(finding)
        if not choices:
            self._findings_by_form |= {take_fingerprint(last.call, one, "form"): finding for one in shown}
        self.on_progress(f"found: {finding.title}")

    def _explain(
        self, steps: Sequence[Step], fingerprint: Fingerprint
    ) -> tuple[Sequence[Step], list[ChoiceDifference]]:
        """The smallest sequence that shows a difference, and tells the choices that could make it apart if any does.

        Where the difference is not there when it is looked at again, the sequence it was seen in, and no choice.
        """
        calls = [step.call for step in steps]
        smallest = self._replay(shrink(calls, lambda fewer: fingerprint in self._last_fingerprints(fewer)))
        if fingerprint not in _fingerprints(smallest[-1]):
            return steps, []
        choices = self.explainer.find_choices(smallest)
        candidates = [choice.id for choice in choices]
        if len(candidates) > 1:
            distinguished = self.explainer.find_choices(steps, candidates)
            if len(distinguished) == 1:
                distinguishing = self._replay(
                    shrink(calls, lambda fewer: self._distinguishes(fewer, fingerprint, candidates, distinguished))
                )
                if fingerprint in _fingerprints(distinguishing[-1]):
                    return distinguishing, distinguished
        return smallest, choices

    def _replay(self, calls: CallSequence) -> list[Step]:
        return play_both(self.left, self.right, renumber(calls))

    def _distinguishes(
        self, calls: CallSequence, fingerprint: Fingerprint, candidates: list[str], expected: list[ChoiceDifference]
    ) -> bool:
        if fingerprint not in self._last_fingerprints(calls):
            return False
        return self.explainer.find_choices(play_both(self.left, self.right, calls), candidates) == expected

    def _explain_offline(
        self, steps: Sequence[Step], fingerprint: Fingerprint
    ) -> tuple[Sequence[Step], list[ChoiceDifference]]:
        """What can be said without another call: made small on fakes, if a choice explains the difference there."""
        calls = slice_calls([step.call for step in steps])
        kept = [step for step in steps if step.call in calls]
        choices = self.explainer.find_choices(kept, self._likely_choices(calls))
        if not choices:
            self._known_fingerprints |= _fingerprints(steps[-1])
            numbers = [str(number) for number, step in enumerate(steps, 1) if step in kept]
            return [*kept[:-1], _with_call_numbers(kept[-1], numbers)], []
        smallest = renumber(shrink(calls, partial(self._shows_on_fakes, fingerprint, choices[0])))
        return self.explainer.replay(smallest, choices[0]), choices

    def _likely_choices(self, calls: CallSequence) -> list[str]:
        """The choices bound to these operations, and those bound to none."""
        made = {"every", *(call.operation for call in calls)}
        bound = {name: find_clause(name).operations for name in choice_options()}
        return [name for name, operations in bound.items() if not operations or made.intersection(operations)]

    def _shows_on_fakes(self, fingerprint: Fingerprint, choice: ChoiceDifference, calls: CallSequence) -> bool:
        return fingerprint in self._fingerprints_on_fakes(calls, choice)

    def _fingerprints_on_fakes(self, calls: CallSequence, choice: ChoiceDifference) -> set[Fingerprint]:
        return _fingerprints(self.explainer.replay(calls, choice)[-1])

    def _last_fingerprints(self, calls: CallSequence) -> set[Fingerprint]:
        """What the last answer of a sequence shows; nothing if it is not reached."""
        steps = play_both(self.left, self.right, calls)
        return _fingerprints(steps[-1]) if len(steps) == len(calls) else set()


def _fingerprints(step: Step) -> set[Fingerprint]:
    return {take_fingerprint(step.call, difference) for difference in step.differences}


def _with_call_numbers(step: Step, numbers: Sequence[str]) -> Step:
    """The step with its calls counted anew: those of these numbers are all that is left."""

    def count_anew(text: str) -> str:
        return CALL_NUMBER.sub(lambda match: str(numbers.index(match[0]) + 1) if match[0] in numbers else "0", text)

    left, right = (replace(answer, body=map_texts(answer.body, count_anew)) for answer in (step.left, step.right))
    return Step(step.call, left, right, tuple(find_differences(left, right)))
