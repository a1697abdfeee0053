"""The pages of webhooks and of conditions: deliveries, clock, rate windows, faults, stubs, snapshots, forks."""

from __future__ import annotations

from itertools import islice
from time import monotonic
from typing import Any

from ...api.operations import OPERATIONS
from ...api.router import not_simulated
from ...conditions.rate_limit import WINDOW
from ...webhooks.deliveries import Delivery
from ...world.instants import timestamp
from .request_pages import is_failed
from .values import show_body
from .visit import Values, Visit

DELIVERIES_A_PAGE = 20
MOST_FORKS = 200


def show_webhooks(visit: Visit) -> tuple[str, Values]:
    """Registered webhooks, and deliveries, the newest first."""
    deliveries = visit.fake.webhooks.deliveries
    page = visit.find_page(len(deliveries), DELIVERIES_A_PAGE)
    found = deliveries[::-1][page.start : page.stop]
    return "webhooks.html", {
        "webhooks": list(visit.world.webhooks),
        "sites": visit.world.sites,
        "page": page,
        "deliveries": [_show_delivery(delivery) for delivery in found],
        "client_secret": visit.fake.webhooks.client_secret,
    }


def _show_delivery(delivery: Delivery) -> dict[str, Any]:
    return {
        "delivery": delivery,
        "time": timestamp(delivery.attempts[-1].instant) if delivery.attempts else "",
        "due": timestamp(delivery.due) if delivery.due is not None else "",
        "body": show_body(delivery.body),
        "attempts": [(timestamp(attempt.instant), attempt) for attempt in delivery.attempts],
    }


def show_conditions(visit: Visit) -> tuple[str, Values]:
    """What surrounds requests, with buttons that change it."""
    state = visit.fake.state
    return "conditions.html", {
        "time": timestamp(state.clock.now),
        "frozen": state.clock.frozen,
        "limit": state.rate.limit,
        "windows": _list_windows(visit),
        "faults": state.faults.scripts,
        "stubs": state.stubs.scripts,
        "snapshots": [(name, snapshot.state) for name, snapshot in visit.hosted.snapshots.items()],
        "forks": _list_forks(visit),
        "fork_count": len(visit.hosted_fakes),
        "operations": [operation.name for operation in OPERATIONS],
        "not_simulated": [operation.name for operation in not_simulated()],
    }


def _list_windows(visit: Visit) -> list[dict[str, Any]]:
    state = visit.fake.state
    now, rate = state.clock.now, state.rate
    return [
        {
            "token": f"{token[:4]}…{token[-2:]}" if len(token) > 12 else f"{token[:2]}…",
            "count": count,
            "left": max(rate.limit - count, 0) if rate.limit is not None else None,
            "is_exceeded": rate.limit is not None and count > rate.limit,
            "seconds": -(-(opened + WINDOW - now) // 1000),
        }
        for token, (opened, count) in rate.windows.items()
        if opened <= now < opened + WINDOW
    ]


def _list_forks(visit: Visit) -> list[dict[str, Any]]:
    """The newest forks, and what was asked of each."""
    found = []
    for fork_id in islice(reversed(visit.hosted_fakes.ids()), MOST_FORKS):
        hosted = visit.hosted_fakes.find_by_id(fork_id)
        if hosted is None:
            continue  # it was dropped meanwhile
        exchanges = list(hosted.fake.journal)
        found.append(
            {
                "id": fork_id,
                "requests": len(exchanges),
                "failed": sum(map(is_failed, exchanges)),
                "idle": int(monotonic() - hosted.last_used),
                "items": sum(len(each.staged) for each in hosted.fake.state.world.collections.values()),
            }
        )
    return found
