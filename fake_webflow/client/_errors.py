"""The errors of the client: one tree under `WebflowError`.

::

    WebflowError
    ├── ApiError              Webflow answered with an error
    │   ├── BadRequest        400
    │   ├── NotAuthorized     401
    │   ├── Forbidden         403
    │   ├── NotFound          404
    │   ├── Conflict          409
    │   ├── TooManyRequests   429
    │   └── ServerError       500 and above
    ├── UnexpectedAnswer      something answered that does not speak Webflow's language
    ├── ConnectionFailed      nothing answered
    └── UploadError           the file did not reach the upload host

All of them can be pickled, so they survive the way out of a worker process. None of their texts holds the token.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any


class WebflowError(Exception):
    """Whatever went wrong between the client and Webflow. Catch this one to catch them all."""


class ApiError(WebflowError):
    """Webflow answered with an error status; the subclass says which.

    Statuses without a subclass of their own are raised as this class.

    Args:
        message: Webflow's message, word for word.
        status: HTTP status.
        code: Webflow's error code such as ``validation_error``; None where the answer had none.
        details: The single mistakes, each ``{"param": field slug, "description": text}``.
        clauses: The rules that refused, by their names in the fake's ledger; empty on the real API, which names none.
        headers: The answer's headers, names in lower case.
        method: Method of the call.
        url: Address of the call, query included.
    """

    def __init__(
        self,
        message: str,
        status: int,
        code: str | None = None,
        details: Sequence[Any] = (),
        clauses: Sequence[str] = (),
        headers: Mapping[str, str] | None = None,
        method: str = "",
        url: str = "",
    ) -> None:
        # Every argument goes to the base class because pickle rebuilds an exception from them.
        super().__init__(message, status, code, details, clauses, headers, method, url)
        self.message = message
        self.status = status
        self.code = code
        self.details = list(details)
        self.clauses = tuple(clauses)
        self.headers = dict(headers or {})
        self.method = method
        self.url = url

    def __str__(self) -> str:
        text = " ".join(str(part) for part in (self.method, self.url, self.status, self.code) if part)
        text += f": {self.message}"
        if self.details:
            text += f" {self.details}"
        return text + (f" [{', '.join(self.clauses)}]" if self.clauses else "")


class BadRequest(ApiError):
    """400: the request is malformed or its data breaks a rule; ``details`` has one entry per bad field."""


class NotAuthorized(ApiError):
    """401: the token is missing, unknown, revoked or has no access to what was asked for."""


class Forbidden(ApiError):
    """403: the token is good but may not do this."""

    @property
    def missing_scopes(self) -> tuple[str, ...]:
        """Scopes the token lacks, such as ``cms:write``, read from the message; empty for another kind of 403."""
        if self.code != "missing_scopes":
            return ()
        return tuple(re.findall(r"[a-z_]+:[a-z_]+", self.message.partition("scopes")[2]))


class NotFound(ApiError):
    """404: there is no such thing, not in this locale, or not live."""


class Conflict(ApiError):
    """409: the call contradicts the state of the data, such as a live update of an item that was never published.

    Never repeated by the client: the state will not change by asking again.
    """


class TooManyRequests(ApiError):
    """429: the rate limit is used up, and was so still after the client's own waiting."""

    @property
    def retry_after(self) -> float | None:
        """Seconds to wait before the next call; None if the answer does not say so readably."""
        return seconds(self.headers.get("retry-after"))


class ServerError(ApiError):
    """500 and above: Webflow, or a gateway in front of it, failed. ``code`` is None for a gateway's own page."""


class UnexpectedAnswer(WebflowError):
    """The answer is not what Webflow sends: no JSON, another form, a redirect.

    Mostly a wrong base URL, or a proxy or firewall that answers in Webflow's place.

    Args:
        message: What is odd about it, with the beginning of the body.
        status: HTTP status.
        headers: The answer's headers, names in lower case.
        method: Method of the call.
        url: Address of the call.
    """

    def __init__(
        self, message: str, status: int, headers: Mapping[str, str] | None = None, method: str = "", url: str = ""
    ) -> None:
        super().__init__(message, status, headers, method, url)
        self.message = message
        self.status = status
        self.headers = dict(headers or {})
        self.method = method
        self.url = url

    def __str__(self) -> str:
        return " ".join(str(part) for part in (self.method, self.url, self.status) if part) + f": {self.message}"


class ConnectionFailed(WebflowError):
    """No answer came: no connection, a lost one, or a time-out. Whether the call took effect is not known.

    Args:
        message: What happened.
        method: Method of the call.
        url: Address of the call.
    """

    def __init__(self, message: str, method: str = "", url: str = "") -> None:
        super().__init__(message, method, url)
        self.message = message
        self.method = method
        self.url = url

    def __str__(self) -> str:
        return f"{self.method} {self.url}: {self.message}".lstrip()


class UploadError(WebflowError):
    """The asset was created, but its file did not reach the upload host.

    Args:
        message: S3's message, or what else happened.
        asset: Answer of the create call. The asset stays registered: delete it by its ``id`` to be rid of it.
        status: HTTP status of the upload host; None if it did not answer.
        code: S3's error code such as ``EntityTooLarge``; None if the answer had none.
        elements: All simple elements of S3's error document by name, such as ``MaxSizeAllowed``.
        clauses: The rules that refused, by their names in the fake's ledger; empty on the real S3.
    """

    def __init__(
        self,
        message: str,
        asset: Mapping[str, Any],
        status: int | None = None,
        code: str | None = None,
        elements: Mapping[str, str] | None = None,
        clauses: Sequence[str] = (),
    ) -> None:
        super().__init__(message, asset, status, code, elements, clauses)
        self.message = message
        self.asset = dict(asset)
        self.status = status
        self.code = code
        self.elements = dict(elements or {})
        self.clauses = tuple(clauses)

    def __str__(self) -> str:
        answered = " ".join(str(part) for part in (self.status, self.code) if part)
        text = f"upload of asset {self.asset.get('id')}: " + (f"{answered}: " if answered else "") + self.message
        return text + (f" [{', '.join(self.clauses)}]" if self.clauses else "")

    def __repr__(self) -> str:
        # The default would print the asset, and with it the signed form.
        return f"{type(self).__name__}({str(self)!r})"


def seconds(header: str | None) -> float | None:
    """Seconds a ``Retry-After`` header asks for; None if it is absent, a date or nonsense.

    Webflow always sends whole seconds there; the date form of HTTP would need a clock we share with the server.
    """
    try:
        value = float(header or "")
    except ValueError:
        return None
    return value if math.isfinite(value) and value >= 0 else None
