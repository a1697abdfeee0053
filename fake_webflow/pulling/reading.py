"""Reads the structure of a site through the thin client: collections, fields, folders, webhooks."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import Any
from urllib.parse import quote

from ..client import JsonObject
from .pseudonyms import Pseudonym
from .source import PullFailed, Source, SourceChanged, pick

_WEBHOOK_KEYS = ("id", "triggerType", "url", "createdOn", "lastTriggered", "filter")


@dataclass
class PulledSite:
    """A site as it was answered, content with its pseudonyms if they are wanted.

    Args:
        site: As listed.
        collections: With their fields, in their order.
        webhooks: Without secrets; their addresses are pseudonyms.
        folders: Asset folders.
        folder_page: How many folders a page has.
        staged: Items by collection.
        live: Likewise.
        assets: With their alt texts of secondary locales as ``altTexts``, and the name of a file with their bytes as
            ``file``.
    """

    site: JsonObject
    collections: list[JsonObject]
    webhooks: list[JsonObject] = field(default_factory=list)
    folders: list[JsonObject] = field(default_factory=list)
    folder_page: int = 0
    staged: dict[str, list[JsonObject]] = field(default_factory=dict)
    live: dict[str, list[JsonObject]] = field(default_factory=dict)
    assets: list[JsonObject] = field(default_factory=list)

    @property
    def locales(self) -> list[JsonObject]:
        """Its locales, the primary one first; none of a site without localization."""
        found: dict[str, Any] = self.site.get("locales") or {}
        return [found["primary"], *(found.get("secondary") or ())] if found else []


def read_structure(source: Source, site_id: str | None) -> PulledSite:
    """The site, its collections and their fields.

    Args:
        source: The API.
        site_id: Which site; None for the only one.

    Raises:
        PullFailed: The API does not answer, or there is no such site, or not just one.
    """
    sites = source.ask("sites", source.client.sites.list)["sites"]
    site = _choose_site(sites, site_id)
    listed = source.ask("collections", partial(source.client.collections.list, site["id"]))["collections"]
    collections = [
        source.ask(f"collection {one['id']}", partial(source.client.collections.get, one["id"])) for one in listed
    ]
    return PulledSite(site, collections)


def read_surroundings(source: Source, pulled: PulledSite) -> None:
    """Reads the site's webhooks and asset folders.

    Raises:
        PullFailed: The API does not answer.
    """
    site_id = pulled.site["id"]
    webhooks = source.ask("webhooks", partial(source.client.webhooks.list, site_id), _hide_addresses)
    pulled.webhooks = webhooks["webhooks"]

    def fetch(_limit: int, offset: int) -> JsonObject:
        query = {"offset": str(offset)} if offset else None
        answer = source.client.request("GET", f"/sites/{quote(site_id, safe='')}/asset_folders", query=query)
        found: JsonObject = answer.json()
        return found

    for page in source.ask_pages("asset folders", "assetFolders", fetch):
        pulled.folders += page["assetFolders"]
        pulled.folder_page = page["pagination"].get("limit", 0)


def check_structure_unchanged(source: Source, pulled: PulledSite) -> None:
    """Looks once more whether the site and its collections are those that were read.

    Raises:
        PullFailed: The API does not answer.
        SourceChanged: They are not.
    """
    sites = source.ask("sites, again", source.client.sites.list)["sites"]
    if pulled.site not in sites:
        raise SourceChanged("the site")
    before = {one["id"]: one.get("lastUpdated") for one in pulled.collections}
    listed = source.ask("collections, again", partial(source.client.collections.list, pulled.site["id"]))["collections"]
    after = {one["id"]: one.get("lastUpdated") for one in listed}
    for collection_id in before.keys() | after.keys():
        if before.get(collection_id) != after.get(collection_id):
            raise SourceChanged(f"the collection {collection_id}")


def _choose_site(sites: list[JsonObject], site_id: str | None) -> JsonObject:
    known = ", ".join(f"{site['id']} ({site.get('displayName')})" for site in sites)
    if not sites:
        raise PullFailed("the token sees no site", begins_anew=True)
    if site_id is None and len(sites) > 1:
        reason = f"the token sees {len(sites)} sites; name one with --site: {known}"
        raise PullFailed(reason, is_list=True, begins_anew=True)
    found = next((site for site in sites if site_id in (None, site["id"], site.get("shortName"))), None)
    if found is None:
        raise PullFailed(f"the token sees no site {site_id}; it sees {known}", is_list=True, begins_anew=True)
    return found


def _hide_addresses(answer: JsonObject) -> JsonObject:
    rows = [pick(webhook, _WEBHOOK_KEYS) for webhook in answer["webhooks"]]
    return {"webhooks": [{**row, "url": Pseudonym(row["id"]).write_webhook_address(row["url"])} for row in rows]}
