"""A project that uses the plugin, as its author runs it, in every way, and what is left of it.

`make test` runs it against this checkout, `make acceptance` against the wheel in an environment of its own.
"""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
from environments import DOWNSTREAM, Environment

from fake_webflow.handle.arranging import ItemViews
from fake_webflow.handle.clock import FakeClock
from fake_webflow.handle.faults import FakeFaults, NewFault
from fake_webflow.handle.journal import AssertableJournal
from fake_webflow.testing import plugin, settings
from fake_webflow.testing.handle import FakeWebflow
from fake_webflow.testing.server import ServedFake

TESTS = "\n".join(path.read_text(encoding="utf-8") for path in sorted((DOWNSTREAM / "tests").glob("*.py")))
SENT = {
    path.relative_to(DOWNSTREAM): path.read_bytes()
    for path in (*DOWNSTREAM.glob("tests/*.*"), DOWNSTREAM / "pyproject.toml")
    if path.is_file()
}
"""What a copy has, before and after a run."""
SETTINGS = (DOWNSTREAM / "pyproject.toml").read_text(encoding="utf-8")
FIXTURES = re.findall(r"@pytest\.fixture.*\ndef (fake_webflow\w*)", Path(plugin.__file__).read_text(encoding="utf-8"))
INI_OPTIONS = re.findall(r'^    "(webflow_\w+)":', Path(plugin.__file__).read_text(encoding="utf-8"), re.MULTILINE)
BEHIND_THE_HANDLE = {"activate", "close", "of"}
"""What tests have no use for, since the fixture or the with statement does it."""

ALONE = ["-p", "no:xdist"]
IN_ORDER = ["-p", "no:randomly"]


class Ran(NamedTuple):
    """What a run of the sample project came to."""

    output: str
    left: list[str]
    """What its processes left behind, one text for each."""


class Project(NamedTuple):
    """A copy of the sample project's tests, without its source: that is installed, or lies in a folder."""

    folder: Path
    environment: Environment
    source: str = ""

    def run(self, *options: str) -> Ran:
        """Runs its tests; they must pass."""
        bytecode = self.environment.folder / "bytecode"
        aside = {name: self.folder.parent / name for name in ("leftovers", "temporary")}
        for folder in aside.values():
            folder.mkdir(exist_ok=True)
        done = self.environment.run(
            *("-m", "pytest", "-p", "no:cacheprovider", "-p", "leftovers", f"--basetemp={self.folder.parent / 'base'}"),
            *options,
            cwd=self.folder,
            PYTHONPATH=f"{Path(__file__).parent}:{self.source}",
            # Nothing may be written into the copy; what the new environment imports is compiled once for all runs.
            **({"PYTHONDONTWRITEBYTECODE": "1"} if self.source else {"PYTHONPYCACHEPREFIX": str(bytecode)}),
            LEFTOVERS=str(aside["leftovers"]),
            TMPDIR=str(aside["temporary"]),
        )
        left = [path.read_text(encoding="utf-8") for path in aside["leftovers"].iterdir()]
        return Ran(done.stdout, left + [f"{path} is there" for path in aside["temporary"].iterdir()])

    def files(self) -> dict[Path, bytes]:
        """Everything in it."""
        return {path: path.read_bytes() for path in self.folder.rglob("*") if path.is_file()}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the copy is."""
    folder = tmp_path / "project"
    shutil.copytree(DOWNSTREAM / "tests", folder / "tests", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(DOWNSTREAM / "pyproject.toml", folder)
    return folder


@pytest.fixture
def in_checkout(folder: Path) -> Project:
    return Project(folder, Environment(Path(sys.prefix)), str(DOWNSTREAM / "src"))


@pytest.fixture
def project(folder: Path, downstream_environment: Environment) -> Project:
    return Project(folder, downstream_environment)


def test_its_tests_pass_with_this_checkout(in_checkout: Project) -> None:
    check_run(in_checkout, in_checkout.run(*ALONE, *IN_ORDER))


@pytest.mark.acceptance
@pytest.mark.parametrize(
    ("options", "processes"),
    [
        pytest.param([*ALONE, *IN_ORDER], 1, id="plain"),
        pytest.param(["-n", "2", *IN_ORDER], 3, id="two-workers"),
        pytest.param([*ALONE, "--randomly-seed=2026"], 1, id="random-order"),
        pytest.param([*ALONE, *IN_ORDER, "-p", "each_in_a_thread"], 1, id="in-threads"),
    ],
)
def test_its_tests_pass_and_leave_nothing_behind(project: Project, options: list[str], processes: int) -> None:
    check_run(project, project.run(*options), processes=processes, in_threads="each_in_a_thread" in options)


def check_run(project: Project, ran: Ran, *, processes: int = 1, in_threads: bool = False) -> None:
    """Sees to it that a run of all its tests was what it should be, and left nothing."""
    (summary,) = re.findall(r"^=* *(\d+) passed in .*$", ran.output, re.MULTILINE)
    assert int(summary) >= TESTS.count("def test_") > 0
    assert re.search(r"^fake-webflow: rested on \d+ clauses", ran.output, re.MULTILINE)
    assert "::test_what_is_new_is_created_and_what_differs_is_changed rests on less than observed: " in ran.output
    assert ran.left == [""] * processes
    assert {path.relative_to(project.folder): text for path, text in project.files().items()} == SENT
    if in_threads:
        assert f"in threads: {summary}" in ran.output


@pytest.mark.acceptance
def test_what_is_left_behind_would_be_noticed(in_checkout: Project) -> None:
    careless = "import tempfile, time\n\ndef test_it():\n    time.sleep = print\n    tempfile.mkdtemp()\n"
    (in_checkout.folder / "tests" / "test_careless.py").write_text(careless, encoding="utf-8")
    patched, there = in_checkout.run(*ALONE, *IN_ORDER, "tests/test_careless.py").left
    assert patched == "time.sleep is patched"
    assert there.endswith(" is there")


@pytest.mark.acceptance
def test_it_is_installed_and_not_the_checkout(project: Project) -> None:
    code = "import fake_webflow, newsroom; print(fake_webflow.__file__); print(newsroom.__file__)"
    for file in project.environment.run("-c", code, cwd=project.folder).stdout.splitlines():
        assert "site-packages" in file
        assert not Path(file).is_relative_to(DOWNSTREAM.parents[1])


@pytest.mark.parametrize(
    "kind", [FakeWebflow, FakeClock, FakeFaults, NewFault, AssertableJournal, ItemViews, ServedFake]
)
def test_it_uses_everything_tests_are_given(kind: type) -> None:
    own = [base for base in kind.__mro__ if base.__module__.startswith("fake_webflow")]
    names = {name for base in own for name in vars(base) if not name.startswith("_")} - BEHIND_THE_HANDLE
    assert names
    assert {name for name in names if not re.search(rf'\.{name}\b|"{name}"', TESTS)} == set()


def test_it_uses_every_fixture_argument_and_option() -> None:
    assert len(FIXTURES) > 4
    assert [name for name in FIXTURES if not re.search(rf"\b{name}\b", TESTS)] == []
    assert [name for name in settings.ARGUMENTS if not re.search(rf"@pytest\.mark\.webflow\(.*\b{name}=", TESTS)] == []
    assert len(INI_OPTIONS) > 4
    assert [name for name in INI_OPTIONS if f"\n{name} = " not in SETTINGS] == []
