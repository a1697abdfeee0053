"""The types of the TypeScript file for tests, from the document of the control interface."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator, Mapping
from typing import Any

from fake_webflow.control.document import load_control_document, request_body_schema

_NAMES = {"string": "string", "integer": "number", "number": "number", "boolean": "boolean", "null": "null"}
_BODIES = {"createFork": "ForkOptions", "putFork": ""}  # which have the same body


def render_types() -> str:
    """An interface for each schema of the document, and one for each body of a request that may hold something."""
    document = load_control_document()
    named = [(name, schema) for name, schema in document["components"]["schemas"].items()]
    for path in document["paths"].values():
        for operation in path.values():
            if isinstance(operation, Mapping) and not operation["operationId"].endswith("OfFork"):
                named += _find_body(operation)
    return "\n\n".join("\n".join(_render_interface(name, schema)) for name, schema in sorted(named, key=_by_name))


def _by_name(named: tuple[str, Any]) -> str:
    return named[0]


def _find_body(operation: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    schema, operation_id = request_body_schema(operation), operation["operationId"]
    name = _BODIES.get(operation_id, operation_id[0].upper() + operation_id[1:])
    if name and schema and schema["properties"]:
        yield name, {"description": f"What is sent to {operation_id}.", **schema}


def _render_interface(name: str, schema: Mapping[str, Any]) -> Iterator[str]:
    yield from _render_comment(schema, "")
    yield f"export interface {name} {{"
    yield from _render_members(schema, "  ")
    yield "}"


def _render_members(schema: Mapping[str, Any], indent: str) -> Iterator[str]:
    required = schema.get("required", ())
    for name, part in schema["properties"].items():
        yield from _render_comment(part, indent)
        yield f"{indent}{name}{'' if name in required else '?'}: {_render_type(part, indent)};"
    if schema.get("additionalProperties") is True:
        yield f"{indent}[key: string]: any;"


def _render_comment(schema: Mapping[str, Any], indent: str) -> Iterator[str]:
    lines = textwrap.wrap(schema.get("description", ""), 110 - len(indent))
    if len(lines) == 1:
        yield f"{indent}/** {lines[0]} */"
    elif lines:
        yield f"{indent}/**"
        yield from (f"{indent} * {line}" for line in lines)
        yield f"{indent} */"


def _render_type(schema: Mapping[str, Any], indent: str) -> str:
    if "$ref" in schema:
        return str(schema["$ref"].rpartition("/")[2])
    if "anyOf" in schema:
        return " | ".join(_render_type(part, indent) for part in schema["anyOf"])
    if "const" in schema or "enum" in schema:
        return " | ".join(map(json.dumps, schema.get("enum", [schema.get("const")])))
    kinds = schema.get("type", "any")
    return " | ".join(_render_kind(kind, schema, indent) for kind in ([kinds] if isinstance(kinds, str) else kinds))


def _render_kind(kind: str, schema: Mapping[str, Any], indent: str) -> str:
    if kind == "array":
        part = _render_type(schema.get("items", {}), indent)
        return f"Array<{part}>" if " " in part else f"{part}[]"
    if kind != "object":
        return _NAMES.get(kind, kind)
    if schema.get("properties"):
        return "\n".join(["{", *_render_members(schema, f"{indent}  "), f"{indent}}}"])
    more = schema.get("additionalProperties", True)
    if more is False or "properties" in schema:
        return "Record<string, never>"
    return f"Record<string, {'any' if more is True else _render_type(more, indent)}>"
