"""What the tests of the Python SDK work on: the SDK, unmodified, pointed at a served fake of the test's own."""

from __future__ import annotations

from functools import cached_property
from typing import Any, NamedTuple

import httpx
from webflow import AsyncWebflow, Webflow
from webflow.environment import WebflowEnvironment

from fake_webflow import FakeWebflow


class Ids(NamedTuple):
    """Items of the collection in three states."""

    live: str
    draft: str
    spare: str


class Scene:
    """One fake and the SDK."""

    def __init__(self, webflow: FakeWebflow) -> None:
        self.webflow = webflow
        self.site_id = webflow.site.id
        self.collection_id = webflow.collections["authors"].id
        # The SDK's own HTTP client cannot be closed from outside; this one is made as it makes its own.
        self.http = httpx.Client(timeout=60, follow_redirects=True)
        self.sdk = Webflow(access_token=webflow.token, environment=self.environment, httpx_client=self.http)
        self.items = self.sdk.collections.items

    @property
    def environment(self) -> WebflowEnvironment:
        base = self.webflow.base_url
        return WebflowEnvironment(base=base, data_api=base, content_delivery_api=base)

    def asynchronous(self, http: httpx.AsyncClient) -> AsyncWebflow:
        return AsyncWebflow(access_token=self.webflow.token, environment=self.environment, httpx_client=http)

    @cached_property
    def ids(self) -> Ids:
        """Made by the thin client, so that what the SDK is tried on does not come from the SDK."""
        client = self.webflow.client
        live, draft, spare = (self.made(name) for name in ("Ada", "Grace", "Hedy"))
        client.items.publish(self.collection_id, [live, spare])
        return Ids(live, draft, spare)

    @property
    def second_locale(self) -> str:
        return self.webflow.site.secondary[0].cms_locale_id

    def made(self, name: str) -> str:
        """A fresh draft."""
        created = self.webflow.client.items.create(self.collection_id, {"fieldData": {"name": name}})
        item_id: str = created["id"]
        return item_id

    def seen(self, item_id: str, *, live: bool = False) -> Any:
        """An item as the thin client reads it."""
        group = self.webflow.client.live_items if live else self.webflow.client.items
        return group.get(self.collection_id, item_id)
