"""A stateful, in-memory test double of Webflow's Data API v2.

Names are imported when they are first asked for, so that importing the package (which the pytest plugin does) costs
next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .conditions import verify_signature
    from .faces.active import FakeEnded, HostBlocked
    from .rules import Profile
    from .seeding import ScenarioError
    from .testing.arranging import ArrangingError
    from .testing.faults import IdleFault
    from .testing.handle import FakeWebflow, create_app
    from .testing.server import ServedFake

__version__ = "0.1.0"
__all__ = [
    "ArrangingError",
    "FakeEnded",
    "FakeWebflow",
    "HostBlocked",
    "IdleFault",
    "Profile",
    "ScenarioError",
    "ServedFake",
    "__version__",
    "create_app",
    "verify_signature",
]

_HOMES = {
    "ArrangingError": ".testing.arranging",
    "FakeEnded": ".faces.active",
    "FakeWebflow": ".testing.handle",
    "HostBlocked": ".faces.active",
    "IdleFault": ".testing.faults",
    "Profile": ".rules",
    "ScenarioError": ".seeding",
    "ServedFake": ".testing.server",
    "create_app": ".testing.handle",
    "verify_signature": ".conditions",
}


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name], __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
