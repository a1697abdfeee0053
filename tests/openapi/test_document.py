"""The document is what its sources say, is OpenAPI 3.1, and keeps its own rules."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest
import schemathesis

from fake_webflow.api import operations as table
from fake_webflow.openapi import METHODS, body_schema, build, load_document, query_parameters, resolve_reference
from fake_webflow.rules import find_clause

OPERATIONS = [operation.name for operation in table.OPERATIONS]


def operations() -> dict[str, dict[str, Any]]:
    return {operation["operationId"]: operation for operation in build.iterate_operations(load_document())}


def nodes(node: Any, place: str = "") -> Iterator[tuple[str, Any]]:
    yield place, node
    if isinstance(node, dict):
        for key, child in node.items():
            yield from nodes(child, f"{place}/{key}")
    elif isinstance(node, list):
        for index, child in enumerate(node):
            yield from nodes(child, f"{place}/{index}")


def examples() -> Iterator[Any]:
    """Every example of a parameter or a body, with the schema it is an example of."""
    for place, node in nodes(load_document()):
        if isinstance(node, dict) and "schema" in node and isinstance(node["schema"], dict):
            if "example" in node:
                yield pytest.param(node["schema"], node["example"], id=place)
            for name, example in node.get("examples", {}).items():
                yield pytest.param(node["schema"], resolve_reference(example)["value"], id=f"{place}/{name}")


def errors(schema: dict[str, Any], value: Any) -> list[str]:
    root = {**schema, "components": load_document()["components"]}
    validator = jsonschema_rs.Draft202012Validator(root, validate_formats=True)
    return [f"{error.instance_path}: {error.message}" for error in validator.iter_errors(value)]


def test_it_is_what_the_sources_say() -> None:
    assert build.DOCUMENT.read_text(encoding="utf-8") == build.render_document(build.assemble()), (
        "document.json is out of date: run python -m fake_webflow.openapi.build"
    )


def test_it_is_openapi_3_1() -> None:
    schema = schemathesis.openapi.from_dict(load_document())
    schema.validate()
    assert load_document()["openapi"].startswith("3.1")
    assert len([operation.ok() for operation in schema.get_all_operations()]) == len(OPERATIONS)


def test_it_has_every_operation_once() -> None:
    found = [
        path[method]["operationId"]
        for path in load_document()["paths"].values()
        for method in METHODS
        if method in path
    ]
    assert sorted(found) == sorted(OPERATIONS)


def test_every_reference_leads_somewhere_and_everything_is_referred_to() -> None:
    references = {
        node["$ref"]
        for _, node in nodes(load_document())
        if isinstance(node, dict) and isinstance(node.get("$ref"), str)
    }
    for reference in references:
        resolve_reference({"$ref": reference})
    defined = {
        f"#/components/{kind}/{name}"
        for kind, components in load_document()["components"].items()
        for name in components
        if kind != "securitySchemes"
    }
    assert references == defined


@pytest.mark.parametrize(("schema", "value"), list(examples()))
def test_example_is_valid(schema: dict[str, Any], value: Any) -> None:
    assert errors(schema, value) == []


def test_every_pattern_is_one_for_python_and_for_the_validator() -> None:
    patterns = {
        node["pattern"]
        for place, node in nodes(load_document())
        if isinstance(node, dict) and isinstance(node.get("pattern"), str) and not place.endswith("x-clauses")
    }
    assert len(patterns) > 10
    for pattern in patterns:
        re.compile(pattern)
        jsonschema_rs.Draft202012Validator({"pattern": pattern})


def test_every_schema_uses_known_formats_and_types_only() -> None:
    schemas = [
        node
        for place, node in nodes(load_document()["components"]["schemas"])
        if isinstance(node, dict) and not place.endswith(("x-clauses", "properties"))
    ]
    assert {node["format"] for node in schemas if isinstance(node.get("format"), str)} <= {"date-time", "uri", "email"}
    assert not [node for node in schemas if "nullable" in node]
    assert not [node for node in schemas if isinstance(node.get("items"), list)]


@pytest.mark.parametrize("operation_id", OPERATIONS)
class TestOperation:
    def test_it_states_its_refusals(self, operation_id: str) -> None:
        operation = operations()[operation_id]
        statuses = set(operation["responses"])
        assert {"401", "429"} <= statuses
        assert ("403" in statuses) == (operation_id != "token.introspect")
        assert not operation["parameters"] or {"400", "404"} <= statuses
        assert ("413" in statuses) == ("requestBody" in operation)
        assert any(status.startswith("2") for status in statuses)

    def test_it_has_one_scope_and_a_required_body(self, operation_id: str) -> None:
        operation = operations()[operation_id]
        scopes = [scope for requirement in operation["security"] for scope in requirement["token"]]
        assert len(scopes) == (0 if operation_id == "token.introspect" else 1)
        assert operation.get("requestBody", {"required": True})["required"]

    def test_its_answers_are_closed_json_with_rate_headers(self, operation_id: str) -> None:
        for status, reference in operations()[operation_id]["responses"].items():
            response = resolve_reference(reference)
            assert {"X-RateLimit-Limit", "X-RateLimit-Remaining", "ETag"} <= response["headers"].keys()
            assert ("X-Fake-Webflow-Clause" in response["headers"]) == (not status.startswith("2"))
            if status == "204":
                assert "content" not in response
            else:
                schema = response["content"]["application/json"]["schema"]
                assert errors(schema, {}) != []
                assert errors(schema, []) != []
                assert errors(schema, None) != []

    def test_an_undeclared_property_is_noticed(self, operation_id: str) -> None:
        for response in map(resolve_reference, operations()[operation_id]["responses"].values()):
            for media in response.get("content", {}).values():
                values = (
                    [media["example"]]
                    if "example" in media
                    else [resolve_reference(example)["value"] for example in media["examples"].values()]
                )
                for value in values:
                    assert errors(media["schema"], {**value, "undeclared": 1}) != []


def test_every_clause_it_names_is_in_the_ledger_and_has_a_text() -> None:
    named = {
        clause_id
        for place, node in nodes(load_document())
        if place.endswith("/x-clauses")
        for clause_id in node.values()
    }
    for clause_id in named:
        assert find_clause(clause_id).text


def test_what_is_asked_of_it() -> None:
    assert body_schema("sites.list") is None
    assert body_schema("assets.create") == {"$ref": "#/components/schemas/NewAsset"}
    assert [parameter["name"] for parameter in query_parameters("assets.list")] == [
        "localeId",
        "offset",
        "limit",
        "folderId",
    ]
    with pytest.raises(LookupError, match="no operation"):
        body_schema("items.lst")


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("ItemList", {"items": [{"lastPublished": "yesterday"}]}),
        ("Timestamp", "2026-03-01T08:43:11Z"),
        ("Timestamp", "2026-03-01T08:43:11.120+00:00"),
        ("Id", "69A3C40F5F0B7D2E4C8A9B70"),
        ("Error", {"message": "x", "code": "nonsense", "externalReference": None, "details": []}),
        ("Error", {"message": "x", "code": "conflict", "externalReference": "", "details": []}),
        ("Error", {"message": "x", "code": "conflict", "details": ["text"]}),
        ("UploadDetails", {"acl": "public-read"}),
        ("FieldValue", {"fileId": None, "url": "https://example.com/a.png"}),
        ("LiveItem", None),
    ],
)
def test_what_it_does_not_let_pass(name: str, change: Any) -> None:
    assert errors({"$ref": f"#/components/schemas/{name}"}, change) != []


def test_an_item_never_published_is_no_live_item() -> None:
    item = json.loads(
        """{"id": "694290a29c5df7c396424c2c", "cmsLocaleId": "692bb5a6a1166445d9c18efc", "lastPublished": null,
        "lastUpdated": "2025-12-17T11:14:42.097Z", "createdOn": "2025-12-17T11:14:42.097Z", "isArchived": false,
        "isDraft": true, "fieldData": {"permalink": null, "event-number": 101, "name": "One", "slug": "one"}}"""
    )
    assert errors({"$ref": "#/components/schemas/Item"}, item) == []
    assert errors({"$ref": "#/components/schemas/LiveItem"}, item) != []
    assert errors({"$ref": "#/components/schemas/LiveItem"}, {**item, "lastPublished": item["createdOn"]}) == []


def test_two_sources_cannot_define_the_same_thing() -> None:
    text, number = ({"components": {"schemas": {"Id": {"type": name}}}} for name in ("string", "number"))
    with pytest.raises(ValueError, match="type a second time"):
        build._merge(text, number, "other")
    one, other = ({"paths": {"/a": {"get": {"operationId": name}}}} for name in ("items.list", "items.get"))
    with pytest.raises(ValueError, match=r"items\.get a second time"):
        build._merge(one, other, "other")
