"""What sends the deliveries of webhooks: a thread, one delivery over the wire, and where the wire may lead.

The log is in the state; here is what a state cannot hold. The thread has no queue of its own: it looks in the state for
what is due, posts it, and writes down what came of it, if the delivery is still there as it was. It lives only while
there is something to wait for, so that fakes by the thousand leave no threads behind.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit

from ..message import is_loopback
from ..world.webhook_rules import deactivate_webhook
from .deliveries import WEBHOOK_GONE, Attempt, Delivery

if TYPE_CHECKING:
    from ..fake import State

_Found = TypeVar("_Found")

RECEIVER_TIMEOUT = 5.0
"""Seconds a receiver may take to connect, and then to answer (clause ``webhooks.delivery.failure``)."""
_NO_HOST = re.compile(r"[\s/?#@\[\]]")


class WebhookSender:
    """Sends what is due of one fake's deliveries.

    Args:
        state: Gives the state as it is now.
        change: Swaps it for what a function makes of it.
        allowed_hosts: Hosts that may be told though they are not this machine.
    """

    def __init__(
        self,
        state: Callable[[], State],
        change: Callable[[Callable[[State], State]], State],
        allowed_hosts: Iterable[str],
    ) -> None:
        self.state = state
        self.allowed_hosts = frozenset(map(parse_host_name, allowed_hosts))
        self._change = change
        self._change_condition = threading.Condition()
        self._thread: threading.Thread | None = None

    def allow_host(self, name: str) -> None:
        """Lets deliveries to that host out. Raises ValueError if it is no host's name."""
        self.allowed_hosts |= {parse_host_name(name)}

    def why_not_sent(self, url: str) -> str:
        """Why nothing is sent to that address; empty if it is."""
        return why_not_sent(url, self.allowed_hosts)

    def wake(self) -> None:
        """Tells that the log or the clock has changed. Never waits for a receiver."""
        with self._change_condition:
            self._change_condition.notify_all()
            if self._thread is None and self._seconds_to_next() is not None:
                self._thread = threading.Thread(target=self._send_all, name="fake-webflow webhooks", daemon=True)
                self._thread.start()

    def wait_for(self, look: Callable[[State], _Found | None], timeout: float) -> _Found | None:
        """What a look at the state finds, now or as soon as it finds something; None after so many seconds."""
        found: _Found | None = None

        def find() -> bool:
            nonlocal found
            found = look(self.state())
            return found is not None

        self.wake()  # a clock that follows the machine's may have been moved from outside
        with self._change_condition:
            # Not by time.monotonic, which stands still while a test has frozen the time.
            self._change_condition.wait_for(find, timeout)
        return found

    def _send_all(self) -> None:
        while True:
            with self._change_condition:
                rest = self._seconds_to_next()
                if rest is None:
                    self._thread = None
                    return
                if rest > 0:
                    self._change_condition.wait(rest)
                    continue
            self._send_next()

    def _seconds_to_next(self) -> float | None:
        """Seconds until the next attempt, 0 if one is due; None if time alone brings none."""
        state = self.state()
        earliest, now = state.deliveries.earliest_due(), state.clock.now
        if earliest is None or (state.clock.frozen and earliest > now):
            return None
        return max(earliest - now, 0) / 1000

    def _send_next(self) -> None:
        state = self.state()
        delivery = state.deliveries.next_due(state.clock.now)
        if delivery is None:
            return
        webhook = state.world.webhooks.get(delivery.webhook_id)
        # What happened while the webhook was there is told once in any case, or the outcome would depend on threads.
        if delivery.attempts and (webhook is None or not webhook.active):
            given_up = replace(delivery, state="failed", due=None, reason=WEBHOOK_GONE)
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
        with self._change_condition:
            self._change_condition.notify_all()


def parse_host_name(name: object) -> str:
    """The name of a host that may be told, as addresses are compared with it.

    Raises:
        ValueError: It is more than a host's name, or none at all, and no address would ever match it.
    """
    if not isinstance(name, str) or not name or _NO_HOST.search(name) or name.count(":") == 1:
        raise ValueError(f"a host is a name alone, as receiver.internal, without scheme, port and path; not {name!r}")
    return name.lower()


def why_not_sent(url: str, allowed_hosts: Collection[str]) -> str:
    """Why nothing is sent to that address; empty if it is.

    A test must not reach out by accident, and the addresses in it are often made up: so only this machine is told,
    and who was allowed by name.
    """
    host = urlsplit(url).hostname or ""
    if host in allowed_hosts or is_loopback(host):
        return ""
    return f"{host} is not this machine; to send there all the same, call webhooks.allow_host({host!r})"


def post(
    url: str, body: bytes, headers: Mapping[str, str], timeout: float = RECEIVER_TIMEOUT
) -> tuple[int | None, str]:
    """Posts once, follows no redirect and uses no proxy.

    Returns:
        The receiver's status, or None and why there is none.
    """
    # Loaded when something is sent for the first time, not when an app starts.
    from http.client import HTTPConnection, HTTPException, HTTPSConnection

    parts = urlsplit(url)
    connect = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        with closing(connect(parts.hostname or "", parts.port, timeout=timeout)) as connection:
            connection.request("POST", target, body, dict(headers))
            with closing(connection.getresponse()) as response:
                return response.status, ""
    except (OSError, HTTPException, ValueError) as error:
        return None, f"{type(error).__name__}: {error}"
