"""The state of one whole fake, which is a value."""

from __future__ import annotations

from typing import NamedTuple

from ..conditions import Clock, Deliveries, Faults, Ids, RateLimit
from ..world.world import World


class State(NamedTuple):
    """All that a fake would remember. It is a value: keeping it is a snapshot, giving it to another fake is a fork."""

    world: World
    clock: Clock = Clock()
    ids: Ids = Ids()
    rate: RateLimit = RateLimit()
    faults: Faults = Faults()
    deliveries: Deliveries = Deliveries()
