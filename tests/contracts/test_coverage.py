"""Which tests check a clause is read from the suite's sources."""

from __future__ import annotations

from contracts.ledger_check import find_clause_tests, parse_clause_tests

SOURCE = """
CASES = [pytest.param(1, marks=clause("a.table")), "a.word"]

@clause("a.one", "a.two")
def test_calls(sandbox): ...

@clause("a.three")
@needs(LIMIT_RATE)
@pytest.mark.parametrize("x", CASES)
def test_fakes(sandbox): ...

def helper(): ...
"""


def test_tests_are_told_with_their_clauses_and_where_they_can_run():
    calls, fakes = parse_clause_tests(SOURCE, "test_a.py")
    assert (calls.name, calls.clauses, calls.checks_any_api) == ("test_a.py::test_calls", {"a.one", "a.two"}, True)
    assert fakes.clauses >= {"a.three", "a.table"}
    assert not fakes.checks_any_api


def test_most_clauses_can_be_checked_on_any_api():
    live = {name for test in find_clause_tests() if test.checks_any_api for name in test.clauses}
    assert {"items.slug.unique", "upload.key.missing", "rate.headers"} <= live
    assert "plan.items" not in live
