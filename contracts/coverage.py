"""Which tests of the suite check a clause, and whether calls to any API can show it; read from the tests' sources."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_SUITE = Path(__file__).parent


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
        for file in sorted(_SUITE.glob("test_*.py"))
        for test in clause_tests_in(file.read_text(encoding="utf-8"), file.name)
    ]


def clause_tests_in(source: str, file: str) -> Iterator[ClauseTest]:
    """The tests of a module.

    A table of cases that stands before its test, with the clauses in it, counts for the tests that mention its name.
    """
    tree = ast.parse(source)
    tables = {
        name.id: _texts(node)
        for node in tree.body
        if isinstance(node, (ast.Assign, ast.AnnAssign))
        for name in ast.walk(node)
        if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Store)
    }
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            decorators = ast.Module([ast.Expr(mark) for mark in node.decorator_list], [])
            mentioned = {name.id for name in ast.walk(decorators) if isinstance(name, ast.Name)}
            texts = _texts(decorators).union(*(tables.get(name, frozenset()) for name in mentioned))
            yield ClauseTest(f"{file}::{node.name}", texts, "needs" not in mentioned)


def _texts(tree: ast.AST) -> frozenset[str]:
    return frozenset(
        node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )
