"""The table of operations: what is simulated, under which name, with which scope and by which handler."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from . import asset_folders, assets, collections, items, live_items, sites, token, webhooks
from .call import Call, Reply


class Operation(NamedTuple):
    """One simulated operation.

    Args:
        name: Ours: a group, a dot, what it does.
        method: HTTP method.
        path: With ``{parameters}``, behind ``/v2``.
        scope: What the token must have; empty where any token will do.
        handler: Answers a call.
        official: Webflow's operationId.
        bucket: The rate bucket it is counted in, where it has one of its own; empty for the general one.
    """

    name: str
    method: str
    path: str
    scope: str
    handler: Callable[[Call], Reply]
    official: str
    bucket: str = ""

    @property
    def is_item_patch(self) -> bool:
        """Whether it updates items: their errors were seen in a form of their own (``errors.external-reference``)."""
        return self.method == "PATCH" and _ITEMS in self.path

    @property
    def writes(self) -> bool:
        """Whether it may change the state."""
        return self.method != "GET"


_SITE, _COLLECTION = "/sites/{site_id}", "/collections/{collection_id}"
_FIELD, _ITEMS, _ITEM = f"{_COLLECTION}/fields/{{field_id}}", f"{_COLLECTION}/items", f"{_COLLECTION}/items/{{item_id}}"
_ASSET, _FOLDERS, _WEBHOOK = "/assets/{asset_id}", "/asset_folders", "/webhooks/{webhook_id}"

# fmt: off
OPERATIONS: tuple[Operation, ...] = (
    Operation("token.introspect", "GET", "/token/introspect", "", token.introspect, "introspect"),
    Operation("token.authorized-by", "GET", "/token/authorized_by", "authorized_user:read", token.authorized_by,
              "authorized_by"),
    Operation("sites.list", "GET", "/sites", "sites:read", sites.list_sites, "list-sites"),
    Operation("sites.get", "GET", _SITE, "sites:read", sites.get_site, "get-site"),
    Operation("sites.list-custom-domains", "GET", f"{_SITE}/custom_domains", "sites:read", sites.list_custom_domains,
              "get-custom-domains"),
    Operation("sites.publish", "POST", f"{_SITE}/publish", "sites:write", sites.publish_site, "site-publish",
              bucket="site-publish"),
    Operation("collections.list", "GET", f"{_SITE}/collections", "cms:read", collections.list_collections,
              "list-collections"),
    Operation("collections.create", "POST", f"{_SITE}/collections", "cms:write", collections.create_collection,
              "create-collection"),
    Operation("collections.get", "GET", _COLLECTION, "cms:read", collections.get_collection, "collection-details"),
    Operation("collections.update", "PATCH", _COLLECTION, "cms:write", collections.update_collection,
              "update-collection"),
    Operation("collections.delete", "DELETE", _COLLECTION, "cms:write", collections.delete_collection,
              "delete-collection"),
    Operation("fields.create", "POST", f"{_COLLECTION}/fields", "cms:write", collections.create_field, "create-field"),
    Operation("fields.update", "PATCH", _FIELD, "cms:write", collections.update_field, "update-field"),
    Operation("fields.delete", "DELETE", _FIELD, "cms:write", collections.delete_field, "delete-field"),
    Operation("items.list", "GET", _ITEMS, "cms:read", items.list_items, "list-collection-items"),
    Operation("items.create", "POST", _ITEMS, "cms:write", items.create_item, "create-item"),
    Operation("items.update-bulk", "PATCH", _ITEMS, "cms:write", items.update_items_in_bulk, "update-items"),
    Operation("items.delete-bulk", "DELETE", _ITEMS, "cms:write", items.delete_items_in_bulk, "delete-items"),
    Operation("items.insert", "POST", f"{_ITEMS}/insert", "cms:write", items.insert_items, "insert-items"),
    Operation("items.create-bulk", "POST", f"{_ITEMS}/bulk", "cms:write", items.create_items_in_bulk, "create-items"),
    Operation("items.publish", "POST", f"{_ITEMS}/publish", "cms:write", items.publish_items, "publish-item"),
    Operation("items.get", "GET", _ITEM, "cms:read", items.get_item, "Get-Item"),
    Operation("items.update", "PATCH", _ITEM, "cms:write", items.update_item, "update-item"),
    Operation("items.delete", "DELETE", _ITEM, "cms:write", items.delete_item, "delete-item"),
    Operation("live-items.list", "GET", f"{_ITEMS}/live", "cms:read", live_items.list_live_items,
              "list-collection-items-live"),
    Operation("live-items.create", "POST", f"{_ITEMS}/live", "cms:write", live_items.create_live_item,
              "create-item-live"),
    Operation("live-items.update-bulk", "PATCH", f"{_ITEMS}/live", "cms:write", live_items.update_live_items_in_bulk,
              "update-items-live"),
    Operation("live-items.delete-bulk", "DELETE", f"{_ITEMS}/live", "cms:write", live_items.unpublish_items_in_bulk,
              "delete-items-live"),
    Operation("live-items.get", "GET", f"{_ITEM}/live", "cms:read", live_items.get_live_item, "get-item-live"),
    Operation("live-items.update", "PATCH", f"{_ITEM}/live", "cms:write", live_items.update_live_item,
              "update-item-live"),
    Operation("live-items.delete", "DELETE", f"{_ITEM}/live", "cms:write", live_items.unpublish_item,
              "delete-item-live"),
    Operation("assets.list", "GET", f"{_SITE}/assets", "assets:read", assets.list_assets, "list-assets"),
    Operation("assets.create", "POST", f"{_SITE}/assets", "assets:write", assets.create_asset, "create-asset"),
    Operation("assets.get", "GET", _ASSET, "assets:read", assets.get_asset, "get-asset"),
    Operation("assets.update", "PATCH", _ASSET, "assets:write", assets.update_asset, "patch-asset"),
    Operation("assets.delete", "DELETE", _ASSET, "assets:write", assets.delete_asset, "delete-asset"),
    Operation("asset-folders.list", "GET", f"{_SITE}{_FOLDERS}", "assets:read", asset_folders.list_folders,
              "list-asset-folders"),
    Operation("asset-folders.create", "POST", f"{_SITE}{_FOLDERS}", "assets:write", asset_folders.create_folder,
              "create-asset-folder"),
    Operation("asset-folders.get", "GET", f"{_FOLDERS}/{{asset_folder_id}}", "assets:read", asset_folders.get_folder,
              "get-asset-folder"),
    Operation("webhooks.list", "GET", f"{_SITE}/webhooks", "sites:read", webhooks.list_webhooks, "list-webhooks"),
    Operation("webhooks.create", "POST", f"{_SITE}/webhooks", "sites:write", webhooks.create_webhook, "create-webhook"),
    Operation("webhooks.get", "GET", _WEBHOOK, "sites:read", webhooks.get_webhook, "get-webhook"),
    Operation("webhooks.delete", "DELETE", _WEBHOOK, "sites:write", webhooks.delete_webhook, "remove-webhook"),
)
# fmt: on
