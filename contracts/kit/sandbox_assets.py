"""The assets of a sandbox, gone at the end.

Folders of assets cannot be deleted over the API, so one folder is made once and used by every run.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from typing import Any

import requests

from fake_webflow.client import JsonObject

from .targets import Target

SHARED_FOLDER_NAME = "fake-webflow contracts"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c636400000000050001a5f645400000000049454e44ae426082"
)
"""A picture of one pixel."""


class SandboxAssets:
    """What tests work with.

    Args:
        target: The API.
        site_id: The site they are in.
        slug: Gives a slug that nothing else has.
    """

    def __init__(self, target: Target, site_id: str, slug: Callable[[str], str]) -> None:
        self.asset_ids: list[str] = []
        """The ids of what is to be removed at the end."""
        self._target = target
        self._site_id = site_id
        self._slug = slug
        self._bytes: dict[str, bytes] = {}
        self._asset_without_bytes: JsonObject | None = None

    def register(self, *, file_name: str | None = None, folder_id: str | None = None) -> JsonObject:
        """The answer to registering an asset that is gone at the end; its bytes are not sent."""
        data = self.new_bytes()
        answer = self._target.client.assets.create(
            self._site_id,
            file_name=file_name or f"{self._slug('asset')}.png",
            file_hash=hashlib.md5(data, usedforsecurity=False).hexdigest(),
            folder_id=folder_id,
        )
        self.remove_later(answer["id"])
        self._bytes[answer["id"]] = data
        return answer

    def remove_later(self, asset_id: str) -> None:
        """Has an asset that a test made by itself removed at the end."""
        self.asset_ids.append(asset_id)

    def upload(self, data: bytes = PNG, *, file_name: str | None = None, folder_id: str | None = None) -> JsonObject:
        """The answer to registering an asset, its bytes sent. The bytes are made unlike any others."""
        name = file_name or f"{self._slug('upload')}.png"
        unique_bytes = self.new_bytes(data)
        answer = self._target.client.assets.upload(self._site_id, unique_bytes, file_name=name, folder_id=folder_id)
        self.remove_later(answer["id"])
        self._bytes[answer["id"]] = unique_bytes
        return answer

    @cached_property
    def picture(self) -> JsonObject:
        """An uploaded picture that nobody changes."""
        return self.upload()

    @cached_property
    def picture_in_folder(self) -> JsonObject:
        """An uploaded picture in the folder that nobody changes."""
        return self.upload(folder_id=self.folder)

    @cached_property
    def changing_picture(self) -> JsonObject:
        """An uploaded picture whose name and alternative texts tests change; none relies on what they were."""
        return self.upload()

    @contextmanager
    def asset_without_bytes(self) -> Iterator[JsonObject]:
        """A registered asset whose bytes were never stored. Who stores none inside leaves it to the next."""
        asset = self._asset_without_bytes or self.register()
        uploads, self._asset_without_bytes = self._target.recorder.upload_count, None
        yield asset
        if self._target.recorder.upload_count == uploads:
            self._asset_without_bytes = asset

    def new_bytes(self, beginning: bytes = PNG) -> bytes:
        """Bytes that nothing else has, since the same bytes may be the same asset."""
        return beginning + self._slug("slug").encode()

    def bytes_of(self, asset: JsonObject) -> bytes:
        """The bytes an asset was registered with."""
        return self._bytes[asset["id"]]

    def post_form(
        self, asset: JsonObject, fields: Mapping[str, str] | None = None, *, data: bytes | None = None
    ) -> requests.Response:
        """The upload form of a registered asset, posted with these fields and bytes, or its own."""
        return post_upload_form(
            self._target.http, asset, asset["uploadDetails"] if fields is None else fields,
            self.bytes_of(asset) if data is None else data,
        )  # fmt: skip

    @staticmethod
    def decode_policy(asset: JsonObject) -> bytes:
        """The policy of a registered asset's upload form, decoded."""
        return base64.b64decode(asset["uploadDetails"]["Policy"])

    def parse_policy(self, asset: JsonObject) -> JsonObject:
        """The policy of a registered asset's upload form, read."""
        found: JsonObject = json.loads(self.decode_policy(asset))
        return found

    @cached_property
    def folder(self) -> str:
        """The folder every run uses, made where it is not there yet."""
        return self._folder(SHARED_FOLDER_NAME, None)

    @cached_property
    def inner_folder(self) -> str:
        """A folder inside it, likewise."""
        return self._folder(f"{SHARED_FOLDER_NAME}, inside", self.folder)

    def _folder(self, name: str, parent: str | None) -> str:
        folders = self._target.client.asset_folders.list(self._site_id)["assetFolders"]
        known = [folder["id"] for folder in folders if folder["displayName"] == name]
        if known:
            return str(known[0])
        return str(
            self._target.client.asset_folders.create(self._site_id, display_name=name, parent_folder=parent)["id"]
        )


def post_upload_form(
    http: requests.Session, asset: JsonObject, fields: Mapping[str, str], data: bytes
) -> requests.Response:
    """The upload form of a registered asset, posted with these fields and bytes.

    Args:
        http: Sends without the API's token.
        asset: As the API answered its registration.
        fields: Of the form, the file left aside.
        data: The bytes of the file.
    """
    parts: list[tuple[str, Any]] = [(name, (None, value)) for name, value in fields.items()]
    parts.append(("file", (asset["originalFileName"], data, asset["contentType"])))
    return http.post(asset["uploadUrl"], files=parts, allow_redirects=False, timeout=60)
