"""Assembles our OpenAPI document from its sources: ``python -m fake_webflow.openapi.build``.

The sources, one YAML file a resource, hold what is particular to each operation. What follows from an operation's kind
is added here, so that no operation can forget it: the refusals every operation of that kind can answer with, and the
headers of an answer to a known token, where an answer states no others.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from ..rules import CLAUSE_HEADER
from . import METHODS

_HERE = Path(__file__).parent
SOURCES = _HERE / "source"
DOCUMENT = _HERE / "document.json"

_HEAD = "common"
_HEADERS = {
    "X-RateLimit-Limit": "RateLimitLimit",
    "X-RateLimit-Remaining": "RateLimitRemaining",
    "Retry-After": "RetryAfter",
    "ETag": "ETag",
}
_HEADERS_OF_REFUSAL = {**_HEADERS, CLAUSE_HEADER: "Clause"}

_Json = dict[str, Any]


def assemble() -> _Json:
    """The whole document, from its sources.

    Raises:
        ValueError: Two sources define the same thing.
    """
    files = sorted(SOURCES.glob("*.yaml"), key=lambda file: (file.stem != _HEAD, file.stem))
    document: _Json = {}
    for file in files:
        _merge(document, yaml.safe_load(file.read_text(encoding="utf-8")), file.stem)
    for refusal in document["components"]["responses"].values():
        _give_headers(refusal, _HEADERS_OF_REFUSAL)
    for operation in iterate_operations(document):
        _complete(operation)
    return document


def iterate_operations(document: _Json) -> Iterator[_Json]:
    """Every operation of the document, with the parameters of its path among its own."""
    for path in document["paths"].values():
        shared = path.get("parameters", [])
        for method in METHODS:
            if method in path:
                yield {**path[method], "parameters": [*shared, *path[method].get("parameters", [])]}


def render_document(document: _Json) -> str:
    """The document as it is committed: one line a value, so that a change shows as what it is."""
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def _merge(into: _Json, more: _Json, source: str) -> None:
    for key, value in more.items():
        if isinstance(value, dict) and isinstance(into.setdefault(key, {}), dict):
            if key in METHODS and into[key]:
                raise ValueError(f"{source}.yaml defines {value['operationId']} a second time")
            _merge(into[key], value, source)
        elif key in into and into[key] != value:
            raise ValueError(f"{source}.yaml defines {key} a second time, and otherwise")
        else:
            into[key] = value


def _complete(operation: _Json) -> None:
    """Adds to an operation's responses what follows from its kind; what it states itself stands."""
    responses = operation["responses"]
    for status, name in _list_refusals(operation):
        responses.setdefault(status, {"$ref": f"#/components/responses/{name}"})
    for status, response in responses.items():
        if status.startswith("2"):
            _give_headers(response, _HEADERS)
    ordered = sorted(responses.items())
    responses.clear()
    responses.update(ordered)


def _give_headers(response: _Json, headers: Mapping[str, str]) -> None:
    response.setdefault(
        "headers", {name: {"$ref": f"#/components/headers/{header}"} for name, header in headers.items()}
    )


def _list_refusals(operation: _Json) -> Iterator[tuple[str, str]]:
    if operation["parameters"] or "requestBody" in operation:
        yield "400", "BadRequest"
    yield "401", "NotAuthorized"
    if any(scopes for alternative in operation["security"] for scopes in alternative.values()):
        yield "403", "Forbidden"
    if operation["parameters"]:
        yield "404", "NotFound"
    if "requestBody" in operation:
        yield "413", "PayloadTooLarge"
    yield "429", "TooManyRequests"


if __name__ == "__main__":
    DOCUMENT.write_text(render_document(assemble()), encoding="utf-8")
