"""The journal: what was asked and what was answered, without tokens.

Bodies are kept as the bytes they were, and parsed when somebody asks. All journals of a process share one bound of
bytes, forks' included: beyond it the oldest records that were changed go first, then the oldest answers' bodies, then
the oldest requests' bodies. An exchange whose body went says so (``BodyNotKept``), and never pretends that there was
none.
"""

from __future__ import annotations

import threading
import weakref
from collections import OrderedDict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import takewhile
from types import MappingProxyType
from typing import Any, NamedTuple, overload

import orjson

from ..errors import BodyNotKept
from .limits import LIMITS, Limits

LONGEST_BODY = 1024 * 1024
"""Bytes of one body that are kept; of a longer one the beginning is."""
LONGEST_HEAD = 16 * 1024
"""Characters of path, query, headers, message and problems together that are kept."""
_LONGEST_PATH, _MOST_PROBLEMS = 2048, 2
_NOTHING: Mapping[str, str] = MappingProxyType({})


class KeptBody:
    """A body as the journal keeps it.

    Args:
        data: All of it; only the beginning of a long one is kept.
    """

    __slots__ = ("data", "is_whole")

    def __init__(self, data: bytes = b"") -> None:
        self.is_whole = len(data) <= LONGEST_BODY
        self.data = data if self.is_whole else data[:LONGEST_BODY]

    def drop(self) -> None:
        """Forgets the bytes."""
        self.data, self.is_whole = b"", False

    def __eq__(self, other: object) -> bool:
        return isinstance(other, KeptBody) and (self.data, self.is_whole) == (other.data, other.is_whole)

    @property
    def size(self) -> int:
        """Bytes."""
        return len(self.data)

    def __hash__(self) -> int:
        return id(self)  # the books of the bytes tell bodies apart that are alike


NO_BODY = KeptBody()


class KeptChanges:
    """The records that a request changed, as the journal keeps them: as they are, for others share them.

    Args:
        records: Each with what it was before and what it is after.
        count: How many were changed, also where not all of them are kept.
        size: About how many bytes they keep from being freed.
    """

    __slots__ = ("count", "records", "size")

    def __init__(self, records: Sequence[Any] = (), count: int = 0, size: int = 0) -> None:
        self.records, self.count, self.size = records, count, size

    def drop(self) -> None:
        """Forgets the records, not how many there were."""
        self.records, self.size = (), 0

    def __eq__(self, other: object) -> bool:
        return isinstance(other, KeptChanges) and self.records == other.records

    def __hash__(self) -> int:
        return id(self)


NO_CHANGES = KeptChanges()


class BodyBytes:
    """The books of all bodies and records that the journals of this process keep.

    Args:
        limit: Bytes.
    """

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.used = 0
        self.lock = threading.Lock()
        # What is dropped first comes first.
        self._books: tuple[OrderedDict[int, KeptBody | KeptChanges], ...] = (
            OrderedDict(),
            OrderedDict(),
            OrderedDict(),
        )
        # A journal may end in the middle of anything, so it takes no lock then: its bodies are given back later.
        self._ended: deque[deque[Exchange]] = deque()

    def watch(self, journal: Journal, exchanges: deque[Exchange]) -> None:
        """Has the journal give its bytes back when it is no more."""
        weakref.finalize(journal, self._ended.append, exchanges).atexit = False

    def keep(self, exchange: Exchange) -> None:
        """Takes a new exchange's bodies in, and drops old ones if need be. The lock must be held."""
        while self._ended:
            self.give_back(self._ended.popleft())
        for book, kept in zip(self._books, _list_kept(exchange), strict=True):
            if size := kept.size:
                book[id(kept)] = kept
                self.used += size
        while self.used > self.limit:
            _, oldest = next(filter(None, self._books)).popitem(last=False)
            self.used -= oldest.size
            oldest.drop()

    def give_back(self, exchanges: Iterable[Exchange]) -> None:
        """Forgets the bodies of exchanges that no journal has any longer. The lock must be held."""
        for exchange in exchanges:
            for book, kept in zip(self._books, _list_kept(exchange), strict=True):
                if book.pop(id(kept), None) is not None:
                    self.used -= kept.size


def _list_kept(exchange: Exchange) -> tuple[KeptBody | KeptChanges, ...]:
    return exchange.changes, exchange.kept_answer, exchange.kept_request


BODY_BYTES = BodyBytes(LIMITS.journal_bytes)
"""Of this process."""


class Exchange(NamedTuple):
    """One request with its answer.

    Args:
        number: Its place among all requests to this fake, from 1; never used again.
        instant: When, on the fake's clock (milliseconds since 1970).
        method: Upper-case.
        path: As requested, without host and query.
        query: Query parameters by name.
        operation: Name of the operation, such as ``items.list``; empty where no operation has that route.
        parameters: What stood in the path, by name.
        status: Of the answer; 0 where there was none, for a scripted fault came before.
        clauses: The clauses that refused, in order; empty for an answer that did not refuse.
        message: Webflow's text of a refusal; empty otherwise.
        problems: What is wrong with which field, where the answer says so in its details.
        fault: What a scripted fault did to it; empty otherwise.
        stubbed: Whether a stub answered it, and nothing of what Webflow does is behind it.
        request_headers: By lower-case name; those that hold a token say so instead of it.
        response_headers: By name, as sent.
        kept_request: The request's body, if an operation read it; of uploads nothing.
        kept_answer: The answer's body.
        has_whole_head: Whether all but the bodies is whole: very long paths, headers and problems are not kept.
        milliseconds: How long it took to answer, of the machine's time.
        changes: The records that it changed.
    """

    number: int
    instant: int
    method: str
    path: str
    query: Mapping[str, str]
    operation: str
    parameters: Mapping[str, str]
    status: int
    clauses: tuple[str, ...]
    message: str
    problems: tuple[str, ...] = ()
    fault: str = ""
    stubbed: bool = False
    request_headers: Mapping[str, str] = _NOTHING
    response_headers: Mapping[str, str] = _NOTHING
    kept_request: KeptBody = NO_BODY
    kept_answer: KeptBody = NO_BODY
    has_whole_head: bool = True
    milliseconds: float = 0.0
    changes: KeptChanges = NO_CHANGES

    @property
    def request_body(self) -> bytes:
        """The request's body. Raises BodyNotKept if it is no longer there, or was too long to be kept whole."""
        return self._read("request", self.kept_request)

    @property
    def body(self) -> Any:
        """The request's JSON body, parsed; None where there was none. Raises BodyNotKept as ``request_body`` does."""
        return _parse(self.request_body)

    @property
    def response_body(self) -> bytes:
        """The answer's body. Raises BodyNotKept if it is no longer there, or was too long to be kept whole."""
        return self._read("answer", self.kept_answer)

    @property
    def response_json(self) -> Any:
        """The answer's JSON body, parsed; None where it is none. Raises BodyNotKept as ``response_body`` does."""
        return _parse(self.response_body)

    @property
    def truncated(self) -> bool:
        """Whether something of it is not kept, or not whole."""
        return not (self.kept_request.is_whole and self.kept_answer.is_whole and self.has_whole_head)

    def _read(self, whose: str, body: KeptBody) -> bytes:
        if not body.is_whole:
            raise BodyNotKept(
                f"the journal no longer has the whole body of the {whose} of {self.method} {self.path} (number "
                f"{self.number}): it keeps {LONGEST_BODY:,} bytes of one body and {BODY_BYTES.limit:,} of all "
                "(limit journal-bytes); look at calls sooner, or clear the journal between them"
            )
        return body.data

    def count_head(self) -> int:
        """How many characters it has beside its bodies and its query."""
        headers = (self.request_headers, self.response_headers)
        texts = (self.path, self.message, *self.problems, *headers[0], *headers[1])
        return sum(map(len, texts)) + sum(map(len, headers[0].values())) + sum(map(len, headers[1].values()))

    def shorten_head(self) -> Exchange:
        """Without what is too long to be kept for each of thousands of requests (``LONGEST_HEAD``)."""
        return self._replace(
            path=self.path[:_LONGEST_PATH],
            message=self.message[:_LONGEST_PATH],
            problems=self.problems[:_MOST_PROBLEMS],
            query=_NOTHING,
            parameters=_NOTHING,
            request_headers=_NOTHING,
            response_headers=_NOTHING,
            has_whole_head=False,
        )

    def __str__(self) -> str:
        message = ": ".join([self.message, *filter(None, ["; ".join(self.problems)])])
        refusal = f" [{', '.join(self.clauses)}] {message}" if self.clauses else ""
        fault = f" (fault: {self.fault})" if self.fault else ""
        answer = self.status or "no answer"
        operation = f"{self.operation or 'no operation'}{', stubbed' if self.stubbed else ''}"
        return f"{self.method} {self.path} -> {answer} ({operation}){refusal}{fault}"

    def __repr__(self) -> str:
        return f"<Exchange: {self}>"


class Journal:
    """The exchanges in the order they were answered in; beyond a number the oldest are dropped.

    Args:
        limits: How many are kept.

    Attributes:
        dropped: How many were dropped since the journal was last empty.
        last_number: Of the newest exchange there ever was; 0 for none.
    """

    def __init__(self, limits: Limits = LIMITS) -> None:
        self._longest = limits.journal
        self._exchanges: deque[Exchange] = deque()
        self.dropped = 0
        self.last_number = 0
        BODY_BYTES.watch(self, self._exchanges)

    def append(self, exchange: Exchange) -> None:
        """Adds one exchange, and gives it its number."""
        with BODY_BYTES.lock:
            self.last_number += 1
            self._exchanges.append(Exchange._make((self.last_number, *exchange[1:])))
            if len(self._exchanges) > self._longest:
                BODY_BYTES.give_back([self._exchanges.popleft()])
                self.dropped += 1
            BODY_BYTES.keep(exchange)

    def clear(self) -> None:
        """Forgets all of them."""
        with BODY_BYTES.lock:
            BODY_BYTES.give_back(self._exchanges)
            self._exchanges.clear()
            self.dropped = 0

    def since(self, number: int) -> list[Exchange]:
        """The exchanges that came after the one of that number."""
        newest_first = takewhile(lambda exchange: exchange.number > number, reversed(list(self._exchanges)))
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


def _parse(data: bytes) -> Any:
    try:
        return orjson.loads(data) if data else None
    except orjson.JSONDecodeError:
        return None
