"""The life of items: long sequences of writes, after each of which everything is as a plain model says.

Where calls are free the sequences are generated, and one that fails is made small; where they are rationed one recorded
sequence is played. What fails is told as a script.
"""

from __future__ import annotations

import pytest
from hypothesis.stateful import run_state_machine_as_test

from fake_webflow.rules import choice_options

from .generated.lifecycle import SandboxLifecycle, explain_difference, replay_recorded
from .generated.lifecycle_model import MODELLED_CHOICES
from .kit.clauses import Choices, clause, needs
from .kit.sandbox import Sandbox
from .kit.strategies import hypothesis_settings
from .kit.targets import UNLIMITED_RATE

RUNS, STEPS = 30, 30


@pytest.fixture
def machine(sandbox: Sandbox, choice: Choices) -> type[SandboxLifecycle]:
    for name in MODELLED_CHOICES:
        choice(name).needs(choice_options()[name][0])
    return type("Machine", (SandboxLifecycle,), {"sandbox": sandbox})


@clause(
    "items.create.answer",
    "items.create.fresh",
    "items.create.is-draft",
    "items.create.variants",
    "items.create-bulk.duplicate-slug",
    "items.create-live.published",
    "items.delete.answer",
    "items.insert.variants",
    "items.insert.variant-exists",
    "items.list.all-states",
    "items.list.newest-first",
    "items.live.list",
    "items.locale.default",
    "items.not-found",
    "items.not-live",
    "items.object.timestamps",
    "items.slug.generated",
    "items.slug.held-after-delete",
    "items.slug.suffix",
    "items.slug.unique",
    "items.unpublish.staged",
    "items.update.leaves-live",
    "items.update.merges",
    "items.update.timestamps",
    "items.update-bulk.order",
    "items.update-live.both-copies",
    "items.update-live.never-published",
    "lists.pagination",
    "publishing.items.answer",
    "publishing.items.partial",
    "publishing.items.timestamps",
    "publishing.site.archived",
    "publishing.site.drafts",
    "publishing.site.items",
)
@needs(UNLIMITED_RATE)
def test_everything_is_as_the_model_says_after_every_step(machine: type[SandboxLifecycle]) -> None:
    with explain_difference(machine):
        run_state_machine_as_test(machine, settings=hypothesis_settings(RUNS, steps=STEPS))


@clause(
    "items.create.variants",
    "items.create-bulk.duplicate-slug",
    "items.delete.answer",
    "items.insert.variants",
    "items.insert.variant-exists",
    "items.list.all-states",
    "items.live.list",
    "items.not-found",
    "items.not-live",
    "items.slug.suffix",
    "items.unpublish.staged",
    "items.update.leaves-live",
    "items.update.merges",
    "items.update-bulk.order",
    "items.update-live.never-published",
    "lists.pagination",
    "publishing.items.partial",
)
def test_a_recorded_life_is_as_the_model_says(machine: type[SandboxLifecycle]) -> None:
    with explain_difference(machine):
        replay_recorded(machine)
