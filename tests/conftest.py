"""What a program under test needs to call Webflow."""

from __future__ import annotations

import pytest

from fake_webflow import FakeWebflow


@pytest.fixture
def items_url(fake_webflow: FakeWebflow) -> str:
    """Where the program finds the items of the collection posts."""
    return f"https://api.webflow.com/v2/collections/{fake_webflow.collections['posts'].id}/items"


@pytest.fixture
def headers(fake_webflow: FakeWebflow) -> dict[str, str]:
    """What the program sends along."""
    return {"Authorization": f"Bearer {fake_webflow.token}"}
