"""Which open choice makes a difference: the one whose options, made on a fake, answer as the two sides did.

The sequence is played on a fake of this process once for every option of every choice. What the left side answered has
to come from one option and what the right side answered from another, to the last value that is compared.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import Literal

from fake_webflow.rules import Profile
from fake_webflow.rules.profile import choice_options

from ..kit.targets import InProcessTarget, Target
from .calls import Call, Calls
from .compare import Difference, Signature, differences, signature
from .normal import Seen
from .sides import Side, Step, observed

_RUN = "e" * 8
UNSEEN: Mapping[str, str] = {
    "errors.site-not-granted": "It takes a second site that is there but that the token is not granted.",
    "rate.message": "It takes a token that has used up its window: more than ten calls, and nothing else can be asked.",
    "webhooks.payload.locale-keys": "Only the receiver of a webhook sees it; no answer of the API tells of payloads.",
}
"""The choices that no sequence of ten calls with one site and one token can show, each with the reason."""
UNSEEN_OPTIONS: Mapping[tuple[str, str], str] = {
    ("plan.limits", "cms"): "Its limits (20 collections, 2,000 items) are reached by no ten calls.",
    ("plan.limits", "business"): "Its limits (40 collections, 10,000 items) are reached by no ten calls.",
}
"""Options of choices that can be seen otherwise, likewise."""
ONLY_WITH: Mapping[str, Literal["app", "site"]] = {
    "token.introspect.site-token": "site",
    "webhooks.create.secret-key": "app",
}
"""The choices that a token of one kind only shows: an app's, or a site's (a workspace's will do as well)."""


@dataclass(frozen=True, slots=True)
class Choice:
    """An open choice that explains a difference: the option of the left side and that of the right."""

    id: str
    left: str
    right: str

    def __str__(self) -> str:
        return f"{self.id}: {self.left} on the left, {self.right} on the right"


class Explainer:
    """Plays sequences on a fake.

    Args:
        profile: The open choices that are expected of both sides.
    """

    def __init__(self, profile: Profile | None = None) -> None:
        self._fake = InProcessTarget(profile)
        self._expected = self._fake.profile.chosen
        by_site = self._fake.client_with(kind="site")
        self._sides = {
            "app": Side(self._fake, _RUN),
            "site": Side(Target("a fake", by_site, self._fake.http, is_sandbox=True), _RUN),
        }

    def choices(self, steps: Sequence[Step], among: Iterable[str] = ()) -> list[Choice]:
        """The choices that make just these differences, in the last answer of a sequence and in none before it.

        Where there is none, those that make the differences of the last answer and before it none that was not seen:
        the sides may differ in several choices. More than one is named only if the sequence does not tell them apart.

        Args:
            steps: The sequence, and what differed.
            among: The choices in question; all of them by default.
        """
        asked = [*among] or [*choice_options()]
        for strict in (True, False):
            for side in self._sides.values():
                found = [choice for name in asked if (choice := self._explaining(side, steps, name, strict=strict))]
                if found:
                    return found
        return []

    def steps(self, calls: Calls, choice: Choice) -> list[Step]:
        """The sequence, answered by two fakes that make this choice as the two sides do."""
        side = self._sides[ONLY_WITH.get(choice.id, "app")]
        left, right = (self._seen(side, calls, choice.id, option) for option in (choice.left, choice.right))
        return [
            Step(call, one, other, tuple(differences(one, other)))
            for call, one, other in zip(calls, left, right, strict=True)
        ]

    def _explaining(self, side: Side, steps: Sequence[Step], name: str, *, strict: bool) -> Choice | None:
        """The choice with two options that explain it.

        Of several pairs, one that makes the very answers that were seen; then one with the expected option on a side.
        """
        calls = [step.call for step in steps]
        options = choice_options()[name]
        answers = {option: self._seen(side, calls, name, option) for option in options}
        if all(answered[-1] == answers[options[0]][-1] for answered in answers.values()):
            return None
        seen = [_signatures(step.call, step.differences) for step in steps]
        fitting = [
            (left, right)
            for left, right in permutations(options, 2)
            if _fits([*map(_differing, calls, answers[left], answers[right])], seen, strict=strict)
        ]
        expected = self._expected[name]
        last = (steps[-1].left, steps[-1].right)
        fitting.sort(key=lambda pair: ((answers[pair[0]][-1], answers[pair[1]][-1]) != last, expected not in pair))
        return Choice(name, *fitting[0]) if fitting else None

    def _seen(self, side: Side, calls: Calls, choice: str, option: str) -> list[Seen]:
        with self._fake.choosing({choice: option}):
            return observed(side, calls)


def _fits(made: Sequence[list[Signature]], seen: Sequence[list[Signature]], *, strict: bool) -> bool:
    """Whether the differences that a choice makes are those of the last answer, and before it all or some of them."""
    if made[-1] != seen[-1]:
        return False
    return made == seen if strict else all({*one} <= {*other} for one, other in zip(made, seen, strict=True))


def _differing(call: Call, left: Seen, right: Seen) -> list[Signature]:
    return [] if left == right else _signatures(call, differences(left, right))


def _signatures(call: Call, found: Sequence[Difference]) -> list[Signature]:
    return [signature(call, difference) for difference in found]
