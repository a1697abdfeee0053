"""What a sequence is made in: what was asked for so far, and what of it the next moves can speak of."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from ..generated.calls import CallSpec, JsonValue
from ..kit.sandbox import NAME_PREFIX, WEBHOOK_URL

SEQUENCE_FIELDS: list[JsonValue] = [
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
SAMPLE_TEXTS = ("", "a", "zwei Wörter", "<b>&</b>", "日本")


@dataclass
class SequenceBuilder:
    """A sequence in the making.

    Args:
        rng: Where what is left to chance comes from.
        locales: How many CMS locales there are on both sides; items of the others cannot be spoken of.
        calls: The sequence.
    """

    rng: random.Random
    locales: int = 1
    calls: list[CallSpec] = field(default_factory=list)
    staged: list[str] = field(default_factory=list)
    live: list[str] = field(default_factory=list)
    slugs: list[str] = field(default_factory=list)
    assets: list[str] = field(default_factory=list)
    _collection: str = ""
    _is_published: bool = False
    _numbers: dict[str, int] = field(default_factory=dict)

    # Asking

    def add_call(
        self, method: str, path: str, body: JsonValue = None, *, makes: tuple[str, ...] = (), **query: str
    ) -> None:
        """Puts one more call to the sequence."""
        self.calls.append(CallSpec(method, path, body, tuple(query.items()), makes))

    def add_upload(self, asset: str, text: str) -> None:
        """Puts the upload of a registered asset to it."""
        self.calls.append(CallSpec("POST", f"{{{asset}}}", text, is_upload=True))

    def new_name(self, kind: str) -> str:
        """A name that stands for nothing yet."""
        self._numbers[kind] = self._numbers.get(kind, 0) + 1
        return f"{kind}#{self._numbers[kind]}"

    def new_item_name(self) -> str:
        """For an item: mostly a new one, which makes a new slug."""
        return f"Thing {self.new_name('thing').partition('#')[2]}" if self.rng.random() < 0.85 else "Thing 1"

    def new_slug(self) -> str:
        """One that is not used yet."""
        self.slugs.append(f"slug-{self.new_name('slug').partition('#')[2]}")
        return self.slugs[-1]

    # What there is to work with

    @property
    def items_path(self) -> str:
        """The path of the items of the sequence's collection, which is made when it is first spoken of."""
        if not self._collection:
            self._collection = self.new_collection(SEQUENCE_FIELDS)
        return f"/collections/{{{self._collection}}}/items"

    @property
    def live_items_path(self) -> str:
        """The same, in a site that was published since, as live writes want it."""
        path = self.items_path
        if not self._is_published:
            self.publish_site()
            self._is_published = True
        return path

    @property
    def collection_path(self) -> str:
        """The path of the collection."""
        return self.items_path.removesuffix("/items")

    @property
    def collection_name(self) -> str:
        """What its ids are called after."""
        return self.items_path.split("/")[2].strip("{}")

    def require_publish(self) -> None:
        """Has the site published again before the next live write."""
        self._is_published = False

    def new_collection(self, fields: list[JsonValue]) -> str:
        """Asks for a collection."""
        made = self.new_name("collection")
        number = made.partition("#")[2]
        names = {
            "displayName": f"{NAME_PREFIX}{{mark}} {number}",
            "singularName": f"{NAME_PREFIX}one {{mark}} {number}",
        }
        self.add_call("POST", "/sites/{site}/collections", {**names, "fields": fields}, makes=(made,))
        return made

    def publish_site(self) -> None:
        """Asks for a publish of the site."""
        self.add_call("POST", "/sites/{site}/publish", {"publishToWebflowSubdomain": True})

    def pick_item(self, *, live: bool = False) -> str:
        """Some item; a new one where there is none, now and then one of nothing."""
        known = self.live if live else self.staged
        if known and self.rng.random() < 0.05:
            return "item#0"
        return self.rng.choice(known) if known else self.create_item(live=live)

    def create_item(self, data: JsonValue = None, *, live: bool = False, **more: JsonValue) -> str:
        """Asks for an item with a name, and this data beside it."""
        made = self.new_name("item")
        path = f"{self.live_items_path}/live" if live else self.items_path
        self.add_call(
            "POST", path, {"fieldData": {"name": self.new_item_name(), **(data or {})}, **more}, makes=(made,)
        )
        self.staged.append(made)
        if live:
            self.live.append(made)
        return made

    def register_asset(self, file_hash: str = "", name: str = "") -> str:
        """Asks for an asset of a hash that nothing else has."""
        made = self.new_name("asset")
        number = made.partition("#")[2]
        file_name = f"{NAME_PREFIX}{{mark}}-{name or number + '.png'}"
        body = {"fileName": file_name, "fileHash": file_hash or f"{{md5 file {number}}}"}
        self.add_call("POST", "/sites/{site}/assets", body, makes=(made,))
        self.assets.append(made)
        return made

    def register_webhook(self, trigger: str) -> str:
        """Asks for a webhook at an address that nothing listens to."""
        made = self.new_name("webhook")
        body = {"triggerType": trigger, "url": f"{WEBHOOK_URL}-{{mark}}"}
        self.add_call("POST", "/sites/{site}/webhooks", body, makes=(made,))
        return made

    def random_field_data(self) -> JsonValue:
        """Good values for a few fields, null among them."""
        rng = self.rng
        values: JsonValue = {
            "text": rng.choice(SAMPLE_TEXTS),
            "number": rng.choice([0, 1, -2.5, 10**6]),
            "switch": rng.random() < 0.5,
            "date": rng.choice(["2026-03-01", "2026-03-01T10:20:30+02:00"]),
            "color": rng.choice(["#abc", "red"]),
            "link": "https://example.com/",
            "option": f"{{{self.collection_name}.option.{rng.choice(['First', 'Second'])}}}",
        }
        chosen = rng.sample(sorted(values), rng.randint(0, 3))
        return {slug: None if rng.random() < 0.2 else values[slug] for slug in chosen}
