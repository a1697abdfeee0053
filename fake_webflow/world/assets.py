"""Assets and asset folders."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class Asset:
    """One asset of a site, there from the moment it is registered, with or without its bytes.

    Args:
        id: 24 hexadecimal digits.
        site_id: The site it belongs to.
        file_name: As registered, extension included.
        file_hash: As registered; meant to be the MD5 of the bytes in hex, but not checked.
        content_type: Derived from the extension.
        created_on: Instant.
        last_updated: Instant.
        display_name: As people see it.
        alt_texts: By site locale id; the empty id is the primary locale.
        folder_id: The folder it lies in.
    """

    id: str
    site_id: str
    file_name: str
    file_hash: str
    content_type: str
    created_on: int
    last_updated: int
    display_name: str
    alt_texts: Mapping[str, str | None] = field(default_factory=lambda: MappingProxyType({}))
    folder_id: str | None = None

    @property
    def key(self) -> str:
        """Where its bytes lie: ``<site id>/<asset id>_<file name>`` (clause ``assets.create.key``)."""
        return f"{self.site_id}/{self.id}_{self.file_name}"


@dataclass(frozen=True, slots=True)
class AssetFolder:
    """One folder of a site's assets."""

    id: str
    site_id: str
    display_name: str
    parent_folder: str | None
    created_on: int
    last_updated: int


class StoredFile(NamedTuple):
    """One stored object.

    Args:
        key: ``<site id>/<asset id>_<file name>`` for assets.
        content_type: As it is served.
        etag: MD5 of the bytes in lower-case hex, without quotes.
        data: The bytes.
        cache_control: As it is served; empty for none.
    """

    key: str
    content_type: str
    etag: str
    data: bytes
    cache_control: str = ""
