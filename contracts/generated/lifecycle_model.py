"""The life of items as a state machine: a plain model of what the documentation says, driven beside the real thing.

It knows the thin client and nothing of the fake, so that the same machine can be run against any server. After every
step the staged list, the live list, totals, flags and the order of all dates have to be what the model says. Open
choices are made as the built-in profile makes them (``MODELLED_CHOICES``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, NamedTuple

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from fake_webflow.client import ApiError, BadRequest, Conflict, Items, LiveItems, NotFound, WebflowClient

from ..kit.clauses import ClauseDiffers

VariantKey = tuple[str, str]
UNKNOWN_ITEM_ID = "99" * 12
NOTE_DATA = st.dictionaries(st.sampled_from(["note", "other"]), st.sampled_from(["", "x", "y"]) | st.none(), max_size=2)
OPTIONAL_FLAG = st.none() | st.booleans()
SLUGS = st.sampled_from(["alpha", "beta", "gamma", "delta"])
INDICES = st.integers(0, 30)
LOCALE_NUMBERS = st.lists(st.integers(0, 2), min_size=1, max_size=3, unique=True)
MODELLED_CHOICES = (
    "items.bulk-response.form",
    "items.create-bulk.duplicate-slug",
    "items.create.duplicate-slug",
    "items.create.is-draft",
    "items.live.nulls",
    "items.publish.archived",
    "items.publish.clears-draft",
    "items.slug.held-after-delete",
    "items.slug.scope",
    "items.unpublish.last-published",
    "items.unset-fields",
    "items.update-live.staged-changes",
    "items.update.null",
    "items.update.own-slug",
)
"""The open choices that the model makes in the built-in way."""


class LifecycleSetup(NamedTuple):
    """Where the machine runs.

    Args:
        client: For everything.
        site_id: A published site.
        collection_id: An empty collection of it, with the text fields ``note`` and ``other`` beside name and slug.
        locales: Its CMS locales, the primary one first; at least one.
        ticks: Whether no two writes happen in the same millisecond.
        settle: Waits until what a site publish began is done.
    """

    client: WebflowClient
    site_id: str
    collection_id: str
    locales: Sequence[str]
    ticks: bool = True
    settle: Callable[[], None] = lambda: None


@dataclass
class ItemCopy:
    """One copy of an item in one locale; dates are the numbers of the steps that set them."""

    created: int
    updated: int
    published: int | None
    draft: bool
    archived: bool
    data: dict[str, Any]


@dataclass
class ItemModel:
    """What the server ought to hold."""

    staged: dict[VariantKey, ItemCopy] = field(default_factory=dict)
    live: dict[VariantKey, ItemCopy] = field(default_factory=dict)
    held_slugs: set[str] = field(default_factory=set)
    site_published: int = 0
    tick: int = 0

    def next_tick(self) -> int:
        self.tick += 1
        return self.tick

    def is_taken(self, slug: str, item_id: str) -> bool:
        holders = {
            key[0] for side in (self.staged, self.live) for key, copy in side.items() if copy.data["slug"] == slug
        }
        return bool(holders - {item_id}) or (slug in self.held_slugs and item_id not in holders)

    def edit_copy(
        self, key: VariantKey, data: Mapping[str, Any], draft: bool | None, archived: bool | None
    ) -> ItemCopy:
        old = self.staged[key]
        flags = (old.draft if draft is None else draft, old.archived if archived is None else archived)
        return ItemCopy(old.created, self.next_tick(), old.published, *flags, {**old.data, **data})

    def is_due(self, key: VariantKey) -> bool:
        """Whether a site publish takes it."""
        copy, live_copy = self.staged[key], self.live.get(key)
        if copy.draft or copy.archived:
            return False
        if live_copy is None or copy.created > self.site_published or copy.published is None:
            return True
        return copy.updated > copy.published or live_copy.data != project_live_data(copy.data)

    def take_live(self, key: VariantKey) -> None:
        """Takes the staged copy live as it is."""
        copy = self.staged[key]
        self.live[key] = ItemCopy(**{**vars(copy), "data": project_live_data(copy.data)})


def project_live_data(data: Mapping[str, Any]) -> dict[str, Any]:
    """What of a staged item's data the live item shows."""
    return {slug: value for slug, value in data.items() if value is not None}


def try_call(call: Callable[[], Any]) -> Any:
    """The answer, or the kind of refusal."""
    try:
        return call()
    except ApiError as error:
        return type(error)


def expect_equal(clause_id: str, expected: object, observed: object) -> None:
    """Checks that two values are the same.

    Raises:
        ClauseDiffers: They are not, so the clause does not hold.
    """
    if expected != observed:
        raise ClauseDiffers(clause_id, _describe_value(expected), _describe_value(observed))


def expect_done(clause_id: str, result: Any) -> Any:
    """The answer to a call that has to be done.

    Raises:
        ClauseDiffers: It was refused.
    """
    if isinstance(result, type):
        raise ClauseDiffers(clause_id, "an answer", result.__name__)
    return result


def _describe_value(value: object) -> str:
    return value.__name__ if isinstance(value, type) else repr(value)[:300]


class LifecycleMachine(RuleBasedStateMachine):
    """Subclass it with a ``place`` method; see the module."""

    def place(self) -> LifecycleSetup:
        """A fresh place for one run."""
        raise NotImplementedError

    @initialize()
    def start(self) -> None:
        self.client, self.site_id, self.collection_id, self.locales, self.ticks, self.settle = self.place()
        self.model = ItemModel()
        self.names = 0
        self.create_in_bulk(count=3, where=[0, 1], draft=False, slug=None)
        self.publish(places=[0, 2], where=[0, 1], missing=False)

    # What the rules need

    def pick_key(self, place: int) -> VariantKey:
        """Some variant; of nobody while there is none."""
        keys = sorted(self.model.staged)
        return keys[place % len(keys)] if keys else (UNKNOWN_ITEM_ID, self.locales[0])

    def id(self, place: int) -> str:
        return self.pick_key(place)[0]

    def named(self, places: Iterable[int]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self.locale_id(place) for place in places))

    def locale_id(self, number: int) -> str:
        return self.locales[number % len(self.locales)]

    def new_data(self, notes: Mapping[str, Any], reused: bool) -> dict[str, Any]:
        self.names += not reused
        return {"name": f"Item {max(self.names, 1)}", **notes}

    def add_variants(
        self, created: Sequence[Mapping[str, Any]], data: Mapping[str, Any], draft: bool, live: bool = False
    ) -> None:
        """Takes freshly made variants into the model, once their slug is found to be right."""
        tick = self.model.next_tick()
        base = data.get("slug") or data["name"].lower().replace(" ", "-")
        for item in created:
            slug = item["fieldData"]["slug"]
            expect_equal("items.slug.unique", False, self.model.is_taken(slug, item["id"]))
            if slug != base:
                expect_equal("items.slug.suffix", True, re.fullmatch(rf"{base}-[0-9a-f]{{5}}", slug) is not None)
                expect_equal("items.slug.generated", True, self.model.is_taken(base, item["id"]))
        for item in created:
            kept = {**data, "slug": item["fieldData"]["slug"]}
            key = item["id"], item["cmsLocaleId"]
            expect_equal("items.create.variants", False, key in self.model.staged)
            self.model.staged[key] = ItemCopy(tick, tick, tick if live else None, draft, False, kept)
            if live:
                self.model.take_live(key)

    # Rules

    @rule(
        notes=NOTE_DATA,
        draft=OPTIONAL_FLAG,
        where=st.integers(0, 2),
        reused=st.booleans(),
        slug=st.none() | SLUGS,
        live=st.booleans(),
    )
    def create(self, notes: Any, draft: bool | None, where: int, reused: bool, slug: str | None, live: bool) -> None:
        data = self.new_data(notes, reused) | ({} if slug is None else {"slug": slug})
        sent = {"fieldData": data, "cmsLocaleId": self.locale_id(where)} | ({} if draft is None else {"isDraft": draft})
        group = self.client.live_items if live else self.client.items
        item = expect_done("items.create.answer", try_call(lambda: group.create(self.collection_id, sent)))
        self.add_variants([item], data, (not live) if draft is None else draft, live)

    @rule(count=st.integers(1, 3), where=LOCALE_NUMBERS, draft=OPTIONAL_FLAG, slug=st.none() | SLUGS)
    def create_in_bulk(self, count: int, where: list[int], draft: bool | None, slug: str | None) -> None:
        rows = [self.new_data({}, reused=False) for _ in range(count)]
        if slug is not None:
            rows[-1]["slug"] = slug
        sent = {"fieldData": rows, "cmsLocaleIds": self.named(where)} | ({} if draft is None else {"isDraft": draft})
        result = try_call(lambda: self.client.items.create_bulk(self.collection_id, sent))
        if slug is not None and self.model.is_taken(slug, UNKNOWN_ITEM_ID):
            expect_equal("items.create-bulk.duplicate-slug", BadRequest, result)
            return
        items, locale_ids = expect_done("items.create.variants", result)["items"], self.named(where)
        expect_equal("items.create.variants", count * len(locale_ids), len(items))
        for number, row in enumerate(rows):
            variants = items[number * len(locale_ids) : (number + 1) * len(locale_ids)]
            expect_equal("items.create.variants", list(locale_ids), [item["cmsLocaleId"] for item in variants])
            expect_equal("items.create.variants", 1, len({item["id"] for item in variants}))
            self.add_variants(variants, row, draft is not False)

    @rule(place=INDICES, where=LOCALE_NUMBERS, notes=NOTE_DATA)
    def insert_variants(self, place: int, where: list[int], notes: Any) -> None:
        item_id, data = self.id(place), self.new_data(notes, reused=False)
        sent = {"id": item_id, "cmsLocaleIds": self.named(where), "fieldData": data}
        result = try_call(lambda: self.client.items.insert(self.collection_id, [sent]))
        siblings = {copy.data["slug"] for key, copy in self.model.staged.items() if key[0] == item_id}
        if not siblings:
            expect_equal("items.not-found", NotFound, result)
        elif any((item_id, name) in self.model.staged for name in self.named(where)):
            expect_equal("items.insert.variant-exists", Conflict, result)
        else:
            tick = self.model.next_tick()
            for item in expect_done("items.insert.variants", result)["items"]:
                expect_equal("items.insert.variants", True, item["fieldData"]["slug"] in siblings)
                kept = {**data, "slug": item["fieldData"]["slug"]}
                self.model.staged[item["id"], item["cmsLocaleId"]] = ItemCopy(tick, tick, None, True, False, kept)

    @rule(
        place=INDICES,
        notes=NOTE_DATA,
        draft=OPTIONAL_FLAG,
        archived=OPTIONAL_FLAG,
        slug=st.none() | SLUGS,
        live=st.booleans(),
    )
    def edit(
        self, place: int, notes: Any, draft: bool | None, archived: bool | None, slug: str | None, live: bool
    ) -> None:
        key = self.pick_key(place)
        data = dict(notes) | ({} if slug is None else {"slug": slug})
        flags = {"isDraft": draft, "isArchived": archived}
        sent = {
            "fieldData": data,
            "cmsLocaleId": key[1],
            **{name: flag for name, flag in flags.items() if flag is not None},
        }
        group = self.client.live_items if live else self.client.items
        result = try_call(lambda: group.update(self.collection_id, key[0], sent))
        if key not in self.model.staged:
            expect_equal("items.not-found", NotFound, result)
        elif live and key not in self.model.live:
            expect_equal("items.update-live.never-published", Conflict, result)
        elif slug not in (None, self.model.staged[key].data["slug"]) and self.model.is_taken(str(slug), key[0]):
            expect_equal("items.slug.unique", BadRequest, result)
        else:
            expect_done("items.update.merges", result)
            self.apply_edit(key, data, draft, archived, live)

    @rule(place=INDICES, live=st.booleans(), back=st.booleans())
    def archive(self, place: int, live: bool, back: bool) -> None:
        self.edit(place=place, notes={}, draft=None, archived=True, slug=None, live=live)
        self.publish(places=[place], where=[list(self.locales).index(self.pick_key(place)[1])], missing=False)
        if back:
            self.edit(place=place, notes={}, draft=None, archived=False, slug=None, live=False)

    def apply_edit(self, key: VariantKey, data: Any, draft: bool | None, archived: bool | None, live: bool) -> None:
        changed = self.model.edit_copy(key, data, draft, archived)
        self.model.staged[key] = changed
        if live:
            changed.published = changed.updated
            shown = project_live_data({**self.model.live[key].data, **data})
            self.model.live[key] = ItemCopy(**{**vars(changed), "data": shown})

    @rule(places=st.lists(INDICES, min_size=1, max_size=4), missing=st.booleans(), notes=NOTE_DATA, live=st.booleans())
    def edit_in_bulk(self, places: list[int], missing: bool, notes: Any, live: bool) -> None:
        keys = [self.pick_key(place) for place in places] + [(UNKNOWN_ITEM_ID, self.locales[0])] * missing
        sent = [{"id": item_id, "cmsLocaleId": name, "fieldData": notes} for item_id, name in keys]
        group = self.client.live_items if live else self.client.items
        result = try_call(lambda: group.update_bulk(self.collection_id, sent))
        if any(key not in self.model.staged for key in keys):
            expect_equal("items.not-found", NotFound, result)
        elif live and any(key not in self.model.live for key in keys):
            expect_equal("items.update-live.never-published", Conflict, result)
        else:
            items = expect_done("items.update-bulk.order", result)["items"]
            expect_equal("items.update-bulk.order", keys, [(item["id"], item["cmsLocaleId"]) for item in items])
            for key in keys:
                self.apply_edit(key, notes, None, None, live)

    @rule(places=st.lists(INDICES, min_size=1, max_size=3), where=st.none() | LOCALE_NUMBERS, missing=st.booleans())
    def publish(self, places: list[int], where: list[int] | None, missing: bool) -> None:
        ids = list(dict.fromkeys([self.id(place) for place in places] + [UNKNOWN_ITEM_ID] * missing))
        names = self.named(where or [0])
        selection = ids if where is None else [{"id": item_id, "cmsLocaleIds": names} for item_id in ids]
        result = try_call(lambda: self.client.items.publish(self.collection_id, selection))
        answer = expect_done("publishing.items.answer", result)
        good = []
        for item_id in ids:
            copies = [self.model.staged.get((item_id, name)) for name in names]
            if all(copy is not None and not copy.archived for copy in copies):
                good.append(item_id)
        expect_equal("publishing.items.partial", good, answer["publishedItemIds"])
        expect_equal("publishing.items.partial", len(ids) - len(good), len(answer["errors"]))
        tick = self.model.next_tick()
        for key in [(item_id, name) for item_id in good for name in names]:
            copy = self.model.staged[key]
            copy.updated = copy.published = tick
            copy.draft = False
            self.model.take_live(key)

    @rule(places=st.lists(INDICES, min_size=1, max_size=3), bulk=st.booleans(), mostly_live=st.booleans())
    def unpublish(self, places: list[int], bulk: bool, mostly_live: bool) -> None:
        keys = self.pick_keys(places if bulk else places[:1], mostly_live)
        result = self.remove_variants(self.client.live_items, keys, bulk)
        if not set(keys) <= self.model.live.keys():
            expect_equal("items.not-live", NotFound, result)
            return
        expect_equal("items.unpublish.staged", None, result)
        tick = self.model.next_tick()
        for key in keys:
            del self.model.live[key]
            copy = self.model.staged[key]
            copy.updated, copy.published, copy.draft = tick, None, True

    @rule(places=st.lists(INDICES, min_size=1, max_size=2), bulk=st.booleans())
    def delete(self, places: list[int], bulk: bool) -> None:
        keys = self.pick_keys(places if bulk else places[:1], mostly_live=False)
        result = self.remove_variants(self.client.items, keys, bulk)
        if not set(keys) <= self.model.staged.keys():
            expect_equal("items.not-found", NotFound, result)
            return
        expect_equal("items.delete.answer", None, result)
        for key in keys:
            del self.model.staged[key]
            gone = self.model.live.pop(key, None)
            if gone is not None:
                self.model.held_slugs.add(gone.data["slug"])

    def pick_keys(self, places: list[int], mostly_live: bool) -> list[VariantKey]:
        live = sorted(self.model.live)
        chosen = [live[place % len(live)] if live and mostly_live else self.pick_key(place) for place in places]
        return list(dict.fromkeys(chosen))

    def remove_variants(self, group: Items | LiveItems, keys: list[VariantKey], bulk: bool) -> Any:
        """Deletes or unpublishes these variants."""
        if bulk:
            names: dict[str, list[str]] = {}
            for item_id, name in keys:
                names.setdefault(item_id, []).append(name)
            selection = [{"id": item_id, "cmsLocaleIds": several} for item_id, several in names.items()]
            return try_call(lambda: group.delete_bulk(self.collection_id, selection))
        ((item_id, name),) = keys
        return try_call(lambda: group.delete(self.collection_id, item_id, cms_locale_id=name))

    @precondition(lambda self: self.model.staged)
    @rule()
    def publish_site(self) -> None:
        self.client.sites.publish(self.site_id, publish_to_webflow_subdomain=True)
        self.settle()
        due = [key for key in self.model.staged if self.model.is_due(key)]
        tick = self.model.next_tick()
        for key in [key for key in self.model.live if self.model.staged[key].archived]:
            del self.model.live[key]
        for key in due:
            self.model.staged[key].published = tick
            self.model.take_live(key)
        self.model.site_published = tick
        self.model.held_slugs.clear()

    @precondition(lambda self: self.model.staged)
    @rule(place=INDICES)
    def read(self, place: int) -> None:
        item_id, name = key = self.pick_key(place)
        staged_result = try_call(lambda: self.client.items.get(self.collection_id, item_id, cms_locale_id=name))
        staged_item = expect_done("items.list.all-states", staged_result)
        expect_equal("items.update.merges", self.model.staged[key].data, staged_item["fieldData"])
        live_result = try_call(lambda: self.client.live_items.get(self.collection_id, item_id, cms_locale_id=name))
        if key not in self.model.live:
            expect_equal("items.not-live", NotFound, live_result)
        else:
            data = expect_done("items.live.list", live_result)["fieldData"]
            expect_equal("items.update.leaves-live", self.model.live[key].data, data)

    # What must hold after every step

    @invariant()
    def lists_and_dates_agree(self) -> None:
        dates: set[tuple[int, str]] = set()
        for clause_id, group, copies in (
            ("items.list.all-states", self.client.items, self.model.staged),
            ("items.live.list", self.client.live_items, self.model.live),
        ):
            together = list(group.iterate(self.collection_id, cms_locale_id=self.locales))
            self.check_list(clause_id, together, copies, dates)
            page = group.list(self.collection_id, limit=3)
            primary = {key: copy for key, copy in copies.items() if key[1] == self.locales[0]}
            expect_equal("lists.pagination", {"limit": 3, "offset": 0, "total": len(primary)}, page["pagination"])
            self.check_order(page["items"], primary, 3)
        for (tick, date), (later, later_date) in pairwise(sorted(dates)):
            in_order = date < later_date if self.ticks else date <= later_date
            expect_equal("items.update.timestamps", True, tick < later and in_order)

    def check_order(
        self, items: list[dict[str, Any]], copies: Mapping[VariantKey, ItemCopy], limit: int | None = None
    ) -> None:
        """Newest first. What was created in the same millisecond may come in any order where there is such a thing."""
        if self.ticks:
            expected = [item_id for item_id, _ in sort_newest_first(copies)[:limit]]
            expect_equal("items.list.newest-first", expected, [item["id"] for item in items])
        else:
            created = [item["createdOn"] for item in items]
            expect_equal("items.list.newest-first", sorted(created, reverse=True), created)

    def check_list(
        self,
        clause_id: str,
        items: list[dict[str, Any]],
        copies: Mapping[VariantKey, ItemCopy],
        dates: set[tuple[int, str]],
    ) -> None:
        expect_equal(clause_id, sorted(copies), sorted((item["id"], item["cmsLocaleId"]) for item in items))
        self.check_order(items, copies)
        for item in items:
            copy = copies[item["id"], item["cmsLocaleId"]]
            expect_equal("items.update.leaves-live" if clause_id == "items.live.list" else "items.update.merges",
                  copy.data, item["fieldData"])  # fmt: skip
            expect_equal("items.update.merges", (copy.draft, copy.archived), (item["isDraft"], item["isArchived"]))
            expect_equal("items.object.timestamps", copy.published is None, item["lastPublished"] is None)
            dates |= {(copy.created, item["createdOn"]), (copy.updated, item["lastUpdated"])}
            if copy.published is not None:
                dates.add((copy.published, item["lastPublished"]))


def sort_newest_first(copies: Mapping[VariantKey, ItemCopy]) -> list[VariantKey]:
    return sorted(copies, key=lambda key: (copies[key].created, key[0]), reverse=True)
