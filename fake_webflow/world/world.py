"""The root: everything Webflow would remember, as one immutable value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from operator import attrgetter
from typing import Literal

from ..rules import Refusal
from .assets import Asset, AssetFolder
from .collections import Collection
from .files import StoredFile
from .ordered import Ordered
from .sites import Site
from .tokens import Token
from .webhooks import Webhook

ImportOutcome = Literal["importable", "broken", "too-large", "unsupported-type"]
_BY_ID = attrgetter("id")


@dataclass(frozen=True, slots=True)
class World:
    """Webflow's state.

    Args:
        sites: By id.
        collections: By id.
        assets: Of all sites.
        asset_folders: Of all sites.
        files: The bytes the file host serves, by object key.
        tokens: By the token itself.
        webhooks: Of all sites.
        imports: What becomes of an outside URL that a field imports: the first pattern (``*`` and ``?``) that matches
            the URL decides; none means importable.
    """

    sites: Mapping[str, Site] = field(default_factory=dict)
    collections: Mapping[str, Collection] = field(default_factory=dict)
    assets: Ordered[Asset] = field(default_factory=lambda: Ordered(_BY_ID))
    asset_folders: Ordered[AssetFolder] = field(default_factory=lambda: Ordered(_BY_ID))
    files: Ordered[StoredFile] = field(default_factory=lambda: Ordered(attrgetter("key")))
    tokens: Mapping[str, Token] = field(default_factory=dict, repr=False)
    webhooks: Ordered[Webhook] = field(default_factory=lambda: Ordered(_BY_ID))
    imports: tuple[tuple[str, ImportOutcome], ...] = ()

    def site(self, site_id: str) -> Site:
        """The site of that id.

        Raises:
            Refusal: ``sites.not-found``.
        """
        found = self.sites.get(site_id)
        if found is None:
            raise Refusal("sites.not-found")
        return found

    def collection(self, collection_id: str) -> Collection:
        """The collection of that id.

        Raises:
            Refusal: ``collections.not-found``.
        """
        found = self.collections.get(collection_id)
        if found is None:
            raise Refusal("collections.not-found")
        return found

    def asset(self, asset_id: str) -> Asset:
        """The asset of that id.

        Raises:
            Refusal: ``assets.not-found``.
        """
        found = self.assets.get(asset_id)
        if found is None:
            raise Refusal("assets.not-found")
        return found

    def import_outcome(self, url: str) -> ImportOutcome:
        """What becomes of that outside URL when a field imports it."""
        scripted = ((pattern.replace("[", "[[]"), outcome) for pattern, outcome in self.imports)
        return next((outcome for pattern, outcome in scripted if fnmatchcase(url, pattern)), "importable")

    def with_site(self, site: Site) -> World:
        """With that site, new or changed."""
        return replace(self, sites={**self.sites, site.id: site})

    def with_collection(self, collection: Collection) -> World:
        """With that collection, new or changed."""
        return replace(self, collections={**self.collections, collection.id: collection})

    def with_files(self, files: list[StoredFile]) -> World:
        """With these files stored."""
        return replace(self, files=self.files.put(files)) if files else self

    def with_token(self, token: Token) -> World:
        """With that token, new or changed."""
        return replace(self, tokens={**self.tokens, token.token: token})
