"""What surrounds a request: clock, ids, rate limits, faults, journal. All but the journal are values."""

from .clock import RUNNING, START, Clock
from .faults import Effect, Fault, FaultCondition, Faults, NetworkFault, ObservedCall, RateLimitAnswer
from .ids import Ids
from .journal import Exchange, Journal
from .limits import LIMITS, Limits
from .rate_limit import RateLimit

__all__ = [
    "LIMITS",
    "RUNNING",
    "START",
    "Clock",
    "Effect",
    "Exchange",
    "Fault",
    "FaultCondition",
    "Faults",
    "Ids",
    "Journal",
    "Limits",
    "NetworkFault",
    "ObservedCall",
    "RateLimit",
    "RateLimitAnswer",
]
