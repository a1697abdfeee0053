"""The drift library: what it holds, and that the suite notices each drift by a clause that concerns it."""

from __future__ import annotations

from typing import get_args

import pytest

from contracts.drift import drifts, find
from contracts.drift.drift import Kind
from contracts.drift.target import DriftedTarget
from contracts.drift.trial import BROAD, SEEDS, Record, clean, concerned, tried
from fake_webflow.rules import clause, clauses

NAMES = [drift.name for drift in drifts()]


@pytest.mark.parametrize("name", NAMES)
def test_the_clauses_that_noticed_a_drift_still_do(name: str):
    drift = find(name)
    assert tried(drift).of(drift) == Record.read().caught[name] != []


def test_a_clean_fake_raises_no_alarm():
    trial = clean(SEEDS[1])  # the others in ``make drift``
    assert (trial.code, sorted(trial.noticed)) == (0, [])


def test_the_record_is_of_this_library():
    record = Record.read()
    assert sorted(record.caught) == sorted(NAMES), "make drift"
    assert record.clean == len(SEEDS) == 20


def test_there_are_many_of_every_kind_and_for_every_family():
    assert len(NAMES) == len(set(NAMES)) >= 60
    assert {drift.kind for drift in drifts()} == set(get_args(Kind))
    # What is the fake's own cannot drift.
    families = {row.id.partition(".")[0] for row in clauses()} - {"fake"}
    assert {drift.family for drift in drifts()} == families


@pytest.mark.parametrize("name", NAMES)
def test_a_drift_says_what_changed_and_whom_it_concerns(name: str):
    drift = find(name)
    assert drift.changed[0].isupper()
    assert drift.changed.endswith(".")
    assert drift.clauses == tuple(clause(clause_id).id for clause_id in drift.clauses)
    assert concerned(drift.clauses)


def test_tests_are_found_by_their_marks_and_by_the_tables_of_their_cases():
    assert "test_lists.py::test_beyond_the_last_record_a_page_is_empty" in concerned(["lists.offset.beyond-total"])
    assert concerned(["field-data.phone"]) == {
        "test_field_data.py::test_values_of_the_form_are_kept_as_sent",
        "test_field_data.py::test_values_of_another_form_are_refused",
    }
    assert concerned(["no.clause"]) == set()
    assert not any(
        test.startswith(file) for test in concerned(["errors.envelope", "items.slug.unique"]) for file in BROAD
    )


def test_a_name_nothing_has_is_told_with_those_near_it():
    with pytest.raises(LookupError, match=r"no drift is named 'pages-of-fivty'; did you mean pages-of-fifty\?"):
        find("pages-of-fivty")


def test_a_drifted_fake_names_no_clauses():
    target = DriftedTarget(find("oldest-first"))
    answer = target.client.request("GET", f"/sites/{'0' * 24}", check=False)
    assert answer.status_code == 404
    assert "X-Fake-Webflow-Clause" not in answer.headers
