"""Which open choice makes a difference: the one whose options, made on a fake, answer as the two sides did.

The sequence is played on a fake of this process once for every option of every choice. What the left side answered has
to come from one option and what the right side answered from another, to the last value that is compared.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import Literal

from fake_webflow.rules import Profile, choice_options

from ..generated.answers import NormalizedAnswer
from ..generated.calls import CallSequence, CallSpec
from ..generated.comparing import Difference, Fingerprint, find_differences, take_fingerprint
from ..kit.in_process import InProcessTarget
from ..kit.targets import Target
from .peers import Peer, Step, play_alone

_RUN_ID = "e" * 8
UNSEEN_CHOICES: Mapping[str, str] = {
    "asset-folders.list.page-size": "It takes folders of assets, which the API cannot remove.",
    "asset-folders.name-scope": "It takes folders of assets, which the API cannot remove.",
    "assets.list.locale-id": "It takes the id of a locale of the site, and the calls know ids of CMS locales alone.",
    "errors.site-not-granted": "It takes a second site that is there but that the token is not granted.",
    "http.if-none-match": "It takes a header, and calls have none of their own.",
    "http.regions": "It takes the hosts of both regions, and a side has one address.",
    "items.translatable": "It takes the id of a locale of the site, and the calls know ids of CMS locales alone.",
    "rate.message": "It takes a token that has used up its window: more than ten calls, and nothing else can be asked.",
    "webhooks.payload.locale-keys": "Only the receiver of a webhook sees it; no answer of the API tells of payloads.",
}
"""The choices that no sequence of ten calls with one site and one token can show, each with the reason."""
UNSEEN_OPTIONS: Mapping[tuple[str, str], str] = {
    ("plan.limits", "cms"): "Its limits (20 collections, 2,000 items) are reached by no ten calls.",
    ("plan.limits", "business"): "Its limits (40 collections, 10,000 items) are reached by no ten calls.",
}
"""Options of choices that can be seen otherwise, likewise."""
NEEDED_TOKEN_KIND: Mapping[str, Literal["app", "site"]] = {
    "token.introspect.site-token": "site",
    "webhooks.create.secret-key": "app",
}
"""The choices that a token of one kind only shows: an app's, or a site's (a workspace's will do as well)."""


@dataclass(frozen=True, slots=True)
class ChoiceDifference:
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
        site_client = self._fake.client_with_token(kind="site")
        self._peers = {
            "app": Peer(self._fake, _RUN_ID),
            "site": Peer(Target("a fake", site_client, self._fake.http, is_sandbox=True), _RUN_ID),
        }

    def find_choices(self, steps: Sequence[Step], among: Iterable[str] = ()) -> list[ChoiceDifference]:
        """The choices that make just these differences, in the last answer of a sequence and in none before it.

        Where there is none, those that make the differences of the last answer and before it none that was not seen:
        the sides may differ in several choices. More than one is named only if the sequence does not tell them apart.

        Args:
            steps: The sequence, and what differed.
            among: The choices in question; all of them by default.
        """
        candidates = [*among] or [*choice_options()]
        for strict in (True, False):
            for peer in self._peers.values():
                found = [
                    choice for name in candidates if (choice := self._explain_by(peer, steps, name, strict=strict))
                ]
                if found:
                    return found
        return []

    def replay(self, calls: CallSequence, choice: ChoiceDifference) -> list[Step]:
        """The sequence, answered by two fakes that make this choice as the two sides do."""
        peer = self._peers[NEEDED_TOKEN_KIND.get(choice.id, "app")]
        left, right = (self._play_option(peer, calls, choice.id, option) for option in (choice.left, choice.right))
        return [
            Step(call, one, other, tuple(find_differences(one, other)))
            for call, one, other in zip(calls, left, right, strict=True)
        ]

    def _explain_by(self, peer: Peer, steps: Sequence[Step], name: str, *, strict: bool) -> ChoiceDifference | None:
        """The choice with two options that explain it.

        Of several pairs, one that makes the very answers that were seen; then one with the expected option on a side.
        """
        calls = [step.call for step in steps]
        options = choice_options()[name]
        answers = {option: self._play_option(peer, calls, name, option) for option in options}
        if all(answered[-1] == answers[options[0]][-1] for answered in answers.values()):
            return None
        fingerprints = [_fingerprints(step.call, step.differences) for step in steps]
        matching = [
            (left, right)
            for left, right in permutations(options, 2)
            if _fits(
                [*map(_difference_fingerprints, calls, answers[left], answers[right])], fingerprints, strict=strict
            )
        ]
        expected = self._expected[name]
        last = (steps[-1].left, steps[-1].right)
        matching.sort(key=lambda pair: ((answers[pair[0]][-1], answers[pair[1]][-1]) != last, expected not in pair))
        return ChoiceDifference(name, *matching[0]) if matching else None

    def _play_option(self, peer: Peer, calls: CallSequence, choice: str, option: str) -> list[NormalizedAnswer]:
        with self._fake.override_choices({choice: option}):
            return play_alone(peer, calls)


def _fits(made: Sequence[list[Fingerprint]], expected: Sequence[list[Fingerprint]], *, strict: bool) -> bool:
    """Whether the differences that a choice makes are those of the last answer, and before it all or some of them."""
    if made[-1] != expected[-1]:
        return False
    return made == expected if strict else all({*one} <= {*other} for one, other in zip(made, expected, strict=True))


def _difference_fingerprints(call: CallSpec, left: NormalizedAnswer, right: NormalizedAnswer) -> list[Fingerprint]:
    return [] if left == right else _fingerprints(call, find_differences(left, right))


def _fingerprints(call: CallSpec, found: Sequence[Difference]) -> list[Fingerprint]:
    return [take_fingerprint(call, difference) for difference in found]
