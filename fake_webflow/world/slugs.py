"""Slugs of items: how one is made from a name, and when one is taken."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from ..rules import Profile
from .collections import Collection

LONGEST = 256
PATTERN = re.compile(r"[_a-zA-Z0-9][-_a-zA-Z0-9]*")


def slug_from(name: str) -> str:
    """The slug Webflow makes of a name (clause ``items.slug.generated``); empty where nothing usable is left.

    >>> slug_from("Life's Journey Begins It's a Girl")
    'lifes-journey-begins-its-a-girl'
    >>> slug_from("Test Event - One Image")
    'test-event-one-image'
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9_]+", re.sub(r"['`]", "", plain))
    return "-".join(words)[:LONGEST].rstrip("-")


def suffixed(slug: str, suffix: Callable[[], str], taken: Callable[[str], bool]) -> str:
    """The slug itself, or the first ``slug-xxxxx`` that is free (clause ``items.slug.suffix``)."""
    candidate = slug or suffix()
    while taken(candidate):
        candidate = f"{slug[: LONGEST - 6]}-{suffix()}" if slug else suffix()
    return candidate


def is_taken(collection: Collection, slug: str, item_id: str, cms_locale_id: str, profile: Profile) -> bool:
    """Whether another item holds the slug, staged or live, or a deleted live item still does.

    What is left of the deleted item, a variant in another locale, may go on with it. Variants of one item may share a
    slug (``items.slug.shared-by-variants``); how far it reaches between items is the choice ``items.slug.scope``.
    """
    scope = None if profile.items_slug_scope == "collection" else (cms_locale_id,)
    holders = collection.staged.with_slug(slug, scope) + collection.live.with_slug(slug, scope)
    if any(holder.id != item_id for holder in holders):
        return True
    if slug not in collection.held_slugs or profile.items_slug_held_after_delete == "free":
        return False
    own = collection.staged.with_slug(slug) + collection.live.with_slug(slug)
    return all(holder.id != item_id for holder in own)
