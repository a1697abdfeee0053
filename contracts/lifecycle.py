"""The state machine of ``lifecycle_model`` in a sandbox, and one recorded sequence for targets that count calls."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from .clauses import ClauseDiffers
from .lifecycle_model import LifecycleMachine, Place
from .lifecycle_story import Story, known_ids
from .sandbox import Collection, Sandbox
from .targets import InProcessTarget

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
