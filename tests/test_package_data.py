"""The files of the package: read together before a test can take them away, and parsed from memory."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import fake_webflow
from fake_webflow import package_data

PACKAGE = Path(fake_webflow.__file__).parent
WITHOUT_FILES = """
import builtins, io, os, sys
import requests
import fake_webflow
from fake_webflow import package_data
assert not package_data.load_all.cache_info().currsize, "an import reads nothing"
def take_files_away():
    def refuse(*_, **__):
        raise FileNotFoundError("another file system")
    io.open = builtins.open = os.listdir = os.scandir = refuse
if sys.argv[1] == "before":
    take_files_away()
with fake_webflow.FakeWebflow() as webflow:
    take_files_away()
    base, headers = "https://api.webflow.com/v2", {"Authorization": f"Bearer {webflow.token}"}
    site = requests.get(f"{base}/sites", headers=headers).json()["sites"][0]["id"]
    assert requests.get(f"{base}/sites/{site}/pages", headers=headers).status_code == 501
    assert requests.get(f"{base}/sites/{'9' * 24}", headers=headers).status_code == 404
    collections = requests.get(f"{base}/sites/{site}/collections", headers=headers).json()["collections"]
    items = f"{base}/collections/{collections[0]['id']}/items"
    assert requests.post(items, headers=headers, json={"fieldData": {}}).status_code == 400
    assert fake_webflow.FakeWebflow(scenario="timeline").collections
"""


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_fake_needs_no_file_system(when: str) -> None:
    """As with pyfakefs, before the fake is there or after."""
    done = subprocess.run([sys.executable, "-c", WITHOUT_FILES, when], capture_output=True, text=True, timeout=60)
    assert not done.returncode, done.stderr


def test_every_data_file_is_among_them() -> None:
    data = {file.relative_to(PACKAGE).as_posix() for file in PACKAGE.rglob("*.*") if file.suffix not in (".py", ".pyc")}
    never_read = {name for name in data if name.startswith(("openapi/source/", "contracts/", "specdiff/", "py.typed"))}
    assert data - never_read == set(package_data.load_all())
    assert package_data.read("openapi/document.json") == (PACKAGE / "openapi" / "document.json").read_bytes()
    assert sorted(package_data.FAMILIES) == list(package_data.FAMILIES)
    assert {f"rules/{name}.toml" for name in package_data.FAMILIES} == {
        name for name in package_data.load_all() if name.endswith(".toml")
    }
