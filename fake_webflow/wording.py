"""What to say of a misspelt name."""

from __future__ import annotations

from collections.abc import Iterable

_MOST_NAMES = 20


def suggest(name: str, known: Iterable[str]) -> str:
    """What to say of a name that is not known: the names near it, or all there are.

    >>> nearest("colour", ["color", "name"])
    'did you mean color?'
    >>> nearest("x", ["color", "name"])
    'there are color, name'
    """
    from difflib import get_close_matches  # only mistakes pay for it

    names = list(known)
    near = get_close_matches(name, names, n=3)
    if near:
        return f"did you mean {' or '.join(near)}?"
    more = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
    return f"there are {', '.join(names[:_MOST_NAMES])}{more}" if names else "there are none"
