"""A stateful, in-memory test double of Webflow's Data API v2.

Names are imported when they are first asked for, so that importing the package (which the pytest plugin does) costs
next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .errors import (
        ArrangingError,
        FakeEnded,
        FakeWebflowError,
        HostBlocked,
        IdleFault,
        NotIntercepted,
        ScenarioError,
    )
    from .rules import Profile
    from .testing.handle import FakeWebflow, create_app
    from .testing.server import ServedFake
    from .webhooks.signatures import verify_signature

__version__ = "0.1.0"
__all__ = [
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

_HOMES = {
    "ArrangingError": ".errors",
    "FakeEnded": ".errors",
    "FakeWebflow": ".testing.handle",
    "FakeWebflowError": ".errors",
    "HostBlocked": ".errors",
    "IdleFault": ".errors",
    "NotIntercepted": ".errors",
    "Profile": ".rules",
    "ScenarioError": ".errors",
    "ServedFake": ".testing.server",
    "create_app": ".testing.handle",
    "verify_signature": ".webhooks.signatures",
}


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name], __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
