"""The pytest plugin: a fresh fake for every test.

Importing it imports nothing but pytest; a test that uses no fixture of it pays for nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from ..api import Fake
    from .handle import FakeWebflow


@pytest.fixture(scope="session")
def fake_webflow_scenario() -> str:
    """The scenario every test starts from; override it to name another, or a file."""
    return "default"


@pytest.fixture(scope="session")
def _fake_webflow_seeded(fake_webflow_scenario: str) -> Fake:
    from .handle import FakeWebflow

    return FakeWebflow(fake_webflow_scenario).fake


@pytest.fixture
def fake_webflow(_fake_webflow_seeded: Fake) -> Iterator[FakeWebflow]:
    """A fake Webflow of this test's own, forked from one that was seeded once for the session."""
    from .handle import FakeWebflow

    with FakeWebflow.of(_fake_webflow_seeded.fork()) as handle:
        yield handle
