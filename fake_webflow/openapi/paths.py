"""The one matcher of paths: from a request's path to what a table of templates (``/sites/{site_id}``) has there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
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


@dataclass(slots=True)
class _Node(Generic[_Value]):
    """What the templates have in common up to some part: how they go on, and those that end here."""

    fixed: dict[str, _Node[_Value]] = field(default_factory=dict)
    parameter: _Node[_Value] | None = None
    templates: dict[str, dict[str, _Value]] = field(default_factory=dict)


class PathTree(Generic[_Value]):
    """Templates of paths, to be asked for the one that a path has the form of.

    Args:
        rows: Method, template and value, in any order.
    """

    def __init__(self, rows: Iterable[tuple[str, str, _Value]]) -> None:
        self._root: _Node[_Value] = _Node()
        for method, template, value in rows:
            node = self._root
            for part in _split(template):
                if _is_parameter(part):
                    node.parameter = node.parameter or _Node()
                    node = node.parameter
                else:
                    node = node.fixed.setdefault(part, _Node())
            node.templates.setdefault(template, {})[method] = value

    def find(self, method: str, path: str) -> tuple[_Value, dict[str, str]] | None:
        """What the table has for that method and path, with what stands in the path; None where it has nothing."""
        for found in self.find_all(path):
            if method in found.methods:
                return found.methods[method], found.parameters
        return None

    def find_all(self, path: str) -> Iterator[PathMatch[_Value]]:
        """The templates that a path has the form of; at each part a fixed one comes before a parameter.

        Args:
            path: Percent-decoded. A slash at its end says nothing. A parameter may stand for an empty part.
        """
        parts = _split(path)
        nodes = [self._root]
        for part in parts:
            # Each place in turn takes all of the nodes before, in order: so what differs first decides the order.
            nodes = [
                following
                for node in nodes
                for following in (node.fixed.get(part), node.parameter)
                if following is not None
            ]
        for node in nodes:
            for template, methods in node.templates.items():
                pairs = zip(_split(template), parts, strict=True)
                yield PathMatch(template, methods, {name[1:-1]: part for name, part in pairs if _is_parameter(name)})


def _split(path: str) -> list[str]:
    return path.rstrip("/").split("/")


def _is_parameter(part: str) -> bool:
    return part.startswith("{")
