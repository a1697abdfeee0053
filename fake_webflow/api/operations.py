"""The table of operations: what is simulated, under which name, with which scope, by which handler and clauses.

The clauses bound to a row are the rules its answers follow where they do not refuse; refusals name theirs themselves.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from ..storage import DETAILS_CLAUSES
from . import assets, collections, items, live_items, sites, token
from .call import Call, Reply


class Operation(NamedTuple):
    """One simulated operation.

    Args:
        name: Ours: the group of the thin client, a dot, what it does.
        method: HTTP method.
        path: With ``{parameters}``, behind ``/v2``.
        scope: What the token must have; empty where any token will do.
        handler: Answers a call.
        official: Webflow's operationId.
        clauses: The rules its answers follow.
    """

    name: str
    method: str
    path: str
    scope: str
    handler: Callable[[Call], Reply]
    official: str
    clauses: tuple[str, ...] = ()

    @property
    def writes(self) -> bool:
        """Whether it may change the state."""
        return self.method != "GET"


_PAGES = ("lists.page.default", "lists.offset.beyond-total", "lists.pagination", "lists.limit-over-100")
_LISTING = (
    "items.list.newest-first",
    "items.list.filters",
    "items.list.dates",
    "items.list.sort",
    "items.list.ties",
    "items.locale.default",
    "items.list.locales",
    *_PAGES,
    "items.list.sort-order",
    "items.object.keys",
    "items.object.timestamps",
)
_FIELD_DATA = (
    "field-data.files",
    "field-data.skip-invalid-files",
    "field-data.date-time.normalised",
    "field-data.number.whole",
    "field-data.v1-flags",
    "field-data.text-suffix",
    "items.video-link.read",
    "items.image.sent-file-id",
    "items.file.failed-import",
    "items.option.write-by-name",
    "field-data.cms-bucket",
)
_UPDATE = (
    "items.update.merges",
    "items.update.read-only-keys",
    "items.update.timestamps",
    "items.update-bulk.order",
    "items.update.null",
    "items.update.own-slug",
    "items.update.name-keeps-slug",
    *_FIELD_DATA,
)

# fmt: off
OPERATIONS: tuple[Operation, ...] = (
    Operation(
        "token.introspect", "GET", "/token/introspect", "", token.introspect, "introspect",
        ("token.introspect.answer", "token.introspect.site-token"),
    ),
    Operation(
        "token.authorized-by", "GET", "/token/authorized_by", "authorized_user:read", token.authorized_by,
        "authorized_by", ("token.authorized-by.answer",),
    ),
    Operation(
        "sites.list", "GET", "/sites", "sites:read", sites.list_sites, "list-sites",
        ("sites.list.no-pages", "sites.list.granted", "sites.object.keys"),
    ),
    Operation("sites.get", "GET", "/sites/{site_id}", "sites:read", sites.get_site, "get-site", ("sites.object.keys",)),
    Operation(
        "collections.list", "GET", "/sites/{site_id}/collections", "cms:read", collections.list_collections,
        "list-collections", ("collections.list.summaries",),
    ),
    Operation(
        "collections.get", "GET", "/collections/{collection_id}", "cms:read", collections.get_collection,
        "collection-details",
        ("collections.field.keys", "collections.field.id", "collections.name-and-slug", "collections.item-writes"),
    ),
    Operation(
        "items.list", "GET", "/collections/{collection_id}/items", "cms:read", items.list_items,
        "list-collection-items", (*_LISTING, "items.list.all-states"),
    ),
    Operation(
        "items.create-bulk", "POST", "/collections/{collection_id}/items/bulk", "cms:write", items.create_items_in_bulk,
        "create-items",
        (
            "items.create.fresh", "items.create.variants", "items.create.is-draft", "items.bulk-response.form",
            "items.create-bulk.duplicate-slug", "items.slug.generated", "items.slug.suffix", "items.slug.scope",
            "items.slug.shared-by-variants", "items.slug.held-after-delete", "items.unset-fields", "ids.object-id",
            "ids.time", "items.bulk.atomic", *_FIELD_DATA,
        ),
    ),
    Operation(
        "items.get", "GET", "/collections/{collection_id}/items/{item_id}", "cms:read", items.get_item, "Get-Item",
        ("items.object.keys", "items.object.timestamps", "items.locale.default", "items.object.nulls"),
    ),
    Operation(
        "items.update-bulk", "PATCH", "/collections/{collection_id}/items", "cms:write", items.update_items_in_bulk,
        "update-items", (*_UPDATE, "items.update.leaves-live", "items.update-bulk.pagination", "items.bulk.atomic"),
    ),
    Operation(
        "items.publish", "POST", "/collections/{collection_id}/items/publish", "cms:write", items.publish_items,
        "publish-item",
        (
            "publishing.items.answer", "publishing.items.timestamps", "items.publish.clears-draft",
            "publishing.items.partial", "items.publish.archived", "items.live.nulls", "publishing.items.locales",
        ),
    ),
    Operation(
        "live-items.update-bulk", "PATCH", "/collections/{collection_id}/items/live", "cms:write",
        live_items.update_live_items_in_bulk, "update-items-live",
        (*_UPDATE, "items.update-live.both-copies", "items.update-live.moves-last-published",
         "items.update-live.staged-changes", "items.update-live.is-draft", "items.bulk.atomic", "items.live.nulls"),
    ),
    Operation(
        "assets.list", "GET", "/sites/{site_id}/assets", "assets:read", assets.list_assets, "list-assets",
        ("assets.list.order", "assets.list.folder-id", "assets.listed-before-upload", *_PAGES, "assets.object", "assets.size-after-upload"),
    ),
    Operation(
        "assets.create", "POST", "/sites/{site_id}/assets", "assets:write", assets.create_asset, "create-asset",
        ("assets.create.answer", *DETAILS_CLAUSES, "assets.create.key", "assets.create.status", "assets.create.duplicate-hash",
         "assets.content-type", "assets.hosted-url.form", "assets.upload.size-limit", "assets.upload.checks-md5",
         "ids.time"),
    ),
    Operation(
        "assets.get", "GET", "/assets/{asset_id}", "assets:read", assets.get_asset, "get-asset",
        ("assets.object", "assets.listed-before-upload", "assets.size-after-upload"),
    ),
    Operation(
        "assets.update", "PATCH", "/assets/{asset_id}", "assets:write", assets.update_asset, "patch-asset",
        ("assets.update.alt-text", "assets.update.locale", "assets.update.unknown-keys", "assets.object"),
    ),
    Operation(
        "assets.delete", "DELETE", "/assets/{asset_id}", "assets:write", assets.delete_asset, "delete-asset",
        ("assets.delete.answer", "assets.delete.keeps-imports"),
    ),
)
# fmt: on
