"""Ids as they come in: of the right form, in either case (``requests.id.invalid``)."""

from __future__ import annotations

import re

from ..rules import Refusal

_OBJECT_ID = re.compile(r"[0-9a-f]{24}", re.IGNORECASE)
_LONG_ID = re.compile(r"[0-9a-f]{32}", re.IGNORECASE)


def checked_id(value: str) -> str:
    """The id in lower case, if it has the form of one.

    Raises:
        Refusal: ``requests.id.invalid``.
    """
    if not _OBJECT_ID.fullmatch(value):
        raise Refusal("requests.id.invalid")
    return value.lower()


def checked_field_id(value: str) -> str:
    """The same for fields, whose ids may have 32 digits (``collections.field.id``)."""
    return value.lower() if _LONG_ID.fullmatch(value) else checked_id(value)
