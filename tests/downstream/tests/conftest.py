"""What the tests of the newsroom share."""

from __future__ import annotations

import pytest
from newsroom.desk import Desk


@pytest.fixture
def articles(fake_webflow):
    """The collection of articles in newsroom.yaml."""
    return fake_webflow.collections["articles"]


@pytest.fixture
def desk(fake_webflow, articles):
    return Desk(fake_webflow.token, articles.id)
