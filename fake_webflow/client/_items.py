"""``client.items``: the staged side of the CMS."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Unpack

from ._answers import JsonObject
from ._group import Group
from ._pages import LARGEST_PAGE, entries
from ._wire import ItemFilters, path, query, selector

Selector = str | Mapping[str, Any]
"""An item's id, or ``{"id", "cmsLocaleIds"?: [...]}``."""


class Items(Group):
    """Items as the editor sees them. What visitors see is ``client.live_items``.

    Items go in and come out exactly as on the wire: ``{"id", "cmsLocaleId", "lastPublished", "lastUpdated",
    "createdOn", "isArchived", "isDraft", "fieldData": {"name", "slug", ...}}``. Every bulk call takes at most 100
    items and is refused as a whole. ``skip_invalid_files`` says whether a file that cannot be imported is left out
    (Webflow's default) or fails the call.
    """

    def list(
        self, collection_id: str, *, limit: int | None = None, offset: int | None = None, **filters: Unpack[ItemFilters]
    ) -> JsonObject:
        """List one page of items: ``{"items": [...], "pagination": {...}}``. Scope ``cms:read``.

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
        return self._transport.fetch("GET", path("collections", collection_id, "items"), query=options)

    def iterate(
        self, collection_id: str, *, page_size: int = LARGEST_PAGE, **filters: Unpack[ItemFilters]
    ) -> Iterator[JsonObject]:
        """Yield every item of the listing, fetching pages as they are needed. Scope ``cms:read``.

        Items created or deleted meanwhile shift the pages, so that one may come twice or not at all.

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
        """Get an item's variant in a locale, the primary one by default. Scope ``cms:read``.

        For several locales list the items with ``filters={"id": {"eq": item_id}}``.

        Args:
            collection_id: The collection.
            item_id: The item.
            cms_locale_id: Another locale than the primary.
            translatable: See `ItemFilters`.

        Raises:
            BadRequest: ``cms_locale_id`` names several, or ``translatable`` no secondary locale of the site.
            Forbidden: ``translatable``, on a site without exclusions from translation.
            NotFound: There is no such item, or not in this locale.
        """
        options = query({"cms_locale_id": cms_locale_id, "translatable": translatable})
        return self._transport.fetch("GET", path("collections", collection_id, "items", item_id), query=options)

    def create(
        self, collection_id: str, item: Mapping[str, Any], *, skip_invalid_files: bool | None = None
    ) -> JsonObject:
        """Create an item. Scope ``cms:write``. It is a draft unless ``isDraft`` says otherwise.

        Args:
            collection_id: The collection.
            item: ``{"fieldData", "cmsLocaleId"?, "isDraft"?, "isArchived"?}``, or ``{"items": [...]}`` with at most
                100 of them; the answer has the same form.
            skip_invalid_files: See the class.

        Raises:
            BadRequest: A field is missing, unknown or wrong.
            Conflict: As many items as the plan allows.
            NotFound: There is no such collection.
        """
        return self._write("POST", collection_id, "items", json=dict(item), skip_invalid_files=skip_invalid_files)

    def create_bulk(
        self, collection_id: str, bulk: Mapping[str, Any], *, skip_invalid_files: bool | None = None
    ) -> JsonObject:
        """Create one or several items in one or several locales: ``{"items": [...]}``. Scope ``cms:write``.

        The answer has one entry per item and locale; the variants of one item share its id. The 100 counts variants.

        Args:
            collection_id: The collection.
            bulk: ``{"fieldData": {...} or [...], "cmsLocaleIds"?: [...], "isDraft"?, "isArchived"?}``.
            skip_invalid_files: See the class.

        Raises:
            BadRequest: A field is missing, unknown or wrong, or there are more than 100.
            NotFound: There is no such collection or locale.
        """
        return self._write(
            "POST", collection_id, "items", "bulk", json=dict(bulk), skip_invalid_files=skip_invalid_files
        )

    def insert(
        self, collection_id: str, items: Sequence[Mapping[str, Any]], *, skip_invalid_files: bool | None = None
    ) -> JsonObject:
        """Create items, or add locales to items there are: ``{"items": [...]}``. Scope ``cms:write``.

        Newer than `create` and `create_bulk`, and what Webflow's own documents name first since autumn 2026.

        Args:
            collection_id: The collection.
            items: ``{"fieldData", "cmsLocaleIds"?, "allCmsLocales"?, "isDraft"?, "isArchived"?, "id"?}`` each and
                nothing else: ``allCmsLocales``, which is True, for a new item in every locale of the site; ``id``
                with ``cmsLocaleIds`` for an item there is. At most 100, counting every locale of every item. Match
                the answer by id and ``cmsLocaleId``.
            skip_invalid_files: See the class.

        Raises:
            BadRequest: A field is missing, unknown or wrong, an entry has a property that inserts do not have, or
                there are more than 100.
            Conflict: The item has a variant in the locale already.
            NotFound: There is no such collection, item or locale.
        """
        return self._write(
            "POST", collection_id, "items", "insert", json={"items": list(items)}, skip_invalid_files=skip_invalid_files
        )

    def update(
        self, collection_id: str, item_id: str, changes: Mapping[str, Any], *, skip_invalid_files: bool | None = None
    ) -> JsonObject:
        """Change an item; what is not named stays. Scope ``cms:write``. The live copy stays as it is.

        Args:
            collection_id: The collection.
            item_id: The item.
            changes: ``{"fieldData"?, "isDraft"?, "isArchived"?, "cmsLocaleId"?}``, the last for another locale than
                the primary.
            skip_invalid_files: See the class.

        Raises:
            BadRequest: A field is unknown or wrong, or its slug belongs to another item.
            NotFound: There is no such item, or not in this locale.
        """
        return self._write(
            "PATCH", collection_id, "items", item_id, json=dict(changes), skip_invalid_files=skip_invalid_files
        )

    def update_bulk(
        self, collection_id: str, items: Sequence[Mapping[str, Any]], *, skip_invalid_files: bool | None = None
    ) -> JsonObject:
        """Change up to 100 items at once, all or none: ``{"items": [...]}``. Scope ``cms:write``.

        Args:
            collection_id: The collection.
            items: ``{"id", ...}`` each, the rest as in `update`.
            skip_invalid_files: See the class.

        Raises:
            BadRequest: A field is unknown or wrong, or there are more than 100.
            NotFound: One of them does not exist.
        """
        return self._write(
            "PATCH", collection_id, "items", json={"items": list(items)}, skip_invalid_files=skip_invalid_files
        )

    def delete(self, collection_id: str, item_id: str, *, cms_locale_id: str | None = None) -> None:
        """Delete an item's variant in a locale, the primary one by default. Scope ``cms:write``.

        Raises:
            Conflict: Published items refer to it.
            NotFound: There is no such item, or not in this locale.
        """
        options = query({"cms_locale_id": cms_locale_id})
        self._transport.order("DELETE", path("collections", collection_id, "items", item_id), query=options)

    def delete_bulk(self, collection_id: str, items: Sequence[Selector]) -> None:
        """Delete up to 100 items. Scope ``cms:write``.

        Args:
            collection_id: The collection.
            items: Ids, or ``{"id", "cmsLocaleIds"?: [...]}`` for other locales than the primary.

        Raises:
            BadRequest: More than 100.
            Conflict: Published items refer to one of them.
            NotFound: One of them does not exist.
        """
        wanted = {"items": [selector(item) for item in items]}
        self._transport.order("DELETE", path("collections", collection_id, "items"), json=wanted)

    def publish(self, collection_id: str, items: Sequence[Selector]) -> JsonObject:
        """Publish up to 100 items: ``{"publishedItemIds": [...], "errors": [...]}``. Scope ``cms:write``.

        One that cannot be published does not stop the others; it is named in ``errors``.

        Args:
            collection_id: The collection.
            items: Ids, or ``{"id", "cmsLocaleIds"?: [...]}``. Only ids are sent as ``{"itemIds": [...]}``, anything
                else as ``{"items": [...]}``.

        Raises:
            Conflict: The site was never published.
            NotFound: There is no such collection.
        """
        if all(isinstance(item, str) for item in items):
            wanted: JsonObject = {"itemIds": list(items)}
        else:
            wanted = {"items": [selector(item) for item in items]}
        return self._transport.fetch("POST", path("collections", collection_id, "items", "publish"), json=wanted)

    def _write(
        self, method: str, *segments: str, json: JsonObject, skip_invalid_files: bool | None = None
    ) -> JsonObject:
        options = query({"skip_invalid_files": skip_invalid_files})
        return self._transport.fetch(method, path("collections", *segments), query=options, json=json)
