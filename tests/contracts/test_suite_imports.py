"""What a contract test imports: the kit, the thin client and the rules, so that it runs against any API."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import contracts

SUITE = Path(contracts.__file__).parent
TESTS = sorted(SUITE.glob("test_*.py"))
MAY_IMPORT = (".kit", "fake_webflow.client", "fake_webflow.rules")
GENERATED = {"test_lifecycle.py", "test_schema_conformance.py"}
"""The tests that generate their calls."""


def own_modules_imported_by(file: Path) -> Iterator[str]:
    """The modules of this project that a file imports, wherever in the file."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = ["." * node.level + (node.module or "")]
        else:
            continue
        yield from (name for name in names if name.startswith((".", "contracts", "fake_webflow")))


@pytest.mark.parametrize("file", TESTS, ids=lambda file: file.stem)
def test_a_contract_test_knows_the_kit_the_client_and_the_rules(file: Path):
    allowed = (*MAY_IMPORT, ".generated") if file.name in GENERATED else MAY_IMPORT
    packages = {".".join(name.split(".")[:2]) for name in own_modules_imported_by(file)}
    assert packages <= set(allowed)
    assert ".kit" in packages
