"""What a listing's query asks for: locales, filters, order, page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

import orjson

from ..rules import MOST_PROBLEMS, Problem, Profile, Refusal
from ..wording import suggest
from ..world.collections import Collection
from ..world.filters import (
    FILTER_OPERATORS,
    ITEM_ID,
    LIST_OPERATORS,
    SORTABLE_TYPES,
    TEXT_SEARCHES,
    TEXT_TYPES,
    Filter,
    InvalidFilterValue,
    SortKey,
    parse_filter_value,
)
from ..world.instants import parse_instant
from ..world.listing_rules import ItemQuery
from ..world.values import FILE_TYPES
from .call import Call, parse_id, read_page

MOST_TERMS, MOST_TEXT_SEARCHES, _MOST_FILTER_VALUES, MOST_SORT_KEYS = 10, 2, 100, 3
_DATES = ("createdOn", "lastPublished", "lastUpdated")
_DATE_FILTER = re.compile(rf"({'|'.join(_DATES)})\[(gte|lte|gt|lt)\]")
# Whatever begins with the word is about filters or sorting, so that no misspelt one is ignored.
_ABOUT = re.compile(r"(filter|sort)(?!\w)")
_FILTER = re.compile(r"filter\[([^\[\]]+)\]\[([^\[\]]+)\]")
_SORT = re.compile(r"sort\[([^\[\]]+)\]")


def read_locales(ids: Iterable[str] | None, primary: str) -> tuple[str, ...]:
    """The CMS locales named, each once, or the primary one where none is (``items.locale.default``)."""
    return tuple(dict.fromkeys(parse_id(name) for name in ids or ())) or (primary,)


def read_query_locales(call: Call, collection: Collection) -> tuple[str, ...]:
    """The CMS locales a comma-separated ``cmsLocaleId`` names."""
    named = [name.strip() for name in call.query.get("cmsLocaleId", "").split(",") if name.strip()]
    return read_locales(named, call.primary_locale(collection))


def read_item_query(call: Call, collection: Collection) -> ItemQuery:
    """The filters, the order and the page a listing asks for.

    Raises:
        Refusal: ``items.list.sort-order``, if ``sortBy`` stands alone and that choice says so, or what a filter, a sort
            key, or the page is refused by.
    """
    offset, limit = read_page(call)
    locales = _read_listed_locales(call, collection)
    reader = _QueryReader(collection, call.profile)
    reader.read(call.query_pairs)
    filters = [*_read_older_filters(call.query), *reader.filters]
    return ItemQuery(locales, offset, limit, tuple(filters), tuple(reader.sort) or _read_sort_by(call))


def _read_listed_locales(call: Call, collection: Collection) -> tuple[str, ...]:
    if call.profile.items_list_all_cms_locales == "ignored" or "allCmsLocales" not in call.query:
        return read_query_locales(call, collection)
    # Not even an empty cmsLocaleId goes with it; other reads ignore one.
    if call.query["allCmsLocales"] != "true" or any(name == "cmsLocaleId" for name, _ in call.query_pairs):
        raise Refusal("items.list.all-cms-locales")
    site = call.world.site(collection.site_id)
    return tuple(locale.cms_locale_id for locale in (site.primary, *site.secondary))


def _read_older_filters(query: Mapping[str, str]) -> list[Filter]:
    """The filters of before 2026: by name, slug and dates."""
    exact = [Filter(name, "eq", query[name]) for name in ("name", "slug") if name in query]
    dates = ((_DATE_FILTER.fullmatch(name), value) for name, value in query.items())
    return exact + [Filter(match[1], match[2], parse_instant(value)) for match, value in dates if match]


def _read_sort_by(call: Call) -> tuple[SortKey, ...]:
    if "sortBy" not in call.query:
        return ()
    order = call.query.get("sortOrder", call.profile.items_list_sort_order)
    if order == "reject":
        raise Refusal("items.list.sort-order")
    return (SortKey(call.query["sortBy"], order == "desc"),)


class _QueryReader:
    """Reads ``filter[slug][operator]=value`` and ``sort[slug]=direction``. All mistakes are refused together.

    Args:
        collection: Whose fields are meant.
        profile: The open choices.
    """

    def __init__(self, collection: Collection, profile: Profile) -> None:
        self._collection = collection
        self._profile = profile
        self._problems: list[Problem] = []
        self._counts = {"terms": 0, "text searches": 0}
        self.filters: list[Filter] = []
        self.sort: list[SortKey] = []

    def read(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Reads the parameters that are about filters and sorting, in their order.

        Raises:
            Refusal: One of them is not understood; in the form of the choice ``filters.refusal``.
        """
        seen: set[str] = set()
        sorts = 0
        for name, value in pairs:
            about = _ABOUT.match(name)
            if about is None:
                continue
            if name in seen:
                self._note("requests.query.repeated", name=name)
            elif filtered := _FILTER.fullmatch(name):
                self._read_filter(filtered[1], filtered[2], value)
            elif sorted_by := _SORT.fullmatch(name):
                sorts += 1
                self._read_sort(sorted_by[1], value)
            else:
                clause = "filters.not-understood" if about[1] == "filter" else "sorts.not-understood"
                self._note(clause, name=name)
            seen.add(name)
        self._check_counts(sorts)
        if self._problems:
            raise self._make_refusal()

    def _read_filter(self, slug: str, operator: str, text: str) -> None:
        self._counts["terms"] += 1
        self._counts["text searches"] += operator in TEXT_SEARCHES
        path = f"filter.{slug}.{operator}"
        field_type = self._find_type(slug)
        if field_type is None:
            self._note("filters.unknown-field", path=f"filter.{slug}", hint=self._suggest(slug))
        elif operator not in self._find_operators(field_type):
            known = ", ".join(self._find_operators(field_type)) or "none"
            self._note("filters.unknown-operator", path=path, type=field_type, operators=known)
        elif operator in LIST_OPERATORS and text.count(",") >= _MOST_FILTER_VALUES:
            self._note("filters.hundred-values", path=path)
        else:
            try:
                value = self._parse(slug, field_type, operator, text)
            except InvalidFilterValue as invalid:
                self._note("filters.invalid-value", path=path, expected=invalid)
            else:
                ignores_case = self._profile.filters_text_case == "ignored" and field_type in TEXT_TYPES
                unset_differs = self._profile.filters_unset == "differs"
                self.filters.append(Filter(slug, operator, value, ignores_case, unset_differs))

    def _parse(self, slug: str, field_type: str, operator: str, text: str) -> Any:
        field = None if slug == ITEM_ID or slug in _DATES else self._collection.field_with_slug(slug)
        value = parse_filter_value(field_type, operator, text, (field and field.validations) or {})
        if slug not in _DATES or operator == "exists":
            return value
        # Dates of an item are compared as instants.
        return frozenset(map(parse_instant, value)) if operator in LIST_OPERATORS else parse_instant(value)

    def _read_sort(self, slug: str, direction: str) -> None:
        path = f"sort.{slug}"
        field_type = self._find_type(slug)
        if field_type is None:
            self._note("sorts.unknown-field", path=path, hint=self._suggest(slug))
        elif field_type not in SORTABLE_TYPES:
            self._note("sorts.unsortable", path=path, type=field_type)
        elif direction not in ("asc", "desc"):
            self._note("sorts.direction", path=path)
        else:
            descending = direction == "desc"
            unset_first = self._profile.sorts_unset == ("highest" if descending else "lowest")
            self.sort.append(SortKey(slug, descending, unset_first))

    def _check_counts(self, sorts: int) -> None:
        if self._counts["terms"] > MOST_TERMS:
            self._note("filters.ten-terms")
        if self._counts["text searches"] > MOST_TEXT_SEARCHES:
            self._note("filters.two-text-searches")
        if sorts > MOST_SORT_KEYS:
            self._note("sorts.three")

    def _find_type(self, slug: str) -> str | None:
        """The type of the field; ``id`` and the dates of an item always mean the item's own."""
        if slug == ITEM_ID:
            return ITEM_ID
        if slug in _DATES:
            return "DateTime" if self._profile.filters_dates == "accept" else None
        field = self._collection.field_with_slug(slug)
        return field.type if field is not None else None

    def _find_operators(self, field_type: str) -> Iterable[str]:
        if field_type in FILTER_OPERATORS:
            return FILTER_OPERATORS[field_type]
        return ("exists",) if field_type in FILE_TYPES and self._profile.filters_file == "exists" else ()

    def _suggest(self, slug: str) -> str:
        return suggest(slug, [ITEM_ID, *(field.slug for field in self._collection.fields)])

    def _note(self, clause: str, **values: object) -> None:
        self._problems.append(Problem(clause, values=values))

    def _make_refusal(self) -> Refusal:
        problems = list({problem.text: problem for problem in self._problems}.values())[:MOST_PROBLEMS]
        clause = "filters.refusal" if self._profile.filters_refusal == "bad-request" else "requests.shape.invalid"
        texts = orjson.dumps([problem.text for problem in problems]).decode()
        return Refusal(clause, problems, choice="filters.refusal", problems_text=texts)
