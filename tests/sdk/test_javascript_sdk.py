"""The official JavaScript SDK, unmodified, from npm, against ``fake-webflow serve``."""

from __future__ import annotations

import json
import os
import runpy
import shutil
import subprocess
import tempfile
from hashlib import sha256
from pathlib import Path

import pytest
from tools import find_tool

HERE = Path(__file__).parent


@pytest.fixture
def modules(pytestconfig: pytest.Config, tmp_path: Path) -> Path:
    """The SDK as npm installs it, kept in pytest's cache; npm asks whichever registry its user has configured."""
    package = HERE / "js" / "package.json"
    cache = getattr(pytestconfig, "cache", None)
    home = Path(cache.mkdir("javascript-sdk")) if cache is not None else tmp_path
    kept = home / sha256(package.read_bytes()).hexdigest()[:16]
    if not kept.exists():
        # Beside its place and then moved there, so that nobody ever finds it half done.
        making = Path(tempfile.mkdtemp(dir=home))
        shutil.copy(package, making)
        options = ["--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"]
        command = [find_tool("npm"), "install", *options]
        ended = subprocess.run(command, cwd=making, capture_output=True, text=True, timeout=300)
        assert ended.returncode == 0, ended.stderr
        try:
            making.rename(kept)
        except OSError:  # somebody else was quicker
            shutil.rmtree(making)
    return kept / "node_modules"


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
