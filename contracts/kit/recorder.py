"""Keeps a test's requests, so that a report can show what was asked, as lines for a shell."""

from __future__ import annotations

import re
import shlex
from collections import Counter, deque
from typing import Any

import requests

_LAST = 20
_ID = re.compile(r"[0-9a-f]{24}")
_ENDING_ID = re.compile(r"/([0-9a-f]{24})$")
_LONGEST_BODY = 2000
_BY_TOKEN = ["-H", '"Authorization: Bearer $WEBFLOW_TOKEN"']
NOBODY = "Bearer nothing"
NOBODYS = (NOBODY, "", "Bearer", "Basic bm90aGluZw==")
"""What tests send in place of the token."""
_NOT_SHOWN = frozenset(["user-agent", "accept-encoding", "connection", "content-length", "authorization", "accept"])


class Recorder:
    """Watches a session: how many answers it saw, how many of them may have changed something, the last requests.

    Args:
        session: What the target's client sends with.
    """

    def __init__(self, session: requests.Session) -> None:
        self.count = 0
        self.uploads = 0
        self.deleted: set[str] = set()
        """The ids of what was deleted as a whole."""
        self._writes: Counter[str] = Counter()
        self._last: deque[requests.PreparedRequest] = deque(maxlen=_LAST)
        session.hooks["response"].append(self._see)

    def forget(self) -> None:
        """Begins anew, for the next test."""
        self._last.clear()

    def writes_to(self, thing_id: str) -> int:
        """How many answers may have changed something of a collection, site, asset or the like."""
        return self._writes[thing_id]

    def curl_lines(self) -> tuple[str, ...]:
        """The requests since ``forget``, at most the last twenty, oldest first."""
        return tuple(curl(request) for request in self._last)

    def _see(self, response: requests.Response, *_args: Any, **_options: Any) -> None:
        self.count += 1
        # A failure of the server may come after the change; any other refusal promises that there is none.
        if response.request.method not in ("GET", "HEAD") and not 400 <= response.status_code < 500:
            self.uploads += "Authorization" not in response.request.headers
            if response.request.method == "DELETE" and response.status_code == 204:
                self.deleted.update(_ENDING_ID.findall(response.request.url or ""))
            self._writes.update(_ID.findall(response.request.url or "")[:1])
        self._last.append(response.request)


def curl(request: requests.PreparedRequest) -> str:
    """The request as a line for a shell; the target's token stands in the variable ``WEBFLOW_TOKEN``."""
    parts = ["curl", "-i", "-X", request.method or "GET", shlex.quote(request.url or "")]
    if (sent := request.headers.get("Authorization")) is not None:
        shown = sent in NOBODYS
        # curl leaves a header without a value out, unless it ends so.
        parts += ["-H", shlex.quote(f"Authorization: {sent}" if sent else "Authorization;")] if shown else _BY_TOKEN
    for name, value in request.headers.items():
        if name.lower() not in _NOT_SHOWN:
            parts += ["-H", shlex.quote(f"{name}: {value!s}")]
    if request.body is not None:
        parts += ["--data-binary", shlex.quote(_shown(request.body))]
    return " ".join(parts)


def _shown(body: Any) -> str:
    if isinstance(body, bytes):
        body = body.decode("utf-8", "replace")
    if not isinstance(body, str):
        return "(a form with a file)"
    return body if len(body) <= _LONGEST_BODY else body[:_LONGEST_BODY] + "... (cut)"
