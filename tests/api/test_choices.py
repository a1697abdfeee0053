"""Every open choice does what its options say, and nothing else changes with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from functools import cache

import pytest
from choice_scenes import SCENARIOS
from worlds import fake

from fake_webflow.fake import Fake, State
from fake_webflow.rules import Profile, choice_options, find_clause

OPTIONS = choice_options()


def test_every_choice_is_here_but_those_of_webhooks():
    assert SCENARIOS.keys() == {name for name in OPTIONS if not name.startswith("webhooks.")}
    assert {line.metadata["clause"] for line in fields(Profile)} == OPTIONS.keys()
    for name, options in OPTIONS.items():
        assert tuple(find_clause(name).options) == options


@cache
def fresh_state() -> State:
    return fake().state


def seen(name: str, choices: Mapping[str, str]) -> object:
    return SCENARIOS[name][0](Fake(fresh_state(), Profile().with_choices(choices)))


@pytest.mark.clause(*SCENARIOS)
@pytest.mark.parametrize("name", SCENARIOS)
def test_each_option_is_seen(name):
    assert [seen(name, {name: option}) for option in OPTIONS[name]] == SCENARIOS[name][1]


# Where unset fields are read as null, that of a skipped file is one of them.
RESTS_ON: Mapping[str, set[str]] = {"items.unset-fields": {"items.file.failed-import"}}


@pytest.mark.acceptance  # each option against every other choice
@pytest.mark.parametrize("name", SCENARIOS)
def test_nothing_else_changes_with_it(name):
    changed = {
        other
        for option in OPTIONS[name][1:]
        for other, (_, outcomes) in SCENARIOS.items()
        if other != name and seen(other, {name: option}) != outcomes[0]
    }
    assert changed == RESTS_ON.get(name, set())
