"""The newsroom on bad days."""

from __future__ import annotations

import asyncio

import httpx
import pytest
import requests
from newsroom.desk import API
from newsroom.front_page import headlines
from newsroom.pictures import upload

FERRY = {"name": "The ferry", "slug": "the-ferry", "teaser": "It leaves."}


@pytest.fixture
def get(fake_webflow, articles):
    """Reads an address of the API with requests."""
    url = f"{API}/collections/{articles.id}/items"
    headers = {"Authorization": f"Bearer {fake_webflow.token}"}
    return lambda: requests.get(url, headers=headers, timeout=30)


def names(fake_webflow):
    return [item["fieldData"]["name"] for item in fake_webflow.items("articles").staged]


def test_an_answer_that_was_lost_was_written_all_the_same(fake_webflow, desk):
    fake_webflow.faults.on("items.create", nth=1).timeout_after()
    with pytest.raises(requests.Timeout):
        desk.push([FERRY])
    assert desk.push([FERRY]) == {"created": 0, "changed": 0, "kept": 1}
    assert names(fake_webflow).count("The ferry") == 1


def test_a_request_that_was_lost_was_not(fake_webflow, desk):
    fake_webflow.faults.on("items.create", nth=1).timeout_before()
    with pytest.raises(requests.Timeout):
        desk.push([FERRY])
    assert fake_webflow.journal[-1].status == 0
    assert desk.push([FERRY]) == {"created": 1, "changed": 0, "kept": 0}


@pytest.mark.parametrize(("lose", "written"), [("reset_before", 0), ("reset_after", 1)])
def test_the_connection_is_reset(fake_webflow, desk, lose, written):
    getattr(fake_webflow.faults.on("items.create"), lose)()
    with pytest.raises(requests.ConnectionError):
        desk.push([FERRY])
    assert names(fake_webflow).count("The ferry") == written


@pytest.mark.parametrize("spoil", ["truncated_body", "malformed_json"])
def test_headlines_that_cannot_be_read_are_asked_for_again(fake_webflow, articles, spoil):
    getattr(fake_webflow.faults.on("live-items.list", nth=1), spoil)()
    with fake_webflow.clock.patch_sleep():
        assert asyncio.run(headlines(fake_webflow.token, [articles.id])) == [["The pier"]]
    assert [bool(call.fault) for call in fake_webflow.journal] == [True, False]


def test_the_upload_host_is_tried_again(fake_webflow):
    fake_webflow.faults.on("files.upload", nth=1).s3_error("SlowDown")
    with httpx.Client() as client:
        url = upload(client, fake_webflow.token, fake_webflow.site.id, "ferry.png", b"a ferry")
        assert client.get(url).content == b"a ferry"
    assert [call.status for call in fake_webflow.journal.calls_to("files.upload")] == [503, 201]


def test_every_so_manieth_call(fake_webflow, get):
    fault = fake_webflow.faults.on(every=2).respond(503)
    assert [get().status_code for _ in range(4)] == [200, 503, 200, 503]
    fault.stop()
    assert [get().status_code for _ in range(2)] == [200, 200]


def test_the_first_calls_and_a_certain_one(fake_webflow, get):
    fake_webflow.faults.on(first=1).respond(500, message="We are not well.")
    fake_webflow.faults.on(nth=3).refuse("items.not-found")
    answers = [get() for _ in range(4)]
    assert [answer.status_code for answer in answers] == [500, 200, 404, 200]
    assert answers[0].json()["message"] == "We are not well."


def test_chance_comes_from_the_seed(fake_webflow, get):
    with fake_webflow.snapshot():
        fake_webflow.faults.on(probability=0.5).respond(502)
        first = [get().status_code for _ in range(12)]
    fake_webflow.faults.on(probability=0.5).respond(502)
    assert [get().status_code for _ in range(12)] == first
    assert set(first) == {200, 502}
    fake_webflow.faults.stop()
    assert get().status_code == 200


def test_a_slow_day(fake_webflow, get):
    fake_webflow.faults.on(method="GET", path="/v2/collections/*/items").delay(3)
    fake_webflow.faults.on("items.*").slow_body(4)
    before = fake_webflow.clock.now
    assert get().status_code == 200
    assert fake_webflow.clock.now - before == 7_000


def test_a_fault_for_an_operation_that_is_not_there_is_an_error(fake_webflow):
    with pytest.raises(ValueError, match=r"items\.list"):
        fake_webflow.faults.on("items.lits")


def test_what_is_not_simulated_answers_what_the_test_says(fake_webflow):
    fake_webflow.stub("list-pages", json={"pages": []}, times=1)
    url = f"{API}/sites/{fake_webflow.site.id}/pages"
    headers = {"Authorization": f"Bearer {fake_webflow.token}"}
    first, second = (requests.get(url, headers=headers, timeout=30) for _ in range(2))
    assert (first.status_code, first.json(), second.status_code) == (200, {"pages": []}, 501)
