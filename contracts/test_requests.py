"""What makes a request one that can be worked on at all."""

from __future__ import annotations

import gzip
import json
import zlib
from typing import Any

import pytest
from hypothesis import strategies as st

from .kit.clauses import Choices, ClauseDiffers, clause, needs
from .kit.expect import expect_json, expect_refusal, expect_shape_problems
from .kit.in_process import InProcessTarget
from .kit.recorder import UNKNOWN_AUTHORIZATION
from .kit.sandbox import ABSENT_ID, Sandbox
from .kit.strategies import property_test
from .kit.targets import OTHER_TOKENS

JSON = {"Content-Type": "application/json"}


def _writes(sandbox: Sandbox) -> list[tuple[str, str]]:
    """Operations with a body, as methods and paths."""
    item = f"{sandbox.everything.path}/{ABSENT_ID}"
    return [
        ("POST", f"/sites/{sandbox.site_id}/collections"),
        ("POST", f"/sites/{sandbox.site_id}/assets"),
        ("POST", sandbox.everything.path),
        ("POST", f"{sandbox.everything.path}/bulk"),
        ("POST", f"{sandbox.everything.path}/live"),
        ("POST", f"{sandbox.everything.path}/publish"),
        ("PATCH", sandbox.everything.path),
        ("PATCH", f"{sandbox.everything.path}/live"),
        ("PATCH", item),
        ("PATCH", f"{item}/live"),
        ("DELETE", sandbox.everything.path),
        ("DELETE", f"{sandbox.everything.path}/live"),
    ]


@clause("requests.malformed-json")
@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"nothing", b"{'name': 1}", b'{"a": 1,}', b"\xff\xfe", b'{"a": NaN}', b'{"a": "\x00"}', b"{} {}"],
)
def test_a_body_that_is_no_json(sandbox: Sandbox, body: bytes) -> None:
    with sandbox.expect_unchanged():
        for method, path in _writes(sandbox):
            expect_refusal(sandbox.call(method, path, data=body, headers=JSON), "requests.malformed-json")


@clause("requests.malformed-json")
def test_a_body_nested_too_deep_to_be_read(sandbox: Sandbox) -> None:
    body = b'{"items":' + b"[" * 20_000 + b"]" * 20_000 + b"}"
    expect_refusal(sandbox.call("PATCH", sandbox.everything.path, data=body, headers=JSON), "requests.malformed-json")


@clause("requests.content-type")
@pytest.mark.parametrize(
    "content_type",
    [None, "text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "application/jsonp"],
)
def test_a_body_that_is_not_declared_as_json(sandbox: Sandbox, content_type: str | None) -> None:
    body = json.dumps({"fieldData": {"name": sandbox.name()}}).encode()
    with sandbox.expect_unchanged():
        answer = sandbox.call("POST", sandbox.everything.path, data=body, headers={"Content-Type": content_type})
    expect_refusal(answer, "requests.content-type")


@clause("requests.content-type")
@pytest.mark.parametrize("content_type", ["application/json; charset=utf-8", "APPLICATION/JSON", "application/json;"])
def test_ways_to_declare_json(sandbox: Sandbox, content_type: str) -> None:
    body = json.dumps({"fieldData": {"name": sandbox.name()}}).encode()
    expect_json(sandbox.call("POST", sandbox.everything.path, data=body, headers={"Content-Type": content_type}), 202)


@clause("requests.body-too-large")
def test_a_body_of_more_than_ten_mebibytes(sandbox: Sandbox) -> None:
    def body(size: int) -> bytes:
        head, tail = b'{"padding": "', b'"}'
        return head + b"x" * (size - len(head) - len(tail)) + tail

    largest = 10 * 1024 * 1024
    path = f"{sandbox.everything.path}/{ABSENT_ID}"
    expect_refusal(sandbox.call("PATCH", path, data=body(largest + 1), headers=JSON), "requests.body-too-large")
    expect_refusal(sandbox.call("PATCH", path, data=body(largest), headers=JSON), "requests.nothing-to-change")


@clause("requests.id.invalid")
@pytest.mark.parametrize("wrong", ["nothing", "0" * 23, "0" * 25, "g" * 24, "%20" * 8, "0" * 32, "%00", "ä" * 12])
def test_an_id_in_the_path_that_is_none(sandbox: Sandbox, wrong: str) -> None:
    for method, path in (
        ("GET", f"/sites/{wrong}"),
        ("GET", f"/sites/{wrong}/collections"),
        ("GET", f"/collections/{wrong}"),
        ("GET", f"/collections/{wrong}/items"),
        ("GET", f"{sandbox.everything.path}/{wrong}"),
        ("GET", f"{sandbox.everything.path}/{wrong}/live"),
        ("DELETE", f"{sandbox.everything.path}/{wrong}"),
        ("GET", f"/assets/{wrong}"),
        ("DELETE", f"/assets/{wrong}"),
        ("GET", f"/asset_folders/{wrong}"),
    ):
        expect_refusal(sandbox.call(method, path), "requests.id.invalid")
    answer = sandbox.call("PATCH", f"{sandbox.everything.path}/{wrong}", json={"isDraft": True})
    expect_refusal(answer, "requests.id.invalid")


@clause("requests.id.invalid")
@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PATCH", "", {"items": [{"id": "nothing", "fieldData": {"name": "x"}}]}),
        ("PATCH", "/live", {"items": [{"id": "nothing", "fieldData": {"name": "x"}}]}),
        ("DELETE", "", {"items": [{"id": "nothing"}]}),
        ("POST", "/publish", {"itemIds": ["nothing"]}),
        ("POST", "/publish", {"items": [{"id": "nothing"}]}),
        ("POST", "", {"cmsLocaleId": "nothing", "fieldData": {"name": "x"}}),
    ],
)
def test_an_id_in_the_body_that_is_none(sandbox: Sandbox, method: str, path: str, body: Any) -> None:
    with sandbox.expect_unchanged():
        expect_refusal(sandbox.call(method, sandbox.everything.path + path, json=body), "requests.id.invalid")


@clause("requests.nothing-to-change")
@pytest.mark.parametrize("change", [{}, {"lastUpdated": "2026-01-01T00:00:00.000Z"}, {"nothing": 1}])
def test_an_update_with_nothing_in_it(sandbox: Sandbox, change: dict[str, Any]) -> None:
    item = sandbox.new_published_item()
    path = sandbox.everything.path
    with sandbox.expect_unchanged():
        for where in (path, f"{path}/live"):
            expect_refusal(
                sandbox.call("PATCH", where, json={"items": [{"id": item["id"], **change}]}),
                "requests.nothing-to-change",
            )
        for where in (f"{path}/{item['id']}", f"{path}/{item['id']}/live"):
            expect_refusal(sandbox.call("PATCH", where, json=change), "requests.nothing-to-change")


REQUIRED = "requests.shape.required"
TYPE = "requests.shape.type"


def missing(subject: str, name: str) -> tuple[str, dict[str, str]]:
    return REQUIRED, {"subject": subject, "property": name}


def mistyped(place: str, expected: str) -> tuple[str, dict[str, str]]:
    return TYPE, {"subject": f"Value ({place})", "type": expected}


@clause("requests.shape.invalid", "requests.shape.required")
def test_every_missing_property_is_told(sandbox: Sandbox) -> None:
    answer = sandbox.call("POST", f"/sites/{sandbox.site_id}/assets", json={})
    expect_shape_problems(answer, missing("Body", "fileName"), missing("Body", "fileHash"))
    answer = sandbox.call("POST", f"/sites/{sandbox.site_id}/collections", json={})
    expect_shape_problems(answer, missing("Body", "displayName"), missing("Body", "singularName"))


@clause("requests.shape.required", "requests.shape.invalid")
def test_field_data_without_a_name(sandbox: Sandbox) -> None:
    path = f"{sandbox.everything.path}/bulk"
    with sandbox.expect_unchanged():
        answer = sandbox.call("POST", path, json={"fieldData": {"slug": sandbox.slug(), "no-such-field": 1}})
    # The same mistake is seen once, though the body may take two forms; of those only one has to be a list.
    expect_shape_problems(answer, missing("Value (fieldData)", "name"), mistyped("fieldData", "array"))


@clause("requests.shape.required", "requests.shape.type")
def test_the_mistakes_of_both_forms_of_a_body_are_told(sandbox: Sandbox, choice: Choices) -> None:
    choice("requests.shape.either-form").needs("every-form")
    with sandbox.expect_unchanged():
        answer = sandbox.call("POST", sandbox.everything.path, json={"fieldData": {}})
    expect_shape_problems(answer, missing("Value (fieldData)", "name"), missing("Body", "items"))


@clause("requests.shape.required")
def test_places_in_lists_are_told_by_their_index(sandbox: Sandbox) -> None:
    with sandbox.expect_unchanged():
        answer = sandbox.call(
            "PATCH", sandbox.everything.path, json={"items": [{"id": ABSENT_ID}, {}, {"isDraft": True}]}
        )
    expect_shape_problems(answer, missing("Value (items[1])", "id"), missing("Value (items[2])", "id"))


@clause("requests.shape.type")
@pytest.mark.parametrize(
    ("change", "place", "expected"),
    [
        ({"isDraft": None}, "isDraft", "boolean"),
        ({"isDraft": "true"}, "isDraft", "boolean"),
        ({"isArchived": 1}, "isArchived", "boolean"),
        ({"cmsLocaleId": None}, "cmsLocaleId", "string"),
        ({"cmsLocaleId": 5}, "cmsLocaleId", "string"),
        ({"fieldData": []}, "fieldData", "object"),
        ({"fieldData": None}, "fieldData", "object"),
        ({"fieldData": {"name": 5}}, "fieldData.name", "string"),
        ({"fieldData": {"slug": None}}, "fieldData.slug", "string"),
    ],
)
def test_a_value_of_another_type(sandbox: Sandbox, change: dict[str, Any], place: str, expected: str) -> None:
    item = sandbox.new_published_item()
    with sandbox.expect_unchanged():
        for where in ("", "/live"):
            answer = sandbox.call("PATCH", f"{sandbox.everything.path}/{item['id']}{where}", json=change)
            expect_shape_problems(answer, mistyped(place, expected))
            body = {"items": [{"id": item["id"], **change}]}
            answer = sandbox.call("PATCH", f"{sandbox.everything.path}{where}", json=body)
            expect_shape_problems(answer, mistyped(f"items[0].{place}", expected))


@clause("requests.shape.type")
@pytest.mark.parametrize("body", [None, [], "text", 5, True])
def test_a_body_that_is_no_object(sandbox: Sandbox, body: Any) -> None:
    answer = sandbox.call("PATCH", sandbox.everything.path, data=json.dumps(body).encode(), headers=JSON)
    expect_shape_problems(answer, (TYPE, {"subject": "Body", "type": "object"}))


@clause("requests.shape.enum")
def test_a_word_that_is_none_of_those_allowed(sandbox: Sandbox) -> None:
    answer = sandbox.call("GET", sandbox.plain.path, query={"sortOrder": "ASC"})
    expect_shape_problems(answer, ("requests.shape.enum", {"subject": "Value (sortOrder)"}))


@clause("requests.shape.min-items", "requests.shape.max-items")
def test_an_option_field_has_one_to_a_hundred_options(sandbox: Sandbox) -> None:
    def create(count: int) -> Any:
        metadata = {"options": [{"name": f"Option {n}"} for n in range(count)]}
        field = {"type": "Option", "displayName": f"Of {count}", "metadata": metadata}
        return sandbox.call("POST", f"/collections/{sandbox.scratch.id}/fields", json=field)

    for count, clause_id, limit in ((0, "requests.shape.min-items", 1), (101, "requests.shape.max-items", 100)):
        texts = json.loads(create(count).json()["message"].removeprefix("Validation Error: "))
        bound = "fewer" if limit == 1 else "more"
        assert f"Value (metadata.options) should NOT have {bound} than {limit} items" in texts, clause_id
    expect_json(create(100))


@clause("requests.shape.excluded")
def test_a_publish_of_both_forms(sandbox: Sandbox) -> None:
    item = sandbox.new_item()
    both = {"itemIds": [ABSENT_ID], "items": [{"id": item["id"]}]}
    made = expect_json(sandbox.call("POST", f"{sandbox.everything.path}/publish", json=both), 202)
    assert made == {"publishedItemIds": [item["id"]], "errors": []}
    answer = sandbox.call("POST", f"{sandbox.everything.path}/publish", json={**both, "items": [{}]})
    expect_shape_problems(
        answer, ("requests.shape.excluded", {"subject": "Value (items)"}), missing("Value (items[0])", "id")
    )


@clause("requests.shape.invalid", "items.update.read-only-keys")
@property_test(
    examples=10,
    key=st.text(st.characters(categories=["L", "N", "P"]), min_size=1, max_size=12),
    value=st.one_of(st.none(), st.booleans(), st.integers(), st.lists(st.text(max_size=3), max_size=2)),
)
def test_keys_nobody_asked_for_are_ignored(sandbox: Sandbox, key: str, value: Any) -> None:
    if key in ("fieldData", "items", "isDraft", "isArchived", "cmsLocaleId", "cmsLocaleIds"):
        return
    made = expect_json(
        sandbox.call("POST", sandbox.everything.path, json={"fieldData": {"name": sandbox.name()}, key: value}), 202
    )
    assert {*made} == {*sandbox.get_staged(made)}


@clause("requests.shape.either-form")
def test_what_is_told_where_a_body_takes_two_forms(sandbox: Sandbox, choice: Choices) -> None:
    answer = sandbox.call("POST", sandbox.everything.path, json={"fieldData": {}})
    assert answer.status_code == 400
    name = "Value (fieldData) should have required property 'name'"
    items = "Body should have required property 'items'"
    told = json.loads(answer.json()["message"].removeprefix("Validation Error: "))
    saw = {(name, items): "every-form", (name,): "form-sent"}.get(tuple(told))
    choice("requests.shape.either-form").record(saw, answer)


@clause("requests.shape.either-form", "requests.shape.required")
def test_a_body_in_neither_form_is_told_of_both(sandbox: Sandbox) -> None:
    answer = sandbox.call("POST", sandbox.everything.path, json={"isDraft": True})
    expect_shape_problems(answer, missing("Body", "fieldData"), missing("Body", "items"))


@clause("requests.query.empty")
@pytest.mark.parametrize(
    "name", ["limit", "offset", "name", "slug", "createdOn[gte]", "lastUpdated[lt]", "sortBy", "sortOrder"]
)
def test_a_query_parameter_without_a_value(sandbox: Sandbox, choice: Choices, name: str) -> None:
    shelf, _ = sandbox.large_collection
    without = expect_json(sandbox.call("GET", shelf.path))
    answer = sandbox.call("GET", shelf.path, query={name: ""})
    saw = None
    if answer.status_code == 200 and answer.json() == without:
        saw = "ignored"
    elif answer.status_code == 400 or (name in ("name", "slug") and not answer.json()["pagination"]["total"]):
        saw = "refused"
    choice("requests.query.empty").record(saw, answer)


@clause("requests.query.repeated")
@pytest.mark.parametrize("name", ["limit", "offset", "name", "slug", "cmsLocaleId", "sortBy"])
def test_a_query_parameter_twice(sandbox: Sandbox, name: str) -> None:
    answer = sandbox.call(
        "GET", sandbox.plain.path, query=[(name, "1"), (name, "1")] if name != "sortBy" else [(name, "name")] * 2
    )
    expect_shape_problems(answer, ("requests.query.repeated", {"name": name}))


@clause("requests.order")
@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("PUT", "/nothing", 404), ("GET", "/sites/nothing", 401), ("POST", "/sites/nothing/assets", 401)],
)
def test_the_route_comes_before_the_token_and_the_token_before_ids(
    sandbox: Sandbox, method: str, path: str, status: int
) -> None:
    answer = sandbox.call(method, path, data=b"{", headers={"Authorization": UNKNOWN_AUTHORIZATION, **JSON})
    assert answer.status_code == status


@clause("requests.order")
@needs(OTHER_TOKENS)
def test_the_scope_comes_before_ids(target: InProcessTarget) -> None:
    with target.preserve_state():
        answer = target.client_with_token(scopes=[]).request("POST", "/sites/nothing/assets", data=b"{", check=False)
    expect_refusal(answer, "errors.missing-scopes", scope="assets:write")


@clause("requests.order")
def test_ids_come_before_bodies_and_bodies_before_laws(sandbox: Sandbox) -> None:
    expect_refusal(sandbox.call("POST", "/collections/nothing/items", data=b"{", headers=JSON), "requests.id.invalid")
    absent = f"/collections/{ABSENT_ID}/items"
    expect_refusal(sandbox.call("POST", absent, data=b"{", headers=JSON), "requests.malformed-json")
    expect_shape_problems(sandbox.call("PATCH", absent, json={}), missing("Body", "items"))
    expect_refusal(
        sandbox.call("PATCH", absent, json={"items": [{"id": "nothing", "isDraft": True}]}), "collections.not-found"
    )


@clause("requests.order.shape-first")
def test_the_shape_comes_before_the_fields(sandbox: Sandbox) -> None:
    wrong = {"isDraft": "yes", "fieldData": {"name": sandbox.name(), "no-such-field": 1}}
    answer = sandbox.call("POST", sandbox.plain.path, json=wrong)
    if answer.status_code != 400 or "Value (isDraft)" not in answer.text or "no-such-field" in answer.text:
        raise ClauseDiffers("requests.order.shape-first", "a refusal of isDraft that names no field", answer.text)


@clause("requests.content-encoding")
@pytest.mark.parametrize(("encoding", "compress"), [("gzip", gzip.compress), ("deflate", zlib.compress)])
def test_a_compressed_body_is_read(sandbox: Sandbox, encoding: str, compress: Any) -> None:
    name = sandbox.name()
    body = compress(json.dumps({"fieldData": {"name": name}}).encode())
    headers = {"Content-Type": "application/json", "Content-Encoding": encoding}
    answer = sandbox.call("POST", sandbox.plain.path, data=body, headers=headers)
    assert expect_json(answer, 202)["fieldData"]["name"] == name


@clause("requests.content-encoding")
def test_an_unknown_coding_is_refused(sandbox: Sandbox) -> None:
    headers = {"Content-Type": "application/json", "Content-Encoding": "zstd"}
    answer = sandbox.call("POST", sandbox.plain.path, data=b"{}", headers=headers)
    expect_refusal(answer, "requests.content-encoding", encoding="zstd")


@clause("requests.content-encoding.wrong")
@pytest.mark.parametrize(
    "body", [b'{"fieldData": {"name": "x"}}', gzip.compress(b'{"fieldData": {}}', mtime=0)[:-9]], ids=["plain", "cut"]
)
def test_a_body_that_is_not_in_its_coding_is_refused(sandbox: Sandbox, body: bytes) -> None:
    headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    answer = sandbox.call("POST", sandbox.plain.path, data=body, headers=headers)
    expect_refusal(answer, "requests.content-encoding.wrong", encoding="gzip")
