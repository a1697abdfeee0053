"""What a state machine did, as a script to paste: its writes and the last call, ids under names."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import requests

from .twin.calls import Call, mapped
from .twin.scripts import curl_lines, python_lines

_ID = re.compile(r"(?<![0-9a-f])[0-9a-f]{24}(?![0-9a-f])")
_MOST = 40


class Story:
    """Watches a session during one run of a machine.

    Args:
        session: What the machine's client sends with.
        base_url: Of the API.
        known: Ids that were there before, by their names: ``site``, ``locale#0``.
    """

    def __init__(self, session: requests.Session, base_url: str, known: dict[str, str]) -> None:
        self._session = session
        self._base_url = base_url
        self._names = {known_id: name for name, known_id in known.items()}
        self._calls: list[Call] = []
        session.hooks["response"].append(self._see)

    def close(self) -> None:
        """Stops watching."""
        self._session.hooks["response"].remove(self._see)

    def text(self, expected: str, seen: str) -> str:
        """The calls as Python and as lines for a shell, with what should have come and what came instead."""
        calls = [call for call in self._calls[:-1] if call.method != "GET"] + self._calls[-1:]
        told = calls[-_MOST:]
        python = [*python_lines(told), f"# the answer to the last call; expected: {expected}; seen: {seen}"]
        return "\n".join(["in Python, with a client of fake_webflow.client and an ExitStack named end:", *python, "",
                          "in a shell:", *curl_lines(told)])  # fmt: skip

    def _see(self, response: requests.Response, *_args: Any, **_options: Any) -> None:
        request = response.request
        if not str(request.url).startswith(self._base_url):
            return
        parts = urlsplit(str(request.url).removeprefix(self._base_url))
        body = json.loads(request.body) if request.body else None
        call = Call(
            str(request.method),
            self._named(parts.path),
            mapped(body, self._named),
            tuple((name, self._named(value)) for name, value in parse_qsl(parts.query)),
        )
        makes = self._learnt(call, response) if request.method == "POST" and response.status_code < 300 else ()
        self._calls.append(Call(call.method, call.path, call.body, call.query, makes))

    def _learnt(self, call: Call, response: requests.Response) -> tuple[str, ...]:
        body = response.json() if response.content else {}
        rows = body.get("items", [body])
        kind = {"collections.create": "collection"}.get(call.operation, "item")
        new = dict.fromkeys(row["id"] for row in rows if "id" in row and row["id"] not in self._names)
        return tuple(self._name(known_id, kind) for known_id in new)

    def _name(self, known_id: str, kind: str) -> str:
        number = sum(name.startswith(f"{kind}#") for name in self._names.values()) + 1
        self._names[known_id] = f"{kind}#{number}"
        return self._names[known_id]

    def _named(self, text: str) -> str:
        return _ID.sub(lambda match: f"{{{self._names.get(match[0], 'item#0')}}}", text)


def known_ids(site_id: str, locales: Iterable[str]) -> dict[str, str]:
    """The ids a machine does not make."""
    return {"site": site_id, **{f"locale#{number}": locale for number, locale in enumerate(locales)}}
