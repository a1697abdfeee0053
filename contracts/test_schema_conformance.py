"""Every operation of our contract document, asked well and badly: each answer is one that the document states."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given

from .generated import conformance
from .generated.conformance import IRREVERSIBLE_OPERATIONS, body_clause, operation_ids
from .generated.seeds import Seeds
from .kit.clauses import Choices, NotCheckable, clause, needs
from .kit.sandbox import Sandbox
from .kit.strategies import hypothesis_settings
from .kit.targets import DISPOSABLE_SITE, UNLIMITED_RATE, Target

EXAMPLES = 4
RUNS, STEPS = 24, 16
HEADERS = "response_headers_conformance"
AVAILABILITY = "ensure_resource_availability"


@pytest.fixture
def seeds(sandbox: Sandbox) -> Iterator[Seeds]:
    seeds = Seeds(sandbox)
    yield seeds
    seeds.clear()


def send_generated(
    sandbox: Sandbox, seeds: Seeds, operation: str, mode: str, examples: int, *excluded: str
) -> list[int]:
    """The statuses that generated requests are answered with, each answer held against the document."""
    statuses = []

    @hypothesis_settings(examples, rationed_examples=1)
    @given(case=conformance.request_strategy(operation, mode))
    def each(case: Any) -> None:
        seeds.fill(case)
        response = conformance.send_case(case, sandbox)
        seeds.track(case, response)
        conformance.check_answer(case, response, excluded=excluded)
        if any(conformance.find_disorder(operation, response)):
            sandbox.target.recorder.note("objects have their keys in another order than was recorded")
        statuses.append(response.status_code)

    each()
    return statuses


def site_needs(operation: str) -> pytest.MarkDecorator:
    """What an operation needs of the site."""
    return needs(*[DISPOSABLE_SITE] * (operation in IRREVERSIBLE_OPERATIONS))


@pytest.mark.parametrize(
    "operation",
    [pytest.param(name, marks=(clause(body_clause(name)), site_needs(name))) for name in operation_ids()],
)
def test_good_requests_are_answered_as_the_document_states(sandbox: Sandbox, seeds: Seeds, operation: str) -> None:
    statuses = send_generated(sandbox, seeds, operation, "positive", EXAMPLES, HEADERS)
    if min(statuses) >= 300:
        raise NotCheckable(f"no good request was answered with more than a refusal: {statuses}")


@clause("errors.envelope", "requests.shape.invalid")
@pytest.mark.parametrize(
    "operation", [pytest.param(name, marks=site_needs(name)) for name in operation_ids(can_be_invalid=True)]
)
def test_bad_requests_are_refused_as_the_document_states(sandbox: Sandbox, seeds: Seeds, operation: str) -> None:
    statuses = send_generated(sandbox, seeds, operation, "negative", EXAMPLES, HEADERS)
    if 400 not in statuses:
        raise NotCheckable(f"no bad request was answered with 400: {statuses}")


@clause("rate.headers")
def test_every_answer_has_the_headers_the_document_states(
    sandbox: Sandbox, target: Target, seeds: Seeds, choice: Choices
) -> None:
    choice("rate.headers.on").needs("every-answer")
    harmless = [name for name in operation_ids() if name not in IRREVERSIBLE_OPERATIONS]
    for operation in harmless[:3] if target.is_rationed else harmless:
        send_generated(sandbox, seeds, operation, "positive", 1)


@clause("assets.object", "collections.field.keys", "errors.envelope", "items.object.keys", "webhooks.object")
@needs(UNLIMITED_RATE)
def test_what_one_answer_names_can_be_asked_for_until_it_is_deleted(sandbox: Sandbox, choice: Choices) -> None:
    without = [HEADERS]
    if choice("assets.listed-before-upload").actual == "no":
        without.append(AVAILABILITY)
    run = conformance.StatefulRun(sandbox, without)
    run.run(hypothesis_settings(RUNS, steps=STEPS))
    if max(run.statuses) < 400:
        raise NotCheckable(f"nothing was refused: {run.statuses}")
