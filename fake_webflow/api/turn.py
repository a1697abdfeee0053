"""A lock for writers that are many and quick."""

from __future__ import annotations

import threading
from time import sleep  # by name, so that a test that has sleeping move a clock leaves it alone

_A_MOMENT = 0.00005  # seconds, about as long as a write


class Turn:
    """A lock that only a thread which runs can take, as often as it likes.

    A plain lock is handed to a waiting thread that has yet to get the interpreter. Until it does, everybody else comes
    to the lock and queues up, and so they do from then on at every write: a convoy, in which eight writers together did
    a third of what one does. Here whoever finds the lock taken looks again in a moment.
    """

    def __init__(self) -> None:
        self._lock = threading.RLock()

    def __enter__(self) -> None:
        while not self._lock.acquire(blocking=False):
            sleep(_A_MOMENT)

    def __exit__(self, *_: object) -> None:
        self._lock.release()
