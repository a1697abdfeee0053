"""What is in the wheel and in the sdist, and what they say of themselves."""

from __future__ import annotations

import configparser
import email.message
import email.parser
import re
import tarfile
import zipfile
from pathlib import PurePosixPath

import pytest
from environments import ROOT, RUNTIME, TEST_FRAMEWORKS, Distributions

import fake_webflow

INFO = f"fake_webflow-{fake_webflow.__version__}.dist-info"
LEFTOVERS = {"__pycache__", ".venv", "node_modules", "build", "dist", "site"}


@pytest.fixture(scope="module")
def wheel(distributions: Distributions) -> dict[str, bytes]:
    with zipfile.ZipFile(distributions.wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture(scope="module")
def sdist(distributions: Distributions) -> dict[str, bytes]:
    with tarfile.open(distributions.sdist) as archive:
        return {
            member.name.partition("/")[2]: archive.extractfile(member).read()
            for member in archive.getmembers()
            if member.isfile()
        }


@pytest.fixture(scope="module")
def metadata(wheel: dict[str, bytes]) -> email.message.Message:
    return email.parser.BytesParser().parsebytes(wheel[f"{INFO}/METADATA"])


def test_the_wheel_is_the_package_with_the_contracts_and_nothing_else(
    wheel: dict[str, bytes], sdist: dict[str, bytes]
) -> None:
    package = {name: content for name, content in sdist.items() if name.startswith("fake_webflow/")}
    contracts = {f"fake_webflow/{name}": content for name, content in sdist.items() if name.startswith("contracts/")}
    assert {name: content for name, content in wheel.items() if not name.startswith(f"{INFO}/")} == package | contracts


@pytest.mark.parametrize(
    "name",
    [
        "py.typed",
        "rules/items.toml",
        "rules/live_results.json",
        "openapi/document.json",
        "api/official_operations.tsv",
        "seeding/scenario.schema.json",
        "seeding/scenarios/default.json",
        "seeding/scenarios/files/harbour.jpg",
        "control/console/static/console.css",
        "control/console/static/console.js",
        "control/console/templates/requests.html",
        "control/openapi.json",
        "contracts/__init__.py",
        "contracts/conftest.py",
        "contracts/kit/sandbox.yaml",
        "contracts/run/plan.json",
    ],
)
def test_the_data_is_in_the_wheel_as_it_is_here(wheel: dict[str, bytes], name: str) -> None:
    here = ROOT / name if name.startswith("contracts/") else ROOT / "fake_webflow" / name
    assert wheel[f"fake_webflow/{name}"] == here.read_bytes()


def test_every_family_of_the_ledger_is_in_the_wheel(wheel: dict[str, bytes]) -> None:
    here = {path.name for path in (ROOT / "fake_webflow" / "rules").glob("*.toml")}
    assert {PurePosixPath(name).name for name in wheel if re.fullmatch(r"fake_webflow/rules/.*\.toml", name)} == here


def test_the_sdist_has_what_it_takes_to_build_test_and_document(sdist: dict[str, bytes]) -> None:
    assert {name.partition("/")[0] for name in sdist} == {
        ".dockerignore",
        ".gitignore",
        "CHANGELOG.md",
        "Dockerfile",
        "LICENSE",
        "Makefile",
        "PKG-INFO",
        "README.md",
        "action.yml",
        "bench",
        "compose.yaml",
        "conftest.py",
        "contracts",
        "docs",
        "fake_webflow",
        "fixtures",
        "mkdocs.yml",
        "pyproject.toml",
        "tests",
    }
    assert {"tests/downstream/pyproject.toml", "docs/how-to/pytest.md", "docs/generate.py"} < sdist.keys()


@pytest.mark.parametrize("which", ["wheel", "sdist"])
def test_nothing_of_the_workplace_is_in_it(request: pytest.FixtureRequest, which: str) -> None:
    content: dict[str, bytes] = request.getfixturevalue(which)
    assert [name for name in content if LEFTOVERS.intersection(PurePosixPath(name).parts[:-1])] == []
    assert [name for name in content if name.endswith((".pyc", ".pem", ".log", ".lock", ".env"))] == []
    assert [name for name, data in content.items() if f"{ROOT}/".encode() in data] == []


def test_what_it_says_of_itself(metadata: email.message.Message) -> None:
    assert (metadata["Name"], metadata["Version"]) == ("fake-webflow", fake_webflow.__version__)
    assert (metadata["License-Expression"], metadata["Requires-Python"]) == ("MIT", ">=3.11")
    assert metadata.get_all("License-File") == ["LICENSE"]
    assert {"Framework :: Pytest", "Typing :: Typed"} < set(metadata.get_all("Classifier", []))
    assert metadata["Description-Content-Type"] == "text/markdown"
    assert metadata.get_payload(decode=True) == (ROOT / "README.md").read_bytes()


def test_it_requires_no_test_framework_without_an_extra(metadata: email.message.Message) -> None:
    required = [re.split(r"[^\w.-]", line, maxsplit=1)[0] for line in metadata.get_all("Requires-Dist", [])]
    without_extra = {
        name
        for name, line in zip(required, metadata.get_all("Requires-Dist", []), strict=True)
        if "extra ==" not in line
    }
    assert without_extra == RUNTIME
    assert set(required) > TEST_FRAMEWORKS
    assert {"pytest", "data", "contracts", "bench", "docs", "dev"} == set(metadata.get_all("Provides-Extra", []))


@pytest.mark.parametrize(("name", "versions"), [("aiohttp", "<4,>=3.9"), ("respx", "<1,>=0.22")])
def test_libraries_whose_insides_we_rest_on_have_a_range(
    metadata: email.message.Message, name: str, versions: str
) -> None:
    lines = [line for line in metadata.get_all("Requires-Dist", []) if re.match(rf"{name}\b", line)]
    assert {line.partition(";")[0] for line in lines} == {f"{name}{versions}"}


def test_its_licence_is_in_it(wheel: dict[str, bytes]) -> None:
    assert wheel[f"{INFO}/licenses/LICENSE"] == (ROOT / "LICENSE").read_bytes()


def test_its_entry_points(wheel: dict[str, bytes]) -> None:
    entry_points = configparser.ConfigParser()
    entry_points.read_string(wheel[f"{INFO}/entry_points.txt"].decode())
    assert {section: dict(entry_points[section]) for section in entry_points.sections()} == {
        "console_scripts": {"fake-webflow": "fake_webflow.cli:main"},
        "pytest11": {"fake_webflow": "fake_webflow.testing.plugin"},
    }


def test_it_is_for_every_machine(distributions: Distributions, wheel: dict[str, bytes]) -> None:
    assert distributions.wheel.name.endswith("-py3-none-any.whl")
    assert b"Root-Is-Purelib: true" in wheel[f"{INFO}/WHEEL"]


def test_no_text_has_people_install_it_from_an_index(sdist: dict[str, bytes]) -> None:
    """It is on none. This test goes with the first release."""
    from_index = re.compile(
        rb"(?:pip|pipx|uv|poetry|pdm)\d?\s+(?:\w+\s+)*(?:-\S+\s+)*['\"]?fake-webflow\b|uvx\s+fake-webflow"
    )
    told = {name: found[0] for name, data in sdist.items() if (found := from_index.search(data))}
    told.pop("tests/packaging/test_distributions.py", None)
    assert told == {}
    assert from_index.search(b"pip install -q 'fake-webflow[pytest]'")
