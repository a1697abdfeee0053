"""How requests are paced and counted: a target's rate headers are honoured, and a run's budget is never overdrawn."""

from __future__ import annotations

import math
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import BaseAdapter

from .clauses import NotCheckable

DEFAULT_BUDGET = 600
"""Requests of a full pass where calls are rationed."""
LIMIT_HEADER, REMAINING_HEADER, RETRY_AFTER_HEADER = "X-RateLimit-Limit", "X-RateLimit-Remaining", "Retry-After"
_WINDOW_SECONDS = 60.0  # seconds, where a refusal does not say how long
_MAX_WAITS = 3
_LONGEST_WAIT = 120.0  # seconds; Webflow's windows last a minute
_MAX_FAILURES = 6
_MAX_TRIES = 3
_RETRY_SECONDS = 0.5
_REPEATABLE = frozenset(["GET", "HEAD", "PUT", "PATCH"])
"""Methods of requests that may arrive twice: what they ask for is then so all the same."""
_EQUAL_ANSWERS_WHEN_FREE = 2
# Seconds between two writes: dates are told in milliseconds, and a target on this machine does two writes in one.
_WRITE_INTERVAL = 0.001


@dataclass(frozen=True, slots=True)
class Window:
    """What an answer says of the rate limit; None where it says nothing.

    Args:
        limit: Requests a minute.
        remaining: Requests until the window ends.
        seconds: Until then.
    """

    limit: int | None
    remaining: int | None
    seconds: int | None

    @classmethod
    def from_response(cls, response: requests.Response) -> Window:
        """What the headers say."""
        names = (LIMIT_HEADER, REMAINING_HEADER, RETRY_AFTER_HEADER)
        return cls(*(_header_number(response, name) for name in names))

    @property
    def lasts_too_long(self) -> bool:
        """Whether nobody would wait for its end."""
        return (self.seconds or 0) > _LONGEST_WAIT

    @property
    def wait(self) -> float:
        """Seconds to wait for its end."""
        return _WINDOW_SECONDS if self.seconds is None else self.seconds


class BudgetSpent(NotCheckable):
    """Raised in place of a request that the budget has no room for."""


class Pacer:
    """The rate limit of a target as its headers tell it, and what a run has spent.

    A run is rationed where a budget was named, or where the target shows a limit. A target that may turn out to be
    free (a fake on this machine, whose headers speak of the usual limit though it enforces none) is free as soon as
    it answers without counting down.

    Args:
        base_url: Of the API; nothing else has a rate limit.
        token: Whose requests are counted.
        budget: Most requests of the run; None where nobody named one.
        may_be_free: Whether a limit that is shown but not enforced sets the run free.
        sleep: Waits for so many seconds.
        clock: Seconds, from any beginning.
    """

    def __init__(
        self,
        base_url: str,
        token: str,
        *,
        budget: int | None = None,
        may_be_free: bool = False,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.spent = 0
        self.waited = 0.0
        self.limit: int | None = None
        self.retries: Counter[str] = Counter()
        """How many requests were sent again, by what the first answer was."""
        self.allowance: int | None = None
        """How much may be spent in all, for now; None for as much as is needed."""
        self._base, self._authorization = base_url.rstrip("/"), f"Bearer {token}"
        self._budget, self._may_be_free, self._is_free = budget, may_be_free and budget is None, False
        self._sleep, self._clock = sleep, clock
        self._remaining: int | None = None
        self._window_ends = 0.0
        self._equal_answers = 0
        self._last_write = -math.inf
        self._failures: list[str] = []
        self._refusal_reason = ""

    @property
    def is_rationed(self) -> bool:
        """Whether calls are to be spared."""
        if self._budget is not None or not self._may_be_free:
            return True
        return self.limit is not None and not self._is_free

    @property
    def budget(self) -> int | None:
        """Most requests of the run; None where any number may be sent."""
        return (self._budget or DEFAULT_BUDGET) if self.is_rationed else None

    @property
    def unresponsive_reason(self) -> str:
        """What the target does instead of answering, if it stopped answering; otherwise nothing."""
        failing = self._failures[-1] if len(self._failures) >= _MAX_FAILURES else ""
        return self._refusal_reason or failing

    def wrap(self, inner: BaseAdapter) -> BaseAdapter:
        """A way out that keeps this pace."""
        return _PacedAdapter(inner, self)

    def before_request(self, request: requests.PreparedRequest) -> None:
        """Counts a request that is about to be sent, waiting first if no more is allowed before the window ends.

        Raises:
            BudgetSpent: The allowance is used up.
        """
        if self.allowance is not None and self.spent >= self.allowance:
            raise BudgetSpent("not checked this time: the budget of requests was spent in the middle of it")
        if self._is_counted(request) and self._remaining == 0 and not self._refusal_reason:
            self._wait(self._window_ends - self._clock())
        if _is_write(request) and self._clock() - self._last_write < _WRITE_INTERVAL:
            self._sleep(_WRITE_INTERVAL)
        self.spent += 1

    def note_retry(self, reason: str, request: requests.PreparedRequest) -> None:
        """Counts a request that is sent again, and waits a little.

        Raises:
            BudgetSpent: The allowance is used up.
        """
        self.retries[reason] += 1
        self._sleep(_RETRY_SECONDS)
        self.before_request(request)

    def note_failure(self, error: Exception) -> None:
        """Notes that no answer came."""
        self._failures.append(type(error).__name__)

    def note_response(self, response: requests.Response) -> None:
        """Notes what an answer says of the limit."""
        if _is_write(response.request):
            self._last_write = self._clock()
        if response.status_code >= 500:
            self._failures.append(f"status {response.status_code}")
        else:
            self._failures.clear()
        if self._is_counted(response.request):
            self._note_window(Window.from_response(response), is_refused=response.status_code == 429)

    def _note_window(self, window: Window, *, is_refused: bool) -> None:
        if window.lasts_too_long and (is_refused or window.remaining == 0):
            self._refusal_reason = f"it asks to wait {window.seconds} seconds"
        elif not is_refused:
            self._refusal_reason = ""
        if window.limit is None or window.remaining is None:
            return
        # A limit that is enforced counts down with every answer but a refusal.
        is_equal = window.remaining == self._remaining and not is_refused
        self._equal_answers = self._equal_answers + 1 if is_equal else 0
        self._is_free = self._is_free or (self._may_be_free and self._equal_answers >= _EQUAL_ANSWERS_WHEN_FREE)
        self.limit, self._remaining, self._window_ends = window.limit, window.remaining, self._clock() + window.wait

    def wait_out(self, response: requests.Response) -> None:
        """Waits as long as a refusal asks for."""
        self._wait(Window.from_response(response).wait)

    def give_up(self) -> None:
        """Notes that waiting did not help."""
        self._refusal_reason = "its rate limit refuses however long is waited"

    def is_refusal(self, response: requests.Response) -> bool:
        """Whether an answer refuses by the limit that is counted here, and it makes sense to wait."""
        return response.status_code == 429 and self._is_counted(response.request) and not self._refusal_reason

    def _wait(self, seconds: float) -> None:
        self._remaining = None
        if seconds > 0:
            self.waited += seconds
            self._sleep(seconds)

    def _is_counted(self, request: requests.PreparedRequest) -> bool:
        """Whether a request counts: of our token, to the API, and no site publish, which has figures of its own."""
        url = request.url or ""
        ours = url.startswith(self._base) and request.headers.get("Authorization") == self._authorization
        path = urlsplit(url).path
        return ours and not (path.endswith("/publish") and "/sites/" in path)


class _PacedAdapter(BaseAdapter):
    """Sends by another adapter, at a pace."""

    def __init__(self, inner: BaseAdapter, pacer: Pacer) -> None:
        super().__init__()
        self._inner = inner
        self._pacer = pacer

    def send(self, request: requests.PreparedRequest, *args: Any, **options: Any) -> requests.Response:
        """Sends a request, again after a refusal by the limit.

        Raises:
            BudgetSpent: The allowance is used up.
            NotCheckable: The limit refuses however long is waited.
            requests.RequestException: No answer came.
        """
        for tries in range(_MAX_WAITS + 1):
            self._pacer.before_request(request)
            response = self._send_patiently(request, *args, **options)
            self._pacer.note_response(response)
            if not self._pacer.is_refusal(response):
                return response
            if tries < _MAX_WAITS:
                self._pacer.wait_out(response)
        self._pacer.give_up()
        raise NotCheckable("the rate limit refuses again and again, though its Retry-After was waited for")

    def _send_patiently(self, request: requests.PreparedRequest, *args: Any, **options: Any) -> requests.Response:
        """The answer; asked for again where the way to the API failed, and a second request does no harm.

        Raises:
            BudgetSpent: The allowance is used up.
            requests.RequestException: No answer came.
        """
        for tries_left in reversed(range(_MAX_TRIES)):
            again = tries_left > 0 and request.method in _REPEATABLE and not self._pacer.unresponsive_reason
            try:
                response = _send_within(options.get("timeout"), lambda: self._send_whole(request, *args, **options))
            except requests.RequestException as error:
                self._pacer.note_failure(error)
                if not again or isinstance(error, requests.ReadTimeout):
                    raise
                self._pacer.note_retry("a broken connection", request)
                continue
            if not (again and _is_of_a_gateway(response)):
                return response
            self._pacer.note_response(response)
            self._pacer.note_retry(f"{response.status_code} of a gateway", request)
        raise AssertionError("the last try ends it")

    def _send_whole(self, request: requests.PreparedRequest, *args: Any, **options: Any) -> requests.Response:
        """The answer, its body read."""
        response = self._inner.send(request, *args, **options)
        _ = response.content
        return response

    def close(self) -> None:
        """Closes the connections."""
        self._inner.close()


def _send_within(timeout: Any, send: Callable[[], requests.Response]) -> requests.Response:
    """The answer, if it is there after as many seconds as may pass with nothing of it.

    The time-outs of a socket begin anew with each byte.

    Raises:
        requests.ReadTimeout: It is not.
        requests.RequestException: No answer came.
    """
    results: list[requests.Response | BaseException] = []

    def run() -> None:
        try:
            results.append(send())
        except BaseException as error:
            results.append(error)

    thread = threading.Thread(target=run, name="contract request", daemon=True)
    thread.start()
    seconds = max(timeout) if isinstance(timeout, tuple) else timeout
    try:
        thread.join(seconds)
    except KeyboardInterrupt:
        thread.join(seconds)  # so that whoever cleans up now finds what was asked for
        raise
    if not results:
        raise requests.ReadTimeout(f"Read timed out: no whole answer within {seconds:g} seconds")
    [result] = results
    if isinstance(result, BaseException):
        raise result
    return result


def _is_of_a_gateway(response: requests.Response) -> bool:
    """Whether an answer is a failure that the API did not write: its own are JSON, or XML where files are."""
    kind = response.headers.get("Content-Type", "").partition(";")[0]
    return response.status_code in (502, 503, 504) and not kind.endswith(("json", "xml"))


def _is_write(request: requests.PreparedRequest) -> bool:
    return request.method not in ("GET", "HEAD")


def _header_number(response: requests.Response, header: str) -> int | None:
    """The whole number of a header; None if it says none."""
    text = response.headers.get(header, "")
    return int(text) if text.isdecimal() and len(text) < 10 else None
