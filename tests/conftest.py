"""What a program under test needs to call Webflow."""

from __future__ import annotations

import os

import pytest

from fake_webflow import FakeWebflow

# Where one of these is set, pytest, and so each pytest that a test runs, prints its summary in another form.
for name in ("CI", "BUILD_NUMBER"):
    os.environ.pop(name, None)


@pytest.fixture
def items_url(fake_webflow: FakeWebflow) -> str:
    """Where the program finds the items of the collection posts."""
    return f"https://api.webflow.com/v2/collections/{fake_webflow.collections['posts'].id}/items"


@pytest.fixture
def headers(fake_webflow: FakeWebflow) -> dict[str, str]:
    """What the program sends along."""
    return {"Authorization": f"Bearer {fake_webflow.token}"}
