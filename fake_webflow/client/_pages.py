"""Walks over the pages of a listing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeGuard

from ._answers import JsonObject
from ._errors import UnexpectedAnswer

LARGEST_PAGE = 100
"""Entries on one page, as Webflow documents it."""


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
            limit = int(answered)


def _count(value: object) -> TypeGuard[int]:
    # JSON has one kind of number: 100.0 is 100.
    return isinstance(value, int | float) and not isinstance(value, bool) and value == value // 1
