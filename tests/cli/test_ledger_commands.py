"""``fake-webflow clauses`` and ``fake-webflow explain``: the whole ledger, in the terminal."""

from __future__ import annotations

import json

import pytest

from fake_webflow import package_data
from fake_webflow.cli import main
from fake_webflow.rules import choice_options, clauses

Printed = pytest.CaptureFixture[str]


def words(text: str) -> str:
    """The text without its line breaks."""
    return " ".join(text.split())


def test_every_clause_is_listed_with_what_it_says(capsys: Printed) -> None:
    assert main(["clauses"]) == 0
    printed = capsys.readouterr().out
    lines, flat = printed.splitlines(), words(printed)
    for clause in clauses():
        kind = f"open choice, {clause.kind}" if clause.options else clause.kind
        assert f"{clause.id}  ({kind})" in lines
        assert words(clause.says) in flat


def test_every_open_choice_is_listed_with_its_options_the_default_marked(capsys: Printed) -> None:
    main(["clauses"])
    lines = capsys.readouterr().out.splitlines()
    for name, (default, *others) in choice_options().items():
        start = next(number for number, line in enumerate(lines) if line.startswith(f"{name}  ("))
        block = lines[start : lines.index("", start)]
        assert any(line.startswith(f"  * {default}: ") for line in block)
        assert all(any(line.startswith(f"  - {other}: ") for line in block) for other in others)


def test_the_summary_counts_what_was_listed(capsys: Printed) -> None:
    main(["clauses", "rate.*"])
    printed = capsys.readouterr().out
    found = [clause for clause in clauses() if clause.id.startswith("rate.")]
    kinds = [clause.kind for clause in found]
    choices = sum(1 for clause in found if clause.options)
    assert words(printed).endswith(
        f"{len(found)} clauses: {kinds.count('observed')} observed, {kinds.count('documented')} documented, "
        f"{kinds.count('inferred')} inferred (guesses). {choices} of them are open choices (* marks the default): "
        "fake-webflow serve --profile CHOICE=OPTION makes one otherwise."
    )


@pytest.mark.parametrize(
    ("pattern", "names"),
    [
        ("rate.site", ["rate.site-publish", "rate.site-publish.headers"]),
        ("http.*", ["http.etag", "http.head", "http.if-none-match", "http.json", "http.no-content", "http.regions"]),
        ("*.v1-flags", ["field-data.v1-flags"]),
        ("rate.messag?", ["rate.message"]),
    ],
)
def test_a_pattern_is_part_of_a_name_or_has_wildcards(capsys: Printed, pattern: str, names: list[str]) -> None:
    assert main(["clauses", pattern, "--json"]) == 0
    assert sorted(row["clause"] for row in json.loads(capsys.readouterr().out)) == names


def test_as_json_nothing_of_a_clause_is_missing(capsys: Printed) -> None:
    main(["clauses", "--json"])
    rows = {row["clause"]: row for row in json.loads(capsys.readouterr().out)}
    assert list(rows) == [clause.id for clause in clauses()]
    for clause in clauses():
        row = rows[clause.id]
        assert (row["says"], row["kind"]) == (clause.says, clause.kind)
        assert len(row["evidence"]) == len(clause.evidence) > 0
        assert list(row.get("options", {}).items()) == list(clause.options.items())
        assert row.get("default") == next(iter(clause.options), None)
        assert row.get("refuses", {}).get("message") == (clause.refuses and clause.refuses.message)
        every = ["every operation"] if "every" in clause.operations else list(clause.operations)
        assert row.get("operations", []) == every


def test_no_match_is_one_line(capsys: Printed) -> None:
    assert main(["clauses", "nothing-like-that"]) == 2
    assert capsys.readouterr() == ("", "fake-webflow clauses: no clause's name matches 'nothing-like-that'\n")


@pytest.mark.parametrize("clause", clauses(), ids=lambda clause: clause.id)
def test_explain_shows_all_of_a_clause(capsys: Printed, clause) -> None:
    assert main(["explain", clause.id]) == 0
    printed = words(capsys.readouterr().out)
    assert printed.startswith(f"{clause.id} {words(clause.says)}")
    for line in clause.evidence:
        assert words(f"- {line.title}: {line.source}") in printed
        assert all(f"- {address}" in printed for address in line.links.values())
    for option, meaning in clause.options.items():
        assert words(f"{option}: {meaning}") in printed
    if clause.refuses:
        assert words(f"{clause.refuses.status} {clause.refuses.code}: {clause.refuses.message}") in printed
    assert words(clause.because) in printed
    assert words(clause.text) in printed
    assert words(clause.unchecked) in printed


def test_an_address_is_that_of_a_source_that_some_evidence_names(capsys: Printed) -> None:
    main(["clauses", "--json"])
    shown = [line.get("links", {}) for row in json.loads(capsys.readouterr().out) for line in row["evidence"]]
    addresses = json.loads(package_data.read("rules/addresses.json"))
    assert {name: address for links in shown for name, address in links.items()} == addresses
    assert all(address.startswith("https://") for address in addresses.values())


def test_explain_says_which_operations_follow_a_clause(capsys: Printed) -> None:
    main(["explain", "items.list.newest-first"])
    assert "followed by items.list, live-items.list last live result" in words(capsys.readouterr().out)
    main(["explain", "rate.headers"])
    assert "followed by every operation last live result" in words(capsys.readouterr().out)
    main(["explain", "items.not-found"])
    assert "whichever operation meets it" in capsys.readouterr().out


def test_a_guess_is_called_one(capsys: Printed) -> None:
    guess = next(clause for clause in clauses() if clause.kind == "inferred")
    main(["explain", guess.id])
    assert "evidence (inferred: a guess, and what it rests on)" in capsys.readouterr().out


def test_a_name_that_is_not_there_brings_the_nearest(capsys: Printed) -> None:
    assert main(["explain", "items.update-live.never-publisht"]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith(
        "fake-webflow explain: no clause is named 'items.update-live.never-publisht'; did you mean "
    )
    assert "items.update-live.never-published" in printed.err
    assert printed.err.count("\n") == 1


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("update-live.never-published", "items.update-live.never-published"),
        ("items.slug.scope", "items.slug.scope"),
        ("Route not found: /v2/sits", "errors.unknown-route"),
        ("conflict: a field with the SLUG 'a' already exists", "collections.field.duplicate"),
    ],
)
def test_explain_finds_one_by_what_is_known_of_it(capsys: Printed, words: str, name: str) -> None:
    assert main(["explain", words]) == 0
    assert capsys.readouterr().out.splitlines()[0] == name


@pytest.mark.parametrize(
    ("words", "fits"),
    [
        (["409"], lambda clause: clause.refuses and clause.refuses.status == 409),
        (
            ["Requested resource not found"],
            lambda clause: clause.refuses and "Requested resource not found" in clause.refuses.message,
        ),
        (
            ["requested", "resource", "NOT", "found"],
            lambda clause: clause.refuses and "Requested resource not found" in clause.refuses.message,
        ),
        (["items.slug"], lambda clause: "items.slug" in clause.id),
    ],
)
def test_explain_lists_the_clauses_where_several_fit(capsys: Printed, words: list[str], fits) -> None:
    wanted = [clause.id for clause in clauses() if fits(clause)]
    assert len(wanted) > 1
    assert main(["explain", *words]) == 0
    printed = capsys.readouterr().out
    assert [line.split("  (")[0] for line in printed.splitlines() if line[:1].strip() and "  (" in line] == wanted
    assert f"{len(wanted)} clauses; fake-webflow explain NAME" in printed


@pytest.mark.parametrize(
    ("arguments", "path", "fact"),
    [
        (["explain"], "fake-webflow explain", "WHAT is missing"),
        (["clauses", "a", "b"], "fake-webflow clauses", "(b)"),
        (["srve"], "fake-webflow", "did you mean serve?"),
        (["explane", "409"], "fake-webflow", "did you mean explain?"),
        (["--verson"], "fake-webflow", "did you mean --version?"),
        (["results"], "fake-webflow results", "Missing command"),
        (["results", "updat"], "fake-webflow results", "updat"),
    ],
)
def test_mistakes_in_the_command_are_one_line(capsys: Printed, arguments: list[str], path: str, fact: str) -> None:
    assert main(arguments) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith(f"{path}: ")
    assert printed.err.endswith(f"; see {path} --help\n")
    assert fact in printed.err
    assert printed.err.count("\n") == 1


def test_a_reader_that_goes_away_is_no_disaster(run) -> None:
    ended = run("clauses", preexec_fn=_close_standard_output)
    assert ended.returncode == 1
    assert "Traceback" not in ended.stderr


def _close_standard_output() -> None:
    import os

    reading, writing = os.pipe()
    os.dup2(writing, 1)
    os.close(reading)
