"""The compiler of request schemas: what it demands of a schema, and that it agrees with a validator of repute."""

from __future__ import annotations

from functools import cache
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shape_strategies import JSON, spoiled, values

from fake_webflow.openapi import body_schema, build, load_document
from fake_webflow.openapi.compiler import SchemaError, compile_schema
from fake_webflow.openapi.shape import check_body

WITH_BODY = [
    operation["operationId"] for operation in build.iterate_operations(load_document()) if "requestBody" in operation
]


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "string", "multipleOf": 2},
        {"type": "object", "additionalProperties": False},
        {"type": "string", "properties": {}},
        {"type": "object", "maxItems": 1},
        {"type": "integer"},
        {"type": ["string", "boolean"]},
        {"type": ["null"]},
        {"type": "string", "format": "uri"},
        {"type": "object", "required": ["a"], "properties": {}},
        {"type": "object", "properties": {"a": {"type": "strnig"}}},
        {"type": "array", "items": {"types": "string"}},
        {"type": "array", "items": True},
        {"type": "string", "x-law": ["pattern"]},
        {"type": "string", "pattern": "^a$"},
        {"type": "string", "x-clauses": {"enum": "requests.shape.enum"}},
        {"$ref": "#/components/schemas/Id", "type": "string"},
        {"oneOf": [{"type": "string"}], "type": "string"},
        {"anyOf": [{"not": {}}]},
        {},
        True,
    ],
)
def test_a_mistake_in_a_schema_is_told_when_it_is_compiled(schema: Any) -> None:
    with pytest.raises(SchemaError):
        compile_schema(schema)


def test_a_reference_to_nothing_is_told_when_it_is_compiled() -> None:
    with pytest.raises(LookupError):
        compile_schema({"$ref": "#/components/schemas/Itme"})


@pytest.mark.parametrize(
    ("pattern", "good", "bad"),
    [("^[1-9]\\d*$", "10", "10\n"), ("^\\d+$", "0", "٣"), ("^a", "ab", "ba"), ("a$", "ba", "a\n")],
)
def test_patterns_mean_what_they_mean_in_javascript(pattern: str, good: str, bad: str) -> None:
    check = compile_schema({"type": "string", "pattern": pattern, "x-clauses": {"pattern": "lists.limit.pattern"}})
    assert not check(good)
    assert check(bad)


def test_a_null_that_is_allowed_passes_all_other_tests() -> None:
    check = compile_schema({"type": ["string", "null"], "minLength": 3})
    assert not check(None)
    texts = {value: [found.as_problem("a").text for found in check(value)] for value in ("ab", 1)}
    assert texts == {
        "ab": ["Value (a) should NOT be shorter than 3 characters"],
        1: ["Value (a)'s type should be string,null"],
    }


@cache
def validator(operation_id: str) -> Any:
    schema = {"components": without_laws(load_document()["components"]), **body_schema(operation_id)}
    return jsonschema_rs.Draft202012Validator(schema)


def without_laws(node: Any) -> Any:
    """A schema without the keywords that the shape leaves to the laws of the world."""
    if isinstance(node, dict):
        return {key: without_laws(child) for key, child in node.items() if key not in node.get("x-law", ())}
    return [without_laws(child) for child in node] if isinstance(node, list) else node


@given(st.data())
def test_a_body_as_the_document_states_it_has_no_problems(data: st.DataObject) -> None:
    operation_id = data.draw(st.sampled_from(WITH_BODY))
    assert check_body(operation_id, data.draw(values(body_schema(operation_id)))) == []


@given(st.data())
def test_it_agrees_with_a_validator_on_spoiled_bodies(data: st.DataObject) -> None:
    operation_id = data.draw(st.sampled_from(WITH_BODY))
    body = data.draw(spoiled(values(body_schema(operation_id))))
    assert (check_body(operation_id, body) == []) == validator(operation_id).is_valid(body)


@given(st.sampled_from(WITH_BODY), JSON)
def test_any_json_value_gives_problems_with_texts_or_none(operation_id: str, body: Any) -> None:
    problems = check_body(operation_id, body)
    assert (problems == []) == validator(operation_id).is_valid(body)
    assert all(problem.text.startswith(("Body", "Value (")) for problem in problems)
