"""After any test, whatever it did, the next test's world equals the seed, and of its fake nothing is left."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from running import Run

from fake_webflow import FakeWebflow
from fake_webflow.client import WebflowError
from fake_webflow.errors import ArrangingError
from fake_webflow.fake import fake_of
from fake_webflow.testing.handle import SeededFakes

pytest_plugins = ["pytester"]

SEEDED = SeededFakes()
FIRST = SEEDED.fork_handle("default", {}, None)
FRESH, PROFILE, HOSTS = FIRST.state, fake_of(FIRST).profile, FIRST.webhooks.allowed_hosts

Step = Callable[[FakeWebflow], Any]
names = st.text("abc", min_size=1, max_size=5)
numbers = st.integers(0, 3)


def through_the_client(name: str, number: int) -> list[Step]:
    def item(webflow: FakeWebflow) -> str:
        return str(webflow.items("authors").staged[number]["id"])

    return [
        lambda webflow: webflow.client.items.create(webflow.collections["authors"].id, {"fieldData": {"name": name}}),
        lambda webflow: webflow.client.items.update(
            webflow.collections["authors"].id, item(webflow), {"fieldData": {"name": name}}
        ),
        lambda webflow: webflow.client.live_items.delete(webflow.collections["authors"].id, item(webflow)),
        lambda webflow: webflow.client.items.delete(webflow.collections["comments"].id, item(webflow)),
        lambda webflow: webflow.client.sites.publish(webflow.site.id, publish_to_webflow_subdomain=True),
        lambda webflow: webflow.client.collections.delete(webflow.collections["comments"].id),
        lambda webflow: webflow.client.assets.upload(webflow.site.id, name.encode(), file_name=f"{name}.txt"),
        lambda webflow: webflow.client.webhooks.create(
            webflow.site.id, trigger_type="collection_item_created", url=f"https://{name}.example.com"
        ),
    ]


def through_the_handle(name: str, number: int) -> list[Step]:
    return [
        lambda webflow: webflow.add_collection(name, fields={"Text": "PlainText"}),
        lambda webflow: webflow.add_item("authors", {"name": name}, published=number > 1, archived=number == 3),
        lambda webflow: webflow.add_asset(name.encode(), file_name=f"{name}.txt", folder=name),
        lambda webflow: webflow.add_site(name, locales=["en", "fr"]),
        lambda webflow: webflow.scenario("timeline"),
        lambda webflow: webflow.clock.advance(number),
        lambda webflow: webflow.rate_limit(number + 1),
        lambda webflow: webflow.limit_scopes(["cms:read"]),
        lambda webflow: webflow.faults.on(every=number + 1).delay(number).respond(500),
        lambda webflow: webflow.faults.on("items.*", probability=number / 3).timeout_after(),
        lambda webflow: webflow.clock.freeze(),
        lambda webflow: webflow.faults.on(first=number + 1).too_many_requests(number),
        lambda webflow: webflow.webhooks.allow_host(f"{name}.example.com"),
        lambda webflow: webflow.add_items("posts", number),
        lambda webflow: setattr(
            fake_of(webflow), "profile", fake_of(webflow).profile.with_choices({"plan.limits": "cms"})
        ),
        lambda webflow: fake_of(webflow).restore(webflow.state._replace(ids=webflow.state.ids.next())),
    ]


steps = st.builds(
    lambda name, number, which: [*through_the_client(name, number), *through_the_handle(name, number)][which],
    names,
    numbers,
    st.integers(0, 23),
)


def test_the_strategy_draws_from_every_step() -> None:
    assert len(through_the_client("a", 0)) + len(through_the_handle("a", 0)) == 24


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(steps, min_size=1, max_size=12), st.booleans())
def test_the_next_tests_world_equals_the_seed(done: list[Step], fails: bool) -> None:
    handle = SEEDED.fork_handle("default", {}, None)
    with pytest.MonkeyPatch.context() as patches:
        patches.setattr("time.sleep", handle.clock.advance)
        handle.activate()
        try:
            for step in done:
                with suppress(WebflowError, ArrangingError, IndexError, KeyError):  # it may be refused
                    step(handle)
            assert not fails
        except AssertionError:
            assert fails
        finally:
            handle.close("it is over")
    following = SEEDED.fork_handle("default", {}, None)
    assert following.state == FRESH
    assert following.state.world is FRESH.world
    assert (len(following.journal), len(following.faults)) == (0, 0)
    assert fake_of(following).profile == PROFILE
    assert following.webhooks.allowed_hosts == HOSTS


def test_a_scenario_of_the_package_is_seeded_once(tmp_path: Path) -> None:
    one, other = FakeWebflow(), FakeWebflow()
    assert one.state == other.state
    assert one.state.world is other.state.world, "46 ms for each setUp of a unittest"
    one.add_item("authors", {"name": "Ada"})
    assert one.state != other.state == FakeWebflow().state
    assert FakeWebflow(seed=1).state.ids.seed == 1
    assert FakeWebflow(now="2027-01-15T08:00:00Z").clock.now == 1_800_000_000_000
    assert FakeWebflow(now="machine").state.world is not other.state.world
    assert list(FakeWebflow(token="another").state.world.tokens) == ["another"]
    assert fake_of(FakeWebflow(profile={"plan.limits": "cms"})).profile.plan_limits == "cms"

    file = tmp_path / "shop.json"
    for name in ("Shop", "Market"):
        file.write_text(f'{{"sites": [{{"displayName": "{name}"}}]}}', encoding="utf-8")
        assert FakeWebflow(file).site.display_name == name


def test_a_fake_lives_no_longer_than_its_test(run: Run) -> None:
    result = run(
        """
    import gc
    import weakref
    from fake_webflow.fake import fake_of

    kept = []

    def test_one(fake_webflow, fake_webflow_client, fake_webflow_server):
        fake_webflow.faults.on(nth=1).respond(500)
        fake_webflow_client.sites.list()
        kept.append(weakref.ref(fake_of(fake_webflow)))

    def test_two():
        gc.collect()
        assert kept[0]() is None
    """
    )
    result.assert_outcomes(passed=2)
