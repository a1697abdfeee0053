"""Our OpenAPI document of the simulated surface, and what the shape checks and suites read from it.

The document is data, parsed when it is first asked for and never at import.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import orjson

from .. import package_data

METHODS = ("get", "post", "put", "patch", "delete")


@cache
def load_document() -> dict[str, Any]:
    """The whole document, OpenAPI 3.1; shared by all callers, so not to be changed."""
    found: dict[str, Any] = orjson.loads(package_data.read("openapi/document.json"))
    return found


def body_schema(operation_id: str) -> Mapping[str, Any] | None:
    """The schema of an operation's JSON body; None where it takes none.

    Raises:
        LookupError: The document has no such operation.
    """
    body = _find_operation(operation_id).get("requestBody")
    if body is None:
        return None
    schema: Mapping[str, Any] = resolve_reference(body)["content"]["application/json"]["schema"]
    return schema


def query_parameters(operation_id: str) -> list[Mapping[str, Any]]:
    """The parameter objects of an operation that stand in the query, references followed.

    Raises:
        LookupError: The document has no such operation.
    """
    parameters = (resolve_reference(parameter) for parameter in _find_operation(operation_id)["parameters"])
    return [parameter for parameter in parameters if parameter["in"] == "query"]


def resolve_reference(node: Mapping[str, Any]) -> Mapping[str, Any]:
    """The node itself, or what it refers to within the document.

    Raises:
        LookupError: It refers to nothing.
    """
    while "$ref" in node:
        target: Any = load_document()
        for step in node["$ref"].removeprefix("#/").split("/"):
            target = target[step]
        node = target
    return node


def _find_operation(operation_id: str) -> Mapping[str, Any]:
    found = _operations_by_id().get(operation_id)
    if found is None:
        raise LookupError(f"the document has no operation {operation_id!r}")
    return found


@cache
def _operations_by_id() -> dict[str, dict[str, Any]]:
    """Every operation by its id, the parameters of its path among its own."""
    return {
        path[method]["operationId"]: {
            **path[method],
            "parameters": [*path.get("parameters", []), *path[method].get("parameters", [])],
        }
        for path in load_document()["paths"].values()
        for method in METHODS
        if method in path
    }
