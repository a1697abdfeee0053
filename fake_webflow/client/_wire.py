"""Puts arguments into the form they have on the wire: paths, query parameters, bodies."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, TypedDict
from urllib.parse import quote

Moment = str | datetime
FilterValue = str | float | bool | datetime | Collection[str] | Collection[float]


class ItemFilters(TypedDict, total=False):
    """What narrows and orders a listing of items; everything is optional.

    Args:
        cms_locale_id: One CMS locale id, or several; without it only the primary locale is listed.
        name: Only items of exactly this name.
        slug: Only items of exactly this slug.
        sort_by: ``createdOn``, ``lastPublished``, ``lastUpdated``, ``name`` or ``slug``.
        sort_order: ``asc`` or ``desc``.
        created_on: Bounds by operator (``gte``, ``lte``, ``gt``, ``lt``), each an ISO 8601 string or an aware
            datetime: ``{"gte": "2026-01-01T00:00:00Z"}``.
        last_published: Likewise.
        last_updated: Likewise.
        filters: Conditions on fields, by slug (or ``id``) and operator, all of which must hold: ``{"price": {"gte": 3,
            "lt": 10}, "name": {"contains": "pier"}}``. The operators are ``eq``, ``ne``, ``gt``, ``gte``, ``lt``,
            ``lte``, ``contains``, ``ncontains``, ``exists`` (True or False), and ``in`` and ``nin`` with a list.
        sort: Up to three fields to sort by, each with ``asc`` or ``desc``, before ``sort_by``: ``[("price", "desc")]``.
        translatable: The id of a secondary locale of the site; leaves out what is excluded from its translation.
    """

    cms_locale_id: str | Sequence[str] | None
    name: str | None
    slug: str | None
    sort_by: str | None
    sort_order: str | None
    created_on: Mapping[str, Moment] | None
    last_published: Mapping[str, Moment] | None
    last_updated: Mapping[str, Moment] | None
    filters: Mapping[str, Mapping[str, FilterValue]] | None
    sort: Sequence[tuple[str, str]] | None
    translatable: str | None


def path(*segments: str) -> str:
    """A path from its segments, each escaped.

    Raises:
        ValueError: A segment is empty or one or two dots, so that the path would name something else: a delete
            without its id must not become a call on the whole listing.
        TypeError: A segment is not a string.
    """
    given: tuple[object, ...] = segments  # which may be the collection itself, where its id is meant
    for segment in given:
        if not isinstance(segment, str):
            raise TypeError(f"an id is a string, as collection.id; not a {type(segment).__name__}")
        if segment in ("", ".", ".."):
            raise ValueError(f"an id is needed here, not {segment!r}")
    return "".join(f"/{quote(segment, safe='')}" for segment in segments)


def query(options: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Query parameters from snake_case options; those that are None are left out.

    Booleans become ``true`` and ``false``, a sequence is joined with commas, a mapping becomes ``name[operator]``, and
    ``filters`` and ``sort`` become what ``ItemFilters`` says of them.

    Raises:
        TypeError: Filters or sort keys have another form.
        ValueError: A value cannot be written.
    """
    pairs: list[tuple[str, str]] = []
    for name, value in options.items():
        if value is not None and name == "filters":
            pairs += _filters(value)
        elif value is not None and name == "sort":
            pairs += _sort(value)
        elif isinstance(value, Mapping):
            pairs += [(f"{_camel(name)}[{operator}]", _text(bound)) for operator, bound in value.items()]
        elif value is not None:
            pairs.append((_camel(name), _text(value)))
    return pairs


def _filters(filters: Any) -> Iterator[tuple[str, str]]:
    if not isinstance(filters, Mapping) or not all(isinstance(terms, Mapping) for terms in filters.values()):
        raise TypeError(f'filters have the form {{"price": {{"gte": 3}}}}; not {filters!r}')
    for slug, terms in filters.items():
        for operator, value in terms.items():
            if value is None:
                raise ValueError(f'{slug}: no value is asked for by {{"exists": False}}, not by {{{operator!r}: None}}')
            several = isinstance(value, Collection) and not isinstance(value, str)
            texts = [_text(part) for part in value] if several else [_text(value)]
            if several and any("," in text for text in texts):
                raise ValueError(f"{slug}: a comma parts the values of {operator}, so none can hold one: {texts}")
            yield f"filter[{slug}][{operator}]", ",".join(texts)


def _sort(keys: Any) -> Iterator[tuple[str, str]]:
    if isinstance(keys, str | Mapping) or not all(isinstance(key, list | tuple) and len(key) == 2 for key in keys):
        raise TypeError(f'sort has the form [("price", "desc")]; not {keys!r}')
    return ((f"sort[{slug}]", direction) for slug, direction in keys)


def body(options: Mapping[str, Any]) -> dict[str, Any]:
    """A JSON object from snake_case options; those that are None are left out."""
    return {_camel(name): value for name, value in options.items() if value is not None}


def selector(entry: str | Mapping[str, Any]) -> dict[str, Any]:
    """An entry of a bulk delete or publish: ``{"id": ...}`` for a bare id."""
    return {"id": entry} if isinstance(entry, str) else dict(entry)


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone")
        return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ",".join(value)
    return str(value)
