"""Pages: what ``limit`` and ``offset`` mean, and how a page says where it stands."""

from __future__ import annotations

from typing import Any

from ..rules import Refusal
from .call import Call

LARGEST_PAGE = 100


def page_of(call: Call) -> tuple[int, int]:
    """The offset and the limit asked for; the shape check has seen to it that they are numbers.

    Raises:
        Refusal: ``lists.limit-over-100``, if that choice says so.
    """
    limit = int(call.query.get("limit", LARGEST_PAGE))
    if limit > LARGEST_PAGE and call.profile.lists_limit_over_100 == "reject":
        raise Refusal("lists.limit-over-100", limit=limit)
    return int(call.query.get("offset", 0)), min(limit, LARGEST_PAGE)


def pagination(offset: int, limit: int, total: int) -> dict[str, Any]:
    """The object that closes a page, keys in the recorded order (clause ``lists.pagination``)."""
    return {"limit": limit, "offset": offset, "total": total}
