"""Assets, their folders and their bytes out of a scenario."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from hashlib import md5

from ..storage.policy import CACHE_CONTROL
from ..wording import suggest
from ..world.asset_rules import content_type_of, is_file_name, new_display_name
from ..world.assets import Asset, AssetFolder, StoredFile
from ..world.sites import Site
from ..world.world import World
from .context import BuildContext, Mistake, Registry
from .rows import AssetFolderRow, AssetRow, SiteRow, StoredFileRow


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
            asset = replace(asset, file_hash=row.get("fileHash", digest))
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
        folder_id, created_on = context.identify(row, site.created_on + 1000 * (number + 1))
        last_updated = context.read_last_updated(row, created_on)
        folders.append(AssetFolder(folder_id, site.id, row["displayName"], None, created_on, last_updated))
        registry.claim(kind, folder_id, folder_id, f"{place}.assetFolders[{number}].id")
        registry.offer(kind, row["displayName"], folder_id)
    parents = {
        folder.id: registry.find_id(kind, parent, f"{place}.assetFolders[{number}].parentFolder")
        for number, (folder, row) in enumerate(zip(folders, spec, strict=True))
        if (parent := row.get("parentFolder"))
    }
    for number, folder in enumerate(folders):
        if _lies_in_itself(folder.id, parents):
            raise Mistake(f"{place}.assetFolders[{number}].parentFolder", "a folder cannot lie inside itself")
    return [replace(folder, parent_folder=parents.get(folder.id)) for folder in folders]


def _lies_in_itself(folder_id: str, parents: Mapping[str, str]) -> bool:
    seen: set[str] = set()
    above = parents.get(folder_id)
    while above is not None and above not in seen:
        if above == folder_id:
            return True
        seen.add(above)
        above = parents.get(above)
    return False


def _build_asset(
    site: Site, spec: AssetRow, number: int, place: str, registry: Registry, context: BuildContext
) -> Asset:
    name = spec["fileName"]
    if not is_file_name(name):
        raise Mistake(f"{place}.fileName", f"must not have slashes, quotes or control characters: {name!r}")
    asset_id, created_on = context.identify(spec, site.created_on + 1000 * (number + 1))
    folder = spec.get("folder")
    alt_texts = _read_alt_texts(site, spec, place)
    registry.claim("asset", asset_id, asset_id, f"{place}.id")
    registry.offer(f"asset in {site.id}", asset_id, asset_id)
    registry.offer(f"asset in {site.id}", name, asset_id)
    return Asset(
        id=asset_id,
        site_id=site.id,
        file_name=name,
        file_hash=spec["fileHash"] if "fileHash" in spec else context.digits(32),
        content_type=content_type_of(name),
        created_on=created_on,
        last_updated=context.read_last_updated(spec, created_on),
        display_name=spec.get("displayName", new_display_name(asset_id, name, context.profile)),
        alt_texts=alt_texts,
        folder_id=registry.find_id(f"folder in {site.id}", folder, f"{place}.folder") if folder else None,
    )


def _read_alt_texts(site: Site, spec: AssetRow, place: str) -> dict[str, str | None]:
    """By the id of a secondary locale; empty for the primary one."""
    texts: dict[str, str | None] = {}
    if "altText" in spec:
        texts[""] = spec["altText"]
    ids = {name: locale.id for locale in site.secondary for name in (locale.id, locale.tag)}
    for name, text in spec.get("altTexts", {}).items():
        if name not in ids:
            tags = [locale.tag for locale in site.secondary]
            raise Mistake(f"{place}.altTexts.{name}", f"no secondary locale is named so; {suggest(name, tags)}")
        texts[ids[name]] = text
    return texts


def build_files(world: World, spec: Sequence[StoredFileRow], contents: Mapping[str, bytes]) -> World:
    """The world with the other files of the scenario.

    Args:
        world: With the files of the assets.
        spec: As the scenario has them.
        contents: The bytes, by the place of the file.

    Raises:
        Mistake: A file without bytes, or two of one key.
    """
    files: dict[str, StoredFile] = {}
    for number, row in enumerate(spec):
        place, key = f"files[{number}]", row["key"]
        if place not in contents:
            raise Mistake(place, "its bytes are missing; they stand in file, base64 or text")
        if key in files or key in world.files:
            raise Mistake(f"{place}.key", f"another file lies at {key!r} already")
        data = contents[place]
        digest = md5(data, usedforsecurity=False).hexdigest()
        content_type = row.get("contentType") or content_type_of(key)
        files[key] = StoredFile(key, content_type, digest, data, row.get("cacheControl", CACHE_CONTROL))
    return world.with_files(list(files.values()))
