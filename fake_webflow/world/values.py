"""Values of fields, type by type: what each type takes, and what it keeps of what it was given.

Where Webflow's text for a mistake is known the clause says so; the others follow the pattern of the known ones and are
labelled as guesses.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

import orjson

from ..rules import Profile
from .collections import Field
from .inspect import inspect
from .instants import instant, timestamp

_OBJECT_ID = re.compile(r"[0-9a-f]{24}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
_COLOR = re.compile(
    r"#(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})|(?:rgb|hsl)a?\([^()]{1,64}\)|[a-z]{3,32}", re.IGNORECASE
)


class InvalidValue(Exception):
    """A value its field does not take.

    Args:
        clause: Whose text says why.
        values: What fills the text; ``value`` is the value itself in Node's notation.
    """

    def __init__(self, clause: str, value: Any) -> None:
        super().__init__(clause)
        self.clause = clause
        self.values: Mapping[str, object] = {"value": inspect(value)}


Check = Callable[[Any, Field, Profile], Any]


def _text(value: Any, field: Field) -> str:
    if not isinstance(value, str):
        raise InvalidValue("field-data.text.type", value)
    if "\x00" in value:
        raise InvalidValue("field-data.text.nul", value)
    shortest, longest = field.rule("minLength"), field.rule("maxLength")
    if shortest is not None and len(value) < shortest:
        raise InvalidValue("field-data.text.too-short", value)
    if longest is not None and len(value) > longest:
        raise InvalidValue("field-data.text.too-long", value)
    return value


def plain_text(value: Any, field: Field, _profile: Profile) -> str:
    """A text, on one line unless the field says otherwise."""
    text = _text(value, field)
    if field.rule("singleLine") and ("\n" in text or "\r" in text):
        raise InvalidValue("field-data.text.single-line", value)
    return text


def rich_text(value: Any, field: Field, _profile: Profile) -> str:
    """HTML, kept as it was sent."""
    return _text(value, field)


def email(value: Any, field: Field, _profile: Profile) -> str:
    """An address, or an empty text."""
    if not isinstance(value, str) or (value and not _EMAIL.fullmatch(value)):
        raise InvalidValue("field-data.email", value)
    return _text(value, field)


def phone(value: Any, field: Field, _profile: Profile) -> str:
    """Any text with a digit in it, or an empty text."""
    if not isinstance(value, str) or (value and not any(letter.isdigit() for letter in value)):
        raise InvalidValue("field-data.phone", value)
    return _text(value, field)


def is_url(value: Any) -> bool:
    """Whether the value is an address with scheme and host, or one for mail or telephone."""
    if not isinstance(value, str) or re.search(r"[\s\x00-\x1f]", value):
        return False
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    return bool(parts.netloc) if parts.scheme in ("http", "https") else parts.scheme in ("mailto", "tel", "sms")


def link(value: Any, field: Field, _profile: Profile) -> str:
    """An address, or an empty text."""
    if value != "" and not is_url(value):
        raise InvalidValue("field-data.link", value)
    return _text(value, field)


def color(value: Any, _field: Field, _profile: Profile) -> str:
    """A CSS colour in one of the documented notations, kept as it was sent."""
    if not isinstance(value, str) or (value and not _COLOR.fullmatch(value)):
        raise InvalidValue("field-data.color", value)
    return value


def number(value: Any, field: Field, _profile: Profile) -> int | float:
    """A number within the field's rules; a whole one is kept without a fraction."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise InvalidValue("field-data.number.type", value)
    kept = int(value) if isinstance(value, float) and value.is_integer() and abs(value) < 2**53 else value
    precision = field.rule("precision")
    if field.rule("format") == "integer" and not isinstance(kept, int):
        raise InvalidValue("field-data.number.integer", value)
    if precision is not None and isinstance(kept, float) and round(kept, int(precision)) != kept:
        raise InvalidValue("field-data.number.precision", value)
    if kept < 0 and field.rule("allowNegative") is False:
        raise InvalidValue("field-data.number.negative", value)
    lowest, highest = field.rule("minValue"), field.rule("maxValue")
    if lowest is not None and kept < lowest:
        raise InvalidValue("field-data.number.too-small", value)
    if highest is not None and kept > highest:
        raise InvalidValue("field-data.number.too-large", value)
    return kept


def switch(value: Any, _field: Field, _profile: Profile) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise InvalidValue("field-data.switch", value)
    return value


def date_time(value: Any, _field: Field, _profile: Profile) -> str:
    """An ISO 8601 date, kept as an instant in UTC."""
    if isinstance(value, str):
        try:
            return timestamp(instant(value))
        except (ValueError, OverflowError):
            pass
    raise InvalidValue("field-data.date-time", value)


def option(value: Any, field: Field, profile: Profile) -> str:
    """The id of one of the field's options."""
    options = field.rule("options") or ()
    for known in options:
        if value == known["id"] or (profile.items_option_write_by_name == "accept" and value == known["name"]):
            return str(known["id"])
    raise InvalidValue("field-data.option", value)


def video_link(value: Any, _field: Field, profile: Profile) -> Any:
    """The address of a video, read back in the form of the choice ``items.video-link.read``."""
    url = value.get("url") if isinstance(value, dict) else value
    if not is_url(url):
        raise InvalidValue("field-data.video-link", value)
    if profile.items_video_link_read == "string":
        return url
    metadata = value.get("metadata") if isinstance(value, dict) else None
    try:
        orjson.dumps(metadata)
    except TypeError:  # nested deeper than can be written
        raise InvalidValue("field-data.video-link", value) from None
    return {"url": url, "metadata": metadata if isinstance(metadata, dict) else {}}


def reference(value: Any, _field: Field, _profile: Profile) -> str:
    """The id of an item; that the item is there is checked with the rest of the collection."""
    if not isinstance(value, str) or not _OBJECT_ID.fullmatch(value):
        raise InvalidValue("field-data.reference.type", value)
    return value


def multi_reference(value: Any, field: Field, profile: Profile) -> list[str]:
    """The ids of items, in their order."""
    if not isinstance(value, list):
        raise InvalidValue("field-data.multi-reference.type", value)
    return [reference(part, field, profile) for part in value]


CHECKS: Mapping[str, Check] = {
    "PlainText": plain_text,
    "RichText": rich_text,
    "Email": email,
    "Phone": phone,
    "Link": link,
    "Color": color,
    "Number": number,
    "Switch": switch,
    "DateTime": date_time,
    "Option": option,
    "VideoLink": video_link,
    "Reference": reference,
    "MultiReference": multi_reference,
}
FILE_TYPES = frozenset(["Image", "MultiImage", "File", "ExtFileRef"])
REFERENCE_TYPES = frozenset(["Reference", "MultiReference"])
