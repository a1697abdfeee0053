"""From a method and a path to an operation."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from .. import package_data
from ..openapi.paths import PathTree
from .operations import OPERATIONS, Operation

BASE_PATH = "/v2"


class NotSimulated(NamedTuple):
    """An operation of Webflow's that this fake knows by name only."""

    name: str
    method: str
    path: str
    scope: str = ""
    bucket: str = ""
    is_item_patch: bool = False


class Route(NamedTuple):
    """Where a request leads: an operation, simulated or not, and what stood in the path."""

    operation: Operation | NotSimulated
    parameters: Mapping[str, str]


@cache
def not_simulated() -> tuple[NotSimulated, ...]:
    """Every operation of the official document that the table of operations does not hold."""
    text = package_data.read("api/official_operations.tsv").decode()
    rows = [line.split("\t") for line in text.splitlines()[1:]]
    simulated = {(operation.method, operation.path) for operation in OPERATIONS}
    return tuple(NotSimulated(name, method, path) for method, path, name in rows if (method, path) not in simulated)


def find_route(method: str, path: str) -> Route | None:
    """The operation that method and path lead to, or None where Webflow has no such route.

    A fixed part of a path is preferred to a parameter: ``/items/live`` is not an item of that name.
    """
    if not path.startswith(f"{BASE_PATH}/"):
        return None
    found = _load_tree().find(method, path[len(BASE_PATH) :])
    return Route(*found) if found is not None and all(found[1].values()) else None


@cache
def _load_tree() -> PathTree[Operation | NotSimulated]:
    operations: list[Operation | NotSimulated] = [*OPERATIONS, *not_simulated()]
    return PathTree((operation.method, operation.path, operation) for operation in operations)
