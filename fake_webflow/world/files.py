"""The bytes the file host serves: what was uploaded, and what CMS items imported from it."""

from __future__ import annotations

from typing import NamedTuple


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
