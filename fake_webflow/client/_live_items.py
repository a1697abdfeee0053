"""``client.live_items``: the published side of the CMS."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Unpack

from ._answers import JsonObject
from ._group import Group
from ._items import Selector
from ._pages import LARGEST_PAGE, entries
from ._wire import ItemFilters, path, query, selector


class LiveItems(Group):
    """Items as visitors see them. The same forms, limits and ``skip_invalid_files`` as ``client.items``."""

    def list(
        self, collection_id: str, *, limit: int | None = None, offset: int | None = None, **filters: Unpack[ItemFilters]
    ) -> JsonObject:
        """List one page of published items: ``{"items": [...], "pagination": {...}}``. Scope ``cms:read``.

        Args:
            collection_id: The collection.
            limit: Entries on the page, at most 100, which is also the default.
            offset: How many entries to pass over.
            filters: See `ItemFilters`.

        Raises:
            BadRequest: A parameter is wrong.
            NotFound: There is no such collection.
        """
        options = query({"limit": limit, "offset": offset, **filters})
        return self._transport.fetch("GET", _live(collection_id), query=options)

    def iterate(
        self, collection_id: str, *, page_size: int = LARGEST_PAGE, **filters: Unpack[ItemFilters]
    ) -> Iterator[JsonObject]:
        """Yield every published item of the listing, as ``client.items.iterate`` does. Scope ``cms:read``.

        Args:
            collection_id: The collection.
            page_size: Entries per request.
            filters: See `ItemFilters`.

        Raises:
            NotFound: There is no such collection.
            UnexpectedAnswer: A page is not what a page should be.
        """
        return entries(
            lambda limit, offset: self.list(collection_id, limit=limit, offset=offset, **filters), "items", page_size
        )

    def get(
        self,
        collection_id: str,
        item_id: str,
        *,
        cms_locale_id: str | None = None,
        translatable: str | None = None,
    ) -> JsonObject:
        """Get the published copy of an item in a locale, the primary one by default. Scope ``cms:read``.

        For several locales list the items with ``filters={"id": {"eq": item_id}}``.

        Args:
            collection_id: The collection.
            item_id: The item.
            cms_locale_id: Another locale than the primary.
            translatable: See `ItemFilters`.

        Raises:
            BadRequest: ``cms_locale_id`` names several, or ``translatable`` no secondary locale of the site.
            Forbidden: ``translatable``, on a site without exclusions from translation.
            NotFound: There is no such item, or it is not published.
        """
        options = query({"cms_locale_id": cms_locale_id, "translatable": translatable})
        return self._transport.fetch("GET", _live(collection_id, item_id), query=options)

    def create(
        self, collection_id: str, item: Mapping[str, Any], *, skip_invalid_files: bool | None = None
    ) -> JsonObject:
        """Create an item and publish it at once. Scope ``cms:write``.

        Args:
            collection_id: The collection.
            item: ``{"fieldData", "cmsLocaleId"?, "isDraft"?, "isArchived"?}``, or ``{"items": [...]}`` with at most
                100 of them; the answer has the same form.
            skip_invalid_files: See ``client.items``.

        Raises:
            BadRequest: A field is missing, unknown or wrong.
            Conflict: The site was never published, the collection changed since, or the plan allows no more items.
            NotFound: There is no such collection.
        """
        options = query({"skip_invalid_files": skip_invalid_files})
        return self._transport.fetch("POST", _live(collection_id), query=options, json=dict(item))

    def update(
        self, collection_id: str, item_id: str, changes: Mapping[str, Any], *, skip_invalid_files: bool | None = None
    ) -> JsonObject:
        """Change a published item, its staged and its live copy. Scope ``cms:write``.

        Args:
            collection_id: The collection.
            item_id: The item.
            changes: As for ``client.items.update``.
            skip_invalid_files: See ``client.items``.

        Raises:
            BadRequest: A field is unknown or wrong.
            Conflict: The item was never published, or was unpublished.
            NotFound: There is no such item, or not in this locale.
        """
        options = query({"skip_invalid_files": skip_invalid_files})
        return self._transport.fetch("PATCH", _live(collection_id, item_id), query=options, json=dict(changes))

    def update_bulk(
        self, collection_id: str, items: Sequence[Mapping[str, Any]], *, skip_invalid_files: bool | None = None
    ) -> JsonObject:
        """Change up to 100 published items at once, all or none: ``{"items": [...]}``. Scope ``cms:write``.

        Args:
            collection_id: The collection.
            items: ``{"id", ...}`` each, the rest as for ``client.items.update``.
            skip_invalid_files: See ``client.items``.

        Raises:
            BadRequest: A field is unknown or wrong, or there are more than 100.
            Conflict: One of them was never published, or was unpublished.
            NotFound: One of them does not exist.
        """
        options = query({"skip_invalid_files": skip_invalid_files})
        return self._transport.fetch("PATCH", _live(collection_id), query=options, json={"items": list(items)})

    def delete(self, collection_id: str, item_id: str, *, cms_locale_id: str | None = None) -> None:
        """Unpublish an item; it stays as a draft. Scope ``cms:write``.

        Raises:
            Conflict: Published items refer to it.
            NotFound: There is no such item, or it is not published.
        """
        options = query({"cms_locale_id": cms_locale_id})
        self._transport.order("DELETE", _live(collection_id, item_id), query=options)

    def delete_bulk(self, collection_id: str, items: Sequence[Selector]) -> None:
        """Unpublish up to 100 items; they stay as drafts. Scope ``cms:write``.

        Args:
            collection_id: The collection.
            items: Ids, or ``{"id", "cmsLocaleIds"?: [...]}`` for other locales than the primary.

        Raises:
            BadRequest: More than 100.
            Conflict: Published items refer to one of them.
            NotFound: One of them does not exist or is not published.
        """
        self._transport.order("DELETE", _live(collection_id), json={"items": [selector(item) for item in items]})


def _live(collection_id: str, item_id: str | None = None) -> str:
    """The segment comes after the item's id: ``/items/live/{id}`` is a 404 at Webflow."""
    item = () if item_id is None else (item_id,)
    return path("collections", collection_id, "items", *item, "live")
