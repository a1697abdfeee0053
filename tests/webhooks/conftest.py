"""Fixtures of the webhook tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from webhook_world import Receiver, client_of, new_state

from fake_webflow.client import WebflowClient
from fake_webflow.fake import Fake


@pytest.fixture
def fake() -> Fake:
    return Fake(new_state())


@pytest.fixture
def client(fake: Fake) -> WebflowClient:
    return client_of(fake)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver()
    yield receiver
    receiver.close()
