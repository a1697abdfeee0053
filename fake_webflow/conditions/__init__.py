"""What surrounds a request: clock, ids, rate limits, faults, deliveries, journal. All but the journal are values."""

from .clock import RUNNING, START, Clock
from .deliveries import Attempt, Deliveries, Delivery
from .faults import Called, Effect, Fault, Faults, TooManyRequests, When
from .ids import Ids
from .journal import Exchange, Journal
from .rate_limit import RateLimit
from .signatures import verify_signature

__all__ = [
    "RUNNING",
    "START",
    "Attempt",
    "Called",
    "Clock",
    "Deliveries",
    "Delivery",
    "Effect",
    "Exchange",
    "Fault",
    "Faults",
    "Ids",
    "Journal",
    "RateLimit",
    "TooManyRequests",
    "When",
    "verify_signature",
]
