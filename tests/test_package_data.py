"""The files of the package: read together before a test can take them away, and parsed from memory."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import fake_webflow
from fake_webflow import package_data

PACKAGE = Path(fake_webflow.__file__).parent
WITHOUT_FILES = """
import builtins, io, os, sys
import requests
import fake_webflow
from fake_webflow import package_data
assert not package_data.load_all.cache_info().currsize, "an import reads nothing"
with fake_webflow.FakeWebflow() as webflow:
    import tomllib
    def refuse(*_, **__):
        raise FileNotFoundError("another file system")
    io.open = builtins.open = os.listdir = os.scandir = refuse
    base, headers = "https://api.webflow.com/v2", {"Authorization": f"Bearer {webflow.token}"}
    site = requests.get(f"{base}/sites", headers=headers).json()["sites"][0]["id"]
    assert requests.get(f"{base}/sites/{site}/pages", headers=headers).status_code == 501
    assert requests.get(f"{base}/sites/{'9' * 24}", headers=headers).status_code == 404
    collections = requests.get(f"{base}/sites/{site}/collections", headers=headers).json()["collections"]
    items = f"{base}/collections/{collections[0]['id']}/items"
    assert requests.post(items, headers=headers, json={"fieldData": {}}).status_code == 400
    assert fake_webflow.FakeWebflow(scenario="timeline").collections
"""


def test_a_fake_that_is_active_needs_no_file_system() -> None:
    done = subprocess.run([sys.executable, "-c", WITHOUT_FILES], capture_output=True, text=True, timeout=60)
    assert not done.returncode, done.stderr


def test_every_data_file_that_is_parsed_late_is_among_them() -> None:
    named = set(package_data.load_all())
    assert {f"rules/{file.name}" for file in PACKAGE.glob("rules/*.toml")} <= named
    scenarios = PACKAGE / "seeding" / "scenarios"
    assert {f"seeding/scenarios/{file.relative_to(scenarios).as_posix()}" for file in scenarios.rglob("*.*")} <= named
    assert package_data.read("openapi/document.json") == (PACKAGE / "openapi" / "document.json").read_bytes()


def test_the_files_of_a_folder_are_listed_without_their_ends() -> None:
    assert package_data.list_stems("seeding/scenarios") == ["default", "empty", "timeline"]
    assert "asset-folders" in package_data.list_stems("rules")
