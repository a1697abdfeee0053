"""What is in a fake, in short: the ids a program needs to begin with."""

from __future__ import annotations

from typing import Any

from ...api import Fake
from ...world.collections import Collection


def site_ids(fake: Fake) -> dict[str, Any]:
    """The ids of every site, its locales and collections; those of the first site stand at the top, too.

    Most scenarios have just one site.
    """
    sites: list[dict[str, Any]] = [
        {
            "id": site.id,
            "short_name": site.short_name,
            "cms_locale_ids": {site.primary.tag: site.primary.cms_locale_id}
            | {locale.tag: locale.cms_locale_id for locale in site.secondary},
            "collection_ids": {collection.slug: collection.id for collection in collections_of(fake, site.id)},
        }
        for site in fake.state.world.sites.values()
    ]
    first = sites[0] if sites else {"id": None, "collection_ids": {}}
    return {"site_id": first["id"], "collection_ids": first["collection_ids"], "sites": sites}


def collections_of(fake: Fake, site_id: str) -> list[Collection]:
    """The collections of a site."""
    return [collection for collection in fake.state.world.collections.values() if collection.site_id == site_id]
