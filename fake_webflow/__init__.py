"""A stateful, in-memory test double of Webflow's Data API v2.

Names are imported when they are first asked for, so that importing the package (which the pytest plugin does) costs
next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .conditions import Exchange, Fault
    from .errors import (
        ArrangingError,
        FakeEnded,
        FakeWebflowError,
        HostBlocked,
        IdleFault,
        NotIntercepted,
        ScenarioError,
    )
    from .fake import State
    from .handle.arranging import FakeSite, ItemViews
    from .handle.clock import FakeClock
    from .handle.faults import FakeFaults, NewFault
    from .handle.journal import AssertableJournal
    from .handle.stubs import FakeStub
    from .rules import Profile
    from .testing.handle import FakeWebflow, create_app
    from .testing.server import ServedFake
    from .transports.httpx_transport import FakeTransport
    from .transports.requests_adapter import FakeAdapter
    from .webhooks.deliveries import Attempt, Delivery
    from .webhooks.delivery_log import FakeWebhooks
    from .webhooks.signatures import verify_signature
    from .world.collections import Collection, Field
    from .world.sites import Locale, Site

__version__ = "0.2.0"
__all__ = [
    "ArrangingError",
    "AssertableJournal",
    "Attempt",
    "Collection",
    "Delivery",
    "Exchange",
    "FakeAdapter",
    "FakeClock",
    "FakeEnded",
    "FakeFaults",
    "FakeSite",
    "FakeStub",
    "FakeTransport",
    "FakeWebflow",
    "FakeWebflowError",
    "FakeWebhooks",
    "Fault",
    "Field",
    "HostBlocked",
    "IdleFault",
    "ItemViews",
    "Locale",
    "NewFault",
    "NotIntercepted",
    "Profile",
    "ScenarioError",
    "ServedFake",
    "Site",
    "State",
    "__version__",
    "create_app",
    "verify_signature",
]

_HOMES = {
    ".conditions": ("Exchange", "Fault"),
    ".fake": ("State",),
    ".handle.arranging": ("FakeSite", "ItemViews"),
    ".handle.clock": ("FakeClock",),
    ".handle.faults": ("FakeFaults", "NewFault"),
    ".handle.journal": ("AssertableJournal",),
    ".handle.stubs": ("FakeStub",),
    ".rules": ("Profile",),
    ".testing.handle": ("FakeWebflow", "create_app"),
    ".testing.server": ("ServedFake",),
    ".transports.httpx_transport": ("FakeTransport",),
    ".transports.requests_adapter": ("FakeAdapter",),
    ".webhooks.deliveries": ("Attempt", "Delivery"),
    ".webhooks.delivery_log": ("FakeWebhooks",),
    ".webhooks.signatures": ("verify_signature",),
    ".world.collections": ("Collection", "Field"),
    ".world.sites": ("Locale", "Site"),
}


def __getattr__(name: str) -> Any:
    if name in __all__:
        home = next((home for home, names in _HOMES.items() if name in names), ".errors")
        return getattr(import_module(home, __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
