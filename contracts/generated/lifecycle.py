"""The state machine of ``lifecycle_model`` in a sandbox, and one recorded sequence for targets that count calls."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ..kit.clauses import ClauseDiffers
from ..kit.in_process import InProcessTarget
from ..kit.sandbox import Sandbox, SandboxCollection
from .lifecycle_model import LifecycleMachine, LifecycleSetup
from .playing import list_locales
from .transcript import Transcript

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
        locales = [sandbox.primary_locale_id, *list_locales(sandbox.site)[1:]][:3]
        self.transcript = Transcript(target, sandbox.site, sandbox.run_id)
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
        text = error.observed
        if transcript:
            shown = transcript.to_reproduction(f"{error.clause}: {text}", error.expected)
            text = "\n".join([text, "in Python:", shown.to_python(error.clause), "in a shell:", shown.to_shell()])
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
