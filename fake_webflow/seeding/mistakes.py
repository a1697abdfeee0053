"""Mistakes in scenarios: each is one line that says which file, which place in it, and what is wrong there."""

from __future__ import annotations

from collections.abc import Iterable

_MOST_NAMES = 20


class ScenarioError(ValueError):
    """A scenario that cannot be used; the message is one line, as ``demo.yaml: sites[0].id: must be a string``."""


class Mistake(Exception):
    """A mistake at a place, before it is known in which file.

    Args:
        place: As ``sites[0].collections[1].items[3].fieldData.color``; empty for the whole file.
        text: What is wrong there.
    """

    def __init__(self, place: str, text: str) -> None:
        super().__init__(f"{place}: {text}" if place else text)

    def in_file(self, source: str) -> ScenarioError:
        """The mistake with the name of its file, on one line whatever it quotes."""
        return ScenarioError(" ".join(f"{source}: {self}".split()))


def nearest(name: str, known: Iterable[str]) -> str:
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
