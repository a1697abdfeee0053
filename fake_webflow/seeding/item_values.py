"""Field values of a scenario: names in them become ids and URLs, and what is in the form it is read in stays."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..rules import Problem, Profile, Refusal
from ..wording import suggest
from ..world.addresses import Addresses
from ..world.collections import Collection, Field
from ..world.field_data import FieldDataCheck
from ..world.values import FILE_TYPES, OBJECT_ID_PATTERN, REFERENCE_TYPES, VALUE_CHECKS, InvalidValue, is_url
from ..world.world import World
from .context import Mistake, Registry


class RecordedDataCheck(FieldDataCheck):
    """The law of field data, but that values in the form Webflow reads them in are kept as they are.

    A write mints a new file id for an image and knows nothing of a video's metadata; a recorded item has both, and is
    to be read back as it was recorded.
    """

    def check_recorded(self, data: Mapping[str, Any], cms_locale_id: str) -> dict[str, Any]:
        """The data of one item as the item keeps it.

        Raises:
            Refusal: At once, so that it is known whose data it is.
        """
        kept = self.check_new(data, cms_locale_id)
        if self.problems:
            raise Refusal("field-data.invalid", self.problems)
        return kept

    def keep(self, checked: dict[str, Any], field: Field, value: Any, cms_locale_id: str) -> None:
        """Keeps a recorded value as it is, any other as the law keeps it."""
        if _is_in_read_form(value, field):
            checked[field.slug] = value
        else:
            super().keep(checked, field, value, cms_locale_id)


def _is_in_read_form(value: Any, field: Field) -> bool:
    if field.type == "MultiImage":
        return isinstance(value, list) and all(map(_is_read_file, value))
    if field.type in FILE_TYPES:
        return _is_read_file(value)
    return (
        field.type == "VideoLink"
        and isinstance(value, dict)
        and is_url(value.get("url"))
        and isinstance(value.get("metadata"), dict)
    )


def _is_read_file(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and isinstance(value.get("fileId"), str)
        and is_url(value.get("url"))
        and isinstance(value.get("alt"), str | None)
    )


def check_verbatim(data: Mapping[str, Any], collection: Collection, profile: Profile) -> dict[str, Any]:
    """Field data as the API answered it, as it is: its values are of their types, whatever else the fields ask for.

    Rules of a field may have come later than a value, and what it refers to may be gone.

    Raises:
        Refusal: An unknown field, or a value that is none of its type.
    """
    fields = {field.slug: field for field in collection.fields}
    problems: list[Problem] = []
    for slug, value in data.items():
        try:
            if slug not in fields:
                problems.append(Problem("field-data.unknown-field", slug))
            elif value is not None and not _is_in_read_form(value, fields[slug]):
                _check_type(value, fields[slug], profile)
        except InvalidValue as invalid:
            problems.append(Problem(invalid.clause, slug, invalid.values))
    if problems:
        raise Refusal("field-data.invalid", problems)
    return dict(data)


def _check_type(value: Any, field: Field, profile: Profile) -> None:
    if field.type in FILE_TYPES:
        raise InvalidValue("field-data.file.url", value)
    kind = "PlainText" if field.type == "Option" else field.type
    VALUE_CHECKS[kind]({})(value, profile)


_TRANSLATED_TYPES = FILE_TYPES | REFERENCE_TYPES | {"Option"}


class Translator:
    """Makes field data of a scenario what could be sent to the API.

    Args:
        collection: Whose fields apply.
        world: Where the assets are.
        registry: Knows the items and the assets by name.
        addresses: What URLs of files start with.
    """

    def __init__(self, collection: Collection, world: World, registry: Registry, addresses: Addresses) -> None:
        self._fields = {field.slug: field for field in collection.fields if field.type in _TRANSLATED_TYPES}
        self._site_id = collection.site_id
        self._world = world
        self._registry = registry
        self._addresses = addresses

    def translate(self, data: Mapping[str, Any], place: str) -> dict[str, Any]:
        """The data with references by id, options by id and files by URL.

        Args:
            data: With references by id or slug, options by id or name, the scenario's own files as ``{asset, alt}``.
            place: Of the data in the scenario.

        Raises:
            Mistake: A name that nobody has.
        """
        sent = dict(data)
        for slug, value in data.items():
            field = self._fields.get(slug)
            if field is None or value is None:
                continue
            where = f"{place}.{slug}"
            if isinstance(value, list):
                sent[slug] = [
                    self._translate_value(part, field, f"{where}[{number}]") for number, part in enumerate(value)
                ]
            else:
                sent[slug] = self._translate_value(value, field, where)
        return sent

    def _translate_value(self, value: Any, field: Field, place: str) -> Any:
        if field.type in FILE_TYPES and isinstance(value, dict) and "asset" in value:
            return self._translate_file(value, place)
        if field.type in REFERENCE_TYPES and isinstance(value, str) and not OBJECT_ID_PATTERN.fullmatch(value):
            return self._registry.find_id(f"item in {field.rule('collectionId')}", value, place)
        if field.type == "Option" and isinstance(value, str):
            return _find_option(value, field, place)
        return value

    def _translate_file(self, value: Mapping[str, Any], place: str) -> dict[str, Any]:
        for name in value:
            if name not in ("asset", "alt"):
                raise Mistake(f"{place}.{name}", f"unknown key; {suggest(name, ['asset', 'alt'])}")
        asset_id = self._registry.find_id(f"asset in {self._site_id}", str(value["asset"]), f"{place}.asset")
        asset = self._world.assets.get(asset_id)
        if asset is None or asset.key not in self._world.files:
            raise Mistake(f"{place}.asset", f"the asset {value['asset']!r} has no bytes")
        return {"url": self._addresses.asset_url(asset.key), "alt": value.get("alt")}


def _find_option(value: str, field: Field, place: str) -> str:
    options = {str(option["name"]): str(option["id"]) for option in field.rule("options") or ()}
    if value in options.values():
        return value
    if value not in options:
        raise Mistake(place, f"no option is named {value!r}; {suggest(value, options)}")
    return options[value]
