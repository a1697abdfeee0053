"""The ticker in the entrance hall. With aiohttp."""

from __future__ import annotations

import aiohttp

API = "https://api.webflow.com/v2"


async def newest(token: str, collection_id: str) -> str:
    """The name of the item that was made last."""
    async with (
        aiohttp.ClientSession(headers={"Authorization": f"Bearer {token}"}) as session,
        session.get(f"{API}/collections/{collection_id}/items", params={"limit": 1}) as answer,
    ):
        answer.raise_for_status()
        name: str = (await answer.json())["items"][0]["fieldData"]["name"]
        return name
