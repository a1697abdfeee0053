"""Stubs, as a value: what a test has answered in place of operations that are not simulated."""

from __future__ import annotations

from typing import NamedTuple

from ..errors import ArrangingError
from .calls import CallCondition, ObservedCall
from .limits import Limits


class Stub(NamedTuple):
    """One answer.

    Args:
        number: Its place among all that were ever set, from 1.
        when: Which calls it answers, and how many of them.
        status: Of the answer.
        headers: Of the answer, beside the usual ones.
        body: Of the answer: JSON, or nothing.
        answered: How many calls it has answered.
    """

    number: int
    when: CallCondition
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    answered: int = 0

    @property
    def size(self) -> int:
        """Bytes, as the limit counts them."""
        return len(self.body) + sum(len(name) + len(value) for name, value in self.headers)

    def answers(self, call: ObservedCall) -> bool:
        """Whether the call is for it, and it has not answered as many as it should."""
        return (self.when.first is None or self.answered < self.when.first) and self.when.matches(call)

    def __str__(self) -> str:
        return f"{self.status}: {self.when}; {self.answered} so far"

    def __repr__(self) -> str:
        return f"<Stub: {self}>"


class Stubs(NamedTuple):
    """The stubs that are set.

    Args:
        scripts: In the order they were set in; of those that answer a call the newest does.
        last_number: How many were ever set.
    """

    scripts: tuple[Stub, ...] = ()
    last_number: int = 0

    def add(self, stub: Stub, limits: Limits) -> Stubs:
        """With one more, whose number is given here.

        Raises:
            ArrangingError: There is no room for it.
        """
        size = sum(one.size for one in self.scripts) + stub.size
        if len(self.scripts) >= limits.stubs:
            raise ArrangingError(_describe_bound(f"{limits.stubs:,} stubs", "stubs"))
        if size > limits.stub_bytes:
            raise ArrangingError(_describe_bound(f"{limits.stub_bytes:,} bytes of stubs", "stub-bytes"))
        number = self.last_number + 1
        return Stubs((*self.scripts, stub._replace(number=number)), number)

    def without(self, number: int | None = None) -> Stubs:
        """Without one stub, or without any."""
        left = () if number is None else tuple(one for one in self.scripts if one.number != number)
        return self._replace(scripts=left)

    def count_call(self, call: ObservedCall) -> tuple[Stubs, Stub | None]:
        """The stubs after one more call, and the one that answers it."""
        found = next((one for one in reversed(self.scripts) if one.answers(call)), None)
        if found is None:
            return self, None
        counted = found._replace(answered=found.answered + 1)
        return self._replace(scripts=tuple(counted if one is found else one for one in self.scripts)), counted


def _describe_bound(most: str, limit: str) -> str:
    return (
        f"a fake keeps {most} at most: take some off, or set another bound with FakeWebflow(limits={{{limit!r}: N}}) "
        f"or serve --limit {limit}=N"
    )
