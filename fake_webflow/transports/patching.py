"""One attribute of a library's class or module, taken over for a while and given back as it was."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

_ABSENT = object()


class Patch:
    """An attribute that can be taken over; the same one again and again, at the cost of setting it.

    Args:
        owner: The class, or the module.
        name: The attribute, inherited or not there at all if need be.
        replacement: From what the class has of its own under that name (None for nothing) to what takes its place.
    """

    def __init__(self, owner: type | ModuleType, name: str, replacement: Callable[[Any], Any]) -> None:
        self._owner = owner
        self._name = name
        self._make = replacement
        self._original: Any = None
        self._replacement: Any = _ABSENT

    def apply(self) -> None:
        """Takes the attribute over."""
        found = vars(self._owner).get(self._name, _ABSENT)
        if found is self._replacement and found is not _ABSENT:
            return  # somebody had patched over it when it was to be given back, and has restored it since
        if found is not self._original or self._replacement is _ABSENT:
            self._original = found
            self._replacement = self._make(None if found is _ABSENT else found)
        setattr(self._owner, self._name, self._replacement)

    def revert(self) -> None:
        """Gives the attribute back, unless somebody else has patched over it: it would be lost what they put back."""
        if vars(self._owner).get(self._name, _ABSENT) is not self._replacement:
            return
        if self._original is _ABSENT:
            delattr(self._owner, self._name)
        else:
            setattr(self._owner, self._name, self._original)
