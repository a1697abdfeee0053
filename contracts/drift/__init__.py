"""The drift library: ways in which an API changes behind its clients' backs, and what has to notice each.

A drift is a function of a request and of the API as it was. It may change the request, the answer, or both, and ask the
API more than once; it knows nothing of the fake, so it changes any API it is put before. ``fake-webflow drift NAME``
puts one before an API on this machine; ``python -m contracts.drift`` runs the whole suite against each.
"""

from __future__ import annotations

from difflib import get_close_matches
from functools import cache

from . import (
    assets,
    collection_changes,
    errors,
    field_data,
    filters,
    harmless,
    http,
    inserts,
    items,
    lists,
    publishing,
    slugs,
    structure,
    updates,
    uploads,
)
from .drift import Drift

__all__ = ["Drift", "drifts", "find_drift", "harmless_changes"]

_MODULES = (
    lists,
    filters,
    items,
    inserts,
    updates,
    publishing,
    slugs,
    field_data,
    errors,
    http,
    structure,
    collection_changes,
    assets,
    uploads,
)
_MOST_NAMES = 20


@cache
def drifts() -> tuple[Drift, ...]:
    """Every drift of the library, sorted by family and name."""
    found = [value for module in _MODULES for value in vars(module).values() if isinstance(value, Drift)]
    return tuple(sorted(found, key=lambda drift: (drift.family, drift.name)))


@cache
def harmless_changes() -> tuple[Drift, ...]:
    """Every change that nobody may call a difference, sorted by name."""
    found = [value for value in vars(harmless).values() if isinstance(value, Drift)]
    return tuple(sorted(found, key=lambda drift: drift.name))


def find_drift(name: str) -> Drift:
    """The drift of that name, or the harmless change.

    Raises:
        LookupError: There is none; the message names the nearest.
    """
    by_name = {drift.name: drift for drift in (*drifts(), *harmless_changes())}
    if name in by_name:
        return by_name[name]
    near = get_close_matches(name, by_name, n=3)
    shown = ", ".join(list(by_name)[:_MOST_NAMES])
    hint = f"did you mean {' or '.join(near)}?" if near else f"there are {shown} and {len(by_name) - _MOST_NAMES} more"
    raise LookupError(f"no drift is named {name!r}; {hint}")
