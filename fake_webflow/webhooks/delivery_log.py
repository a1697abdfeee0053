"""``fake.webhooks``: the delivery log as a test reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..world.webhooks import TRIGGER_TYPES
from .deliveries import Delivery
from .sender import WebhookSender
from .signatures import make_client_secret

if TYPE_CHECKING:
    from ..fake import State


class FakeWebhooks:
    """The deliveries of one fake.

    Args:
        sender: What sends them.
    """

    def __init__(self, sender: WebhookSender) -> None:
        self._sender = sender

    def __repr__(self) -> str:
        return f"<webhooks: {len(self.deliveries)} in the delivery log>"

    @property
    def deliveries(self) -> list[Delivery]:
        """All deliveries in the order of the events, sent or not."""
        return list(self._sender.state().deliveries.kept)

    @property
    def allowed_hosts(self) -> frozenset[str]:
        """Hosts that may be told though they are not this machine."""
        return self._sender.allowed_hosts

    @property
    def client_secret(self) -> str:
        """What deliveries are signed with where the webhook was registered with the token of an OAuth app."""
        return make_client_secret(self._sender.state().ids)

    def allow_host(self, name: str) -> None:
        """Lets deliveries to that host out, from the next event on.

        Raises:
            ValueError: It is not a host's name.
        """
        self._sender.allow_host(name)

    def resend(self, delivery: Delivery) -> Delivery:
        """Sends a delivery again: with the same body, as a new one at the end of the log.

        Args:
            delivery: One of ``deliveries``, whatever came of it.

        Returns:
            The new one, as it is at first: ``pending``, or ``recorded`` where nothing is sent to that host.
        """
        return self._sender.resend(delivery)

    def wait(self, count: int = 1, *, trigger: str | None = None, timeout: float = 5.0) -> list[Delivery]:
        """Waits until at least ``count`` deliveries exist and none is in flight.

        A delivery whose attempt failed is not under way until its retry is due: ``fake.advance(600)``, then wait again.

        Args:
            count: How many, of all since the fake began; 0 for as many as there are.
            trigger: Only deliveries of this event.
            timeout: Seconds of real time.

        Returns:
            The deliveries, which may be more.

        Raises:
            TimeoutError: It took longer; the message says what there is.
            ValueError: There is no such event, or ``count`` is not a number from 0 on.
        """
        if not isinstance(count, int) or count < 0:
            raise ValueError(f"count is a number of deliveries, or 0 for as many as there are; not {count!r}")
        if trigger is not None and trigger not in TRIGGER_TYPES:
            raise ValueError(f"no event is named {trigger!r}; there are {', '.join(sorted(TRIGGER_TYPES))}")

        def find_settled(state: State) -> list[Delivery] | None:
            found = _find_deliveries(state, trigger)
            under_way = any(delivery.is_due(state.clock.now) for delivery in found)
            return None if len(found) < count or under_way else found

        found = self._sender.wait_for(find_settled, timeout)
        if found is None:
            raise TimeoutError(_describe_timeout(count, trigger, timeout, self._sender.state()))
        return found


def _find_deliveries(state: State, trigger: str | None) -> list[Delivery]:
    return [delivery for delivery in state.deliveries.kept if trigger in (None, delivery.trigger)]


def _describe_timeout(count: int, trigger: str | None, timeout: float, state: State) -> str:
    found = _find_deliveries(state, trigger)
    lines = [f"{one.trigger} to {one.url}: {one.state}, {len(one.attempts)} attempts" for one in found]
    there_is = "; ".join(lines) or f"none{_describe_registered(trigger, state)}"
    wanted = f"{count} deliver{'y' if count == 1 else 'ies'}{f' of {trigger}' if trigger else ''}"
    return f"waited {timeout} s for {wanted}; there is {there_is}"


def _describe_registered(trigger: str | None, state: State) -> str:
    """Why nothing can have come, where that is so."""
    registered = sorted({webhook.trigger for webhook in state.world.webhooks})
    if trigger in registered or (trigger is None and registered):
        return ""
    what = f", only for {', '.join(registered)}" if registered else ""
    return (
        f", for no webhook is registered{f' for {trigger}' if trigger else ''}{what}: register one by "
        "POST /v2/sites/{site_id}/webhooks"
    )
