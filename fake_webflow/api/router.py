"""From a method and a path to an operation."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from .operations import OPERATIONS, Operation

BASE_PATH = "/v2"
_METHODS = object()


class NotSimulated(NamedTuple):
    """An operation of Webflow's that this fake knows by name only."""

    name: str
    method: str
    path: str


class Route(NamedTuple):
    """Where a request leads: an operation, simulated or not, and what stood in the path."""

    operation: Operation | NotSimulated
    parameters: Mapping[str, str]


@cache
def not_simulated() -> tuple[NotSimulated, ...]:
    """Every operation of the official document that the table of operations does not hold."""
    text = Path(__file__).with_name("official_operations.tsv").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in text.splitlines()[1:]]
    simulated = {(operation.method, operation.path) for operation in OPERATIONS}
    return tuple(NotSimulated(name, method, path) for method, path, name in rows if (method, path) not in simulated)


def find_route(method: str, path: str) -> Route | None:
    """The operation that method and path lead to, or None where Webflow has no such route.

    A fixed part of a path is preferred to a parameter: ``/items/live`` is no item of that name.
    """
    if not path.startswith(f"{BASE_PATH}/"):
        return None
    values: list[str] = []
    operation = _walk(_build_tree(), path[len(BASE_PATH) + 1 :].rstrip("/").split("/"), 0, method, values)
    if operation is None:
        return None
    return Route(operation, dict(zip(_parameter_names(operation.path), values, strict=True)))


def _walk(
    node: dict[Any, Any], parts: list[str], place: int, method: str, values: list[str]
) -> Operation | NotSimulated | None:
    """Walks down the tree; what stands in the place of parameters is left in ``values``."""
    if place == len(parts):
        operation: Operation | NotSimulated | None = node.get(_METHODS, {}).get(method)
        return operation
    part = parts[place]
    if part in node:
        found = _walk(node[part], parts, place + 1, method, values)
        if found is not None:
            return found
    if None in node and part:
        values.append(part)
        found = _walk(node[None], parts, place + 1, method, values)
        if found is not None:
            return found
        values.pop()
    return None


@cache
def _parameter_names(path: str) -> tuple[str, ...]:
    return tuple(part[1:-1] for part in path.split("/") if part.startswith("{"))


@cache
def _build_tree() -> dict[Any, Any]:
    tree: dict[Any, Any] = {}
    operations: list[Operation | NotSimulated] = [*OPERATIONS, *not_simulated()]
    for operation in operations:
        node = tree
        for part in operation.path[1:].split("/"):
            node = node.setdefault(None if part.startswith("{") else part, {})
        node.setdefault(_METHODS, {})[operation.method] = operation
    return tree
