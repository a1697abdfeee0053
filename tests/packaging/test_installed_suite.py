"""The suite of an installed package, started where a checkout lies in the way."""

from __future__ import annotations

import json
import sysconfig
from pathlib import Path

import pytest
from environments import ROOT, Environment, once
from served import TOKEN, new_fake, served

AS_A_SCRIPT = ("-B", "-P", "-c")
"""The present directory is not searched for modules, as with an installed command; no bytecode is written."""


@pytest.fixture(scope="session")
def suite_environment(shared_folder: Path, empty_environment: Environment) -> Environment:
    """A layer upon the empty environment with what the suite needs, taken from the present one."""

    def make(folder: Path) -> None:
        layer = Environment.create(folder)
        paths = f"{empty_environment.packages}\n{sysconfig.get_path('purelib')}\n"
        (layer.packages / "layers.pth").write_text(paths, encoding="utf-8")

    return Environment(once(shared_folder / "suite", make))


@pytest.mark.acceptance
def test_a_planned_run_in_the_checkout_is_one_of_the_installed_package(
    suite_environment: Environment, empty_environment: Environment, tmp_path: Path
) -> None:
    command = empty_environment.folder / "bin" / "fake-webflow"
    code = command.read_text(encoding="utf-8").partition("\n")[2]
    with served(new_fake(rate_limit=None)) as url:
        arguments = ["verify", "--base-url", url, "--budget", "60", "--only", "sites.*", "--report", str(tmp_path)]
        suite_environment.run(*AS_A_SCRIPT, code, *arguments, cwd=ROOT, WEBFLOW_TOKEN=TOKEN)
    report = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert report["requests"] <= 60
    assert report["summary"]["holds"] > 0
    shown = suite_environment.run(*AS_A_SCRIPT, "import fake_webflow; print(fake_webflow.__file__)", cwd=ROOT).stdout
    assert Path(shown).is_relative_to(empty_environment.packages)
