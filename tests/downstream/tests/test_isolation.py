"""Each test has a world of its own, whatever the one before it did."""

from __future__ import annotations

import pytest
import requests
from newsroom.desk import API

from fake_webflow import FakeEnded, FakeWebflow

KEPT = []


@pytest.mark.parametrize("turn", range(4))
def test_every_turn_starts_alike(fake_webflow, desk, turn):
    assert len(fake_webflow.items("articles").staged) == 2
    assert len(fake_webflow.journal) == 0
    desk.push([{"name": f"Number {number}", "slug": f"number-{number}"} for number in range(turn + 1)])
    assert len(fake_webflow.items("articles").staged) == 3 + turn


@pytest.mark.parametrize("turn", range(2))
def test_a_fake_that_was_kept_says_that_its_test_is_over(fake_webflow, turn):
    for kept in KEPT:
        with pytest.raises(FakeEnded, match="has ended"):
            _ = kept.journal[0]
    KEPT.append(fake_webflow)


@pytest.mark.parametrize("turn", range(3))
def test_one_fake_is_shared_on_purpose(fake_webflow_session, turn):
    before = len(fake_webflow_session.journal)
    headers = {"Authorization": f"Bearer {fake_webflow_session.token}"}
    requests.get(f"{API}/sites", headers=headers, timeout=30).raise_for_status()
    assert len(fake_webflow_session.journal) == before + 1


def test_a_fake_without_a_fixture():
    with FakeWebflow(token="another-token") as webflow:
        headers = {"Authorization": "Bearer another-token"}
        requests.get(f"{API}/sites", headers=headers, timeout=30).raise_for_status()
        webflow.journal.assert_called("sites.list", times=1)
    with pytest.raises(FakeEnded):
        _ = webflow.site
