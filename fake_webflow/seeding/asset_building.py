"""Assets, their folders and their bytes out of a scenario."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from hashlib import md5

from ..storage.policy import CACHE_CONTROL
from ..world.asset_rules import content_type_of, is_file_name, new_display_name
from ..world.assets import Asset, AssetFolder, StoredFile
from ..world.sites import Site
from ..world.world import World
from .context import BuildContext, Mistake, Registry
from .rows import AssetFolderRow, AssetRow, SiteRow


def build_assets(
    world: World,
    site: Site,
    spec: SiteRow,
    place: str,
    registry: Registry,
    contents: Mapping[str, bytes],
    context: BuildContext,
) -> World:
    """The world with the folders, the assets and the files of a site of the scenario.

    Args:
        world: Where the site is.
        site: Whose they are.
        spec: The site as the scenario has it.
        place: Of the site in the scenario.
        registry: Gets the names of folders and assets.
        contents: The bytes, by the place of the asset.
        context: Of ids and dates.

    Raises:
        Mistake: A name that is taken, not allowed, or nobody's.
    """
    folders = _build_folders(site, spec.get("assetFolders", ()), place, registry, context)
    assets: list[Asset] = []
    files: list[StoredFile] = []
    for number, row in enumerate(spec.get("assets", ())):
        where = f"{place}.assets[{number}]"
        asset = _build_asset(site, row, number, where, registry, context)
        data = contents.get(where)
        if data is not None:
            digest = md5(data, usedforsecurity=False).hexdigest()
            asset = replace(asset, file_hash=digest)
            files.append(StoredFile(asset.key, asset.content_type, digest, data, CACHE_CONTROL))
        assets.append(asset)
    return world._replace(
        asset_folders=world.asset_folders.put(folders),
        assets=world.assets.put(assets),
        files=world.files.put(files),
    )


def _build_folders(
    site: Site, spec: Sequence[AssetFolderRow], place: str, registry: Registry, context: BuildContext
) -> list[AssetFolder]:
    kind = f"folder in {site.id}"
    folders: list[AssetFolder] = []
    for number, row in enumerate(spec):
        where = f"{place}.assetFolders[{number}]"
        folder_id, created_on = context.identify(row, site.created_on + 1000 * (number + 1))
        parent = row.get("parentFolder")
        folders.append(
            AssetFolder(
                id=folder_id,
                site_id=site.id,
                display_name=row["displayName"],
                # Only a folder that stands before it, so that none can be inside itself.
                parent_folder=registry.find_id(kind, parent, f"{where}.parentFolder") if parent else None,
                created_on=created_on,
                last_updated=context.read_last_updated(row, created_on),
            )
        )
        registry.claim(kind, folder_id, folder_id, f"{where}.id")
        registry.offer(kind, row["displayName"], folder_id)
    return folders


def _build_asset(
    site: Site, spec: AssetRow, number: int, place: str, registry: Registry, context: BuildContext
) -> Asset:
    name = spec["fileName"]
    if not is_file_name(name):
        raise Mistake(f"{place}.fileName", f"must not have slashes, quotes or control characters: {name!r}")
    asset_id, created_on = context.identify(spec, site.created_on + 1000 * (number + 1))
    folder = spec.get("folder")
    alt_text = spec.get("altText")
    registry.claim("asset", asset_id, asset_id, f"{place}.id")
    registry.offer(f"asset in {site.id}", asset_id, asset_id)
    registry.offer(f"asset in {site.id}", name, asset_id)
    return Asset(
        id=asset_id,
        site_id=site.id,
        file_name=name,
        file_hash=context.digits(32),
        content_type=content_type_of(name),
        created_on=created_on,
        last_updated=context.read_last_updated(spec, created_on),
        display_name=spec.get("displayName") or new_display_name(asset_id, name, context.profile),
        alt_texts={} if alt_text is None else {"": alt_text},
        folder_id=registry.find_id(f"folder in {site.id}", folder, f"{place}.folder") if folder else None,
    )
