"""What a law is told of the moment it is applied in: time, fresh ids, the open choices, the addresses to hand out."""

from __future__ import annotations

from typing import Protocol

from ..rules import Profile
from .addresses import Addresses


class Context(Protocol):
    """The moment of one request. Laws take all time and all randomness from it."""

    @property
    def profile(self) -> Profile:
        """The open choices."""

    @property
    def addresses(self) -> Addresses:
        """Where files are reached by whoever asks."""

    def now(self) -> int:
        """The instant of the next write; in process each call is a millisecond later than the last."""

    def new_id(self, instant: int) -> str:
        """A fresh id of 24 hexadecimal digits, the first eight of which are the instant's second."""

    def digits(self, count: int) -> str:
        """That many hexadecimal digits, for slugs that need a suffix and for ids that tell no time."""
