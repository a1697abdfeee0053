"""Keeps a test's requests, so that a report can show what was asked, as lines for a shell."""

from __future__ import annotations

import shlex
from collections import deque
from typing import Any

import requests

_LAST = 20
_LONGEST_BODY = 2000
_NOT_SHOWN = frozenset(["user-agent", "accept-encoding", "connection", "content-length", "authorization", "accept"])


class Recorder:
    """Watches a session. ``count`` is how many answers it ever saw; the last few requests are kept.

    Args:
        session: What the target's client sends with.
    """

    def __init__(self, session: requests.Session) -> None:
        self.count = 0
        self._last: deque[requests.PreparedRequest] = deque(maxlen=_LAST)
        session.hooks["response"].append(self._see)

    def forget(self) -> None:
        """Begins anew, for the next test."""
        self._last.clear()

    def curl_lines(self) -> tuple[str, ...]:
        """The requests since ``forget``, at most the last twenty, oldest first."""
        return tuple(curl(request) for request in self._last)

    def _see(self, response: requests.Response, *_args: Any, **_options: Any) -> None:
        self.count += 1
        self._last.append(response.request)


def curl(request: requests.PreparedRequest) -> str:
    """The request as a line for a shell; the token stands in the variable ``WEBFLOW_TOKEN``."""
    parts = ["curl", "-i", "-X", request.method or "GET", shlex.quote(request.url or "")]
    if "Authorization" in request.headers:
        parts += ["-H", '"Authorization: Bearer $WEBFLOW_TOKEN"']
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
