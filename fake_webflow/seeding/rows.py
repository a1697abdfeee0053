"""What a scenario file holds, as ``scenario.schema.json`` says it: once checked, each row is one of these."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, Required, TypedDict

from ..world.world import ImportOutcome


class MadeRow(TypedDict, total=False):
    """What the rows have in common that say when something was made."""

    id: str
    createdOn: str


class DatedRow(MadeRow, total=False):
    """What the rows have in common that say when something was made and changed."""

    lastUpdated: str


class LocaleRow(TypedDict, total=False):
    """One locale of a site."""

    id: str
    cmsLocaleId: str | None
    tag: Required[str]
    displayName: str
    subdirectory: str
    enabled: bool
    redirect: bool
    displayImageId: str | None


class LocalesRow(TypedDict, total=False):
    """The locales of a localized site."""

    primary: Required[LocaleRow]
    secondary: list[LocaleRow]


class CustomDomainRow(TypedDict, total=False):
    """One domain of the customer's own."""

    id: str
    url: Required[str]
    lastPublished: str | None


class FieldRow(TypedDict, total=False):
    """One field of a collection. A collection it refers to is named by slug or id."""

    id: str
    type: Required[str]
    displayName: Required[str]
    slug: str
    isRequired: bool
    isEditable: bool
    helpText: str | None
    validations: Mapping[str, Any] | None


class FieldGroupRow(TypedDict, total=False):
    """Fields that the editor shows together, by id or slug."""

    displayName: Required[str]
    description: str | None
    fieldIds: Required[list[str]]


class LiveItemRow(TypedDict, total=False):
    """The live copy of an item, where it differs in more than its field data."""

    createdOn: str
    lastUpdated: str
    lastPublished: str
    isArchived: bool
    isDraft: bool
    fieldData: Required[Mapping[str, Any]]


class ItemRow(DatedRow, total=False):
    """One item, with the field data of its live copy, or whether it has one."""

    cmsLocaleId: str
    cmsLocaleIds: list[str]
    lastPublished: str | None
    isArchived: bool
    isDraft: bool
    fieldData: Required[Mapping[str, Any]]
    live: Mapping[str, Any] | bool
    liveItem: LiveItemRow


class CollectionRow(DatedRow, total=False):
    """One collection with its items."""

    displayName: Required[str]
    singularName: str
    slug: str
    fields: list[FieldRow]
    fieldGroups: list[FieldGroupRow]
    structurePublished: bool
    heldSlugs: list[str]
    items: list[ItemRow]


class AssetFolderRow(DatedRow, total=False):
    """One asset folder."""

    displayName: Required[str]
    parentFolder: str | None


class ContentRow(TypedDict, total=False):
    """Where the bytes of a file are: in a file, in base64 or in a text."""

    file: str
    base64: str
    text: str


class AssetRow(DatedRow, ContentRow, total=False):
    """One asset. Without bytes it is registered alone."""

    fileName: Required[str]
    fileHash: str
    displayName: str
    altText: str | None
    altTexts: Mapping[str, str | None]
    folder: str | None


class StoredFileRow(ContentRow, total=False):
    """One file of the file host."""

    key: Required[str]
    contentType: str
    cacheControl: str


class WebhookRow(MadeRow, total=False):
    """One registered webhook."""

    triggerType: Required[str]
    url: Required[str]
    lastTriggered: str | None
    filter: Mapping[str, Any] | None
    secretKey: str
    active: bool


class SiteRow(DatedRow, total=False):
    """One site with all that is on it."""

    workspaceId: str
    displayName: str
    shortName: str
    previewUrl: str | None
    timeZone: str
    lastPublished: str | None
    parentFolderId: str | None
    customDomains: list[CustomDomainRow]
    locales: LocalesRow | None
    cmsLocaleId: str
    localeId: str
    collections: list[CollectionRow]
    assetFolders: list[AssetFolderRow]
    assets: list[AssetRow]
    webhooks: list[WebhookRow]


class UserRow(TypedDict, total=False):
    """Whom a token belongs to."""

    id: str
    email: str
    firstName: str
    lastName: str


class TokenRow(MadeRow, total=False):
    """One bearer token."""

    token: str
    kind: Literal["app", "site", "workspace"]
    scopes: list[str]
    siteIds: list[str] | None
    user: UserRow


class ImportRow(TypedDict):
    """What becomes of outside addresses that are like a pattern."""

    url: str
    outcome: ImportOutcome


ScenarioRow = TypedDict(
    "ScenarioRow",
    {
        "$schema": str,
        "description": str,
        "seed": int,
        "drawn": int,
        "now": str,
        "verbatim": bool,
        "profile": dict[str, str],
        "sites": list[SiteRow],
        "tokens": list[TokenRow],
        "imports": list[ImportRow],
        "files": list[StoredFileRow],
    },
    total=False,
)
"""A whole scenario."""
