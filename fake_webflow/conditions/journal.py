"""The journal: what was asked and what was answered, without tokens."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from itertools import takewhile
from typing import Any, NamedTuple, overload

LONGEST_JOURNAL = 10_000


class Exchange(NamedTuple):
    """One request with its answer.

    Args:
        instant: When, on the fake's clock (milliseconds since 1970).
        method: Upper-case.
        path: As requested, without host and query.
        query: Query parameters by name.
        operation: Name of the operation, such as ``items.list``; empty where no operation has that route.
        parameters: What stood in the path, by name.
        body: The parsed JSON body, or None.
        status: Of the answer; 0 where there was none, for a scripted fault came before.
        clauses: The clauses that refused, in order; empty for an answer that did not refuse.
        message: Webflow's text of a refusal; empty otherwise.
        problems: What is wrong with which field, where the answer says so in its details.
        fault: What a scripted fault did to it; empty otherwise.
    """

    instant: int
    method: str
    path: str
    query: Mapping[str, str]
    operation: str
    parameters: Mapping[str, str]
    body: Any
    status: int
    clauses: tuple[str, ...]
    message: str
    problems: tuple[str, ...] = ()
    fault: str = ""

    def __str__(self) -> str:
        message = ": ".join([self.message, *filter(None, ["; ".join(self.problems)])])
        refusal = f" [{', '.join(self.clauses)}] {message}" if self.clauses else ""
        fault = f" (fault: {self.fault})" if self.fault else ""
        answer = self.status or "no answer"
        return f"{self.method} {self.path} -> {answer} ({self.operation or 'no operation'}){refusal}{fault}"

    def __repr__(self) -> str:
        return f"<Exchange: {self}>"


class Journal:
    """The exchanges in the order they were answered in; the oldest are dropped beyond ten thousand."""

    def __init__(self) -> None:
        self._exchanges: deque[Exchange] = deque(maxlen=LONGEST_JOURNAL)

    def append(self, exchange: Exchange) -> None:
        """Adds one exchange."""
        self._exchanges.append(exchange)

    def clear(self) -> None:
        """Forgets all of them."""
        self._exchanges.clear()

    @property
    def last(self) -> Exchange | None:
        """The newest exchange; None where there is none."""
        exchanges = list(self._exchanges)
        return exchanges[-1] if exchanges else None

    def since(self, mark: Exchange | None) -> list[Exchange]:
        """The exchanges that came after the one that was the ``last``; all of them if it is no longer kept, or None."""
        newest_first = takewhile(lambda exchange: exchange is not mark, reversed(list(self._exchanges)))
        return list(newest_first)[::-1]

    @overload
    def __getitem__(self, place: int) -> Exchange: ...
    @overload
    def __getitem__(self, place: slice) -> list[Exchange]: ...
    def __getitem__(self, place: int | slice) -> Exchange | list[Exchange]:
        return list(self._exchanges)[place]

    def __len__(self) -> int:
        return len(self._exchanges)

    def __iter__(self) -> Iterator[Exchange]:
        return iter(list(self._exchanges))
