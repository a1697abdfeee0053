"""When the worlds of tests begin: by marker, by ini option, and one beside the other."""

from __future__ import annotations

import pytest
from running import IN_WORKERS, NO_OTHER_PLUGINS, OURS

pytest_plugins = ["pytester"]

TESTS = """
from datetime import datetime
import time
import pytest

def created(fake_webflow):
    return fake_webflow.add_item("authors", {"name": "Ada"})["createdOn"]

def test_by_ini_option(fake_webflow):
    assert created(fake_webflow) == "2025-06-01T00:00:00.001Z"

def test_of_the_session(fake_webflow_session):
    assert created(fake_webflow_session) == "2025-06-01T00:00:00.001Z"

@pytest.mark.webflow(now="2024-05-01T12:00:00+02:00")
def test_by_marker(fake_webflow):
    assert created(fake_webflow) == "2024-05-01T10:00:00.001Z"

@pytest.mark.webflow(now=datetime(2024, 5, 1))
class TestByMarker:
    def test_of_the_class(self, fake_webflow):
        assert created(fake_webflow) == "2024-05-01T00:00:00.001Z"

    @pytest.mark.webflow(now=None)
    def test_nearest(self, fake_webflow):
        assert created(fake_webflow) == "2026-01-01T00:00:00.001Z"

class TestByFixture:
    @pytest.fixture
    def fake_webflow_now(self):
        return datetime(2024, 5, 2)

    def test_it(self, fake_webflow):
        assert created(fake_webflow) == "2024-05-02T00:00:00.001Z"

    @pytest.mark.webflow(now="2024-05-01")
    def test_a_marker_is_nearer(self, fake_webflow):
        assert created(fake_webflow) == "2024-05-01T00:00:00.001Z"

@pytest.fixture
def frozen(monkeypatch, request):
    monkeypatch.setattr(time, "time_ns", lambda: request.param * 1_000_000)
    return request.param

@pytest.mark.webflow(now="machine")
@pytest.mark.parametrize("frozen", [1_000_000_000_000, 2_000_000_000_000, 900_000_000_000], indirect=True)
def test_on_the_machine(frozen, fake_webflow):
    assert fake_webflow.clock.now == frozen
    made = fake_webflow.add_item("authors", {"name": "Ada"})
    assert fake_webflow.state.world.newest_date == frozen
"""


@pytest.mark.parametrize("workers", [False, True])
def test_a_test_has_the_date_it_asks_for(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, workers: bool
) -> None:
    monkeypatch.setenv(*NO_OTHER_PLUGINS)
    pytester.makeini("[pytest]\nwebflow_now = 2025-06-01\n")
    pytester.makepyfile(TESTS)
    result = pytester.runpytest_subprocess(*OURS, "-W", "error", *(IN_WORKERS if workers else []))
    result.assert_outcomes(passed=10)
