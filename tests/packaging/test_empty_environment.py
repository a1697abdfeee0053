"""The wheel in an environment that has what it requires at run time, and nothing else."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from environments import PATIENCE, ROOT, RUNTIME, TEST_FRAMEWORKS, Environment, clean, run

import fake_webflow

INSTALLED = """
import importlib.metadata, json
print(json.dumps([found.metadata["Name"].lower() for found in importlib.metadata.distributions()]))
"""

IMPORTED_BY_THE_PLUGIN = """
import sys, pytest
before = set(sys.modules)
import fake_webflow.testing.plugin
print(*sorted(set(sys.modules) - before))
"""


@pytest.fixture
def command(empty_environment: Environment) -> Path:
    return empty_environment.folder / "bin" / "fake-webflow"


def test_no_test_framework_came_with_it(empty_environment: Environment, tmp_path: Path) -> None:
    installed = set(json.loads(empty_environment.run("-c", INSTALLED, cwd=tmp_path).stdout))
    assert installed >= RUNTIME | {"fake-webflow"}
    assert installed & TEST_FRAMEWORKS == set()


def test_what_is_installed_fits_together(empty_environment: Environment, tmp_path: Path) -> None:
    pip = (sys.executable, "-m", "pip", "--python", empty_environment.python)
    assert run(*pip, "check", cwd=tmp_path).stdout == "No broken requirements found.\n"


def test_the_command_is_there(command: Path, tmp_path: Path) -> None:
    assert run(command, "--version", cwd=tmp_path).stdout == f"fake-webflow {fake_webflow.__version__}\n"


def test_the_command_explains_a_rule(command: Path, tmp_path: Path) -> None:
    assert "never been published" in run(command, "explain", "items.update-live.never-published", cwd=tmp_path).stdout


def test_the_contract_suite_says_which_extra_it_needs(command: Path, tmp_path: Path) -> None:
    arguments = [command, "verify", "--base-url", "http://127.0.0.1:9/v2", "--token", "any"]
    done = subprocess.run(arguments, cwd=tmp_path, env=clean(), capture_output=True, text=True, timeout=PATIENCE)
    assert (done.returncode, done.stdout) == (2, "")
    (line,) = done.stderr.splitlines()
    assert line.endswith('is not installed; this command needs, in a clone of fake-webflow: pip install ".[contracts]"')


def test_the_command_serves(command: Path, tmp_path: Path) -> None:
    arguments = [command, "serve", "--port", "0", "--json"]
    with subprocess.Popen(arguments, cwd=tmp_path, env=clean(), stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            ready = json.loads(process.stdout.readline())
            request = urllib.request.Request(
                f"{ready['base_url']}/sites", headers={"Authorization": f"Bearer {ready['token']}"}
            )
            with urllib.request.urlopen(request, timeout=60) as answer:
                assert [site["id"] for site in json.load(answer)["sites"]] == [ready["site_id"]]
        finally:
            process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE) == 0
    assert list(tmp_path.iterdir()) == []


def test_the_client_is_there(empty_environment: Environment, tmp_path: Path) -> None:
    code = "import fake_webflow.client as client; print(client.__file__, client.WebflowClient.__name__)"
    file, name = empty_environment.run("-c", code, cwd=tmp_path).stdout.split()
    assert Path(file).is_relative_to(empty_environment.packages)
    assert name == "WebflowClient"


def test_it_fakes_without_pytest(empty_environment: Environment, tmp_path: Path) -> None:
    script = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)[-1]
    assert empty_environment.run("-c", script, cwd=tmp_path).stdout.endswith("_hello.txt\n")


def test_importing_the_plugin_imports_nothing_else(tmp_path: Path) -> None:
    imported = run(sys.executable, "-c", IMPORTED_BY_THE_PLUGIN, cwd=tmp_path).stdout.split()
    assert set(imported) == {"fake_webflow", "fake_webflow.testing", "fake_webflow.testing.plugin"}
