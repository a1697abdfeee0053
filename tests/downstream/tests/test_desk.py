"""The sync job, as it is."""

from __future__ import annotations

import pytest
import requests

PIER = {"name": "The pier", "slug": "the-pier", "teaser": "It stands."}
FERRY = {"name": "The ferry", "slug": "the-ferry", "teaser": "It leaves."}
STORM = {"name": "The storm", "slug": "the-storm", "teaser": "It came."}


def test_what_is_new_is_created_and_what_differs_is_changed(fake_webflow, desk):
    assert desk.push([PIER, FERRY, STORM]) == {"created": 1, "changed": 1, "kept": 1}

    staged = {item["fieldData"]["slug"]: item["fieldData"]["teaser"] for item in fake_webflow.items("articles").staged}
    assert staged == {"the-pier": "It stands.", "the-ferry": "It leaves.", "the-storm": "It came."}
    fake_webflow.journal.assert_called("items.create", times=1, json={"fieldData": {"slug": "the-ferry"}}, status=202)
    fake_webflow.journal.assert_called("items.update", times=1, json={"fieldData": {"teaser": "It came."}})
    fake_webflow.journal.assert_not_called("items.delete*")


def test_a_second_push_changes_nothing(fake_webflow, desk):
    desk.push([PIER, FERRY, STORM])
    fake_webflow.journal.clear()

    assert desk.push([PIER, FERRY, STORM]) == {"created": 0, "changed": 0, "kept": 3}
    assert {call.method for call in fake_webflow.journal} == {"GET"}


def test_all_pages_are_read(fake_webflow, desk, articles):
    made = fake_webflow.add_items(articles, 250)
    assert len({item["fieldData"]["slug"] for item in made}) == 250

    assert len(list(desk.items())) == 252
    pages = fake_webflow.journal.calls_to("items.list")
    assert [call.query["offset"] for call in pages] == ["0", "100", "200"]


def test_a_failed_assertion_says_what_was_closest(fake_webflow, desk):
    desk.push([FERRY])
    with pytest.raises(AssertionError, match=r"body\.fieldData\.slug is 'the-ferry', not 'the-fairy'"):
        fake_webflow.journal.assert_called("items.create", json={"fieldData": {"slug": "the-fairy"}})
    with pytest.raises(ValueError, match=r"items\.create"):
        fake_webflow.journal.assert_called("items.craete")


def test_what_webflow_refuses_is_an_error(fake_webflow, desk, articles):
    with pytest.raises(requests.HTTPError, match="400"):
        desk.push([{"name": "No such field", "slug": "no-such-field", "author": "Ada"}])
    refused = fake_webflow.journal[-1]
    assert (refused.operation, refused.status, refused.parameters) == (
        "items.create",
        400,
        {"collection_id": articles.id},
    )
    assert refused.clauses
    assert refused.message


def test_the_minute_is_waited_for(fake_webflow, desk):
    fake_webflow.rate_limit(1)
    before = fake_webflow.clock.now
    with fake_webflow.clock.patch_sleep():
        assert desk.push([FERRY, STORM]) == {"created": 1, "changed": 1, "kept": 0}
    assert fake_webflow.clock.now - before >= 120_000
    assert [call.status for call in fake_webflow.journal] == [200, 429, 202, 429, 200]


def test_a_minute_later_there_is_no_wait(fake_webflow, desk):
    fake_webflow.rate_limit(1)
    desk.push([])
    fake_webflow.clock.advance(60)
    desk.push([])
    assert [call.status for call in fake_webflow.journal] == [200, 200]


def test_it_waits_as_long_as_it_is_told(fake_webflow, desk):
    fake_webflow.faults.on(first=2).too_many_requests(7)
    before = fake_webflow.clock.now
    with fake_webflow.clock.patch_sleep():
        desk.push([])
    assert fake_webflow.clock.now - before == 14_000


def test_it_gives_up_in_the_end(fake_webflow, desk):
    fake_webflow.faults.on("items.list").too_many_requests(retry_after=None)
    with fake_webflow.clock.patch_sleep(), pytest.raises(requests.HTTPError, match="429"):
        desk.push([])
    fake_webflow.journal.assert_called("items.list", times=5, status=429)
