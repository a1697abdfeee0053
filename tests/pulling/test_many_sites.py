"""A hundred sites, pulled from a served fake and served again; a thousand secrets in their content; types and tsc."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from generated_sites import make_site
from npm import install_from_npm
from pulled import draw_secrets, find_secrets, read_content, read_structure
from pulled_types import TYPED_SITE, TYPESCRIPT_USES, expected_errors
from served import served
from tools import find_tool

from fake_webflow import FakeWebflow
from fake_webflow.cli import main
from fake_webflow.client import WebflowClient

pytestmark = pytest.mark.acceptance
TOKEN = "test-token"
WHOLE = ("--items", "all", "--assets", "bytes")


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WEBFLOW_TOKEN", TOKEN)


@pytest.mark.parametrize("part", range(10))
def test_a_hundred_sites_answer_as_at_their_source(part):
    for number in range(part, 100, 10):
        scenario = make_site(1000 + number, most_collections=8, most_fields=30)
        with served(FakeWebflow(scenario)) as url, WebflowClient(TOKEN, base_url=url) as source:
            structure, content = read_structure(source), read_content(source)
            assert main(["pull", "--base-url", url, "--out", "site.yaml"]) == 0
            assert main(["pull", "--base-url", url, *WHOLE, "--out", "other.json"]) == 0
            assert main(["pull", "--base-url", url, *WHOLE, "--as-is", "--out", "whole.json"]) == 0
        for name in ("site.yaml", "other.json", "whole.json"):
            with served(FakeWebflow(name)) as again, WebflowClient(TOKEN, base_url=again) as client:
                assert read_structure(client) == structure, (number, name)
                if name == "whole.json":
                    found, wanted = ({**read_content(client)}, content)
                    for answers, origin in ((found, again), (wanted, url)):
                        for key in [key for key in answers if key.startswith("assets")]:
                            host = origin.removesuffix("/v2")
                            answers[key] = [
                                {**one, "hostedUrl": one["hostedUrl"].removeprefix(host)} for one in answers[key]
                            ]
                    assert found == wanted, number


def test_a_thousand_secrets_are_in_no_file(tmp_path):
    planted = 0
    for number in range(12):
        secrets: list[str] = []
        scenario = make_site(number, draw_secrets(number, secrets), most_collections=8, most_fields=30)
        planted += len(secrets)
        with served(FakeWebflow(scenario)) as url:
            code = 2
            while code:  # what stopped is looked at as well
                code = main(["pull", "--base-url", url, *WHOLE, "--budget", "15", "--out", "site.json"])
                assert find_secrets(tmp_path, secrets) == []
    assert planted >= 1000


def test_ten_thousand_items_within_the_limit(monkeypatch, tmp_path):
    with FakeWebflow("empty", rate_limit=60) as source:
        monkeypatch.setattr("time.sleep", source.clock.advance)
        notes = source.add_collection("Notes", fields=[{"type": "PlainText", "displayName": "Text"}])
        source.add_items(notes, [{"name": f"Note {number}", "text": "T" * 200} for number in range(10_000)])
        source.journal.clear()
        assert main(["pull", "--items", "all", "--as-is", "--out", "site.json"]) == 0
        assert {call.status for call in source.journal} == {200}
        assert len(source.journal) < 220
        content = read_content(source.client)
    with FakeWebflow("site.json") as again:
        assert read_content(again.client) == content


def test_the_compiler_takes_right_uses_and_refuses_wrong_ones(pytestconfig, tmp_path):
    compiler = install_from_npm(pytestconfig, Path(__file__).parent / "typescript" / "package.json")
    options = ["--noEmit", "--strict", "--exactOptionalPropertyTypes", "--pretty", "false"]
    odd = make_site(3, most_collections=8, most_fields=60)
    for scenario, uses in ((odd, "export {};\n"), (TYPED_SITE, TYPESCRIPT_USES)):
        with FakeWebflow(scenario):
            assert main(["pull", "--types", "typescript", "--out", "pulled_site.ts"]) == 0
        (tmp_path / "uses.ts").write_text(uses, "utf-8")
        command = [find_tool("node"), str(compiler / "typescript/bin/tsc"), *options, "uses.ts", "pulled_site.ts"]
        said = subprocess.run(command, capture_output=True, text=True, timeout=120).stdout
        assert {int(line) for line in re.findall(r"^uses\.ts\((\d+),", said, re.MULTILINE)} == expected_errors(uses)
        assert not re.search(r"^pulled_site\.ts", said, re.MULTILINE)
