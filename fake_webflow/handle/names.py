"""Names as tests write them, of operations and collections: misspelt ones are told, with the nearest there are."""

from __future__ import annotations

from fnmatch import filter as matching
from functools import cache

from ..api.operations import OPERATIONS
from ..api.router import not_simulated
from ..storage import READ, UPLOAD
from ..wording import suggest
from ..world.collections import Collection

__tracebackhide__ = True  # an error of a test is shown where the test is, not in here
FILE_OPERATIONS = frozenset([UPLOAD, READ])


class CollectionsBySlug(dict[str, Collection]):
    """Collections by their slugs, which also finds them by id and by name."""

    def __missing__(self, name: str) -> Collection:
        for collection in self.values():
            if name in (collection.id, collection.display_name):
                return collection
        raise KeyError(f"no collection has the slug, the id or the name {name!r}; {suggest(str(name), self)}")


@cache
def list_operation_names() -> tuple[str, ...]:
    """Every name that can stand in the journal: of operations, uploads, files, and what is not simulated."""
    return (*(operation.name for operation in OPERATIONS), UPLOAD, READ, *(known.name for known in not_simulated()))


def match_operations(*names: str) -> frozenset[str]:
    """The operations of these names.

    Args:
        names: Names as ``items.create``; with ``*`` patterns of them, as ``items.*``.

    Raises:
        ValueError: No operation has one of the names; the message says which are near.
        TypeError: A name is none, such as a list of them.
    """
    for name in names:
        if not isinstance(name, str):
            raise TypeError(f"operations are named one by one, as 'items.create', 'items.update'; not {name!r}")
    return frozenset(known for name in names for known in _match_name(name))


def _match_name(name: str) -> list[str]:
    names = list_operation_names()
    found = [name] if name in names else matching(names, name)
    if not found:
        ours = next((operation.name for operation in OPERATIONS if operation.official == name), None)
        hint = f"Webflow's {name} is {ours} here" if ours is not None else suggest(name, names)
        raise ValueError(f"no operation is named {name!r}; {hint}")
    return found
