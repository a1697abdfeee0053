"""What surrounds a request: clock, ids, rate limits, faults, journal. All but the journal are values."""

from .clock import RUNNING, START, Clock
from .faults import Called, Effect, Fault, Faults, NetworkFault, TooManyRequests, When
from .ids import Ids
from .journal import Exchange, Journal
from .rate_limit import RateLimit

__all__ = [
    "RUNNING",
    "START",
    "Called",
    "Clock",
    "Effect",
    "Exchange",
    "Fault",
    "Faults",
    "Ids",
    "Journal",
    "NetworkFault",
    "RateLimit",
    "TooManyRequests",
    "When",
]
