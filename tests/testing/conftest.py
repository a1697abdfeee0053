"""What the tests of the pytest plugin share: runs of pytest within pytest."""

from __future__ import annotations

import pytest
from running import Run

# Imported here once: pytester forgets modules that a run within this process is the first to import.
import fake_webflow.client
import fake_webflow.seeding.made_up_data
import fake_webflow.testing.handle  # noqa: F401


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
