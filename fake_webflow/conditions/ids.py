"""Fresh ids, as a value: the same seed gives the same ids."""

from __future__ import annotations

from functools import lru_cache
from hashlib import blake2b
from typing import NamedTuple


class Ids(NamedTuple):
    """Where the next id comes from.

    Ids look like Webflow's: eight hexadecimal digits of the second they were made in, ten of the machine (here: of the
    seed), six of a counter. So ids made later sort later (clause ``ids.object-id``).

    Args:
        seed: Any number.
        drawn: How many were drawn.
    """

    seed: int = 0
    drawn: int = 0

    def object_id(self, instant: int) -> str:
        """An id of 24 digits for what is made at that instant (milliseconds)."""
        return f"{instant // 1000 & 0xFFFFFFFF:08x}{_machine_part(self.seed)}{self.drawn & 0xFFFFFF:06x}"

    def digits(self, count: int) -> str:
        """That many hexadecimal digits that tell nothing, 32 at most."""
        return _digest(self.seed, self.drawn)[:count]

    def next(self) -> Ids:
        """The source after one draw."""
        return Ids(self.seed, self.drawn + 1)


class SigningKey(NamedTuple):
    """A throw-away key pair in the form of AWS's.

    Args:
        access_key_id: The public half; part of every form.
        secret: What forms are signed with.
    """

    access_key_id: str
    secret: str


@lru_cache(maxsize=64)
def _machine_part(seed: int) -> str:
    return _digest(seed, "machine")[:10]


def _digest(*parts: object) -> str:
    return blake2b(repr(parts).encode(), digest_size=16).hexdigest()
