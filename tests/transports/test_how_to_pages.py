"""The pages in ``docs/how-to`` about HTTP libraries: their code runs as it stands."""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from typing import Any

import pytest

from fake_webflow.testing.handle import FakeWebflow

_PAGES = Path(__file__).parents[2] / "docs" / "how-to"
_NAMES = ["requests", "httpx", "python-sdk", "asyncio"]


def code_of(page: str) -> dict[str, Any]:
    """What the page's blocks define, run one after the other."""
    path = _PAGES / f"{page}.md"
    blocks = re.findall(r"^```python\n(.*?)^```$", path.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    namespace: dict[str, Any] = {"__name__": page}
    for block in blocks:
        exec(compile(block, str(path), "exec"), namespace)
    return namespace


TESTS = [
    pytest.param(value, id=f"{page}-{name}")
    for page in _NAMES
    for name, value in code_of(page).items()
    if name.startswith("test_")
]


@pytest.mark.parametrize("test", TESTS)
def test_code_of_a_page(webflow: FakeWebflow, monkeypatch: pytest.MonkeyPatch, test: Any) -> None:
    values = {"fake_webflow": webflow, "monkeypatch": monkeypatch}
    test(**{name: values[name] for name in inspect.signature(test).parameters})


def test_every_page_has_tests() -> None:
    assert {str(test.id).rpartition("-test_")[0] for test in TESTS} == set(_NAMES)
