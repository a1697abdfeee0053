"""Keeps a test's requests, so that a report can show what was asked, as lines for a shell."""

from __future__ import annotations

import re
import shlex
from collections import Counter, deque
from typing import Any

import requests

from fake_webflow.message import join_curl

_LAST = 20
_ID = re.compile(r"[0-9a-f]{24}")
_ENDING_ID = re.compile(r"/([0-9a-f]{24})$")
_LONGEST_BODY = 2000
TOKEN_HEADER = '"Authorization: Bearer $WEBFLOW_TOKEN"'
"""The header of the target's token, as a word of a shell."""
UNKNOWN_AUTHORIZATION = "Bearer nothing"
BAD_AUTHORIZATIONS = (UNKNOWN_AUTHORIZATION, "", "Bearer", "Basic bm90aGluZw==")
"""What tests send in place of the token."""
_HIDDEN_HEADERS = frozenset(
    ["user-agent", "accept-encoding", "connection", "content-length", "authorization", "accept"]
)


class Recorder:
    """Watches a session: how many answers it saw, how many of them may have changed something, the last requests.

    Args:
        session: What the target's client sends with.
    """

    def __init__(self, session: requests.Session) -> None:
        self.response_count = 0
        self.upload_count = 0
        self.deleted_ids: set[str] = set()
        """The ids of what was deleted as a whole."""
        self.notes: set[str] = set()
        """What is otherwise than expected, but nothing that a client can depend on."""
        self.header_names: set[str] = set()
        """The names of the headers of answers to requests with a token, in lower case."""
        self._write_counts: Counter[str] = Counter()
        self._last_requests: deque[requests.PreparedRequest] = deque(maxlen=_LAST)
        session.hooks["response"].append(self._record)

    def reset(self) -> None:
        """Begins anew, for the next test."""
        self._last_requests.clear()

    def note(self, fact: str) -> None:
        """Notes a fact of the target that is not a difference."""
        self.notes.add(fact)

    def count_writes(self, thing_id: str) -> int:
        """How many answers may have changed something of a collection, site, asset or the like."""
        return self._write_counts[thing_id]

    def curl_lines(self) -> tuple[str, ...]:
        """The requests since ``reset``, at most the last twenty, oldest first."""
        return tuple(to_curl(request) for request in self._last_requests)

    def _record(self, response: requests.Response, *_args: Any, **_options: Any) -> None:
        self.response_count += 1
        if "Authorization" in response.request.headers:
            self.header_names.update(map(str.lower, response.headers))
        # A failure of the server may come after the change; any other refusal promises that there is none.
        if response.request.method not in ("GET", "HEAD") and not 400 <= response.status_code < 500:
            self.upload_count += "Authorization" not in response.request.headers
            if response.request.method == "DELETE" and response.status_code == 204:
                self.deleted_ids.update(_ENDING_ID.findall(response.request.url or ""))
            self._write_counts.update(_ID.findall(response.request.url or "")[:1])
        self._last_requests.append(response.request)


def to_curl(request: requests.PreparedRequest) -> str:
    """The request as a line for a shell; the target's token stands in the variable ``WEBFLOW_TOKEN``."""
    headers = []
    if (authorization := request.headers.get("Authorization")) is not None:
        # curl leaves a header without a value out, unless it ends so.
        sent = shlex.quote(f"Authorization: {authorization}" if authorization else "Authorization;")
        headers.append(sent if authorization in BAD_AUTHORIZATIONS else TOKEN_HEADER)
    headers += [
        shlex.quote(f"{name}: {value!s}")
        for name, value in request.headers.items()
        if name.lower() not in _HIDDEN_HEADERS
    ]
    body = None if request.body is None else shlex.quote(_show_body(request.body))
    return join_curl(request.method or "GET", shlex.quote(request.url or ""), headers, body, options="-i")


def _show_body(body: Any) -> str:
    if isinstance(body, bytes):
        body = body.decode("utf-8", "replace")
    if not isinstance(body, str):
        return "(a form with a file)"
    return body if len(body) <= _LONGEST_BODY else body[:_LONGEST_BODY] + "... (cut)"
