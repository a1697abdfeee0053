"""What webhooks are told, byte for byte."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson

from ..rules import Profile
from ..world.instants import timestamp
from ..world.javascript import stringify
from ..world.sites import Site
from ..world.webhooks import Event

_WITH_LOCALE_KEYS = frozenset(["collection_item_published", "collection_item_unpublished"])


def render_item_body(event: Event, site: Site, profile: Profile) -> bytes:
    """What is posted when something happened to an item (``webhooks.payload.item``).

    On a site without localization ``cmsLocaleId`` is null.
    """
    assert event.item is not None, "only a site publish has no item"
    item: dict[str, Any] = orjson.loads(event.item.json)
    locale = event.item.cms_locale_id if site.localized else None
    field_data = item["fieldData"]
    if event.trigger in _WITH_LOCALE_KEYS and profile.webhooks_payload_locale_keys == "present":
        field_data = {"_locale": locale, "_noSearch": False, **field_data}
    payload = {
        "id": event.item.id,
        "siteId": site.id,
        "workspaceId": site.workspace_id,
        "collectionId": event.collection_id,
        **item,
        "cmsLocaleId": locale,
        "fieldData": field_data,
    }
    return stringify({"triggerType": event.trigger, "payload": payload})


def render_site_publish_body(event: Event, domains: Sequence[str], publisher: str) -> bytes:
    """What is posted when a site was published (``webhooks.payload.site-publish``).

    Args:
        event: The publish.
        domains: Host names it was published to.
        publisher: Name of who published it.
    """
    payload = {
        "siteId": event.site_id,
        "publishedOn": timestamp(event.instant),
        "domains": domains,
        "publishedBy": {"displayName": publisher},
        "publishScope": "site",
    }
    return stringify({"triggerType": event.trigger, "payload": payload})
