"""The ledger check finds what is wrong with a ledger, and nothing wrong with ours."""

from __future__ import annotations

from typing import Any

import pytest

from contracts.ledger_check import (
    ClauseMention,
    Sources,
    find_clause_literals,
    find_problems,
    find_schema_clauses,
    main,
    read_choices,
    read_ledger,
    read_operation_names,
    read_sources,
    read_tests,
)

GOOD: dict[str, Any] = {
    "says": "It holds.",
    "evidence": [{"kind": "inferred", "source": "nothing was found", "date": "2026"}],
}


def sources(*, used: bool = True, tested: bool = True, **row: Any) -> Sources:
    """A ledger of one clause, used and tested."""
    named = [ClauseMention("items.rule", "somewhere.py:1")]
    return Sources({"items.rule": {**GOOD, **row}}, code_mentions=named[:used], test_mentions=named[:tested])


def test_our_own_ledger_is_in_order():
    assert find_problems(read_sources()) == []


def test_a_good_clause_is_no_finding():
    assert find_problems(sources()) == []


@pytest.mark.parametrize(
    ("wrong", "finding"),
    [
        (sources(used=False), "items.rule: nothing raises it, it names no operations, and no choice is bound to it"),
        (sources(operations=["items.lst"]), "items.rule: items.lst is not the name of an operation"),
        (sources(operations=["every", "every"]), "items.rule: an operation is named twice"),
        (
            Sources({"items.rule": GOOD}, operations={"items.get"}),
            "items.get: no clause names this operation; say in the ledger which rules its answers follow",
        ),
        (sources(tested=False), "items.rule: no test names it, and the row does not say why (unchecked)"),
        (sources(says="no sentence"), "items.rule: says is not a sentence"),
        (sources(evidence=[]), "items.rule: there is no evidence"),
        (sources(options={"a": "A."}, because=""), "items.rule: the default of a choice needs its reason (because)"),
        (
            sources(options={"a": "A."}, because="x"),
            "items.rule: the ledger lists options, the profile has no such choice",
        ),
    ],
)
def test_what_is_missing_is_found(wrong: Sources, finding: str):
    assert finding in find_problems(wrong)


def test_a_clause_that_cannot_be_tested_may_say_why():
    assert find_problems(sources(tested=False, unchecked="Nobody can see it.")) == []


def test_evidence_speaks_for_an_option_that_there_is():
    [found] = find_problems(sources(evidence=[{**GOOD["evidence"][0], "option": "neither"}]))
    assert found == "items.rule: evidence speaks for an option that the choice lacks: neither"


@pytest.mark.parametrize("line", [{"kind": "heard"}, {"source": ""}, {"date": "yesterday"}, {"date": "2026-5"}])
def test_evidence_has_a_kind_a_source_and_a_date(line: dict[str, str]):
    [found] = find_problems(sources(evidence=[{**GOOD["evidence"][0], **line}]))
    assert found.startswith("items.rule: evidence needs a kind")


def test_names_that_no_clause_has_are_found_where_they_stand():
    given = sources()
    given.code_mentions.append(ClauseMention("items.nothing", "fake_webflow/api/items.py:5"))
    given.test_mentions.append(ClauseMention("items.nobody", "tests/test_x.py:7"))
    given.unnamed_tests.append("contracts/test_x.py:9")
    assert find_problems(given) == [
        "fake_webflow/api/items.py:5: names items.nothing, which is not a clause",
        "tests/test_x.py:7: tests items.nobody, which is not a clause",
        "contracts/test_x.py:9: the test names no clause",
    ]


def test_profile_and_ledger_have_the_same_options_the_default_first():
    given = sources(options={"a": "A.", "b": "B."}, because="x")
    given.choices = {"items.rule": ["a", "b"]}
    assert find_problems(given) == []
    given.choices = {"items.rule": ["b", "a"]}
    assert find_problems(given) == ["items.rule: the ledger lists ['a', 'b'], the profile ['b', 'a']"]
    given.choices = {"items.rule": ["a", "b"], "items.other": ["c"]}
    assert find_problems(given) == ["items.other: the profile has this choice, the ledger lists no options"]


def test_a_choice_of_the_profile_is_a_use():
    given = sources(used=False, options={"a": "A."}, because="x")
    given.choices = {"items.rule": ["a"]}
    assert find_problems(given) == []


def test_literals_of_code_are_clauses_by_their_family():
    source = (
        '"""Of items.docstring and such."""\nraise Refusal("items.rule")\nx = "items.list"\ny = "files.txt.gz more"\n'
    )
    found = find_clause_literals(source, "a.py", {"items.rule"}, {"items.list"})
    assert found == [ClauseMention("items.rule", "a.py:2")]


def test_a_literal_that_is_a_clause_and_an_operation_counts_as_the_clause():
    assert find_clause_literals('"items.list"', "a.py", {"items.list"}, {"items.list"}) == [
        ClauseMention("items.list", "a.py:1")
    ]


def test_operations_are_read_from_their_table():
    assert read_operation_names('X = (Operation("items.get", "GET"), other("items.no"))') == {
        "items.get",
        "files.upload",
        "files.read",
    }


def test_schemas_name_clauses_by_x_clauses():
    source = "a: [{x-clauses: {pattern: lists.limit.pattern}}, {b: {x-clauses: {format: lists.date.format}}}]"
    assert [name.id for name in find_schema_clauses(source, "a.yaml")] == ["lists.limit.pattern", "lists.date.format"]


def test_tests_name_clauses_by_marks_on_them_or_on_their_cases():
    source = """
@clause("a.one", "a.two")
def test_one(): ...

@pytest.mark.clause("a.three")
def test_two(): ...

@pytest.mark.parametrize("x", [pytest.param(1, marks=clause("a.four"))])
def test_three(x): ...

def test_four():
    ledger.clause("a.five")

def helper(): ...
"""
    named, nameless = read_tests(source, "t.py")
    assert [name.id for name in named] == ["a.one", "a.two", "a.three", "a.four"]
    assert nameless == ["t.py:11"]


def test_choices_are_read_from_the_profile(tmp_path):
    file = tmp_path / "profile.py"
    file.write_text('class Profile:\n    a_b: Literal["x", "y"] = _choice("a.b", "y")\n')
    assert read_choices(file) == {"a.b": ["y", "x"]}


def test_a_row_in_the_file_of_another_family_is_refused(tmp_path):
    (tmp_path / "items.toml").write_text('["assets.rule"]\nsays = "x."\n')
    with pytest.raises(ValueError, match=r"items\.toml has assets\.rule of another family"):
        read_ledger(tmp_path)


def test_the_command_prints_a_line_a_finding(monkeypatch, capsys):
    monkeypatch.setattr("contracts.ledger_check.read_sources", lambda: sources(tested=False))
    assert main() == 1
    assert capsys.readouterr().out == "items.rule: no test names it, and the row does not say why (unchecked)\n"
    monkeypatch.setattr("contracts.ledger_check.read_sources", sources)
    assert main() == 0
