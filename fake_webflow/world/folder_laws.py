"""What happens to asset folders."""

from __future__ import annotations

from ..rules import Refusal
from .assets import AssetFolder
from .context import Context
from .sites import Site
from .world import World


def create_folder(
    world: World, site: Site, display_name: str, parent_id: str | None, context: Context
) -> tuple[World, AssetFolder]:
    """The world with the folder, and the folder.

    Raises:
        Refusal: ``asset-folders.not-found`` for a parent the site does not have, ``asset-folders.duplicate`` for a name
            the site has already.
    """
    parent = world.asset_folders.get(parent_id) if parent_id is not None else None
    if parent_id is not None and (parent is None or parent.site_id != site.id):
        raise Refusal("asset-folders.not-found")
    own = (folder for folder in world.asset_folders if folder.site_id == site.id)
    if any(folder.display_name == display_name for folder in own):
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
