"""Values as people read them: JSON with its parts told apart, records as rows, two records beside each other."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any, NamedTuple

import orjson
from markupsafe import Markup, escape

from ...world.changes import ChangedRecord
from ...world.instants import timestamp
from ...world.items import Item

LONGEST_SHOWN = 100_000
"""Bytes of one body that are shown."""
_LONGEST_VALUE = 400
_TOKEN = re.compile(r'("(?:[^"\\]|\\.)*")(\s*:)?|(-?\d[\d.eE+-]*|true|false|null)')
_SECRETS = frozenset({"secret_key"})
_INSTANTS = frozenset({"created_on", "last_updated", "last_published", "last_triggered"})


class ShownBody(NamedTuple):
    """A body.

    Args:
        html: Its text, marked up where it is JSON.
        note: What is to be said of it: that it is cut, or not kept, or no text; empty as a rule.
    """

    html: Markup
    note: str = ""


class Row(NamedTuple):
    """One value of two records, or of two states of one.

    Args:
        name: What it is called.
        before: As text; None where the record has no such value.
        after: Likewise.
    """

    name: str
    before: str | None
    after: str | None

    @property
    def differs(self) -> bool:
        """Whether the two are not the same."""
        return self.before != self.after


def show_body(data: bytes) -> ShownBody:
    """A body: JSON indented and marked up, other text as it is, of bytes how many there are."""
    try:
        text = orjson.dumps(orjson.loads(data), option=orjson.OPT_INDENT_2).decode()
    except (orjson.JSONDecodeError, orjson.JSONEncodeError):
        try:
            plain = data.decode()
        except UnicodeDecodeError:
            return ShownBody(Markup(""), f"{len(data):,} bytes that are not text")
        return ShownBody(escape(plain[:LONGEST_SHOWN]), _note_cut(plain))
    return ShownBody(mark_up_json(text[:LONGEST_SHOWN]), _note_cut(text))


def _note_cut(text: str) -> str:
    return f"the first {LONGEST_SHOWN:,} of {len(text):,} characters" if len(text) > LONGEST_SHOWN else ""


def mark_up_json(text: str) -> Markup:
    """JSON with its keys, texts and other values marked."""

    def mark(found: re.Match[str]) -> str:
        quoted, colon, other = found.groups()
        if other:
            return f'<span class="n">{other}</span>'
        return f'<span class="{"k" if colon else "s"}">{_escape_text(quoted)}</span>{colon or ""}'

    parts: list[str] = []
    place = 0
    for found in _TOKEN.finditer(text):
        parts += (_escape_text(text[place : found.start()]), mark(found))
        place = found.end()
    return Markup("".join([*parts, _escape_text(text[place:])]))  # noqa: S704 - all of it is escaped


def _escape_text(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def show_value(value: Any) -> str:
    """A value on one line."""
    text = value if isinstance(value, str) else orjson.dumps(value, default=str).decode()
    return text if len(text) <= _LONGEST_VALUE else f"{text[:_LONGEST_VALUE]}…"


def item_values(item: Item | None) -> dict[str, Any]:
    """What an item says, the values of its fields beside the others; nothing for None."""
    if item is None:
        return {}
    values: dict[str, Any] = orjson.loads(item.json)
    return {**values.pop("fieldData"), **values}


def record_values(record: Any) -> dict[str, Any]:
    """What a record of the world says, without secrets; nothing for None."""
    if record is None or isinstance(record, Item):
        return item_values(record)
    names = [one.name for one in fields(record) if one.compare] if is_dataclass(record) else record._fields
    return {name: _plain(name, getattr(record, name)) for name in names if name not in ("staged", "live", "data")}


def _plain(name: str, value: Any) -> Any:
    if name in _SECRETS:
        return "(not shown)"
    if name in _INSTANTS and isinstance(value, int):
        return timestamp(value)
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, tuple | list):
        return [getattr(one, "slug", None) or getattr(one, "tag", None) or getattr(one, "url", None) or one
                for one in value]  # fmt: skip
    return sorted(value) if isinstance(value, frozenset) else getattr(value, "tag", value)


def compare_values(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Row]:
    """The values of two records beside each other, in the order of the second."""
    for name in {**after, **before}:
        old, new = (show_value(one[name]) if name in one else None for one in (before, after))
        yield Row(name, old, new)


class ShownChange(NamedTuple):
    """A record that a request changed.

    Args:
        title: What was done to it.
        name: What people know it by.
        path: Of the page that shows it; empty where none does.
        rows: The values that differ.
    """

    title: str
    name: str
    path: str
    rows: list[Row]


def show_change(change: ChangedRecord) -> ShownChange:
    """A changed record with the values that differ."""
    before, after = record_values(change.before), record_values(change.after)
    done = "made" if change.before is None else "removed" if change.after is None else "changed"
    record = change.after if change.after is not None else change.before
    is_item = isinstance(record, Item)
    kind = f"{change.kind} item" if is_item else change.kind
    names = ("slug", "display_name", "trigger", "key") if not is_item else ("slug",)
    name = next((str(found) for each in names if (found := getattr(record, each, None))), "")
    path = f"/content/{change.place}/{record.id}?locale={record.cms_locale_id}" if is_item else ""
    rows = [row for row in compare_values(before, after) if row.differs]
    return ShownChange(f"{kind} {done}", name, path, rows)
