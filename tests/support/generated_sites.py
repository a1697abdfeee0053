"""Sites by number, each another one: as scenarios, with every type of field, odd names, circles and content."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

from fake_webflow.world.instants import timestamp

NAMES = [
    "Posts",
    "Team «A»",
    "日本語",
    "2026",
    "Ünïcode & <b>",
    'Quotes "and" \\',
    "class",
    "Posts!",
    "😀 Smileys",
    "a" * 60,
]
PROFILES = [
    {},
    {"sites.data-collection": "present"},
    {"collections.field-groups.none": "empty"},
    {"webhooks.object.nulls": "null", "asset-folders.list.page-size": "25"},
    {"items.slug.scope": "collection-and-locale"},
]
_START = 1_735_689_600_000
_TYPES = [
    "PlainText", "RichText", "Number", "Switch", "DateTime", "Email", "Phone", "Link", "Color", "Option", "Image",
    "MultiImage", "File", "ExtFileRef", "VideoLink", "Reference", "MultiReference",
]  # fmt: skip


class _Site:
    def __init__(self, number: int, words: Iterator[str] | None, most_collections: int, most_fields: int) -> None:
        self.chance = random.Random(number)
        self._drawn = number * 100_000
        self._words = words
        self._most_fields = most_fields
        count = self.chance.randint(1, most_collections)
        self.ids = [self.new_id() for _ in range(count)]
        self.item_ids = [[self.new_id() for _ in range(self.chance.randint(0, 6))] for _ in self.ids]
        self.locales: list[dict[str, Any]] = []

    def new_id(self) -> str:
        self._drawn += 1
        return f"{_START // 1000:08x}{self._drawn:016x}"

    def part_id(self) -> str:
        self._drawn += 1
        return f"{self._drawn:032x}"

    def word(self) -> str:
        if self._words is not None:
            return next(self._words)
        return "".join(self.chance.choices("aeioubcdfgTRSäß", k=self.chance.randint(1, 9)))

    def date(self) -> str:
        return timestamp(_START + self.chance.randint(0, 10**10))

    def make(self) -> dict[str, Any]:
        chance = self.chance
        locales = self._make_locales()
        site = {
            "id": self.new_id(),
            "displayName": chance.choice(NAMES),
            "shortName": f"site-{self._drawn}",
            "timeZone": "Europe/Berlin",
            "createdOn": timestamp(_START),
            "lastUpdated": self.date(),
            "lastPublished": self.date() if chance.random() < 0.8 else None,
            "customDomains": [
                {"id": self.new_id(), "url": f"{n}.example.com", "lastPublished": chance.choice([None, self.date()])}
                for n in range(chance.randint(0, 2))
            ],
            **({"locales": locales} if locales else {}),
        }
        site["collections"] = [self._make_collection(number, site) for number in range(len(self.ids))]
        site["assetFolders"] = self._make_folders()
        site["assets"] = [self._make_asset(site["assetFolders"]) for _ in range(chance.randint(0, 4))]
        site["webhooks"] = [
            {
                "id": self.new_id(),
                "triggerType": chance.choice(["site_publish", "collection_item_created", "form_submission"]),
                "url": f"https://{self.word_for_link()}@hooks.example.com:8443/{self.word_for_link()}?t={self.word_for_link()}",
                "createdOn": self.date(),
            }
            for _ in range(chance.randint(0, 3))
        ]
        return {"profile": chance.choice(PROFILES), "sites": [site]}

    def word_for_link(self) -> str:
        return "".join(letter for letter in self.word() if letter.isascii() and letter.isalnum()) or "x"

    def _make_locales(self) -> dict[str, Any] | None:
        tags = [("en-US", "English"), ("de-DE", "German"), ("ja-JP", "日本語")][: self.chance.randint(0, 3)]
        self.locales = [
            {
                "id": self.new_id(),
                "cmsLocaleId": self.new_id(),
                "tag": tag,
                "displayName": name,
                "subdirectory": tag[:2],
            }
            for tag, name in tags
        ]
        return {"primary": self.locales[0], "secondary": self.locales[1:]} if tags else None

    def _make_folders(self) -> list[dict[str, Any]]:
        folders: list[dict[str, Any]] = []
        for number in range(self.chance.choice([0, 1, 4, 30])):
            parent = self.chance.choice([None, *(folder["id"] for folder in folders)])
            name = f"{self.chance.choice(NAMES)} {number}"
            folders.append({"id": self.new_id(), "displayName": name, "parentFolder": parent, "createdOn": self.date()})
        self.chance.shuffle(folders)
        return folders

    def _make_asset(self, folders: list[dict[str, Any]]) -> dict[str, Any]:
        row = {
            "id": self.new_id(),
            "fileName": f"{self.word_for_link()}.{self.chance.choice(['txt', 'csv', 'json', 'svg'])}",
            "createdOn": self.date(),
            "altText": self.chance.choice([None, "", self.word()]),
        }
        if len(self.locales) > 1 and self.chance.random() < 0.5:
            row["altTexts"] = {self.locales[1]["tag"]: self.word()}
        if folders and self.chance.random() < 0.7:
            row["folder"] = self.chance.choice(folders)["id"]
        if self.chance.random() < 0.7:
            row["text"] = f'{{"a": "{self.word_for_link()}"}}' if row["fileName"].endswith("json") else self.word()
        return row

    def _make_collection(self, number: int, site: dict[str, Any]) -> dict[str, Any]:
        chance = self.chance
        fields = [self._make_field(count) for count in range(chance.randint(0, self._most_fields - 2))]
        several = [field for field in fields if field["type"] == "MultiReference"]
        fields = [field for field in fields if field not in several[5:]]
        row: dict[str, Any] = {
            "id": self.ids[number],
            "displayName": f"{chance.choice(NAMES)} {number}",
            "singularName": chance.choice(NAMES),
            "slug": f"slug-{number}",
            "createdOn": self.date(),
            "lastUpdated": self.date(),
            "fields": fields,
        }
        if fields and chance.random() < 0.5:
            named = [field["id"] for field in fields[: chance.randint(1, len(fields))]]
            row["fieldGroups"] = [
                {"displayName": "Main", "fieldIds": named, "description": chance.choice([None, "Help"])}
            ]
            row["fieldGroups"][0] = {key: value for key, value in row["fieldGroups"][0].items() if value is not None}
        row["items"] = [
            variant for item_id in self.item_ids[number] for variant in self._make_item(item_id, fields, site)
        ]
        return row

    def _make_field(self, number: int) -> dict[str, Any]:
        kind = self.chance.choice(_TYPES)
        validations: dict[str, Any] | None = None
        if kind in ("PlainText", "RichText"):
            validations = self.chance.choice([None, {"singleLine": True}, {"maxLength": 5000, "minLength": 0}])
        elif kind == "Number":
            validations = {"precision": 2, "allowNegative": True, "format": "decimal"}
        elif kind == "Option":
            names = [f"{name} {count}" for count, name in enumerate(self.chance.sample(NAMES, 3))]
            validations = {"options": [{"name": name, "id": self.part_id()} for name in names]}
        elif kind in ("Reference", "MultiReference"):
            validations = {"collectionId": self.chance.choice(self.ids)}
        return {
            "id": self.part_id(),
            "type": kind,
            "displayName": f"{self.chance.choice(NAMES)} {number}",
            "slug": f"{self.chance.choice(['f', 'field', '_f', 'a-b'])}-{number}",
            "isRequired": False,
            "isEditable": self.chance.random() < 0.9,
            "helpText": self.chance.choice([None, "Help & more"]),
            "validations": validations,
        }

    def _make_item(self, item_id: str, fields: list[dict[str, Any]], site: dict[str, Any]) -> Iterator[dict[str, Any]]:
        chance = self.chance
        slug = f"{self.word_for_link().lower()}-{item_id[-6:]}"
        others = [locale["tag"] for locale in self.locales[1:] if chance.random() < 0.7]
        for tag in [self.locales[0]["tag"] if self.locales else None, *others]:
            published = site["lastPublished"] is not None and chance.random() < 0.7
            row: dict[str, Any] = {
                "id": item_id,
                **({"cmsLocaleId": tag} if tag else {}),
                "createdOn": timestamp(_START),
                "lastUpdated": self.date(),
                "lastPublished": self.date() if published else None,
                "isDraft": chance.random() < 0.3,
                "isArchived": chance.random() < 0.1,
                "fieldData": self._make_data(slug, fields),
            }
            if published:
                row["live"] = chance.choice([True, False, self._make_data(slug, fields)])
            yield row

    def _make_data(self, slug: str, fields: list[dict[str, Any]]) -> dict[str, Any]:
        data: dict[str, Any] = {"name": self.word(), "slug": slug}
        for field in fields:
            if self.chance.random() < 0.8:
                data[field["slug"]] = None if self.chance.random() < 0.1 else self._make_value(field)
        return {key: value for key, value in data.items() if value != "leave out"}

    def _make_value(self, field: dict[str, Any]) -> Any:
        chance, kind = self.chance, field["type"]
        link = self.word_for_link()
        if kind in ("Reference", "MultiReference"):
            known = self.item_ids[self.ids.index(field["validations"]["collectionId"])]
            if len(self.locales) > 1 or not known:  # in another locale it may not be there
                return "leave out"
            return chance.choice(known) if kind == "Reference" else chance.sample(known, min(2, len(known)))
        picture = {
            "fileId": self.new_id(),
            "url": f"https://cdn.prod.website-files.com/{self.new_id()}/{self.new_id()}_{link}.png",
            "alt": chance.choice([None, "", self.word()]),
        }
        html = (
            f'<p id="{link}" class="lead">{self.word()} &amp; <a href="https://{link}.com/{link}" title=\'{link}\'>'
            f'{self.word()}</a><!-- {link} --><img src="https://{link}.com/a.png" alt="{self.word()} > 1"></p>'
        )
        return {
            "PlainText": lambda: chance.choice(["", f"{self.word()} {self.word()}", f"mail {link}@{link}.com now"]),
            "RichText": lambda: chance.choice(["", html]),
            "Number": lambda: chance.choice([0, -3, 4.25, 10**9]),
            "Switch": lambda: chance.random() < 0.5,
            "DateTime": self.date,
            "Email": lambda: chance.choice(["", f"{link}@{link}.com", "a@b.c"]),
            "Phone": lambda: chance.choice(["", f"+49 {chance.randrange(10**9):09}", f"call {link} 5"]),
            "Link": lambda: chance.choice(
                ["", f"https://{link}.com/{link}?q={link}#{link}", f"mailto:{link}@{link}.com"]
            ),
            "Color": lambda: chance.choice(["#1B4965", "red"]),
            "Option": lambda: chance.choice(field["validations"]["options"])["id"],
            "Image": lambda: picture,
            "MultiImage": lambda: [picture],
            "File": lambda: picture,
            "ExtFileRef": lambda: picture,
            "VideoLink": lambda: {
                "url": f"https://{link}.com/{link}",
                "metadata": {"title": self.word(), "width": 3, "html": f"<iframe src='https://{link}.com'></iframe>"},
            },
        }[kind]()


def make_site(
    number: int, words: Iterator[str] | None = None, *, most_collections: int = 5, most_fields: int = 20
) -> dict[str, Any]:
    """The scenario of that number.

    Args:
        number: The same gives the same.
        words: What stands in its content, in place of made-up words.
        most_collections: How many it has at most.
        most_fields: How many a collection has at most.
    """
    return _Site(number, words, most_collections, most_fields).make()
