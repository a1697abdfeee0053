"""Sends requests, and sends them again where that is safe."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeAlias

import requests
from requests.auth import AuthBase
from requests.exceptions import ChunkedEncodingError, ContentDecodingError

from ._answers import JsonObject, json_object, raise_for_error, redacted
from ._errors import ConnectionFailed, seconds

Timeout: TypeAlias = float | tuple[float, float]
Query: TypeAlias = Mapping[str, Any] | Iterable[tuple[str, Any]]

LONGEST_WAIT = 120.0
"""Seconds. Webflow's windows last a minute; who is told to wait longer than two has to decide for themselves."""

_FIRST_BACK_OFF = 0.5
_LONGEST_BACK_OFF = 8.0
_REPEATABLE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE"})
_PASSING_FAILURES = frozenset({500, 502, 503, 504})
_LOST = (requests.ConnectionError, requests.Timeout, ChunkedEncodingError, ContentDecodingError)

logger = logging.getLogger("fake_webflow.client")


class _Bearer(AuthBase):
    """Adds the token to a request. An object of its own, so that ``.netrc`` has no say and no repr shows the token."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


class _NoCredentials(AuthBase):
    """Adds nothing, and keeps requests from looking into ``.netrc`` or the session for something to add."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        return request


def back_off(tries: int) -> float:
    """Seconds to wait after so many tries (1, 2, ...): a half, one, two ... at most eight. No jitter."""
    # The exponent is bounded as well, for whoever allows a thousand tries.
    return float(min(_FIRST_BACK_OFF * 2 ** min(tries - 1, 10), _LONGEST_BACK_OFF))


class Transport:
    """The way out: one session, one token, one rule for repeating.

    Repeated, at most ``retries`` times after the first try:

    * an answer 429, for every method, since nothing was done: after the seconds of its ``Retry-After``, or after the
      back-off if that is absent or unreadable. If more than `LONGEST_WAIT` is asked for, not at all.
    * an answer 500, 502, 503 or 504 and a lost connection, for methods that leave the same state when done twice
      (GET, PUT, PATCH, DELETE), after an exponential back-off. A PATCH sets the same values again. A DELETE that
      had gone through before its answer got lost answers 404 the second time, and that is what the caller sees.
      A POST is not repeated: it could create twice.

    Nothing else is: a 409 says no for a reason that waiting does not remove, although Webflow sends ``Retry-After``
    with it as with every other answer.

    Args:
        session: What sends. Used as it is, never changed.
        base_url: Address of the API, version included.
        token: The bearer token.
        retries: How often a call is repeated at most.
        sleep: Waits for so many seconds.
        timeout: Seconds for connecting and for reading, as requests takes it.

    Raises:
        ValueError: The token, the base URL or the number of retries cannot be.
    """

    def __init__(
        self,
        session: requests.Session,
        base_url: str,
        token: str,
        retries: int,
        sleep: Callable[[float], None],
        timeout: Timeout,
    ) -> None:
        # Said here because the message of requests for a bad header would show the token.
        if not token or not token.isascii() or not token.isprintable() or " " in token:
            raise ValueError("the token must be printable ASCII without spaces")
        if "@" in base_url.partition("://")[2].partition("/")[0]:
            raise ValueError("base_url must have no user and no password: errors and logs name it")
        if retries < 0:
            raise ValueError(f"retries must be 0 or more, not {retries}")
        self.session = session
        self.base_url = base_url.rstrip("/")
        self._token = token
        self._retries = retries
        self._sleep = sleep
        self._timeout = timeout

    def fetch(
        self, method: str, path: str, *, query: Query | None = None, json: Any = None, repeat_failures: bool = True
    ) -> JsonObject:
        """Send a call and return the JSON object it answers with.

        Args:
            method: HTTP method.
            path: Path below the base URL.
            query: Query parameters.
            json: Body.
            repeat_failures: False where a failure is known to be an answer that will not change.

        Raises:
            ApiError: Webflow answered with an error.
            UnexpectedAnswer: The answer is not Webflow's.
            ConnectionFailed: No answer came.
        """
        response = self.send(method, path, query=query, json=json, repeat_failures=repeat_failures)
        raise_for_error(response, self._token)
        return json_object(response, self._token)

    def order(self, method: str, path: str, *, query: Query | None = None, json: Any = None) -> None:
        """Send a call whose answer has no content. Raises the same as `fetch`."""
        raise_for_error(self.send(method, path, query=query, json=json), self._token)

    def check(self, response: requests.Response) -> None:
        """Raise what an answer means unless its status is a success. Raises the same as `fetch`."""
        raise_for_error(response, self._token)

    def redacted(self, text: str) -> str:
        """The text without the token."""
        return str(redacted(text, self._token))

    def send(
        self,
        method: str,
        path: str,
        *,
        query: Query | None = None,
        json: Any = None,
        data: bytes | str | None = None,
        headers: Mapping[str, str | None] | None = None,
        retry: bool = True,
        repeat_failures: bool = True,
    ) -> requests.Response:
        """Send a call to the API and return its answer, whatever that says. Redirects are not followed.

        Args:
            method: HTTP method.
            path: Path below the base URL, beginning with ``/``.
            query: Query parameters exactly as on the wire; pairs where a name occurs twice.
            json: Body to send as JSON.
            data: Body to send as it is, instead of ``json``.
            headers: More headers; None takes one out. An ``Authorization`` here replaces the token.
            retry: False sends the call once only.
            repeat_failures: False repeats it after a 429 only, whatever its method.

        Raises:
            ConnectionFailed: No answer came.
            ValueError: The path does not begin with ``/``.
        """
        if not path.startswith("/"):
            raise ValueError(f"a path begins with '/', unlike {path!r}")
        method = method.upper()
        all_headers = {"Accept": "application/json", **(headers or {})}
        named = any(name.lower() == "authorization" for name in all_headers)
        auth = _NoCredentials() if named else _Bearer(self._token)
        params = query if query is None or isinstance(query, Mapping) else list(query)
        url = self.base_url + path

        def attempt() -> requests.Response:
            return self.session.request(
                method,
                url,
                params=params,
                json=json,
                data=data,
                headers=all_headers,
                auth=auth,
                timeout=self._timeout,
                allow_redirects=False,
            )

        repeatable = repeat_failures and method in _REPEATABLE_METHODS
        return self._repeated(attempt, method, url, repeatable, self._retries if retry else 0)

    def post_form(self, url: str, make_body: Callable[[], Iterable[bytes]], content_type: str) -> requests.Response:
        """Post a streamed form to another host, without the token.

        Repeated like a call that is safe to repeat: the same object is stored again under the same key.

        Args:
            url: Where to.
            make_body: Makes the body anew for every try; what it makes has a length.
            content_type: Content type of the form, boundary included.

        Raises:
            ConnectionFailed: No answer came.
        """

        def attempt() -> requests.Response:
            return self.session.post(
                url,
                data=make_body(),
                headers={"Content-Type": content_type, "Authorization": None},
                auth=_NoCredentials(),
                timeout=self._timeout,
                allow_redirects=False,
            )

        return self._repeated(attempt, "POST", url, True, self._retries)

    def _repeated(
        self, attempt: Callable[[], requests.Response], method: str, url: str, repeatable: bool, retries: int
    ) -> requests.Response:
        for tries in range(1, retries + 1):
            try:
                response = attempt()
            except _LOST as error:
                if not repeatable:
                    raise self._failed(error, method, url) from error
                wait, reason = back_off(tries), type(error).__name__
            else:
                pause = _pause(response, tries, repeatable)
                if pause is None:
                    return response
                wait, reason = pause, str(response.status_code)
            logger.debug("%s %s: %s, again in %g s", method, self.redacted(url), reason, wait)
            self._sleep(wait)
        try:
            return attempt()
        except _LOST as error:
            raise self._failed(error, method, url) from error

    def _failed(self, error: Exception, method: str, url: str) -> ConnectionFailed:
        return ConnectionFailed(self.redacted(f"{type(error).__name__}: {error}"), method, self.redacted(url))


def _pause(response: requests.Response, tries: int, repeatable: bool) -> float | None:
    """Seconds to wait before the call is repeated; None if the answer stands."""
    if response.status_code == 429:
        asked = seconds(response.headers.get("Retry-After"))
        if asked is None:
            return back_off(tries)
        return asked if asked <= LONGEST_WAIT else None
    if repeatable and response.status_code in _PASSING_FAILURES:
        return back_off(tries)
    return None
