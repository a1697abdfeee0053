"""What the ini options, the marker and overridden fixtures say of a test's fake."""

from __future__ import annotations

import pytest
import requests
from newsroom.desk import API

from fake_webflow import FakeWebflow, HostBlocked
from fake_webflow.client import BadRequest

SITES = f"{API}/sites"
HEADERS = {"Authorization": "Bearer test-token"}


def next_id(fake_webflow):
    """An id that is made now, which tells the seed."""
    with fake_webflow.snapshot():
        return fake_webflow.add_site("Next").id


def next_id_of_timeline(seed):
    return next_id(FakeWebflow("timeline", seed=seed, now="2026-06-01"))


def limit(fake_webflow):
    with fake_webflow.snapshot():
        return requests.get(SITES, headers=HEADERS, timeout=30).headers["X-RateLimit-Limit"]


def test_the_ini_options(fake_webflow, desk):
    assert fake_webflow.site.display_name == "Harbour News"  # webflow_scenario
    assert limit(fake_webflow) == "600"  # webflow_rate_limit
    with fake_webflow.snapshot():
        fake_webflow.scenario("timeline")
        assert next_id(fake_webflow) == next_id_of_timeline(11)  # webflow_seed
    desk.push([{"name": "The ferry", "slug": "the-ferry"}])
    assert [item["isDraft"] for item in fake_webflow.items("articles").staged] == [
        False,
        True,
        False,
    ]  # webflow_profile
    with pytest.raises(HostBlocked, match="prices"):  # webflow_block_other_hosts
        requests.get("https://prices.example/today", timeout=30)


@pytest.mark.webflow(rate_limit=2)
def test_a_marker_alone_is_enough():
    assert [requests.get(SITES, headers=HEADERS, timeout=30).status_code for _ in range(3)] == [200, 200, 429]


@pytest.mark.webflow(scopes=["cms:read"])
def test_a_token_that_may_do_less(fake_webflow):
    assert requests.get(SITES, headers=HEADERS, timeout=30).status_code == 403
    fake_webflow.limit_scopes(["sites:read"])
    assert requests.get(SITES, headers=HEADERS, timeout=30).status_code == 200


@pytest.mark.webflow(scenario="timeline", seed=7, profile={"items.create.is-draft": "true"})
class TestAnotherWorld:
    def test_it(self, fake_webflow):
        assert fake_webflow.site.display_name == "Timeline"
        assert next_id(fake_webflow) == next_id_of_timeline(7)
        made = fake_webflow.client.items.create(fake_webflow.collections["events"].id, {"fieldData": {"name": "Ada"}})
        assert made["isDraft"] is True

    @pytest.mark.webflow(seed=8)
    def test_the_nearest_marker_counts(self, fake_webflow):
        assert (fake_webflow.site.display_name, next_id(fake_webflow)) == ("Timeline", next_id_of_timeline(8))


@pytest.mark.webflow(trust="documented")
def test_what_may_not_rest_on_a_guess(fake_webflow):
    assert requests.get(SITES, headers=HEADERS, timeout=30).json()["sites"]


class TestSmallFixtures:
    @pytest.fixture
    def fake_webflow_scenario(self):
        return "timeline"

    @pytest.fixture
    def fake_webflow_rate_limit(self):
        return 3

    @pytest.fixture
    def fake_webflow_profile(self):
        return {"items.create.duplicate-slug": "reject"}

    @pytest.fixture
    def fake_webflow_seed(self):
        return 5

    @pytest.fixture
    def fake_webflow_block_other_hosts(self):
        return False

    def test_it(self, fake_webflow):
        assert (fake_webflow.site.display_name, limit(fake_webflow)) == ("Timeline", "3")
        assert next_id(fake_webflow) == next_id_of_timeline(5)
        events = fake_webflow.collections["events"].id
        ada = {"fieldData": {"name": "Ada", "slug": "ada"}}
        fake_webflow.client.items.create(events, ada)
        with pytest.raises(BadRequest):
            fake_webflow.client.items.create(events, ada)


class TestAnotherDate:
    @pytest.fixture
    def fake_webflow_now(self):
        return "2025-03-01T00:00:00Z"

    def test_it(self, fake_webflow):
        assert fake_webflow.add_item("articles", {"name": "March"})["createdOn"].startswith("2025-03-01T00:00:00")


def test_the_date_by_ini_option(fake_webflow):
    assert fake_webflow.add_item("articles", {"name": "Summer"})["createdOn"].startswith("2026-06-01T00:00:00")


@pytest.mark.webflow(now="2027-05-01T12:00:00Z")
def test_the_date_by_marker(fake_webflow):
    assert fake_webflow.add_item("articles", {"name": "May"})["createdOn"].startswith("2027-05-01T12:00:00")
    fake_webflow.clock.set("2028-12-24")
    assert fake_webflow.add_item("articles", {"name": "Eve"})["createdOn"].startswith("2028-12-24T00:00:00")
    fake_webflow.clock.run()
    fake_webflow.clock.freeze()
