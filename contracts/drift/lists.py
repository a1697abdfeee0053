"""Drifts of lists: pages, totals, order, filters."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from fake_webflow.message import Response

from .drift import drift, official_change
from .exchange import (
    AskApi,
    SentRequest,
    in_answers,
    is_done,
    is_operation,
    list_all_items,
    make_refusal,
    paginate,
    read_json,
    with_json,
)

LIST_OPERATIONS = ("items.list", "live-items.list", "assets.list", "asset-folders.list")
ITEM_LIST_OPERATIONS = ("items.list", "live-items.list")
_PAGE = ("limit", "offset")


@drift("limits", "lists.page.default", "lists.limit-over-100", "lists.pagination")
def pages_of_fifty(sent: SentRequest, ask: AskApi) -> Response:
    """A page holds 50 records at most, whatever limit says."""
    limit = sent.query.get("limit", "100")
    if is_operation(sent, LIST_OPERATIONS) and limit.isdecimal() and int(limit) > 50:
        return ask(sent.with_query_changes(limit="50"))
    return ask(sent)


@drift("paging", "lists.page.default", "lists.pagination", "lists.offset.beyond-total")
@in_answers(*LIST_OPERATIONS)
def total_of_the_page(page: Any) -> None:
    """The total of a list counts the records of the page only."""
    page["pagination"]["total"] = len(next(value for value in page.values() if isinstance(value, list)))


@drift("paging", "lists.pagination")
def offset_one_off(sent: SentRequest, ask: AskApi) -> Response:
    """Offsets count from 1: offset 1 is the first record, as offset 0 is."""
    offset = sent.query.get("offset", "0")
    if not is_operation(sent, LIST_OPERATIONS) or not offset.isdecimal() or not 0 < int(offset) < 10**6:
        return ask(sent)
    answer = ask(sent.with_query_changes(offset=str(int(offset) - 1)))
    page = read_json(answer)
    if is_done(answer):
        page["pagination"]["offset"] = int(offset)
    return with_json(answer, page)


@drift("paging", "lists.pagination")
def offset_rounded_to_pages(sent: SentRequest, ask: AskApi) -> Response:
    """Offsets are rounded down to a multiple of limit, as where pages are numbered."""
    limit, offset = sent.query.get("limit", "100"), sent.query.get("offset", "0")
    if (
        is_operation(sent, LIST_OPERATIONS)
        and limit.isdecimal()
        and offset.isdecimal()
        and 0 < int(limit) <= 100
        and int(offset) < 10**6
    ):
        return ask(sent.with_query_changes(offset=str(int(offset) // int(limit) * int(limit))))
    return ask(sent)


@drift("paging", "lists.offset.beyond-total")
def no_page_beyond_the_last(sent: SentRequest, ask: AskApi) -> Response:
    """An offset at or beyond the total is refused."""
    answer = ask(sent)
    page = read_json(answer)
    if (
        is_operation(sent, LIST_OPERATIONS)
        and is_done(answer)
        and 0 < page["pagination"]["total"] <= page["pagination"]["offset"]
    ):
        return make_refusal(answer, 400, "validation_error", "Validation Error: offset is beyond the last record")
    return answer


@drift("paging", "lists.pagination")
@in_answers(*ITEM_LIST_OPERATIONS)
def pagination_without_total(page: Any) -> None:
    """The pagination of a list of items tells whether there is more (hasMore) and no total."""
    pagination = page["pagination"]
    pagination["hasMore"] = pagination.pop("total") > pagination["offset"] + pagination["limit"]


@drift("limits", "lists.limit.pattern")
def limit_zero_is_an_empty_page(sent: SentRequest, ask: AskApi) -> Response:
    """A limit of 0 answers an empty page with the total."""
    if not is_operation(sent, LIST_OPERATIONS) or sent.query.get("limit") != "0":
        return ask(sent)
    answer = ask(sent.with_query_changes(limit="1"))
    page = read_json(answer)
    if is_done(answer):
        page = {key: [] for key in page if key != "pagination"} | {"pagination": {**page["pagination"], "limit": 0}}
    return with_json(answer, page)


@drift("paging", "lists.offset.pattern")
def broken_offset_is_none(sent: SentRequest, ask: AskApi) -> Response:
    """An offset that is not a number counts as 0."""
    if is_operation(sent, LIST_OPERATIONS) and not sent.query.get("offset", "0").isdecimal():
        return ask(sent.with_query_changes(offset=None))
    return ask(sent)


@drift("limits", "lists.limit-over-100")
def limit_over_a_hundred_is_refused(sent: SentRequest, ask: AskApi) -> Response:
    """A limit of more than 100 is refused."""
    limit = sent.query.get("limit", "")
    answer = ask(sent)
    if is_operation(sent, LIST_OPERATIONS) and limit.isdecimal() and int(limit) > 100:
        return make_refusal(answer, 400, "validation_error", 'Validation Error: ["Value (limit) should be <= 100"]')
    return answer


@drift("order", "items.list.newest-first")
def oldest_first(sent: SentRequest, ask: AskApi) -> Response:
    """Lists of items come oldest first where no order is asked for."""
    answer = ask(sent)
    if is_done(answer) and is_operation(sent, ITEM_LIST_OPERATIONS) and "sortBy" not in sent.query:
        return ask(sent.with_query_changes(sortBy="createdOn", sortOrder="asc"))
    return answer


@drift("order", "items.list.newest-first", "items.update.timestamps")
def last_updated_first(sent: SentRequest, ask: AskApi) -> Response:
    """Lists of items come in the order of their last update where no order is asked for."""
    if is_operation(sent, ITEM_LIST_OPERATIONS) and "sortBy" not in sent.query:
        return ask(sent.with_query_changes(sortBy="lastUpdated", sortOrder="desc"))
    return ask(sent)


@drift("order", "items.list.sort", "items.list.ties")
def sorting_by_name_sorts_by_slug(sent: SentRequest, ask: AskApi) -> Response:
    """Sorting by name sorts by the slug, which is unique."""
    return ask(sent.with_query_changes(sortBy="slug") if sent.query.get("sortBy") == "name" else sent)


@drift("order", "items.list.sort")
def sort_order_is_ignored(sent: SentRequest, ask: AskApi) -> Response:
    """The parameter sortOrder is ignored: everything is sorted ascending."""
    return ask(sent.with_query_changes(sortOrder="asc") if sent.query.get("sortOrder") == "desc" else sent)


@drift("order", "items.list.sort-order")
def sort_by_alone_is_the_other_way_round(sent: SentRequest, ask: AskApi) -> Response:
    """Without sortOrder, sortBy sorts the other way round than it did."""
    if is_operation(sent, ITEM_LIST_OPERATIONS) and "sortBy" in sent.query and "sortOrder" not in sent.query:
        other = {"asc": "desc", "desc": "asc"}
        alone = ask(sent).body
        was = next((order for order in other if ask(sent.with_query_changes(sortOrder=order)).body == alone), "asc")
        return ask(sent.with_query_changes(sortOrder=other[was]))
    return ask(sent)


@drift("order", "items.list.ties")
def ties_oldest_first(sent: SentRequest, ask: AskApi) -> Response:
    """Items with the same value of sortBy come oldest first."""
    key = sent.query.get("sortBy", "")
    if not is_operation(sent, ITEM_LIST_OPERATIONS) or not key:
        return ask(sent)
    answer = ask(sent)
    if not is_done(answer):
        return answer
    found = list_all_items(sent, ask, **{name: value for name, value in sent.query.items() if name not in _PAGE})
    groups = [[*group] for _, group in groupby(found, lambda item: item.get(key, item["fieldData"].get(key)))]
    return paginate(answer, [item for group in groups for item in reversed(group)])


@drift("order", "items.list.ties")
def what_has_no_value_comes_first(sent: SentRequest, ask: AskApi) -> Response:
    """Items without a value of sortBy come first."""
    if not is_operation(sent, ITEM_LIST_OPERATIONS) or sent.query.get("sortBy") != "lastPublished":
        return ask(sent)
    answer = ask(sent)
    if not is_done(answer):
        return answer
    found = list_all_items(sent, ask, **{name: value for name, value in sent.query.items() if name not in _PAGE})
    return paginate(answer, sorted(found, key=lambda item: item["lastPublished"] is not None))


@drift("filters", "items.list.filters", "items.live.list")
def slug_filter_ignored(sent: SentRequest, ask: AskApi) -> Response:
    """The filter slug is ignored: all items come."""
    return ask(
        sent.with_query_changes(slug=None)
        if is_operation(sent, ITEM_LIST_OPERATIONS) and "slug" in sent.query
        else sent
    )


@drift("filters", "items.list.filters")
def name_filter_matches_beginnings(sent: SentRequest, ask: AskApi) -> Response:
    """The filter name finds every item whose name begins so."""
    return _filter_by_name(sent, ask, str.startswith)


@drift("filters", "items.list.filters")
def name_filter_ignores_case(sent: SentRequest, ask: AskApi) -> Response:
    """The filter name takes small and capital letters for the same."""
    return _filter_by_name(sent, ask, lambda name, wanted: name.lower() == wanted.lower())


def _filter_by_name(sent: SentRequest, ask: AskApi, matches: Any) -> Response:
    wanted = sent.query.get("name")
    if not is_operation(sent, ITEM_LIST_OPERATIONS) or wanted is None:
        return ask(sent)
    answer = ask(sent)
    if not is_done(answer):
        return answer
    others = {name: value for name, value in sent.query.items() if name not in (*_PAGE, "name")}
    found = [item for item in list_all_items(sent, ask, **others) if matches(item["fieldData"]["name"], wanted)]
    return paginate(answer, found)


@drift("filters", "items.list.dates")
def date_bounds_are_exclusive(sent: SentRequest, ask: AskApi) -> Response:
    """The bounds gte and lte leave out the moment itself."""
    if not is_operation(sent, ITEM_LIST_OPERATIONS):
        return ask(sent)
    renamed = {name.replace("[gte]", "[gt]").replace("[lte]", "[lt]"): value for name, value in sent.query.items()}
    return ask(sent.with_query(renamed) if renamed != sent.query else sent)


@drift("filters", "items.list.dates")
def last_published_filters_by_last_updated(sent: SentRequest, ask: AskApi) -> Response:
    """The filter lastPublished compares with lastUpdated, of published items."""
    renamed = {name.replace("lastPublished[", "lastUpdated["): value for name, value in sent.query.items()}
    if sent.operation != "items.list" or renamed == sent.query:
        return ask(sent)
    return ask(sent.with_query({**renamed, "lastPublished[gte]": "2000-01-01T00:00:00.000Z"}))


@drift("filters", "lists.date.format", "items.list.dates")
def broken_date_bounds_are_ignored(sent: SentRequest, ask: AskApi) -> Response:
    """A date bound that cannot be read is ignored."""
    answer = ask(sent)
    if is_operation(sent, ITEM_LIST_OPERATIONS) and answer.status == 400 and b"date" in answer.body:
        return ask(sent.with_query({name: value for name, value in sent.query.items() if "[" not in name}))
    return answer


@drift("filters", "items.list.all-states")
@in_answers("items.list")
def archived_items_are_not_listed(page: Any) -> None:
    """Archived items are left out of lists."""
    kept = [item for item in page["items"] if not item["isArchived"]]
    page["pagination"]["total"] -= len(page["items"]) - len(kept)
    page["items"] = kept


@drift("locales", "items.list.locales")
def only_the_first_locale_counts(sent: SentRequest, ask: AskApi) -> Response:
    """Of several locales in cmsLocaleId only the first is listed."""
    named = sent.query.get("cmsLocaleId", "")
    return ask(
        sent.with_query_changes(cmsLocaleId=named.partition(",")[0])
        if is_operation(sent, ITEM_LIST_OPERATIONS) and named
        else sent
    )


@drift("locales", "items.get.locales")
def a_read_takes_one_locale(sent: SentRequest, ask: AskApi) -> Response:
    """Reading one item takes the last of several locales and ignores the others."""
    several = sent.query.get("cmsLocaleId", "")
    if sent.operation not in ("items.get", "live-items.get") or "," not in several:
        return ask(sent)
    return ask(sent.with_query_changes(cmsLocaleId=several.rpartition(",")[2]))


@drift(
    "locales",
    "items.locale.default",
    "items.list.locales",
    "items.not-found",
    source=official_change("e754cd6", "2024-05-13"),
)
def locale_parameter_has_another_name(sent: SentRequest, ask: AskApi) -> Response:
    """The query parameter cmsLocaleId has another name; under the old one the primary locale is read, or deleted."""
    if not sent.operation or "cmsLocaleId" not in sent.query:
        return ask(sent)
    return ask(sent.with_query_changes(cmsLocaleId=sent.query.get("cmsLocaleIds"), cmsLocaleIds=None))


@drift("staged and live", "items.live.list")
def live_list_filters_staged_names(sent: SentRequest, ask: AskApi) -> Response:
    """The live list filters by the staged names and slugs."""
    if sent.operation != "live-items.list" or not {"name", "slug"} & sent.query.keys():
        return ask(sent)
    answer = ask(sent)
    staged = sent.make_request("GET", sent.path.removesuffix("/live"))
    wanted = {
        item["id"]
        for item in list_all_items(
            staged, ask, **{key: sent.query[key] for key in ("name", "slug") if key in sent.query}
        )
    }
    return paginate(answer, [item for item in list_all_items(sent, ask) if item["id"] in wanted])


@drift("staged and live", "items.live.list", "items.not-live")
def live_list_shows_drafts(sent: SentRequest, ask: AskApi) -> Response:
    """The live list shows every staged item, published or not."""
    if sent.operation != "live-items.list":
        return ask(sent)
    return ask(sent.make_request("GET", sent.path.removesuffix("/live"), **sent.query))


@drift("paging", "requests.query.empty")
def empty_parameters_find_nothing(sent: SentRequest, ask: AskApi) -> Response:
    """A list that is asked for with an empty parameter, as ?limit=, is an empty one."""
    answer = ask(sent)
    if (
        "" not in sent.query.values()
        or not is_operation(sent, ("items.list", "live-items.list"))
        or not is_done(answer)
    ):
        return answer
    page = read_json(answer)
    return with_json(answer, {"items": [], "pagination": {**page["pagination"], "total": 0}})
