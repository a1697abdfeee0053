"""What JSON may hold: all that is read can be written again, and nobody has to wait until it is read."""

from __future__ import annotations

import json
from typing import Any

import orjson
import pytest
from refusals import refuse
from worlds import POSTS_ID, SITE_ID, ask, clauses_of, ok

from fake_webflow.api.pipeline import MOST_VALUES
from fake_webflow.message import DEEPEST_JSON, JsonBeyondBounds, parse_json
from fake_webflow.rules import MOST_PROBLEMS

ITEMS = f"/collections/{POSTS_ID}/items"
DEEP = [DEEPEST_JSON + 1, 300, 900, 1024]


def nested(depth: int) -> bytes:
    """An object of so many levels."""
    return b'{"a":' * (depth - 1) + b"{}" + b"}" * (depth - 1)


@pytest.mark.clause("fake.json-bounds")
@pytest.mark.parametrize("depth", DEEP)
def test_what_could_not_be_written_again_is_not_taken(asked, depth):
    inner = nested(depth - 1)
    webhooks = f"/sites/{SITE_ID}/webhooks"
    for method, path, body in (
        ("POST", ITEMS, b'{"fieldData":{"name":"x"},"more":%b}' % inner),
        ("PATCH", ITEMS, b'{"items":%b}' % inner),
        ("POST", webhooks, b'{"triggerType":"form_submission","url":"https://a.example","filter":%b}' % inner),
        ("POST", f"/sites/{SITE_ID}/collections", b'{"displayName":"A","singularName":"B","x":%b}' % inner),
    ):
        refused = refuse(asked, method, path, body=body)
        assert "levels" in refused["message"]
        assert clauses_of(ask(asked, method, path, body=body)) == ["fake.json-bounds"]


def test_what_is_taken_is_answered_again(asked):
    inner = nested(DEEPEST_JSON - 1)
    ok(ask(asked, "POST", ITEMS, body=b'{"fieldData":{"name":"x"},"more":%b}' % inner))
    body = b'{"triggerType":"form_submission","url":"https://a.example","filter":%b}' % inner
    made = ok(ask(asked, "POST", f"/sites/{SITE_ID}/webhooks", body=body))
    assert ok(ask(asked, "GET", f"/webhooks/{made['id']}"))["filter"] == orjson.loads(inner)


@pytest.mark.clause("fake.json-bounds")
@pytest.mark.parametrize(
    "member",
    [
        lambda number: f'"k{number}":1',
        lambda number: f'"k{number}":[]',
        lambda number: f'"k":{"[" * 150}{"]" * 150}' if number < MOST_VALUES / 100 else '"k":1',
    ],
)
def test_more_values_than_anybody_means(asked, member: Any):
    members = ",".join(map(member, range(MOST_VALUES + 1)))
    refused = refuse(asked, "POST", ITEMS, body=f'{{"fieldData":{{"name":"x",{members}}}}}'.encode())
    assert "values" in refused["message"]


def test_commas_and_brackets_in_texts_are_no_values(asked):
    text = ',[{"\\' * MOST_VALUES
    made = ok(ask(asked, "POST", ITEMS, {"fieldData": {"name": "x", "plaintext": text}}))
    assert made["fieldData"]["plaintext"] == text


@pytest.mark.clause("field-data.unknown-field", "field-data.invalid")
def test_of_many_mistakes_a_bounded_number_is_listed(asked):
    data = {"name": "x", **{f"unknown-{number}": number for number in range(5 * MOST_PROBLEMS)}}
    refused = refuse(asked, "POST", ITEMS, json_body={"fieldData": data})
    assert len(refused["details"]) == MOST_PROBLEMS
    assert len(json.dumps(refused)) < 200_000


@pytest.mark.clause("requests.malformed-json", "fake.json-bounds")
@pytest.mark.parametrize("depth", [1025, 5000, 100_000])
def test_what_cannot_even_be_read_is_refused(asked, depth):
    for body in (nested(depth), b"[" * depth, b'{"items":[' * depth):
        assert refuse(asked, "PATCH", ITEMS, body=body)["code"] == "bad_request"


@pytest.mark.parametrize("depth", [1, DEEPEST_JSON])
def test_the_bound_of_levels_is_exact(depth):
    assert parse_json(nested(depth)) == orjson.loads(nested(depth))
    with pytest.raises(JsonBeyondBounds, match="levels"):
        parse_json(nested(DEEPEST_JSON + depth))


@pytest.mark.parametrize("raw", [b'"\\', b'"', b'[,"\\"', b'["' + b"\\" * 301])
def test_what_is_no_json_is_none_however_long(raw):
    with pytest.raises(orjson.JSONDecodeError):
        parse_json(raw, 3)


def test_few_values_are_few():
    assert parse_json(b'["a,b", "c,[{", "\\",,"]', 3) == ["a,b", "c,[{", '",,']
    with pytest.raises(JsonBeyondBounds, match="values"):
        parse_json(b'["a","b","c","d"]', 3)
