"""``fake_webflow.journal``: what the program asked, what it was answered, and assertions that explain themselves."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, overload

from ..conditions import Exchange, Journal
from ..wording import abbreviate, is_whole_number, limit_list, spell_count, suggest
from .names import match_operations

__tracebackhide__ = True  # an error of a test is shown where the test is, not in here
_MOST_SHOWN = 5
_NOTHING = (
    "Nothing was called at all: does the program call https://api.webflow.com, by requests, httpx, urllib3 or aiohttp, "
    "and within the test? (In a process of its own it needs fake_webflow.base_url.)"
)


class CallPattern(NamedTuple):
    """What an assertion asks of a call; None for what does not matter."""

    json: Mapping[str, Any] | None = None
    path_params: Mapping[str, str] | None = None
    query: Mapping[str, str] | None = None
    status: int | None = None

    def list_differences(self, exchange: Exchange) -> list[str]:
        """How the call differs from it; nothing if it is such a call."""
        parts = (
            ("path_params", self.path_params, exchange.parameters if exchange.has_whole_head else None),
            ("query", self.query, exchange.query if exchange.has_whole_head else None),
            ("status", self.status, exchange.status),
        )
        lines = [
            line
            for name, wanted, found in parts
            if wanted is not None and found is not None
            for line in compare_json(name, wanted, found)
        ]
        if self.json is not None and exchange.kept_request.is_whole:
            lines = [*compare_json("body", self.json, exchange.body), *lines]
        # What the journal no longer has is a difference only where nothing else decides.
        return lines or list(self.list_losses(exchange))

    def list_losses(self, exchange: Exchange) -> Iterator[str]:
        """What it asks for and the journal no longer has of the call."""
        if self.json is not None and not exchange.kept_request.is_whole:
            yield "body: the journal no longer has it, or not the whole of it (limit journal-bytes)"
        if not exchange.has_whole_head and (self.path_params is not None or self.query is not None):
            yield "path_params and query: the journal does not keep them where they are that long"

    def __str__(self) -> str:
        parts = [f"{name}={value!r}" for name, value in self._asdict().items() if value is not None]
        return f" with {' and '.join(parts)}" if parts else ""


class AssertableJournal(Sequence[Exchange]):
    """The exchanges of one fake in the order they were answered in, to be read and to be asserted on.

    Args:
        find: Gives the fake's journal.
        secrets: Gives texts that are to be printed nowhere, such as tokens.
    """

    def __init__(self, find: Callable[[], Journal], secrets: Callable[[], Sequence[str]] = tuple) -> None:
        self._find = find
        self._secrets = secrets

    @overload
    def __getitem__(self, place: int) -> Exchange: ...
    @overload
    def __getitem__(self, place: slice) -> list[Exchange]: ...
    def __getitem__(self, place: int | slice) -> Exchange | list[Exchange]:
        try:
            return self._find()[place]
        except IndexError:
            text = f"the journal has no call at {place}: it has {spell_count(len(self), 'call')}"
            raise IndexError(text if len(self) else _NOTHING) from None

    def __len__(self) -> int:
        return len(self._find())

    def __iter__(self) -> Iterator[Exchange]:
        return iter(self._find())

    def __eq__(self, other: object) -> bool:
        return list(self) == list(other) if isinstance(other, Sequence) else NotImplemented

    __hash__ = None  # type: ignore[assignment] # it changes

    def __repr__(self) -> str:
        return f"<journal: {spell_count(len(self), 'call')}>"

    def __str__(self) -> str:
        lines = (f"{place:>3} {exchange}" for place, exchange in enumerate(self, 1))
        return without_secrets("\n".join(lines), self._secrets())

    def clear(self) -> None:
        """Forgets what was asked so far."""
        self._find().clear()

    def calls_to(self, *operations: str) -> list[Exchange]:
        """The exchanges of these operations.

        Args:
            operations: Names as ``items.create``, or patterns of them as ``items.*``; at least one.

        Raises:
            ValueError: No operation has such a name, or none is named.
        """
        if not operations:
            raise ValueError("calls_to takes the names of operations; the journal itself is a sequence of all calls")
        names = match_operations(*operations)
        return [exchange for exchange in self if exchange.operation in names]

    def assert_called(
        self,
        operation: str,
        *,
        json: Mapping[str, Any] | None = None,
        path_params: Mapping[str, str] | None = None,
        query: Mapping[str, str] | None = None,
        status: int | None = None,
        times: int | None = None,
    ) -> list[Exchange]:
        """Fails unless the operation was called so.

        Args:
            operation: Its name, or a pattern.
            json: A part of the body: keys that are not named do not matter, at any depth; lists count whole.
            path_params: Some of what stood in the path, as ``{"item_id": ...}``.
            query: Some of the query's parameters.
            status: What it was answered with.
            times: Exactly how often; at least once where it is left out.

        Returns:
            The calls found.

        Raises:
            AssertionError: It was not; the message shows the closest calls and what was different.
            ValueError: No operation has that name.
        """
        if times is not None and not is_whole_number(times, 1):
            raise ValueError(f"times counts calls: 1 or more, not {times!r}; for none there is assert_not_called")
        wanted = CallPattern(json, path_params, query, status)
        calls = self.calls_to(operation)
        found = [exchange for exchange in calls if not wanted.list_differences(exchange)]
        missed = not found if times is None else len(found) != times
        if missed or times is not None:
            self._check_is_known(wanted, calls)
        if missed:
            raise self._make_error(self._describe_missed(operation, wanted, times, found, calls))
        return found

    def assert_not_called(
        self,
        operation: str,
        *,
        json: Mapping[str, Any] | None = None,
        path_params: Mapping[str, str] | None = None,
        query: Mapping[str, str] | None = None,
        status: int | None = None,
    ) -> None:
        """Fails if the operation was called so; see ``assert_called``.

        Raises:
            AssertionError: It was; the message shows the calls.
            ValueError: No operation has that name.
        """
        wanted = CallPattern(json, path_params, query, status)
        calls = self.calls_to(operation)
        found = [exchange for exchange in calls if not wanted.list_differences(exchange)]
        if found:
            summary = f"expected no call to {operation}{wanted}, got {len(found)}:"
            raise self._make_error([summary, *self._render_calls(found)])
        self._check_is_known(wanted, calls)

    def _check_is_known(self, wanted: CallPattern, calls: list[Exchange]) -> None:
        """Fails if such a call may have been dropped: what is no longer known is not counted as if it were.

        Args:
            wanted: What is asked for.
            calls: Those to the operation.
        """
        dropped = self._find().dropped
        lost = [one for one in calls if wanted.list_differences(one) == list(wanted.list_losses(one)) != []]
        if dropped:
            raise self._make_error(
                [
                    f"cannot tell: the journal has dropped its oldest {spell_count(dropped, 'call')}, and keeps "
                    f"{len(self):,} (limit journal); assert sooner, clear the journal in between, or set another limit"
                ]
            )
        if lost:
            summary = "cannot tell: of these calls the journal no longer has what the assertion needs"
            cure = "Assert sooner, or clear the journal in between."
            lines = [f"      {line}" for line in wanted.list_losses(lost[0])]
            raise self._make_error([summary, *self._render_calls(lost), *lines, cure])

    def _make_error(self, lines: Iterable[str]) -> AssertionError:
        return AssertionError(without_secrets("\n".join(lines), self._secrets()))

    def _describe_missed(
        self, operation: str, wanted: CallPattern, times: int | None, found: list[Exchange], calls: list[Exchange]
    ) -> Iterator[str]:
        expected = f"expected {operation}{wanted} to be called"
        if times is not None:
            yield f"{expected} {_spell_times(times)}, got {len(found)}"
        else:
            yield f"{expected} at least once; {'no call matched' if calls else 'it was not called'}"
        if found:
            yield from ("Matching calls:", *self._render_calls(found))
        others = sorted(
            ((wanted.list_differences(exchange), exchange) for exchange in calls if exchange not in found),
            key=lambda pair: len(pair[0]),
        )
        if others:
            yield "Closest to it:"
        for differences, exchange in others[:_MOST_SHOWN]:
            yield from self._render_calls([exchange])
            yield from (f"      {line}" for line in differences[:_MOST_SHOWN])
        if not calls:
            yield from self._describe_other_operations(wanted)
            yield self._render_call_counts()

    def _describe_other_operations(self, wanted: CallPattern) -> list[str]:
        """Calls to other operations that are what was wanted in everything else."""
        if wanted == CallPattern():
            return []
        matching = [exchange for exchange in self if not wanted.list_differences(exchange)]
        return ["Other operations whose calls match:", *self._render_calls(matching)] if matching else []

    def _render_calls(self, exchanges: list[Exchange]) -> list[str]:
        """The first few of them, with their places in the journal."""
        places = {id(exchange): place for place, exchange in enumerate(self, 1)}
        return limit_list([f"{places[id(exchange)]:>3} {exchange}" for exchange in exchanges], _MOST_SHOWN)

    def _render_call_counts(self) -> str:
        counted = Counter(exchange.operation or f"{exchange.method} {exchange.path}" for exchange in self)
        if not counted:
            return _NOTHING
        return f"These were called: {', '.join(f'{name} ({number})' for name, number in counted.most_common(10))}."


def without_secrets(text: str, secrets: Iterable[str]) -> str:
    """The text without the secrets that stand in it as words."""
    for secret in secrets:
        text = re.sub(rf"(?<![\w-]){re.escape(secret)}(?![\w-])", "<token>", text)
    return text


def _spell_times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{count} times")


_LONGEST = 120


def compare_json(place: str, wanted: Any, found: Any) -> Iterator[str]:
    """How what was found differs from what is wanted there, a line each; nothing where it has all of it.

    Objects may have more keys than are wanted, at any depth; everything else must be equal.

    >>> list(compare_json("body", {"fieldData": {"name": "Ada"}}, {"fieldData": {"name": "Bob", "slug": "bob"}}))
    ["body.fieldData.name is 'Bob', not 'Ada'"]
    """
    if isinstance(wanted, Mapping) and isinstance(found, Mapping):
        for name, part in wanted.items():
            if name in found:
                yield from compare_json(f"{place}.{name}", part, found[name])
            else:
                yield f"{place}.{name} is missing; {suggest(str(name), map(str, found))}"
    elif isinstance(wanted, list) and isinstance(found, list) and len(wanted) == len(found):
        for number, (part, value) in enumerate(zip(wanted, found, strict=True)):
            yield from compare_json(f"{place}[{number}]", part, value)
    elif wanted != found or isinstance(wanted, bool) != isinstance(found, bool):
        yield f"{place} is {abbreviate(repr(found), _LONGEST)}, not {abbreviate(repr(wanted), _LONGEST)}"
