"""Slugs of items: what they are made of, and how one is made from a name."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

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
