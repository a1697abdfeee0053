"""``client.assets`` and ``client.asset_folders``."""

from __future__ import annotations

from collections.abc import Iterator

from ._answers import JsonObject
from ._group import Group
from ._pages import LARGEST_PAGE, entries
from ._upload import Progress, Source, open_source, send_file
from ._wire import body, path, query


class Assets(Group):
    """Files in a site's asset library."""

    def list(
        self,
        site_id: str,
        *,
        limit: int | None = None,
        offset: int | None = None,
        folder_id: str | None = None,
        locale_id: str | None = None,
    ) -> JsonObject:
        """List one page of assets: ``{"assets": [...], "pagination": {...}}``. Scope ``assets:read``.

        Args:
            site_id: The site.
            limit: Entries on the page, at most 100, which is also the default.
            offset: How many entries to pass over.
            folder_id: Only assets in this folder or below it.
            locale_id: Locale of the texts.

        Raises:
            BadRequest: A parameter is wrong.
            NotFound: There is no such site.
        """
        options = query({"limit": limit, "offset": offset, "folder_id": folder_id, "locale_id": locale_id})
        return self._transport.fetch("GET", path("sites", site_id, "assets"), query=options)

    def iterate(
        self,
        site_id: str,
        *,
        page_size: int = LARGEST_PAGE,
        folder_id: str | None = None,
        locale_id: str | None = None,
    ) -> Iterator[JsonObject]:
        """Yield every asset, fetching pages as they are needed, in an order Webflow does not state.

        Scope ``assets:read``. Arguments and errors as for `list`.
        """
        return entries(
            lambda limit, offset: self.list(
                site_id, limit=limit, offset=offset, folder_id=folder_id, locale_id=locale_id
            ),
            "assets",
            page_size,
        )

    def get(self, asset_id: str, *, locale_id: str | None = None) -> JsonObject:
        """Get an asset, with its texts in a locale. Scope ``assets:read``.

        Raises:
            NotFound: There is no such asset. Files inside CMS fields are not assets.
        """
        return self._transport.fetch("GET", path("assets", asset_id), query=query({"locale_id": locale_id}))

    def create(self, site_id: str, *, file_name: str, file_hash: str, folder_id: str | None = None) -> JsonObject:
        """Register an asset and learn where to upload its file: the first half of `upload`. Scope ``assets:write``.

        Args:
            site_id: The site.
            file_name: Name with extension, less than 100 characters.
            file_hash: MD5 of the file in hexadecimal; the site's asset with the same hash is answered if there is one.
            folder_id: Folder to put it in.

        Raises:
            BadRequest: The name or the folder is wrong.
            NotFound: There is no such site.
        """
        options = body({"file_name": file_name, "file_hash": file_hash, "parent_folder": folder_id})
        return self._transport.fetch("POST", path("sites", site_id, "assets"), json=options)

    def upload(
        self,
        site_id: str,
        source: Source,
        *,
        file_name: str | None = None,
        folder_id: str | None = None,
        progress: Progress | None = None,
    ) -> JsonObject:
        """Upload a file: take its MD5, register the asset, post the file to the upload host. Scope ``assets:write``.

        The file is read twice and sent as a stream; the token is not sent to the upload host. If Webflow knows the
        file and answers without an upload address, nothing is sent. Images up to 4 MB, documents up to 10 MB.

        Args:
            site_id: The site.
            source: A path (str or PathLike), the bytes themselves, or a binary file object that can seek, of which
                the bytes from its current position on are taken.
            file_name: Name with extension, less than 100 characters. Needed for bytes; else the file's own by default.
            folder_id: Folder to put it in.
            progress: Called with (bytes of the file sent, size of the file), first with 0 and then after every piece;
                from 0 again if the upload has to be repeated. What it raises ends the upload.

        Returns:
            The answer of the create call; its ``id`` and ``hostedUrl`` are the asset's.

        Raises:
            BadRequest: The name or the folder is wrong.
            NotFound: There is no such site.
            OSError: The file cannot be read.
            TypeError: The file object is open as text.
            UploadError: The upload host refused the file or could not be reached; ``asset`` is what was registered.
            ValueError: There is no name, or the file object cannot seek.
        """
        with open_source(source, file_name) as file:
            asset = self.create(site_id, file_name=file.name, file_hash=file.md5, folder_id=folder_id)
            if asset.get("uploadUrl") or asset.get("uploadDetails"):
                send_file(self._transport, asset, file, progress)
            return asset

    def update(
        self,
        asset_id: str,
        *,
        display_name: str | None = None,
        alt_text: str | None = None,
        locale_id: str | None = None,
    ) -> JsonObject:
        """Change an asset's name or alternative text. Scope ``assets:write``.

        Args:
            asset_id: The asset.
            display_name: Its new name, in every locale.
            alt_text: Its new alternative text; the empty string clears it.
            locale_id: Locale of the alternative text.

        Raises:
            BadRequest: A value is wrong.
            NotFound: There is no such asset.
        """
        options = body({"display_name": display_name, "alt_text": alt_text})
        where = query({"locale_id": locale_id})
        return self._transport.fetch("PATCH", path("assets", asset_id), query=where, json=options)

    def delete(self, asset_id: str) -> None:
        """Delete an asset. Copies of its file in CMS fields stay. Scope ``assets:write``.

        Raises:
            NotFound: There is no such asset.
        """
        self._transport.order("DELETE", path("assets", asset_id))


class AssetFolders(Group):
    """Folders of a site's asset library. Webflow has no call to change or delete one."""

    def list(self, site_id: str) -> JsonObject:
        """List a site's folders: ``{"assetFolders": [...], "pagination": {...}}``. Scope ``assets:read``. Not paged.

        Raises:
            NotFound: There is no such site.
        """
        return self._transport.fetch("GET", path("sites", site_id, "asset_folders"))

    def get(self, asset_folder_id: str) -> JsonObject:
        """Get a folder with the ids of its assets. Scope ``assets:read``.

        Raises:
            NotFound: There is no such folder.
        """
        return self._transport.fetch("GET", path("asset_folders", asset_folder_id))

    def create(self, site_id: str, *, display_name: str, parent_folder: str | None = None) -> JsonObject:
        """Create a folder, inside another one if that is named. Scope ``assets:write``.

        Args:
            site_id: The site.
            display_name: Its name, which no other folder of the site has.
            parent_folder: Id of the folder around it.

        Raises:
            BadRequest: The name or the folder around it is wrong.
            NotFound: There is no such site.
        """
        options = body({"display_name": display_name, "parent_folder": parent_folder})
        return self._transport.fetch("POST", path("sites", site_id, "asset_folders"), json=options)
