"""Where the suite works: collections, items and assets of its own, in a site it was given, and gone at the end.

Everything is named with a prefix and the id of the run. What dead runs left is swept first.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from functools import cached_property
from typing import Any

import requests

from fake_webflow.client import (
    BadRequest,
    Conflict,
    Forbidden,
    JsonObject,
    NotAuthorized,
    NotFound,
    UnexpectedAnswer,
    WebflowClient,
    WebflowError,
)

from .clauses import NotCheckable
from .sandbox_assets import SandboxAssets
from .sandbox_fields import FIELD_OF_EVERY_TYPE, FIELDS_FOR_GROUPS, FIELDS_FOR_RULES, FILTER_ROWS
from .sites import SandboxRefused, find_site
from .targets import Target

NAME_PREFIX = "fwc-"
# Seconds. A site can be published once a minute.
_PUBLISH_INTERVAL = 61
# How many items are made at once where calls are rationed.
_BATCH_SIZE = 12
_REMOVAL_CHECKS = 2  # requests
WEBHOOK_URL = "https://webhooks.invalid/fwc"
"""Where webhooks of tests go. Nothing is there: a delivery, if one is tried, goes nowhere."""
ABSENT_ID = "000000000000000000000000"
"""An id that nothing has."""


class SandboxCollection:
    """One of the sandbox's collections.

    Args:
        answer: As the API answered it, fields included.
    """

    def __init__(self, answer: Mapping[str, Any]) -> None:
        self.id: str = answer["id"]
        self.answer = answer
        self.fields: dict[str, JsonObject] = {
            field["slug"]: field for field in answer.get("fields") or () if "slug" in field
        }

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
        self.unmade: dict[str, str] = {}
        """What the sandbox lacks, with the reason."""
        self.authors: SandboxCollection
        self.everything: SandboxCollection
        self.rules: SandboxCollection
        self.plain: SandboxCollection
        self.changing: SandboxCollection
        self.site_published: requests.Response
        self.site = find_site(target)
        self.site_id: str = self.site["id"]
        self._numbers = itertools.count(1)
        self.assets = SandboxAssets(target, self.site_id, self.slug)
        self._collections: list[str] = []
        self._spare_items: dict[tuple[str, bool], list[JsonObject]] = {}
        self._last_looks: dict[str, tuple[int, Any]] = {}

    @property
    def removal_cost(self) -> int:
        """How many requests it takes to remove what was made and to see it gone."""
        return (
            len(self._still_there(self.assets.asset_ids)) + len(self._still_there(self._collections)) + _REMOVAL_CHECKS
        )

    def _still_there(self, ids: Sequence[str]) -> list[str]:
        """Those of these things that are still there, for all that is known."""
        # Where calls are free, what was deleted may have come back: some targets can be set back to an earlier state.
        deleted = self.target.recorder.deleted_ids if self.target.is_rationed else frozenset()
        return [thing_id for thing_id in dict.fromkeys(ids) if thing_id not in deleted]

    # Names

    def name(self, hint: str = "item") -> str:
        """A name that nothing else has."""
        return f"{NAME_PREFIX}{hint} {self.run_id} {next(self._numbers)}"

    def slug(self, hint: str = "slug") -> str:
        """A slug that nothing else has."""
        return f"{NAME_PREFIX}{hint}-{self.run_id}-{next(self._numbers)}"

    # Locales

    @property
    def primary_locale_id(self) -> str:
        """The primary CMS locale, as its items tell it."""
        primary = (self.site.get("locales") or {}).get("primary")
        return str(primary["cmsLocaleId"]) if primary else self._primary_locale_id_of_item

    @cached_property
    def _primary_locale_id_of_item(self) -> str:
        return str(self.new_item()["cmsLocaleId"])

    def secondary_locale_id(self, number: int = 0) -> str:
        """A secondary CMS locale.

        Raises:
            NotCheckable: The site has not as many.
        """
        return str(self.secondary_locale(number)["cmsLocaleId"])

    def secondary_locale(self, number: int = 0) -> JsonObject:
        """A secondary locale, with both its ids. Raises the same."""
        secondary: list[JsonObject] = (self.site.get("locales") or {}).get("secondary") or []
        if number >= len(secondary):
            raise NotCheckable(f"the site has {len(secondary)} secondary locales")
        return secondary[number]

    # Collections

    def prepare(self) -> None:
        """Sweeps, makes the collections, and publishes the site once, without which live writes are refused.

        What cannot be made is left out: the tests that need it say so, and all others run.

        Raises:
            NotCheckable: No more requests may be sent.
            SandboxRefused: The token may not do it.
        """
        steps: Mapping[str, Callable[[], object]] = {
            "the sweep": self.sweep,
            "authors": lambda: self.new_collection("authors"),
            "everything": self._make_everything,
            "rules": lambda: self.new_collection("rules", FIELDS_FOR_RULES),
            "plain": lambda: self.new_collection("plain"),
            "changing": lambda: self.new_collection("changing"),
            "site_published": lambda: self.publish_site({"publishToWebflowSubdomain": True}),
        }
        for name, make in steps.items():
            try:
                setattr(self, name, make())
            except NotCheckable as error:
                if not self.unmade:
                    raise
                self.unmade[name] = str(error)
            except (NotAuthorized, Forbidden) as error:
                if isinstance(error, NotAuthorized) or error.missing_scopes:
                    raise SandboxRefused(str(error)) from error
                self.unmade[name] = " ".join(str(error).split())
            except (WebflowError, SandboxRefused) as error:
                self.unmade[name] = " ".join(str(error).split())
            except (LookupError, TypeError, AttributeError, ValueError):
                self.unmade[name] = "an answer has another form than Webflow's"
        self.target.settle()

    def __getattr__(self, name: str) -> Any:
        if name in self.__dict__.get("unmade", {}):
            raise NotCheckable(f"the sandbox has no {name}: {self.unmade[name]}")
        raise AttributeError(name)

    def _make_everything(self) -> SandboxCollection:
        references: list[JsonObject] = [
            {"type": kind, "displayName": name, "metadata": {"collectionId": self.authors.id}}
            for kind, name in (("Reference", "Author"), ("MultiReference", "Authors"))
        ]
        try:
            return self.new_collection("everything", [*FIELD_OF_EVERY_TYPE, *references])
        except BadRequest:
            # Some APIs may refuse to refer to what was never published (``collections.field.unpublished-target``).
            self.publish_site({"publishToWebflowSubdomain": True})
            return self.new_collection("everything", [*FIELD_OF_EVERY_TYPE, *references])

    def publish_site(self, body: JsonObject) -> requests.Response:
        """The answer to publishing the site, once it may be: a run shortly before may have done so."""
        path = f"/sites/{self.site_id}/publish"
        answer = self.call("POST", path, json=body, retry=False)
        if answer.status_code == 429:
            self.target.wait(_PUBLISH_INTERVAL)
            answer = self.call("POST", path, json=body, retry=False)
        return answer

    def new_collection(self, hint: str, fields: Sequence[JsonObject] = ()) -> SandboxCollection:
        """A collection that is gone at the end."""
        body: JsonObject = {
            "displayName": self.name(hint),
            "singularName": self.name(f"one {hint}"),
            "fields": [*fields],
        }
        if not fields:
            del body["fields"]
        created = self.client.collections.create(self.site_id, body)
        if "id" not in created:
            # A mock that makes up its answers: it will answer for any id, and the tests will tell what of it differs.
            return SandboxCollection({**created, "id": ABSENT_ID})
        self._collections.append(created["id"])
        if not self.target.is_rationed or len(created.get("fields") or ()) < len(fields) + 2:
            # A mock may show less than it stored; the tests will tell.
            created = {**created, **self.client.collections.get(created["id"])}
        return SandboxCollection(created)

    # Items

    def new_item(
        self, collection: SandboxCollection | None = None, /, *, locales: Sequence[str] = (), **field_data: Any
    ) -> JsonObject:
        """A new staged item; in several locales, its variant in the first."""
        if self.target.is_rationed and not locales and not field_data:
            return self._take_spare_item(collection or self.everything, published=False)
        return self.new_items([field_data], collection, locales=locales)[0]

    def new_items(
        self,
        field_data: Sequence[Mapping[str, Any]],
        collection: SandboxCollection | None = None,
        *,
        locales: Sequence[str] = (),
        **flags: bool,
    ) -> list[JsonObject]:
        """New staged items, named where they have no name."""
        body: JsonObject = {"fieldData": [{"name": self.name(), **data} for data in field_data], **flags}
        if locales:
            body["cmsLocaleIds"] = [*locales]
        answer = self.client.items.create_bulk((collection or self.everything).id, body)
        # What a bulk create of one answers is an open choice.
        items: list[JsonObject] = answer.get("items") or [answer]
        return items

    def new_published_item(
        self, collection: SandboxCollection | None = None, /, *, locales: Sequence[str] = (), **field_data: Any
    ) -> JsonObject:
        """A new item, published, as it is staged then (in the first of its locales)."""
        if self.target.is_rationed and not locales:
            return self._new_published_item_cheaply(collection or self.everything, field_data)
        item = self.new_item(collection, locales=locales, **field_data)
        return self.publish(item, collection, locales=locales)

    def _new_published_item_cheaply(self, collection: SandboxCollection, field_data: Mapping[str, Any]) -> JsonObject:
        """A published item for one request or less, where it takes three to create, publish and read it."""
        if not field_data:
            return self._take_spare_item(collection, published=True)
        data = {"name": self.name(), **field_data}
        made = self.client.live_items.create(collection.id, {"fieldData": data, "isDraft": False})
        # What becomes of nulls in the live copy is an open choice.
        return self.get_staged(made, collection) if None in field_data.values() else made

    def _take_spare_item(self, collection: SandboxCollection, *, published: bool) -> JsonObject:
        """An item nobody has used, of several that were made with one request."""
        spare = self._spare_items.setdefault((collection.id, published), [])
        if not spare:
            spare += self.new_items([{}] * _BATCH_SIZE, collection)
            if published:
                ids = [item["id"] for item in spare]
                answer = self.client.items.publish(collection.id, ids)
                assert answer["publishedItemIds"] == ids, f"could not publish: {answer}"
                listed = {item["id"]: item for item in self.client.items.list(collection.id)["items"]}
                assert listed.keys() >= set(ids), "the list does not show the items that were made last"
                spare[:] = [listed[item_id] for item_id in ids]
        return spare.pop(0)

    def publish(
        self, item: JsonObject, collection: SandboxCollection | None = None, *, locales: Sequence[str] = ()
    ) -> JsonObject:
        """Publishes an item, and answers it as it is staged then."""
        selected: Any = {"id": item["id"], "cmsLocaleIds": [*locales]} if locales else item["id"]
        answer = self.client.items.publish((collection or self.everything).id, [selected])
        assert answer["publishedItemIds"] == [item["id"]], f"could not publish: {answer}"
        return self.get_staged(item, collection)

    def get_staged(
        self, item: JsonObject, collection: SandboxCollection | None = None, *, locale: str | None = None
    ) -> JsonObject:
        """The item as it is staged, in its own locale or in another."""
        return self.client.items.get(
            (collection or self.everything).id, item["id"], cms_locale_id=locale or item["cmsLocaleId"]
        )

    def get_live(
        self, item: JsonObject, collection: SandboxCollection | None = None, *, locale: str | None = None
    ) -> JsonObject:
        """The item as it is published, in its own locale or in another."""
        return self.client.live_items.get(
            (collection or self.everything).id, item["id"], cms_locale_id=locale or item["cmsLocaleId"]
        )

    def is_live(self, item: JsonObject, collection: SandboxCollection | None = None) -> bool:
        """Whether the item is published."""
        try:
            self.get_live(item, collection)
        except NotFound:
            return False
        return True

    @cached_property
    def large_collection(self) -> tuple[SandboxCollection, list[JsonObject]]:
        """A collection that nobody writes to after it was filled, with 107 items, newest first as they are listed.

        Names repeat in pairs, so that sorting by name has ties. The last two are archived, the others drafts: no site
        publish changes them.
        """
        collection = self.new_collection("shelf")
        data = [
            {"name": f"{NAME_PREFIX}shelf {number // 2 % 20:02}", "slug": f"{NAME_PREFIX}{(number * 37) % 107:03}"}
            for number in range(107)
        ]
        made = [
            *self.new_items(data[:100], collection),
            *self.new_items(data[100:105], collection),
            *self.new_items(data[105:], collection, isArchived=True),
        ]
        return collection, sorted(made, key=lambda item: (item["createdOn"], item["id"]), reverse=True)

    @cached_property
    def restructured(self) -> tuple[SandboxCollection, JsonObject]:
        """A collection whose fields changed since the site was published, and a published item of it."""
        item = self.new_published_item(self.changing)
        self.client.collections.create_field(self.changing.id, {"type": "Switch", "displayName": self.name("new")})
        return self.changing, item

    @cached_property
    def scratch(self) -> SandboxCollection:
        """A collection whose fields, names and groups of fields tests may change."""
        return self.new_collection("scratch", FIELDS_FOR_GROUPS)

    @cached_property
    def grouped(self) -> SandboxCollection:
        """A collection with fields, for changes of its structure that are refused: nobody changes it."""
        return self.new_collection("grouped", FIELDS_FOR_GROUPS)

    @cached_property
    def filter_shelf(self) -> tuple[SandboxCollection, list[JsonObject]]:
        """A collection that nobody writes to once it is filled, with an item for each of ``FILTER_ROWS``, in order."""
        reference = {"type": "Reference", "displayName": "Author", "metadata": {"collectionId": self.authors.id}}
        collection = self.new_collection("filters", [*FIELD_OF_EVERY_TYPE, reference])
        options = [option["id"] for option in collection.fields["option"]["validations"]["options"]]
        authors = [item["id"] for item in self.new_items([{}, {}], self.authors)]
        meant = {"option": options, "author": authors}
        rows = [
            {slug: meant[slug][value] if slug in meant else value for slug, value in row.items()} for row in FILTER_ROWS
        ]
        return collection, self.new_items(rows, collection)

    # Anything

    def call(self, method: str, path: str, **options: Any) -> requests.Response:
        """Any request, answered as it is: nothing raised, nothing repeated but after a 429."""
        return self.client.request(method, path, check=False, **options)

    @contextmanager
    def expect_unchanged(self, collection: SandboxCollection | None = None, path: str = "") -> Iterator[None]:
        """Checks that what is done inside changes nothing of a collection.

        Args:
            collection: The collection; the one with a field of every type where it is left out.
            path: What is looked at; the collection's items where it is left out.
        """
        watched, recorder = collection or self.everything, self.target.recorder
        path = path or watched.path
        writes, before = self._last_looks.get(path, (-1, None))
        # Calls are spared by asking once between two refusals, where nothing but refusals came between.
        if writes != recorder.count_writes(watched.id) or not self.target.is_rationed:
            before = self.call("GET", path).json()
        yield
        after = self.call("GET", path).json()
        self._last_looks[path] = recorder.count_writes(watched.id), after
        assert after == before, "a refused request changed the collection"

    # The end

    def sweep(self) -> None:
        """Removes what runs left that never came to their end.

        An API whose lists are not Webflow's is not swept: that its lists differ is for the tests to say.
        """
        with _ignore_foreign_lists():
            listed = self.client.collections.list(self.site_id)["collections"]
            self._remove_collections([found["id"] for found in listed if found["displayName"].startswith(NAME_PREFIX)])
        with _ignore_foreign_lists():
            for asset in list(self.client.assets.iterate(self.site_id)):
                if asset["originalFileName"].startswith(NAME_PREFIX):
                    _delete_if_there(self.client.assets.delete, asset["id"])
        with _ignore_foreign_lists():
            for webhook in self.client.webhooks.list(self.site_id)["webhooks"]:
                if webhook["url"].startswith(WEBHOOK_URL):
                    _delete_if_there(self.client.webhooks.delete, webhook["id"])

    def remove(self) -> None:
        """Removes everything this run made, as far as the API lets it.

        Raises:
            WebflowError: Something could not be removed; everything else is gone.
            SandboxRefused: Collections could not, or are there all the same.
        """
        failures: list[WebflowError] = []
        assets = self._still_there(self.assets.asset_ids)
        for asset_id in assets:
            try:
                _delete_if_there(self.client.assets.delete, asset_id)
            except WebflowError as error:
                if self.target.pacer is not None and self.target.pacer.unresponsive_reason:
                    raise
                failures.append(error)
        self.assets.asset_ids.clear()
        collections, self._collections = self._still_there(self._collections)[::-1], []
        self._remove_collections(collections)
        if failures:
            raise failures[0]
        self._check_removal(collections, assets)

    def _check_removal(self, collections: Sequence[str], assets: Sequence[str]) -> None:
        """Asks for what was deleted: collections, one asset for all of them. Raises SandboxRefused if it is there."""
        if collections or self.unmade:
            with suppress(LookupError, TypeError, AttributeError):  # a list that is not Webflow's shows nothing
                rows = self.client.collections.list(self.site_id)["collections"]
                listed = {found["id"] for found in rows}
                # What was made though its answer did not say so is found by its name.
                unknown = [found["id"] for found in rows if self.run_id in str(found["displayName"])]
                self._remove_collections([one for one in unknown if one not in collections])
                if still := listed & {*collections}:
                    raise SandboxRefused(f"collections that were deleted are still there: {', '.join(sorted(still))}")
        for asset_id in assets[-1:]:
            if self.call("GET", f"/assets/{asset_id}").status_code == 200:
                raise SandboxRefused(f"assets that were deleted are still there, {asset_id} for one")

    def _remove_collections(self, ids: Sequence[str]) -> None:
        """Deletes collections, those that others refer to after the others."""
        referenced = []
        for collection_id in ids:
            try:
                _delete_if_there(self.client.collections.delete, collection_id)
            except Conflict:
                referenced.append(collection_id)
        if len(referenced) == len(ids) > 0:
            raise SandboxRefused(f"cannot delete the collections {', '.join(referenced)}: others refer to them")
        if referenced:
            self._remove_collections(referenced)


def _ignore_foreign_lists() -> AbstractContextManager[None]:
    return suppress(UnexpectedAnswer, NotFound, LookupError, TypeError, AttributeError)


def _delete_if_there(delete: Any, thing_id: str) -> None:
    with suppress(NotFound):
        delete(thing_id)
