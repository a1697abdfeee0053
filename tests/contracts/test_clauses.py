"""Clauses and choices, as tests name them."""

from __future__ import annotations

import pytest

from contracts.kit.clauses import (
    COULD_NOT_RUN,
    Choices,
    ClauseDiffers,
    NotCheckable,
    Observation,
    OtherOption,
    Verdicts,
    clause,
)
from fake_webflow.rules import Profile


def choices(*, accept: bool = False, **profile: str) -> Choices:
    return Choices(Profile(**profile), Verdicts(), accept)


def test_a_mark_with_a_name_no_clause_has_is_refused_at_import():
    misspelt = "items.slug.uniqe"
    with pytest.raises(LookupError, match=r"'items\.slug\.uniqe'; did you mean items\.slug\.unique"):
        clause(misspelt)


def test_a_choice_has_to_be_one():
    with pytest.raises(LookupError, match=r"no choice is named 'items\.not-found'"):
        choices()("items.not-found")


def test_the_expected_option_holds():
    given = choices()
    given("items.update.null").record("clears")
    assert given.verdicts.options == {"items.update.null": "clears"}


def test_another_known_option_differs_as_that():
    given = choices(items_update_null="ignored")
    with pytest.raises(OtherOption) as caught:
        given("items.update.null").record("clears", {"text": None})
    assert (caught.value.clause, caught.value.expected) == ("items.update.null", "ignored")
    assert "clears" in caught.value.observed
    assert "None" in caught.value.observed


def test_another_known_option_may_be_accepted():
    given = choices(accept=True)
    given("items.update.null").record("ignored")
    assert given.verdicts.options == {"items.update.null": "ignored"}
    assert given("items.update.null").actual == "ignored"


def test_none_of_the_options_is_a_broken_rule():
    with pytest.raises(ClauseDiffers) as caught:
        choices(accept=True)("items.update.null").record(None)
    assert not isinstance(caught.value, OtherOption)
    assert caught.value.expected == "one of clears, ignored"


def test_a_test_that_needs_an_option_stops_where_it_is_another():
    given = choices()
    given("items.update.null").needs("ignored", "clears")
    with pytest.raises(NotCheckable, match=r"items\.update\.null is clears here"):
        given("items.update.null").needs("ignored")


def test_what_a_profile_chooses_is_named_by_its_clauses():
    assert Profile().chosen["items.create.duplicate-slug"] == "suffix"


@pytest.mark.parametrize(
    ("outcomes", "clause_id", "kind"),
    [
        ([], "http.json", "not-checkable"),
        (["not-checkable"], "http.json", "not-checkable"),
        (["not-checkable", "holds"], "http.json", "holds"),
        (["holds", "other-option"], "items.update.null", "other-option"),
        (["holds", "differs", "other-option"], "http.json", "rule-broken"),
        (["differs"], "items.locale.unknown", "guess-refuted"),
    ],
)
def test_the_verdict_is_the_worst_that_was_seen(outcomes, clause_id, kind):
    verdicts = Verdicts([Observation(clause_id, outcome, f"test {n}") for n, outcome in enumerate(outcomes)])
    verdict = verdicts.of(clause_id)
    assert verdict.kind == kind
    assert verdict.differs == (kind in ("rule-broken", "guess-refuted", "other-option"))
    assert len(verdict.observations) == len(outcomes)


def test_what_a_test_saw_that_came_to_no_end_is_not_said_to_hold():
    unfinished = Observation("http.json", "not-checkable", "test 1", observed=f"{COULD_NOT_RUN}: KeyError: 'id'")
    for held in ([], [Observation("http.json", "holds", "test 2")]):
        assert Verdicts([*held, unfinished]).of("http.json").kind == "not-checkable"
