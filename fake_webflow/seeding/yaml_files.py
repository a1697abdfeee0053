"""YAML that means what JSON means: dates stay text, ``no`` and ``on`` are words, and a key is given once."""

from __future__ import annotations

import re
from collections.abc import Hashable
from math import isfinite
from typing import Any

import orjson
import yaml

from .context import Mistake


class _Loader(yaml.SafeLoader):
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
        return super().construct_mapping(node, deep)


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


def parse_yaml(raw: bytes) -> Any:
    """The JSON value a YAML text means.

    Raises:
        Mistake: It is not valid YAML, or not JSON-serialisable.
    """
    try:
        # orjson refuses what is not JSON (dates, sets, loops of aliases), and gives each alias a value of its own.
        return orjson.loads(orjson.dumps(yaml.load(raw, _Loader)))  # noqa: S506 - a SafeLoader
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        where = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
        raise Mistake("", f"not valid YAML: {where}{error.problem}") from None
    except yaml.YAMLError as error:
        raise Mistake("", f"not valid YAML: {error}") from None
    except (TypeError, ValueError, RecursionError) as error:
        raise Mistake("", f"is not JSON-serialisable: {error}") from None
