"""The clock of one fake, in the hands of a test."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from types import ModuleType
from typing import Any

from ..fake import Fake
from ..world.instants import read_moment, timestamp

# A delay that a fault was told to make real is real all the same, and so is how writers wait for each other.
_SLEEPING_FOR_REAL = ("fake_webflow.exchange", "fake_webflow.fake")
__tracebackhide__ = True  # an error of a test is shown where the test is, not in here


class FakeClock:
    """The clock of one fake. In process it stands still but for a millisecond a write.

    Args:
        find: Gives the fake whose clock it is.
    """

    def __init__(self, find: Callable[[], Fake]) -> None:
        self._find = find

    def __repr__(self) -> str:
        return f"<clock: {timestamp(self.now)}, {'frozen' if self._find().state.clock.frozen else 'running'}>"

    @property
    def now(self) -> int:
        """Milliseconds since 1970."""
        return self._find().state.clock.now

    def advance(self, seconds: float) -> None:
        """Moves time on: rate windows, ``Retry-After``, timestamps, retries of webhooks, the expiry of upload forms.

        Args:
            seconds: How far; parts of a second count to the millisecond.

        Raises:
            ValueError: Time only goes forward, and not beyond the year 9999.
        """
        self._find().advance(seconds)

    def set(self, moment: str | datetime) -> None:
        """Has it show another time, earlier or later, and go on from there as it did: standing or running.

        The clock moves alone, and no date of the world with it: ``FakeWebflow(now=...)`` is for both.

        Args:
            moment: An ISO text, or a datetime; without a zone it is in UTC.

        Raises:
            ArrangingError: Something in the world is newer.
            ValueError: It is not a time.
        """
        self._find().set_clock(read_moment(moment))

    def freeze(self) -> None:
        """Stops a running clock where it is."""
        self._find().freeze()

    def run(self) -> None:
        """Has it run on with the machine's clock, from what it shows."""
        self._find().run_clock()

    @contextmanager
    def patch_sleep(self) -> Iterator[None]:
        """Has ``time.sleep`` and ``asyncio.sleep`` move this clock on and return at once, wherever they are called.

        Afterwards they are as they were, also after an error. Tasks that sleep at the same time add up: each moves the
        clock by the whole of its own sleep.
        """
        with patch_sleep_functions(self.advance):
            yield


@contextmanager
def patch_sleep_functions(advance: Callable[[float], None]) -> Iterator[None]:
    """Has every sleep of the program call ``advance`` with its seconds, until the end of the block.

    Modules that did ``from time import sleep`` are caught as well, also those imported meanwhile. A replacement that
    somebody kept (in a default argument, in an object) sleeps for real afterwards.

    Args:
        advance: Takes the seconds.
    """
    import asyncio  # only who sleeps pays for it

    really, really_async = time.sleep, asyncio.sleep
    is_over = False

    def sleep(seconds: float) -> None:
        if is_over:
            really(seconds)
        elif seconds < 0:
            raise ValueError("sleep length must be non-negative")
        else:
            advance(seconds)

    async def sleep_async(delay: float, result: Any = None) -> Any:
        if is_over:
            return await really_async(delay, result)
        if delay > 0:
            advance(delay)
        return await really_async(0, result)

    _replace_in_modules({really: sleep, really_async: sleep_async})
    try:
        yield
    finally:
        is_over = True
        _replace_in_modules({sleep: really, sleep_async: really_async})


def _replace_in_modules(replacements: dict[Any, Any]) -> None:
    """Puts the replacements where modules have the functions under any name."""
    by_identity = {id(original): replacement for original, replacement in replacements.items()}
    for module in list(sys.modules.values()):
        if not isinstance(module, ModuleType) or module.__name__ in _SLEEPING_FOR_REAL:
            continue
        for name, value in list(vars(module).items()):
            if id(value) in by_identity:
                setattr(module, name, by_identity[id(value)])
