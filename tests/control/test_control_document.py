"""The control interface's own OpenAPI document: it is one, and says neither more nor less than there is."""

from __future__ import annotations

import inspect
from typing import Any

import jsonschema_rs
import pytest
import requests

from fake_webflow.control.document import find_control_route, load_control_document, request_body_schema
from fake_webflow.control.operations import CONTROL_OPERATIONS
from fake_webflow.handle.faults import FakeFaults, NewFault

METHODS = {"get", "put", "post", "delete"}


def operations() -> dict[str, Any]:
    """Every operation by its id."""
    return {
        given["operationId"]: given
        for path in load_control_document()["paths"].values()
        for method, given in path.items()
        if method in METHODS
    }


def schema_of(operation_id: str) -> Any:
    schema = request_body_schema(operations()[operation_id])
    assert schema is not None
    return schema


def test_it_is_served_as_it_is(origin: str) -> None:
    answer = requests.get(f"{origin}/_fake/openapi.json", timeout=10)
    assert answer.json() == load_control_document()
    assert answer.headers["Content-Type"].startswith("application/json")
    assert answer.json()["openapi"] == "3.1.0"


def test_every_operation_is_there_once_and_for_forks_again() -> None:
    plain = {name for name in operations() if not name.endswith("OfFork")}
    assert plain == set(CONTROL_OPERATIONS)
    of_forks = {name.removesuffix("OfFork") for name in operations() if name.endswith("OfFork")}
    assert of_forks == plain - {"readHealth", "readDocument", "listForks", "createFork", "putFork", "deleteFork"}
    count = sum(method in METHODS for path in load_control_document()["paths"].values() for method in path)
    assert count == len(operations())


def test_every_parameter_of_a_path_is_described() -> None:
    for template, path in load_control_document()["paths"].items():
        named = [given["name"] for given in path.get("parameters", ())]
        assert [part[1:-1] for part in template.split("/") if part.startswith("{")] == named
        found = find_control_route(template)
        assert found is not None
        assert found.template == template


@pytest.mark.parametrize("name", sorted(operations()))
def test_its_schemas_are_schemas(name: str) -> None:
    operation = operations()[name]
    for answer in operation["responses"].values():
        for media in answer.get("content", {}).values():
            jsonschema_rs.meta.validate(media["schema"])
    if "requestBody" in operation:
        jsonschema_rs.meta.validate(schema_of(name))
    assert operation["summary"]


def test_faults_have_the_words_of_the_fixture() -> None:
    properties = schema_of("addFault")["properties"]
    conditions = [name for name in inspect.signature(FakeFaults.on).parameters if name != "self"]
    assert list(properties["when"]["properties"]) == conditions
    effects = {
        name: method
        for name, method in inspect.getmembers(NewFault, inspect.isfunction)
        if not name.startswith("_") and name != "stop"
    }
    assert set(properties["then"]["properties"]) == set(effects)
    for name, rules in properties["then"]["properties"].items():
        if name != "refuse":  # which takes a clause and any values
            arguments = [argument for argument in inspect.signature(effects[name]).parameters if argument != "self"]
            assert list(rules["properties"]) == arguments
