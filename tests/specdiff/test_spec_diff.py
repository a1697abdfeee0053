"""Planted changes of a document are found, with the operation they are of; prose, examples and order are none."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fake_webflow import package_data
from fake_webflow.cli import main
from fake_webflow.rules import clauses
from fake_webflow.specdiff import OPERATION_NAMES, SKELETON_FILE, find_clauses, name_clauses, read_accounted
from fake_webflow.specdiff.changes import Change, compare_skeletons
from fake_webflow.specdiff.skeleton import METHODS, operation_key, read_skeleton


def expand(value: Any, document: Any, depth: int = 0) -> Any:
    """An operation without references, so that a change of it is of no other."""
    if isinstance(value, dict) and "$ref" in value and depth < 40:
        found = document
        for name in value["$ref"][2:].split("/"):
            found = found[name]
        return expand(found, document, depth + 1)
    if isinstance(value, dict):
        return {key: expand(part, document, depth + 1) for key, part in value.items()}
    return [expand(part, document, depth + 1) for part in value] if isinstance(value, list) else value


@cache
def load_document() -> dict[str, Any]:
    known: dict[str, Any] = json.loads(package_data.read("openapi/document.json"))
    return known


@cache
def known_skeleton() -> Any:
    return read_skeleton(load_document())


def own_operations(chance: random.Random) -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
    """The operations in any order, each with a document in which it can be changed."""
    document = load_document()
    places = [(path, method) for path, item in document["paths"].items() for method in item if method in METHODS]
    chance.shuffle(places)
    for path, method in places:
        operation = expand(document["paths"][path][method], document)
        item = {**document["paths"][path], method: operation}
        yield operation_key(method, path), operation, {**document, "paths": {**document["paths"], path: item}}


def schemas_of(operation: Any, answered: bool) -> Iterator[dict[str, Any]]:
    """The objects with properties in successful answers, or in the request."""
    holders = [operation.get("requestBody")]
    if answered:
        holders = [answer for status, answer in operation["responses"].items() if status.startswith("2")]
    for holder in holders:
        for media in ((holder or {}).get("content") or {}).values():
            todo = [media["schema"]]
            while todo:
                schema = todo.pop()
                # Of several branches a place is what they have in common, so a change of one is not always any.
                if schema.get("properties"):
                    yield schema
                    todo += schema["properties"].values()
                if isinstance(schema.get("items"), dict):
                    todo.append(schema["items"])


def required_name(schema: Any) -> str | None:
    return next((name for name in schema.get("required", ()) if name in schema["properties"]), None)


def typed_name(schema: Any) -> str | None:
    return next((name for name, part in schema["properties"].items() if part.get("type") == "string"), None)


def drop_answer(operation, chance):
    schema = chance.choice([*schemas_of(operation, answered=True)])
    del schema["properties"][chance.choice([*schema["properties"]])]


def let_be_absent(operation, _chance):
    schema = next(one for one in schemas_of(operation, answered=True) if required_name(one))
    schema["required"] = [name for name in schema["required"] if name != required_name(schema)]


def change_type(kind):
    def change(operation, _chance):
        schema = next(one for one in schemas_of(operation, answered=True) if typed_name(one))
        schema["properties"][typed_name(schema)]["type"] = kind

    return change


def add_value(operation, _chance):
    parts = [part for one in schemas_of(operation, answered=True) for part in one["properties"].values()]
    next(part for part in parts if "enum" in part)["enum"].append("of-next-year")


def add_success(operation, _chance):
    operation["responses"]["299"] = {"description": "Other"}


def require_parameter(operation, _chance):
    added = {"name": "of-next-year", "in": "query", "required": True, "schema": {"type": "string"}}
    operation.setdefault("parameters", []).append(added)


def drop_sent(operation, chance):
    schema = chance.choice([*schemas_of(operation, answered=False)])
    del schema["properties"][chance.choice([*schema["properties"]])]


def require_sent(operation, chance):
    schema = chance.choice([*schemas_of(operation, answered=False)])
    schema["properties"]["ofNextYear"] = {"type": "string"}
    schema["required"] = [*schema.get("required", ()), "ofNextYear"]


KINDS = {
    "answer gone": drop_answer,
    "may be absent": let_be_absent,
    "may be null": change_type(["string", "null"]),
    "other type": change_type("integer"),
    "new value": add_value,
    "other 2xx": add_success,
    "parameter required": require_parameter,
    "request gone": drop_sent,
    "request required": require_sent,
}


def plant(operation: Any, kind: str, chance: random.Random) -> bool:
    """Plants a breaking change; whether there was a place for it."""
    try:
        KINDS[kind](operation, chance)
    except (IndexError, StopIteration):
        return False
    return True


@given(st.integers(0, 10**6), st.sampled_from([*KINDS]))
def test_a_planted_breaking_change_is_found_where_it_is(seed, kind):
    chance = random.Random(seed)
    planted = ((key, document) for key, operation, document in own_operations(chance) if plant(operation, kind, chance))
    key, document = next(planted)
    after = read_skeleton(document)
    found = compare_skeletons(known_skeleton(), after)
    assert {change.operation for change in found} == {key}
    assert any(change.level == "breaking" for change in found), found
    back = compare_skeletons(after, known_skeleton())
    assert {change.operation for change in back} == {key}


def shuffle(value: Any, chance: random.Random) -> Any:
    if isinstance(value, dict):
        pairs = [(key, shuffle(part, chance)) for key, part in value.items()]
        chance.shuffle(pairs)
        return dict(pairs)
    return [shuffle(part, chance) for part in value] if isinstance(value, list) else value


def reword(value: Any, key: str = "") -> Any:
    if isinstance(value, dict):
        words = {"description": "Other words", "example": 7, "x-later": True} if "type" in value else {}
        return {name: reword(part, name) for name, part in value.items()} | (words if key != "properties" else {})
    return [reword(part) for part in value] if isinstance(value, list) else value


@pytest.mark.parametrize("seed", range(2))
def test_order_prose_and_examples_are_no_change(seed):
    document = reword(shuffle(load_document(), random.Random(seed)))
    assert compare_skeletons(known_skeleton(), read_skeleton(document)) == []


def test_operations_come_and_go():
    document = copy.deepcopy(load_document())
    del document["paths"]["/sites"]["get"]
    document["paths"]["/sites/{id}/new"] = {"get": {"responses": {}}}
    assert compare_skeletons(known_skeleton(), read_skeleton(document)) == [
        Change("GET /sites", "", "is gone", "breaking"),
        Change("GET /sites/{}/new", "", "is new", "additive"),
    ]


def test_defects_of_the_document_are_taken_as_they_are_meant():
    document = copy.deepcopy(load_document())
    answers = document["paths"]["/sites"]["get"]["responses"]
    answers["200"] = {
        "content": {
            "application/json": {
                "schema": {
                    "oneOf": [
                        {
                            "content": {
                                "application/json": {
                                    "schema": {"properties": {"a": {"type": "string", "nullable": True}}}
                                }
                            }
                        },
                        {"properties": {"b": {"items": [{"type": "string"}, {"type": "object"}]}}, "required": ["b"]},
                    ]
                }
            }
        }
    }
    facts = read_skeleton(document)["GET /sites"]
    assert facts["200"].types == {"object"}
    assert facts["200 a"].types == {"string", "null"}
    assert not facts["200 b"].required
    assert facts["200 b []"].types == {"string", "object"}


def test_references_in_circles_end():
    document = {
        **copy.deepcopy(load_document()),
        "components": {"schemas": {"A": {"properties": {"a": {"$ref": "#/components/schemas/A"}}}}},
    }
    document["components"]["schemas"]["B"] = {"$ref": "#/components/schemas/B"}
    for name in "AB":
        document["paths"]["/sites"]["get"]["responses"]["200"] = {
            "content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}}
        }
        assert "200" in read_skeleton(document)["GET /sites"]


def test_the_shipped_skeleton_has_what_is_simulated():
    known = read_accounted(SKELETON_FILE)
    assert len(known.skeleton) > 110
    assert {key for key in OPERATION_NAMES if key not in known.skeleton} == {
        key for key in known.ahead if " " not in key.partition(" ")[2]
    }
    assert all(known.skeleton[key] for key in OPERATION_NAMES if key in known.skeleton)
    assert compare_skeletons(known.skeleton, known.skeleton) == []


@pytest.mark.parametrize(
    ("operation", "place", "clause"),
    [
        ("GET /collections/{}/items", "query limit", "lists.limit-over-100"),
        ("GET /collections/{}/items", "query sortOrder", "items.list.sort-order"),
        ("GET /sites", "200 sites [] previewUrl", "sites.preview-url"),
        ("POST /sites/{}/webhooks", "request triggerType", "webhooks.create.trigger-type"),
        ("GET /collections/{}", "200 fields [] helpText", "collections.field.keys"),
    ],
)
def test_a_change_names_the_clauses_of_its_place(operation, place, clause):
    found = [one.id for one in find_clauses(Change(operation, place, "is gone", "breaking"))]
    assert clause in found
    assert len(found) < 12
    named, choices = name_clauses(one for one in clauses() if one.id in found)
    assert {*named, *choices} == {*found}


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    document = copy.deepcopy(load_document())
    (tmp_path / "old.json").write_text(json.dumps(document))
    operation = document["paths"]["/sites"]["get"] = expand(document["paths"]["/sites"]["get"], document)
    del operation["responses"]["200"]["content"]["application/json"]["schema"]["properties"]["sites"]
    (tmp_path / "new.yml").write_text(f"# YAML\n{json.dumps(document)}")
    return tmp_path


def test_a_change_is_a_line_until_it_is_accepted(files, capsys):
    assert main(["spec-diff", "old.json", "--against", "old.json"]) == 0
    assert capsys.readouterr().out == "No changes.\n"
    assert main(["spec-diff", "new.yml", "--against", "old.json"]) == 1
    line, count = capsys.readouterr().out.splitlines()
    assert line.startswith("GET /sites; sites.list; 200 sites is gone; breaking; clauses: ")
    assert count == "1 change, 1 breaking."
    command = ["spec-diff", "new.yml", "--skeleton", "mine.json"]
    assert main([*command, "--against", "old.json", "--accept", "They said so"]) == 0
    assert main(command) == 0
    assert json.loads((files / "mine.json").read_text())["accepted"][-1] == "They said so"


@pytest.mark.parametrize(
    "text",
    ["", "paths", "[1]", "{", '{"paths": 7}', '{"paths": {}}', '{"paths": {"/sites": 7}}', "a: [", "a: !!python/x 1",
     '{"fake-webflow skeleton": 1, "operations": {"a": {"b": 7}}}', "openapi: 3.1.0\npaths:\n  /pets: {get: {}}\n",
     "\x00", '{"paths": {"/sites": {"get": []}}}'],
)  # fmt: skip
def test_what_cannot_be_read_is_one_line(tmp_path, monkeypatch, capsys, text):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "odd.yml").write_text(text)
    assert main(["spec-diff", "odd.yml"]) == 2
    said = capsys.readouterr()
    assert said.err.startswith("fake-webflow spec-diff: odd.yml: ")
    assert (said.err.count("\n"), said.out) == (1, "")
    assert main(["spec-diff", "nowhere.yml"]) == 2
