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
from ..kit.in_process import InProcessTarget
from ..kit.sandbox import Sandbox, SandboxCollection
from .calls import CallSpec, map_texts
from .lifecycle_model import LifecycleMachine, LifecycleSetup
from .scripts import format_python, format_shell

NOTE_FIELDS = [{"type": "PlainText", "displayName": name} for name in ("Note", "Other")]
# A sequence that Hypothesis made, a little put in order: every rule but a site publish, good and bad.
RECORDED_STEPS: tuple[tuple[str, dict[str, Any]], ...] = (
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
CHECK_INTERVAL = 6
"""Steps of the recorded sequence, between two looks at everything."""


class SandboxLifecycle(LifecycleMachine):
    """A machine in a sandbox. Each run works in a collection of its own, after a publish of the site."""

    sandbox: Sandbox
    latest: SandboxLifecycle
    transcript: Transcript | None = None
    collection: SandboxCollection | None = None

    def place(self) -> LifecycleSetup:
        type(self).latest = self
        sandbox, target = self.sandbox, self.sandbox.target
        known = sandbox.site["locales"] or {}
        locales = [sandbox.primary_locale_id, *(locale["cmsLocaleId"] for locale in known.get("secondary") or ())][:3]
        self.transcript = Transcript(target.http, sandbox.client.base_url, name_known_ids(sandbox.site_id, locales))
        self.collection = sandbox.new_collection("life", NOTE_FIELDS)
        sandbox.publish_site({"publishToWebflowSubdomain": True})
        target.settle()
        ticks = isinstance(target, InProcessTarget)
        return LifecycleSetup(sandbox.client, sandbox.site_id, self.collection.id, locales, ticks, target.settle)

    def teardown(self) -> None:
        """Ends what was begun; a run may fail before it has a collection, or one that can be deleted."""
        if self.transcript is not None:
            self.transcript.close()
        if self.collection is not None:
            self.sandbox.call("DELETE", f"/collections/{self.collection.id}")


@contextmanager
def explain_difference(machine: type[SandboxLifecycle]) -> Iterator[None]:
    """Says by which calls a clause was seen not to hold."""
    try:
        yield
    except ClauseDiffers as error:
        transcript = machine.latest.transcript
        text = (
            f"{error.observed}\n{transcript.render(error.expected, error.observed)}" if transcript else error.observed
        )
        raise ClauseDiffers(error.clause, error.expected, text) from error


def replay_recorded(machine: type[SandboxLifecycle]) -> None:
    """Plays the recorded sequence.

    Raises:
        ClauseDiffers: The target does not do what the model says.
    """
    running = machine()
    try:
        running.start()
        for number, (rule, arguments) in enumerate(RECORDED_STEPS, 1):
            getattr(running, rule)(**arguments)
            if number % CHECK_INTERVAL == 0 or number == len(RECORDED_STEPS):
                running.lists_and_dates_agree()
    finally:
        running.teardown()


_ID = re.compile(r"(?<![0-9a-f])[0-9a-f]{24}(?![0-9a-f])")
_MAX_CALLS = 40


class Transcript:
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
        self._calls: list[CallSpec] = []
        session.hooks["response"].append(self._record)

    def close(self) -> None:
        """Stops watching."""
        self._session.hooks["response"].remove(self._record)

    def render(self, expected: str, observed: str) -> str:
        """The calls as Python and as lines for a shell, with what should have come and what came instead."""
        calls = [call for call in self._calls[:-1] if call.method != "GET"] + self._calls[-1:]
        shown = calls[-_MAX_CALLS:]
        python = [*format_python(shown), f"# the answer to the last call; expected: {expected}; seen: {observed}"]
        return "\n".join(["in Python, with a client of fake_webflow.client and an ExitStack named end:", *python, "",
                          "in a shell:", *format_shell(shown)])  # fmt: skip

    def _record(self, response: requests.Response, *_args: Any, **_options: Any) -> None:
        request = response.request
        if not str(request.url).startswith(self._base_url):
            return
        parts = urlsplit(str(request.url).removeprefix(self._base_url))
        body = json.loads(request.body) if request.body else None
        call = CallSpec(
            str(request.method),
            self._replace_ids(parts.path),
            map_texts(body, self._replace_ids),
            tuple((name, self._replace_ids(value)) for name, value in parse_qsl(parts.query)),
        )
        makes = self._name_created(call, response) if request.method == "POST" and response.status_code < 300 else ()
        self._calls.append(CallSpec(call.method, call.path, call.body, call.query, makes))

    def _name_created(self, call: CallSpec, response: requests.Response) -> tuple[str, ...]:
        body = response.json() if response.content else {}
        rows = body.get("items", [body])
        kind = {"collections.create": "collection"}.get(call.operation, "item")
        new = dict.fromkeys(row["id"] for row in rows if "id" in row and row["id"] not in self._names)
        return tuple(self._add_name(known_id, kind) for known_id in new)

    def _add_name(self, known_id: str, kind: str) -> str:
        number = sum(name.startswith(f"{kind}#") for name in self._names.values()) + 1
        self._names[known_id] = f"{kind}#{number}"
        return self._names[known_id]

    def _replace_ids(self, text: str) -> str:
        return _ID.sub(lambda match: f"{{{self._names.get(match[0], 'item#0')}}}", text)


def name_known_ids(site_id: str, locales: Iterable[str]) -> dict[str, str]:
    """The ids a machine does not make."""
    return {"site": site_id, **{f"locale#{number}": locale for number, locale in enumerate(locales)}}
