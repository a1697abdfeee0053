"""Reads the items of a site, staged and live, in all locales."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal

from ..client import JsonObject
from ..world.values import REFERENCE_TYPES
from .pseudonyms import replace_value
from .reading import PulledSite
from .source import Source, SourceChanged, pick

ItemCount = int | Literal["all"]
_KEYS = ("id", "cmsLocaleId", "createdOn", "lastUpdated", "lastPublished", "isArchived", "isDraft")
_MOST_IDS = 100


def read_items(source: Source, pulled: PulledSite, count: ItemCount, *, as_is: bool) -> None:
    """Reads the items of the site.

    Args:
        source: The API.
        pulled: Gets them.
        count: All, or how many of each collection: those changed last, and whatever these refer to.
        as_is: Whether field data is kept, and not replaced with pseudonyms.

    Raises:
        PullFailed: The API does not answer.
        SourceChanged: Items came or went meanwhile.
    """
    readers = {one["id"]: _ItemReader(source, pulled, one, as_is=as_is) for one in pulled.collections}
    if count == "all":
        for reader in readers.values():
            reader.read_all()
        return
    for reader in readers.values():
        reader.read_latest(count)
    is_closed = False
    while not is_closed:
        named = [pair for reader in readers.values() for pair in reader.list_references()]
        is_closed = True
        for target_id, ids in named:
            if target_id in readers and readers[target_id].read_some(ids):
                is_closed = False


def check_items_unchanged(source: Source, pulled: PulledSite) -> None:
    """Looks once more whether the items are those that were read.

    Raises:
        PullFailed: The API does not answer.
        SourceChanged: They are not.
    """
    for collection in pulled.collections:
        _ItemReader(source, pulled, collection, as_is=True).check_unchanged()


class _ItemReader:
    """Reads the items of one collection.

    Args:
        source: The API.
        pulled: Gets them.
        collection: The collection with its fields.
        as_is: Whether field data is kept.
    """

    def __init__(self, source: Source, pulled: PulledSite, collection: JsonObject, *, as_is: bool) -> None:
        self._source = source
        self._client = source.client
        self._id: str = collection["id"]
        self._fields: Mapping[str, JsonObject] = {one["slug"]: one for one in collection["fields"]}
        self._as_is = as_is
        self._locales = [locale["cmsLocaleId"] for locale in pulled.locales if locale.get("cmsLocaleId")] or None
        self._staged = pulled.staged.setdefault(self._id, [])
        self._live = pulled.live.setdefault(self._id, [])
        self._known: set[str] = set()
        self._parts = 0

    def read_all(self) -> None:
        """Reads all items."""
        self._staged += self._read_pages("items", self._client.items.list)
        if any(item.get("lastPublished") for item in self._staged):
            self._live += self._read_pages("live items", self._client.live_items.list)

    def read_latest(self, count: int) -> None:
        """Reads so many items: those changed last, each in all of its locales."""
        ids: dict[str, None] = {}
        for page in self._source.ask_pages(
            f"latest items of {self._id}", "items", self._fetch_latest, self._clean_page
        ):
            ids |= dict.fromkeys(item["id"] for item in page["items"])
            if len(ids) >= count:
                break
        self.read_some([*ids][:count])

    def read_some(self, ids: Iterable[str]) -> bool:
        """Reads the items of these ids that are not read yet; whether there were some."""
        new = sorted(set(ids) - self._known)
        self._known |= set(new)
        for start in range(0, len(new), _MOST_IDS):
            self._parts += 1
            filters = {"id": {"in": new[start : start + _MOST_IDS]}}
            rows = self._read_pages(f"items, part {self._parts},", self._client.items.list, filters=filters)
            self._staged += rows
            if any(item.get("lastPublished") for item in rows):
                name = f"live items, part {self._parts},"
                self._live += self._read_pages(name, self._client.live_items.list, filters=filters)
        return bool(new)

    def list_references(self) -> list[tuple[str, list[str]]]:
        """The items that its items refer to, by collection."""
        found: list[tuple[str, list[str]]] = []
        for slug, field in self._fields.items():
            if field.get("type") in REFERENCE_TYPES:
                values = [item["fieldData"].get(slug) or () for item in (*self._staged, *self._live)]
                ids = [one for value in values for one in ([value] if isinstance(value, str) else value)]
                found.append((str((field.get("validations") or {}).get("collectionId")), ids))
        return found

    def check_unchanged(self) -> None:
        """Looks once more at the item that was changed last, and at how many there are.

        Raises:
            SourceChanged: It is later than those that were read, or there are others.
        """
        page = self._source.ask(f"latest items of {self._id}, again", lambda: self._fetch_latest(1, 0), _pick_dates)
        latest = max((item["lastUpdated"] for item in page["items"]), default="")
        known = self._source.find(f"latest items of {self._id} from 0")
        if known is not None:
            before = max((item["lastUpdated"] for item in known["items"]), default="")
            total = known["pagination"]["total"]
        else:
            before, total = max((item["lastUpdated"] for item in self._staged), default=""), len(self._staged)
        if (latest, page["pagination"]["total"]) != (before, total):
            raise SourceChanged(f"an item of the collection {self._id}")

    def _fetch_latest(self, limit: int, offset: int) -> JsonObject:
        return self._client.items.list(
            self._id,
            limit=limit,
            offset=offset,
            cms_locale_id=self._locales,
            sort_by="lastUpdated",
            sort_order="desc",
        )

    def _read_pages(self, what: str, fetch: Any, **filters: Any) -> list[JsonObject]:
        def fetch_page(limit: int, offset: int) -> JsonObject:
            found: JsonObject = fetch(self._id, limit=limit, offset=offset, cms_locale_id=self._locales, **filters)
            return found

        pages = self._source.ask_pages(f"{what} of {self._id}", "items", fetch_page, self._clean_page)
        rows = [item for page in pages for item in page["items"]]
        if len({(item["id"], item.get("cmsLocaleId")) for item in rows}) != len(rows):
            raise SourceChanged(f"an item of the collection {self._id}")  # which moved it to another page
        return rows

    def _clean_page(self, answer: JsonObject) -> JsonObject:
        return {"items": [self._clean(item) for item in answer["items"]], "pagination": answer["pagination"]}

    def _clean(self, item: JsonObject) -> JsonObject:
        data = item["fieldData"]
        if not self._as_is:
            nothing: JsonObject = {}
            data = {
                slug: replace_value(value, self._fields.get(slug, {**nothing, "slug": slug}), item["id"])
                for slug, value in data.items()
            }
        return {**pick(item, _KEYS), "fieldData": data}


def _pick_dates(answer: JsonObject) -> JsonObject:
    """Of a page no more than when its items were changed: what is kept has no content."""
    return {"items": [pick(item, ("lastUpdated",)) for item in answer["items"]], "pagination": answer["pagination"]}
