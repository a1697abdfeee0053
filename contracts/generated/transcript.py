"""What a session asked for, as calls by reference, so that it can be made again elsewhere."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import requests

from fake_webflow.client import JsonObject

from ..kit.recorder import BAD_AUTHORIZATIONS
from ..kit.targets import Target
from .calls import CallSpec, map_texts
from .playing import Player
from .reproduction import Places, Reproduction

_ID = re.compile(r"(?<![0-9a-f])[0-9a-f]{24}(?![0-9a-f])")
_MAX_CALLS = 40
_KINDS = {
    "collections.create": "collection",
    "assets.create": "asset",
    "webhooks.create": "webhook",
    "asset-folders.create": "folder",
    "fields.create": "part",
}
_USUAL_HEADERS = frozenset(
    ["accept", "accept-encoding", "connection", "content-length", "user-agent", "host", "content-type", "authorization"]
)


class Transcript:
    """Watches a session from now on.

    Args:
        target: What the session sends to.
        site: The site that is worked in, as the API answers it.
        mark: What makes the names of this run unlike those of others.
    """

    def __init__(self, target: Target, site: JsonObject, mark: str) -> None:
        self._target, self._site, self._mark = target, site, mark
        self._names = Player(target, site, mark).names
        self._recorded: list[tuple[CallSpec, requests.Response]] = []
        target.http.hooks["response"].append(self._record)

    def close(self) -> None:
        """Stops watching."""
        self._target.http.hooks["response"].remove(self._record)

    @classmethod
    def of_past(cls, target: Target, site: JsonObject, mark: str, responses: Iterable[requests.Response]) -> Transcript:
        """A transcript of what a session was answered before, in this order."""
        transcript = cls(target, site, mark)
        transcript.close()
        for response in responses:
            transcript._record(response)
        return transcript

    def to_places(self, title: str, expected: Places, seen: Places) -> Reproduction:
        """All calls, the last of which should hold these values in these places, and holds those."""
        return Reproduction(title, [call for call, _ in self._recorded], expected, seen)

    def to_reproduction(self, title: str, expected: str) -> Reproduction:
        """The calls that wrote something, and the last one, whose answer is not as expected.

        Args:
            title: One line that says what it shows.
            expected: What that answer should have been, in words.
        """
        written = [recorded for recorded in self._recorded[:-1] if recorded[0].method != "GET"]
        shown = [*written, self._recorded[-1]][-_MAX_CALLS:]
        # Times are named by the call that set them, so the answers are read again without the calls left out.
        names = Player(self._target, self._site, self._mark).names
        last = [names.normalize(*recorded) for recorded in shown][-1]
        seen = {"status": last.status, **({"body": last.body} if last.body else {})}
        return Reproduction(title, [call for call, _ in shown], expected, seen)

    def _record(self, response: requests.Response, *_args: Any, **_options: Any) -> None:
        request, base_url = response.request, self._target.client.base_url
        if not str(request.url).startswith(base_url):
            return
        parts = urlsplit(str(request.url).removeprefix(base_url))
        body, data = _read_body(request.body)
        call = CallSpec(
            str(request.method),
            self._replace_ids(parts.path),
            map_texts(body, self._replace_ids),
            tuple((name, self._replace_ids(value)) for name, value in parse_qsl(parts.query, keep_blank_values=True)),
            headers=_own_headers(request, has_json=data is None),
            data=None if data is None else self._replace_ids(data),
        )
        if request.method == "POST" and response.status_code < 300:
            call = replace(call, makes=self._name_created(call, response))
        self._recorded.append((call, response))

    def _name_created(self, call: CallSpec, response: requests.Response) -> tuple[str, ...]:
        body = response.json() if response.content else {}
        kind = _KINDS.get(call.operation, "item")
        known_ids = dict.fromkeys(row["id"] for row in body.get("items", [body]) if "id" in row)
        return tuple(self._names.add(known_id, kind) for known_id in known_ids if not self._names.knows(known_id))

    def _replace_ids(self, text: str) -> str:
        return _ID.sub(lambda match: f"{{{self._names.name_of(match[0])}}}", text).replace(self._mark, "{mark}")


def _read_body(body: Any) -> tuple[Any, str | None]:
    """The JSON of a request, or else its text.

    Raises:
        UnicodeDecodeError: It is neither.
    """
    if not body:
        return None, None
    text = body.decode() if isinstance(body, bytes) else str(body)
    try:
        return json.loads(text), None
    except ValueError:
        return None, text


def _own_headers(request: requests.PreparedRequest, *, has_json: bool) -> tuple[tuple[str, str], ...]:
    """The headers that a call has beside those that all calls have; the token is in none."""
    found = {name: str(value) for name, value in request.headers.items() if name.lower() not in _USUAL_HEADERS}
    authorization = request.headers.get("Authorization", "")
    if authorization in BAD_AUTHORIZATIONS:
        found["Authorization"] = str(authorization)
    content_type = request.headers.get("Content-Type", "")
    if content_type and not (has_json and content_type == "application/json"):
        found["Content-Type"] = str(content_type)
    return tuple(found.items())
