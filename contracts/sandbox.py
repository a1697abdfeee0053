"""Where the suite works: collections, items and assets of its own, in a site it was given, and gone at the end.

Everything is named with a prefix and the id of the run. What dead runs left is swept first. Folders of assets cannot be
deleted over the API, so one folder is made once and used by every run.
"""

from __future__ import annotations

import base64
import hashlib
import itertools
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import cached_property
from typing import Any

import requests

from fake_webflow.client import Conflict, NotFound, WebflowClient, WebflowError

from .clauses import not_checkable_here
from .targets import Target

PREFIX = "fwc-"
FOLDER = "fake-webflow contracts"
# Seconds. A site can be published once a minute; Webflow is done with it within seconds after its answer.
_A_MINUTE, _UNTIL_PUBLISHED = 61, 15
ABSENT = "000000000000000000000000"
"""An id that nothing has."""
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c636400000000050001a5f645400000000049454e44ae426082"
)
"""A picture of one pixel."""

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


class SandboxRefused(Exception):
    """The suite cannot work here. The text is one line for people."""


class Collection:
    """One of the sandbox's collections.

    Args:
        answer: As the API answered it, fields included.
    """

    def __init__(self, answer: Mapping[str, Any]) -> None:
        self.id: str = answer["id"]
        self.answer = answer
        self.fields: dict[str, Json] = {field["slug"]: field for field in answer["fields"]}

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
        self.site = _chosen_site(target)
        self.site_id: str = self.site["id"]
        self._numbers = itertools.count(1)
        self._assets: list[str] = []
        self._bytes: dict[str, bytes] = {}
        self._collections: list[str] = []

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
            raise not_checkable_here(f"the site has {len(secondary)} secondary locales")
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
        self.site_published = self._publish_site()

    def _publish_site(self) -> requests.Response:
        """The answer to publishing the site, once it may be: a run shortly before may have done so."""
        body = {"publishToWebflowSubdomain": True}
        answer = self.call("POST", f"/sites/{self.site_id}/publish", json=body, retry=False)
        if answer.status_code == 429:
            self.target.wait(_A_MINUTE)
            answer = self.client.request("POST", f"/sites/{self.site_id}/publish", json=body)
        elif answer.status_code != 202:
            raise SandboxRefused(f"cannot publish {self.site['displayName']}: {answer.status_code} {answer.text[:200]}")
        if self.target.rationed:
            self.target.wait(_UNTIL_PUBLISHED)
        return answer

    def new_collection(self, hint: str, fields: Sequence[Json] = ()) -> Collection:
        """A collection that is gone at the end."""
        wanted: Json = {"displayName": self.name(hint), "singularName": self.name(f"one {hint}"), "fields": [*fields]}
        if not fields:
            del wanted["fields"]
        created = self.client.collections.create(self.site_id, wanted)
        self._collections.append(created["id"])
        return Collection(self.client.collections.get(created["id"]))

    # Items

    def new_item(
        self, collection: Collection | None = None, /, *, locales: Sequence[str] = (), **field_data: Any
    ) -> Json:
        """A new staged item; in several locales, its variant in the first."""
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
        item = self.new_item(collection, locales=locales, **field_data)
        return self.publish(item, collection, locales=locales)

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

        Names repeat in pairs, so that sorting by name has ties. The last two are archived, the two before no drafts.
        """
        collection = self.new_collection("shelf")
        data = [
            {"name": f"{PREFIX}shelf {number // 2 % 20:02}", "slug": f"{PREFIX}{(number * 37) % 107:03}"}
            for number in range(107)
        ]
        made = [
            *self.new_items(data[:100], collection),
            *self.new_items(data[100:103], collection),
            *self.new_items(data[103:105], collection, isDraft=False),
            *self.new_items(data[105:], collection, isArchived=True),
        ]
        return collection, sorted(made, key=lambda item: (item["createdOn"], item["id"]), reverse=True)

    # Assets

    def register_asset(self, *, file_name: str | None = None, folder_id: str | None = None) -> Json:
        """The answer to registering an asset that is gone at the end; its bytes are not sent."""
        data = self.new_bytes()
        answer = self.client.assets.create(
            self.site_id,
            file_name=file_name or f"{self.slug('asset')}.png",
            file_hash=hashlib.md5(data, usedforsecurity=False).hexdigest(),
            folder_id=folder_id,
        )
        self.will_remove_asset(answer["id"])
        self._bytes[answer["id"]] = data
        return answer

    def will_remove_asset(self, asset_id: str) -> None:
        """Has an asset that a test made by itself removed at the end."""
        self._assets.append(asset_id)

    def upload(self, data: bytes = PNG, *, file_name: str | None = None, folder_id: str | None = None) -> Json:
        """The answer to registering an asset, its bytes sent. The bytes are made unlike any others."""
        name = file_name or f"{self.slug('upload')}.png"
        unlike = self.new_bytes(data)
        answer = self.client.assets.upload(self.site_id, unlike, file_name=name, folder_id=folder_id)
        self.will_remove_asset(answer["id"])
        self._bytes[answer["id"]] = unlike
        return answer

    def new_bytes(self, beginning: bytes = PNG) -> bytes:
        """Bytes that nothing else has, since the same bytes may be the same asset."""
        return beginning + self.slug().encode()

    def bytes_of(self, asset: Json) -> bytes:
        """The bytes an asset was registered with."""
        return self._bytes[asset["id"]]

    def post_form(
        self, asset: Json, fields: Mapping[str, str] | None = None, *, data: bytes | None = None
    ) -> requests.Response:
        """The upload form of a registered asset, posted with these fields and bytes, or its own."""
        parts: list[tuple[str, Any]] = [
            (name, (None, value)) for name, value in (asset["uploadDetails"] if fields is None else fields).items()
        ]
        sent = self.bytes_of(asset) if data is None else data
        parts.append(("file", (asset["originalFileName"], sent, asset["contentType"])))
        return self.target.http.post(asset["uploadUrl"], files=parts, allow_redirects=False, timeout=60)

    @staticmethod
    def policy_text(asset: Json) -> bytes:
        """The policy of a registered asset's upload form, decoded."""
        return base64.b64decode(asset["uploadDetails"]["Policy"])

    def policy(self, asset: Json) -> Json:
        """The policy of a registered asset's upload form, read."""
        found: Json = json.loads(self.policy_text(asset))
        return found

    @cached_property
    def folder(self) -> str:
        """The folder every run uses, made where it is not there yet."""
        return self._folder(FOLDER, None)

    @cached_property
    def inner_folder(self) -> str:
        """A folder inside it, likewise."""
        return self._folder(f"{FOLDER}, inside", self.folder)

    def _folder(self, name: str, parent: str | None) -> str:
        folders = self.client.asset_folders.list(self.site_id)["assetFolders"]
        known = [folder["id"] for folder in folders if folder["displayName"] == name]
        if known:
            return str(known[0])
        return str(self.client.asset_folders.create(self.site_id, display_name=name, parent_folder=parent)["id"])

    # Anything

    def call(self, method: str, path: str, **options: Any) -> requests.Response:
        """Any request, answered as it is: nothing raised, nothing repeated but after a 429."""
        return self.client.request(method, path, check=False, **options)

    @contextmanager
    def unchanged(self, collection: Collection | None = None) -> Iterator[None]:
        """Sees to it that what is done inside changes no item of a collection."""
        path = (collection or self.everything).path
        before = self.call("GET", path).json()
        yield
        after = self.call("GET", path).json()
        assert after == before, "a refused request changed the collection"

    # The end

    def sweep(self) -> None:
        """Removes what runs left that never came to their end."""
        listed = self.client.collections.list(self.site_id)["collections"]
        self._remove_collections([found["id"] for found in listed if found["displayName"].startswith(PREFIX)])
        for asset in list(self.client.assets.iterate(self.site_id)):
            if asset["originalFileName"].startswith(PREFIX):
                _gone(self.client.assets.delete, asset["id"])

    def remove(self) -> None:
        """Removes everything this run made."""
        for asset_id in dict.fromkeys(self._assets):
            _gone(self.client.assets.delete, asset_id)
        self._remove_collections(self._collections[::-1])

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


def _gone(delete: Any, thing_id: str) -> None:
    with suppress(NotFound):
        delete(thing_id)


def _chosen_site(target: Target) -> Json:
    """The site to work in.

    Raises:
        SandboxRefused: There is none, it is not clear which, or it is no sandbox.
    """
    try:
        sites: list[Json] = target.client.sites.list()["sites"]
    except WebflowError as error:
        raise SandboxRefused(f"cannot list the sites of {target.name}: {error}") from error
    if target.site_id is not None:
        wanted = [site for site in sites if site["id"] == target.site_id]
    else:
        wanted = sites if len(sites) == 1 else [site for site in sites if _is_named_sandbox(site)]
    if len(wanted) != 1:
        known = ", ".join(f"{site['displayName']} ({site['id']})" for site in sites) or "none"
        raise SandboxRefused(f"which site to work in? The token sees: {known}. Name one with --webflow-site")
    if not target.is_sandbox and not _is_named_sandbox(wanted[0]):
        raise SandboxRefused(
            f"{wanted[0]['displayName']} is not declared a sandbox: the suite writes to it and publishes it. "
            "Say --sandbox, or have 'sandbox' in its name"
        )
    return wanted[0]


def _is_named_sandbox(site: Mapping[str, Any]) -> bool:
    return "sandbox" in str(site.get("displayName", "")).lower()
