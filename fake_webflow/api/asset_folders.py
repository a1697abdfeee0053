"""Operations on asset folders."""

from __future__ import annotations

from typing import Any

from ..world import asset_rules
from ..world.assets import AssetFolder
from ..world.instants import timestamp
from .call import Call, Reply, pagination_object, parse_id, read_page


def list_folders(call: Call) -> Reply:
    """``GET /sites/{site_id}/asset_folders``."""
    site = call.site()
    offset, limit = read_page(call, int(call.profile.asset_folders_list_page_size))
    found = [folder for folder in call.world.asset_folders if folder.site_id == site.id]
    page = [folder_object(call, folder) for folder in found[offset : offset + limit]]
    return Reply({"assetFolders": page, "pagination": pagination_object(offset, limit, len(found))})


def get_folder(call: Call) -> Reply:
    """``GET /asset_folders/{asset_folder_id}``."""
    return Reply(folder_object(call, call.asset_folder()))


def create_folder(call: Call) -> Reply:
    """``POST /sites/{site_id}/asset_folders``: at the top, or inside another."""
    parent = call.body.get("parentFolder")
    call.world, folder = asset_rules.create_folder(
        call.world, call.site(), call.body["displayName"], parse_id(parent) if parent else None, call
    )
    return Reply(folder_object(call, folder))


def folder_object(call: Call, folder: AssetFolder) -> dict[str, Any]:
    """The folder as it is answered, with the ids of the assets right inside it."""
    return {
        "id": folder.id,
        "displayName": folder.display_name,
        "parentFolder": folder.parent_folder,
        "assets": [asset.id for asset in call.world.assets if asset.folder_id == folder.id],
        "siteId": folder.site_id,
        "createdOn": timestamp(folder.created_on),
        "lastUpdated": timestamp(folder.last_updated),
    }
