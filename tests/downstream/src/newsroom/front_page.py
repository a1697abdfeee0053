"""What readers see. Published with Webflow's official SDK, read with httpx in tasks."""

from __future__ import annotations

import asyncio

import httpx
from webflow import Webflow
from webflow.resources.collections.resources.items import ItemIDs

API = "https://api.webflow.com/v2"


def publish(token: str, collection_id: str) -> list[str]:
    """Publishes all items that never were, and returns their ids."""
    items = Webflow(access_token=token).collections.items
    found = items.list_items(collection_id).items or []
    waiting = [item.id for item in found if item.last_published is None and not item.is_draft]
    if waiting:
        items.publish_item(collection_id, request=ItemIDs(item_ids=waiting))
    return waiting


async def headlines(token: str, collection_ids: list[str], patience: float = 1.0) -> list[list[str]]:
    """The names of the live items of several collections, asked for at the same time.

    Args:
        token: Bearer token.
        collection_ids: The collections.
        patience: Seconds before the one further attempt that is made where an answer cannot be read.
    """
    async with httpx.AsyncClient(headers={"Authorization": f"Bearer {token}"}) as client:
        return await asyncio.gather(*(_headlines(client, found, patience) for found in collection_ids))


async def _headlines(client: httpx.AsyncClient, collection_id: str, patience: float) -> list[str]:
    url = f"{API}/collections/{collection_id}/items/live"
    try:
        answer = (await client.get(url)).raise_for_status().json()
    except (httpx.TransportError, ValueError):
        await asyncio.sleep(patience)
        answer = (await client.get(url)).raise_for_status().json()
    return [item["fieldData"]["name"] for item in answer["items"]]
