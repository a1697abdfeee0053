"""Makes the default scenario anew: ``python -m fake_webflow.seeding.generate``. Needs Faker.

It is made once and shipped as data, for another version of Faker makes other texts of the same seed. The photograph
among its files was made beforehand with an image library and is only named here.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from ..conditions import Ids
from ..world.collections import Collection
from ..world.instants import parse_instant, timestamp
from . import build_state, from_data, pictures
from .made_up_data import generate_field_data, make_faker

SEED = 2026
SCENARIOS_FOLDER = Path(__file__).with_name("scenarios")
_MINUTE, _HOUR, _DAY = 60_000, 3_600_000, 86_400_000
_START = parse_instant("2025-03-03T09:12:30.417Z")
_LANGUAGES = {"en-US": "en_US", "de-DE": "de_DE", "fr-FR": "fr_FR"}
_TRANSLATED = ("name", "summary", "body")
_COLOURS = {"sea": (27, 73, 101), "moss": (96, 108, 56), "sand": (221, 161, 94), "brick": (188, 71, 73)}


class _Source:
    """Ids and chance under the seed."""

    def __init__(self) -> None:
        self.chance = random.Random(SEED)  # noqa: S311 - made-up data, no secrets
        self._ids = Ids(SEED)

    def id(self, made: int) -> str:
        """A fresh id that tells the instant."""
        drawn, self._ids = self._ids.object_id(made), self._ids.next()
        return drawn

    def new_part_id(self) -> str:
        """A fresh id of a field or an option."""
        drawn, self._ids = self._ids.digits(32), self._ids.next()
        return drawn

    def later(self, made: int, most: int) -> int:
        """An instant at least a second and at most so many milliseconds later."""
        return made + self.chance.randint(1000, most)


# By place in the list of posts: of every 26 so many are not simply published.
_STATUSES = {3: "draft", 8: "changed in draft", 13: "queued", 17: "queued again", 22: "archived"}
_Field = tuple[str, str, dict[str, Any], bool]
_POSTS, _COMMENTS = 260, 60


def make_default_scenario() -> dict[str, Any]:
    """The default scenario, as it stands in its file."""
    source = _Source()
    locales = [
        _locale_row(source, tag, name) for tag, name in [("en-US", "English"), ("de-DE", "German"), ("fr-FR", "French")]
    ]
    site: dict[str, Any] = {
        "id": source.id(_START),
        "workspaceId": source.id(_START - 400 * _DAY),
        "displayName": "Harbour Journal",
        "shortName": "harbour-journal",
        "timeZone": "Europe/Berlin",
        "createdOn": timestamp(_START),
        "lastUpdated": timestamp(_START + 3 * _DAY + 4 * _HOUR),
        "lastPublished": timestamp(_START + 3 * _DAY + 5 * _HOUR),
        "parentFolderId": None,
        "customDomains": [
            {
                "id": source.id(_START + _DAY),
                "url": "journal.example.com",
                "lastPublished": timestamp(_START + 3 * _DAY + 5 * _HOUR),
            }
        ],
        "locales": {"primary": {**locales[0], "subdirectory": ""}, "secondary": locales[1:]},
        "assetFolders": _folder_rows(source),
        "assets": _asset_rows(source),
        "collections": _collection_rows(source),
    }
    data: dict[str, Any] = {
        "$schema": "../scenario.schema.json",
        "description": "A blog in three languages with every type of field, made by fake_webflow.seeding.generate.",
        "seed": SEED,
        "sites": [site],
    }
    authors, posts, comments = site["collections"]
    authors["items"] = _author_rows(source, _seed_collection(data, "authors"))
    posts["items"] = _post_rows(source, _seed_collection(data, "posts"), [row["id"] for row in authors["items"]])
    live = [row["id"] for row in posts["items"] if row["lastPublished"] and not row.get("isArchived")]
    comments["items"] = _comment_rows(source, _seed_collection(data, "comments"), live)
    return data


def _seed_collection(data: Mapping[str, Any], slug: str) -> Collection:
    """The collection of that slug as the fake would have it so far."""
    world = build_state(from_data(data, folder=SCENARIOS_FOLDER)).world
    return next(found for found in world.collections.values() if found.slug == slug)


def _locale_row(source: _Source, tag: str, name: str) -> dict[str, Any]:
    return {
        "id": source.id(_START),
        "cmsLocaleId": source.id(_START),
        "tag": tag,
        "displayName": name,
        "subdirectory": tag[:2],
    }


def _folder_rows(source: _Source) -> list[dict[str, Any]]:
    rows = [("Images", None), ("Covers", "Images"), ("Documents", None)]
    return [
        {"id": source.id(made), "displayName": name, "parentFolder": parent, "createdOn": timestamp(made)}
        for made, (name, parent) in ((_START + _DAY + number * _MINUTE, row) for number, row in enumerate(rows))
    ]


def _asset_rows(source: _Source) -> list[dict[str, Any]]:
    rows: list[tuple[str, str | None, str | None]] = [
        (f"cover-{name}.png", "Covers", f"A plain cover in the colour of {name}") for name in _COLOURS
    ]
    rows += [
        ("logo.svg", "Images", "The letters HJ on a disc"),
        ("harbour.jpg", "Images", "A harbour at dusk, drawn in four stripes"),
        ("handbook.pdf", "Documents", None),
        ("notes.txt", None, None),
    ]
    made = [(_START + 2 * _DAY + number * _HOUR, row) for number, row in enumerate(rows)]
    return [
        {
            "id": source.id(at),
            "fileName": name,
            "altText": alt,
            "folder": folder,
            "createdOn": timestamp(at),
            "file": f"files/{name}",
        }
        for at, (name, folder, alt) in made
    ]


def _collection_rows(source: _Source) -> list[dict[str, Any]]:
    authors = [
        _field("Image", "Portrait"),
        _field("PlainText", "Biography", maxLength=500),
        _field("Email", "Email"),
    ]
    posts = [
        _field("PlainText", "Summary", singleLine=True, maxLength=160),
        _field("RichText", "Body"),
        _field("Number", "Reading Minutes", format="integer", allowNegative=False, minValue=1, maxValue=45),
        _field("Number", "Rating", format="decimal", precision=1, allowNegative=False, minValue=0, maxValue=5),
        _field("Switch", "Featured"),
        _field("DateTime", "Date", format="date-time"),
        _field("Email", "Contact"),
        _field("Phone", "Hotline"),
        _field("Link", "Source"),
        _field("Color", "Accent"),
        _field("Option", "Category", options=[{"name": name} for name in ("News", "Guide", "Interview", "Opinion")]),
        _field("Image", "Cover"),
        _field("MultiImage", "Gallery"),
        _field("File", "Attachment"),
        _field("VideoLink", "Trailer"),
        _field("Reference", "Author", required=True, collectionId="authors"),
        _field("MultiReference", "Reviewers", collectionId="authors"),
    ]
    comments = [
        _field("PlainText", "Text", required=True, minLength=3, maxLength=400),
        _field("Switch", "Approved"),
        _field("Reference", "Post", required=True, collectionId="posts"),
    ]
    rows = [("Authors", authors), ("Posts", posts), ("Comments", comments)]
    return [_collection_row(source, _START + 3 * _DAY + number * _HOUR, *row) for number, row in enumerate(rows)]


def _field(kind: str, name: str, *, required: bool = False, **rules: Any) -> _Field:
    return kind, name, rules, required


def _collection_row(source: _Source, made: int, name: str, fields: Iterable[_Field]) -> dict[str, Any]:
    return {
        "id": source.id(made),
        "displayName": name,
        "singularName": name[:-1],
        "slug": name.lower(),
        "createdOn": timestamp(made),
        "lastUpdated": timestamp(made + 20 * _MINUTE),
        "fields": [_field_row(source, *row) for row in fields],
    }


def _field_row(source: _Source, kind: str, name: str, rules: dict[str, Any], required: bool) -> dict[str, Any]:
    if "options" in rules:
        rules = {"options": [{**option, "id": source.new_part_id()} for option in rules["options"]]}
    slug = name.lower().replace(" ", "-")
    row = {"id": source.new_part_id(), "type": kind, "displayName": name, "slug": slug, "isRequired": required}
    return {**row, "validations": rules} if rules else row


def _author_rows(source: _Source, collection: Collection) -> list[dict[str, Any]]:
    names = make_faker(SEED)
    rows = generate_field_data(collection, 12, seed=SEED, images=[{"asset": "harbour.jpg"}, {"asset": "logo.svg"}])
    items = []
    for number, row in enumerate(rows):
        name = f"{names.unique.first_name()} {names.unique.last_name()}"
        made = source.later(_START + 4 * _DAY + number * _HOUR, _HOUR)
        data = {
            **row,
            "name": name,
            "slug": name.lower().replace(" ", "-"),
            "email": f"{name.split()[0].lower()}@example.com",
        }
        items.append({**_item_row(source, made, made), "cmsLocaleIds": list(_LANGUAGES), "fieldData": data})
    return items


def _post_rows(source: _Source, collection: Collection, authors: Sequence[str]) -> list[dict[str, Any]]:
    optional = [field.slug for field in collection.fields if not field.is_required]
    author_field = collection.field_with_slug("author")
    assert author_field is not None
    rows = {
        tag: generate_field_data(
            collection,
            _POSTS,
            seed=SEED + number,
            items={author_field.rule("collectionId"): authors},
            images=[{"asset": f"cover-{name}.png"} for name in _COLOURS],
            files=[{"asset": "handbook.pdf"}, {"asset": "notes.txt"}],
            language=language,
        )
        for number, (tag, language) in enumerate(_LANGUAGES.items())
    }
    items: list[dict[str, Any]] = []
    for number, row in enumerate(rows["en-US"]):
        # The first of each batch has a value in every field; the others leave some out, as people do.
        left_out = set() if number % 26 == 0 else set(source.chance.sample(optional, 9))
        data = {slug: value for slug, value in row.items() if slug not in left_out}
        made = source.later(_START + 5 * _DAY + number * 26 * _HOUR, _DAY)
        item = _post_row(source, _STATUSES.get(number % 26, "published"), made, data)
        items.append(item)
        if number % 26 in (0, 8):
            items += [_variant_row(item, tag, rows[tag][number]) for tag in list(_LANGUAGES)[1:]]
    return items


def _post_row(source: _Source, status: str, made: int, data: dict[str, Any]) -> dict[str, Any]:
    edited = source.later(made, 10 * _DAY)
    first_publish = source.later(made, _HOUR)
    match status:
        case "draft":
            data = {**data, "source": None, "summary": None}
            return {**_item_row(source, made, None, edited), "isDraft": True, "fieldData": data}
        case "queued":
            return {**_item_row(source, made, None), "fieldData": data}
        case "changed in draft" | "queued again":
            before = {slug: value for slug, value in data.items() if slug not in ("hotline", "rating")}
            live = {**before, "name": _first_version(data["name"])}
            item = {**_item_row(source, made, first_publish, max(edited, first_publish + _MINUTE)), "fieldData": data}
            return {**item, "isDraft": status == "changed in draft", "live": live}
        case "archived":
            item = _item_row(source, made, first_publish, max(edited, first_publish + _MINUTE))
            return {**item, "isArchived": True, "fieldData": data, "live": False}
        case _:
            return {**_item_row(source, made, edited, edited), "fieldData": data}


def _variant_row(item: Mapping[str, Any], tag: str, translation: Mapping[str, Any]) -> dict[str, Any]:
    """The item in a secondary locale: its texts translated, if one may call it so, under the same slug."""
    data = item["fieldData"]
    texts = {slug: translation[slug] for slug in _TRANSLATED if slug in data}
    made = {**item, "cmsLocaleId": tag, "fieldData": {**data, **texts}}
    if "live" in item:
        made["live"] = {**item["live"], **texts, "name": _first_version(texts["name"])}
    return made


def _first_version(name: str) -> str:
    return f"{name} (first version)"


def _comment_rows(source: _Source, collection: Collection, posts: Sequence[str]) -> list[dict[str, Any]]:
    post_field = collection.field_with_slug("post")
    assert post_field is not None
    rows = generate_field_data(collection, _COMMENTS, seed=SEED, items={post_field.rule("collectionId"): posts})
    start = _START + 288 * _DAY  # when every post is there
    made = [source.later(start + number * _HOUR, _HOUR) for number in range(_COMMENTS)]
    return [{**_item_row(source, at, at), "fieldData": row} for at, row in zip(made, rows, strict=True)]


def _item_row(source: _Source, created: int, published: int | None, updated: int | None = None) -> dict[str, Any]:
    return {
        "id": source.id(created),
        "lastPublished": None if published is None else timestamp(published),
        "lastUpdated": timestamp(created if updated is None else updated),
        "createdOn": timestamp(created),
    }


def render_scenario(value: Any, depth: int = 0) -> str:
    """JSON for readers and for diffs: what a list in a list holds stands on one line each."""
    pad = "  " * (depth + 1)
    if isinstance(value, dict) and depth < _LINES:
        parts = [f"{json.dumps(name)}: {render_scenario(part, depth + 1)}" for name, part in value.items()]
        return "{\n" + ",\n".join(pad + part for part in parts) + "\n" + pad[2:] + "}"
    if isinstance(value, list) and depth < _LINES and value:
        return "[\n" + ",\n".join(pad + render_scenario(part, depth + 1) for part in value) + "\n" + pad[2:] + "]"
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


_LINES = 7


def write_default_scenario() -> None:
    """Writes the default scenario and its files."""
    files = {f"cover-{name}.png": pictures.make_png(160, 90, *colour) for name, colour in _COLOURS.items()}
    files |= {
        "logo.svg": pictures.make_svg("HJ"),
        "handbook.pdf": pictures.make_pdf("Handbook of the Harbour Journal"),
        "notes.txt": b"Nothing in here was ever said by anyone.\n",
    }
    for name, data in files.items():
        (SCENARIOS_FOLDER / "files" / name).write_bytes(data)
    (SCENARIOS_FOLDER / "default.json").write_text(render_scenario(make_default_scenario()) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write_default_scenario()
