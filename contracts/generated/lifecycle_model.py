"""The life of items as a state machine: a plain model of what the documentation says, driven beside the real thing.

It knows the thin client and nothing of the fake, so that the same machine can be run against any server. After every
step the staged list, the live list, totals, flags and the order of all dates have to be what the model says. Open
choices are made as the built-in profile makes them (``CHOICES``).
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

Key = tuple[str, str]
NOBODY = "99" * 12
NOTES = st.dictionaries(st.sampled_from(["note", "other"]), st.sampled_from(["", "x", "y"]) | st.none(), max_size=2)
FLAG = st.none() | st.booleans()
SLUGS = st.sampled_from(["alpha", "beta", "gamma", "delta"])
PLACES = st.integers(0, 30)
WHERE = st.lists(st.integers(0, 2), min_size=1, max_size=3, unique=True)
CHOICES = (
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


class Place(NamedTuple):
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
class Copy:
    """One copy of an item in one locale; dates are the numbers of the steps that set them."""

    created: int
    updated: int
    published: int | None
    draft: bool
    archived: bool
    data: dict[str, Any]


@dataclass
class Model:
    """What the server ought to hold."""

    staged: dict[Key, Copy] = field(default_factory=dict)
    live: dict[Key, Copy] = field(default_factory=dict)
    held: set[str] = field(default_factory=set)
    site_published: int = 0
    tick: int = 0

    def now(self) -> int:
        self.tick += 1
        return self.tick

    def is_taken(self, slug: str, item_id: str) -> bool:
        holders = {
            key[0] for side in (self.staged, self.live) for key, copy in side.items() if copy.data["slug"] == slug
        }
        return bool(holders - {item_id}) or (slug in self.held and item_id not in holders)

    def edited(self, key: Key, data: Mapping[str, Any], draft: bool | None, archived: bool | None) -> Copy:
        old = self.staged[key]
        flags = (old.draft if draft is None else draft, old.archived if archived is None else archived)
        return Copy(old.created, self.now(), old.published, *flags, {**old.data, **data})

    def is_due(self, key: Key) -> bool:
        """Whether a site publish takes it."""
        copy, shown = self.staged[key], self.live.get(key)
        if copy.draft or copy.archived:
            return False
        if shown is None or copy.created > self.site_published or copy.published is None:
            return True
        return copy.updated > copy.published or shown.data != projection(copy.data)

    def show(self, key: Key) -> None:
        """Takes the staged copy live as it is."""
        copy = self.staged[key]
        self.live[key] = Copy(**{**vars(copy), "data": projection(copy.data)})


def projection(data: Mapping[str, Any]) -> dict[str, Any]:
    """What of a staged item's data the live item shows."""
    return {slug: value for slug, value in data.items() if value is not None}


def outcome(call: Callable[[], Any]) -> Any:
    """The answer, or the kind of refusal."""
    try:
        return call()
    except ApiError as error:
        return type(error)


def agree(clause_id: str, expected: object, seen: object) -> None:
    """Sees to it that two values are the same.

    Raises:
        ClauseDiffers: They are not, so the clause does not hold.
    """
    if expected != seen:
        raise ClauseDiffers(clause_id, _told(expected), _told(seen))


def done(clause_id: str, answered: Any) -> Any:
    """The answer to a call that has to be done.

    Raises:
        ClauseDiffers: It was refused.
    """
    if isinstance(answered, type):
        raise ClauseDiffers(clause_id, "an answer", answered.__name__)
    return answered


def _told(value: object) -> str:
    return value.__name__ if isinstance(value, type) else repr(value)[:300]


class LifecycleMachine(RuleBasedStateMachine):
    """Subclass it with a ``place`` method; see the module."""

    def place(self) -> Place:
        """A fresh place for one run."""
        raise NotImplementedError

    @initialize()
    def start(self) -> None:
        self.client, self.site_id, self.collection_id, self.locales, self.ticks, self.settle = self.place()
        self.model = Model()
        self.names = 0
        self.create_in_bulk(count=3, where=[0, 1], draft=False, slug=None)
        self.publish(places=[0, 2], where=[0, 1], missing=False)

    # What the rules need

    def key(self, place: int) -> Key:
        """Some variant; of nobody while there is none."""
        keys = sorted(self.model.staged)
        return keys[place % len(keys)] if keys else (NOBODY, self.locales[0])

    def id(self, place: int) -> str:
        return self.key(place)[0]

    def named(self, places: Iterable[int]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self.locale(place) for place in places))

    def locale(self, number: int) -> str:
        return self.locales[number % len(self.locales)]

    def fresh_data(self, notes: Mapping[str, Any], reused: bool) -> dict[str, Any]:
        self.names += not reused
        return {"name": f"Item {max(self.names, 1)}", **notes}

    def learn(
        self, answered: Sequence[Mapping[str, Any]], data: Mapping[str, Any], draft: bool, live: bool = False
    ) -> None:
        """Takes freshly made variants into the model, once their slug is found to be right."""
        tick = self.model.now()
        base = data.get("slug") or data["name"].lower().replace(" ", "-")
        for item in answered:
            slug = item["fieldData"]["slug"]
            agree("items.slug.unique", False, self.model.is_taken(slug, item["id"]))
            if slug != base:
                agree("items.slug.suffix", True, re.fullmatch(rf"{base}-[0-9a-f]{{5}}", slug) is not None)
                agree("items.slug.generated", True, self.model.is_taken(base, item["id"]))
        for item in answered:
            kept = {**data, "slug": item["fieldData"]["slug"]}
            key = item["id"], item["cmsLocaleId"]
            agree("items.create.variants", False, key in self.model.staged)
            self.model.staged[key] = Copy(tick, tick, tick if live else None, draft, False, kept)
            if live:
                self.model.show(key)

    # Rules

    @rule(
        notes=NOTES,
        draft=FLAG,
        where=st.integers(0, 2),
        reused=st.booleans(),
        slug=st.none() | SLUGS,
        live=st.booleans(),
    )
    def create(self, notes: Any, draft: bool | None, where: int, reused: bool, slug: str | None, live: bool) -> None:
        data = self.fresh_data(notes, reused) | ({} if slug is None else {"slug": slug})
        sent = {"fieldData": data, "cmsLocaleId": self.locale(where)} | ({} if draft is None else {"isDraft": draft})
        group = self.client.live_items if live else self.client.items
        item = done("items.create.answer", outcome(lambda: group.create(self.collection_id, sent)))
        self.learn([item], data, (not live) if draft is None else draft, live)

    @rule(count=st.integers(1, 3), where=WHERE, draft=FLAG, slug=st.none() | SLUGS)
    def create_in_bulk(self, count: int, where: list[int], draft: bool | None, slug: str | None) -> None:
        rows = [self.fresh_data({}, reused=False) for _ in range(count)]
        if slug is not None:
            rows[-1]["slug"] = slug
        sent = {"fieldData": rows, "cmsLocaleIds": self.named(where)} | ({} if draft is None else {"isDraft": draft})
        answered = outcome(lambda: self.client.items.create_bulk(self.collection_id, sent))
        if slug is not None and self.model.is_taken(slug, NOBODY):
            agree("items.create-bulk.duplicate-slug", BadRequest, answered)
            return
        items, named = done("items.create.variants", answered)["items"], self.named(where)
        agree("items.create.variants", count * len(named), len(items))
        for number, row in enumerate(rows):
            variants = items[number * len(named) : (number + 1) * len(named)]
            agree("items.create.variants", list(named), [item["cmsLocaleId"] for item in variants])
            agree("items.create.variants", 1, len({item["id"] for item in variants}))
            self.learn(variants, row, draft is not False)

    @rule(place=PLACES, where=WHERE, notes=NOTES)
    def insert_variants(self, place: int, where: list[int], notes: Any) -> None:
        item_id, data = self.id(place), self.fresh_data(notes, reused=False)
        sent = {"id": item_id, "cmsLocaleIds": self.named(where), "fieldData": data}
        answered = outcome(lambda: self.client.items.insert(self.collection_id, [sent]))
        siblings = {copy.data["slug"] for key, copy in self.model.staged.items() if key[0] == item_id}
        if not siblings:
            agree("items.not-found", NotFound, answered)
        elif any((item_id, name) in self.model.staged for name in self.named(where)):
            agree("items.insert.variant-exists", Conflict, answered)
        else:
            tick = self.model.now()
            for item in done("items.insert.variants", answered)["items"]:
                agree("items.insert.variants", True, item["fieldData"]["slug"] in siblings)
                kept = {**data, "slug": item["fieldData"]["slug"]}
                self.model.staged[item["id"], item["cmsLocaleId"]] = Copy(tick, tick, None, True, False, kept)

    @rule(place=PLACES, notes=NOTES, draft=FLAG, archived=FLAG, slug=st.none() | SLUGS, live=st.booleans())
    def edit(
        self, place: int, notes: Any, draft: bool | None, archived: bool | None, slug: str | None, live: bool
    ) -> None:
        key = self.key(place)
        data = dict(notes) | ({} if slug is None else {"slug": slug})
        flags = {"isDraft": draft, "isArchived": archived}
        sent = {
            "fieldData": data,
            "cmsLocaleId": key[1],
            **{name: flag for name, flag in flags.items() if flag is not None},
        }
        group = self.client.live_items if live else self.client.items
        answered = outcome(lambda: group.update(self.collection_id, key[0], sent))
        if key not in self.model.staged:
            agree("items.not-found", NotFound, answered)
        elif live and key not in self.model.live:
            agree("items.update-live.never-published", Conflict, answered)
        elif slug not in (None, self.model.staged[key].data["slug"]) and self.model.is_taken(str(slug), key[0]):
            agree("items.slug.unique", BadRequest, answered)
        else:
            done("items.update.merges", answered)
            self.apply_edit(key, data, draft, archived, live)

    @rule(place=PLACES, live=st.booleans(), back=st.booleans())
    def archive(self, place: int, live: bool, back: bool) -> None:
        self.edit(place=place, notes={}, draft=None, archived=True, slug=None, live=live)
        self.publish(places=[place], where=[list(self.locales).index(self.key(place)[1])], missing=False)
        if back:
            self.edit(place=place, notes={}, draft=None, archived=False, slug=None, live=False)

    def apply_edit(self, key: Key, data: Any, draft: bool | None, archived: bool | None, live: bool) -> None:
        changed = self.model.edited(key, data, draft, archived)
        self.model.staged[key] = changed
        if live:
            changed.published = changed.updated
            shown = projection({**self.model.live[key].data, **data})
            self.model.live[key] = Copy(**{**vars(changed), "data": shown})

    @rule(places=st.lists(PLACES, min_size=1, max_size=4), missing=st.booleans(), notes=NOTES, live=st.booleans())
    def edit_in_bulk(self, places: list[int], missing: bool, notes: Any, live: bool) -> None:
        keys = [self.key(place) for place in places] + [(NOBODY, self.locales[0])] * missing
        sent = [{"id": item_id, "cmsLocaleId": name, "fieldData": notes} for item_id, name in keys]
        group = self.client.live_items if live else self.client.items
        answered = outcome(lambda: group.update_bulk(self.collection_id, sent))
        if any(key not in self.model.staged for key in keys):
            agree("items.not-found", NotFound, answered)
        elif live and any(key not in self.model.live for key in keys):
            agree("items.update-live.never-published", Conflict, answered)
        else:
            items = done("items.update-bulk.order", answered)["items"]
            agree("items.update-bulk.order", keys, [(item["id"], item["cmsLocaleId"]) for item in items])
            for key in keys:
                self.apply_edit(key, notes, None, None, live)

    @rule(places=st.lists(PLACES, min_size=1, max_size=3), where=st.none() | WHERE, missing=st.booleans())
    def publish(self, places: list[int], where: list[int] | None, missing: bool) -> None:
        ids = list(dict.fromkeys([self.id(place) for place in places] + [NOBODY] * missing))
        names = self.named(where or [0])
        selection = ids if where is None else [{"id": item_id, "cmsLocaleIds": names} for item_id in ids]
        asked = outcome(lambda: self.client.items.publish(self.collection_id, selection))
        answered = done("publishing.items.answer", asked)
        good = []
        for item_id in ids:
            copies = [self.model.staged.get((item_id, name)) for name in names]
            if all(copy is not None and not copy.archived for copy in copies):
                good.append(item_id)
        agree("publishing.items.partial", good, answered["publishedItemIds"])
        agree("publishing.items.partial", len(ids) - len(good), len(answered["errors"]))
        tick = self.model.now()
        for key in [(item_id, name) for item_id in good for name in names]:
            copy = self.model.staged[key]
            copy.updated = copy.published = tick
            copy.draft = False
            self.model.show(key)

    @rule(places=st.lists(PLACES, min_size=1, max_size=3), bulk=st.booleans(), mostly_live=st.booleans())
    def unpublish(self, places: list[int], bulk: bool, mostly_live: bool) -> None:
        keys = self.some_keys(places if bulk else places[:1], mostly_live)
        answered = self.take(self.client.live_items, keys, bulk)
        if not set(keys) <= self.model.live.keys():
            agree("items.not-live", NotFound, answered)
            return
        agree("items.unpublish.staged", None, answered)
        tick = self.model.now()
        for key in keys:
            del self.model.live[key]
            copy = self.model.staged[key]
            copy.updated, copy.published, copy.draft = tick, None, True

    @rule(places=st.lists(PLACES, min_size=1, max_size=2), bulk=st.booleans())
    def delete(self, places: list[int], bulk: bool) -> None:
        keys = self.some_keys(places if bulk else places[:1], mostly_live=False)
        answered = self.take(self.client.items, keys, bulk)
        if not set(keys) <= self.model.staged.keys():
            agree("items.not-found", NotFound, answered)
            return
        agree("items.delete.answer", None, answered)
        for key in keys:
            del self.model.staged[key]
            gone = self.model.live.pop(key, None)
            if gone is not None:
                self.model.held.add(gone.data["slug"])

    def some_keys(self, places: list[int], mostly_live: bool) -> list[Key]:
        live = sorted(self.model.live)
        chosen = [live[place % len(live)] if live and mostly_live else self.key(place) for place in places]
        return list(dict.fromkeys(chosen))

    def take(self, group: Items | LiveItems, keys: list[Key], bulk: bool) -> Any:
        """Deletes or unpublishes these variants."""
        if bulk:
            names: dict[str, list[str]] = {}
            for item_id, name in keys:
                names.setdefault(item_id, []).append(name)
            selection = [{"id": item_id, "cmsLocaleIds": several} for item_id, several in names.items()]
            return outcome(lambda: group.delete_bulk(self.collection_id, selection))
        ((item_id, name),) = keys
        return outcome(lambda: group.delete(self.collection_id, item_id, cms_locale_id=name))

    @precondition(lambda self: self.model.staged)
    @rule()
    def publish_site(self) -> None:
        self.client.sites.publish(self.site_id, publish_to_webflow_subdomain=True)
        self.settle()
        due = [key for key in self.model.staged if self.model.is_due(key)]
        tick = self.model.now()
        for key in [key for key in self.model.live if self.model.staged[key].archived]:
            del self.model.live[key]
        for key in due:
            self.model.staged[key].published = tick
            self.model.show(key)
        self.model.site_published = tick
        self.model.held.clear()

    @precondition(lambda self: self.model.staged)
    @rule(place=PLACES)
    def read(self, place: int) -> None:
        item_id, name = key = self.key(place)
        asked = outcome(lambda: self.client.items.get(self.collection_id, item_id, cms_locale_id=name))
        found = done("items.list.all-states", asked)
        agree("items.update.merges", self.model.staged[key].data, found["fieldData"])
        shown = outcome(lambda: self.client.live_items.get(self.collection_id, item_id, cms_locale_id=name))
        if key not in self.model.live:
            agree("items.not-live", NotFound, shown)
        else:
            data = done("items.live.list", shown)["fieldData"]
            agree("items.update.leaves-live", self.model.live[key].data, data)

    # What must hold after every step

    @invariant()
    def lists_and_dates_agree(self) -> None:
        dates: set[tuple[int, str]] = set()
        for shown, group, side in (
            ("items.list.all-states", self.client.items, self.model.staged),
            ("items.live.list", self.client.live_items, self.model.live),
        ):
            together = list(group.iterate(self.collection_id, cms_locale_id=self.locales))
            self.check_list(shown, together, side, dates)
            page = group.list(self.collection_id, limit=3)
            primary = {key: copy for key, copy in side.items() if key[1] == self.locales[0]}
            agree("lists.pagination", {"limit": 3, "offset": 0, "total": len(primary)}, page["pagination"])
            self.check_order(page["items"], primary, 3)
        for (tick, date), (later, later_date) in pairwise(sorted(dates)):
            in_order = date < later_date if self.ticks else date <= later_date
            agree("items.update.timestamps", True, tick < later and in_order)

    def check_order(self, items: list[dict[str, Any]], side: Mapping[Key, Copy], most: int | None = None) -> None:
        """Newest first. What was created in the same millisecond may come in any order where there is such a thing."""
        if self.ticks:
            expected = [item_id for item_id, _ in newest_first(side)[:most]]
            agree("items.list.newest-first", expected, [item["id"] for item in items])
        else:
            created = [item["createdOn"] for item in items]
            agree("items.list.newest-first", sorted(created, reverse=True), created)

    def check_list(
        self, shown: str, items: list[dict[str, Any]], side: Mapping[Key, Copy], dates: set[tuple[int, str]]
    ) -> None:
        agree(shown, sorted(side), sorted((item["id"], item["cmsLocaleId"]) for item in items))
        self.check_order(items, side)
        for item in items:
            copy = side[item["id"], item["cmsLocaleId"]]
            agree("items.update.leaves-live" if shown == "items.live.list" else "items.update.merges",
                  copy.data, item["fieldData"])  # fmt: skip
            agree("items.update.merges", (copy.draft, copy.archived), (item["isDraft"], item["isArchived"]))
            agree("items.object.timestamps", copy.published is None, item["lastPublished"] is None)
            dates |= {(copy.created, item["createdOn"]), (copy.updated, item["lastUpdated"])}
            if copy.published is not None:
                dates.add((copy.published, item["lastPublished"]))


def newest_first(side: Mapping[Key, Copy]) -> list[Key]:
    return sorted(side, key=lambda key: (side[key].created, key[0]), reverse=True)
