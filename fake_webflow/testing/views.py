"""The items of a collection as a test reads them: plain dicts, as they are at the moment."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import orjson

from ..world.collections import Collection
from ..world.items import Item

Found = dict[str, Any]
"""An item as the API answers it."""


class ItemViews:
    """The items of a collection in one locale, oldest first, as they were when this was made.

    Args:
        collection: Whose items.
        cms_locale_id: In which locale.
    """

    def __init__(self, collection: Collection, cms_locale_id: str) -> None:
        self._staged: Iterable[Item] = collection.staged.in_locale(cms_locale_id).by_age
        self._live: Iterable[Item] = collection.live.in_locale(cms_locale_id).by_age

    @property
    def staged(self) -> list[Found]:
        """All items, as the editor shows them."""
        return [orjson.loads(item.json) for item in self._staged]

    @property
    def live(self) -> list[Found]:
        """The items that are published, as they are published."""
        return [orjson.loads(item.json) for item in self._live]

    @property
    def drafts(self) -> list[Found]:
        """The staged items that are drafts."""
        return [orjson.loads(item.json) for item in self._staged if item.is_draft]

    @property
    def archived(self) -> list[Found]:
        """The staged items that are archived."""
        return [orjson.loads(item.json) for item in self._staged if item.is_archived]

    def __repr__(self) -> str:
        return f"<items: {len(self.staged)} staged, {len(self.live)} live>"
