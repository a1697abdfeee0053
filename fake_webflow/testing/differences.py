"""How a JSON value differs from a part of one that was wanted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..nearest import nearest

_LONGEST = 120


def differences(place: str, wanted: Any, found: Any) -> Iterator[str]:
    """What is different, a line each; nothing where ``found`` has all that is wanted.

    Objects may have more keys than are wanted, at any depth; everything else must be equal.

    >>> list(differences("body", {"fieldData": {"name": "Ada"}}, {"fieldData": {"name": "Bob", "slug": "bob"}}))
    ["body.fieldData.name is 'Bob', not 'Ada'"]

    Args:
        place: How the value is called in the lines.
        wanted: The part.
        found: The whole.
    """
    if isinstance(wanted, Mapping) and isinstance(found, Mapping):
        for name, part in wanted.items():
            if name in found:
                yield from differences(f"{place}.{name}", part, found[name])
            else:
                yield f"{place}.{name} is missing; {nearest(str(name), map(str, found))}"
    elif isinstance(wanted, list) and isinstance(found, list) and len(wanted) == len(found):
        for number, (part, value) in enumerate(zip(wanted, found, strict=True)):
            yield from differences(f"{place}[{number}]", part, value)
    elif wanted != found or isinstance(wanted, bool) != isinstance(found, bool):
        yield f"{place} is {_short(found)}, not {_short(wanted)}"


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."
