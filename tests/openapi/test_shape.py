"""What is said of a request of the wrong shape, in Webflow's words where they are known."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fake_webflow.openapi import build, load_document, query_parameters, resolve_reference
from fake_webflow.openapi.shape import check_body, check_query, shape_refusal
from fake_webflow.rules import MOST_PROBLEMS
from fake_webflow.world.instants import parse_instant, timestamp

WITH_QUERY = [
    operation["operationId"]
    for operation in build.iterate_operations(load_document())
    if query_parameters(operation["operationId"])
]


def body_texts(operation_id: str, body: Any) -> list[str]:
    return [problem.text for problem in check_body(operation_id, body)]


def query_texts(operation_id: str, query: str) -> list[str]:
    return [problem.text for problem in check_query(operation_id, parse_qsl(query, keep_blank_values=True))]


@pytest.mark.clause("requests.shape.invalid", "requests.shape.required")
def test_the_recorded_answer_to_a_webhook_without_url_and_type() -> None:
    refusal = shape_refusal(check_body("webhooks.create", {}))
    assert refusal.answer.status == 400
    assert refusal.answer.code == "validation_error"
    assert refusal.answer.message == (
        "Validation Error: [\"Body should have required property 'url'\","
        "\"Body should have required property 'triggerType'\"]"
    )
    assert refusal.clauses == ("requests.shape.invalid", "requests.shape.required")


@pytest.mark.clause("lists.limit.pattern")
@pytest.mark.parametrize("limit", ["0", "-1", "abc", "2.5", "", "1%0A", "%D9%A3", "+1", "01"])
def test_the_probed_answer_to_a_limit_that_is_none(limit: str) -> None:
    problems = check_query("assets.list", parse_qsl(f"limit={limit}", keep_blank_values=True))
    assert shape_refusal(problems).answer.message == (
        r'Validation Error: ["Value (limit) should match pattern \"^[1-9]\\d*$\""]'
    )
    assert [problem.clause for problem in problems] == ["lists.limit.pattern"]


@pytest.mark.clause("lists.offset.pattern")
@pytest.mark.parametrize("offset", ["-1", "abc", "0.5", ""])
def test_an_offset_that_is_none(offset: str) -> None:
    assert query_texts("items.list", f"offset={offset}") == [r'Value (offset) should match pattern "^\d+$"']


@pytest.mark.parametrize("query", ["limit=1&offset=0", "limit=101", "limit=9999999999999999999999", "offset=007", ""])
def test_limits_and_offsets_that_are(query: str) -> None:
    assert query_texts("items.list", query) == []


@pytest.mark.clause("requests.shape.invalid")
def test_where_a_body_takes_two_forms_the_mistakes_seen_from_both_are_listed() -> None:
    assert body_texts("items.create", {"fieldData": {"slug": "a"}}) == [
        "Value (fieldData) should have required property 'name'",
        "Body should have required property 'items'",
    ]
    assert body_texts("items.publish", {}) == [
        "Body should have required property 'itemIds'",
        "Body should have required property 'items'",
    ]


@pytest.mark.clause("requests.shape.excluded")
def test_a_list_of_items_beside_ids_makes_it_the_form_with_items() -> None:
    assert body_texts("items.publish", {"itemIds": ["a"], "items": [{"id": "a"}]}) == []
    assert body_texts("items.publish", {"itemIds": ["a"], "items": 1}) == [
        "Value (items) boolean schema is false",
        "Value (items)'s type should be array",
    ]


@pytest.mark.clause("requests.shape.type")
@pytest.mark.parametrize("value", [None, 1, True, [], {}])
def test_a_known_key_of_another_type(value: Any) -> None:
    assert body_texts("items.update", {"cmsLocaleId": value}) == ["Value (cmsLocaleId)'s type should be string"]


@pytest.mark.clause("requests.shape.type")
@pytest.mark.parametrize("body", [None, [], "text", 1, 1.5, False])
def test_a_body_that_is_no_object(body: Any) -> None:
    assert body_texts("items.update-bulk", body) == ["Body's type should be object"]


def test_places_in_lists() -> None:
    body = {"items": [{"id": "a", "fieldData": {"name": 1}}, {"isDraft": "yes"}, None]}
    assert body_texts("items.update-bulk", body) == [
        "Value (items[0].fieldData.name)'s type should be string",
        "Value (items[1]) should have required property 'id'",
        "Value (items[1].isDraft)'s type should be boolean",
        "Value (items[2])'s type should be object",
    ]


@pytest.mark.clause("requests.shape.invalid")
def test_unknown_and_read_only_keys_are_ignored() -> None:
    body = {"id": 1, "createdOn": [], "bogus": {"a": None}, "displayName": "Pier"}
    assert body_texts("assets.update", body) == []


@pytest.mark.parametrize(
    "operation_id",
    ["items.create", "items.insert", "items.update-bulk", "items.delete-bulk", "live-items.update-bulk"],
)
def test_a_hundred_items_and_one_more(operation_id: str) -> None:
    item = {"id": "a", "fieldData": {"name": "One"}}
    assert body_texts(operation_id, {"items": [item] * 100}) == []
    assert "Value (items) should NOT have more than 100 items" in body_texts(operation_id, {"items": [item] * 101})


@pytest.mark.clause("requests.shape.max-items", "requests.shape.min-items")
def test_how_long_other_lists_may_be() -> None:
    assert body_texts("items.publish", {"itemIds": ["a"] * 101})[0] == (
        "Value (itemIds) should NOT have more than 100 items"
    )
    field: dict[str, Any] = {"type": "Option", "displayName": "Kind", "metadata": {"options": []}}
    assert "Value (metadata.options) should NOT have fewer than 1 items" in body_texts("fields.create", field)
    field["metadata"]["options"] = [{"name": "News"}]
    assert body_texts("fields.create", field) == []


@pytest.mark.clause("requests.shape.min-length", "assets.create.file-name-length")
def test_how_long_a_file_name_may_be() -> None:
    def texts(name: str) -> list[str]:
        return body_texts("assets.create", {"fileName": name, "fileHash": ""})

    assert texts("") == ["Value (fileName) should NOT be shorter than 1 characters"]
    assert texts("a" * 99) == []
    assert texts("a" * 100) == ["Value (fileName) should NOT be longer than 99 characters"]


@pytest.mark.clause("requests.shape.enum")
def test_words_that_are_none_of_those_allowed() -> None:
    assert query_texts("items.list", "sortBy=id&sortOrder=up") == [
        "Value (sortBy) should be equal to one of the allowed values",
        "Value (sortOrder) should be equal to one of the allowed values",
    ]
    assert query_texts("items.list", "sortBy=name&sortOrder=desc") == []


def test_each_text_is_listed_once() -> None:
    assert body_texts("fields.create", {"type": "Sum", "displayName": "Total"}) == [
        "Value (type) should be equal to one of the allowed values",
        "Body should have required property 'metadata'",
    ]


def test_where_a_site_is_published_to_is_left_to_the_law() -> None:
    assert body_texts("sites.publish", {"publishToWebflowSubdomain": True}) == []
    assert body_texts("sites.publish", {"customDomains": []}) == []
    assert body_texts("sites.publish", {}) == []
    assert body_texts("sites.publish", {"customDomains": "all"}) == ["Value (customDomains)'s type should be array"]


@pytest.mark.clause("requests.query.repeated")
def test_a_parameter_given_twice() -> None:
    assert query_texts("items.list", "limit=1&name=a&limit=1") == ["Value (limit)'s type should be string"]
    assert query_texts("items.list", "createdOn[gte]=2026-03-01&createdOn[gte]=2026-03-01") == [
        "Value (createdOn.gte)'s type should be string"
    ]
    assert query_texts("items.list", "other=1&other=2") == []


@pytest.mark.clause("lists.date.format")
@pytest.mark.parametrize("bound", ["gte", "lte", "gt", "lt"])
def test_dates_must_be_dates(bound: str) -> None:
    assert query_texts("live-items.list", f"lastUpdated[{bound}]=2026-03-01T08:00:00.000Z") == []
    assert query_texts("live-items.list", f"lastUpdated[{bound}]=soon") == [
        f'Value (lastUpdated.{bound}) should match format "date-time"'
    ]


def test_a_date_filter_without_a_bound_is_no_object() -> None:
    assert query_texts("items.list", "createdOn=2026-03-01") == ["Value (createdOn)'s type should be object"]
    assert query_texts("items.list", "createdOn[around]=2026-03-01") == []


@given(st.text())
def test_a_date_that_passes_is_one_the_world_can_read(text: str) -> None:
    if check_query("items.list", [("createdOn[gte]", text)]) == []:
        assert timestamp(parse_instant(text))


@given(st.datetimes(timezones=st.none() | st.timezones()))
def test_every_date_python_can_write_passes(moment: Any) -> None:
    assert check_query("items.list", [("createdOn[gte]", moment.isoformat())]) == []


@pytest.mark.parametrize("value", ["true", "false", ""])
def test_what_may_be_said_of_invalid_files(value: str) -> None:
    assert query_texts("items.create-bulk", f"skipInvalidFiles={value}") == []
    assert query_texts("items.create-bulk", f"skipInvalidFiles={value}1") == [
        "Value (skipInvalidFiles) should be equal to one of the allowed values"
    ]


@given(st.sampled_from(WITH_QUERY), st.lists(st.tuples(st.text(), st.text())), st.data())
def test_any_query_gives_problems_with_texts_or_none(
    operation_id: str, others: list[tuple[str, str]], data: st.DataObject
) -> None:
    names = [parameter["name"] for parameter in query_parameters(operation_id)]
    known = data.draw(st.lists(st.tuples(st.sampled_from(names), st.text())))
    texts = [problem.text for problem in check_query(operation_id, [*others, *known])]
    assert all(text.startswith("Value (") for text in texts)


def test_every_default_and_example_of_a_parameter_passes() -> None:
    for operation_id in WITH_QUERY:
        for parameter in query_parameters(operation_id):
            schema = resolve_reference(parameter["schema"])
            for value in [parameter.get("example"), schema.get("default")]:
                if isinstance(value, dict):
                    pairs = [(f"{parameter['name']}[{key}]", bound) for key, bound in value.items()]
                    assert check_query(operation_id, pairs) == []
                elif value is not None:
                    assert check_query(operation_id, [(parameter["name"], value)]) == []


def test_a_body_of_many_mistakes_is_answered_in_time() -> None:
    problems = check_body("items.delete-bulk", {"items": [{"id": "a", "cmsLocaleIds": [None] * 1_000_000}]})
    assert len(problems) == MOST_PROBLEMS


def test_an_unknown_operation_is_a_mistake_of_ours() -> None:
    with pytest.raises(LookupError, match="no operation"):
        check_body("items.lst", {})
    with pytest.raises(LookupError, match="no operation"):
        check_query("items.lst", [])


def test_an_operation_without_a_body_asks_nothing_of_it() -> None:
    assert check_body("items.list", "whatever") == []
