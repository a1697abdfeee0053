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
EVIDENCE_KINDS = ("documented", "observed", "inferred")
_DATE = re.compile(r"20\d\d(-\d\d(-\d\d)?)?")


@dataclass(slots=True)
class ClauseMention:
    """A clause id in a file.

    Args:
        id: As written there.
        location: File and line.
    """

    id: str
    location: str


@dataclass(slots=True)
class Sources:
    """Everything the check looks at.

    Args:
        ledger: The clauses, as their rows.
        code_mentions: The clause ids that code and the OpenAPI source name.
        test_mentions: The clause ids that tests name.
        unnamed_tests: Tests of the suite that name no clause.
        choices: The profile's options by clause, default first.
        operations: The names of the operations.
    """

    ledger: dict[str, dict[str, Any]]
    code_mentions: list[ClauseMention] = field(default_factory=list)
    test_mentions: list[ClauseMention] = field(default_factory=list)
    unnamed_tests: list[str] = field(default_factory=list)
    choices: Mapping[str, Sequence[str]] = field(default_factory=dict)
    operations: Collection[str] = ()


def find_problems(sources: Sources) -> list[str]:
    """What is wrong, one line each."""
    return [
        *_find_unknown(sources.ledger, sources.code_mentions, "names"),
        *_find_unknown(sources.ledger, sources.test_mentions, "tests"),
        *(f"{place}: the test names no clause" for place in sources.unnamed_tests),
        *_find_unused(sources),
        *_find_unbound(sources),
        *_find_untested(sources),
        *_find_misdescribed(sources.ledger),
        *_find_choice_mismatches(sources.ledger, sources.choices),
    ]


def _find_unknown(ledger: Mapping[str, Any], mentions: Iterable[ClauseMention], verb: str) -> Iterator[str]:
    for mention in mentions:
        if mention.id not in ledger:
            yield f"{mention.location}: {verb} {mention.id}, which is not a clause"


def _find_unused(sources: Sources) -> Iterator[str]:
    used = {name.id for name in sources.code_mentions} | sources.choices.keys()
    for clause_id in sources.ledger:
        row = sources.ledger[clause_id]
        if clause_id not in used and not row.get("operations") and not row.get("of_refusals"):
            yield f"{clause_id}: nothing raises it, it names no operations, and no choice is bound to it"


def _find_unbound(sources: Sources) -> Iterator[str]:
    bound: set[str] = set()
    for clause_id, row in sources.ledger.items():
        operations = row.get("operations", [])
        bound.update(operations)
        for name in set(operations) - {*sources.operations, "every"}:
            yield f"{clause_id}: {name} is not the name of an operation"
        if len(operations) != len(set(operations)):
            yield f"{clause_id}: an operation is named twice"
    for name in sorted(set(sources.operations) - bound):
        yield f"{name}: no clause names this operation; say in the ledger which rules its answers follow"


def _find_untested(sources: Sources) -> Iterator[str]:
    tested = {name.id for name in sources.test_mentions}
    for clause_id, row in sources.ledger.items():
        if clause_id not in tested and not row.get("unchecked"):
            yield f"{clause_id}: no test names it, and the row does not say why (unchecked)"


def _find_misdescribed(ledger: Mapping[str, dict[str, Any]]) -> Iterator[str]:
    for clause_id, row in ledger.items():
        if not row.get("says", "").endswith("."):
            yield f"{clause_id}: says is not a sentence"
        if not row.get("evidence"):
            yield f"{clause_id}: there is no evidence"
        for line in row.get("evidence", ()):
            if (
                line.get("kind") not in EVIDENCE_KINDS
                or not line.get("source")
                or not _DATE.fullmatch(line.get("date", ""))
            ):
                yield f"{clause_id}: evidence needs a kind ({', '.join(EVIDENCE_KINDS)}), a source and a date: {line}"
            if line.get("option", "") not in {"", *row.get("options", ())}:
                yield f"{clause_id}: evidence speaks for an option that the choice lacks: {line['option']}"
        if "options" in row and not row.get("because"):
            yield f"{clause_id}: the default of a choice needs its reason (because)"


def _find_choice_mismatches(
    ledger: Mapping[str, dict[str, Any]], choices: Mapping[str, Sequence[str]]
) -> Iterator[str]:
    in_ledger = {clause_id: list(row["options"]) for clause_id, row in ledger.items() if "options" in row}
    for clause_id in sorted(in_ledger.keys() | choices.keys()):
        ledger_options, profile_options = in_ledger.get(clause_id), choices.get(clause_id)
        if ledger_options is None:
            yield f"{clause_id}: the profile has this choice, the ledger lists no options"
        elif profile_options is None:
            yield f"{clause_id}: the ledger lists options, the profile has no such choice"
        elif list(profile_options) != ledger_options:
            yield f"{clause_id}: the ledger lists {ledger_options}, the profile {list(profile_options)}"


# Reading


def read_sources(root: Path = ROOT) -> Sources:
    """The sources of a checkout."""
    package, suite = root / "fake_webflow", root / "contracts"
    ledger = read_ledger(package / "rules")
    sources = Sources(ledger, choices=read_choices(package / "rules" / "profile.py"))
    operations = read_operation_names((package / "api" / "operations.py").read_text(encoding="utf-8"))
    sources.operations = operations
    for file in sorted(package.rglob("*.py")):
        sources.code_mentions += find_clause_literals(
            file.read_text(encoding="utf-8"), _relative_path(file, root), ledger, operations
        )
    for file in sorted((package / "openapi" / "source").glob("*.yaml")):
        sources.code_mentions += find_schema_clauses(file.read_text(encoding="utf-8"), _relative_path(file, root))
    for file in sorted([*suite.rglob("test_*.py"), *(root / "tests").rglob("test_*.py")]):
        text, place = file.read_text(encoding="utf-8"), _relative_path(file, root)
        tested, nameless = read_tests(text, place)
        sources.test_mentions += tested
        if file.is_relative_to(suite):
            sources.unnamed_tests += nameless
            # Cases of a test name theirs in tables: pytest.param(..., marks=clause(row.clause)).
            sources.test_mentions += [
                name for name in find_clause_literals(text, place, ledger, operations) if name.id in ledger
            ]
    return sources


def _relative_path(file: Path, root: Path) -> str:
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


def find_clause_literals(
    source: str, location: str, ledger: Collection[str], operations: Collection[str] = ()
) -> list[ClauseMention]:
    """The literals of a Python source that are clauses, or look like one (a family, a dot, and more) and name nothing.

    Some operations have the name of a clause; such a literal counts as the clause. Names of pages' templates are left
    out.
    """
    families = {clause_id.partition(".")[0] for clause_id in ledger}
    pattern = re.compile(rf"(?:{'|'.join(map(re.escape, sorted(families)))})(?:\.[a-z0-9-]+)+")
    return [
        ClauseMention(text, f"{location}:{line}")
        for text, line in _string_literals(ast.parse(source))
        if pattern.fullmatch(text) and (text in ledger or text not in operations) and not text.endswith(".html")
    ]


def read_operation_names(table: str) -> set[str]:
    """The names in the table of operations, given its source, and those the journal has for uploads and files."""
    calls = (node for node in ast.walk(ast.parse(table)) if isinstance(node, ast.Call) and node.args)
    names = {
        call.args[0].value
        for call in calls
        if isinstance(call.func, ast.Name) and call.func.id == "Operation" and isinstance(call.args[0], ast.Constant)
    }
    return {*map(str, names), "files.upload", "files.read"}


def _string_literals(tree: ast.AST) -> Iterator[tuple[str, int]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value, node.lineno


def find_schema_clauses(source: str, location: str) -> list[ClauseMention]:
    """The clauses that ``x-clauses`` of an OpenAPI source names."""
    found: list[ClauseMention] = []

    def walk(node: Any) -> None:
        if isinstance(node, dict):
            found.extend(ClauseMention(clause_id, location) for clause_id in node.get("x-clauses", {}).values())
            node = list(node.values())
        if isinstance(node, list):
            for part in node:
                walk(part)

    walk(yaml.safe_load(source))
    return found


def read_tests(source: str, location: str) -> tuple[list[ClauseMention], list[str]]:
    """The clauses a module names by ``clause(...)`` or ``pytest.mark.clause(...)``, and its tests that name none."""
    tree = ast.parse(source)
    mentions = [
        ClauseMention(argument.value, f"{location}:{argument.lineno}")
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and _is_mark(node)
        for argument in node.args
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    ]
    unnamed = [
        f"{location}:{node.lineno}"
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        and node.name.startswith("test_")
        and not any(_is_mark(part) for decorator in node.decorator_list for part in ast.walk(decorator))
    ]
    return mentions, unnamed


def _is_mark(node: ast.AST) -> bool:
    match node:
        case ast.Call(func=ast.Name("clause") | ast.Attribute(attr="clause", value=ast.Attribute(attr="mark"))):
            return True
    return False


def main() -> int:
    """Prints the findings; 1 if there are any."""
    found = find_problems(read_sources())
    for line in found:
        print(line)
    return 1 if found else 0


@dataclass(frozen=True, slots=True)
class ClauseTest:
    """A test of the suite.

    Args:
        name: Its file and function.
        clauses: Those it names, those of its cases included.
        checks_any_api: Whether it needs nothing that only the fake can do.
    """

    name: str
    clauses: frozenset[str]
    checks_any_api: bool


def find_clause_tests() -> list[ClauseTest]:
    """Every test of the suite, by file and place."""
    return [
        test
        for file in sorted(SUITE.glob("test_*.py"))
        for test in parse_clause_tests(file.read_text(encoding="utf-8"), file.name)
    ]


def parse_clause_tests(source: str, file: str) -> Iterator[ClauseTest]:
    """The tests of a module.

    A table of cases that stands before its test, with the clauses in it, counts for the tests that mention its name.
    """
    tree = ast.parse(source)
    tables = {
        name.id: _string_set(node)
        for node in tree.body
        if isinstance(node, (ast.Assign, ast.AnnAssign))
        for name in ast.walk(node)
        if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Store)
    }
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            decorators = ast.Module([ast.Expr(mark) for mark in node.decorator_list], [])
            mentioned = {name.id for name in ast.walk(decorators) if isinstance(name, ast.Name)}
            texts = _string_set(decorators).union(*(tables.get(name, frozenset()) for name in mentioned))
            yield ClauseTest(f"{file}::{node.name}", texts, "needs" not in mentioned)


def _string_set(tree: ast.AST) -> frozenset[str]:
    return frozenset(text for text, _ in _string_literals(tree))


if __name__ == "__main__":
    sys.exit(main())
