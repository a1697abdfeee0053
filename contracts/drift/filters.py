"""Drifts of filters and sort keys by any field."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from fake_webflow.client import JsonObject
from fake_webflow.message import Response

from .drift import drift
from .exchange import AskApi, SentRequest, is_done, is_operation, is_refusal, list_all_items, make_refusal, paginate
from .lists import ITEM_LIST_OPERATIONS

_FILTER = re.compile(r"filter\[([^\]]*)\]\[([^\]]*)\]")
ChangedQuery = dict[str, str]
"""A query's parameters by name."""


def _rewrite(sent: SentRequest, ask: AskApi, change: Callable[[str, str], ChangedQuery]) -> Response:
    """The answer to a listing with each filter or sort key replaced by what the function gives for it."""
    if not is_operation(sent, ITEM_LIST_OPERATIONS):
        return ask(sent)
    changed: ChangedQuery = {}
    for name, value in sent.query.items():
        changed |= change(name, value)
    return ask(sent.with_query(changed) if changed != sent.query else sent)


def _rewrite_operator(
    sent: SentRequest, ask: AskApi, operators: tuple[str, ...], change: Callable[[str, str, str], ChangedQuery]
) -> Response:
    """The same for the filters with one of these operators: from slug, operator and value."""

    def rewrite(name: str, value: str) -> ChangedQuery:
        found = _FILTER.fullmatch(name)
        return change(found[1], found[2], value) if found and found[2] in operators else {name: value}

    return _rewrite(sent, ask, rewrite)


def _list_all(sent: SentRequest, ask: AskApi, *left_out: str) -> list[JsonObject]:
    """Every item that a listing finds without its page, and without the parameters left out."""
    query = {name: value for name, value in sent.query.items() if name not in ("limit", "offset", *left_out)}
    return list_all_items(sent, ask, **query)


def _refine(sent: SentRequest, ask: AskApi, operators: tuple[str, ...], keep: Callable[[Any, str], bool]) -> Response:
    """The answer to a listing without the items whose value does not do for a filter with one of these operators."""
    found = [(_FILTER.fullmatch(name), text) for name, text in sent.query.items()]
    filters = [(match[1], text) for match, text in found if match and match[2] in operators]
    answer = ask(sent)
    if not is_operation(sent, ITEM_LIST_OPERATIONS) or not filters or not is_done(answer):
        return answer
    items = _list_all(sent, ask)
    for slug, text in filters:
        items = [item for item in items if slug == "id" or keep(item["fieldData"].get(slug), text)]
    return paginate(answer, items)


def _accept(sent: SentRequest, ask: AskApi, text: str, query: Callable[[SentRequest], ChangedQuery]) -> Response:
    """The answer to another query where a listing is refused with a text of that pattern."""
    answer = ask(sent)
    if is_operation(sent, ITEM_LIST_OPERATIONS) and is_refusal(answer, 400) and re.search(text, answer.body.decode()):
        return ask(sent.with_query(query(sent)))
    return answer


def _without(prefix: str) -> Callable[[SentRequest], ChangedQuery]:
    return lambda sent: {name: value for name, value in sent.query.items() if not name.startswith(prefix)}


def _matching_nothing(sent: SentRequest) -> ChangedQuery:
    return {**_without("filter")(sent), "name": "nothing has this name"}


@drift("filters", "filters.joined", "filters.equality", "filters.id", "filters.refusal")
def filters_by_field_are_ignored(sent: SentRequest, ask: AskApi) -> Response:
    """Filters by field are ignored: every item is listed."""
    return _rewrite(sent, ask, lambda name, value: {} if _FILTER.fullmatch(name) else {name: value})


@drift("filters", "filters.joined")
def the_last_filter_counts(sent: SentRequest, ask: AskApi) -> Response:
    """Of several filters by field the last one counts."""
    last = [name for name in sent.query if _FILTER.fullmatch(name)][-1:]
    return _rewrite(
        sent, ask, lambda name, value: {} if _FILTER.fullmatch(name) and name not in last else {name: value}
    )


@drift("staged and live", "filters.joined", "items.live.list")
def live_items_are_filtered_by_staged_values(sent: SentRequest, ask: AskApi) -> Response:
    """Filters by field of the live list look at the staged values."""
    filters = {name: value for name, value in sent.query.items() if _FILTER.fullmatch(name)}
    answer = ask(sent)
    if sent.operation != "live-items.list" or not filters or not is_done(answer):
        return answer
    staged = list_all_items(sent.make_request("GET", sent.path.removesuffix("/live")), ask, **filters)
    wanted = {item["id"] for item in staged}
    return paginate(answer, [item for item in list_all_items(sent, ask) if item["id"] in wanted])


@drift("filters", "filters.equality")
def in_takes_the_first_value(sent: SentRequest, ask: AskApi) -> Response:
    """The operator in compares with the first of its values alone."""
    return _rewrite_operator(
        sent, ask, ("in",), lambda slug, _, value: {f"filter[{slug}][in]": value.partition(",")[0]}
    )


@drift("filters", "filters.comparison")
def bounds_of_fields_are_exclusive(sent: SentRequest, ask: AskApi) -> Response:
    """The operators gte and lte leave out the bound itself."""
    return _rewrite_operator(sent, ask, ("gte", "lte"), lambda slug, how, value: {f"filter[{slug}][{how[:2]}]": value})


@drift("filters", "filters.text")
def searches_heed_case(sent: SentRequest, ask: AskApi) -> Response:
    """The operator contains tells small letters from capitals."""
    return _refine(sent, ask, ("contains",), lambda value, text: text in value)


@drift("nulls", "filters.text")
def what_is_unset_is_not_searched(sent: SentRequest, ask: AskApi) -> Response:
    """The operator ncontains leaves out items without a value."""
    return _refine(sent, ask, ("ncontains",), lambda value, _: value is not None)


@drift("nulls", "filters.unset")
def what_is_unset_does_not_differ(sent: SentRequest, ask: AskApi) -> Response:
    """The operators ne and nin leave out items without a value."""
    return _refine(sent, ask, ("ne", "nin"), lambda value, _: value is not None)


@drift("nulls", "filters.exists")
def what_is_off_does_not_exist(sent: SentRequest, ask: AskApi) -> Response:
    """The operator exists takes an empty text, and a switch that is off, for no value."""
    return _refine(sent, ask, ("exists",), lambda value, text: text == "false" or value not in ("", False))


@drift("filters", "filters.text-case")
def equal_texts_may_differ_in_case(sent: SentRequest, ask: AskApi) -> Response:
    """The operator eq takes small letters and capitals for the same."""
    answer = ask(sent)
    wanted = sent.query.get("filter[text][eq]")
    if not is_operation(sent, ITEM_LIST_OPERATIONS) or not wanted or not is_done(answer):
        return answer
    found = _list_all(sent, ask, "filter[text][eq]")
    return paginate(answer, [item for item in found if str(item["fieldData"].get("text")).lower() == wanted.lower()])


@drift("locales", "filters.id", "items.list.locales")
def ids_are_found_in_one_locale(sent: SentRequest, ask: AskApi) -> Response:
    """The filter by id looks into the first of several locales."""
    named = sent.query.get("cmsLocaleId", "")
    by_id = any(name.startswith("filter[id]") for name in sent.query)
    return ask(sent.with_query_changes(cmsLocaleId=named.partition(",")[0]) if by_id and "," in named else sent)


@drift("values", "filters.values")
def dates_have_no_zone(sent: SentRequest, ask: AskApi) -> Response:
    """The zone of a date in a filter is ignored."""
    return _rewrite(sent, ask, lambda name, value: {name: re.sub(r"[+-]\d\d:\d\d$", "Z", value)})


@drift("errors", "filters.refusal")
def bad_filters_are_validation_errors(sent: SentRequest, ask: AskApi) -> Response:
    """What is refused of filters has the code validation_error."""
    answer = ask(sent)
    if is_operation(sent, ITEM_LIST_OPERATIONS) and is_refusal(answer, 400, "Value (filter"):
        return make_refusal(answer, 400, "validation_error", "Validation Error: BadArgument")
    return answer


@drift("errors", "filters.not-understood")
def filters_of_another_form_are_ignored(sent: SentRequest, ask: AskApi) -> Response:
    """Filters with other brackets than those of slug and operator are ignored."""
    return _accept(sent, ask, "should have the form filter", _without("filter"))


@drift("errors", "filters.unknown-field")
def filters_on_no_field_are_ignored(sent: SentRequest, ask: AskApi) -> Response:
    """Filters on fields that the collection does not have are ignored."""
    return _accept(sent, ask, "should be a field of the collection", _without("filter"))


@drift("errors", "filters.unknown-operator")
def operators_of_other_types_match_nothing(sent: SentRequest, ask: AskApi) -> Response:
    """An operator that the type of the field does not have finds nothing."""
    return _accept(sent, ask, "should use an operator", _matching_nothing)


@drift("values", "filters.invalid-value")
def values_of_other_types_match_nothing(sent: SentRequest, ask: AskApi) -> Response:
    """A value that is none of the field's type finds nothing."""
    return _accept(sent, ask, r"filter\.\S+ should be (?!a field)", _matching_nothing)


@drift("limits", "filters.ten-terms")
def twenty_filters_may_be(sent: SentRequest, ask: AskApi) -> Response:
    """A query may have more than ten filters."""
    return _accept(sent, ask, "10 terms", _matching_nothing)


@drift("limits", "filters.two-text-searches")
def three_text_searches_may_be(sent: SentRequest, ask: AskApi) -> Response:
    """A query may have more than two text searches."""
    return _accept(sent, ask, "2 text searches", _matching_nothing)


@drift("limits", "filters.hundred-values")
def fifty_values_at_most(sent: SentRequest, ask: AskApi) -> Response:
    """The operators in and nin take at most fifty values."""
    answer = ask(sent)
    too_many = any(_FILTER.fullmatch(name) and value.count(",") >= 50 for name, value in sent.query.items())
    return make_refusal(answer, 400, "bad_request", "Bad Request: too many values") if too_many else answer


@drift("order", "sorts.order")
def the_first_sort_key_counts(sent: SentRequest, ask: AskApi) -> Response:
    """Of several sort keys the first one counts."""
    first = [name for name in sent.query if name.startswith("sort[")][:1]
    return _rewrite(
        sent, ask, lambda name, value: {} if name.startswith("sort[") and name not in first else {name: value}
    )


@drift("order", "sorts.order")
def numbers_are_sorted_as_texts(sent: SentRequest, ask: AskApi) -> Response:
    """Sorting by a number compares its digits: 10 comes before 2."""
    answer = ask(sent)
    direction = sent.query.get("sort[number]")
    if not is_operation(sent, ITEM_LIST_OPERATIONS) or not is_done(answer) or direction is None:
        return answer
    found = _list_all(sent, ask)
    having = [item for item in found if item["fieldData"].get("number") is not None]
    having.sort(key=lambda item: str(item["fieldData"]["number"]), reverse=direction == "desc")
    return paginate(answer, having + [item for item in found if item["fieldData"].get("number") is None])


@drift("order", "sorts.over-sort-by")
def sort_by_counts_before_sort(sent: SentRequest, ask: AskApi) -> Response:
    """Where sortBy is given, sort keys by field do not count."""
    by = "sortBy" in sent.query
    return _rewrite(sent, ask, lambda name, value: {} if by and name.startswith("sort[") else {name: value})


@drift("nulls", "sorts.unset")
def what_is_unset_is_sorted_first(sent: SentRequest, ask: AskApi) -> Response:
    """Items without a value of the sort key come first."""
    answer = ask(sent)
    if not is_operation(sent, ITEM_LIST_OPERATIONS) or not is_done(answer) or "sort[number]" not in sent.query:
        return answer
    found = _list_all(sent, ask)
    return paginate(answer, sorted(found, key=lambda item: item["fieldData"].get("number") is not None))


@drift("errors", "sorts.not-understood", "sorts.unknown-field", "sorts.unsortable", "sorts.direction")
def bad_sort_keys_are_ignored(sent: SentRequest, ask: AskApi) -> Response:
    """A sort key that cannot be followed is ignored."""
    return _accept(sent, ask, r"Value \(sort", _without("sort"))


@drift("limits", "sorts.three")
def four_sort_keys_may_be(sent: SentRequest, ask: AskApi) -> Response:
    """A query may have more than three sort keys."""
    return _accept(sent, ask, "more than 3 fields", _without("sort"))


@drift("locales", "items.translatable.locale", "items.translatable")
def translatable_is_not_looked_at(sent: SentRequest, ask: AskApi) -> Response:
    """The parameter translatable is ignored."""
    return ask(sent.with_query_changes(translatable=None) if "translatable" in sent.query else sent)


@drift("locales", "items.list.all-cms-locales")
def all_locales_are_asked_for_in_vain(sent: SentRequest, ask: AskApi) -> Response:
    """The parameter allCmsLocales is refused."""
    answer = ask(sent)
    if is_operation(sent, ITEM_LIST_OPERATIONS) and "allCmsLocales" in sent.query:
        return make_refusal(answer, 400, "validation_error", "Validation Error: Unknown parameter")
    return answer
