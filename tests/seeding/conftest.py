from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest

from fake_webflow.api.pipeline import answer
from fake_webflow.fake import Fake
from fake_webflow.message import Request, Response
from fake_webflow.seeding import Scenario, build_state, from_data, load


@pytest.fixture(scope="session")
def default() -> Scenario:
    return load("default")


@pytest.fixture
def fake(default: Scenario) -> Fake:
    return Fake(build_state(default), default.profile)


@pytest.fixture
def build() -> Callable[..., Any]:
    """From the sites of a scenario, and perhaps other keys, to its world."""

    def built(*sites: dict[str, Any], **other: Any) -> Any:
        return build_state(from_data({"sites": list(sites), **other}, source="demo.yaml")).world

    return built


@pytest.fixture
def get() -> Callable[..., Response]:
    def asked(fake: Fake, path: str, *, token: str = "test-token", origin: str = "https://api.webflow.com") -> Response:
        headers = {"authorization": f"Bearer {token}"}
        return answer(fake, Request("GET", origin, path, "", headers, io.BytesIO()))

    return asked
