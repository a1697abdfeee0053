"""Calls as values that know no ids: ``{item#1}`` stands for whatever id the first item gets where the call is made.

References are resolved on each side by what earlier answers of that side said, so that one sequence of calls can be
made on two targets, made again on fresh ones, and printed as a script.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from fake_webflow.openapi import METHODS, load_document
from fake_webflow.openapi.paths import PathTree

JsonValue = Any
REFERENCE = re.compile(r"\{([a-z][^{}]*)\}")
UPLOAD_OPERATION = "files.upload"


@dataclass(frozen=True, slots=True)
class CallSpec:
    """One request.

    Args:
        method: HTTP method.
        path: Behind the base URL, ids as references. For an upload the reference of the asset it belongs to.
        body: JSON whose texts may hold references; for an upload the text of the file.
        query: Names and values.
        makes: What the ids in the answer are called from then on, in the order they come, each once.
        is_upload: Whether it posts the upload form of a registered asset.
        headers: More headers; an ``Authorization`` stands in the place of the token.
        data: A body that is sent as it is, in place of ``body``.
    """

    method: str
    path: str
    body: JsonValue = None
    query: tuple[tuple[str, str], ...] = ()
    makes: tuple[str, ...] = ()
    is_upload: bool = False
    headers: tuple[tuple[str, str], ...] = ()
    data: str | None = None

    @property
    def operation(self) -> str:
        """Its name in our document, ``files.upload`` for an upload, empty for a route that is not there."""
        return UPLOAD_OPERATION if self.is_upload else operation_of(self.method, self.path)

    @property
    def title(self) -> str:
        """Its operation for people; of a route that is not there, what was asked."""
        return self.operation or f"{self.method} {self.path}"

    @property
    def references(self) -> set[str]:
        """The names it speaks of, without what of them."""
        texts = [self.path, *texts_of(self.body), *(value for _, value in self.query)]
        return {name.partition(".")[0] for text in texts for name in REFERENCE.findall(text)}


CallSequence = Sequence[CallSpec]


def texts_of(value: JsonValue) -> Iterator[str]:
    """Every text in a JSON value, keys left aside."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from texts_of(part)
    elif isinstance(value, list):
        for part in value:
            yield from texts_of(part)


def map_texts(value: JsonValue, change: Callable[[str], str]) -> JsonValue:
    """The JSON value with every text changed, keys left alone."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {key: map_texts(part, change) for key, part in value.items()}
    if isinstance(value, list):
        return [map_texts(part, change) for part in value]
    return value


def md5_of(text: str) -> str:
    """What ``{md5 text}`` stands for, the mark of the run in front of the text."""
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def operation_of(method: str, path: str) -> str:
    """The name of the operation that a method and a path belong to; empty where our document has none."""
    found = _load_operation_names().find(method, path)
    return found[0] if found is not None else ""


@cache
def _load_operation_names() -> PathTree[str]:
    return PathTree(
        (method.upper(), path, stated["operationId"])
        for path, methods in load_document()["paths"].items()
        for method, stated in methods.items()
        if method in METHODS
    )
