"""What surrounds a request: clock, ids, rate limits, faults, deliveries, journal. All but the journal are values."""

from .clock import RUNNING, START, Clock
from .deliveries import Attempt, Deliveries, Delivery
from .faults import Faults, TooManyRequests
from .ids import Ids
from .journal import Exchange, Journal
from .rate_limit import RateLimit
from .signatures import verify_signature

__all__ = [
    "RUNNING",
    "START",
    "Attempt",
    "Clock",
    "Deliveries",
    "Delivery",
    "Exchange",
    "Faults",
    "Ids",
    "Journal",
    "RateLimit",
    "TooManyRequests",
    "verify_signature",
]
