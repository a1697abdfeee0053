"""Pseudonyms of content: of the same form and the same length, so that they keep a field's rules.

Letters become consonants, so that no name or word comes out by chance, and digits other digits; spaces and ASCII
punctuation stay. Hosts end in ``.test``, or in ``.xx`` where that is too long: neither belongs to anybody. A pseudonym
follows from the ids around a value and from one byte of the value's digest: the same value of an item has the same one,
staged and live and in every locale, and a guess of the value cannot be confirmed by its pseudonym.
"""

from __future__ import annotations

import re
import string
from collections.abc import Callable, Mapping
from hashlib import shake_256
from typing import Any
from urllib.parse import urlsplit

from ..world.asset_rules import CONTENT_TYPES
from ..world.values import FILE_TYPES

_CONSONANTS = "bcdfghjklmnpqrstvwxz"
_KEPT = frozenset(string.punctuation)
_ENDINGS = (".test", ".xx", ".x")  # of hosts
_ADDRESS_IN_TEXT = re.compile(
    r"(https?://[^\s\"'<>]+)|([^\s@\"'<>(),;:]{1,64}@[^\s@\"'<>(),;:]{1,200}\.[^\s@\"'<>(),;:.]{1,50})"
)
_LINK = re.compile(r"(https?://)([^/?#]*)(.*)", re.DOTALL | re.IGNORECASE)
_OTHER_LINK = re.compile(r"(mailto|tel|sms):(.*)", re.DOTALL | re.IGNORECASE)
_ESCAPE = re.compile(r"%[0-9A-Fa-f]{2}")
_ID = re.compile(r"[0-9a-f]{24}")
_ID_PREFIX = re.compile(r"((?:[0-9a-f]{24}_)*)(.*)", re.DOTALL)
_TAG = re.compile(r"""(<!--.*?-->|</?[a-zA-Z](?:[^<>"']|"[^"]*"|'[^']*')*>)""", re.DOTALL)
_ATTRIBUTE = re.compile(r"""([^\s"'<>/=]+)(\s*=\s*)("[^"]*"|'[^']*'|[^\s"'<>]+)""")
_ENTITY = re.compile(r"&(?:#\d+|#[xX][0-9a-fA-F]+|[a-zA-Z][a-zA-Z0-9]*);")
_STRUCTURAL_ENTITIES = frozenset(["&amp;", "&lt;", "&gt;", "&quot;", "&apos;", "&#39;", "&nbsp;", "&zwj;"])
# Of these the values are how a text looks, not what it says.
_KEPT_ATTRIBUTES = re.compile(
    r"align|allowfullscreen|class|colspan|data-rt-[a-z-]+|dir|frameborder|height|lang|loading|rel|rowspan|scrolling"
    r"|start|style|target|type|width"
)
_LINK_ATTRIBUTES = frozenset(["href", "src", "cite", "poster", "action", "data"])
_FILE_HOSTS = ("website-files.com", "webflow.com", "amazonaws.com", "localhost", "127.0.0.1")
_FILE_SEGMENTS = frozenset(["", "cdn", "s3", "webflow-prod-assets"])


class Pseudonym:
    """Writes the pseudonym of one value.

    Args:
        key: Where the value stands, by ids; another key gives another pseudonym.
    """

    def __init__(self, key: str) -> None:
        self._key = key
        self._parts = 0

    def replace_letters(self, text: str) -> str:
        """The text with other letters and digits, character for character; never the text itself, if it has any."""
        while True:
            self._parts += 1
            stream = shake_256(f"{self._key}/{self._parts}".encode()).digest(len(text))
            made = "".join(map(_replace_letter, text, stream))
            if made != text or all(letter in _KEPT or letter.isspace() for letter in text):
                return made

    def write_text(self, text: str) -> str:
        """Of a free text; addresses in it lead nowhere afterwards."""
        made, end = [], 0
        for found in _ADDRESS_IN_TEXT.finditer(text):
            made.append(self.replace_letters(text[end : found.start()]))
            made.append(self.write_link(found[1]) if found[1] else self.write_email(found[2]))
            end = found.end()
        return "".join([*made, self.replace_letters(text[end:])])

    def write_email(self, text: str) -> str:
        """Of a mail address."""
        local, at, host = text.rpartition("@")
        if not at:
            return self.replace_letters(text)
        return f"{self.replace_letters(local)}@{self._write_host(host)}"

    def write_phone(self, text: str) -> str:
        """Of a telephone number: it begins with two zeros, where nobody's does."""
        places = [place for place, letter in enumerate(text) if letter.isdigit()]
        made = list(self.replace_letters(text))
        for place in places[:2] if len(places) > 6 else ():
            made[place] = "0"
        return "".join(made)

    def write_link(self, text: str) -> str:
        """Of an address: its scheme stays."""
        if found := _LINK.fullmatch(text):
            scheme, authority, rest = found.groups()
            user, at, host = authority.rpartition("@")
            name, colon, port = host.partition(":")
            made = f"{scheme}{self.replace_letters(user)}{at}{self._write_host(name)}{colon}{port}"
            return made + self._write_path(rest)
        if found := _OTHER_LINK.fullmatch(text):
            scheme, rest = found.groups()
            name, mark, query = rest.partition("?")
            write = self.write_email if scheme.lower() == "mailto" else self.write_phone
            return f"{scheme}:{write(name)}{mark}{self._write_path(query)}"
        return self._write_path(text)

    def write_webhook_address(self, text: str) -> str:
        """Of the address of a webhook: scheme, host and port stay."""
        found = _LINK.fullmatch(text)
        if found is None:
            return self.replace_letters(text)
        user, at, host = found[2].rpartition("@")
        return f"{found[1]}{self._write_path(user)}{at}{host}{self._write_path(found[3])}"

    def write_rich_text(self, text: str) -> str:
        """Of HTML: its tags stay, with the attributes that say how something looks."""
        pieces = enumerate(_TAG.split(text))
        return "".join(self._write_tag(piece) if count % 2 else self._write_html(piece) for count, piece in pieces)

    def write_file_name(self, text: str) -> str:
        """Of the name of a file: ids before it and a known ending stay."""
        found = _ID_PREFIX.fullmatch(text)
        assert found is not None
        stem, dot, ending = found[2].rpartition(".")
        if not dot or ending.lower() not in CONTENT_TYPES:
            return found[1] + self.replace_letters(found[2])
        return f"{found[1]}{self.replace_letters(stem)}.{ending}"

    def write_file_address(self, text: str) -> str:
        """Of the address of a file: where Webflow keeps it stays, as far as it is ids."""
        base, slash, name = text.rpartition("/")
        try:
            parts = urlsplit(base)
        except ValueError:
            return self.write_link(text)
        is_kept = (parts.hostname or "").endswith(_FILE_HOSTS) and "@" not in parts.netloc and not parts.query
        if not is_kept or not all(_ID.fullmatch(part) or part in _FILE_SEGMENTS for part in parts.path.split("/")):
            return self.write_link(text)
        return f"{base}{slash}{self.write_file_name(_ESCAPE.sub('xxx', name))}"

    def write_file(self, value: Any) -> Any:
        """Of the value of a file field: its id stays."""
        if not isinstance(value, Mapping):
            return self.write_any(value)
        made = {name: self.write_any(part) for name, part in value.items()}
        if isinstance(value.get("fileId"), str) and _ID.fullmatch(value["fileId"]):
            made["fileId"] = value["fileId"]
        if isinstance(value.get("url"), str):
            made["url"] = self.write_file_address(value["url"])
        return made

    def write_any(self, value: Any) -> Any:
        """Of a JSON value of any form: of each text in it."""
        if isinstance(value, str):
            if _LINK.fullmatch(value):
                return self.write_link(value)
            return self.write_rich_text(value) if "<" in value else self.write_text(value)
        if isinstance(value, Mapping):
            return {name: self.write_any(part) for name, part in value.items()}
        return [self.write_any(part) for part in value] if isinstance(value, list) else value

    def _write_host(self, host: str) -> str:
        ending = next((ending for ending in _ENDINGS if len(ending) < len(host)), "")
        return self.replace_letters("x" * (len(host) - len(ending))) + ending

    def _write_path(self, text: str) -> str:
        return self.replace_letters(_ESCAPE.sub("xxx", text))

    def _write_html(self, text: str) -> str:
        """Of what stands between tags: entities that are punctuation stay."""
        made, end = [], 0
        for found in _ENTITY.finditer(text):
            if found[0] in _STRUCTURAL_ENTITIES:
                made += [self.write_text(text[end : found.start()]), found[0]]
            else:
                made.append(self.write_text(text[end : found.start()] + "x" * len(found[0])))
            end = found.end()
        return "".join([*made, self.write_text(text[end:])])

    def _write_tag(self, tag: str) -> str:
        if tag.startswith("<!--"):
            return f"<!--{self.replace_letters(tag[4:-3])}-->"
        return _ATTRIBUTE.sub(self._write_attribute, tag)

    def _write_attribute(self, found: re.Match[str]) -> str:
        name, equals, value = found.groups()
        if _KEPT_ATTRIBUTES.fullmatch(name.lower()) and "url(" not in value.lower():
            return found[0]
        quote = value[0] if value[0] in "\"'" else ""
        inner = value[1:-1] if quote else value
        write = self.write_link if name.lower() in _LINK_ATTRIBUTES else self._write_html
        return f"{name}{equals}{quote}{write(inner)}{quote}"


def _replace_letter(letter: str, chance: int) -> str:
    if letter.isspace() or letter in _KEPT:
        return letter
    if letter.isdecimal():
        return str(chance % 10)
    made = _CONSONANTS[chance % len(_CONSONANTS)]
    return made.upper() if letter.isupper() else made


_WRITERS: Mapping[str, Callable[[Pseudonym, Any], Any]] = {
    "PlainText": Pseudonym.write_text,
    "RichText": Pseudonym.write_rich_text,
    "Email": Pseudonym.write_email,
    "Phone": Pseudonym.write_phone,
    "Link": Pseudonym.write_link,
}
_STAYING = frozenset(["Number", "Switch", "DateTime", "Color", "Option", "Reference", "MultiReference"])
UNIQUE_TYPES = frozenset(["PlainText", "Email", "Phone", "Link"])
"""Types whose values a site may keep unique."""


def replace_value(value: Any, field: Mapping[str, Any], item_id: str, attempt: int = 0) -> Any:
    """The pseudonym of a field's value; what is empty, and what names or measures something, stays as it is.

    Args:
        value: As the API answers it.
        field: The field, as the API answers it.
        item_id: Whose value it is.
        attempt: Another one gives another pseudonym, for where one is taken.
    """
    kind, slug = str(field.get("type")), str(field.get("slug"))
    if kind in _STAYING or value in (None, "", [], {}):
        return value
    digest = shake_256(repr(value).encode("utf-8", "surrogatepass")).hexdigest(1)
    pseudonym = Pseudonym(f"{item_id}/{slug}/{digest}/{attempt}")
    if kind in FILE_TYPES:
        if isinstance(value, list):
            return [pseudonym.write_file(part) for part in value]
        return pseudonym.write_file(value)
    if not isinstance(value, str):
        return pseudonym.write_any(value)
    if slug == "slug":
        return pseudonym.replace_letters(value)
    return _WRITERS.get(kind, Pseudonym.write_any)(pseudonym, value)


def lengthen(text: str, field: Mapping[str, Any]) -> str:
    """The text with one more letter at most, for where no other of its length is free."""
    longest = (field.get("validations") or {}).get("maxLength")
    return text if isinstance(longest, int) and len(text) >= longest else f"{text}x"
