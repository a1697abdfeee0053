"""Ten thousand generated requests: no answer is a failure, none is outside the document, and refusals change nothing.

Every operation gets its share, from a world with something of everything in it, several requests in a row so that they
meet what those before them did.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import cache
from typing import Any

import jsonschema_rs
import orjson
import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from request_strategies import Operation, Sent, base, operations, sent_to
from worlds import request

from fake_webflow.api.pipeline import answer
from fake_webflow.message import Response
from fake_webflow.openapi import load_document, resolve_reference
from fake_webflow.rules import find_clause

IN_A_ROW = 4
# What introspection answers to tokens that are no app's is Webflow's own failure, and stated.
STATED_FAILURES = {("token.introspect", 500)}


@cache
def validator(operation: str, status: int) -> Any:
    stated = next(found for found in operations() if found.id == operation).responses[str(status)]
    content = resolve_reference(stated).get("content")
    if content is None:
        return None
    schema = {**content["application/json"]["schema"], "components": load_document()["components"]}
    return jsonschema_rs.Draft202012Validator(schema, validate_formats=True)


@cache
def header_rules(operation: str, status: int) -> list[tuple[str, bool, Any]]:
    stated = resolve_reference(next(found for found in operations() if found.id == operation).responses[str(status)])
    rules = [(name, resolve_reference(header)) for name, header in stated.get("headers", {}).items()]
    return [
        (name, header.get("required", False), jsonschema_rs.Draft202012Validator(dict(header["schema"])))
        for name, header in rules
    ]


def check_answer(operation: Operation, response: Response) -> None:
    """It is one of those the document states for the operation."""
    status = response.status
    assert status < 500 or (operation.id, status) in STATED_FAILURES
    assert str(status) in operation.responses, f"{status} is not stated"
    headers = dict(response.headers)
    assert len(headers) == len(response.headers), "a header came twice"
    for name, is_required, rule in header_rules(operation.id, status):
        value: Any = headers.get(name)
        assert value is not None or not is_required, f"no {name}"
        if value is not None:
            rule.validate(int(value) if value.isdigit() else value)
    body = validator(operation.id, status)
    if body is None:
        assert response.body == b""
        assert "Content-Type" not in headers
    else:
        assert headers["Content-Type"] == "application/json; charset=utf-8"
        body.validate(orjson.loads(response.body))
    if status >= 400:
        assert find_clause(headers["X-Fake-Webflow-Clause"].split(", ")[0]).refuses is not None
    else:
        assert "X-Fake-Webflow-Clause" not in headers


def exchange(fake: Any, operation: Operation, sent: Sent) -> int:
    before = fake.state
    asked = request(operation.method, sent.path, query=sent.query, token=None, body=sent.body, headers=sent.headers)
    response = answer(fake, asked)
    check_answer(operation, response)
    if response.status >= 400 or operation.method == "GET":
        assert fake.state.world is before.world
        assert (fake.state.clock, fake.state.ids) == (before.clock, before.ids)
    return response.status


def counted(operation: Operation) -> Mapping[int, int]:
    """How often each status was answered."""
    statuses: Counter[int] = Counter()

    @seed(20_261_123)
    @settings(
        database=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @given(row=st.lists(sent_to(operation), min_size=IN_A_ROW, max_size=IN_A_ROW))
    def asks(row: list[Sent]) -> None:
        fake = base().fake.fork()
        for sent in row:
            statuses[exchange(fake, operation, sent)] += 1

    asks()
    return statuses


@pytest.mark.hypothesis
@pytest.mark.parametrize("operation", operations(), ids=lambda operation: operation.id)
def test_any_request_is_answered_as_the_document_states(operation):
    assert counted(operation)


@pytest.mark.acceptance
@pytest.mark.parametrize("operation", operations(), ids=lambda operation: operation.id)
def test_requests_of_every_kind_are_among_them(operation):
    statuses = counted(operation)
    assert sum(count for status, count in statuses.items() if status < 300) >= 10, statuses
    assert statuses[401] > 0
    if "{" in operation.path:
        assert {400, 404} <= statuses.keys(), statuses
