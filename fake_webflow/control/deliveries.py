"""Deliveries of webhooks as JSON: the log, sending one again, and waiting for them."""

from __future__ import annotations

from typing import Any

from ..webhooks.deliveries import Delivery
from ..world.instants import timestamp
from .request import ControlError, ControlRequest

MOST_SECONDS_TO_WAIT = 30
"""Seconds of real time that a request may wait: others need the server's threads, too."""


def list_deliveries(request: ControlRequest) -> tuple[int, Any]:
    """The delivery log, in the order of the events."""
    return 200, {"deliveries": list(map(_delivery_object, request.fake.webhooks.deliveries))}


def resend_delivery(request: ControlRequest) -> tuple[int, Any]:
    """Sends a delivery again, as a new one."""
    named = request.parameters["delivery"]
    found = next((one for one in request.fake.webhooks.deliveries if str(one.number) == named), None)
    if found is None:
        raise ControlError(
            404,
            "no_such_delivery",
            f"no delivery has the id {named!r}: see GET /_fake/deliveries for those that are kept",
        )
    return 201, _delivery_object(request.fake.webhooks.resend(found))


def wait_for_deliveries(request: ControlRequest) -> tuple[int, Any]:
    """Waits until there are at least ``count`` deliveries and none of them is under way."""
    timeout = request.body.get("timeout", 5.0)
    if not 0 <= timeout <= MOST_SECONDS_TO_WAIT:
        raise ValueError(f"timeout: from 0 to {MOST_SECONDS_TO_WAIT} seconds; not {timeout!r}")
    count, trigger = request.body.get("count", 1), request.body.get("trigger")
    try:
        found = request.fake.webhooks.wait(count, trigger=trigger, timeout=timeout)
    except TimeoutError as error:
        raise ControlError(408, "not_delivered", str(error)) from None
    return 200, {"deliveries": list(map(_delivery_object, found))}


def _delivery_object(delivery: Delivery) -> dict[str, Any]:
    return {
        "id": delivery.number,
        "webhook_id": delivery.webhook_id,
        "url": delivery.url,
        "trigger": delivery.trigger,
        "payload": delivery.payload,
        "body": delivery.body.decode(),
        "headers": dict(delivery.headers),
        "state": delivery.state,
        "due": None if delivery.due is None else timestamp(delivery.due),
        "reason": delivery.reason,
        "attempts": [
            {"time": timestamp(attempt.instant), "status": attempt.status, "error": attempt.error}
            for attempt in delivery.attempts
        ],
    }
