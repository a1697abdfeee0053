"""What the twin run prints is run as it stands: by pytest, and by a shell."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from served import TOKEN, new_fake, served, site_of
from twins import ONE_DECK, twin

import contracts
from contracts.generated.reproduction import CallSpec, Reproduction
from contracts.twin import Finding
from contracts.twin.printing import to_reproduction

ROOT = Path(contracts.__file__).parents[1]
CHOICES = {
    "assets.create.status": "202",
    "assets.upload.checks-md5": "yes",
    "items.option.write-by-name": "accept",
    "items.slug.scope": "collection-and-locale",
    "items.update.null": "ignored",
}
"""Between them they show in a status, a value, an upload, and take locales and the ids of options to show."""
WITHOUT_TOOLS = [tool for tool in ("bash", "curl", "jq", "md5sum") if shutil.which(tool) is None]


@pytest.fixture(scope="module")
def found() -> dict[str, Finding]:
    """What a run finds of all of them at once; each is shown by at least one move of the deck."""
    found = twin({}, CHOICES).run(steps=ONE_DECK)
    named = {finding.choices[0].id: finding for finding in found}
    assert named.keys() == CHOICES.keys()
    return named


@pytest.fixture(scope="module", params=["left", "right"])
def side(request: pytest.FixtureRequest) -> Iterator[tuple[str, dict[str, str]]]:
    """Which side it is, and the environment that scripts find it by."""
    fake = new_fake(rate_limit=None, profile=CHOICES if request.param == "right" else {})
    before = site_of(fake)
    with served(fake) as url:
        where = {"WEBFLOW_URL": url, "WEBFLOW_TOKEN": TOKEN, "WEBFLOW_SITE": fake.site.id}
        yield request.param, {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", **where}
    assert site_of(fake) == before


@pytest.mark.acceptance
def test_the_tests(found: dict[str, Finding], side: tuple[str, dict[str, str]], tmp_path: Path):
    which, environment = side
    for name, finding in found.items():
        script = to_reproduction(finding).to_python(name)
        tmp_path.joinpath(f"test_{name.replace('.', '_')}.py").write_text(script, encoding="utf-8")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-W",
        "error",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:xdist",
        tmp_path,
    ]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120)
    outcome = {"left": f"{len(found)} passed", "right": f"{len(found)} failed"}[which]
    assert re.search(rf"^{outcome} in ", done.stdout, re.MULTILINE), done.stdout + done.stderr
    assert done.stdout.count("AssertionError") >= len(found) * (which == "right")


@pytest.mark.acceptance
def test_a_test_as_a_program(found: dict[str, Finding], side: tuple[str, dict[str, str]], tmp_path: Path):
    which, environment = side
    script = to_reproduction(found["items.update.null"]).to_python("null")
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == {"left": 0, "right": 1}[which], done.stderr
    seen = {"left": "null", "right": '"a"'}[which]
    place = '{"body.fieldData.text": '
    assert done.stdout == f"expected: {place}null}}\nseen:     {place}{seen}}}\n"


@pytest.mark.acceptance
@pytest.mark.skipif(bool(WITHOUT_TOOLS), reason=f"not on this machine: {', '.join(WITHOUT_TOOLS)}")
@pytest.mark.parametrize("name", CHOICES)
def test_the_lines_for_a_shell(found: dict[str, Finding], side: tuple[str, dict[str, str]], name: str):
    which, environment = side
    script = to_reproduction(found[name]).to_shell()
    done = subprocess.run(["bash", "-c", script], env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == {"left": 0, "right": 1}[which], script + done.stdout + done.stderr
    assert done.stderr == ""
    assert re.search(r"^expected: .+\nseen: .+$", done.stdout, re.MULTILINE)


@pytest.mark.parametrize(
    ("place", "expected", "seen"),
    [
        ("body.fieldData.number", 1, 1.0),
        ("body.lastUpdated", "time of call 1", "time of call 2"),
        ("body.id", "item#1", "item#2"),
        ("body.uploadDetails.Policy.acl", "public-read", "private"),
    ],
)
def test_lines_for_a_shell_do_not_judge_what_a_shell_cannot_tell(place: str, expected: object, seen: object):
    calls = [CallSpec("GET", "/collections/{collection#1}/items/{item#1}")]
    lines = Reproduction("Tried here", calls, {place: expected}, {place: seen}).to_shell()
    assert "only the Python test can tell" in lines
    assert '[ "$seen"' not in lines
