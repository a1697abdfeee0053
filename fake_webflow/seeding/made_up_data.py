"""Made-up field data by field type, valid under a collection's rules. Needs Faker, imported when used."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import TYPE_CHECKING, Any

from ..rules import Profile
from ..world.collections import Collection, Field
from ..world.instants import timestamp
from ..world.slugs import LONGEST_SLUG, slugify
from ..world.values import VALUE_CHECKS, InvalidValue

if TYPE_CHECKING:
    from faker import Faker

_ATTEMPTS = 50
_FIRST_DAY, _LAST_DAY = 1_577_836_800_000, 1_767_139_200_000  # 2020-01-01 and 2025-12-31, midnight UTC
_DAY = 86_400_000
_PROFILE = Profile()
_NOT_FOUND = object()


def make_faker(seed: int, language: str = "en_US") -> Faker:
    """A Faker of its own under a seed.

    Raises:
        ImportError: Faker is not installed; the message says how to install it.
    """
    try:
        from faker import Faker
    except ImportError as error:
        raise ImportError('made-up data needs Faker; in a clone of fake-webflow: pip install ".[data]"') from error
    made = Faker(language)
    made.seed_instance(seed)
    return made


def generate_field_data(
    collection: Collection,
    count: int,
    *,
    seed: int = 0,
    items: Mapping[str, Sequence[str]] | None = None,
    images: Sequence[Mapping[str, Any]] | None = None,
    files: Sequence[Mapping[str, Any]] | None = None,
    language: str = "en_US",
) -> list[dict[str, Any]]:
    """Field data of that many new items, valid under the collection's rules; the same seed gives the same.

    Every field gets a value, but for optional references and options that have nothing to choose from. Names and
    slugs are unique among the new items and those the collection has.

    Args:
        collection: Whose fields apply.
        count: How many items.
        seed: Any number.
        items: What reference fields may refer to: item ids by collection id. Left out: the collection's own items.
        images: Values that image fields choose from, as ``{"url": ...}``; an alt text is added. Left out: outside URLs.
        files: The same for file fields.
        language: A locale of Faker's.

    Raises:
        ImportError: Faker is not installed.
        ValueError: A field's rules leave nothing to choose from.
    """
    values = _ValueMaker(
        make_faker(seed, language),
        random.Random(seed),  # noqa: S311 - made-up data, no secrets
        items if items is not None else {collection.id: sorted({item.id for item in collection.staged})},
        images or [{"url": f"https://images.example.com/{number}.jpg"} for number in range(1, 10)],
        files or [{"url": f"https://files.example.com/{number}.pdf"} for number in range(1, 10)],
    )
    names = _make_unique_names(collection, values)
    made = []
    for _ in range(count):
        name, slug = next(names)
        data: dict[str, Any] = {"name": name, "slug": slug}
        for field in collection.fields:
            if field.slug not in data:
                value = values.make(field)
                if value is not None:
                    data[field.slug] = value
        made.append(data)
    return made


def _make_unique_names(collection: Collection, values: _ValueMaker) -> Iterator[tuple[str, str]]:
    """Names and their slugs, none twice and none that the collection has."""
    field = collection.field_with_slug("name")
    shortest, longest = _length_range(field) if field is not None else (1, LONGEST_SLUG)
    names = {item.field_data.get("name") for item in collection.staged}
    slugs = {item.slug for copies in (collection.staged, collection.live) for item in copies} | collection.held_slugs
    number = 0
    while True:
        name = values.make_text(shortest, min(longest, 60))
        slug = slugify(name)
        while name in names or slug in slugs or not slug:
            number += 1
            ending = str(number)
            if len(ending) > longest:
                raise ValueError(f"the names of {collection.display_name} are too short to be {number} different ones")
            name = f"{name[: max(longest - len(ending) - 1, 0)].rstrip()} {ending}".lstrip()[:longest]
            slug = slugify(name)
        names.add(name)
        slugs.add(slug)
        yield name, slug


def _length_range(field: Field) -> tuple[int, int]:
    """Shortest and longest text to make for the field."""
    shortest = int(field.rule("minLength") or 0)
    longest = field.rule("maxLength")
    return max(shortest, 1), int(longest) if longest is not None else max(shortest, LONGEST_SLUG)


def _is_valid(value: Any, check: Callable[[Any, Profile], Any] | None) -> bool:
    if check is None:
        return True
    try:
        check(value, _PROFILE)
    except InvalidValue:
        return False
    return True


class _ValueMaker:
    """Makes one value after another."""

    def __init__(
        self,
        faker: Faker,
        chance: random.Random,
        items: Mapping[str, Sequence[str]],
        images: Sequence[Mapping[str, Any]],
        files: Sequence[Mapping[str, Any]],
    ) -> None:
        self._faker = faker
        self._chance = chance
        self._items = items
        self._makers: Mapping[str, Callable[[Field], Any]] = {
            "PlainText": self._make_plain_text,
            "RichText": self._make_rich_text,
            "Number": self._make_number,
            "Switch": lambda _: chance.random() < 0.5,
            "DateTime": self._make_date_time,
            "Email": lambda _: faker.ascii_safe_email(),
            "Phone": lambda _: f"+1 202 555 01{chance.randrange(100):02}",
            "Link": lambda _: f"https://www.example.com/{faker.slug()}",
            "Color": lambda _: f"#{chance.randrange(16**6):06X}",
            "Option": self._choose_option,
            "Image": lambda _: self._choose_file(images),
            "MultiImage": lambda _: [self._choose_file(images) for _ in range(chance.randint(1, 3))],
            "File": lambda _: self._choose_file(files),
            "ExtFileRef": lambda _: self._choose_file(files),
            "VideoLink": lambda _: f"https://videos.example.com/{chance.randrange(10**9)}",
            "Reference": self._choose_reference,
            "MultiReference": self._choose_references,
        }

    def make(self, field: Field) -> Any:
        """A value the field takes, or None where an optional one has nothing to choose from.

        Raises:
            ValueError: Nothing was found that the field takes.
        """
        make_check = VALUE_CHECKS.get(field.type)
        check = make_check(field.validations or {}) if make_check else None
        drawn = (self._makers[field.type](field) for _ in range(_ATTEMPTS))
        value = next((value for value in drawn if value is None or _is_valid(value, check)), _NOT_FOUND)
        if value is _NOT_FOUND:
            raise ValueError(f"no value was found that the field {field.slug} takes under its rules")
        if value is None and field.is_required:
            raise ValueError(f"the required field {field.slug} has nothing to choose from")
        return value

    def make_text(self, shortest: int, longest: int) -> str:
        """A text on one line, of a length between the two."""
        wanted = self._chance.randint(shortest, max(shortest, min(longest, shortest + 60)))
        text = self._faker.word().capitalize()
        while len(text) < wanted:
            text += f" {self._faker.word()}"
        return text if len(text) <= longest else text[:longest].rstrip().ljust(shortest, ".")

    def _make_plain_text(self, field: Field) -> str:
        return self.make_text(*_length_range(field))

    def _make_rich_text(self, field: Field) -> str:
        shortest, longest = _length_range(field)
        if field.rule("maxLength") is None:
            longest = shortest + 2 * LONGEST_SLUG
        frame = "<p></p>"
        if longest <= len(frame):
            return self.make_text(shortest, longest)
        return f"<p>{self.make_text(max(shortest - len(frame), 1), longest - len(frame))}</p>"

    def _make_number(self, field: Field) -> int | float:
        lowest, highest = field.rule("minValue"), field.rule("maxValue")
        negative = field.rule("allowNegative") is not False
        if lowest is None:
            lowest = min(-1000 if negative else 0, highest if highest is not None else 0)
        if not negative:
            lowest = max(lowest, 0)
        if highest is None:
            highest = max(1000, lowest + 1000)
        precision = 0 if field.rule("format") == "integer" else min(int(field.rule("precision") or 0), 9)
        scale = 10**precision
        first = int((Decimal(lowest) * scale).to_integral_value(ROUND_CEILING))
        last = int((Decimal(highest) * scale).to_integral_value(ROUND_FLOOR))
        if first > last:
            raise ValueError(f"the rules of the field {field.slug} leave no number between {lowest} and {highest}")
        drawn = self._chance.randint(first, last)
        return drawn if scale == 1 else drawn / scale

    def _make_date_time(self, field: Field) -> str:
        day = self._chance.randrange(_FIRST_DAY, _LAST_DAY, _DAY)
        minute = self._chance.randrange(24 * 60) * 60_000 if field.rule("format") == "date-time" else 0
        return timestamp(day + minute)

    def _choose_option(self, field: Field) -> str | None:
        options = field.rule("options") or ()
        return str(self._chance.choice(options)["id"]) if options else None

    def _choose_file(self, known: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        return {**self._chance.choice(known), "alt": self._faker.sentence(nb_words=4)}

    def _choose_reference(self, field: Field) -> str | None:
        known = self._items.get(str(field.rule("collectionId")), ())
        return self._chance.choice(known) if known else None

    def _choose_references(self, field: Field) -> list[str] | None:
        known = self._items.get(str(field.rule("collectionId")), ())
        return self._chance.sample(known, min(len(known), self._chance.randint(1, 3))) if known else None
