"""The control interface's own OpenAPI document: what is published of it, and what requests are routed and checked by.

Every operation on a fake is there twice: at its plain path the fake is meant whose token the request carries (or, on a
server with a fake of its own, that one), and below ``/_fake/forks/{fork}`` the fork of that id.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import orjson

from .. import package_data
from ..openapi.paths import PathMatch, PathTree

CONTROL_PREFIX = "/_fake"
_OF_FORK = f"{CONTROL_PREFIX}/forks/{{fork}}"
_OF_THE_SERVER = tuple(f"{CONTROL_PREFIX}/{name}" for name in ("forks", "openapi.json", "health"))
_FORK = {
    "name": "fork",
    "in": "path",
    "required": True,
    "description": "Id of a fork, from the answer that made it.",
    "schema": {"type": "string"},
}


ControlRoute = PathMatch[Mapping[str, Any]]
"""What a path leads to; its methods are the document's operations, by upper-case method."""


@cache
def load_control_document() -> Mapping[str, Any]:
    """The whole document; shared by all callers, so not to be changed."""
    found: dict[str, Any] = orjson.loads(package_data.read("control/openapi.json"))
    paths: dict[str, Any] = found["paths"]
    for path, operations in list(paths.items()):
        if not path.startswith(
            (f"{CONTROL_PREFIX}/forks", f"{CONTROL_PREFIX}/openapi.json", f"{CONTROL_PREFIX}/health")
        ):
            paths[path.replace(CONTROL_PREFIX, _OF_FORK, 1)] = _copy_for_fork(operations)
    return found


def _copy_for_fork(operations: Mapping[str, Any]) -> dict[str, Any]:
    copies = {name: {**given, "operationId": f"{given['operationId']}OfFork"}
              for name, given in operations.items() if name != "parameters"}  # fmt: skip
    return {"parameters": [_FORK, *operations.get("parameters", ())], **copies}


def find_control_route(path: str) -> ControlRoute | None:
    """Where a path leads; None if nowhere.

    Args:
        path: Percent-decoded, as servers hand it on.
    """
    return next(iter(_load_tree().find_all(path)), None)


@cache
def _load_tree() -> PathTree[Mapping[str, Any]]:
    return PathTree(
        (name.upper(), template, operation)
        for template, operations in load_control_document()["paths"].items()
        for name, operation in operations.items()
        if name != "parameters"
    )


def request_body_schema(operation: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The schema of an operation's body; None where it takes none."""
    if "requestBody" not in operation:
        return None
    body = operation["requestBody"]
    if "$ref" in body:
        body = load_control_document()["components"]["requestBodies"][body["$ref"].rpartition("/")[2]]
    schema: Mapping[str, Any] = body["content"]["application/json"]["schema"]
    return schema


def list_query_names(operation: Mapping[str, Any]) -> list[str]:
    """The query parameters an operation takes."""
    return [given["name"] for given in operation.get("parameters", ()) if given["in"] == "query"]
