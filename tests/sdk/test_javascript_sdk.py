"""The official JavaScript SDK, unmodified, from npm, against ``fake-webflow serve``."""

from __future__ import annotations

import json
import os
import runpy
import subprocess
from pathlib import Path

import pytest
from npm import install_from_npm
from tools import find_tool

HERE = Path(__file__).parent


@pytest.fixture
def modules(pytestconfig: pytest.Config) -> Path:
    """The SDK as npm installs it."""
    return install_from_npm(pytestconfig, HERE / "js" / "package.json")


@pytest.mark.acceptance
def test_the_official_javascript_sdk_works(modules: Path, tmp_path: Path) -> None:
    demo = runpy.run_path(str(HERE.parents[1] / "docs" / "demo.py"))
    picture = tmp_path / "lamp.jpg"
    picture.write_bytes(demo["jpeg"]())
    # So that the receiver of webhooks learns the key they are signed with, as a site's own token would.
    with demo["served_fake"]("--rate-limit", "off", "--profile", "webhooks.create.secret-key=always") as fake:
        given = {"FAKE": json.dumps(fake), "PICTURE": str(picture)}
        told = subprocess.run(
            [find_tool("node"), str(HERE / "js" / "story.js")],
            env={**os.environ, "NODE_NO_WARNINGS": "1", "NODE_PATH": str(modules), **given},
            capture_output=True,
            text=True,
            timeout=60,
        )
    assert told.stderr == ""
    assert told.stdout.splitlines() == [
        "token and sites",
        "collections and fields",
        "creating and paging items",
        "staged items",
        "publishing and live items",
        "assets and folders",
        "webhooks",
        "refusals",
    ]
