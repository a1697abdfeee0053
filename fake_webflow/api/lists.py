"""Pages: what ``limit`` and ``offset`` mean, and how a page says where it stands."""

from __future__ import annotations

from typing import Any

from ..rules import Refusal
from .call import Call

LARGEST_PAGE = 100
# The largest whole number every reader of JSON holds exactly.
LARGEST_OFFSET = 2**53 - 1


def page_of(call: Call) -> tuple[int, int]:
    """The offset and the limit asked for; the shape check has seen to it that they are numbers.

    Raises:
        Refusal: ``lists.limit-over-100``, if that choice says so, or ``lists.offset.too-large``.
    """
    limit = _number(call.query.get("limit", str(LARGEST_PAGE)))
    if limit > LARGEST_PAGE and call.profile.lists_limit_over_100 == "reject":
        raise Refusal("lists.limit-over-100")
    offset = _number(call.query.get("offset", "0"))
    if offset > LARGEST_OFFSET:
        raise Refusal("lists.offset.too-large")
    return offset, min(limit, LARGEST_PAGE)


def _number(digits: str) -> int:
    """The number, or one just too large: Python reads no more than 4,300 digits, and nobody means them."""
    significant = digits.lstrip("0")
    return int(significant or "0") if len(significant) < len(str(10 * LARGEST_OFFSET)) else LARGEST_OFFSET + 1


def pagination(offset: int, limit: int, total: int) -> dict[str, Any]:
    """The object that closes a page, keys in the recorded order (clause ``lists.pagination``)."""
    return {"limit": limit, "offset": offset, "total": total}
