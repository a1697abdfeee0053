"""Reads the assets of a site, with or without their bytes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from ..client import JsonObject
from .files import write_whole
from .pseudonyms import Pseudonym
from .reading import PulledSite
from .source import Source, pick

_KEYS = ("id", "contentType", "originalFileName", "displayName", "createdOn", "lastUpdated", "altText", "folderId")


class AssetReader:
    """Reads assets.

    Args:
        source: The API.
        as_is: Whether names, texts and bytes are kept, and not replaced with pseudonyms.
    """

    def __init__(self, source: Source, *, as_is: bool) -> None:
        self._source = source
        self._as_is = as_is
        self._addresses: dict[str, str] = {}  # of the files, where they were answered in this run

    def read(self, pulled: PulledSite) -> None:
        """Reads the site's assets with their alt texts in all locales, without their bytes.

        Raises:
            PullFailed: The API does not answer.
        """
        pulled.assets = [*self._read_pages(pulled.site["id"], None)]
        by_id = {asset["id"]: asset for asset in pulled.assets}
        for locale in pulled.locales[1:]:
            for asset in self._read_pages(pulled.site["id"], locale["id"]):
                known = by_id.get(asset["id"])
                if known is not None and asset.get("altText") != known.get("altText"):
                    known.setdefault("altTexts", {})[locale["id"]] = asset.get("altText")

    def download(self, pulled: PulledSite, folder: Path) -> None:
        """Downloads the bytes of the site's assets.

        Args:
            pulled: Gets the names of the files.
            folder: Gets the files.

        Raises:
            PullFailed: The API or the file host does not answer.
            OSError: A file cannot be written.
        """
        for asset in pulled.assets:
            answer = self._source.ask(f"file of {asset['id']}", partial(self._download, asset, folder))
            if answer["file"] is not None:
                asset["file"] = f"{folder.name}/{answer['file']}"

    def _download(self, asset: JsonObject, folder: Path) -> JsonObject:
        address = self._addresses.get(asset["id"]) or self._source.client.assets.get(asset["id"])["hostedUrl"]
        data = self._source.download(address)
        if data is None:  # registered and never uploaded
            return {"file": None}
        if not self._as_is:
            data = _replace_bytes(data, asset)
        name = f"{asset['id']}{Path(asset['originalFileName']).suffix}"
        folder.mkdir(exist_ok=True)
        write_whole(folder / name, data)
        return {"file": name}

    def _read_pages(self, site_id: str, locale_id: str | None) -> Iterator[JsonObject]:
        def fetch(limit: int, offset: int) -> JsonObject:
            return self._source.client.assets.list(site_id, limit=limit, offset=offset, locale_id=locale_id)

        name = f"assets in {locale_id}" if locale_id else "assets"
        for page in self._source.ask_pages(name, "assets", fetch, self._clean_page):
            yield from page["assets"]

    def _clean_page(self, answer: JsonObject) -> JsonObject:
        return {"assets": [self._clean(asset) for asset in answer["assets"]], "pagination": answer["pagination"]}

    def _clean(self, asset: JsonObject) -> JsonObject:
        self._addresses[asset["id"]] = asset["hostedUrl"]
        row = pick(asset, _KEYS)
        if self._as_is:
            return row
        name = row["originalFileName"]
        row["originalFileName"] = Pseudonym(f"{row['id']}/name").write_file_name(name)
        if display := row.get("displayName"):
            # As a rule the name of the file stands in it.
            parts = [Pseudonym(f"{row['id']}/displayName").write_file_name(part) for part in display.split(name)]
            row["displayName"] = row["originalFileName"].join(parts)
        if text := row.get("altText"):
            row["altText"] = Pseudonym(f"{row['id']}/altText").write_text(text)
        return row


def _replace_bytes(data: bytes, asset: JsonObject) -> bytes:
    """The bytes with pseudonyms where they are a text; others, such as pictures, as they are."""
    kind = str(asset.get("contentType"))
    pseudonym = Pseudonym(f"{asset['id']}/bytes")
    if not kind.startswith("text/") and kind not in ("application/json", "application/javascript", "image/svg+xml"):
        return data
    text = data.decode("utf-8", "replace")
    if kind == "application/json":
        try:
            return json.dumps(pseudonym.write_any(json.loads(text))).encode()
        except (ValueError, RecursionError):
            pass
    write = pseudonym.write_rich_text if kind in ("image/svg+xml", "text/html") else pseudonym.write_text
    return write(text).encode()
