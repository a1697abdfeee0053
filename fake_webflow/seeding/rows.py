"""What a scenario file holds, as ``scenario.schema.json`` says it: once checked, each row is one of these."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, Required, TypedDict

from ..world.world import ImportOutcome


class DatedRow(TypedDict, total=False):
    """What the rows have in common that say when something was made and changed."""

    id: str
    createdOn: str
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


class ItemRow(DatedRow, total=False):
    """One item, with the field data of its live copy, or whether it has one."""

    cmsLocaleId: str
    cmsLocaleIds: list[str]
    lastPublished: str | None
    isArchived: bool
    isDraft: bool
    fieldData: Required[Mapping[str, Any]]
    live: Mapping[str, Any] | bool


class CollectionRow(DatedRow, total=False):
    """One collection with its items."""

    displayName: Required[str]
    singularName: str
    slug: str
    fields: list[FieldRow]
    items: list[ItemRow]


class AssetFolderRow(DatedRow, total=False):
    """One asset folder."""

    displayName: Required[str]
    parentFolder: str | None


class AssetRow(DatedRow, total=False):
    """One asset. Its bytes are in a file, in base64 or in a text; without these it is registered alone."""

    fileName: Required[str]
    displayName: str
    altText: str | None
    folder: str | None
    file: str
    base64: str
    text: str


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
    collections: list[CollectionRow]
    assetFolders: list[AssetFolderRow]
    assets: list[AssetRow]


class UserRow(TypedDict, total=False):
    """Whom a token belongs to."""

    id: str
    email: str
    firstName: str
    lastName: str


class TokenRow(TypedDict, total=False):
    """One bearer token."""

    token: Required[str]
    kind: Literal["app", "site", "workspace"]
    scopes: list[str]
    siteIds: list[str] | None
    createdOn: str
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
        "profile": dict[str, str],
        "sites": list[SiteRow],
        "tokens": list[TokenRow],
        "imports": list[ImportRow],
    },
    total=False,
)
"""A whole scenario."""
