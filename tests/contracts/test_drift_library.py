"""The drift library: what it holds, and that the suite notices each drift by a clause that concerns it."""

from __future__ import annotations

from typing import get_args

import pytest
from twins import sample_one_in

from contracts.drift import drifts, find_drift
from contracts.drift.drift import DriftKind
from contracts.drift.drifted_target import DriftedTarget
from contracts.drift.suite_runs import (
    BROAD_FILES,
    CLEAN_SEEDS,
    DriftRecord,
    related_tests,
    run_clean,
    run_related_tests,
)
from fake_webflow.rules import clauses, find_clause

NAMES = [drift.name for drift in drifts()]


@pytest.mark.parametrize("name", sample_one_in(6, NAMES))  # all of them in make drift, too
def test_the_clauses_that_noticed_a_drift_still_do(name: str):
    drift = find_drift(name)
    assert run_related_tests(drift).related_clauses(drift) == DriftRecord.read().caught[name] != []


@pytest.mark.acceptance
def test_a_clean_fake_raises_no_alarm():
    trial = run_clean(CLEAN_SEEDS[1])  # the others in ``make drift``
    assert (trial.code, sorted(trial.differing_clauses)) == (0, [])


def test_the_record_is_of_this_library():
    record = DriftRecord.read()
    assert sorted(record.caught) == sorted(NAMES), "make drift"
    assert record.clean == len(CLEAN_SEEDS) == 20


def test_there_are_many_of_every_kind_and_for_every_family():
    assert len(NAMES) == len(set(NAMES)) >= 60
    assert {drift.kind for drift in drifts()} == set(get_args(DriftKind))
    # What is the fake's own cannot drift.
    families = {row.id.partition(".")[0] for row in clauses()} - {"fake"}
    assert {drift.family for drift in drifts()} == families


@pytest.mark.parametrize("name", NAMES)
def test_a_drift_says_what_changed_and_whom_it_concerns(name: str):
    drift = find_drift(name)
    assert drift.effect[0].isupper()
    assert drift.effect.endswith(".")
    assert drift.clauses == tuple(find_clause(clause_id).id for clause_id in drift.clauses)
    assert related_tests(drift.clauses)


def test_tests_are_found_by_their_marks_and_by_the_tables_of_their_cases():
    assert "test_lists.py::test_beyond_the_last_record_a_page_is_empty" in related_tests(["lists.offset.beyond-total"])
    assert related_tests(["field-data.phone"]) == {
        "test_field_data.py::test_a_wrong_value_of_each_type_is_told",
        "test_field_data.py::test_values_of_the_form_are_kept_as_sent",
        "test_field_data.py::test_values_of_another_form_are_refused",
    }
    assert related_tests(["no.clause"]) == set()
    assert not any(
        test.startswith(file)
        for test in related_tests(["errors.envelope", "items.slug.unique"])
        for file in BROAD_FILES
    )


def test_a_name_nothing_has_is_told_with_those_near_it():
    with pytest.raises(LookupError, match=r"no drift is named 'pages-of-fivty'; did you mean pages-of-fifty\?"):
        find_drift("pages-of-fivty")


def test_a_drifted_fake_names_no_clauses():
    target = DriftedTarget(find_drift("oldest-first"))
    answer = target.client.request("GET", f"/sites/{'0' * 24}", check=False)
    assert answer.status_code == 404
    assert "X-Fake-Webflow-Clause" not in answer.headers
