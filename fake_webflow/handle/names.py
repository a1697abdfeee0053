"""Names as tests write them, of operations, their parameters and collections: for misspelt ones the nearest."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
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


def read_path_params(given: Mapping[str, str] | None, operations: Iterable[str]) -> Mapping[str, str]:
    """Parts of a path as a test states them: a copy.

    Args:
        given: By the names of parameters, as ``site_id``.
        operations: The names of the operations that may have them.

    Raises:
        ValueError: None of the operations has such a parameter, or a value is not a text.
    """
    if not isinstance(given or {}, Mapping):
        raise ValueError(f'path_params are names and values, as {{"site_id": fake_webflow.site.id}}; not {given!r}')
    known = sorted({name for operation in operations for name in _list_parameters().get(operation, ())})
    for name, value in (given or {}).items():
        if name not in known:
            raise ValueError(f"path_params: no path has a {name!r} here; {suggest(str(name), known)}")
        if not isinstance(value, str) or not value:
            raise ValueError(f"path_params: {name} is a text, as it stands in the path; not {value!r}")
    return dict(given or {})


@cache
def _list_parameters() -> Mapping[str, frozenset[str]]:
    """The names of what varies in the paths of each operation."""
    found = {READ: frozenset(["key"])}
    rows = [(one.name, one.path) for one in OPERATIONS] + [(one.name, one.path) for one in not_simulated()]
    for name, path in rows:  # two of Webflow's have one name
        found[name] = found.get(name, frozenset()) | frozenset(re.findall(r"{(\w+)}", path))
    return found


def _match_name(name: str) -> list[str]:
    names = list_operation_names()
    found = [name] if name in names else matching(names, name)
    if not found:
        ours = next((operation.name for operation in OPERATIONS if operation.official == name), None)
        hint = f"Webflow's {name} is {ours} here" if ours is not None else suggest(name, names)
        raise ValueError(f"no operation is named {name!r}; {hint}")
    return found
