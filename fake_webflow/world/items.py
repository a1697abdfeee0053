"""Items: one copy, staged or live, of one item in one CMS locale, kept as the JSON it is answered with."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from operator import attrgetter
from typing import Any, NamedTuple, TypeVar, cast

import orjson

from .instants import timestamp
from .ordered import Ordered

_Computed = TypeVar("_Computed")


class Item(NamedTuple):
    """One copy of an item, with what listings and laws ask for beside its JSON.

    Args:
        id: 24 hexadecimal digits, shared by the copies in all locales.
        cms_locale_id: The CMS locale of this copy.
        created_on: Instant.
        last_updated: Instant.
        last_published: Instant; None while never published, and again after unpublishing.
        is_archived: Archived items leave the live site with the next site publish.
        is_draft: Drafts stay out of a site publish.
        slug: As in the field data.
        json: The whole item as it is answered.
    """

    id: str
    cms_locale_id: str
    created_on: int
    last_updated: int
    last_published: int | None
    is_archived: bool
    is_draft: bool
    slug: str
    json: bytes

    @property
    def key(self) -> tuple[str, str]:
        """What tells this item from others of its kind: id and CMS locale."""
        return self.id, self.cms_locale_id

    @property
    def field_data(self) -> dict[str, Any]:
        """A fresh copy of the field data."""
        data: dict[str, Any] = orjson.loads(self.raw_field_data)
        return data

    @property
    def raw_field_data(self) -> bytes:
        """The field data as it stands in the JSON."""
        return self.json[self.json.index(_FIELD_DATA) + len(_FIELD_DATA) : -1]


def make_item(
    item_id: str,
    cms_locale_id: str,
    *,
    created_on: int,
    last_updated: int,
    last_published: int | None,
    is_archived: bool,
    is_draft: bool,
    field_data: Mapping[str, Any],
) -> Item:
    """The item with its JSON rendered."""
    head = (item_id, cms_locale_id, created_on, last_updated, last_published, is_archived, is_draft)
    return Item(*head, field_data["slug"], _render_json(head, field_data))


def replace_parts(item: Item, field_data: Mapping[str, Any] | None = None, **changes: Any) -> Item:
    """The item with some of its parts changed and its JSON rendered anew; field data that stays is not parsed.

    Args:
        item: As it was.
        field_data: All of it, where it changes; its slug becomes the item's.
        changes: Other parts, by their names in ``Item``, but slug and JSON, which follow from the field data.
    """
    head = item._replace(**changes)[:7]
    if field_data is not None:
        return Item(*head, field_data["slug"], _render_json(head, field_data))
    return Item(*head, item.slug, _render_json(head, orjson.Fragment(item.raw_field_data)))


def write_to(
    item: Item, written: Mapping[str, Any], *, instant: int, is_archived: bool, is_draft: bool, is_published: bool
) -> tuple[Item, dict[str, Any]]:
    """The item after a write of some of its field data at that instant, and all of the field data.

    Where it is published at once, the instant is its ``lastPublished`` too.
    """
    # What stays need not be rendered anew, which takes longer than parsing it.
    parts = orjson.loads(item.json)
    parts["lastUpdated"] = written_on = timestamp(instant)
    if is_published:
        parts["lastPublished"] = written_on
    parts["isArchived"], parts["isDraft"] = is_archived, is_draft
    field_data: dict[str, Any] = parts["fieldData"]
    field_data.update(written)
    published_on = instant if is_published else item.last_published
    head = (item.id, item.cms_locale_id, item.created_on, instant, published_on, is_archived, is_draft)
    return Item(*head, field_data["slug"], _dump(parts)), field_data


# What an item begins with: all of it but its slug and its JSON.
_Head = tuple[str, str, int, int, int | None, bool, bool]
# No part before the field data can hold these bytes: ids, instants and flags.
_FIELD_DATA = b'"fieldData":'


def _render_json(head: _Head, field_data: Mapping[str, Any] | orjson.Fragment) -> bytes:
    """Keys in the recorded order, compact, UTF-8 (clause ``items.object.keys``)."""
    item_id, cms_locale_id, created_on, last_updated, last_published, is_archived, is_draft = head
    return _dump(
        {
            "id": item_id,
            "cmsLocaleId": cms_locale_id,
            "lastPublished": None if last_published is None else timestamp(last_published),
            "lastUpdated": timestamp(last_updated),
            "createdOn": timestamp(created_on),
            "isArchived": is_archived,
            "isDraft": is_draft,
            "fieldData": field_data,
        }
    )


def _dump(parts: Mapping[str, Any]) -> bytes:
    # What orjson returns keeps about 4 KB allocated behind an item of 0.7 KB; a copy keeps what it holds.
    return bytes(memoryview(orjson.dumps(parts)))


class LocaleCopies(NamedTuple):
    """All staged, or all live, items of a collection in one CMS locale, by id, by age and by slug."""

    by_id: Ordered[Item] = Ordered(attrgetter("id"))
    by_age: Ordered[Item] = Ordered(attrgetter("created_on", "id"))
    by_slug: Ordered[Item] = Ordered(attrgetter("slug"))

    def put(self, items: Collection[Item]) -> LocaleCopies:
        """With these items, each in place of the one with its id, and at most one of each id."""
        by_id, before = self.by_id.exchange(items)
        given_up = {item.slug for item in before}.difference(item.slug for item in items)
        return LocaleCopies(by_id, self.by_age.put(items), self.by_slug.remove(given_up).put(items))

    def remove(self, ids: Iterable[str]) -> LocaleCopies:
        """Without the items of these ids."""
        gone = [item for item in map(self.by_id.get, ids) if item is not None]
        return LocaleCopies(
            self.by_id.remove(item.id for item in gone),
            self.by_age.remove((item.created_on, item.id) for item in gone),
            self.by_slug.remove(item.slug for item in gone),
        )


class Copies:
    """All staged, or all live, items of a collection."""

    __slots__ = ("_locales", "_recalled")

    def __init__(self, locales: Mapping[str, LocaleCopies] | None = None) -> None:
        self._locales = locales or {}
        self._recalled: tuple[object, Any] = (None, None)

    def recall(self, key: object, compute: Callable[[], _Computed]) -> _Computed:
        """What is computed from these items, the same as last time if it was asked for by the same key.

        It goes with the items: a write makes other copies, which recall nothing yet.
        """
        known, value = self._recalled
        if known != key:
            value = compute()
            self._recalled = key, value
        return cast(_Computed, value)

    def get(self, item_id: str, cms_locale_id: str) -> Item | None:
        """The item in that locale, or None."""
        found = self._locales.get(cms_locale_id)
        return found.by_id.get(item_id) if found is not None else None

    def variants(self, item_id: str) -> list[Item]:
        """The item in every locale it has a variant in."""
        found = (copies.by_id.get(item_id) for copies in self._locales.values())
        return [item for item in found if item is not None]

    def in_locale(self, cms_locale_id: str) -> LocaleCopies:
        """The items of one locale."""
        return self._locales.get(cms_locale_id) or LocaleCopies()

    def find_by_slug(self, slug: str, cms_locale_ids: Iterable[str] | None = None) -> list[Item]:
        """The items that have the slug, in some locales or in all."""
        names = self._locales if cms_locale_ids is None else cms_locale_ids
        found = (self.in_locale(name).by_slug.get(slug) for name in names)
        return [item for item in found if item is not None]

    def put(self, items: Iterable[Item]) -> Copies:
        """With these items, each in place of the one with its id and locale."""
        groups: dict[str, dict[str, Item]] = defaultdict(dict)
        for item in items:
            groups[item.cms_locale_id][item.id] = item
        changed = {name: self.in_locale(name).put(group.values()) for name, group in groups.items()}
        return Copies({**self._locales, **changed})

    def remove(self, keys: Iterable[tuple[str, str]]) -> Copies:
        """Without the items of these ids and locales."""
        groups: dict[str, list[str]] = defaultdict(list)
        for item_id, name in keys:
            groups[name].append(item_id)
        changed = {name: self.in_locale(name).remove(ids) for name, ids in groups.items()}
        return Copies({**self._locales, **changed})

    def tell_apart(self, other: Copies) -> tuple[list[Item], list[Item]]:
        """The items that only this has, and those that only the other has, as ``Ordered.tell_apart`` tells them."""
        ours: list[Item] = []
        theirs: list[Item] = []
        for name in {**self._locales, **other._locales}:
            found, others = self.in_locale(name), other.in_locale(name)
            if found is not others:
                only_ours, only_theirs = found.by_id.tell_apart(others.by_id)
                ours += only_ours
                theirs += only_theirs
        return ours, theirs

    def __iter__(self) -> Iterator[Item]:
        return (item for name in sorted(self._locales) for item in self._locales[name].by_id)

    def __len__(self) -> int:
        return sum(len(copies.by_id) for copies in self._locales.values())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Copies) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]
