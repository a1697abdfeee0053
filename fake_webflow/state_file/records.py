"""Records as text: a value of the world or of what surrounds it as JSON, and its bytes beside it.

A record is a named tuple or a frozen dataclass. Its JSON has its parts by their names, so that a part which a later
version adds has its default where an older file lacks it. At most one part is bytes; they are kept as they are.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import orjson

_PLAIN = (str, int, float, bool, NoneType)
_Read = Callable[[Any], Any]


def write_record(record: Any, *leave_out: str) -> tuple[str, bytes | None]:
    """A record as JSON, and its bytes, if it has some.

    Args:
        record: A named tuple or a dataclass.
        leave_out: Names of parts that are kept elsewhere.
    """
    plain: dict[str, Any] = {}
    data: bytes | None = None
    kind: Any = type(record)
    for name in _part_names(kind):
        value = getattr(record, name)
        if type(value) is bytes:
            data = value
        elif name not in leave_out:
            plain[name] = value if type(value) in _PLAIN else _make_plain(value)
    return json.dumps(plain, separators=(",", ":")), data


def read_record(kind: Any, text: str, data: bytes | None = None) -> Any:
    """The record that was written so.

    Raises:
        ValueError, TypeError, KeyError: None was.
    """
    readers, bytes_part = _part_readers(kind)
    # Parts that need no reader are texts and whole numbers; others may hold what only the slower reader tells apart.
    parts = _load_exactly(text) if readers else _load(text)
    for name, read in readers.items():
        if name in parts:
            parts[name] = read(parts[name])
    if bytes_part:
        parts[bytes_part] = data
    return kind(**parts)


def _load(text: str) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:  # as of half a surrogate pair
        return _load_exactly(text)


_load_exactly = json.loads


@cache
def _part_names(kind: Any) -> tuple[str, ...]:
    if is_dataclass(kind):
        return tuple(part.name for part in fields(kind) if part.init)
    return tuple(kind._fields)


def _make_plain(value: Any) -> Any:
    match value:
        case None | str() | int() | float():
            return value
        case Mapping():
            return {name: _make_plain(part) for name, part in value.items()}
        case frozenset():
            return sorted(value)
    if hasattr(value, "_fields") or is_dataclass(value):
        kind: Any = type(value)
        return {name: _make_plain(getattr(value, name)) for name in _part_names(kind)}
    return [_make_plain(part) for part in value]


@cache
def _part_readers(kind: Any) -> tuple[Mapping[str, _Read], str]:
    """What reads the parts that JSON does not give as they are, and the name of the part that is bytes."""
    hints = {name: hint for name, hint in get_type_hints(kind).items() if name in _part_names(kind)}
    readers = {name: _make_reader(hint) for name, hint in hints.items()}
    bytes_part = next((name for name, hint in hints.items() if hint is bytes), "")
    return {name: read for name, read in readers.items() if read is not None}, bytes_part


def _make_reader(hint: Any) -> _Read | None:
    """What makes a value of that type of JSON; None where JSON has it already."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        readers = [read for read in map(_make_reader, arguments) if read is not None]
        return (lambda value: None if value is None else readers[0](value)) if readers else None
    if origin in (frozenset, Mapping):
        return dict if origin is Mapping else frozenset
    if origin is tuple and arguments[-1] is ...:
        each = _make_reader(arguments[0])
        return tuple if each is None else lambda values: tuple(map(each, values))
    if origin is tuple:
        return tuple
    if isinstance(hint, type) and (hasattr(hint, "_fields") or is_dataclass(hint)):
        return lambda parts: _read_parts(hint, parts)
    return None


def _read_parts(kind: Any, parts: Mapping[str, Any]) -> Any:
    readers, _ = _part_readers(kind)
    return kind(**{name: readers[name](value) if name in readers else value for name, value in parts.items()})
