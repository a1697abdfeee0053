"""The twin run between two fakes: silent over equal ones, and exact over those that differ in one choice."""

from __future__ import annotations

import pytest
from twins import ONE_DECK, OTHERWISE, PAIRS, outcome_on, sample_one_in, twin

from contracts.twin import UNSEEN_CHOICES, Finding
from contracts.twin.explaining import NEEDED_TOKEN_KIND, UNSEEN_OPTIONS
from contracts.twin.printing import format_findings, to_reproduction
from fake_webflow.rules import choice_options


@pytest.mark.parametrize("seed", sample_one_in(3, range(3)))
def test_equal_fakes_do_not_differ(seed: int):
    run = twin({}, {}, seed=seed)
    assert run.run(steps=2 * ONE_DECK) == []
    assert run.call_count >= 2 * ONE_DECK


def test_equal_fakes_that_limit_the_rate_do_not_differ():
    run = twin({}, {}, limit=60)
    assert run.run(steps=ONE_DECK) == []
    assert run.call_count > 100


def only(found: list[Finding]) -> Finding:
    assert len(found) == 1, [finding.title for finding in found]
    return found[0]


@pytest.mark.parametrize(("name", "option"), sample_one_in(40, OTHERWISE))
def test_the_one_choice_that_differs_is_found(name: str, option: str, monkeypatch: pytest.MonkeyPatch):
    finding = only(twin({}, {name: option}).run(steps=ONE_DECK))
    [choice] = finding.choices
    assert (choice.id, choice.left, choice.right) == (name, choice_options()[name][0], option)
    assert len(finding.calls) <= 10
    script, kind = to_reproduction(finding).to_python(name), NEEDED_TOKEN_KIND.get(name, "app")
    assert outcome_on({}, script, monkeypatch, kind=kind) == "passed"
    assert outcome_on({name: option}, script, monkeypatch, kind=kind) == "failed"
    assert "curl -si" in to_reproduction(finding).to_shell()
    assert "contract-suite" not in format_findings([finding])


@pytest.mark.parametrize(("name", "left", "right"), sample_one_in(10, PAIRS))
def test_it_is_found_between_two_others_of_its_options(name: str, left: str, right: str):
    """Where what shows it shows other options as well, the expected one of these is named."""
    finding = only(twin({name: left}, {name: right}).run(steps=ONE_DECK))
    [choice] = finding.choices
    expected = choice_options()[name][0]
    assert choice.id == name
    assert choice.left in (left, expected)
    assert choice.right in (right, expected)
    assert len(finding.calls) <= 10


def test_no_option_is_left_out():
    shown = {
        *OTHERWISE,
        *UNSEEN_OPTIONS,
        *((name, option) for name in UNSEEN_CHOICES for option in choice_options()[name][1:]),
    }
    assert shown == {(name, option) for name, options in choice_options().items() for option in options[1:]}


@pytest.mark.acceptance
@pytest.mark.parametrize(("name", "option"), sample_one_in(20, OTHERWISE[::5]))
def test_the_fixed_plan_finds_it_too(name: str, option: str):
    finding = only(twin({}, {name: option}, limit=60).run(steps=ONE_DECK))
    assert [choice.id for choice in finding.choices] == [name]
    assert len(finding.calls) <= 10


@pytest.mark.parametrize("name", sample_one_in(9, [*UNSEEN_CHOICES]))
def test_what_cannot_be_shown_is_not_seen(name: str):
    for option in choice_options()[name][1:]:
        assert twin({}, {name: option}).run(steps=ONE_DECK) == []


@pytest.mark.parametrize(("name", "option"), sample_one_in(2, [*UNSEEN_OPTIONS]))
def test_options_that_cannot_be_shown_are_not_seen(name: str, option: str):
    assert twin({}, {name: option}).run(steps=ONE_DECK) == []


def test_reasons_are_given_for_choices_there_are():
    assert choice_options().keys() >= {*UNSEEN_CHOICES, *NEEDED_TOKEN_KIND}
    assert all(option in choice_options()[name] for name, option in UNSEEN_OPTIONS)
    assert all(text.endswith(".") for text in [*UNSEEN_CHOICES.values(), *UNSEEN_OPTIONS.values()])


@pytest.mark.acceptance
def test_several_choices_are_told_one_by_one():
    left = {"items.update.null": "ignored", "items.video-link.read": "string"}
    right = {"assets.create.status": "202", "items.bulk-response.form": "single-when-one"}
    found = twin(left, right).run(steps=2 * ONE_DECK)
    assert {choice.id for finding in found for choice in finding.choices} == {*left, *right}
    assert len(found) == 4
