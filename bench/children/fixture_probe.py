"""A test that measures the fixture ``fake_webflow``: its own function, called with what pytest would call it with.

Run by pytest in a process of its own, with a Reporter, a config and a request that are real; only pytest's own
bookkeeping for a fixture is left out, which any fixture costs.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from inspect import signature, unwrap
from pathlib import Path

import httpx  # noqa: F401 - there to be patched, as in most suites
import pytest
import requests  # noqa: F401 - likewise

from bench.harness import Contender, Plan, measured
from bench.profiling import where_time_goes
from fake_webflow.testing import plugin

_BOUND = 30  # microseconds, above which it is worth saying where they go


def test_fixture(request: pytest.FixtureRequest) -> None:
    """Writes microseconds for set-up and tear-down, a figure a round, and a profile."""
    once = _set_up_and_tear_down(request)
    rounds, seconds = json.loads(os.environ["FAKE_WEBFLOW_BENCH_PLAN"])
    samples = measured([Contender("fixture", once)], Plan(rounds, seconds))["fixture"]
    taken = [sample * 1e6 for sample in samples]
    profile = where_time_goes(once) if min(taken) > _BOUND else ""
    Path(os.environ["FAKE_WEBFLOW_BENCH_OUT"]).write_text(json.dumps([taken, profile]), encoding="utf-8")


def _set_up_and_tear_down(request: pytest.FixtureRequest) -> Callable[[], None]:
    function = unwrap(plugin.fake_webflow)
    given = {name: request.getfixturevalue(name) for name in signature(function).parameters}

    def once() -> None:
        running = function(**given)
        next(running)
        assert next(running, None) is None

    return once
