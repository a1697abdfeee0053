"""Walks over the pages of a listing, and cuts long lists into calls."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeGuard, TypeVar

from ._answers import JsonObject, JsonObjects
from ._errors import UnexpectedAnswer, WebflowError

LARGEST_CALL = 100
"""Items in one bulk call and entries on one page, as Webflow documents both."""

Entry = TypeVar("Entry")


def entries(fetch: Callable[[int, int], JsonObject], key: str, page_size: int) -> Iterator[JsonObject]:
    """Yield every entry of a listing, asking for the next page only when it is needed.

    Ends at ``pagination.total`` as the latest page states it, or at an empty page. The next page begins after the
    entries that came, not after those asked for, and once the server has answered with a smaller limit than asked
    for (Webflow silently cuts to 100) that is what the following pages ask for.

    Args:
        fetch: Fetches the page of a limit and an offset.
        key: Where in the answer the entries are.
        page_size: Entries per page to ask for.

    Raises:
        UnexpectedAnswer: A page does not say the total, or begins elsewhere than asked: going on could go on for ever.
    """
    limit, offset = page_size, 0
    while True:
        answer = fetch(limit, offset)
        page, pagination = answer.get(key), answer.get("pagination")
        if not isinstance(page, list) or not isinstance(pagination, dict) or not _count(pagination.get("total")):
            raise UnexpectedAnswer(f"a page of {key} without its entries or its total", 200)
        if pagination.get("offset", offset) != offset:
            raise UnexpectedAnswer(f"asked for {key} from {offset}, got them from {pagination['offset']}", 200)
        yield from page
        offset += len(page)
        if not page or offset >= pagination["total"]:
            return
        answered = pagination.get("limit")
        if _count(answered) and 0 < answered < limit:
            limit = answered


def _count(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)


def chunks(
    entries: Iterable[Entry], weight: Callable[[Entry], int] = lambda _: 1, largest: int = LARGEST_CALL
) -> list[list[Entry]]:
    """Cut a list into pieces that weigh at most so much, in order; what is too heavy alone is a piece alone.

    Args:
        entries: What to cut. Read to its end first, so that a source which fails has sent nothing.
        weight: How much an entry counts.
        largest: How much a piece may weigh.
    """
    pieces: list[list[Entry]] = []
    room = 0
    for entry in entries:
        needed = weight(entry)
        if not pieces or needed > room:
            pieces.append([])
            room = largest
        pieces[-1].append(entry)
        room -= needed
    return pieces


def variants(item: JsonObject) -> int:
    """How much an item counts in a bulk create: once for each locale, as Webflow documents for ``insert``."""
    return max(1, len(item.get("cmsLocaleIds") or ()))


def piecewise(pieces: Iterable[list[Entry]], call: Callable[[list[Entry]], JsonObjects]) -> JsonObjects:
    """Make one call per piece and join what they return.

    Raises:
        WebflowError: What a call raised, its ``completed`` set to what the calls before it had returned.
    """
    done: JsonObjects = []
    for piece in pieces:
        try:
            done += call(piece)
        except WebflowError as error:
            error.completed = done
            raise
    return done
