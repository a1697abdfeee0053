"""The API that is read: nothing is asked twice, no more than the budget, and no faster than the rate limit allows."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import requests

from ..client import (
    ApiError,
    ConnectionFailed,
    Forbidden,
    JsonObject,
    NotAuthorized,
    TooManyRequests,
    UnexpectedAnswer,
    WebflowClient,
    WebflowError,
)
from ..wording import abbreviate, join_lines, spell_count
from .files import PartialFile

_PAGE = 100
_LONGEST_REASON = 300  # characters
_WINDOW = 60.0  # seconds, where an answer does not say how long one lasts
_LONGEST_WAIT = 120.0
_SHORTEST_SECRET = 8  # characters; what is shorter stands in too many words


class PullFailed(Exception):
    """Why a site cannot be pulled; the text is one line.

    Args:
        reason: What is wrong.
        is_list: Whether it names what there is, and so is as long as that.
        begins_anew: Whether what was read so far is of no use.
    """

    def __init__(self, reason: str, *, is_list: bool = False, begins_anew: bool = False) -> None:
        line = join_lines(reason)
        super().__init__(line if is_list else abbreviate(line, _LONGEST_REASON))
        self.begins_anew = begins_anew


class SourceChanged(PullFailed):
    """The site was changed while it was read, so that what was read does not belong together.

    Args:
        what: That changed.
    """

    def __init__(self, what: str) -> None:
        super().__init__(f"{what} was changed while the site was read; the same command begins anew", begins_anew=True)


class _PacedSession(requests.Session):
    """Counts the calls of an API against a budget, and waits where its rate limit has none left.

    Args:
        base_url: Of the API; files are elsewhere, and no calls.
        budget: Most requests; None for any number.
        sleep: Waits for so many seconds.
    """

    def __init__(self, base_url: str, budget: int | None, sleep: Callable[[float], None]) -> None:
        super().__init__()
        self.sent = 0
        self._base_url = base_url
        self._budget = math.inf if budget is None else budget
        self._sleep = sleep
        self._wait = 0.0

    def send(self, request: requests.PreparedRequest, **options: Any) -> requests.Response:
        """Sends a request.

        Raises:
            PullFailed: The budget is spent.
        """
        if not (request.url or "").startswith(self._base_url):
            return super().send(request, **options)
        if self.sent >= self._budget:
            spent = spell_count(self.sent, "request")
            raise PullFailed(f"the budget of {spent} is spent; the same command goes on from here")
        if self._wait:
            self._sleep(self._wait)
            self._wait = 0.0
        self.sent += 1
        response = super().send(request, **options)
        # A refusal is waited out by the client.
        if response.status_code != 429 and response.headers.get("X-RateLimit-Remaining") == "0":
            asked = response.headers.get("Retry-After", "")
            self._wait = min(float(asked), _LONGEST_WAIT) if asked.isdecimal() else _WINDOW
        return response


class Source:
    """The site's API, of which each answer is asked for once, in this run or in an earlier one.

    Args:
        base_url: Of the API, version included.
        token: The bearer token. It is taken out of whatever is kept.
        partial: Where answers are kept.
        budget: Most requests of this run; None for any number.
        sleep: Waits for so many seconds.

    Raises:
        PullFailed: The token cannot be one.
    """

    def __init__(
        self, base_url: str, token: str, partial: PartialFile, budget: int | None, sleep: Callable[[float], None]
    ) -> None:
        self._base_url = base_url
        self._partial = partial
        self._session = _PacedSession(base_url, budget, sleep)
        self._secret = json.dumps(token)[1:-1]
        try:
            self.client = WebflowClient(token, base_url=base_url, session=self._session, sleep=sleep)
        except ValueError as error:
            raise PullFailed(str(error)) from None

    @property
    def requests(self) -> int:
        """How many were sent to the API in this run."""
        return self._session.sent

    def ask(
        self,
        name: str,
        fetch: Callable[[], JsonObject],
        clean: Callable[[JsonObject], JsonObject] = lambda answer: answer,
    ) -> JsonObject:
        """An answer of the API, as it was when it was first asked for.

        Args:
            name: Of the question.
            fetch: Asks it.
            clean: Takes out of the answer what must not be kept.

        Raises:
            PullFailed: There is none.
        """
        known = self._partial.find(name)
        if known is not None:
            return known
        answer = self._hide_token(clean(self._fetch(fetch)))
        self._partial.keep(name, answer)
        return answer

    def ask_pages(
        self,
        name: str,
        key: str,
        fetch: Callable[[int, int], JsonObject],
        clean: Callable[[JsonObject], JsonObject] = lambda answer: answer,
    ) -> Iterator[JsonObject]:
        """The pages of a listing, each as it was when it was first asked for.

        Args:
            name: Of the listing.
            key: Where in a page its entries are.
            fetch: Asks for the page of a limit and an offset.
            clean: As for ``ask``.

        Raises:
            PullFailed: There is none, or it has not the form of a page.
            SourceChanged: Entries came or went between two pages.
        """
        offset, total = 0, None
        while total is None or offset < total:
            page = self.ask(f"{name} from {offset}", partial(fetch, _PAGE, offset), clean)
            entries, pagination = page.get(key), page.get("pagination")
            if not isinstance(entries, list) or not isinstance(pagination, dict) or "total" not in pagination:
                raise PullFailed(f"{name}: the answer has not the form of a page")
            if total not in (None, pagination["total"]) or (not entries and offset < pagination["total"]):
                raise SourceChanged(name)
            yield page
            offset, total = offset + len(entries), pagination["total"]

    def find(self, name: str) -> JsonObject | None:
        """An answer that is known already, or None."""
        return self._partial.find(name)

    def download(self, url: str) -> bytes | None:
        """The bytes of a file, asked for without the token; None where there are none.

        Raises:
            PullFailed: Its host cannot be reached, or fails.
        """
        try:
            response = self._session.get(url, headers={"Authorization": None}, auth=_add_nothing, timeout=(10, 60))
        except (requests.RequestException, ValueError) as error:
            raise PullFailed(f"cannot download {url}: {_name_failure(error)}") from None
        if response.status_code in (403, 404):
            return None
        if not response.ok:
            raise PullFailed(f"cannot download {url}: status {response.status_code}")
        return response.content

    def close(self) -> None:
        """Closes its connections."""
        self._session.close()

    def _hide_token(self, answer: JsonObject) -> JsonObject:
        if len(self._secret) < _SHORTEST_SECRET:
            return answer
        text = json.dumps(answer)
        hidden: JsonObject = json.loads(text.replace(self._secret, "***")) if self._secret in text else answer
        return hidden

    def _fetch(self, fetch: Callable[[], JsonObject]) -> JsonObject:
        try:
            return fetch()
        except WebflowError as error:
            raise PullFailed(self._explain(error)) from None
        except requests.RequestException as error:  # an address that cannot be asked at all
            raise PullFailed(f"cannot reach {self._base_url}: {_name_failure(error)}") from None

    def _explain(self, error: WebflowError) -> str:
        if isinstance(error, ConnectionFailed):
            return f"cannot reach {self._base_url}: {error.message}"
        if isinstance(error, NotAuthorized):
            return f"{self._base_url} refuses the token: {error.message}"
        if isinstance(error, Forbidden) and error.missing_scopes:
            return f"the token lacks the scope {', '.join(error.missing_scopes)}, which {_path(error)} needs"
        if isinstance(error, TooManyRequests):
            return f"the rate limit refuses however long is waited ({_path(error)}); the same command goes on from here"
        if isinstance(error, UnexpectedAnswer):
            return f"{self._base_url} does not answer as Webflow does: {error}"
        if isinstance(error, ApiError):
            return f"{_path(error)} is refused with {error.status}: {error.message}"
        return str(error)


def _add_nothing(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Keeps requests from looking into ``.netrc`` for something to add."""
    return request


def _path(error: ApiError) -> str:
    return f"{error.method} {urlsplit(error.url).path}"


def _name_failure(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"


def pick(answer: Mapping[str, Any], keys: Sequence[str]) -> JsonObject:
    """Of an answer what is asked for, as far as it is there."""
    return {key: answer[key] for key in keys if key in answer}
