"""The pages of the docs that are written from the code are current, and complete."""

from __future__ import annotations

import re
import runpy
from importlib import resources
from pathlib import Path

import pytest

from fake_webflow.api.operations import OPERATIONS
from fake_webflow.rules import clauses

DOCS = Path(__file__).parents[2] / "docs"
GENERATE = runpy.run_path(str(DOCS / "generate.py"))


@pytest.mark.parametrize("name", GENERATE["PAGES"])
def test_generated_pages_are_current(name: str) -> None:
    assert (DOCS / name).read_text(encoding="utf-8") == GENERATE["PAGES"][name](), f"{name} is not current: make docs"


def test_the_table_of_operations_has_every_operation_of_webflows_once() -> None:
    official = resources.files("fake_webflow.api").joinpath("official_operations.tsv").read_text(encoding="utf-8")
    wanted = {tuple(line.split("\t")[:2]) for line in official.splitlines()[1:]}
    wanted |= {(operation.method, operation.path) for operation in OPERATIONS}
    rows = [line for line in GENERATE["operations_page"]().splitlines() if line.startswith("| `")]
    assert sorted(re.findall(r"\| ([A-Z]+) \| `(.*?)` \|", "\n".join(rows))) == sorted(wanted)
    simulated = [row.split("`")[1] for row in rows if row.count(" | ") == 4]
    assert simulated == [operation.name for operation in OPERATIONS]


def test_the_page_of_clauses_has_every_clause_once() -> None:
    page = GENERATE["clauses_page"]()
    assert [line[4:] for line in page.splitlines() if line.startswith("### ")] == [clause.id for clause in clauses()]
