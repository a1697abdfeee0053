"""The delivery log of webhooks, as a value: what was to be delivered, what was tried and what came of it.

It is part of the state, so it is forked, kept and restored with it. What it cannot carry along is the sending itself: a
request that has left cannot be called back, and a receiver must not be told twice because a test forked its fake. So a
fake sends what its own requests caused, since it was made or last restored, and nothing else. A log that comes to
another fake, or back to its own, is ``disowned``: what is still to be sent in it is recorded as not sent, with the
reason. In every fake's log, then, ``pending`` means that this very fake will send it, and waiting for it makes sense.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from operator import attrgetter
from typing import Any, Literal, NamedTuple
from urllib.parse import urlsplit

import orjson

from ..conditions import LIMITS, Limits
from ..wording import spell_count
from .signatures import SIGNATURE_HEADER, TIMESTAMP_HEADER, sign_delivery

RETRIES = 3
RETRY_AFTER = 600_000
"""Milliseconds between two attempts (clause ``webhooks.delivery.retries``)."""

ABANDONED = "it was still to be sent when this state was taken over, by a fork or by going back to it"
TOO_MANY_WAITING = "too many others were still to be sent: limits deliveries and delivery-bytes"
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
    receiver: str = field(init=False, repr=False, compare=False)
    """Who is told: scheme, host and port of the address."""

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        object.__setattr__(self, "receiver", f"{parts.scheme}://{parts.netloc.lower()}")

    def __repr__(self) -> str:
        return f"<Delivery: {self.trigger} to {self.url}, {self.state}, {spell_count(len(self.attempts), 'attempt')}>"

    @property
    def size(self) -> int:
        """Bytes of its body."""
        return len(self.body)

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
    """The log. Beyond its bounds the oldest deliveries that are finished are dropped, and no others.

    Args:
        kept: In the order of their numbers.
        pending: Numbers of those with an attempt to come, in order.
        next_number: How many there ever were.
        size: Bytes of the bodies kept.
        limits: How many are kept, and how many bytes.
    """

    kept: tuple[Delivery, ...] = ()
    pending: tuple[int, ...] = ()
    next_number: int = 0
    size: int = 0
    limits: Limits = LIMITS

    def get(self, number: int) -> Delivery | None:
        """The delivery of that number, or None if there is none or it is no longer kept."""
        place = self._find_place(number)
        found = self.kept[place] if place < len(self.kept) else None
        return found if found is not None and found.number == number else None

    def add(self, deliveries: Iterable[Delivery]) -> Deliveries:
        """With these at the end, which are numbered here. What is too much to wait for its turn is not sent."""
        new, added = list(deliveries), list[Delivery]()
        waiting, waiting_bytes = len(self.pending), self._count_pending_bytes(sum(one.size for one in new))
        for delivery in new:
            numbered = replace(delivery, number=self.next_number + len(added))
            if delivery.due is not None:
                waiting, waiting_bytes = waiting + 1, waiting_bytes + delivery.size
                if waiting > self.limits.deliveries or waiting_bytes > self.limits.delivery_bytes:
                    waiting, waiting_bytes = waiting - 1, waiting_bytes - delivery.size
                    numbered = replace(numbered, state="recorded", due=None, reason=TOO_MANY_WAITING)
            added.append(numbered)
        return self._replace(
            kept=(*self.kept, *added),
            pending=(*self.pending, *(delivery.number for delivery in added if delivery.due is not None)),
            next_number=self.next_number + len(added),
            size=self.size + sum(delivery.size for delivery in added),
        )._drop_oldest()

    def put(self, delivery: Delivery) -> Deliveries:
        """With this one in place of the one of its number, which must be kept."""
        place = self._find_place(delivery.number)
        pending = self.pending
        if delivery.due is None:
            pending = tuple(number for number in pending if number != delivery.number)
        kept = (*self.kept[:place], delivery, *self.kept[place + 1 :])
        return self._replace(kept=kept, pending=pending)._drop_oldest()

    def _count_pending_bytes(self, more: int) -> int:
        """Bytes of those with an attempt to come; 0 where so many more fit in any case."""
        if self.size + more <= self.limits.delivery_bytes:
            return 0
        return sum(found.size for found in self._pending_deliveries())

    def _find_place(self, number: int) -> int:
        return bisect_left(self.kept, number, key=attrgetter("number"))

    def _drop_oldest(self) -> Deliveries:
        """The log within its bounds, as far as finished deliveries can be dropped."""
        count, size = len(self.kept), self.size
        dropped: set[int] = set()
        for delivery in self.kept:
            if count <= self.limits.deliveries and size <= self.limits.delivery_bytes:
                break
            if delivery.due is None:
                dropped.add(delivery.number)
                count, size = count - 1, size - delivery.size
        if not dropped:
            return self
        return self._replace(kept=tuple(one for one in self.kept if one.number not in dropped), size=size)

    def next_attempt(self, now: int, busy: Collection[str] = ()) -> Delivery | None:
        """The oldest delivery that is due; where none is, the one that is due next, or None.

        Args:
            now: On the fake's clock.
            busy: Receivers whose deliveries are left out.
        """
        earliest: Delivery | None = None
        for delivery in self.kept if self.pending else ():
            if delivery.due is None or delivery.receiver in busy:
                continue
            if delivery.due <= now:
                return delivery
            if earliest is None or earliest.due is None or delivery.due < earliest.due:
                earliest = delivery
        return earliest

    def abandon_pending(self) -> Deliveries:
        """The log in another fake's hands: what was pending is recorded as not sent, or failed if it was tried."""
        if not self.pending:
            return self
        return self._replace(kept=tuple(map(_abandon, self.kept)), pending=())

    def _pending_deliveries(self) -> Iterator[Delivery]:
        return (found for number in self.pending if (found := self.get(number)) is not None)


def _abandon(delivery: Delivery) -> Delivery:
    if delivery.due is None:
        return delivery
    return replace(delivery, state="failed" if delivery.attempts else "recorded", due=None, reason=ABANDONED)
