"""Brings articles to Webflow, one call for each change. With requests."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import requests

API = "https://api.webflow.com/v2"
MOST_WAITS = 5


class Desk:
    """The articles of one collection.

    Args:
        token: Bearer token that may read and write its items.
        collection_id: The collection.
        base_url: Where the API is.
    """

    def __init__(self, token: str, collection_id: str, base_url: str = API) -> None:
        self._items = f"{base_url}/collections/{collection_id}/items"
        self._session = requests.Session()
        self._session.headers["Authorization"] = f"Bearer {token}"

    def push(self, articles: list[dict[str, Any]]) -> dict[str, int]:
        """Creates what is new and changes what is different; says how many of each."""
        present = {item["fieldData"]["slug"]: item for item in self.items()}
        done = {"created": 0, "changed": 0, "kept": 0}
        for article in articles:
            done[self._push(article, present.get(article["slug"]))] += 1
        return done

    def items(self) -> Iterator[dict[str, Any]]:
        """All items, page by page."""
        offset, total = 0, 1
        while offset < total:
            page = self._call("GET", self._items, params={"offset": offset, "limit": 100})
            yield from page["items"]
            offset, total = offset + len(page["items"]), page["pagination"]["total"]

    def _push(self, article: dict[str, Any], item: dict[str, Any] | None) -> str:
        if item is None:
            self._call("POST", self._items, json={"fieldData": article})
            return "created"
        if article.items() <= item["fieldData"].items():
            return "kept"
        self._call("PATCH", f"{self._items}/{item['id']}", json={"fieldData": article})
        return "changed"

    def _call(self, method: str, url: str, **options: Any) -> Any:
        for _ in range(MOST_WAITS):
            response = self._session.request(method, url, timeout=30, **options)
            if response.status_code != 429:
                break
            time.sleep(int(response.headers.get("Retry-After", 60)))
        response.raise_for_status()
        return response.json()
