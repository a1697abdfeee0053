"""The delivery log of webhooks, as a value: what was to be delivered, what was tried and what came of it.

It is part of the state, so it is forked, kept and restored with it. What it cannot carry along is the sending itself: a
request that has left cannot be called back, and a receiver must not be told twice because a test forked its fake. So a
fake sends what its own requests caused, since it was made or last restored, and nothing else. A log that comes to
another fake, or back to its own, is ``disowned``: what is still to be sent in it is recorded as not sent, with the
reason. In every fake's log, then, ``pending`` means that this very fake will send it, and waiting for it makes sense.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, NamedTuple

import orjson

from ..wording import spell_count
from .signatures import SIGNATURE_HEADER, TIMESTAMP_HEADER, sign_delivery

LONGEST_LOG = 10_000
RETRIES = 3
RETRY_AFTER = 600_000
"""Milliseconds between two attempts (clause ``webhooks.delivery.retries``)."""

ABANDONED = "it was still to be sent when this state was taken over, by a fork or by going back to it"
WEBHOOK_GONE = "its webhook was deleted or deactivated before the next attempt"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try to deliver.

    Args:
        instant: When it ended, on the fake's clock (milliseconds since 1970).
        status: The receiver's status, or None where there was no answer.
        error: Why there was no answer; empty where there was one.
    """

    instant: int
    status: int | None
    error: str = ""

    @property
    def succeeded(self) -> bool:
        """Whether the receiver took it: with 200 and nothing else (clause ``webhooks.delivery.failure``)."""
        return self.status == 200


@dataclass(frozen=True, slots=True)
class Delivery:
    """One event for one webhook.

    Args:
        number: Its place among all deliveries of the fake, from 0.
        trigger: Webflow's name of the event.
        webhook_id: Who is told.
        url: Where.
        body: The bytes that are posted.
        secret_key: What it is signed with.
        signed_at: Milliseconds since 1970 on the machine's clock, as in the header, of the last attempt; for what is
            not sent, of when it was recorded.
        state: ``pending`` before the next attempt, ``delivered``, ``failed`` when no attempt is left, ``recorded`` if
            nothing is to be sent.
        due: When the next attempt is due, on the fake's clock; None where there is none.
        reason: Why it was recorded only, or given up.
        attempts: What was tried, in order.
    """

    number: int
    trigger: str
    webhook_id: str
    url: str
    body: bytes
    secret_key: str
    signed_at: int
    state: Literal["pending", "delivered", "failed", "recorded"]
    due: int | None = None
    reason: str = ""
    attempts: tuple[Attempt, ...] = ()

    def __repr__(self) -> str:
        return f"<Delivery: {self.trigger} to {self.url}, {self.state}, {spell_count(len(self.attempts), 'attempt')}>"

    @property
    def payload(self) -> dict[str, Any]:
        """What the event says, without its name."""
        payload: dict[str, Any] = orjson.loads(self.body)["payload"]
        return payload

    @property
    def headers(self) -> Mapping[str, str]:
        """Content type, time stamp and signature, as they were posted or would have been."""
        return {
            "Content-Type": "application/json",
            TIMESTAMP_HEADER: str(self.signed_at),
            SIGNATURE_HEADER: sign_delivery(self.secret_key, self.signed_at, self.body),
        }

    def is_due(self, now: int) -> bool:
        """Whether it is being sent, or would be next."""
        return self.due is not None and self.due <= now

    def attempted(self, attempt: Attempt) -> Delivery:
        """After an attempt: delivered, to be tried again in ten minutes, or failed for good."""
        attempts = (*self.attempts, attempt)
        if attempt.succeeded:
            return replace(self, attempts=attempts, state="delivered", due=None)
        if len(attempts) > RETRIES:
            return replace(self, attempts=attempts, state="failed", due=None)
        return replace(self, attempts=attempts, due=attempt.instant + RETRY_AFTER)


class Deliveries(NamedTuple):
    """The log. The oldest deliveries are dropped beyond ten thousand.

    Args:
        kept: In the order of their numbers.
        pending: Numbers of those with an attempt to come, in order.
        dropped: How many are no longer kept.
    """

    kept: tuple[Delivery, ...] = ()
    pending: tuple[int, ...] = ()
    dropped: int = 0

    def get(self, number: int) -> Delivery | None:
        """The delivery of that number, or None if there is none or it is no longer kept."""
        place = number - self.dropped
        return self.kept[place] if 0 <= place < len(self.kept) else None

    def add(self, deliveries: Iterable[Delivery]) -> Deliveries:
        """With these at the end, which are numbered here."""
        first = self.dropped + len(self.kept)
        numbered = [replace(delivery, number=first + place) for place, delivery in enumerate(deliveries)]
        kept = (*self.kept, *numbered)
        excess = max(len(kept) - LONGEST_LOG, 0)
        dropped = self.dropped + excess
        pending = (*self.pending, *(delivery.number for delivery in numbered if delivery.due is not None))
        return Deliveries(kept[excess:], tuple(number for number in pending if number >= dropped), dropped)

    def put(self, delivery: Delivery) -> Deliveries:
        """With this one in place of the one of its number, which must be kept."""
        place = delivery.number - self.dropped
        pending = self.pending
        if delivery.due is None:
            pending = tuple(number for number in pending if number != delivery.number)
        return self._replace(kept=(*self.kept[:place], delivery, *self.kept[place + 1 :]), pending=pending)

    def next_due(self, now: int) -> Delivery | None:
        """The oldest delivery that is due, or None."""
        return next((found for found in self._pending_deliveries() if found.is_due(now)), None)

    def earliest_due(self) -> int | None:
        """When the next attempt of all is due, on the fake's clock; None where none is to come."""
        return min((found.due for found in self._pending_deliveries() if found.due is not None), default=None)

    def abandon_pending(self) -> Deliveries:
        """The log in another fake's hands: what was pending is recorded as not sent, or failed if it was tried."""
        if not self.pending:
            return self
        return self._replace(kept=tuple(map(_abandon, self.kept)), pending=())

    def _pending_deliveries(self) -> Iterator[Delivery]:
        return (self.kept[number - self.dropped] for number in self.pending)


def _abandon(delivery: Delivery) -> Delivery:
    if delivery.due is None:
        return delivery
    return replace(delivery, state="failed" if delivery.attempts else "recorded", due=None, reason=ABANDONED)
