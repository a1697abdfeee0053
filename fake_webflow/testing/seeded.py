"""Seeded fakes by what they were seeded with, each made once in a session and then only forked."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from ..api import Fake
from .handle import TOKEN, FakeWebflow

_Key = tuple[str | Path, tuple[tuple[str, str], ...], int | None]


class Seeded:
    """The fakes that tests start from."""

    def __init__(self) -> None:
        self._fakes: dict[_Key, Fake] = {}

    def handle(self, scenario: str | Path, profile: Mapping[str, str], seed: int | None) -> FakeWebflow:
        """A handle on a fresh fork.

        Raises:
            ScenarioError: The scenario is not there, or says what cannot be.
            ValueError: A choice or an option that is not there.
        """
        key = (scenario, tuple(sorted(profile.items())) if profile else (), seed)
        fake = self._fakes.get(key)
        if fake is None:
            fake = self._fakes[key] = FakeWebflow(scenario, profile=profile, seed=seed).fake
        return FakeWebflow.of(fake.fork(), TOKEN, profile)
