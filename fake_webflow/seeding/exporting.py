"""From a state back to a scenario: read again, it is the same world, and every answer of the API is the same."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from typing import Any

import orjson

from ..fake import State
from ..rules import Profile
from ..storage.policy import CACHE_CONTROL
from ..webhooks.signatures import make_client_secret
from ..world.addresses import WEBFLOW, Addresses, exchange_file_addresses
from ..world.asset_rules import content_type_of
from ..world.assets import Asset, AssetFolder, StoredFile
from ..world.collections import Collection, Field, FieldGroup
from ..world.instants import timestamp
from ..world.items import Item
from ..world.sites import CustomDomain, Locale, Site
from ..world.tokens import Token
from ..world.webhooks import Webhook
from .rows import (
    AssetFolderRow,
    AssetRow,
    CollectionRow,
    ContentRow,
    CustomDomainRow,
    FieldGroupRow,
    FieldRow,
    ItemRow,
    LiveItemRow,
    LocaleRow,
    ScenarioRow,
    SiteRow,
    StoredFileRow,
    TokenRow,
    WebhookRow,
)


def export_scenario(
    state: State,
    profile: Profile,
    *,
    addresses: Addresses = WEBFLOW,
    own_token: str = "",
    with_secrets: bool = False,
) -> ScenarioRow:
    """The scenario that a fake with this state could have started from.

    Args:
        state: What the fake remembers.
        profile: Its open choices.
        addresses: What URLs of files in the state start with; in the scenario they are Webflow's.
        own_token: The token that the fake was started with. Without secrets it is described and not named, and no
            other token is written.
        with_secrets: Whether tokens and the keys of webhooks are written.
    """
    world, now = state.world, state.clock.now
    scenario: ScenarioRow = {"seed": state.ids.seed, "drawn": state.ids.drawn}
    if (
        now >= world.newest_date
    ):  # else its clock was behind its data from the start, and a scenario cannot ask for that
        scenario["now"] = timestamp(now)
    usual = Profile().chosen
    scenario["profile"] = {name: option for name, option in profile.chosen.items() if option != usual[name]}
    scenario["verbatim"] = True
    exporter = _Exporter(state, addresses, with_secrets=with_secrets)
    scenario["sites"] = [exporter.export_site(site) for site in world.sites.values()]
    named = world.tokens if with_secrets else {own_token: world.tokens[own_token]} if own_token in world.tokens else {}
    scenario["tokens"] = [_token_row(token, is_named=with_secrets) for token in named.values()]
    scenario["imports"] = [{"url": url, "outcome": outcome} for url, outcome in world.imports]
    scenario["files"] = list(map(_file_row, exporter.list_other_files()))
    return {key: value for key, value in scenario.items() if value != []}  # type: ignore[return-value]


class _Exporter:
    """Makes rows of what is in one world.

    Args:
        state: Where it is.
        addresses: What URLs of files start with in it.
        with_secrets: Whether the keys of webhooks are written.
    """

    def __init__(self, state: State, addresses: Addresses, *, with_secrets: bool) -> None:
        self._world = state.world
        self._addresses = addresses
        self._folders = state.world.file_folders
        self._client_secret = make_client_secret(state.ids)
        self._with_secrets = with_secrets
        self._asset_keys: set[str] = set()  # of the files whose bytes are written with their asset

    def export_site(self, site: Site) -> SiteRow:
        """The site with all that is on it."""
        row: SiteRow = {
            "id": site.id,
            "workspaceId": site.workspace_id,
            "displayName": site.display_name,
            "shortName": site.short_name,
            "previewUrl": site.preview_url,
            "timeZone": site.time_zone,
            "createdOn": timestamp(site.created_on),
            "lastUpdated": timestamp(site.last_updated),
            "lastPublished": _timestamp_or_null(site.last_published),
            "parentFolderId": site.parent_folder_id,
            "customDomains": [_domain_row(domain) for domain in site.custom_domains],
        }
        if site.localized:
            secondary = [_locale_row(locale) for locale in site.secondary]
            row["locales"] = {"primary": _locale_row(site.primary), "secondary": secondary}
        else:
            row["cmsLocaleId"], row["localeId"] = site.primary.cms_locale_id, site.primary.id
        world = self._world
        row["assetFolders"] = [_folder_row(folder) for folder in world.asset_folders if folder.site_id == site.id]
        row["assets"] = [self._asset_row(asset) for asset in world.assets if asset.site_id == site.id]
        row["collections"] = [self._collection_row(found, site) for found in world.collections_of(site)]
        row["webhooks"] = [self._webhook_row(webhook) for webhook in world.webhooks if webhook.site_id == site.id]
        return row

    def list_other_files(self) -> Iterator[StoredFile]:
        """The files that no asset has, once all sites are exported."""
        return (file for file in self._world.files if file.key not in self._asset_keys)

    def _asset_row(self, asset: Asset) -> AssetRow:
        row: AssetRow = {
            "id": asset.id,
            "fileName": asset.file_name,
            "fileHash": asset.file_hash,
            "displayName": asset.display_name,
            "altTexts": {name: text for name, text in asset.alt_texts.items() if name},
            "folder": asset.folder_id,
            "createdOn": timestamp(asset.created_on),
            "lastUpdated": timestamp(asset.last_updated),
        }
        if "" in asset.alt_texts:
            row["altText"] = asset.alt_texts[""]
        file = self._world.files.get(asset.key)
        if file is not None and (file.content_type, file.cache_control) == (asset.content_type, CACHE_CONTROL):
            self._asset_keys.add(file.key)
            return {**row, **_content_row(file)}
        return row

    def _collection_row(self, collection: Collection, site: Site) -> CollectionRow:
        return {
            "id": collection.id,
            "displayName": collection.display_name,
            "singularName": collection.singular_name,
            "slug": collection.slug,
            "createdOn": timestamp(collection.created_on),
            "lastUpdated": timestamp(collection.last_updated),
            "fields": [_field_row(field) for field in collection.fields],
            "fieldGroups": [_group_row(group) for group in collection.field_groups],
            "structurePublished": collection.structure_published,
            "heldSlugs": sorted(collection.held_slugs),
            "items": list(self._item_rows(collection, site)),
        }

    def _item_rows(self, collection: Collection, site: Site) -> Iterator[ItemRow]:
        places = {name: place for place, name in enumerate(site.cms_locale_ids)}
        items = sorted(collection.staged, key=lambda item: (item.created_on, item.id, places[item.cms_locale_id]))
        for item in items:
            live = collection.live.get(*item.key)
            row: ItemRow = self._read_json(item)
            if live is None and item.last_published is not None:
                row["live"] = False
            elif live is not None and live != item:
                row["liveItem"] = self._live_row(live, item)
            yield row

    def _live_row(self, live: Item, staged: Item) -> LiveItemRow:
        """What differs of the live copy, and its field data."""
        usual = orjson.loads(staged.json)
        found = self._read_json(live).items()
        return {name: part for name, part in found if name == "fieldData" or usual[name] != part}  # type: ignore[return-value]

    def _read_json(self, item: Item) -> Any:
        return orjson.loads(exchange_file_addresses(item.json, self._addresses, WEBFLOW, self._folders))

    def _webhook_row(self, webhook: Webhook) -> WebhookRow:
        row: WebhookRow = {
            "id": webhook.id,
            "triggerType": webhook.trigger,
            "url": webhook.url,
            "createdOn": timestamp(webhook.created_on),
            "lastTriggered": _timestamp_or_null(webhook.last_triggered),
            "filter": webhook.filter,
            "active": webhook.active,
        }
        if self._with_secrets and webhook.secret_key != self._client_secret:
            row["secretKey"] = webhook.secret_key
        return row


def _timestamp_or_null(instant: int | None) -> str | None:
    return None if instant is None else timestamp(instant)


def _locale_row(locale: Locale) -> LocaleRow:
    return {
        "id": locale.id,
        "cmsLocaleId": locale.cms_locale_id,
        "tag": locale.tag,
        "displayName": locale.display_name,
        "subdirectory": locale.subdirectory,
        "enabled": locale.enabled,
        "redirect": locale.redirect,
        "displayImageId": locale.display_image_id,
    }


def _domain_row(domain: CustomDomain) -> CustomDomainRow:
    return {"id": domain.id, "url": domain.url, "lastPublished": _timestamp_or_null(domain.last_published)}


def _folder_row(folder: AssetFolder) -> AssetFolderRow:
    return {
        "id": folder.id,
        "displayName": folder.display_name,
        "parentFolder": folder.parent_folder,
        "createdOn": timestamp(folder.created_on),
        "lastUpdated": timestamp(folder.last_updated),
    }


def _field_row(field: Field) -> FieldRow:
    return {
        "id": field.id,
        "type": field.type,
        "slug": field.slug,
        "displayName": field.display_name,
        "isRequired": field.is_required,
        "isEditable": field.is_editable,
        "helpText": field.help_text,
        "validations": field.validations,
    }


def _group_row(group: FieldGroup) -> FieldGroupRow:
    return {"displayName": group.display_name, "description": group.description, "fieldIds": list(group.field_ids)}


def _token_row(token: Token, *, is_named: bool) -> TokenRow:
    row: TokenRow = {
        "id": token.authorization_id,
        "createdOn": timestamp(token.created_on),
        "kind": token.kind,
        "scopes": list(token.scopes),
        "siteIds": None if token.site_ids is None else sorted(token.site_ids),
        "user": {
            "id": token.user.id,
            "email": token.user.email,
            "firstName": token.user.first_name,
            "lastName": token.user.last_name,
        },
    }
    return {"token": token.token, **row} if is_named else row


def _file_row(file: StoredFile) -> StoredFileRow:
    row: StoredFileRow = {"key": file.key}
    if file.content_type != content_type_of(file.key):
        row["contentType"] = file.content_type
    if file.cache_control != CACHE_CONTROL:
        row["cacheControl"] = file.cache_control
    return {**row, **_content_row(file)}


def _content_row(file: StoredFile) -> ContentRow:
    if file.content_type.startswith("text/"):
        try:
            return {"text": file.data.decode()}
        except UnicodeDecodeError:
            pass
    return {"base64": b64encode(file.data).decode()}
