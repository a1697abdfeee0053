"""Arguments of ``FakeWebflow`` and its methods that cannot be meant are told where they stand, and change nothing."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from fake_webflow import ArrangingError, FakeWebflow

_TOKEN = "a token is printable ASCII without spaces, or no header could carry it"


@pytest.mark.parametrize(
    ("argument", "value", "text"),
    [
        ("scenario", None, "a scenario is a name or a file; not None"),
        ("scenario", {"sites": []}, "a scenario is a name or a file; not {'sites': []}"),
        ("token", None, _TOKEN),
        ("token", "", _TOKEN),
        ("token", "secret\n", _TOKEN),
        ("profile", "cms", "choices go by their names, as {'items.create.is-draft': 'false'}; not 'cms'"),
        ("seed", "7", "a seed is a whole number, or None for the scenario's own; not '7'"),
        ("seed", 1.5, "a seed is a whole number, or None for the scenario's own; not 1.5"),
        ("clock", 5, "clock is a fake_webflow.conditions.Clock, as Clock(instant=milliseconds); not 5"),
    ],
)
def test_a_fake_that_cannot_be_meant(argument: str, value: Any, text: str) -> None:
    arguments = {argument: value}
    with pytest.raises(ValueError, match=f"^{re.escape(text)}$"):
        FakeWebflow(**arguments)


@pytest.mark.parametrize(
    ("verb", "arguments", "text"),
    [
        ("scenario", (None,), "a scenario is a name or a file; not None"),
        ("limit_scopes", (None,), 'scopes are a list, as ["cms:read", "cms:write"]; not None'),
        ("limit_scopes", ([3],), "no scope is named 3; there are assets:read, "),
        ("refuse_with_429", ("3",), "first counts calls: 1 or more, not '3'"),
        (
            "rate_limit",
            ("60",),
            "a rate limit is a number of requests a minute, at least 1, or None (null in JSON) for off; not '60'",
        ),
        (
            "rate_limit",
            (0,),
            "a rate limit is a number of requests a minute, at least 1, or None (null in JSON) for off; not 0",
        ),
        (
            "rate_limit",
            (True,),
            "a rate limit is a number of requests a minute, at least 1, or None (null in JSON) for off; not True",
        ),
    ],
)
def test_a_condition_that_cannot_be_meant(
    fake_webflow: FakeWebflow, verb: str, arguments: tuple[Any, ...], text: str
) -> None:
    before = fake_webflow.state
    with pytest.raises(ValueError, match=f"^{re.escape(text)}"):
        getattr(fake_webflow, verb)(*arguments)
    assert fake_webflow.state == before


def test_a_collection_that_is_not_there(fake_webflow: FakeWebflow) -> None:
    with pytest.raises(KeyError, match=r"no collection has the slug 'autors'; did you mean authors\?"):
        fake_webflow.collections["autors"]
    assert fake_webflow.collections.get("autors") is None


def test_a_world_without_a_site(tmp_path: Path) -> None:
    scenario = tmp_path / "empty.yaml"
    scenario.write_text("sites: []\n")
    webflow = FakeWebflow(scenario)
    text = r"this world has no site; add one first: fake_webflow.add_site\('Demo'\)"
    with pytest.raises(ArrangingError, match=text):
        webflow.add_collection("Notes")
    with pytest.raises(ArrangingError, match=text):
        _ = webflow.site
    assert webflow.collections == {}
    webflow.add_site("Demo")
    assert webflow.add_collection("Notes").site_id == webflow.site.id
