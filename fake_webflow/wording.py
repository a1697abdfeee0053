"""What messages say, and the few checks that more than one room makes before it says them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeGuard

_MOST_NAMES = 20
_MOST_DIGITS = 15  # Python refuses to read numbers of some thousands
RATE_LIMIT_RULE = "a number of requests a minute, at least 1, or off (None in Python, null in JSON)"
"""What a rate limit can be."""


def suggest(name: str, known: Iterable[str]) -> str:
    """What to say of a name that is not known: the names near it, or all there are.

    >>> suggest("colour", ["color", "name"])
    'did you mean color?'
    >>> suggest("x", ["color", "name"])
    'choose one of: color, name'
    """
    from difflib import get_close_matches  # only mistakes pay for it

    names = list(known)
    near = get_close_matches(name, names, n=3)
    if near:
        return f"did you mean {' or '.join(near)}?"
    return f"choose one of: {', '.join(limit_list(names, _MOST_NAMES))}" if names else "there are none"


def limit_list(texts: Sequence[str], most: int) -> list[str]:
    """The first of the texts, and how many are left out.

    >>> limit_list(["a", "b", "c", "d"], 2)
    ['a', 'b', 'and 2 more']
    """
    more = len(texts) - most
    return [*texts[:most], *([f"and {more} more"] if more > 0 else [])]


def spell_count(number: int, noun: str) -> str:
    """A number of things.

    >>> spell_count(1, "call"), spell_count(1200, "call")
    ('1 call', '1,200 calls')
    """
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def abbreviate(text: str, longest: int) -> str:
    """The text, cut off where it is longer than that."""
    return text if len(text) <= longest else f"{text[: longest - 3]}..."


def join_lines(text: str) -> str:
    """The text on one line, so that it can be read in a log whatever it quotes."""
    return " ".join(text.split())


def is_whole_number(value: object, least: int | None = None) -> TypeGuard[int]:
    """Whether a value is a whole number, which ``True`` is not, and no smaller than ``least``."""
    return isinstance(value, int) and not isinstance(value, bool) and (least is None or value >= least)


def is_rate_limit(value: object) -> bool:
    """Whether a value can be a rate limit: ``RATE_LIMIT_RULE``."""
    return value is None or is_whole_number(value, 1)


def parse_whole_number(text: str) -> int | None:
    """The number that plain digits write; None where they write none, or one larger than any option takes."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS else None


def parse_limit(text: str) -> int | None:
    """The rate limit that an option gives: a number, or ``off``.

    Raises:
        ValueError: It is neither.
    """
    limit = None if text == "off" else parse_whole_number(text) or 0
    if not is_rate_limit(limit):
        raise ValueError(f"{RATE_LIMIT_RULE}; not {text!r}")
    return limit
