"""The twin run between a fake and an API that has drifted: what no open choice explains."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from typing import Any

import pytest
from served import new_fake, served
from twins import ONE_DECK, beside, outcome_at, sample_one_in

from contracts.drift import Drift, find_drift
from contracts.drift.exchange import AskApi, SentRequest
from contracts.twin.printing import format_findings, to_reproduction
from fake_webflow.cli.drift_proxy import DriftMiddleware
from fake_webflow.message import Response


def changing(change: Any) -> Drift:
    return Drift("tried-here", "Something is otherwise.", "body", ("http.json",), "realistic", change)


PRINTED = [
    "details-are-texts",
    "live-updates-leave-last-published",
    "no-etag",
    "oldest-first",
    "retry-after-is-a-date",
    "staged-updates-go-live",
    "uploads-do-not-say-where",
    "registering-answers-202",
]
"""Drifts that show in every kind of place: names, times, types, order, headers, uploads."""


@pytest.mark.acceptance
@pytest.mark.parametrize("name", sample_one_in(8, PRINTED))
def test_printed_tests_pass_on_the_left_and_fail_on_the_right(name: str, monkeypatch: pytest.MonkeyPatch):
    drift = find_drift(name)
    found = beside(drift).run(steps=ONE_DECK)[:3]
    fake = new_fake(rate_limit=None)
    site = fake.site.id
    assert found
    with served(fake) as left, served(fake, lambda app: DriftMiddleware(app, drift.answer)) as right:
        for finding in found:
            script = to_reproduction(finding).to_python(name)
            assert outcome_at(left, site, script, monkeypatch) == "passed", script
            assert outcome_at(right, site, script, monkeypatch) == "failed", script


@pytest.mark.acceptance
def test_what_the_fixed_plan_finds_is_printed_with_the_calls_it_takes(monkeypatch: pytest.MonkeyPatch):
    """Nothing is tried again there, and times have to be counted by the calls that remain."""
    drift = find_drift("live-updates-leave-last-published")
    found = beside(drift).run(steps=1, rationed=True)
    fake = new_fake(rate_limit=None)
    assert found
    with served(fake) as left, served(fake, lambda app: DriftMiddleware(app, drift.answer)) as right:
        for finding in found:
            script = to_reproduction(finding).to_python(drift.name)
            assert outcome_at(left, fake.site.id, script, monkeypatch) == "passed", script
            assert outcome_at(right, fake.site.id, script, monkeypatch) == "failed", script


@pytest.mark.acceptance
def test_what_many_operations_show_is_told_once():
    [finding] = beside(find_drift("no-etag")).run(steps=ONE_DECK)
    assert finding.choices == ()
    assert finding.clauses[0] == "http.etag"
    assert len(finding.other_operations) > 20
    assert "items.update" in finding.other_operations
    assert (
        "answers alike: GET /nothing/that/is/there, HEAD /collections/{collection#1}, asset-folders.list, "
        in format_findings([finding])
    )


@pytest.mark.parametrize(
    ("name", "clause"),
    sample_one_in(
        5,
        [
            ("numbers-are-texts", "field-data.number.whole"),
            ("registered-assets-have-no-asset-url", "assets.create.answer"),
            ("no-charset", "http.json"),
            ("collections-are-created-with-201", "collections.create.answer"),
            ("details-name-field-and-message", "errors.details"),
        ],
    ),
)
def test_it_names_the_clauses_it_may_concern(name: str, clause: str):
    finding = beside(find_drift(name)).run(steps=ONE_DECK)[0]
    assert clause in finding.clauses
    assert f"clauses it may concern: {finding.clauses[0]}" in format_findings([finding])


@pytest.mark.acceptance
def test_a_choice_that_would_have_shown_before_is_not_blamed():
    """A field that is not found answers 404, and so does one that a small plan refused to make."""
    [finding] = beside(find_drift("field-ids-have-24-digits")).run(steps=ONE_DECK)
    assert finding.calls[-1].operation == "fields.update"
    assert finding.choices == ()


def test_the_token_is_not_printed_if_an_answer_holds_it():
    def echoing(sent: SentRequest, ask: AskApi) -> Response:
        told = json.dumps({"message": f"unlike {sent.request.headers.get('authorization')}"}).encode()
        return ask(sent)._replace(status=403, body=told) if sent.operation == "token.introspect" else ask(sent)

    [finding] = beside(changing(echoing)).run(steps=ONE_DECK)
    assert finding.right.body == {"message": "unlike Bearer <TOKEN>"}
    assert "contract-suite" not in format_findings([finding])


NONSENSE = [
    b"",
    b"<html>",
    b"[]",
    b"null",
    b"{}",
    b'{"items": 1}',
    b'{"id": 5, "fields": [1]}',
    b'{"items": [{"id": null}]}',
]


@pytest.mark.acceptance
@pytest.mark.parametrize("seed", range(3))
def test_an_api_that_answers_nonsense_ends_no_run(seed: int):
    chance = random.Random(seed)

    def broken(sent: SentRequest, ask: AskApi) -> Response:
        answer = ask(sent)
        is_empty = answer.status == 204 or sent.request.method == "HEAD"
        if is_empty or sent.operation.startswith("sites.") or chance.random() < 0.7:
            return answer
        if chance.random() < 0.5:
            return answer._replace(body=chance.choice(NONSENSE))
        return answer._replace(body=mutilated(answer.body, chance))

    run = beside(changing(broken), seed=seed)
    found = run.run(steps=20)
    assert not all(finding.is_repeatable for finding in found)
    assert "It was not there when the same calls were made again" in format_findings(found)
    for finding in found:
        compile(to_reproduction(finding).to_python("printed"), "printed", "exec")


def mutilated(body: bytes, chance: random.Random) -> bytes:
    """JSON with one value in it replaced by a value of another kind."""
    if not body.startswith(b"{"):
        return b"<Error>"
    value = json.loads(body)
    places = list(places_in(value))
    if places:
        holder, key = chance.choice(places)
        holder[key] = chance.choice([None, 7, "text", [], {}, [[]], {"id": 3}, True])
    return json.dumps(value).encode()


def places_in(value: Any) -> Iterator[tuple[Any, Any]]:
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in pairs:
        yield value, key
        yield from places_in(part)
