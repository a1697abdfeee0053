"""The root: everything Webflow would remember, as one immutable value."""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase
from itertools import chain
from operator import attrgetter
from types import MappingProxyType
from typing import Any, Literal, NamedTuple, Protocol

from ..rules import Profile, Refusal
from .addresses import Addresses
from .assets import Asset, AssetFolder, StoredFile
from .collections import Collection
from .ordered import Ordered
from .sites import Site
from .tokens import Token
from .webhooks import Webhook


class Context(Protocol):
    """The moment of one request. Laws take all time and all randomness from it."""

    @property
    def profile(self) -> Profile:
        """The open choices."""

    @property
    def addresses(self) -> Addresses:
        """Where the caller reaches files."""

    def now(self) -> int:
        """The instant of the next write; in process each call is a millisecond later than the last."""

    def new_id(self, instant: int) -> str:
        """A fresh id of 24 hexadecimal digits, the first eight of which are the instant's second."""

    def digits(self, count: int) -> str:
        """That many hexadecimal digits, for slugs that need a suffix and for ids that tell no time."""


ImportOutcome = Literal["importable", "broken", "too-large", "unsupported-type"]
_BY_ID = attrgetter("id")
_DATES = ("created_on", "last_updated", "last_published", "last_triggered")
_NONE: Mapping[str, Any] = MappingProxyType({})


class World(NamedTuple):
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

    sites: Mapping[str, Site] = _NONE
    collections: Mapping[str, Collection] = _NONE
    assets: Ordered[Asset] = Ordered(_BY_ID)
    asset_folders: Ordered[AssetFolder] = Ordered(_BY_ID)
    files: Ordered[StoredFile] = Ordered(attrgetter("key"))
    tokens: Mapping[str, Token] = _NONE
    webhooks: Ordered[Webhook] = Ordered(_BY_ID)
    imports: tuple[tuple[str, ImportOutcome], ...] = ()

    def __repr__(self) -> str:
        # Never a token, and not a hundred thousand items.
        return f"World(sites={list(self.sites)}, collections={list(self.collections)})"

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

    def collections_of(self, site: Site) -> list[Collection]:
        """The collections of a site, oldest first."""
        return [found for found in self.collections.values() if found.site_id == site.id]

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

    @property
    def newest_date(self) -> int:
        """The newest date at which something in it was made, changed or published (milliseconds since 1970)."""
        copies = (each for collection in self.collections.values() for each in (collection.staged, collection.live))
        records = chain(
            self.sites.values(),
            chain.from_iterable(site.custom_domains for site in self.sites.values()),
            self.collections.values(),
            chain.from_iterable(copies),
            self.assets,
            self.asset_folders,
            self.tokens.values(),
            self.webhooks,
        )
        dates = (getattr(record, name, None) for record in records for name in _DATES)
        return max((date for date in dates if date is not None), default=0)

    @property
    def file_folders(self) -> frozenset[bytes]:
        """What the keys of its own files begin with: assets lie below their site's id, files of items below another."""
        return frozenset(folder.encode() for site in self.sites.values() for folder in (site.id, site.cms_bucket_id))

    def with_site(self, site: Site) -> World:
        """With that site, new or changed."""
        return self._replace(sites={**self.sites, site.id: site})

    def with_collection(self, collection: Collection) -> World:
        """With that collection, new or changed."""
        return self._replace(collections={**self.collections, collection.id: collection})

    def with_files(self, files: list[StoredFile]) -> World:
        """With these files stored."""
        return self._replace(files=self.files.put(files)) if files else self

    def with_token(self, token: Token) -> World:
        """With that token, new or changed."""
        return self._replace(tokens={**self.tokens, token.token: token})
