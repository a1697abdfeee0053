"""The public names of the package: these and no others."""

from __future__ import annotations

import importlib.metadata

import pytest

import fake_webflow


def test_the_public_names() -> None:
    assert fake_webflow.__all__ == [
        "ArrangingError",
        "FakeEnded",
        "FakeWebflow",
        "FakeWebflowError",
        "HostBlocked",
        "IdleFault",
        "NotIntercepted",
        "Profile",
        "ScenarioError",
        "ServedFake",
        "__version__",
        "create_app",
        "verify_signature",
    ]
    assert dir(fake_webflow) == sorted(fake_webflow.__all__)


def test_each_is_there() -> None:
    for name in fake_webflow.__all__:
        assert getattr(fake_webflow, name) is not None


def test_another_name_is_not() -> None:
    with pytest.raises(AttributeError, match="no attribute 'FakeWebflw'"):
        _ = fake_webflow.FakeWebflw


def test_the_version_is_the_distribution_s() -> None:
    assert fake_webflow.__version__ == importlib.metadata.version("fake-webflow")
