"""What surrounds a request: clock, ids, rate limits, scripted refusals, journal. All but the journal are values."""

from .clock import RUNNING, START, Clock
from .faults import Faults, TooManyRequests
from .ids import Ids
from .journal import Exchange, Journal
from .rate_limit import RateLimit

__all__ = ["RUNNING", "START", "Clock", "Exchange", "Faults", "Ids", "Journal", "RateLimit", "TooManyRequests"]
