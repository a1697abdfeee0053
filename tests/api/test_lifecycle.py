"""The life of items, model and fake side by side, through the thin client."""

from __future__ import annotations

import pytest
import requests
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test
from worlds import LOCALES, POSTS_ID, SITE_ID, TOKEN, fake, field, world

from contracts.generated.lifecycle_model import LifecycleMachine, LifecycleSetup
from fake_webflow.client import WebflowClient
from fake_webflow.transports.requests_adapter import FakeAdapter

STEPS, RUNS = 50, 12
PARTS = range(5)


@pytest.mark.clause(
    "items.create.fresh",
    "items.create.is-draft",
    "items.create.variants",
    "items.create-live.published",
    "items.insert.variants",
    "items.update.timestamps",
    "items.update.leaves-live",
    "items.update-live.both-copies",
    "items.update-live.never-published",
    "items.unpublish.staged",
    "items.not-live",
    "items.delete.answer",
    "items.list.newest-first",
    "items.live.list",
    "items.slug.held-after-delete",
    "publishing.items.timestamps",
    "publishing.items.partial",
    "publishing.site.items",
    "publishing.site.drafts",
    "publishing.site.archived",
    "items.locale.default",
)
@pytest.mark.parametrize("part", PARTS)
def test_model_and_fake_agree_after_every_step(part):
    steps = [0]

    @seed(1123 + part)
    class Machine(LifecycleMachine):
        def place(self) -> LifecycleSetup:
            session = requests.Session()
            session.mount(
                "https://api.webflow.com",
                FakeAdapter(fake(world(*(field("PlainText", slug) for slug in ("note", "other"))))),
            )
            client = WebflowClient(TOKEN, session=session, sleep=lambda _: pytest.fail("nothing is to be repeated"))
            return LifecycleSetup(client, SITE_ID, POSTS_ID, LOCALES)

        def check_invariants(self, *arguments, **options) -> None:
            steps[0] += 1
            super().check_invariants(*arguments, **options)

    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=RUNS,
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            phases=[Phase.generate, Phase.shrink],
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert steps[0] >= STEPS * RUNS * 3 // 4
