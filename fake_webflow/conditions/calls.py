"""Which calls something is for: the one matcher of faults and stubs."""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase
from types import MappingProxyType
from typing import NamedTuple

_NOTHING: Mapping[str, str] = MappingProxyType({})


class ObservedCall(NamedTuple):
    """A call as conditions see it.

    Args:
        operation: Its name; empty where there is none.
        method: Upper-case.
        path: Without host and query.
        path_params: What stands in the path, by name.
        is_file: Whether it goes to the upload target or the file host rather than to the API.
    """

    operation: str
    method: str
    path: str
    path_params: Mapping[str, str] = _NOTHING
    is_file: bool = False


class CallCondition(NamedTuple):
    """Which calls it looks at, and which of those it hits; what is left out does not narrow.

    Args:
        operations: Names of operations.
        method: Upper-case.
        path: A pattern with ``*`` and ``?`` for the path, ``/v2`` included. Calls to the upload target and the file
            host are looked at only where an operation or a path names them.
        path_params: What some parts of the path are, by the names of the parameters.
        nth: Hits that one alone, counted from 1.
        every: Hits each call whose number it divides: 5 is the fifth, the tenth and so on.
        first: Hits that many at most.
        probability: Hits with that probability, under the seed.
    """

    operations: frozenset[str] = frozenset()
    method: str = ""
    path: str = ""
    path_params: Mapping[str, str] = _NOTHING
    nth: int | None = None
    every: int = 1
    first: int | None = None
    probability: float | None = None

    def matches(self, call: ObservedCall) -> bool:
        """Whether the call counts."""
        if call.is_file and not (self.operations or self.path):
            return False
        return (
            (not self.operations or call.operation in self.operations)
            and self.method in ("", call.method)
            and (not self.path or fnmatchcase(call.path, self.path))
            and all(call.path_params.get(name) == value for name, value in self.path_params.items())
        )

    def __str__(self) -> str:
        which = [
            f"call {self.nth} alone" if self.nth else "",
            f"every {self.every}." if self.every > 1 else "",
            f"the first {self.first}" if self.first else "",
            f"with probability {self.probability}" if self.probability is not None else "",
        ]
        parts = (f"{name}={value}" for name, value in self.path_params.items())
        of = [", ".join(sorted(self.operations)), self.method, self.path, *parts]
        return f"{', '.join(filter(None, which)) or 'each'} of {' '.join(filter(None, of)) or 'all calls'}"
