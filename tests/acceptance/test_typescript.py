"""The TypeScript file of the docs: type-checked, and used by vitest from an address that is not loopback."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
from pathlib import Path

import pytest
import requests
from npm import install_from_npm
from processes import COMMAND, ready
from tools import find_tool

pytestmark = pytest.mark.acceptance
HERE = Path(__file__).parent / "vitest"
HOW_TO = Path(__file__).parents[2] / "docs" / "how-to"


@pytest.fixture(scope="module")
def project(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with the file, the example of the page, and three files of tests."""
    folder = tmp_path_factory.mktemp("vitest")
    shutil.copytree(HERE, folder, dirs_exist_ok=True)
    shutil.copy(HOW_TO / "fake-webflow.ts", folder)
    page = (HOW_TO / "other-languages.md").read_text(encoding="utf-8")
    examples = re.findall(r"^```ts\n// (\S+)\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    assert [name for name, _ in examples] == ["authors.test.ts"]
    for name, text in examples:
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "node_modules").symlink_to(install_from_npm(pytestconfig, HERE / "package.json"))
    return folder


def own_address() -> str:
    """An address of this machine that is not loopback."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("192.0.2.1", 9))  # nothing is sent: it only chooses where from
        address: str = probe.getsockname()[0]
    assert not address.startswith("127."), "this machine has no other address than loopback"
    return address


def run(project: Path, *command: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [find_tool("node"), *command],
        cwd=project,
        env={**os.environ, **variables, "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        timeout=300,
    )


def test_its_types_hold_and_refuse_wrong_uses(project: Path) -> None:
    checked = run(project, "node_modules/typescript/bin/tsc", "--project", ".")
    assert checked.returncode == 0, checked.stdout


def test_each_test_of_three_files_at_once_has_a_fork_of_its_own(project: Path) -> None:
    options = [
        "--host",
        "0.0.0.0",
        "--port",
        "0",
        "--control-token",
        "a-control-token",
        "--rate-limit",
        "off",
        "--json",
    ]
    with subprocess.Popen(
        [*COMMAND, "serve", *options], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as fake:
        try:
            port = ready(fake)["base_url"].rpartition(":")[2].partition("/")[0]
            origin = f"http://{own_address()}:{port}"
            assert requests.get(f"{origin}/_fake/state", timeout=10).status_code == 401
            vitest = ["node_modules/vitest/vitest.mjs", "run", "--minWorkers=4", "--maxWorkers=4", "--reporter=json"]
            told = run(project, *vitest, FAKE_WEBFLOW=origin, FAKE_WEBFLOW_CONTROL_TOKEN="a-control-token")
            assert told.returncode == 0, told.stdout + told.stderr
            report = json.loads(told.stdout)
            headers = {"X-Fake-Webflow-Control": "a-control-token"}
            forks = requests.get(f"{origin}/_fake/forks", headers=headers, timeout=10).json()
        finally:
            fake.terminate()
    assert len(report["testResults"]) == 4
    assert (report["numPassedTests"], report["numFailedTests"], report["numPendingTests"]) == (18, 0, 0)
    assert forks == {"forks": []}  # each test has deleted its own
