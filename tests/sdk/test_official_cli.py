"""Webflow's own command-line tool, unmodified, from npm: the commands of its how-to page against ``serve``."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path

import pytest
from npm import install_from_npm

from fake_webflow import FakeWebflow

pytestmark = pytest.mark.acceptance
PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "official-cli.md"
PACKAGE = {"private": True, "dependencies": {"@webflow/webflow-cli": "1.23.0"}}


@pytest.fixture(scope="module")
def tool(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the program ``webflow``."""
    package = tmp_path_factory.mktemp("cli") / "package.json"
    package.write_text(json.dumps(PACKAGE), encoding="utf-8")
    return install_from_npm(pytestconfig, package) / ".bin"


def run(tool: Path, webflow: FakeWebflow, home: Path, script: str) -> subprocess.CompletedProcess[str]:
    """Runs lines of shell in a home of their own, so that the tool keeps nothing of its user's and finds nothing."""
    variables = {
        "PATH": f"{tool}:{os.environ['PATH']}",
        "HOME": str(home),
        "WEBFLOW_SKIP_UPDATE_CHECKS": "true",
        "WEBFLOW_API_HOST": webflow.base_url.removesuffix("/v2"),
        "WEBFLOW_API_TOKEN": webflow.token,
        "SITE": webflow.site.id,
        "COLLECTION": webflow.collections["authors"].id,
        "NO_COLOR": "1",
    }
    return subprocess.run(
        ["sh", "-e", "-c", script], env=variables, cwd=home, capture_output=True, text=True, timeout=300
    )


def test_the_commands_of_the_page_work(tool: Path, tmp_path: Path) -> None:
    _serve, _variables, commands = re.findall(r"```sh\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    with FakeWebflow() as webflow:
        ended = run(tool, webflow, tmp_path, f"webflow sites list --skip-update-check\n{commands}")
        assert ended.returncode == 0, ended.stdout + ended.stderr
        assert webflow.site.display_name in ended.stdout
        assert {call.operation for call in webflow.journal if call.path.startswith("/v2/")} == {
            *("sites.list", "collections.list", "fields.create", "items.create", "items.list", "assets.list"),
            *("asset-folders.create", "sites.publish"),
        }
        webflow.journal.assert_called("items.create", times=1, status=202)
        assert "Poetical science" in ended.stdout


def test_an_upload_leaves_this_machine_for_nowhere(tool: Path, tmp_path: Path) -> None:
    tmp_path.joinpath("notes.txt").write_text("mine", encoding="utf-8")
    with FakeWebflow() as webflow:
        webflow.base_url  # noqa: B018 - serves it, and with that the bucket has a name no host can have
        ended = run(tool, webflow, tmp_path, 'webflow assets upload notes.txt --site "$SITE"')
        assert ended.returncode != 0
        assert "ENOTFOUND" in ended.stdout + ended.stderr
        webflow.journal.assert_called("assets.delete", times=1)
