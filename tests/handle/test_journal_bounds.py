"""Assertions on a journal that has dropped something: they fail and say so, and never miscount."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import requests

from fake_webflow import FakeWebflow
from fake_webflow.conditions import LIMITS
from fake_webflow.conditions import journal as journal_module
from fake_webflow.conditions.journal import BodyBytes
from fake_webflow.fake import fake_of

ADA, BOB = {"fieldData": {"name": "Ada"}}, {"fieldData": {"name": "Bob"}}


@pytest.fixture
def webflow(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeWebflow]:
    """A fake with room for three calls, and for bodies as the test sets it."""
    monkeypatch.setattr(journal_module, "BODY_BYTES", BodyBytes(LIMITS.journal_bytes))
    with FakeWebflow(limits={"journal": 3}) as made:
        yield made


def create(webflow: FakeWebflow, body: dict[str, dict[str, str]]) -> None:
    webflow.client.items.create(webflow.collections["authors"].id, body)


UNDECIDED: dict[str, Callable[[FakeWebflow], object]] = {
    "not called": lambda webflow: webflow.journal.assert_not_called("items.create", json=BOB),
    "called": lambda webflow: webflow.journal.assert_called("items.create", json=BOB),
    "called once": lambda webflow: webflow.journal.assert_called("items.create", json=ADA, times=1),
}


@pytest.mark.parametrize("asserted", UNDECIDED)
def test_a_dropped_body_decides_nothing(webflow: FakeWebflow, asserted: str) -> None:
    create(webflow, ADA)
    create(webflow, ADA)
    fake_of(webflow).journal[0].kept_request.drop()
    with pytest.raises(AssertionError, match=r"cannot tell(.|\n)*journal-bytes"):
        UNDECIDED[asserted](webflow)
    assert webflow.journal.assert_called("items.create", json=ADA) == [webflow.journal[1]]
    assert len(webflow.journal.assert_called("items.create", times=2)) == 2
    webflow.journal.assert_not_called("items.create", json=BOB, status=409)
    webflow.journal.assert_not_called("items.update", json=BOB)


@pytest.mark.parametrize("asserted", UNDECIDED)
def test_a_dropped_call_decides_nothing(webflow: FakeWebflow, asserted: str) -> None:
    for _ in range(3):
        webflow.client.sites.list()
    create(webflow, ADA)
    with pytest.raises(AssertionError, match=r"cannot tell(.|\n)*dropped its oldest 1 call"):
        UNDECIDED[asserted](webflow)
    assert webflow.journal.assert_called("items.create", json=ADA)
    webflow.journal.clear()
    webflow.journal.assert_not_called("items.create")


def test_a_very_long_query_decides_nothing(webflow: FakeWebflow) -> None:
    headers = {"Authorization": f"Bearer {webflow.token}"}
    requests.get("https://api.webflow.com/v2/sites", params={"name": "x" * 20_000}, headers=headers, timeout=5)
    (call,) = webflow.journal
    assert call.truncated
    with pytest.raises(AssertionError, match="cannot tell"):
        webflow.journal.assert_not_called("sites.list", query={"name": "y"})
    webflow.journal.assert_called("sites.list", times=1)
