"""Files in field data: a URL is written, an object of file id, URL and alt text is read.

Nothing is fetched. A URL of our own file host is looked up there and its bytes are copied, as Webflow copies them into
the site's CMS bucket. Any other URL counts as importable unless the world's ``imports`` say otherwise.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote, urlsplit

from .assets import StoredFile
from .collections import Field
from .values import InvalidValue, is_url
from .world import Context, ImportOutcome, World

_CLAUSES_BY_OUTCOME: dict[ImportOutcome, str] = {
    "broken": "field-data.file.broken",
    "too-large": "field-data.file.too-large",
    "unsupported-type": "field-data.file.unsupported-type",
}
LARGEST_IMAGE = 4 * 1024 * 1024
LARGEST_DOCUMENT = 10 * 1024 * 1024


class FileImport:
    """Imports the files of one request's field data; ``stored`` is what the file host gained by it.

    Args:
        world: To look files up in.
        bucket_id: The site's CMS bucket.
        context: For ids, instants and addresses.
        skip_invalid: Whether a file that cannot be imported is left out (True) or refused (False).
    """

    def __init__(self, world: World, bucket_id: str, context: Context, *, skip_invalid: bool) -> None:
        self._world = world
        self._bucket_id = bucket_id
        self._context = context
        self._skip_invalid = skip_invalid
        self.stored: list[StoredFile] = []

    def import_value(self, value: Any, field: Field) -> Any:
        """What the field keeps, or None where an invalid file was left out.

        Raises:
            InvalidValue: The value has no URL, or its file cannot be imported and is not to be left out.
        """
        if field.type != "MultiImage":
            return self._import_file(value, field)
        if not isinstance(value, list):
            raise InvalidValue("field-data.multi-image.type", value)
        return [kept for kept in (self._import_file(part, field) for part in value) if kept is not None]

    def _import_file(self, value: Any, field: Field) -> dict[str, Any] | None:
        is_image = field.type in ("Image", "MultiImage")
        if isinstance(value, str) and is_image and self._context.profile.items_image_plain_url == "accept":
            value = {"url": value}
        url = value.get("url") if isinstance(value, dict) else None
        alt = value.get("alt") if isinstance(value, dict) else None
        if not isinstance(url, str) or not is_url(url) or not isinstance(alt, str | None):
            raise InvalidValue("field-data.file.url", value)
        own_key = self._context.addresses.key_of(url)
        source = self._world.files.get(own_key) if own_key is not None else None
        outcome = self._decide_outcome(url, field, own_key, source)
        if outcome != "importable":
            if self._skip_invalid:
                return None
            raise InvalidValue(_CLAUSES_BY_OUTCOME[outcome], url)
        sent_id = value.get("fileId")
        if self._context.profile.items_image_sent_file_id == "kept" and isinstance(sent_id, str):
            return {"fileId": sent_id, "url": url, "alt": alt}
        return self._mint(url, alt, source)

    def _decide_outcome(self, url: str, field: Field, own_key: str | None, source: StoredFile | None) -> ImportOutcome:
        if urlsplit(url).scheme not in ("http", "https"):
            return "broken"
        if own_key is None:
            return self._world.import_outcome(url)
        if source is None:
            # What was imported from outside has no bytes here, but items that are read are written back with it.
            return "importable" if own_key.startswith(f"{self._bucket_id}/") else "broken"
        is_image = source.content_type.startswith("image/")
        if field.type in ("Image", "MultiImage") and not is_image:
            return "unsupported-type"
        return "too-large" if len(source.data) > (LARGEST_IMAGE if is_image else LARGEST_DOCUMENT) else "importable"

    def _mint(self, url: str, alt: str | None, source: StoredFile | None) -> dict[str, Any]:
        file_id = self._context.new_id(self._context.now())
        name = unquote(urlsplit(url).path.rpartition("/")[2]) or "file"
        key = f"{self._bucket_id}/{file_id}_{name}"
        if source is not None:
            self.stored.append(source._replace(key=key))
        return {"fileId": file_id, "url": self._context.addresses.cdn_url(key), "alt": alt}
