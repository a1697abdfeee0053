"""Arguments of ``FakeWebflow`` and its methods that cannot be meant are told where they stand, and change nothing."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from messages import assert_facts

from fake_webflow import ArrangingError, FakeWebflow

_TOKEN = ["token", "printable ASCII", "spaces"]
_SCENARIO = ["scenario", "a name, a file, or a mapping"]
_SEED = ["seed", "whole number", "None"]
_RATE_LIMIT = ["rate limit", "requests a minute", "at least 1", "None", "null in JSON"]


@pytest.mark.parametrize(
    ("argument", "value", "facts"),
    [
        ("scenario", None, [*_SCENARIO, "not None"]),
        ("scenario", {"sites": 3}, ["scenario: sites", "a list"]),
        ("token", None, _TOKEN),
        ("token", "", _TOKEN),
        ("token", "secret\n", _TOKEN),
        ("profile", "cms", ["choices", "{'items.create.is-draft': 'false'}", "not 'cms'"]),
        ("seed", "7", [*_SEED, "not '7'"]),
        ("seed", 1.5, [*_SEED, "not 1.5"]),
        ("seed", True, [*_SEED, "not True"]),
        ("now", 5, ["now", "ISO text", "datetime", "'machine'", "not 5"]),
        ("now", "yesterday", ["now", "ISO text", "not 'yesterday'"]),
        ("now", "1969-12-31", ["1970 to 9998"]),
    ],
)
def test_a_fake_that_cannot_be_meant(argument: str, value: Any, facts: list[str]) -> None:
    arguments = {argument: value}
    with pytest.raises(ValueError) as raised:  # noqa: PT011 - the facts say which
        FakeWebflow(**arguments)
    assert_facts(str(raised.value), *facts)


def test_a_whole_message(fake_webflow: FakeWebflow) -> None:
    text = "a rate limit is a number of requests a minute, at least 1, or off (None in Python, null in JSON); not '60'"
    with pytest.raises(ValueError, match=f"^{re.escape(text)}$"):
        fake_webflow.rate_limit("60")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("verb", "arguments", "facts"),
    [
        ("scenario", (None,), [*_SCENARIO, "not None"]),
        ("limit_scopes", (None,), ["scopes", '["cms:read", "cms:write"]', "not None"]),
        ("limit_scopes", ("cms:read",), ["scopes", '["cms:read", "cms:write"]', "not 'cms:read'"]),
        ("limit_scopes", ([3],), ["no scope", "3", "assets:read, "]),
        ("rate_limit", ("60",), [*_RATE_LIMIT, "not '60'"]),
        ("rate_limit", (0,), [*_RATE_LIMIT, "not 0"]),
        ("rate_limit", (True,), [*_RATE_LIMIT, "not True"]),
    ],
)
def test_a_condition_that_cannot_be_meant(
    fake_webflow: FakeWebflow, verb: str, arguments: tuple[Any, ...], facts: list[str]
) -> None:
    before = fake_webflow.state
    with pytest.raises(ValueError) as raised:  # noqa: PT011 - the facts say which
        getattr(fake_webflow, verb)(*arguments)
    assert_facts(str(raised.value), *facts)
    assert fake_webflow.state == before


def test_a_collection_that_is_not_there(fake_webflow: FakeWebflow) -> None:
    with pytest.raises(KeyError, match=r"'autors'; did you mean authors\?"):
        fake_webflow.collections["autors"]
    assert fake_webflow.collections.get("autors") is None


def test_a_world_without_a_site(tmp_path: Path) -> None:
    scenario = tmp_path / "empty.yaml"
    scenario.write_text("sites: []\n")
    webflow = FakeWebflow(scenario)
    text = r"no site.*fake_webflow\.add_site\('Demo'\)"
    with pytest.raises(ArrangingError, match=text):
        webflow.add_collection("Notes")
    with pytest.raises(ArrangingError, match=text):
        _ = webflow.site
    assert webflow.collections == {}
    webflow.add_site("Demo")
    assert webflow.add_collection("Notes").site_id == webflow.site.id
