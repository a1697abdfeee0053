"""Slugs of items: what they are made of, and how one is made from a name."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

LONGEST_SLUG = 256
SLUG_PATTERN = re.compile(r"[_a-zA-Z0-9][-_a-zA-Z0-9]*")


def slugify(name: str) -> str:
    """The slug Webflow makes of a name (clause ``items.slug.generated``); empty where nothing usable is left.

    >>> slugify("Life's Journey Begins It's a Girl")
    'lifes-journey-begins-its-a-girl'
    >>> slugify("Test Event - One Image")
    'test-event-one-image'
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9_]+", re.sub(r"['`]", "", plain))
    return "-".join(words)[:LONGEST_SLUG].rstrip("-")


def find_free_slug(slug: str, make_suffix: Callable[[], str], is_taken: Callable[[str], bool]) -> str:
    """The slug itself, or the first ``slug-xxxxx`` that is free (clause ``items.slug.suffix``)."""
    candidate = slug or make_suffix()
    while is_taken(candidate):
        candidate = f"{slug[: LONGEST_SLUG - 6]}-{make_suffix()}" if slug else make_suffix()
    return candidate
