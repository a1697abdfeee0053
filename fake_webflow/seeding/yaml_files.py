"""YAML that means what JSON means: dates stay text, ``no`` and ``on`` are words, and a key is given once."""

from __future__ import annotations

import re
from collections.abc import Hashable
from math import isfinite
from typing import Any

import orjson
import yaml

from ..message import parse_json
from .context import Mistake

# libyaml's parser and emitter are five times as fast, and not in every build of PyYAML.
_FAST_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_FAST_DUMPER: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


class _Loader(_FAST_LOADER):  # type: ignore[misc]
    """PyYAML's safe loader without the surprises of YAML 1.1, so that YAML and JSON scenarios mean the same."""

    yaml_implicit_resolvers: dict[str, list[Any]] = {}  # noqa: RUF012 - the base class's own attribute

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if key.tag not in ("tag:yaml.org,2002:str", "tag:yaml.org,2002:merge"):
                raise yaml.MarkedYAMLError(
                    problem="a key must be a text; put it in quotes", problem_mark=key.start_mark
                )
            if key.value in seen:
                raise yaml.MarkedYAMLError(problem=f"the key {key.value} is given twice", problem_mark=key.start_mark)
            seen.add(key.value)
        made: dict[Hashable, Any] = super().construct_mapping(node, deep)
        return made


# Numbers are JSON's, so that 010 and 1_000 are texts; and an id is a text even if all its digits are decimal.
_NO_ID = r"(?![0-9a-f]{24}\Z|[0-9a-f]{32}\Z)"
_WHOLE = rf"{_NO_ID}-?(?:0|[1-9][0-9]*)"
for _tag, _pattern, _first in [
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("null", r"null|Null|NULL|~|", ["n", "N", "~", ""]),
    ("int", _WHOLE, "-0123456789"),
    ("float", _WHOLE + r"(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?", "-0123456789"),
    ("merge", r"<<", "<"),
]:
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(rf"(?:{_pattern})\Z"), list(_first))


def _construct_whole_number(loader: _Loader, node: yaml.ScalarNode) -> int:
    return int(loader.construct_scalar(node))


def _construct_number(loader: _Loader, node: yaml.ScalarNode) -> float:
    number = float(loader.construct_scalar(node))
    if not isfinite(number):
        raise yaml.MarkedYAMLError(problem="the number is too large", problem_mark=node.start_mark)
    return number


_Loader.add_constructor("tag:yaml.org,2002:int", _construct_whole_number)
_Loader.add_constructor("tag:yaml.org,2002:float", _construct_number)


LARGEST_YAML = 16_000_000
"""Characters, with each alias written out, unless the text itself is as long: far less than memory."""
_PREFIX = "tag:yaml.org,2002:"
_COLLECTION_TAGS = frozenset([f"{_PREFIX}seq", f"{_PREFIX}map"])


def _measure(node: yaml.Node, loader: _Loader, sizes: dict[int, int], most: int) -> int:
    """How long a node is with its aliases written out, counted before any of them is; its tags are checked, too.

    Args:
        node: Where to begin.
        loader: Says what a scalar without a tag would be.
        sizes: Of the nodes measured so far, by identity; 0 for those that are being measured.
        most: How long it may be.

    Raises:
        yaml.MarkedYAMLError: It is too long, holds itself, or has a tag that is not JSON's or does not fit its text.
    """
    if (known := sizes.get(id(node))) is not None:
        if known == 0:
            raise yaml.MarkedYAMLError(problem="an alias stands inside its own anchor", problem_mark=node.start_mark)
        return known
    sizes[id(node)] = 0
    if isinstance(node, yaml.ScalarNode):
        _check_scalar(node, loader)
        size = 1 + len(node.value)
    else:
        if node.tag not in _COLLECTION_TAGS:
            raise yaml.MarkedYAMLError(problem=_describe_tag(node), problem_mark=node.start_mark)
        parts = [part for pair in node.value for part in pair] if isinstance(node, yaml.MappingNode) else node.value
        size = 1 + sum(_measure(part, loader, sizes, most) for part in parts)
    if size > most:
        problem = f"with its aliases written out it has more than {most:,} characters"
        raise yaml.MarkedYAMLError(problem=problem, problem_mark=node.start_mark)
    sizes[id(node)] = size
    return size


def _check_scalar(node: yaml.ScalarNode, loader: _Loader) -> None:
    """Refuses a tag that its text does not fit, for which PyYAML would raise whatever its converter runs into."""
    meant = loader.resolve(yaml.ScalarNode, node.value, (True, False))
    fits = node.tag in (f"{_PREFIX}str", meant) or (node.tag == f"{_PREFIX}float" and meant == f"{_PREFIX}int")
    if not fits:
        raise yaml.MarkedYAMLError(problem=_describe_tag(node), problem_mark=node.start_mark)


def _describe_tag(node: yaml.Node) -> str:
    return f"the tag {node.tag.replace(_PREFIX, '!!')} does not fit here; a value needs no tag, and a text has quotes"


def parse_yaml(raw: bytes) -> Any:
    """The JSON value a YAML text means.

    Raises:
        Mistake: It is not valid YAML, or not JSON-serialisable.
    """
    try:
        # orjson refuses what is not JSON (dates, sets, loops of aliases), and gives each alias a value of its own.
        loader = _Loader(raw)
        node = loader.get_single_node()
        if node is None:
            return None
        _measure(node, loader, {}, max(LARGEST_YAML, len(raw)))
        return parse_json(orjson.dumps(loader.construct_document(node)))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        where = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
        raise Mistake("", f"not valid YAML: {where}{error.problem}") from None
    except yaml.YAMLError as error:
        raise Mistake("", f"not valid YAML: {error}") from None
    except RecursionError:
        raise Mistake("", "is nested too deeply") from None
    except (TypeError, ValueError) as error:
        raise Mistake("", f"is not JSON-serialisable: {error}") from None


class _Dumper(_FAST_DUMPER):  # type: ignore[misc]
    """Writes texts so that the loader above reads them as texts."""

    yaml_implicit_resolvers = _Loader.yaml_implicit_resolvers

    def ignore_aliases(self, _: Any) -> bool:
        return True


_PLAIN = re.compile(r"[A-Za-z0-9_/.+][\w/.+@-]*(?: [\w/.+@-]+)*", re.ASCII)


def _represent_text(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    style = None if len(text) < 200 and _PLAIN.fullmatch(text) else '"'
    node: yaml.ScalarNode = dumper.represent_scalar(f"{_PREFIX}str", text, style=style)
    return node


_Dumper.add_representer(str, _represent_text)


def render_yaml(value: Any) -> bytes:
    """The YAML text of a JSON value, in the order of its keys."""
    return yaml.dump(value, Dumper=_Dumper, sort_keys=False, allow_unicode=True, encoding="utf-8", width=10_000)
