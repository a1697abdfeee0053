"""Which fakes are active, who is told of each, and what one test asked of them: by this the pytest plugin watches.

It imports nothing of the fake, so that watching costs nothing where there is none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from .trust import Touched

if TYPE_CHECKING:
    from ..conditions import Exchange
    from ..fake import Fake
    from ..rules import Profile
    from ..world.world import World

_MOST_ENDED = 10

active: list[Fake] = []
"""The fakes that take the program's calls, the innermost last."""

watchers: list[Callable[[Fake], None]] = []
"""Who is told of a fake that becomes active: the last, since a session of pytest may run within another's test."""


def add_active(fake: Fake) -> None:
    """It takes the program's calls from now on."""
    active.append(fake)
    for tell in watchers[-1:]:
        tell(fake)


def remove_active(fake: Fake) -> None:
    """It takes none any more."""
    active.remove(fake)


class Watched:
    """What one test asks of its fakes: from the time each is watched on.

    A test may make any number of fakes. Of those that have ended only the last few are kept, of the rest what they
    touched.
    """

    def __init__(self) -> None:
        self._fakes: list[tuple[Fake, int]] = []
        self._touched_before: dict[Profile, Touched] = {}

    def watch(self, fake: Fake) -> None:
        """Takes what is new in its journal from now on; once is enough."""
        if all(fake is not other for other, _ in self._fakes):
            self._fakes.append((fake, fake.journal.last_number))
        over = [one for one in self._fakes if one[0] not in active]
        for one in over[:-_MOST_ENDED]:
            _add_touched(self._touched_before, *one)
            self._fakes.remove(one)

    def collect_touched(self) -> Touched:
        """What the test's calls touched."""
        touched = Touched()
        for one in self.collect_by_profile().values():
            touched = touched.merge(one)
        return touched

    def collect_by_profile(self) -> dict[Profile, Touched]:
        """What the test's calls touched, by the open choices of the fake that answered."""
        found = dict(self._touched_before)
        for fake, mark in self._fakes:
            _add_touched(found, fake, mark)
        return found

    def journals(self) -> Iterator[tuple[list[Exchange], World]]:
        """The test's calls to each fake that was called, with what that fake holds."""
        for fake, mark in self._fakes:
            exchanges = fake.journal.since(mark)
            if exchanges:
                yield exchanges, fake.state.world


def _add_touched(found: dict[Profile, Touched], fake: Fake, mark: int) -> None:
    # A stub is the test's own answer: no clause of Webflow's is behind it.
    calls = ((one.operation, one.clauses) for one in fake.journal.since(mark) if not one.stubbed)
    found[fake.profile] = found.get(fake.profile, Touched()).merge(Touched.from_calls(calls))
