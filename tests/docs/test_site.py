"""The site of the docs: complete, without warnings, and of nothing but itself. Its first example works."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from fake_webflow import FakeWebflow

ROOT = Path(__file__).parents[2]
PAGES = {path.relative_to(ROOT / "docs") for path in (ROOT / "docs").rglob("*.md")}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", folder]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return folder


def test_every_page_is_in_it_and_nothing_else_of_the_docs(site: Path) -> None:
    assert {path.relative_to(site).with_suffix(".md") for path in site.rglob("*.html")} - {Path("404.md")} == PAGES
    assert list(site.rglob("*.py")) == []


def test_it_takes_nothing_from_elsewhere(site: Path) -> None:
    pages = "\n".join(path.read_text(encoding="utf-8") for path in site.rglob("*.html"))
    assert "<script" in pages
    assert re.findall(r"<(?:script|link|img|iframe)\b[^>]*(?:src|href)=\"(?:https?:)?//[^>]*>", pages) == []
    styles = "\n".join(path.read_text(encoding="utf-8") for path in site.rglob("*.css"))
    assert re.findall(r"(?:url\(|@import)\s*['\"]?(?:https?:)?//", styles) == []


def test_the_first_example_passes(fake_webflow: FakeWebflow) -> None:
    (example,) = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "index.md").read_text(encoding="utf-8"), re.DOTALL)
    namespace: dict[str, object] = {}
    exec(compile(example, "index.md", "exec"), namespace)
    test = namespace["test_it"]
    assert callable(test)
    test(fake_webflow)
