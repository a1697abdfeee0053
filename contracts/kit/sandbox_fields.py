"""The fields of the sandbox's collections, and what lies in the collection that is filtered and sorted."""

from __future__ import annotations

from fake_webflow.client import JsonObject

FIELD_OF_EVERY_TYPE: tuple[JsonObject, ...] = (
    {"type": "PlainText", "displayName": "Text"},
    {"type": "RichText", "displayName": "Rich"},
    {"type": "Number", "displayName": "Number"},
    {"type": "Switch", "displayName": "Switch"},
    {"type": "DateTime", "displayName": "Date"},
    {"type": "Email", "displayName": "Email"},
    {"type": "Phone", "displayName": "Phone"},
    {"type": "Link", "displayName": "Link"},
    {"type": "Color", "displayName": "Color"},
    {"type": "Option", "displayName": "Option", "metadata": {"options": [{"name": "First"}, {"name": "Second"}]}},
    {"type": "Image", "displayName": "Image"},
    {"type": "MultiImage", "displayName": "Images"},
    {"type": "File", "displayName": "File"},
    {"type": "VideoLink", "displayName": "Video"},
)
FIELDS_FOR_RULES: tuple[JsonObject, ...] = (
    {"type": "PlainText", "displayName": "Needed", "isRequired": True},
    {"type": "PlainText", "displayName": "Line"},
    {"type": "Number", "displayName": "Count"},
    {"type": "Number", "displayName": "Ratio"},
)

FIELDS_FOR_GROUPS: tuple[JsonObject, ...] = tuple(
    {"type": "Switch", "displayName": name} for name in ("One", "Two", "Three")
)

FILTER_ROWS: tuple[JsonObject, ...] = (
    {"text": "Alpha", "number": 2, "switch": True, "date": "2026-03-01T10:00:00.000Z", "color": "#111111"},
    {"text": "alphabet", "number": 10, "switch": False, "date": "2026-03-02T10:00:00.000Z", "color": "#222222"},
    {
        "text": "beta",
        "number": 2,
        "switch": False,
        "email": "ann@example.com",
        "phone": "+49 1",
        "option": 0,
        "author": 0,
    },
    {"text": "", "number": -1.5, "email": "bob@b.example", "phone": "+49 2", "option": 1, "author": 1},
    {"number": 0, "link": "https://example.com/a", "rich": "<p>a</p>", "date": "2026-03-01T12:00:00.000Z", "option": 0},
    {"text": "Gamma", "link": "https://example.com/b", "switch": True, "author": 0},
)
"""Values to filter and to sort by, by the slugs of ``FIELD_OF_EVERY_TYPE``; options and authors by their number."""
