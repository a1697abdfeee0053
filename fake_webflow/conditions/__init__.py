"""What surrounds a request: clock, ids, rate limits, faults, stubs, journal. All but the journal are values."""

from .calls import CallCondition, ObservedCall
from .clock import RUNNING, START, Clock
from .faults import Effect, Fault, Faults, NetworkFault, RateLimitAnswer
from .ids import Ids
from .journal import Exchange, Journal
from .limits import LIMITS, Limits
from .rate_limit import RateLimit
from .stubs import Stub, Stubs

__all__ = [
    "LIMITS",
    "RUNNING",
    "START",
    "CallCondition",
    "Clock",
    "Effect",
    "Exchange",
    "Fault",
    "Faults",
    "Ids",
    "Journal",
    "Limits",
    "NetworkFault",
    "ObservedCall",
    "RateLimit",
    "RateLimitAnswer",
    "Stub",
    "Stubs",
]
