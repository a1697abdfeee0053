"""What a sequence is made in: what was asked for so far, and what of it the next moves can speak of."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from ..kit.sandbox import PREFIX
from .calls import Call, Json

FIELDS: list[Json] = [
    {"type": "PlainText", "displayName": "Text"},
    {"type": "Number", "displayName": "Number"},
    {"type": "Switch", "displayName": "Switch"},
    {"type": "DateTime", "displayName": "Date"},
    {"type": "Color", "displayName": "Color"},
    {"type": "Link", "displayName": "Link"},
    {"type": "Option", "displayName": "Option", "metadata": {"options": [{"name": "First"}, {"name": "Second"}]}},
    {"type": "Image", "displayName": "Image"},
    {"type": "VideoLink", "displayName": "Video"},
]
TEXTS = ("", "a", "zwei Wörter", "<b>&</b>", "日本")


@dataclass
class Scene:
    """A sequence in the making.

    Args:
        chance: Where what is left to chance comes from.
        locales: How many CMS locales there are on both sides; items of the others cannot be spoken of.
        calls: The sequence.
    """

    chance: random.Random
    locales: int = 1
    calls: list[Call] = field(default_factory=list)
    staged: list[str] = field(default_factory=list)
    live: list[str] = field(default_factory=list)
    slugs: list[str] = field(default_factory=list)
    assets: list[str] = field(default_factory=list)
    _collection: str = ""
    _is_published: bool = False
    _numbers: dict[str, int] = field(default_factory=dict)

    # Asking

    def ask(self, method: str, path: str, body: Json = None, *, makes: tuple[str, ...] = (), **query: str) -> None:
        """Puts one more call to the sequence."""
        self.calls.append(Call(method, path, body, tuple(query.items()), makes))

    def upload(self, asset: str, text: str) -> None:
        """Puts the upload of a registered asset to it."""
        self.calls.append(Call("POST", f"{{{asset}}}", text, upload=True))

    def new(self, kind: str) -> str:
        """A name that stands for nothing yet."""
        self._numbers[kind] = self._numbers.get(kind, 0) + 1
        return f"{kind}#{self._numbers[kind]}"

    def name(self) -> str:
        """For an item: mostly a new one, which makes a new slug."""
        return f"Thing {self.new('thing').partition('#')[2]}" if self.chance.random() < 0.85 else "Thing 1"

    def slug(self) -> str:
        """One that is not used yet."""
        self.slugs.append(f"slug-{self.new('slug').partition('#')[2]}")
        return self.slugs[-1]

    # What there is to work with

    @property
    def items(self) -> str:
        """The path of the items of the sequence's collection, which is made when it is first spoken of."""
        if not self._collection:
            self._collection = self.new_collection(FIELDS)
        return f"/collections/{{{self._collection}}}/items"

    @property
    def live_items(self) -> str:
        """The same, in a site that was published since, as live writes want it."""
        path = self.items
        if not self._is_published:
            self.publish_site()
            self._is_published = True
        return path

    @property
    def collection(self) -> str:
        """The path of the collection."""
        return self.items.removesuffix("/items")

    @property
    def collection_name(self) -> str:
        """What its ids are called after."""
        return self.items.split("/")[2].strip("{}")

    def structure_changed(self) -> None:
        """Has the site published again before the next live write."""
        self._is_published = False

    def new_collection(self, fields: list[Json]) -> str:
        """Asks for a collection."""
        made = self.new("collection")
        number = made.partition("#")[2]
        names = {"displayName": f"{PREFIX}{{mark}} {number}", "singularName": f"{PREFIX}one {{mark}} {number}"}
        self.ask("POST", "/sites/{site}/collections", {**names, "fields": fields}, makes=(made,))
        return made

    def publish_site(self) -> None:
        """Asks for a publish of the site."""
        self.ask("POST", "/sites/{site}/publish", {"publishToWebflowSubdomain": True})

    def item(self, *, live: bool = False) -> str:
        """Some item; a new one where there is none, now and then one of nothing."""
        known = self.live if live else self.staged
        if known and self.chance.random() < 0.05:
            return "item#0"
        return self.chance.choice(known) if known else self.created(live=live)

    def created(self, data: Json = None, *, live: bool = False, **more: Json) -> str:
        """Asks for an item with a name, and this data beside it."""
        made = self.new("item")
        path = f"{self.live_items}/live" if live else self.items
        self.ask("POST", path, {"fieldData": {"name": self.name(), **(data or {})}, **more}, makes=(made,))
        self.staged.append(made)
        if live:
            self.live.append(made)
        return made

    def registered(self, file_hash: str = "", name: str = "") -> str:
        """Asks for an asset of a hash that nothing else has."""
        made = self.new("asset")
        number = made.partition("#")[2]
        file_name = f"{PREFIX}{{mark}}-{name or number + '.png'}"
        body = {"fileName": file_name, "fileHash": file_hash or f"{{md5 file {number}}}"}
        self.ask("POST", "/sites/{site}/assets", body, makes=(made,))
        self.assets.append(made)
        return made

    def field_data(self) -> Json:
        """Good values for a few fields, null among them."""
        chance = self.chance
        values: Json = {
            "text": chance.choice(TEXTS),
            "number": chance.choice([0, 1, -2.5, 10**6]),
            "switch": chance.random() < 0.5,
            "date": chance.choice(["2026-03-01", "2026-03-01T10:20:30+02:00"]),
            "color": chance.choice(["#abc", "red"]),
            "link": "https://example.com/",
            "option": f"{{{self.collection_name}.option.{chance.choice(['First', 'Second'])}}}",
        }
        chosen = chance.sample(sorted(values), chance.randint(0, 3))
        return {slug: None if chance.random() < 0.2 else values[slug] for slug in chosen}
