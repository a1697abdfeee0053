"""``client.collections``: collections and their fields."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ._answers import JsonObject
from ._group import Group
from ._wire import path


class Collections(Group):
    """Collections of the CMS and the fields their items have."""

    def list(self, site_id: str) -> JsonObject:
        """List a site's collections, without their fields: ``{"collections": [...]}``. Scope ``cms:read``. Not paged.

        Raises:
            NotFound: There is no such site.
        """
        return self._transport.fetch("GET", path("sites", site_id, "collections"))

    def get(self, collection_id: str) -> JsonObject:
        """Get a collection with its ``fields``: types, validations, options. Scope ``cms:read``.

        Raises:
            NotFound: There is no such collection.
        """
        return self._transport.fetch("GET", path("collections", collection_id))

    def create(self, site_id: str, collection: Mapping[str, Any]) -> JsonObject:
        """Create a collection and answer it with its fields. Scope ``cms:write``.

        Args:
            site_id: The site.
            collection: ``{"displayName", "singularName", "slug"?, "fields"?: [...]}``; a field as in `create_field`.

        Raises:
            BadRequest: A property is missing or wrong.
            Conflict: The site has a collection of this name, or as many as its plan allows.
            NotFound: There is no such site.
        """
        return self._transport.fetch("POST", path("sites", site_id, "collections"), json=dict(collection))

    def update(self, collection_id: str, changes: Mapping[str, Any]) -> JsonObject:
        """Change a collection's names, slug or field groups, and answer it with its fields. Scope ``cms:write``.

        Args:
            collection_id: The collection.
            changes: ``{"displayName"?, "singularName"?, "slug"?, "fieldGroups"?}``, the last
                ``[{"displayName", "fieldIds", "description"?}]``, at most 50, which replace all there were.

        Raises:
            BadRequest: A property is wrong, or a field is in two groups.
            Conflict: Another collection of the site has this slug.
            NotFound: There is no such collection.
        """
        return self._transport.fetch("PATCH", path("collections", collection_id), json=dict(changes))

    def delete(self, collection_id: str) -> None:
        """Delete a collection with all its items. Scope ``cms:write``.

        Raises:
            NotFound: There is no such collection.
        """
        self._transport.order("DELETE", path("collections", collection_id))

    def create_field(self, collection_id: str, field: Mapping[str, Any]) -> JsonObject:
        """Add a field to a collection. Scope ``cms:write``. At most 60 fields per collection.

        Args:
            collection_id: The collection.
            field: ``{"type", "displayName", "isRequired"?, "helpText"?, "metadata"?}``. ``metadata`` is
                ``{"options": [{"name"}]}`` for an Option field and ``{"collectionId"}`` for a reference.

        Raises:
            BadRequest: A property is missing or wrong.
            Conflict: The field contradicts those there are.
            NotFound: There is no such collection.
        """
        return self._transport.fetch("POST", path("collections", collection_id, "fields"), json=dict(field))

    def update_field(self, collection_id: str, field_id: str, changes: Mapping[str, Any]) -> JsonObject:
        """Change a field's ``displayName``, ``helpText`` or ``isRequired``. Scope ``cms:write``.

        Raises:
            BadRequest: A property is wrong.
            NotFound: There is no such collection or field.
        """
        return self._transport.fetch(
            "PATCH", path("collections", collection_id, "fields", field_id), json=dict(changes)
        )

    def delete_field(self, collection_id: str, field_id: str) -> None:
        """Delete a field, and its value in every item. Scope ``cms:write``. Name and slug cannot be deleted.

        Raises:
            BadRequest: The field cannot be deleted.
            NotFound: There is no such collection or field.
        """
        self._transport.order("DELETE", path("collections", collection_id, "fields", field_id))
