"""Values of fields, type by type: what each type takes, and what it keeps of what it was given.

Each function here resolves the rules of a field and returns the check of its values. A field does that once, so that
nothing is looked up for a value but what depends on the value. Where Webflow's text for a mistake is known the clause
says so; the others follow the pattern of the known ones and are labelled as guesses.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from math import inf
from typing import Any
from urllib.parse import urlsplit

from ..rules import Profile
from .instants import normalise_instant
from .javascript import inspect
from .slugs import LONGEST_SLUG, SLUG_PATTERN

OBJECT_ID_PATTERN = re.compile(r"[0-9a-f]{24}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
_COLOR = re.compile(
    r"#(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})|(?:rgb|hsl)a?\([^()]{1,64}\)|[a-z]{3,32}", re.IGNORECASE
)
_NO_URL = re.compile(r"[\s\x00-\x1f]")
_NUMBERS = (int, float)


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


Rules = Mapping[str, Any]
Check = Callable[[Any, Profile], Any]


def _text_check(rules: Rules) -> Check:
    shortest = rules.get("minLength") or 0
    longest = inf if rules.get("maxLength") is None else rules["maxLength"]

    def check(value: Any, _profile: Profile) -> str:
        if not isinstance(value, str):
            raise InvalidValue("field-data.text.type", value)
        if "\x00" in value:
            raise InvalidValue("field-data.text.nul", value)
        length = len(value)
        if length < shortest:
            raise InvalidValue("field-data.text.too-short", value)
        if length > longest:
            raise InvalidValue("field-data.text.too-long", value)
        return value

    return check


def plain_text_check(rules: Rules) -> Check:
    """A text, on one line unless the field says otherwise."""
    text = _text_check(rules)
    if not rules.get("singleLine"):
        return text

    def check(value: Any, profile: Profile) -> Any:
        kept = text(value, profile)
        if "\n" in kept or "\r" in kept:
            raise InvalidValue("field-data.text.single-line", value)
        return kept

    return check


def name_check(rules: Rules) -> Check:
    """The name of an item: a plain text, but never empty."""
    return plain_text_check({**rules, "minLength": max(rules.get("minLength") or 0, 1)})


def slug_check(rules: Rules) -> Check:
    """The slug of an item: as a name, and fit for an address."""
    text = name_check(rules)

    def check(value: Any, profile: Profile) -> Any:
        kept = text(value, profile)
        if len(kept) > LONGEST_SLUG or not SLUG_PATTERN.fullmatch(kept):
            raise InvalidValue("items.slug.pattern", value)
        return kept

    return check


def rich_text_check(rules: Rules) -> Check:
    """HTML, kept as it was sent."""
    return _text_check(rules)


def email_check(rules: Rules) -> Check:
    """An address, or an empty text."""
    text = _text_check(rules)

    def check(value: Any, profile: Profile) -> Any:
        if not isinstance(value, str) or (value and not _EMAIL.fullmatch(value)):
            raise InvalidValue("field-data.email", value)
        return text(value, profile)

    return check


def phone_check(rules: Rules) -> Check:
    """Any text with a digit in it, or an empty text."""
    text = _text_check(rules)

    def check(value: Any, profile: Profile) -> Any:
        if not isinstance(value, str) or (value and not any(letter.isdigit() for letter in value)):
            raise InvalidValue("field-data.phone", value)
        return text(value, profile)

    return check


def is_url(value: Any) -> bool:
    """Whether the value is an address with scheme and host, or one for mail or telephone."""
    if not isinstance(value, str) or _NO_URL.search(value):
        return False
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    return bool(parts.netloc) if parts.scheme in ("http", "https") else parts.scheme in ("mailto", "tel", "sms")


def link_check(rules: Rules) -> Check:
    """An address, or an empty text."""
    text = _text_check(rules)

    def check(value: Any, profile: Profile) -> Any:
        if value != "" and not is_url(value):
            raise InvalidValue("field-data.link", value)
        return text(value, profile)

    return check


def color_check(_rules: Rules) -> Check:
    """A CSS colour in one of the documented notations, kept as it was sent."""

    def check(value: Any, _profile: Profile) -> str:
        if not isinstance(value, str) or (value and not _COLOR.fullmatch(value)):
            raise InvalidValue("field-data.color", value)
        return value

    return check


def number_check(rules: Rules) -> Check:
    """A number within the field's rules; a whole one is kept without a fraction."""
    precision, only_whole = rules.get("precision"), rules.get("format") == "integer"
    only_positive = rules.get("allowNegative") is False
    lowest = -inf if rules.get("minValue") is None else rules["minValue"]
    highest = inf if rules.get("maxValue") is None else rules["maxValue"]

    def check(value: Any, _profile: Profile) -> int | float:
        if isinstance(value, bool) or not isinstance(value, _NUMBERS):
            raise InvalidValue("field-data.number.type", value)
        kept = int(value) if isinstance(value, float) and value.is_integer() and abs(value) < 2**53 else value
        if isinstance(kept, float):
            if only_whole:
                raise InvalidValue("field-data.number.integer", value)
            if precision is not None and round(kept, int(precision)) != kept:
                raise InvalidValue("field-data.number.precision", value)
        if only_positive and kept < 0:
            raise InvalidValue("field-data.number.negative", value)
        if kept < lowest:
            raise InvalidValue("field-data.number.too-small", value)
        if kept > highest:
            raise InvalidValue("field-data.number.too-large", value)
        return kept

    return check


def switch_check(_rules: Rules) -> Check:
    """True or false."""

    def check(value: Any, _profile: Profile) -> bool:
        if not isinstance(value, bool):
            raise InvalidValue("field-data.switch", value)
        return value

    return check


def date_time_check(_rules: Rules) -> Check:
    """An ISO 8601 date, kept as an instant in UTC."""

    def check(value: Any, _profile: Profile) -> str:
        if isinstance(value, str):
            try:
                return normalise_instant(value)
            except (ValueError, OverflowError):
                pass
        raise InvalidValue("field-data.date-time", value)

    return check


def option_check(rules: Rules) -> Check:
    """The id of one of the field's options."""
    by_id: dict[str, str] = {}
    by_either: dict[str, str] = {}
    for known in rules.get("options") or ():
        by_id[known["id"]] = known["id"]
        by_either.setdefault(known["id"], known["id"])
        by_either.setdefault(known["name"], known["id"])

    def check(value: Any, profile: Profile) -> str:
        ids = by_either if profile.items_option_write_by_name == "accept" else by_id
        if not isinstance(value, str) or value not in ids:
            raise InvalidValue("field-data.option", value)
        return ids[value]

    return check


def video_link_check(_rules: Rules) -> Check:
    """The address of a video, read back in the form of the choice ``items.video-link.read``."""

    def check(value: Any, profile: Profile) -> Any:
        url = value.get("url") if isinstance(value, dict) else value
        if not is_url(url):
            raise InvalidValue("field-data.video-link", value)
        if profile.items_video_link_read == "string":
            return url
        metadata = value.get("metadata") if isinstance(value, dict) else None
        return {"url": url, "metadata": metadata if isinstance(metadata, dict) else {}}

    return check


def reference_check(_rules: Rules) -> Check:
    """The id of an item; that the item is there is checked with the rest of the collection."""

    def check(value: Any, _profile: Profile) -> str:
        if not isinstance(value, str) or not OBJECT_ID_PATTERN.fullmatch(value):
            raise InvalidValue("field-data.reference.type", value)
        return value

    return check


def multi_reference_check(rules: Rules) -> Check:
    """The ids of items, in their order."""
    one = reference_check(rules)

    def check(value: Any, profile: Profile) -> list[str]:
        if not isinstance(value, list):
            raise InvalidValue("field-data.multi-reference.type", value)
        return [one(part, profile) for part in value]

    return check


VALUE_CHECKS: Mapping[str, Callable[[Rules], Check]] = {
    "PlainText": plain_text_check,
    "RichText": rich_text_check,
    "Email": email_check,
    "Phone": phone_check,
    "Link": link_check,
    "Color": color_check,
    "Number": number_check,
    "Switch": switch_check,
    "DateTime": date_time_check,
    "Option": option_check,
    "VideoLink": video_link_check,
    "Reference": reference_check,
    "MultiReference": multi_reference_check,
}
FILE_TYPES = frozenset(["Image", "MultiImage", "File", "ExtFileRef"])
REFERENCE_TYPES = frozenset(["Reference", "MultiReference"])


def make_check(field_type: str, field_slug: str, rules: Rules) -> Check | None:
    """The check of a field's values.

    None for the types whose values do not stand for themselves: they name other records, or are read in another form
    than they are written in.
    """
    if field_slug in _OWN_CHECKS:
        return _OWN_CHECKS[field_slug](rules)
    return VALUE_CHECKS[field_type](rules) if field_type in _STANDING_FOR_THEMSELVES else None


_OWN_CHECKS: Mapping[str, Callable[[Rules], Check]] = {"name": name_check, "slug": slug_check}
_STANDING_FOR_THEMSELVES = VALUE_CHECKS.keys() - REFERENCE_TYPES - {"VideoLink"}
