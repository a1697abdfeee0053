"""Pairs of fakes for the twin run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations
from typing import Any

import pytest
from _pytest.mark.structures import ParameterSet
from served import TOKEN, new_fake, served, site_of

from contracts.drift import Drift
from contracts.drift.drifted_target import DriftedTarget
from contracts.kit.in_process import InProcessTarget
from contracts.kit.targets import Target
from contracts.twin import Explainer, Peer, TwinRun
from contracts.twin.explaining import NEEDED_TOKEN_KIND, UNSEEN_CHOICES, UNSEEN_OPTIONS
from fake_webflow.fake import fake_of
from fake_webflow.rules import Profile, choice_options

ONE_DECK = 320
"""Calls that hold every move at least once."""
EXPLAINER = Explainer()
OTHERWISE = [
    (name, option)
    for name, options in choice_options().items()
    for option in options[1:]
    if name not in UNSEEN_CHOICES and (name, option) not in UNSEEN_OPTIONS
]
"""Every choice that can be seen, with every option but the built-in one."""
PAIRS = [
    (name, *pair)
    for name, options in choice_options().items()
    for pair in combinations([option for option in options[1:] if (name, option) in OTHERWISE], 2)
]
"""Every choice that can be seen, with any two of its options that are not the built-in one."""


def sample_one_in(step: int, rows: Sequence[object]) -> list[ParameterSet]:
    """The middle of each so many rows for every run of the tests, the others for ``make acceptance``."""
    return [
        pytest.param(
            *(row if isinstance(row, tuple) else (row,)), marks=[pytest.mark.acceptance] * (number % step != step // 2)
        )
        for number, row in enumerate(rows)
    ]


class AsIfBySite(Target):
    """The fake of another target, with the token of a site."""

    def __init__(self, fake: InProcessTarget) -> None:
        super().__init__(fake.name, fake.client_with_token(kind="site"), fake.http, is_sandbox=True)
        self.wait = fake.wait  # type: ignore[method-assign]


def side(seed: int, choices: dict[str, str], *, kind: str = "app", limit: int | None = None) -> Peer:
    """A fake that makes these choices."""
    target: Target = InProcessTarget(Profile().with_choices(choices), seed=seed)
    assert isinstance(target, InProcessTarget)
    target.limit_rate(limit)
    return Peer(AsIfBySite(target) if kind == "site" else target, f"{seed:08x}")


def twin(left: dict[str, str], right: dict[str, str], *, limit: int | None = None, seed: int = 0) -> TwinRun:
    """Two fakes, whose ids come from different seeds."""
    named = {*left, *right}
    kind = "site" if any(NEEDED_TOKEN_KIND.get(name) == "site" for name in named) else "app"
    sides = (side(number, choices, kind=kind, limit=limit) for number, choices in ((1, left), (2, right)))
    return TwinRun(*sides, explainer=EXPLAINER, seed=seed)


def beside(drift: Drift, *, seed: int = 0) -> TwinRun:
    """A fake on the left, and one that has drifted on the right."""
    right = DriftedTarget(drift, seed=2)
    right.limit_rate(None)
    return TwinRun(side(1, {}), Peer(right, f"{2:08x}"), explainer=EXPLAINER, seed=seed)


def outcome_at(url: str, site_id: str, script: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """How the test in a printed script ends against a served API: passed or failed."""
    for name, value in (("URL", url), ("TOKEN", TOKEN), ("SITE", site_id)):
        monkeypatch.setenv(f"WEBFLOW_{name}", value)
    module: dict[str, Any] = {"__name__": "printed"}
    exec(compile(script, "printed", "exec"), module)
    [run] = [value for name, value in module.items() if name.startswith("test_")]
    try:
        run()
    except AssertionError:
        return "failed"
    return "passed"


def outcome_on(choices: dict[str, str], script: str, monkeypatch: pytest.MonkeyPatch, *, kind: str = "app") -> str:
    """The same on a fake that makes these choices.

    Where it passes nothing may be left behind; elsewhere a fake may not let go of what it does not show.
    """
    fake = new_fake(profile=choices, rate_limit=None)
    own = replace(fake.state.world.tokens[TOKEN], kind=kind)  # type: ignore[arg-type]
    fake_of(fake).change(lambda state: state._replace(world=state.world.with_token(own)))
    before = site_of(fake)
    with served(fake) as url:
        outcome = outcome_at(url, fake.site.id, script, monkeypatch)
    assert outcome == "failed" or site_of(fake) == before
    return outcome
