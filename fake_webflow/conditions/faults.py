"""Scripted faults, as a value: which of the coming calls are hit, and what happens to them.

A fault is a condition (``When``) and what happens then, one effect or several. It counts the calls that its condition
looks at; the counts are part of the state, so that a fork goes on counting and a restored state counts anew. Chance is
drawn from the seed and the count: the same seed hits the same calls.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from hashlib import blake2b
from typing import Any, Literal, NamedTuple

from ..message import Response
from .calls import CallCondition, ObservedCall

RetryAfter = int | str | None
"""What ``Retry-After`` says: ``honest`` for the rest of the rate window, None for no header, else what stands there."""


class ClauseAnswer(NamedTuple):
    """Answers with a clause of the ledger."""

    clause: str
    values: Mapping[str, Any]

    def __str__(self) -> str:
        return f"refused by {self.clause}"


class StatusAnswer(NamedTuple):
    """Answers with a status in the form of Webflow's refusals, or S3's where it is asked."""

    status: int
    code: str
    message: str

    def __str__(self) -> str:
        return f"{self.status} {self.code}"


class RateLimitAnswer(NamedTuple):
    """Answers with 429 whatever the limit says."""

    retry_after: RetryAfter = "honest"

    def __str__(self) -> str:
        header = "no Retry-After" if self.retry_after is None else f"Retry-After {self.retry_after}"
        return f"429 with {header}"


class Delay(NamedTuple):
    """Takes its time: before it is looked at, or (``slow_body``) between that and the end of the answer.

    Args:
        seconds: How long, on the fake's clock.
        real: Whether the caller is made to wait as well.
        slow_body: Whether the answer is what takes so long.
    """

    seconds: float
    real: bool = False
    slow_body: bool = False

    def __str__(self) -> str:
        return f"{'body slow by' if self.slow_body else 'delayed by'} {self.seconds:g} s"


class NetworkLoss(NamedTuple):
    """Is lost on the way: before it is looked at, or after it was done (``applied``)."""

    kind: NetworkFaultKind
    applied: bool

    def __str__(self) -> str:
        if self.kind == "truncated":
            return "body truncated"
        return f"{self.kind} {'after it was done' if self.applied else 'before anything was done'}"


class MalformedJson(NamedTuple):
    """Is done, and answered with JSON that ends too early."""

    def __str__(self) -> str:
        return "malformed JSON"


Effect = ClauseAnswer | StatusAnswer | RateLimitAnswer | Delay | NetworkLoss | MalformedJson


class Fault(NamedTuple):
    """One script.

    Args:
        number: Its place among all that were ever set; what chance is drawn from, beside the seed and the count.
        when: Which calls are hit.
        effects: What happens to them, delays and at most one other.
        seen: How many calls it has looked at.
        hit: How many of them it has hit.
    """

    number: int
    when: CallCondition
    effects: tuple[Effect, ...]
    seen: int = 0
    hit: int = 0

    def hits_next(self, seed: int) -> bool:
        """Whether the next call it looks at is hit."""
        count, when = self.seen + 1, self.when
        if (when.nth or count) != count or count % when.every or (when.first is not None and self.hit >= when.first):
            return False
        return when.probability is None or _draw_chance(seed, self.number, count) < when.probability

    def count_call(self, hits: bool) -> Fault:
        """The script after a call it looked at."""
        return self._replace(seen=self.seen + 1, hit=self.hit + hits)

    def __str__(self) -> str:
        return f"{', '.join(map(str, self.effects))}: {self.when}; {self.hit} of {self.seen} so far"

    def __repr__(self) -> str:
        return f"<Fault: {self}>"


class Faults(NamedTuple):
    """The scripts that are on, each counting on its own.

    Args:
        scripts: In the order they were set in. Of those that hit a call all delays count, and of the rest the first.
        next_number: How many were ever set.
    """

    scripts: tuple[Fault, ...] = ()
    next_number: int = 0

    def add(self, when: CallCondition, effects: tuple[Effect, ...]) -> Faults:
        """With one more script."""
        return Faults((*self.scripts, Fault(self.next_number, when, effects)), self.next_number + 1)

    def replace_effects(self, number: int, effects: tuple[Effect, ...]) -> Faults:
        """With other effects for one script, if it is on."""
        return self._replace(
            scripts=tuple(one._replace(effects=effects) if one.number == number else one for one in self.scripts)
        )

    def without(self, number: int | None = None) -> Faults:
        """Without one script, or without any."""
        left = () if number is None else tuple(one for one in self.scripts if one.number != number)
        return self._replace(scripts=left)

    def count_call(self, call: ObservedCall, seed: int) -> tuple[Faults, tuple[Effect, ...]]:
        """The scripts after one more call, and what happens to it."""
        effects: tuple[Effect, ...] = ()
        scripts: list[Fault] = []
        for script in self.scripts:
            if script.when.matches(call):
                hits = script.hits_next(seed)
                effects += script.effects if hits else ()
                script = script.count_call(hits)
            scripts.append(script)
        return self._replace(scripts=tuple(scripts)), _select_effects(effects)


def _select_effects(effects: tuple[Effect, ...]) -> tuple[Effect, ...]:
    decisive = next((effect for effect in effects if not isinstance(effect, Delay)), None)
    return tuple(effect for effect in effects if isinstance(effect, Delay) or effect is decisive)


def _draw_chance(*parts: int) -> float:
    digest = blake2b(repr(parts).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") / 2**64


NetworkFaultKind = Literal["timeout", "reset", "truncated"]


class NetworkFault(Exception):
    """Raised in place of an answer; each in-process transport makes its library's own exception of it.

    Args:
        kind: ``timeout``, no answer in time; ``reset``, the connection is reset instead of an answer; ``truncated``,
            the connection ends within the answer's body.
        answer: What would have been answered, for ``truncated``.
        size: How many bytes of its body still arrive, for ``truncated``.

    Raises:
        ValueError: ``truncated`` without an answer or with a size that its body does not exceed.
    """

    def __init__(self, kind: NetworkFaultKind, answer: Response | None = None, size: int = 0) -> None:
        super().__init__(kind)
        if kind == "truncated" and (answer is None or not 0 <= size < len(answer.body)):
            raise ValueError("a truncated answer is an answer with a body, and fewer bytes of it than there are")
        self.kind = kind
        self.answer = answer
        self.size = size
        self.is_over: Callable[[], bool] = lambda: False
        """Whether nobody is to wait for an answer any longer: the fake that gave none is gone."""
