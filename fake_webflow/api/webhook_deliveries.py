"""``fake.webhooks``: the delivery log as a test reads it, and the thread that sends.

The log is in the state; here is what a state cannot hold. The thread has no queue of its own: it looks in the state for
what is due, posts it, and writes down what came of it, if the delivery is still there as it was. It lives only while
there is something to wait for, so that fakes by the thousand leave no threads behind.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import replace

from ..conditions import Attempt, Delivery
from ..conditions.deliveries import NO_LONGER_TOLD
from ..world.webhook_laws import deactivate_webhook
from ..world.webhooks import TRIGGER_TYPES
from .state import State
from .webhook_sender import host_name, not_sent, post
from .webhooks import client_secret


class Webhooks:
    """The deliveries of one fake.

    Args:
        state: Gives the state as it is now.
        change: Swaps it for what a function makes of it.
        allowed_hosts: Hosts that may be told though they are not this machine.
    """

    def __init__(
        self,
        state: Callable[[], State],
        change: Callable[[Callable[[State], State]], State],
        allowed_hosts: Iterable[str] = (),
    ) -> None:
        self._state = state
        self._change = change
        self._allowed_hosts = frozenset(map(host_name, allowed_hosts))
        self._news = threading.Condition()
        self._thread: threading.Thread | None = None

    @property
    def deliveries(self) -> list[Delivery]:
        """All deliveries in the order of the events, sent or not."""
        return list(self._state().deliveries.kept)

    @property
    def allowed_hosts(self) -> frozenset[str]:
        """Hosts that may be told though they are not this machine."""
        return self._allowed_hosts

    @property
    def client_secret(self) -> str:
        """What deliveries are signed with where the webhook was registered with the token of an OAuth app."""
        return client_secret(self._state().ids)

    def allow_host(self, name: str) -> None:
        """Lets deliveries to that host out, from the next event on.

        Raises:
            ValueError: It is no host's name.
        """
        self._allowed_hosts |= {host_name(name)}

    def not_sent(self, url: str) -> str:
        """Why nothing is sent to that address; empty if it is."""
        return not_sent(url, self._allowed_hosts)

    def wait(self, count: int = 1, *, trigger: str | None = None, timeout: float = 5.0) -> list[Delivery]:
        """Waits until there are so many deliveries and none of them is under way.

        A delivery whose attempt failed is not under way until its retry is due: ``fake.advance(600)``, then wait again.

        Args:
            count: How many, of all since the fake began; 0 for as many as there are.
            trigger: Only deliveries of this event.
            timeout: Seconds of real time.

        Returns:
            The deliveries, which may be more.

        Raises:
            TimeoutError: It took longer; the message says what there is.
            ValueError: There is no such event, or ``count`` is no number from 0 on.
        """
        if not isinstance(count, int) or count < 0:
            raise ValueError(f"count is a number of deliveries, or 0 for as many as there are; not {count!r}")
        if trigger is not None and trigger not in TRIGGER_TYPES:
            raise ValueError(f"no event is named {trigger!r}; there are {', '.join(sorted(TRIGGER_TYPES))}")
        until = time.monotonic() + timeout
        with self._news:
            while True:
                now = self._state().clock.now
                found = [delivery for delivery in self.deliveries if trigger in (None, delivery.trigger)]
                if len(found) >= count and not any(delivery.is_due(now) for delivery in found):
                    return found
                left = until - time.monotonic()
                if left <= 0:
                    raise TimeoutError(_waited_in_vain(count, trigger, timeout, found))
                self._news.wait(left)

    def wake(self) -> None:
        """Tells that the log or the clock has changed. Never waits for a receiver."""
        with self._news:
            self._news.notify_all()
            if self._thread is None and self._rest() is not None:
                self._thread = threading.Thread(target=self._send_all, name="fake-webflow webhooks", daemon=True)
                self._thread.start()

    def _send_all(self) -> None:
        while True:
            with self._news:
                rest = self._rest()
                if rest is None:
                    self._thread = None
                    return
                if rest > 0:
                    self._news.wait(rest)
                    continue
            self._send_next()

    def _rest(self) -> float | None:
        """Seconds until the next attempt, 0 if one is due; None if time alone brings none."""
        state = self._state()
        earliest, now = state.deliveries.earliest(), state.clock.now
        if earliest is None or (state.clock.frozen and earliest > now):
            return None
        return max(earliest - now, 0) / 1000

    def _send_next(self) -> None:
        state = self._state()
        delivery = state.deliveries.next_due(state.clock.now)
        if delivery is None:
            return
        webhook = state.world.webhooks.get(delivery.webhook_id)
        # What happened while the webhook was there is told once in any case, or the outcome would depend on threads.
        if delivery.attempts and (webhook is None or not webhook.active):
            given_up = replace(delivery, state="failed", due=None, reason=NO_LONGER_TOLD)
            self._record(delivery, lambda _: given_up)
            return
        signed = replace(delivery, signed_at=time.time_ns() // 1_000_000)
        status, error = post(signed.url, signed.body, signed.headers)
        self._record(delivery, lambda now: signed.attempted(Attempt(now, status, error)))

    def _record(self, sent: Delivery, outcome: Callable[[int], Delivery]) -> None:
        """Writes down what came of a delivery, unless the fake has gone to another state meanwhile."""

        def change(state: State) -> State:
            if state.deliveries.get(sent.number) is not sent:
                return state
            settled = outcome(state.clock.now)
            exhausted = settled.state == "failed" and not settled.reason
            world = deactivate_webhook(state.world, sent.webhook_id) if exhausted else state.world
            return state._replace(world=world, deliveries=state.deliveries.put(settled))

        self._change(change)
        with self._news:
            self._news.notify_all()


def _waited_in_vain(count: int, trigger: str | None, timeout: float, found: list[Delivery]) -> str:
    lines = [f"{one.trigger} to {one.url}: {one.state}, {len(one.attempts)} attempts" for one in found]
    there_is = "; ".join(lines) or "none"
    wanted = f"{count} deliver{'y' if count == 1 else 'ies'}{f' of {trigger}' if trigger else ''}"
    return f"waited {timeout} s for {wanted}; there is {there_is}"
