"""The examples of docs/scenarios.md do what they say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from fake_webflow.errors import ScenarioError
from fake_webflow.seeding import build_state, load

PAGE = Path(__file__).parents[2].joinpath("docs/scenarios.md").read_text(encoding="utf-8")


def block(language, number=0):
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)[number]


def test_the_example_and_what_is_done_with_it(tmp_path, monkeypatch):
    (tmp_path / "demo.yaml").write_text(block("yaml"), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    exec(compile(block("python"), "docs/scenarios.md", "exec"), {})


def test_the_other_keys(tmp_path):
    (tmp_path / "demo.yaml").write_text(block("yaml", 1), encoding="utf-8")
    scenario = load(tmp_path / "demo.yaml")
    world = build_state(scenario).world
    assert (scenario.seed, scenario.profile.items_create_duplicate_slug) == (7, "reject")
    assert world.import_outcome("https://example.com/missing/a.png") == "broken"
    assert list(world.tokens) == ["read-only"]


@pytest.mark.parametrize(
    ("right", "wrong", "number"), [('"#1B4965"', '"#12"', 0), ("        fields:", "        feilds:", 1)]
)
def test_the_mistakes(tmp_path, right, wrong, number):
    (tmp_path / "demo.yaml").write_text(block("yaml").replace(right, wrong), encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        build_state(load(tmp_path / "demo.yaml"))
    assert str(caught.value) == block("text").splitlines()[number]
