"""What the tests of the client share: a stub in Webflow's place, and a client whose waits are only written down."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import requests
import responses

from fake_webflow.client import WebflowClient

BASE = "https://api.webflow.com/v2"
CANARY = "canary-4f8e1c"


@pytest.fixture
def stub() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock() as mock:
        yield mock


@pytest.fixture
def sleeps() -> list[float]:
    """Seconds the client would have waited, in order."""
    return []


@pytest.fixture
def client(sleeps: list[float]) -> Iterator[WebflowClient]:
    with WebflowClient(CANARY, sleep=sleeps.append) as client:
        yield client


@pytest.fixture
def session() -> Iterator[requests.Session]:
    with requests.Session() as session:
        yield session
