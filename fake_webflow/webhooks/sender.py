"""What sends the deliveries of webhooks: threads, one delivery over the wire, and which hosts it may contact.

The log is in the state; here is what a state cannot hold. One thread looks in the state for what is due, and lives only
while there is something to wait for, so that fakes by the thousand leave no threads behind. Each delivery is posted in
a thread of its own, which writes down what came of it, if the delivery is still there as it was. A receiver is told one
thing at a time, in order, and whoever is slow keeps nobody waiting but itself.
"""

from __future__ import annotations

import re
import socket
import threading
import time
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import closing, suppress
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit

from ..message import find_loopback_addresses, is_loopback
from ..world.webhook_rules import deactivate_webhook
from .deliveries import WEBHOOK_GONE, Attempt, Delivery

if TYPE_CHECKING:
    from ..fake import State

_Found = TypeVar("_Found")

RECEIVER_TIMEOUT = 5.0
"""Seconds a receiver may take to connect, and then to answer, the head of its answer to the end (clause
``webhooks.delivery.failure``)."""
_MOST_AT_ONCE = 50  # receivers
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
        self._busy: set[str] = set()

    def allow_host(self, name: str) -> None:
        """Lets deliveries to that host out. Raises ValueError if it is not a host's name."""
        self.allowed_hosts |= {parse_host_name(name)}

    def why_not_sent(self, url: str) -> str:
        """Why nothing is sent to that address; empty if it is."""
        return why_not_sent(url, self.allowed_hosts)

    def resend(self, delivery: Delivery) -> Delivery:
        """Has the delivery sent again, as a new one, and gives that."""
        reason = self.why_not_sent(delivery.url)
        signed_at = time.time_ns() // 1_000_000

        def change(state: State) -> State:
            again = replace(
                delivery,
                state="recorded" if reason else "pending",
                due=None if reason else state.clock.now,
                reason=reason,
                attempts=(),
                signed_at=signed_at,
            )
            return state._replace(deliveries=state.deliveries.add([again]))

        log = self._change(change).deliveries
        self.wake()
        return log.kept[-1]

    def wake(self) -> None:
        """Tells that the log or the clock has changed. Never waits for a receiver."""
        with self._change_condition:
            self._change_condition.notify_all()
            if self._thread is None and self._look()[1] is not None:
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
                if len(self._busy) >= _MOST_AT_ONCE:
                    self._change_condition.wait()
                    continue
                delivery, rest = self._look()
                if rest is None and not self._busy:
                    self._thread = None
                    return
                if delivery is None or rest != 0:
                    self._change_condition.wait(rest)
                    continue
                self._busy.add(delivery.receiver)
            threading.Thread(target=self._send, args=[delivery], name="fake-webflow webhook", daemon=True).start()

    def _look(self) -> tuple[Delivery | None, float | None]:
        """What is to be sent next, and in how many seconds; None for these if time alone does not bring it."""
        state = self.state()
        clock, now = state.clock, state.clock.now
        delivery = state.deliveries.next_attempt(now, self._busy)
        if delivery is None or delivery.due is None or (clock.frozen and delivery.due > now):
            return delivery, None
        return delivery, max(delivery.due - now, 0) / 1000

    def _send(self, delivery: Delivery) -> None:
        try:
            self._attempt(delivery)
        finally:
            with self._change_condition:
                self._busy.discard(delivery.receiver)
                self._change_condition.notify_all()

    def _attempt(self, delivery: Delivery) -> None:
        webhook = self.state().world.webhooks.get(delivery.webhook_id)
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
    """Posts once, follows no redirect and uses no proxy. What follows the head of the answer is not read.

    Args:
        url: Of this machine, or of a host that was allowed.
        body: What is sent.
        headers: Sent along.
        timeout: Seconds to connect, and again for all that follows.

    Returns:
        The receiver's status, or None and why there is none.
    """
    # Loaded when something is sent for the first time, not when an app starts.
    from http.client import HTTPConnection, HTTPException, HTTPSConnection

    try:
        parts = urlsplit(url)
        kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        host, port = parts.hostname or "", kind.default_port if parts.port is None else parts.port
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        plain = _connect(host, port, timeout)
        with closing(plain), closing(kind(host, port)) as connection, _Deadline(plain, timeout):
            connection.sock = plain if kind is HTTPConnection else _begin_tls(plain, host)
            connection.request("POST", target, body, dict(headers))
            return connection.getresponse().status, ""
    except (OSError, HTTPException, ValueError) as error:
        return None, f"{type(error).__name__}: {error}"


def _connect(host: str, port: int, timeout: float) -> socket.socket:
    """A connection to the very address for which the host was let pass; only allowed names are looked up."""
    addresses = find_loopback_addresses(host) or (host,)
    for address in addresses[:-1]:
        try:
            return socket.create_connection((address, port), timeout)
        except OSError:
            continue
    return socket.create_connection((addresses[-1], port), timeout)


def _begin_tls(plain: socket.socket, host: str) -> socket.socket:
    import ssl

    return ssl.create_default_context().wrap_socket(plain, server_hostname=host)


class _Deadline:
    """Ends a connection after so many seconds of real time, whatever a test has done to the clocks.

    The time-out of a socket holds for each read, so a receiver that sends a byte now and then could go on for ever.

    Raises:
        TimeoutError: It was ended, in the place of what its reader ran into.
    """

    def __init__(self, connection: socket.socket, seconds: float) -> None:
        self._connection = connection.dup()  # TLS takes the other one over
        self._seconds = seconds
        self._timer = threading.Timer(seconds, self._hang_up)
        self._timer.daemon = True
        self._is_over = False

    def _hang_up(self) -> None:
        self._is_over = True
        with suppress(OSError):
            self._connection.shutdown(socket.SHUT_RDWR)

    def __enter__(self) -> None:
        self._timer.start()

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        self._connection.close()
        if self._is_over:
            raise TimeoutError(f"no whole answer within {self._seconds:g} seconds")
