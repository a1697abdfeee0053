"""Where the suite works: collections, items and assets of its own, in a site it was given, and gone at the end.

Everything is named with a prefix and the id of the run. What dead runs left is swept first.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from functools import cached_property
from typing import Any

import requests

from fake_webflow.client import Conflict, NotFound, UnexpectedAnswer, WebflowClient, WebflowError

from .clauses import NotCheckable
from .sandbox_assets import SandboxAssets
from .targets import Target

PREFIX = "fwc-"
# Seconds. A site can be published once a minute.
_A_MINUTE = 61
# How many items are made at once where calls are rationed.
_POOL = 12
_TO_SEE_THEM_GONE = 2  # requests
WEBHOOK_URL = "https://webhooks.invalid/fwc"
"""Where webhooks of tests go. Nothing is there: a delivery, if one is tried, goes nowhere."""
ABSENT = "000000000000000000000000"
"""An id that nothing has."""
Json = dict[str, Any]

EVERYTHING: tuple[Json, ...] = (
    {"type": "PlainText", "displayName": "Text"},
    {"type": "RichText", "displayName": "Rich"},
    {"type": "Number", "displayName": "Number"},
    {"type": "Switch", "displayName": "Switch"},
    {"type": "DateTime", "displayName": "Date"},
    {"type": "Email", "displayName": "Email"},
    {"type": "Phone", "displayName": "Phone"},
    {"type": "Link", "displayName": "Link"},
    {"type": "Color", "displayName": "Color"},
    {"type": "Option", "displayName": "Option", "metadata": {"options": [{"name": "First"}, {"name": "Second"}]}},
    {"type": "Image", "displayName": "Image"},
    {"type": "MultiImage", "displayName": "Images"},
    {"type": "File", "displayName": "File"},
    {"type": "VideoLink", "displayName": "Video"},
)
RULES: tuple[Json, ...] = (
    {"type": "PlainText", "displayName": "Needed", "isRequired": True},
    {"type": "PlainText", "displayName": "Line"},
    {"type": "Number", "displayName": "Count"},
    {"type": "Number", "displayName": "Ratio"},
)


class Collection:
    """One of the sandbox's collections.

    Args:
        answer: As the API answered it, fields included.
    """

    def __init__(self, answer: Mapping[str, Any]) -> None:
        self.id: str = answer["id"]
        self.answer = answer
        self.fields: dict[str, Json] = {field["slug"]: field for field in answer.get("fields") or () if "slug" in field}

    @property
    def path(self) -> str:
        """Of its items."""
        return f"/collections/{self.id}/items"


class Sandbox:
    """What tests work with.

    Args:
        target: The API.
        run_id: Eight hexadecimal digits that tell this run from others.
    """

    def __init__(self, target: Target, run_id: str) -> None:
        self.target = target
        self.client: WebflowClient = target.client
        self.run_id = run_id
        self.site = chosen_site(target)
        self.site_id: str = self.site["id"]
        self._numbers = itertools.count(1)
        self.assets = SandboxAssets(target, self.site_id, self.slug)
        self._collections: list[str] = []
        self._pools: dict[tuple[str, bool], list[Json]] = {}
        self._listed: dict[str, tuple[int, Any]] = {}

    @property
    def owed(self) -> int:
        """How many requests it takes to remove what was made and to see it gone."""
        return len(self._left(self.assets.made)) + len(self._left(self._collections)) + _TO_SEE_THEM_GONE

    def _left(self, made: Sequence[str]) -> list[str]:
        """Those of these things that are still there, for all that is known."""
        # Where calls are free, what was deleted may have come back: some targets can be set back to an earlier state.
        gone = self.target.recorder.deleted if self.target.rationed else frozenset()
        return [thing_id for thing_id in dict.fromkeys(made) if thing_id not in gone]

    # Names

    def name(self, hint: str = "item") -> str:
        """A name that nothing else has."""
        return f"{PREFIX}{hint} {self.run_id} {next(self._numbers)}"

    def slug(self, hint: str = "slug") -> str:
        """A slug that nothing else has."""
        return f"{PREFIX}{hint}-{self.run_id}-{next(self._numbers)}"

    # Locales

    @property
    def primary(self) -> str:
        """The primary CMS locale, as its items tell it."""
        locales = self.site["locales"]
        return str(locales["primary"]["cmsLocaleId"]) if locales else self._primary_of_an_item

    @cached_property
    def _primary_of_an_item(self) -> str:
        return str(self.new_item()["cmsLocaleId"])

    def secondary(self, number: int = 0) -> str:
        """A secondary CMS locale.

        Raises:
            NotCheckable: The site has not as many.
        """
        return str(self.secondary_locale(number)["cmsLocaleId"])

    def secondary_locale(self, number: int = 0) -> Json:
        """A secondary locale, with both its ids. Raises the same."""
        secondary: list[Json] = (self.site["locales"] or {}).get("secondary") or []
        if number >= len(secondary):
            raise NotCheckable(f"the site has {len(secondary)} secondary locales")
        return secondary[number]

    # Collections

    def prepare(self) -> None:
        """Sweeps, makes the collections, and publishes the site once, without which live writes are refused."""
        self.sweep()
        self.authors = self.new_collection("authors")
        references: list[Json] = [
            {"type": kind, "displayName": name, "metadata": {"collectionId": self.authors.id}}
            for kind, name in (("Reference", "Author"), ("MultiReference", "Authors"))
        ]
        self.everything = self.new_collection("everything", [*EVERYTHING, *references])
        self.rules = self.new_collection("rules", RULES)
        self.plain = self.new_collection("plain")
        self.changing = self.new_collection("changing")
        self.site_published = self.publish_site({"publishToWebflowSubdomain": True})
        # An API without site publishes is none of Webflow's, and its live items will tell.
        if self.site_published.status_code not in (200, 202, 404, 405, 501):
            text = f"{self.site_published.status_code} {self.site_published.text[:200]}"
            raise SandboxRefused(f"cannot publish {self.site['displayName']}: {text}")
        self.target.settle()

    def publish_site(self, body: Json) -> requests.Response:
        """The answer to publishing the site, once it may be: a run shortly before may have done so."""
        path = f"/sites/{self.site_id}/publish"
        answer = self.call("POST", path, json=body, retry=False)
        if answer.status_code == 429:
            self.target.wait(_A_MINUTE)
            answer = self.call("POST", path, json=body, retry=False)
        return answer

    def new_collection(self, hint: str, fields: Sequence[Json] = ()) -> Collection:
        """A collection that is gone at the end."""
        wanted: Json = {"displayName": self.name(hint), "singularName": self.name(f"one {hint}"), "fields": [*fields]}
        if not fields:
            del wanted["fields"]
        created = self.client.collections.create(self.site_id, wanted)
        if "id" not in created:
            # A mock that makes up its answers: it will answer for any id, and the tests will tell what of it differs.
            return Collection({**created, "id": ABSENT})
        self._collections.append(created["id"])
        if not self.target.rationed or len(created.get("fields") or ()) < len(fields) + 2:
            # A mock may show less than it stored; the tests will tell.
            created = {**created, **self.client.collections.get(created["id"])}
        return Collection(created)

    # Items

    def new_item(
        self, collection: Collection | None = None, /, *, locales: Sequence[str] = (), **field_data: Any
    ) -> Json:
        """A new staged item; in several locales, its variant in the first."""
        if self.target.rationed and not locales and not field_data:
            return self._pooled(collection or self.everything, published=False)
        return self.new_items([field_data], collection, locales=locales)[0]

    def new_items(
        self,
        field_data: Sequence[Mapping[str, Any]],
        collection: Collection | None = None,
        *,
        locales: Sequence[str] = (),
        **flags: bool,
    ) -> list[Json]:
        """New staged items, named where they have no name."""
        wanted: Json = {"fieldData": [{"name": self.name(), **data} for data in field_data], **flags}
        if locales:
            wanted["cmsLocaleIds"] = [*locales]
        answer = self.client.items.create_bulk((collection or self.everything).id, wanted)
        # What a bulk create of one answers is an open choice.
        items: list[Json] = answer.get("items") or [answer]
        return items

    def published_item(
        self, collection: Collection | None = None, /, *, locales: Sequence[str] = (), **field_data: Any
    ) -> Json:
        """A new item, published, as it is staged then (in the first of its locales)."""
        if self.target.rationed and not locales:
            return self._published_for_less(collection or self.everything, field_data)
        item = self.new_item(collection, locales=locales, **field_data)
        return self.publish(item, collection, locales=locales)

    def _published_for_less(self, collection: Collection, field_data: Mapping[str, Any]) -> Json:
        """A published item for one request or less, where it takes three to create, publish and read it."""
        if not field_data:
            return self._pooled(collection, published=True)
        data = {"name": self.name(), **field_data}
        made = self.client.live_items.create(collection.id, {"fieldData": data, "isDraft": False})
        # What becomes of nulls in the live copy is an open choice.
        return self.staged(made, collection) if None in field_data.values() else made

    def _pooled(self, collection: Collection, *, published: bool) -> Json:
        """An item nobody has used, of several that were made with one request."""
        pool = self._pools.setdefault((collection.id, published), [])
        if not pool:
            pool += self.new_items([{}] * _POOL, collection)
            if published:
                ids = [item["id"] for item in pool]
                answer = self.client.items.publish(collection.id, ids)
                assert answer["publishedItemIds"] == ids, f"could not publish: {answer}"
                listed = {item["id"]: item for item in self.client.items.list(collection.id)["items"]}
                assert listed.keys() >= set(ids), "the list does not show the items that were made last"
                pool[:] = [listed[item_id] for item_id in ids]
        return pool.pop(0)

    def publish(self, item: Json, collection: Collection | None = None, *, locales: Sequence[str] = ()) -> Json:
        """Publishes an item, and answers it as it is staged then."""
        wanted: Any = {"id": item["id"], "cmsLocaleIds": [*locales]} if locales else item["id"]
        answer = self.client.items.publish((collection or self.everything).id, [wanted])
        assert answer["publishedItemIds"] == [item["id"]], f"could not publish: {answer}"
        return self.staged(item, collection)

    def staged(self, item: Json, collection: Collection | None = None, *, locale: str | None = None) -> Json:
        """The item as it is staged, in its own locale or in another."""
        return self.client.items.get(
            (collection or self.everything).id, item["id"], cms_locale_id=locale or item["cmsLocaleId"]
        )

    def live(self, item: Json, collection: Collection | None = None, *, locale: str | None = None) -> Json:
        """The item as it is published, in its own locale or in another."""
        return self.client.live_items.get(
            (collection or self.everything).id, item["id"], cms_locale_id=locale or item["cmsLocaleId"]
        )

    def is_live(self, item: Json, collection: Collection | None = None) -> bool:
        """Whether the item is published."""
        try:
            self.live(item, collection)
        except NotFound:
            return False
        return True

    @cached_property
    def shelf(self) -> tuple[Collection, list[Json]]:
        """A collection that nobody writes to after it was filled, with 107 items, newest first as they are listed.

        Names repeat in pairs, so that sorting by name has ties. The last two are archived, the others drafts: no site
        publish changes them.
        """
        collection = self.new_collection("shelf")
        data = [
            {"name": f"{PREFIX}shelf {number // 2 % 20:02}", "slug": f"{PREFIX}{(number * 37) % 107:03}"}
            for number in range(107)
        ]
        made = [
            *self.new_items(data[:100], collection),
            *self.new_items(data[100:105], collection),
            *self.new_items(data[105:], collection, isArchived=True),
        ]
        return collection, sorted(made, key=lambda item: (item["createdOn"], item["id"]), reverse=True)

    # Anything

    def call(self, method: str, path: str, **options: Any) -> requests.Response:
        """Any request, answered as it is: nothing raised, nothing repeated but after a 429."""
        return self.client.request(method, path, check=False, **options)

    @contextmanager
    def unchanged(self, collection: Collection | None = None) -> Iterator[None]:
        """Sees to it that what is done inside changes no item of a collection."""
        watched, recorder = collection or self.everything, self.target.recorder
        writes, before = self._listed.get(watched.id, (-1, None))
        # Calls are spared by asking once between two refusals, where nothing but refusals came between.
        if writes != recorder.writes_to(watched.id) or not self.target.rationed:
            before = self.call("GET", watched.path).json()
        yield
        after = self.call("GET", watched.path).json()
        self._listed[watched.id] = recorder.writes_to(watched.id), after
        assert after == before, "a refused request changed the collection"

    # The end

    def sweep(self) -> None:
        """Removes what runs left that never came to their end.

        An API whose lists are not Webflow's is not swept: that its lists differ is for the tests to say.
        """
        with _whatever_lists_are():
            listed = self.client.collections.list(self.site_id)["collections"]
            self._remove_collections([found["id"] for found in listed if found["displayName"].startswith(PREFIX)])
        with _whatever_lists_are():
            for asset in list(self.client.assets.iterate(self.site_id)):
                if asset["originalFileName"].startswith(PREFIX):
                    _gone(self.client.assets.delete, asset["id"])
        with _whatever_lists_are():
            for webhook in self.client.webhooks.list(self.site_id)["webhooks"]:
                if webhook["url"].startswith(WEBHOOK_URL):
                    _gone(self.client.webhooks.delete, webhook["id"])

    def remove(self) -> None:
        """Removes everything this run made, as far as the API lets it.

        Raises:
            WebflowError: Something could not be removed; everything else is gone.
            SandboxRefused: Collections could not, or are there all the same.
        """
        failures: list[WebflowError] = []
        assets = self._left(self.assets.made)
        for asset_id in assets:
            try:
                _gone(self.client.assets.delete, asset_id)
            except WebflowError as error:
                if self.target.pace is not None and self.target.pace.gone:
                    raise
                failures.append(error)
        self.assets.made.clear()
        collections, self._collections = self._left(self._collections)[::-1], []
        self._remove_collections(collections)
        if failures:
            raise failures[0]
        self._see_them_gone(collections, assets)

    def _see_them_gone(self, collections: Sequence[str], assets: Sequence[str]) -> None:
        """Asks for what was deleted: collections, one asset for all of them. Raises SandboxRefused if it is there."""
        if collections:
            with suppress(LookupError, TypeError, AttributeError):  # a list that is not Webflow's shows nothing
                listed = {found["id"] for found in self.client.collections.list(self.site_id)["collections"]}
                if still := listed & {*collections}:
                    raise SandboxRefused(f"collections that were deleted are still there: {', '.join(sorted(still))}")
        for asset_id in assets[-1:]:
            if self.call("GET", f"/assets/{asset_id}").status_code == 200:
                raise SandboxRefused(f"assets that were deleted are still there, {asset_id} for one")

    def _remove_collections(self, ids: Sequence[str]) -> None:
        """Deletes collections, those that others refer to after the others."""
        referred = []
        for collection_id in ids:
            try:
                _gone(self.client.collections.delete, collection_id)
            except Conflict:
                referred.append(collection_id)
        if len(referred) == len(ids) > 0:
            raise SandboxRefused(f"cannot delete the collections {', '.join(referred)}: others refer to them")
        if referred:
            self._remove_collections(referred)


def _whatever_lists_are() -> AbstractContextManager[None]:
    return suppress(UnexpectedAnswer, NotFound, LookupError, TypeError, AttributeError)


def _gone(delete: Any, thing_id: str) -> None:
    with suppress(NotFound):
        delete(thing_id)


class SandboxRefused(Exception):
    """The suite cannot work here. The text is one line for people."""


def chosen_site(target: Target) -> Json:
    """The site to work in.

    Raises:
        SandboxRefused: There is none, it is not clear which, or it is no sandbox.
    """
    try:
        sites: Sequence[Json] = target.client.sites.list()["sites"]
    except WebflowError as error:
        raise SandboxRefused(f"cannot list the sites of {target.name}: {error}") from error
    return choose_site(target, sites)


def choose_site(target: Target, sites: Sequence[Json]) -> Json:
    """The site to work in, of those the token sees. Raises the same."""
    if target.site_id is not None:
        wanted = [site for site in sites if site["id"] == target.site_id]
    else:
        wanted = [*sites] if len(sites) == 1 else [site for site in sites if _is_named_sandbox(site)]
    if len(wanted) != 1:
        known = ", ".join(f"{site['displayName']} ({site['id']})" for site in sites) or "none"
        unseen = f"the token does not see the site {target.site_id}; " if target.site_id is not None else ""
        raise SandboxRefused(f"{unseen}which site to work in? The token sees: {known}. Name one: --site ID")
    if not target.is_sandbox and not _is_named_sandbox(wanted[0]):
        raise SandboxRefused(
            f"{wanted[0]['displayName']} is not declared a sandbox: the suite writes to it and publishes it. "
            "Say --sandbox, or have 'sandbox' in its name"
        )
    return wanted[0]


def _is_named_sandbox(site: Mapping[str, Any]) -> bool:
    return "sandbox" in str(site.get("displayName", "")).lower()
