"""Holds the ledger against the code, the tests and the profile: ``python -m contracts.ledger_check``.

A clause without evidence, without a use or without a test fails the build, and so does a name that no clause has, a
test that names no clause, or a choice that ledger and profile describe differently. Each finding is one line.
"""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

SUITE = Path(__file__).parent
ROOT = Path(__file__).resolve().parent.parent
KINDS = ("documented", "observed", "inferred")
_DATE = re.compile(r"20\d\d(-\d\d(-\d\d)?)?")


@dataclass(slots=True)
class Named:
    """A clause id in a file.

    Args:
        id: As written there.
        place: File and line.
    """

    id: str
    place: str


@dataclass(slots=True)
class Sources:
    """Everything the check looks at.

    Args:
        ledger: The clauses, as their rows.
        used: The clause ids that code and the OpenAPI source name.
        tested: The clause ids that tests name.
        nameless: Tests of the suite that name no clause.
        choices: The profile's options by clause, default first.
    """

    ledger: dict[str, dict[str, Any]]
    used: list[Named] = field(default_factory=list)
    tested: list[Named] = field(default_factory=list)
    nameless: list[str] = field(default_factory=list)
    choices: Mapping[str, Sequence[str]] = field(default_factory=dict)


def findings(sources: Sources) -> list[str]:
    """What is wrong, one line each."""
    return [
        *_unknown(sources.ledger, sources.used, "names"),
        *_unknown(sources.ledger, sources.tested, "tests"),
        *(f"{place}: the test names no clause" for place in sources.nameless),
        *_unused(sources),
        *_untested(sources),
        *_badly_told(sources.ledger),
        *_choices(sources.ledger, sources.choices),
    ]


def _unknown(ledger: Mapping[str, Any], named: Iterable[Named], verb: str) -> Iterator[str]:
    for name in named:
        if name.id not in ledger:
            yield f"{name.place}: {verb} {name.id}, which is no clause"


def _unused(sources: Sources) -> Iterator[str]:
    used = {name.id for name in sources.used} | sources.choices.keys()
    for clause_id in sources.ledger:
        if clause_id not in used:
            yield f"{clause_id}: nothing raises it, and no operation or choice is bound to it"


def _untested(sources: Sources) -> Iterator[str]:
    tested = {name.id for name in sources.tested}
    for clause_id, row in sources.ledger.items():
        if clause_id not in tested and not row.get("unchecked"):
            yield f"{clause_id}: no test names it, and the row does not say why (unchecked)"


def _badly_told(ledger: Mapping[str, dict[str, Any]]) -> Iterator[str]:
    for clause_id, row in ledger.items():
        if not row.get("says", "").endswith("."):
            yield f"{clause_id}: says is no sentence"
        if not row.get("evidence"):
            yield f"{clause_id}: there is no evidence"
        for line in row.get("evidence", ()):
            if line.get("kind") not in KINDS or not line.get("source") or not _DATE.fullmatch(line.get("date", "")):
                yield f"{clause_id}: evidence needs a kind ({', '.join(KINDS)}), a source and a date: {line}"
        if "options" in row and not row.get("because"):
            yield f"{clause_id}: the default of a choice needs its reason (because)"


def _choices(ledger: Mapping[str, dict[str, Any]], choices: Mapping[str, Sequence[str]]) -> Iterator[str]:
    listed = {clause_id: list(row["options"]) for clause_id, row in ledger.items() if "options" in row}
    for clause_id in sorted(listed.keys() | choices.keys()):
        there, here = listed.get(clause_id), choices.get(clause_id)
        if there is None:
            yield f"{clause_id}: the profile has this choice, the ledger lists no options"
        elif here is None:
            yield f"{clause_id}: the ledger lists options, the profile has no such choice"
        elif list(here) != there:
            yield f"{clause_id}: the ledger lists {there}, the profile {list(here)}"


# Reading


def read(root: Path = ROOT) -> Sources:
    """The sources of a checkout."""
    package, suite = root / "fake_webflow", root / "contracts"
    ledger = read_ledger(package / "rules")
    sources = Sources(ledger, choices=read_choices(package / "rules" / "profile.py"))
    operations = operation_names((package / "api" / "operations.py").read_text(encoding="utf-8"))
    for file in sorted(package.rglob("*.py")):
        sources.used += clause_literals(file.read_text(encoding="utf-8"), _place(file, root), ledger, operations)
    for file in sorted((package / "openapi" / "source").glob("*.yaml")):
        sources.used += schema_clauses(file.read_text(encoding="utf-8"), _place(file, root))
    for file in sorted([*suite.rglob("test_*.py"), *(root / "tests").rglob("test_*.py")]):
        text, place = file.read_text(encoding="utf-8"), _place(file, root)
        tested, nameless = read_tests(text, place)
        sources.tested += tested
        if file.is_relative_to(suite):
            sources.nameless += nameless
            # Cases of a test name theirs in tables: pytest.param(..., marks=clause(row.clause)).
            sources.tested += [name for name in clause_literals(text, place, ledger, operations) if name.id in ledger]
    return sources


def _place(file: Path, root: Path) -> str:
    return file.relative_to(root).as_posix()


def read_ledger(rules: Path) -> dict[str, dict[str, Any]]:
    """The rows of every family, by clause.

    Raises:
        ValueError: A row stands in the file of another family.
    """
    ledger: dict[str, dict[str, Any]] = {}
    for file in sorted(rules.glob("*.toml")):
        rows = tomllib.loads(file.read_text(encoding="utf-8"))
        if stray := [clause_id for clause_id in rows if clause_id.partition(".")[0] != file.stem]:
            raise ValueError(f"{file.name} has {', '.join(stray)} of another family")
        ledger |= rows
    return ledger


def read_choices(profile: Path) -> dict[str, list[str]]:
    """The options of the profile's choices, by clause, the default first, read from its source.

    A field is ``name: Literal["a", "b"] = _choice("clause", "a")``; the default stands first whatever the order.
    """
    choices: dict[str, list[str]] = {}
    for node in ast.walk(ast.parse(profile.read_text(encoding="utf-8"))):
        match node:
            case ast.AnnAssign(
                annotation=ast.Subscript(slice=options),
                value=ast.Call(args=[ast.Constant(name), ast.Constant(default)]),
            ):
                listed = [entry.value for entry in ast.walk(options) if isinstance(entry, ast.Constant)]
                choices[str(name)] = sorted(map(str, listed), key=lambda option: option != default)
    return choices


def clause_literals(source: str, place: str, ledger: Collection[str], operations: Collection[str] = ()) -> list[Named]:
    """The literals of a Python source that are clauses, or look like one (a family, a dot, and more) and name nothing.

    Some operations have the name of a clause; such a literal counts as the clause.
    """
    families = {clause_id.partition(".")[0] for clause_id in ledger}
    pattern = re.compile(rf"(?:{'|'.join(map(re.escape, sorted(families)))})(?:\.[a-z0-9-]+)+")
    return [
        Named(text, f"{place}:{line}")
        for text, line in _texts(ast.parse(source))
        if pattern.fullmatch(text) and (text in ledger or text not in operations)
    ]


def operation_names(table: str) -> set[str]:
    """The names in the table of operations, given its source, and those the journal has for uploads and files."""
    calls = (node for node in ast.walk(ast.parse(table)) if isinstance(node, ast.Call) and node.args)
    names = {
        call.args[0].value
        for call in calls
        if isinstance(call.func, ast.Name) and call.func.id == "Operation" and isinstance(call.args[0], ast.Constant)
    }
    return {*map(str, names), "files.upload", "files.read"}


def _texts(tree: ast.AST) -> Iterator[tuple[str, int]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value, node.lineno


def schema_clauses(source: str, place: str) -> list[Named]:
    """The clauses that ``x-clauses`` of an OpenAPI source names."""
    found: list[Named] = []

    def walk(node: Any) -> None:
        if isinstance(node, dict):
            found.extend(Named(clause_id, place) for clause_id in node.get("x-clauses", {}).values())
            node = list(node.values())
        if isinstance(node, list):
            for part in node:
                walk(part)

    walk(yaml.safe_load(source))
    return found


def read_tests(source: str, place: str) -> tuple[list[Named], list[str]]:
    """The clauses a module names by ``clause(...)`` or ``pytest.mark.clause(...)``, and its tests that name none."""
    tree = ast.parse(source)
    named = [
        Named(argument.value, f"{place}:{argument.lineno}")
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and _is_mark(node)
        for argument in node.args
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    ]
    nameless = [
        f"{place}:{node.lineno}"
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        and node.name.startswith("test_")
        and not any(_is_mark(part) for decorator in node.decorator_list for part in ast.walk(decorator))
    ]
    return named, nameless


def _is_mark(node: ast.AST) -> bool:
    match node:
        case ast.Call(func=ast.Name("clause") | ast.Attribute(attr="clause", value=ast.Attribute(attr="mark"))):
            return True
    return False


def main() -> int:
    """Prints the findings; 1 if there are any."""
    found = findings(read())
    for line in found:
        print(line)
    return 1 if found else 0


@dataclass(frozen=True, slots=True)
class ClauseTest:
    """A test of the suite.

    Args:
        name: Its file and function.
        clauses: Those it names, those of its cases included.
        live: Whether it needs nothing that only the fake can do.
    """

    name: str
    clauses: frozenset[str]
    live: bool


def clause_tests() -> list[ClauseTest]:
    """Every test of the suite, by file and place."""
    return [
        test
        for file in sorted(SUITE.glob("test_*.py"))
        for test in clause_tests_in(file.read_text(encoding="utf-8"), file.name)
    ]


def clause_tests_in(source: str, file: str) -> Iterator[ClauseTest]:
    """The tests of a module.

    A table of cases that stands before its test, with the clauses in it, counts for the tests that mention its name.
    """
    tree = ast.parse(source)
    tables = {
        name.id: _texts_in(node)
        for node in tree.body
        if isinstance(node, (ast.Assign, ast.AnnAssign))
        for name in ast.walk(node)
        if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Store)
    }
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            decorators = ast.Module([ast.Expr(mark) for mark in node.decorator_list], [])
            mentioned = {name.id for name in ast.walk(decorators) if isinstance(name, ast.Name)}
            texts = _texts_in(decorators).union(*(tables.get(name, frozenset()) for name in mentioned))
            yield ClauseTest(f"{file}::{node.name}", texts, "needs" not in mentioned)


def _texts_in(tree: ast.AST) -> frozenset[str]:
    return frozenset(text for text, _ in _texts(tree))


if __name__ == "__main__":
    sys.exit(main())
