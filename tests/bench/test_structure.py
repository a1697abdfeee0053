"""What ``bench.structure`` counts, on a small tree that is made up. No figure of this checkout is asserted."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from bench import structure, structure_times
from bench.places import ROOT

FILES = {
    "fake_webflow/__init__.py": "from .world import rules\nLIMIT = rules.LIMIT\n",
    "fake_webflow/__main__.py": "def main(): ...\n",
    "fake_webflow/api/operations.py": """
from . import items, live_items
OPERATIONS = (Operation("a", items.create_item), Operation("b", items.get_item), Operation("c", live_items.get_item))
""",
    "fake_webflow/api/items.py": "def create_item(): ...\ndef get_item(): ...\ndef page(): ...\n",
    "fake_webflow/api/live_items.py": "def get_item(): ...\ndef _own(): ...\n",
    "fake_webflow/world/rules.py": """\
'''A docstring.

It has three lines.'''
LIMIT = 1  # for people
'''What it is.'''

if LIMIT:  # noqa: S101
    def create_item():
        '''Another.'''
        def inner(): ...
        return inner

def page(): ...
def _own(): ...
def pytest_configure(): ...
""",
    "contracts/deep/cards.py": "LIMIT, OTHER = 2, 3\nclass Card: ...\ndef main(): ...\ndef pytest_configure(): ...\n",
    "contracts/test_cards.py": "class Card: ...\n" + "\n" * 39,
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_lines_comments_and_functions_are_counted(root: Path) -> None:
    [rules] = structure.modules(root, "fake_webflow/world")
    assert (rules.path, rules.lines, rules.code, rules.comments) == ("fake_webflow/world/rules.py", 15, 8, 1)
    assert rules.functions == [(1, "page"), (1, "_own"), (1, "pytest_configure"), (4, "create_item"), (1, "inner")]


def test_figures_of_a_folder(root: Path) -> None:
    found = structure.figures(structure.modules(root, "fake_webflow"))
    assert found["Python files"] == len([name for name in FILES if name.startswith("fake_webflow/")])
    assert found["longest function"] == "fake_webflow/world/rules.py: create_item"
    assert (found["function length, median"], found["function length, max"]) == (1, 4)
    assert "fake_webflow/api/items.py" in found["modules below 40 lines"]
    assert "fake_webflow/__main__.py" not in found["modules below 40 lines"]
    short = structure.figures(structure.modules(root, "contracts"))["modules below 40 lines"]
    assert short == {"contracts/deep/cards.py": 4}


def test_names_that_stand_twice(root: Path) -> None:
    found = [module for folder in structure.SHIPPED for module in structure.modules(root, folder)]
    assert structure.names_twice(found) == {
        "LIMIT": ["fake_webflow/world/rules.py", "contracts/deep/cards.py"],
        "get_item": ["fake_webflow/api/items.py", "fake_webflow/api/live_items.py"],
        "page": ["fake_webflow/api/items.py", "fake_webflow/world/rules.py"],
    }


def test_a_request_calls_functions_of_this_checkout() -> None:
    for counts in structure.called(ROOT).values():
        assert counts["calls"] >= counts["functions"] >= counts["files"] > 0


def test_a_command_is_timed_and_its_exit_code_told(root: Path) -> None:
    found = structure_times.timed([sys.executable, "-S", "-c", "raise SystemExit(3)"], root)
    assert (set(found), found["exit code"]) == ({"processor seconds", "wall seconds", "exit code"}, 3)


def test_a_server_is_timed_until_it_answers(root: Path) -> None:
    serve = """
from http.server import HTTPServer, SimpleHTTPRequestHandler
server = HTTPServer(("127.0.0.1", 0), SimpleHTTPRequestHandler)
print(f"  base URL  http://127.0.0.1:{server.server_port}/v2", flush=True)
server.serve_forever()
"""
    assert set(structure_times.timed_start([sys.executable, "-c", serve], root)) == {
        "processor seconds",
        "wall seconds",
    }


def test_a_server_that_ends_says_what_it_told(root: Path) -> None:
    with pytest.raises(RuntimeError, match="no luck"):
        structure_times.timed_start([sys.executable, "-S", "-c", "print('no luck')"], root)
