"""The state machine of ``lifecycle_model`` in a sandbox, and one recorded sequence for targets that count calls."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import requests

from ..kit.clauses import ClauseDiffers
from ..kit.sandbox import Collection, Sandbox
from ..kit.targets import InProcessTarget
from ..twin.calls import Call, mapped
from ..twin.scripts import curl_lines, python_lines
from .lifecycle_model import LifecycleMachine, Place

NOTES = [{"type": "PlainText", "displayName": name} for name in ("Note", "Other")]
# A sequence that Hypothesis made, a little put in order: every rule but a site publish, good and bad.
RECORDED: tuple[tuple[str, dict[str, Any]], ...] = (
    ("create", {"notes": {"note": "x"}, "draft": None, "where": 0, "reused": True, "slug": None, "live": True}),
    ("create", {"notes": {}, "draft": False, "where": 1, "reused": False, "slug": "alpha", "live": False}),
    ("create_in_bulk", {"count": 2, "where": [1, 0], "draft": None, "slug": "alpha"}),
    ("insert_variants", {"place": 0, "where": [2], "notes": {"other": None}}),
    ("insert_variants", {"place": 0, "where": [0, 2], "notes": {}}),
    ("edit", {"place": 1, "notes": {"note": None}, "draft": None, "archived": None, "slug": "beta", "live": True}),
    ("edit", {"place": 4, "notes": {"note": "y"}, "draft": True, "archived": None, "slug": "beta", "live": False}),
    ("edit_in_bulk", {"places": [0, 1], "missing": True, "notes": {"note": "y"}, "live": False}),
    ("edit_in_bulk", {"places": [1, 0], "missing": False, "notes": {"note": "y"}, "live": False}),
    ("archive", {"place": 2, "live": False, "back": True}),
    ("publish", {"places": [0, 2, 4], "where": None, "missing": True}),
    ("publish", {"places": [1, 3], "where": [1], "missing": False}),
    ("edit_in_bulk", {"places": [2], "missing": False, "notes": {"other": ""}, "live": True}),
    ("unpublish", {"places": [0], "bulk": False, "mostly_live": True}),
    ("unpublish", {"places": [0, 1], "bulk": True, "mostly_live": True}),
    ("read", {"place": 0}),
    ("delete", {"places": [1, 3], "bulk": True}),
    ("delete", {"places": [0], "bulk": False}),
    ("read", {"place": 2}),
)
CHECKED_AFTER = 6
"""Steps of the recorded sequence, between two looks at everything."""


class Lifecycle(LifecycleMachine):
    """A machine in a sandbox. Each run works in a collection of its own, after a publish of the site."""

    sandbox: Sandbox
    latest: Lifecycle
    story: Story | None = None
    collection: Collection | None = None

    def place(self) -> Place:
        type(self).latest = self
        sandbox, target = self.sandbox, self.sandbox.target
        known = sandbox.site["locales"] or {}
        locales = [sandbox.primary, *(locale["cmsLocaleId"] for locale in known.get("secondary") or ())][:3]
        self.story = Story(target.http, sandbox.client.base_url, known_ids(sandbox.site_id, locales))
        self.collection = sandbox.new_collection("life", NOTES)
        sandbox.publish_site({"publishToWebflowSubdomain": True})
        target.settle()
        ticks = isinstance(target, InProcessTarget)
        return Place(sandbox.client, sandbox.site_id, self.collection.id, locales, ticks, target.settle)

    def teardown(self) -> None:
        """Ends what was begun; a run may fail before it has a collection, or one that can be deleted."""
        if self.story is not None:
            self.story.close()
        if self.collection is not None:
            self.sandbox.call("DELETE", f"/collections/{self.collection.id}")


@contextmanager
def told(machine: type[Lifecycle]) -> Iterator[None]:
    """Says by which calls a clause was seen not to hold."""
    try:
        yield
    except ClauseDiffers as error:
        story = machine.latest.story
        text = f"{error.seen}\n{story.text(error.expected, error.seen)}" if story else error.seen
        raise ClauseDiffers(error.clause, error.expected, text) from error


def play_recorded(machine: type[Lifecycle]) -> None:
    """Plays the recorded sequence.

    Raises:
        ClauseDiffers: The target does not do what the model says.
    """
    played = machine()
    try:
        played.start()
        for number, (rule, arguments) in enumerate(RECORDED, 1):
            getattr(played, rule)(**arguments)
            if number % CHECKED_AFTER == 0 or number == len(RECORDED):
                played.lists_and_dates_agree()
    finally:
        played.teardown()


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
