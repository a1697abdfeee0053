"""Sleeping on the fake's clock: ``time.sleep`` and ``asyncio.sleep`` that move it on and return at once."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any


@contextmanager
def patched_sleep(advance: Callable[[float], None]) -> Iterator[None]:
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

    _replace({really: sleep, really_async: sleep_async})
    try:
        yield
    finally:
        is_over = True
        _replace({sleep: really, sleep_async: really_async})


def _replace(replacements: dict[Any, Any]) -> None:
    """Puts the replacements where modules have the functions under any name."""
    by_identity = {id(original): replacement for original, replacement in replacements.items()}
    for module in list(sys.modules.values()):
        # A delay that a fault was told to make real is real all the same, and so is how writers wait for each other.
        if not isinstance(module, ModuleType) or module.__name__.startswith("fake_webflow.api."):
            continue
        for name, value in list(vars(module).items()):
            if id(value) in by_identity:
                setattr(module, name, by_identity[id(value)])
