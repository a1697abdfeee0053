"""Every operation of our contract document, asked well and badly: each answer is one that the document states."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given

from .generated import conformance
from .generated.conformance import FOR_DISPOSABLE_SITES, body_clause, operations
from .generated.seeds import Seeds
from .kit.clauses import Choices, NotCheckable, clause, needs
from .kit.sandbox import Sandbox
from .kit.strategies import tries
from .kit.targets import DISPOSABLE, UNLIMITED_RATE, Target

EXAMPLES = 4
WALKS, STEPS = 24, 16
HEADERS = "response_headers_conformance"
AVAILABILITY = "ensure_resource_availability"


@pytest.fixture
def seeds(sandbox: Sandbox) -> Iterator[Seeds]:
    seeds = Seeds(sandbox)
    yield seeds
    seeds.clear()


def ask(sandbox: Sandbox, seeds: Seeds, operation: str, mode: str, examples: int, *without: str) -> list[int]:
    """The statuses that generated requests are answered with, each answer held against the document."""
    statuses = []

    @tries(examples, rationed=1)
    @given(case=conformance.generated(operation, mode))
    def each(case: Any) -> None:
        seeds.fill(case)
        response = conformance.send(case, sandbox)
        seeds.learn(case, response)
        conformance.check(case, response, without=without)
        statuses.append(response.status_code)

    each()
    return statuses


def site_for(operation: str) -> pytest.MarkDecorator:
    """What an operation needs of the site."""
    return needs(*[DISPOSABLE] * (operation in FOR_DISPOSABLE_SITES))


@pytest.mark.parametrize(
    "operation",
    [pytest.param(name, marks=(clause(body_clause(name)), site_for(name))) for name in operations()],
)
def test_good_requests_are_answered_as_the_document_states(sandbox: Sandbox, seeds: Seeds, operation: str) -> None:
    statuses = ask(sandbox, seeds, operation, "positive", EXAMPLES, HEADERS)
    if min(statuses) >= 300:
        raise NotCheckable(f"no good request was answered with more than a refusal: {statuses}")


@clause("errors.envelope", "requests.shape.invalid")
@pytest.mark.parametrize(
    "operation", [pytest.param(name, marks=site_for(name)) for name in operations(asked_badly=True)]
)
def test_bad_requests_are_refused_as_the_document_states(sandbox: Sandbox, seeds: Seeds, operation: str) -> None:
    statuses = ask(sandbox, seeds, operation, "negative", EXAMPLES, HEADERS)
    if 400 not in statuses:
        raise NotCheckable(f"no bad request was answered with 400: {statuses}")


@clause("rate.headers")
def test_every_answer_has_the_headers_the_document_states(
    sandbox: Sandbox, target: Target, seeds: Seeds, choice: Choices
) -> None:
    choice("rate.headers.on").needs("every-answer")
    harmless = [name for name in operations() if name not in FOR_DISPOSABLE_SITES]
    for operation in harmless[:3] if target.rationed else harmless:
        ask(sandbox, seeds, operation, "positive", 1)


@clause("assets.object", "collections.field.keys", "errors.envelope", "items.object.keys", "webhooks.object")
@needs(UNLIMITED_RATE)
def test_what_one_answer_names_can_be_asked_for_until_it_is_deleted(sandbox: Sandbox, choice: Choices) -> None:
    without = [HEADERS]
    if choice("assets.listed-before-upload").actual == "no":
        without.append(AVAILABILITY)
    walk = conformance.Walk(sandbox, without)
    walk.go(tries(WALKS, steps=STEPS))
    if max(walk.statuses) < 400:
        raise NotCheckable(f"nothing was refused: {walk.statuses}")
