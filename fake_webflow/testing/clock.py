"""The clock of one fake, in the hands of a test."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from .sleeping import patched_sleep

if TYPE_CHECKING:
    from .handle import FakeWebflow

__tracebackhide__ = True  # an error of a test is shown where the test is, not in here


class FakeClock:
    """The clock of one fake. In process it stands still but for a millisecond a write.

    Args:
        webflow: Whose clock it is.
    """

    def __init__(self, webflow: FakeWebflow) -> None:
        self._webflow = webflow

    @property
    def now(self) -> int:
        """Milliseconds since 1970."""
        return self._webflow.fake.state.clock.now

    def advance(self, seconds: float) -> None:
        """Moves time on: rate windows, ``Retry-After``, timestamps, retries of webhooks, the expiry of upload forms.

        Args:
            seconds: How far; parts of a second count to the millisecond.

        Raises:
            ValueError: Time only goes forward, and not beyond the year 9999.
        """
        self._webflow.fake.advance(seconds)

    def freeze(self) -> None:
        """Stops a running clock where it is."""
        self._webflow.fake.freeze()

    @contextmanager
    def patch_sleep(self) -> Iterator[None]:
        """Has ``time.sleep`` and ``asyncio.sleep`` move this clock on and return at once, wherever they are called.

        Afterwards they are as they were, also after an error. Tasks that sleep at the same time add up: each moves the
        clock by the whole of its own sleep.
        """
        with patched_sleep(self.advance):
            yield
