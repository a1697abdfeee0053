"""The skeleton of an OpenAPI document: what clients depend on, without prose, examples, formats and order.

Of the operations that are simulated it has parameters, property paths, types, enums, what is required and statuses; of
all others method and path. It copes with the defects of Webflow's document: ``items`` that are a list, ``nullable``,
properties without ``type: object``, responses inside schemas, references in circles.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from ..api.operations import OPERATIONS

METHODS = ("get", "put", "post", "delete", "patch", "head", "options")
_DEEPEST = 12
_PARAMETER = re.compile(r"\{[^{}]*\}")


class UnreadableDocument(Exception):
    """Why a document cannot be compared, in one line."""


class Fact(NamedTuple):
    """What a document says of one place of an operation.

    Args:
        types: The JSON types it may have; empty where the document does not say.
        enum: The values it may have; None for any.
        required: Whether it is always there.
    """

    types: frozenset[str] = frozenset()
    enum: frozenset[str] | None = None
    required: bool = False

    def join(self, other: Fact) -> Fact:
        """Of a place that two alternatives have."""
        enum = None if self.enum is None or other.enum is None else self.enum | other.enum
        return Fact(self.types | other.types, enum, self.required and other.required)


Facts = dict[str, Fact]
Skeleton = dict[str, Facts]
"""Facts by place, by operation as ``GET /sites/{}``."""


def operation_key(method: str, path: str) -> str:
    """How an operation is called here: the names of parameters in its path are nobody's business."""
    return f"{method.upper()} {_PARAMETER.sub('{}', path)}"


OPERATION_NAMES: Mapping[str, str] = {operation_key(one.method, one.path): one.name for one in OPERATIONS}
"""Our names of the operations that are simulated."""


def read_skeleton(document: Any) -> Skeleton:
    """The skeleton of a document.

    Args:
        document: As parsed.

    Raises:
        UnreadableDocument: It is none of Webflow's Data API, or not the whole of it.
    """
    paths = document.get("paths") if isinstance(document, dict) else None
    if not isinstance(paths, dict):
        raise UnreadableDocument("is not an OpenAPI document: it has no paths")
    skeleton: Skeleton = {}
    reader = _Reader(document)
    for path, item in paths.items():
        if not isinstance(item, dict):
            raise UnreadableDocument(f"paths.{path}: expected an object")
        for method in METHODS:
            if method not in item:
                continue
            if not isinstance(item[method], dict):
                raise UnreadableDocument(f"paths.{path}.{method}: expected an object")
            key = operation_key(method, str(path))
            skeleton[key] = reader.read(item, item[method]) if key in OPERATION_NAMES else {}
    known = len(OPERATION_NAMES.keys() & skeleton.keys())
    if known < len(OPERATION_NAMES) // 2:
        raise UnreadableDocument(
            f"has {known} of the {len(OPERATION_NAMES)} operations that are simulated: another API's, or cut off"
        )
    return skeleton


class _Reader:
    """Reads the facts of operations."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = document
        self._answers: dict[tuple[str, str], Facts] = {}  # of those that are shared, by reference and status

    def read(self, item: Mapping[str, Any], operation: Mapping[str, Any]) -> Facts:
        facts: Facts = {}
        for entry in [*_entries(item.get("parameters")), *_entries(operation.get("parameters"))]:
            parameter = self._resolve(entry)
            if parameter.get("in") in ("query", "header"):
                place = f"{parameter['in']} {parameter.get('name')}"
                facts |= self._read_schema(parameter.get("schema"), place, required=parameter.get("required") is True)
        body = self._resolve(operation.get("requestBody"))
        if body:
            facts |= self._read_content(body, "request", required=body.get("required") is True)
        responses = operation.get("responses")
        for status, entry in responses.items() if isinstance(responses, dict) else ():
            reference = entry.get("$ref") if isinstance(entry, dict) else None
            if not isinstance(reference, str):
                facts |= self._read_answer(entry, str(status))
                continue
            name = reference, str(status)
            if name not in self._answers:
                self._answers[name] = self._read_answer(entry, str(status))
            facts |= self._answers[name]
        return facts

    def _read_answer(self, entry: Any, status: str) -> Facts:
        answer = self._resolve(entry)
        headers = answer.get("headers")
        named = {f"{status} header {name}": Fact() for name in (headers if isinstance(headers, dict) else ())}
        return {status: Fact(), **self._read_content(answer, status, required=True), **named}

    def _read_content(self, holder: Mapping[str, Any], place: str, *, required: bool) -> Facts:
        content = holder.get("content")
        for media in content.values() if isinstance(content, dict) else ():
            if isinstance(media, dict):
                return self._read_schema(media.get("schema"), place, required=required)
        return {}

    def _resolve(self, value: Any) -> Mapping[str, Any]:
        """The object that a value is or refers to; an empty one where it is none."""
        for _ in range(_DEEPEST):
            if not isinstance(value, dict):
                return {}
            reference = value.get("$ref")
            if not isinstance(reference, str) or not reference.startswith("#/"):
                return value
            value = self._document
            for name in reference[2:].split("/"):
                name = name.replace("~1", "/").replace("~0", "~")
                value = value.get(name) if isinstance(value, dict) else None
        return {}

    def _read_schema(self, value: Any, place: str, *, required: bool, depth: int = 0) -> Facts:
        schema = self._resolve(value)
        if depth > _DEEPEST:
            return {}
        if "content" in schema:  # a response where a schema is expected
            return self._read_content(schema, place, required=required)
        facts = {place: Fact(_read_types(schema), _read_enum(schema), required)}
        for part in _entries(schema.get("allOf")):
            facts = _merge(facts, self._read_schema(part, place, required=required, depth=depth + 1))
        facts = _merge(facts, self._read_members(schema, place, depth))
        branches = [*_entries(schema.get("oneOf")), *_entries(schema.get("anyOf"))]
        if branches:
            found = [self._read_schema(part, place, required=required, depth=depth + 1) for part in branches]
            facts = _merge(facts, _join(found))
        return facts

    def _read_members(self, schema: Mapping[str, Any], place: str, depth: int) -> Facts:
        facts: Facts = {}
        needed = schema.get("required")
        needed = needed if isinstance(needed, list) else []
        properties = schema.get("properties")
        for name, part in properties.items() if isinstance(properties, dict) else ():
            facts |= self._read_schema(part, f"{place} {name}", required=name in needed, depth=depth + 1)
        if isinstance(schema.get("additionalProperties"), dict):
            facts |= self._read_schema(schema["additionalProperties"], f"{place} *", required=False, depth=depth + 1)
        entries = schema.get("items")
        if entries is not None:
            several = entries if isinstance(entries, list) else [entries]
            facts |= _join([self._read_schema(one, f"{place} []", required=False, depth=depth + 1) for one in several])
        return facts


def _entries(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _read_types(schema: Mapping[str, Any]) -> frozenset[str]:
    said = schema.get("type")
    types = {str(one) for one in (said if isinstance(said, list) else [said]) if one is not None}
    if not types and isinstance(schema.get("properties"), dict):
        types = {"object"}
    if schema.get("nullable") is True and types:
        types |= {"null"}
    return frozenset(types)


def _read_enum(schema: Mapping[str, Any]) -> frozenset[str] | None:
    if "const" in schema:
        return frozenset([str(schema["const"])])
    values = schema.get("enum")
    if not isinstance(values, list):
        return None
    return frozenset(str(one.get("value", one)) if isinstance(one, dict) else str(one) for one in values)


def _merge(one: Facts, other: Facts) -> Facts:
    """Facts of which all hold."""
    merged = dict(one)
    for place, fact in other.items():
        known = merged.get(place)
        if known is None:
            merged[place] = fact
        else:
            types = known.types & fact.types or known.types | fact.types
            enum = fact.enum if known.enum is None else known.enum
            merged[place] = Fact(types, enum, known.required or fact.required)
    return merged


def _join(alternatives: list[Facts]) -> Facts:
    """Facts of which one branch's hold: what only some have is not required."""
    joined: Facts = {}
    for facts in alternatives:
        for place, fact in facts.items():
            joined[place] = joined[place].join(fact) if place in joined else fact
    for place, fact in joined.items():
        if any(place not in facts for facts in alternatives):
            joined[place] = fact._replace(required=False)
    return joined


def list_facts(skeleton: Skeleton) -> dict[str, Any]:
    """The skeleton as JSON, sorted."""
    return {
        key: {
            place: {
                **({"types": sorted(fact.types)} if fact.types else {}),
                **({"enum": sorted(fact.enum)} if fact.enum is not None else {}),
                **({"required": True} if fact.required else {}),
            }
            for place, fact in sorted(facts.items())
        }
        for key, facts in sorted(skeleton.items())
    }


def parse_facts(data: Mapping[str, Any]) -> Skeleton:
    """A skeleton out of its JSON.

    Raises:
        UnreadableDocument: It is none.
    """
    try:
        return {
            key: {
                place: Fact(
                    frozenset(said.get("types", ())),
                    frozenset(said["enum"]) if "enum" in said else None,
                    said.get("required", False),
                )
                for place, said in facts.items()
            }
            for key, facts in data.items()
        }
    except (AttributeError, TypeError) as error:
        raise UnreadableDocument(f"is not a skeleton: {error}") from None


def walk_places(facts: Facts) -> Iterator[tuple[str, str]]:
    """Each place with the one around it; empty for the outermost."""
    for place in facts:
        yield place, place.rpartition(" ")[0]
