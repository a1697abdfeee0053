"""The how-to pages about pytest: their code is run as it stands there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from running import IN_WORKERS, NO_OTHER_PLUGINS, OURS

pytest_plugins = ["pytester"]

PAGES = Path(__file__).parents[2] / "docs" / "how-to"
NAMES = [
    "cli-programs",
    "django-and-flask",
    "faults",
    "filters",
    "journal",
    "pytest",
    "stubs",
    "time",
    "trust",
    "webhooks",
    "xdist",
]
BLOCK = re.compile(r"^```python\n# (\S+\.py)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("name", NAMES)
def test_the_code_of_the_page_runs(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    text = (PAGES / f"{name}.md").read_text(encoding="utf-8")
    files = dict(BLOCK.findall(text))
    assert len(files) == text.count("```python"), "each block of Python begins with the name of its file"
    for file, source in files.items():
        pytester.path.joinpath(file).write_text(source, encoding="utf-8")
    pytester.makeini("[pytest]\nfilterwarnings = error\npythonpath = .")
    monkeypatch.setenv(*NO_OTHER_PLUGINS)
    result = pytester.runpytest_subprocess(*OURS, *(IN_WORKERS if name == "xdist" else []), "-q")
    assert result.ret == 0
    tests = sum(source.count("def test_") for source in files.values())
    assert result.parseoutcomes()["passed"] >= tests > 0
