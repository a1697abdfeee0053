"""The one matcher of paths: from a request's path to what a table of templates (``/sites/{site_id}``) has there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Generic, NamedTuple, TypeVar

_Value = TypeVar("_Value")


class PathMatch(NamedTuple, Generic[_Value]):
    """A template that a path has the form of.

    Args:
        template: As in the table.
        methods: The table's values by method.
        parameters: What stands in the path, by name.
    """

    template: str
    methods: Mapping[str, _Value]
    parameters: dict[str, str]


class _Row(NamedTuple, Generic[_Value]):
    """A template with its values by method, and where in a path its parameters stand."""

    template: str
    methods: dict[str, _Value]
    places: tuple[tuple[str, int], ...]


@dataclass(slots=True)
class _Node(Generic[_Value]):
    """What the templates have in common up to some part: how they go on, and those that end here."""

    fixed: dict[str, _Node[_Value]] = field(default_factory=dict)
    parameter: _Node[_Value] | None = None
    rows: dict[str, _Row[_Value]] = field(default_factory=dict)


class PathTree(Generic[_Value]):
    """Templates of paths, to be asked for the one that a path has the form of.

    Args:
        rows: Method, template and value, in any order.
    """

    def __init__(self, rows: Iterable[tuple[str, str, _Value]]) -> None:
        self._root: _Node[_Value] = _Node()
        for method, template, value in rows:
            node, places = self._root, []
            for place, part in enumerate(_split(template)):
                if part.startswith("{"):
                    places.append((part[1:-1], place))
                    node.parameter = node = node.parameter or _Node()
                else:
                    node = node.fixed.setdefault(part, _Node())
            node.rows.setdefault(template, _Row(template, {}, tuple(places))).methods[method] = value

    def find(self, method: str, path: str) -> tuple[_Value, dict[str, str]] | None:
        """What the table has for that method and path, with what stands in the path; None where it has nothing."""
        parts = _split(path)
        for row in self._find_rows(parts):
            if method in row.methods:
                return row.methods[method], {name: parts[place] for name, place in row.places}
        return None

    def find_all(self, path: str) -> list[PathMatch[_Value]]:
        """The templates that a path has the form of; at each part a fixed one comes before a parameter.

        Args:
            path: Percent-decoded. A slash at its end says nothing. A parameter may stand for an empty part.
        """
        parts = _split(path)
        return [
            PathMatch(row.template, row.methods, {name: parts[place] for name, place in row.places})
            for row in self._find_rows(parts)
        ]

    def _find_rows(self, parts: list[str]) -> list[_Row[_Value]]:
        nodes = [self._root]
        for part in parts:
            # The nodes stay in the order of preference: what differs in an earlier part has decided it.
            following = []
            for node in nodes:
                if part in node.fixed:
                    following.append(node.fixed[part])
                if node.parameter is not None:
                    following.append(node.parameter)
            nodes = following
        return [row for node in nodes for row in node.rows.values()]


def _split(path: str) -> list[str]:
    return path.rstrip("/").split("/")
