"""What happens to assets: registering, changing, listing, deleting."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from hashlib import sha1
from typing import Any

from ..rules import Profile, Refusal
from .assets import Asset, AssetFolder
from .sites import Site
from .world import Context, World

# By extension; an extension that is not here is served as bytes without a meaning (``assets.content-type``).
CONTENT_TYPES = {
    "avif": "image/avif",
    "css": "text/css",
    "csv": "text/csv",
    "doc": "application/msword",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "gif": "image/gif",
    "jpeg": "image/jpeg",
    "jpg": "image/jpeg",
    "js": "application/javascript",
    "json": "application/json",
    "lottie": "application/zip",
    "mp4": "video/mp4",
    "odp": "application/vnd.oasis.opendocument.presentation",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odt": "application/vnd.oasis.opendocument.text",
    "pdf": "application/pdf",
    "png": "image/png",
    "ppt": "application/vnd.ms-powerpoint",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "svg": "image/svg+xml",
    "txt": "text/plain",
    "webp": "image/webp",
    "xls": "application/vnd.ms-excel",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_UNUSABLE_IN_NAMES = re.compile(r"[\x00-\x1f\x7f/\\\"]")
_MD5 = re.compile(r"[0-9a-fA-F]{32}")


def content_type_of(file_name: str) -> str:
    """What a file of that name is served as."""
    return CONTENT_TYPES.get(file_name.rpartition(".")[2].lower(), "application/octet-stream")


def is_file_name(text: str) -> bool:
    """Whether an asset may be called so: without slashes, quotes and control characters."""
    return _UNUSABLE_IN_NAMES.search(text) is None


def new_display_name(asset_id: str, file_name: str, profile: Profile) -> str:
    """What a new asset is called (``assets.display-name``)."""
    return file_name if profile.assets_display_name == "file-name" else f"{asset_id}_{file_name}"


def create_asset(
    world: World, site: Site, file_name: str, file_hash: str, folder_id: str | None, context: Context
) -> tuple[World, Asset]:
    """The world with the asset registered, and the asset; its bytes come later, or never.

    The same hash again gives the asset the site already has (``assets.create.duplicate-hash``).

    Raises:
        Refusal: A name, a hash or a folder that is not taken.
    """
    if not is_file_name(file_name):
        raise Refusal("assets.create.file-name")
    if context.profile.assets_create_hash_format == "md5-hex" and not _MD5.fullmatch(file_hash):
        raise Refusal("assets.create.hash-format")
    folder = world.asset_folders.get(folder_id) if folder_id is not None else None
    if folder_id is not None and (folder is None or folder.site_id != site.id):
        raise Refusal("assets.create.folder-not-found")
    if context.profile.assets_create_duplicate_hash == "return-existing":
        same = next((asset for asset in world.assets if (asset.site_id, asset.file_hash) == (site.id, file_hash)), None)
        if same is not None:
            return world, same
    now = context.now()
    asset_id = context.new_id(now)
    asset = Asset(
        asset_id,
        site.id,
        file_name,
        file_hash,
        content_type_of(file_name),
        now,
        now,
        display_name=new_display_name(asset_id, file_name, context.profile),
        folder_id=folder_id,
    )
    return world._replace(assets=world.assets.put([asset])), asset


def update_asset(
    world: World, asset: Asset, locale_id: str, context: Context, changes: Mapping[str, Any]
) -> tuple[World, Asset]:
    """The world with the asset's names changed, and the asset.

    Args:
        world: Where it is.
        asset: As it is.
        locale_id: The site locale whose alt text is meant; empty for the primary one.
        context: The moment of the request.
        changes: ``displayName``, the same in all locales; ``altText``, of that locale, where null clears it.
    """
    alt_texts = asset.alt_texts
    if "altText" in changes:
        alt_texts = {**alt_texts, locale_id: changes["altText"]}
    changed = replace(
        asset,
        last_updated=context.now(),
        display_name=changes.get("displayName", asset.display_name),
        alt_texts=alt_texts,
    )
    return world._replace(assets=world.assets.put([changed])), changed


def delete_asset(world: World, asset: Asset) -> World:
    """The world without the asset and its bytes; items keep what they imported (``assets.delete.keeps-imports``)."""
    return world._replace(assets=world.assets.remove([asset.id]), files=world.files.remove([asset.key]))


def is_listed(world: World, asset: Asset, profile: Profile) -> bool:
    """Whether the asset can be read already (``assets.listed-before-upload``)."""
    return profile.assets_listed_before_upload == "yes" or asset.key in world.files


def list_assets(world: World, site: Site, folder_ids: Sequence[str] | None, profile: Profile) -> list[Asset]:
    """The site's assets in the order of the choice ``assets.list.order``.

    Args:
        world: Where they are.
        site: Whose they are.
        folder_ids: The folders to look in; None for everywhere.
        profile: The open choices.
    """
    found = [asset for asset in world.assets if asset.site_id == site.id and is_listed(world, asset, profile)]
    if folder_ids is not None:
        found = [asset for asset in found if asset.folder_id in folder_ids]
    if profile.assets_list_order == "no-date-order":
        return sorted(found, key=lambda asset: sha1(asset.id.encode(), usedforsecurity=False).digest())
    return sorted(
        found, key=lambda asset: (asset.created_on, asset.id), reverse=profile.assets_list_order == "newest-first"
    )


def create_folder(
    world: World, site: Site, display_name: str, parent_id: str | None, context: Context
) -> tuple[World, AssetFolder]:
    """The world with the folder, and the folder.

    Raises:
        Refusal: ``asset-folders.not-found`` for a parent the site does not have, ``asset-folders.duplicate`` for a name
            the site, or the parent, has already (``asset-folders.name-scope``).
    """
    parent = world.asset_folders.get(parent_id) if parent_id is not None else None
    if parent_id is not None and (parent is None or parent.site_id != site.id):
        raise Refusal("asset-folders.not-found")
    everywhere = context.profile.asset_folders_name_scope == "site"
    rivals = (
        folder
        for folder in world.asset_folders
        if folder.site_id == site.id and (everywhere or folder.parent_folder == parent_id)
    )
    if any(folder.display_name == display_name for folder in rivals):
        raise Refusal("asset-folders.duplicate", name=display_name)
    now = context.now()
    folder = AssetFolder(context.new_id(now), site.id, display_name, parent_id, now, now)
    return world._replace(asset_folders=world.asset_folders.put([folder])), folder


def folders_within(world: World, folder_id: str) -> list[str]:
    """The folder and all folders below it."""
    inside = [folder_id]
    for found in inside:  # grows while it is walked
        inside += [folder.id for folder in world.asset_folders if folder.parent_folder == found]
    return inside
