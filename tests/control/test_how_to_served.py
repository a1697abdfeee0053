"""The how-to pages about served fakes: their code is run as it stands there."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import threading
from pathlib import Path

import pytest
import requests
from control_callers import fork_at

from fake_webflow.control.document import CONTROL_PREFIX, load_control_document

pytest_plugins = ["pytester"]

PAGES = Path(__file__).parents[2] / "docs" / "how-to"
NODE = shutil.which("node")


def blocks(page: str, language: str, comment: str) -> dict[str, str]:
    """The blocks of a language by the names of their files, which stand in their first lines."""
    text = (PAGES / f"{page}.md").read_text(encoding="utf-8")
    found = re.findall(rf"^```{language}\n{comment} (\S+)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    assert len(found) == text.count(f"```{language}\n") > 0, "each block begins with the name of its file"
    return dict(found)


def test_the_python_of_the_page_about_the_fixture_runs(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads = threading.active_count()
    files = blocks("server-fixture", "python", "#")
    for file, source in files.items():
        pytester.path.joinpath(file).write_text(source, encoding="utf-8")
    pytester.makeini("[pytest]\nfilterwarnings = error")
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")  # others' plugins take seconds to import
    result = pytester.runpytest_subprocess("-p", "fake_webflow.testing.plugin", "-p", "no:cacheprovider", "-q")
    result.assert_outcomes(passed=sum(source.count("def test_") for source in files.values()))
    assert threading.active_count() == threads


@pytest.mark.skipif(NODE is None, reason="there is no Node on this machine")
def test_the_javascript_of_the_page_runs(origin: str, tmp_path: Path) -> None:
    for file, source in blocks("other-languages", "js", "//").items():
        tmp_path.joinpath(file).write_text(source, encoding="utf-8")
    before = requests.get(f"{origin}/_fake/forks", timeout=10).json()
    done = subprocess.run(
        [str(NODE), "--test", "--test-reporter=tap"],
        cwd=tmp_path,
        env={**os.environ, "FAKE_WEBFLOW": origin},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "# pass 5" in done.stdout
    assert "# fail 0" in done.stdout
    assert requests.get(f"{origin}/_fake/forks", timeout=10).json() == before


def test_the_table_of_the_page_names_every_path() -> None:
    text = (PAGES / "other-languages.md").read_text(encoding="utf-8")
    for path in load_control_document()["paths"]:
        if "{fork}/" not in path:
            shown = (
                path.replace("{fork}", "{id}")
                .replace("{snapshot}", "{name}")
                .replace("{fault}", "{number}")
                .replace("{stub}", "{id}")
                .replace("{delivery}", "{id}")
            )
            assert shown in text, f"{path} is not on the page"
    assert CONTROL_PREFIX in text


def test_what_the_page_says_of_a_fork_is_what_a_fork_has(origin: str) -> None:
    with fork_at(origin) as fork:
        assert fork.base_url == f"{origin}/v2"
        assert fork.own_base_url != fork.base_url
        assert requests.get(fork.own_base_url + "/sites", timeout=10).status_code == 401
