"""What happened to items and sites, as far as webhooks tell of it."""

from __future__ import annotations

from typing import Literal, NamedTuple

from .items import Item

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
