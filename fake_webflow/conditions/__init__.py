"""What surrounds a request: clock, ids, rate limits, faults, journal. All but the journal are values."""

from .clock import RUNNING, START, Clock
from .faults import Effect, Fault, FaultCondition, Faults, NetworkFault, ObservedCall, RateLimitAnswer
from .ids import Ids
from .journal import Exchange, Journal
from .rate_limit import RateLimit

__all__ = [
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
    "NetworkFault",
    "ObservedCall",
    "RateLimit",
    "RateLimitAnswer",
]
