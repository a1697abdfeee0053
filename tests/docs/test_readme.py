"""The README's examples do what it says."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from fake_webflow import FakeWebflow

README = Path(__file__).parents[2] / "README.md"
SDK, TEST, SCRIPT = re.findall(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)


def test_the_example_of_a_test_passes(fake_webflow: FakeWebflow) -> None:
    namespace: dict[str, object] = {}
    exec(compile(TEST, "README.md", "exec"), namespace)
    (example,) = (value for name, value in namespace.items() if name.startswith("test_"))
    assert callable(example)
    example(fake_webflow)


def test_the_example_without_pytest_prints_an_address(capsys: pytest.CaptureFixture[str]) -> None:
    exec(compile(SCRIPT, "README.md", "exec"), {})
    assert re.fullmatch(r"https://cdn\.prod\.website-files\.com/\w{24}/\w{24}_hello\.txt\n", capsys.readouterr().out)


def test_the_example_with_the_sdk_reads_a_served_fake() -> None:
    with FakeWebflow() as webflow:
        # In a process of its own, for the SDK's HTTP client cannot be closed from outside.
        script = SDK.replace("http://127.0.0.1:8787/v2", webflow.base_url)
        said = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=True)
        assert said.stdout == f"{webflow.site.display_name}\n"
        assert [call.operation for call in webflow.journal] == ["sites.list"]


def test_the_pages_it_names_are_there() -> None:
    named = re.findall(r"\]\(([\w/.-]+)\)", README.read_text(encoding="utf-8"))
    assert named
    assert [name for name in named if not (README.parent / name).exists()] == []
