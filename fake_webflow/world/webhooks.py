"""Webhooks: addresses that are told of events."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from .items import Item

FORM_SUBMISSION = "form_submission"
TRIGGER_TYPES = frozenset(
    [
        "branch_created",
        "branch_deleted",
        "branch_merged",
        "collection_item_changed",
        "collection_item_created",
        "collection_item_deleted",
        "collection_item_published",
        "collection_item_unpublished",
        "comment_created",
        "ecomm_inventory_changed",
        "ecomm_new_order",
        "ecomm_order_changed",
        FORM_SUBMISSION,
        "page_created",
        "page_deleted",
        "page_metadata_updated",
        "site_publish",
    ]
)
"""All that Webflow takes. Those that have no member in ``events.Trigger`` are taken and never fire."""


@dataclass(frozen=True, slots=True)
class Webhook:
    """One registration.

    Args:
        id: 24 hexadecimal digits.
        site_id: Whose events it is told of.
        trigger: Webflow's name of the event, one of ``TRIGGER_TYPES``.
        url: Where deliveries are posted to.
        created_on: Instant.
        secret_key: What deliveries are signed with: its own key, or the client secret of the app that registered it.
        filter: The form it is limited to, as it was sent; of ``form_submission`` alone.
        last_triggered: Instant of the last event; None before the first.
        active: Whether it is still told; not any more after a delivery that failed for good.
    """

    id: str
    site_id: str
    trigger: str
    url: str
    created_on: int
    secret_key: str = field(repr=False)
    filter: Mapping[str, Any] | None = None
    last_triggered: int | None = None
    active: bool = True


Trigger = Literal[
    "collection_item_created",
    "collection_item_changed",
    "collection_item_deleted",
    "collection_item_published",
    "collection_item_unpublished",
    "site_publish",
]


class Event(NamedTuple):
    """One thing that happened.

    Args:
        trigger: Webflow's name for it.
        site_id: Where.
        instant: When.
        collection_id: The item's collection; empty for a site publish.
        item: The item as it is after it happened, or was before it was deleted or unpublished; None for a site publish.
    """

    trigger: Trigger
    site_id: str
    instant: int
    collection_id: str = ""
    item: Item | None = None
