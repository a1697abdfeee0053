"""Seeded fakes by what they were seeded with, each made once in a session and then only forked."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from ..api import Fake
from ..world.tokens import DEFAULT_TOKEN
from .handle import FakeWebflow


class Seeded:
    """The fakes that tests start from."""

    def __init__(self) -> None:
        self._fakes: dict[str, Fake] = {}

    def handle(self, scenario: str | Path, profile: Mapping[str, str], seed: int | None) -> FakeWebflow:
        """A handle on a fresh fork.

        Raises:
            ScenarioError: The scenario is not there, or says what cannot be.
            ValueError: A choice or an option that is not there.
        """
        # As text, for a fixture may give anything: what cannot be meant is told where the fake is made.
        key = repr((scenario, sorted(profile.items()) if isinstance(profile, Mapping) else profile, seed))
        fake = self._fakes.get(key)
        if fake is None:
            fake = self._fakes[key] = FakeWebflow(scenario, profile=profile, seed=seed).fake
        return FakeWebflow.of(fake.fork(), DEFAULT_TOKEN, profile or {})
