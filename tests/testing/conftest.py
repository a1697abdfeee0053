"""What the tests of the pytest plugin share: runs of pytest within pytest, and requests by application code."""

from __future__ import annotations

import pytest
from running import Run

# Imported here once: pytester forgets modules that a run within this process is the first to import.
import fake_webflow.client
import fake_webflow.seeding.generator
import fake_webflow.testing.handle  # noqa: F401
from fake_webflow import FakeWebflow


@pytest.fixture
def run(pytester: pytest.Pytester) -> Run:
    """Runs a test module under pytest, in this process, with these arguments; ``ini`` is its pytest.ini."""

    def run(source: str, *arguments: str, ini: str = "", conftest: str = "") -> pytest.RunResult:
        pytester.makepyfile(source)
        pytester.makeini(f"[pytest]\nfilterwarnings = error\n{ini}")
        if conftest:
            pytester.makeconftest(conftest)
        return pytester.runpytest_inprocess("-p", "no:randomly", "-p", "no:cacheprovider", *arguments)

    return run


@pytest.fixture
def items_url(fake_webflow: FakeWebflow) -> str:
    """Where the program finds the items of the collection posts."""
    return f"https://api.webflow.com/v2/collections/{fake_webflow.collections['posts'].id}/items"


@pytest.fixture
def headers(fake_webflow: FakeWebflow) -> dict[str, str]:
    """What the program sends along."""
    return {"Authorization": f"Bearer {fake_webflow.token}"}
