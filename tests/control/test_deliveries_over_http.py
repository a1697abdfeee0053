"""Deliveries of webhooks over HTTP: read, waited for, sent again."""

from __future__ import annotations

from typing import Any

import pytest
from control_callers import ControlCaller
from messages import assert_facts
from webhook_world import ELSEWHERE, Receiver

from fake_webflow import seeding
from fake_webflow.control.hosted_fakes import HostedFakes
from fake_webflow.fake import Fake
from fake_webflow.webhooks.signatures import verify_signature


@pytest.fixture
def caller() -> ControlCaller:
    return ControlCaller(HostedFakes(Fake(seeding.build_state(seeding.load("empty"))), "test-token"))


def publish(caller: ControlCaller, url: str) -> Any:
    """Has a webhook at that address told of a new item."""
    _, goods = caller.ask("POST", "/_fake/collections", {"display_name": "Goods"})
    hook = {"triggerType": "collection_item_created", "url": url}
    status, made = caller.ask("POST", f"/v2/sites/{goods['siteId']}/webhooks", hook, "test-token")
    assert status == 201
    path = f"/v2/collections/{goods['id']}/items"
    assert caller.ask("POST", path, {"fieldData": {"name": "Hat"}}, "test-token")[0] == 202
    return made


def test_a_delivery_is_read_and_sent_again(caller: ControlCaller) -> None:
    receiver = Receiver()
    try:
        hook = publish(caller, receiver.url)
        status, waited = caller.ask(
            "POST", "/_fake/deliveries/wait", {"count": 1, "trigger": "collection_item_created"}
        )
        assert status == 200
        (delivery,) = waited["deliveries"]
        assert caller.ask("GET", "/_fake/deliveries") == (200, waited)
        assert (delivery["id"], delivery["webhook_id"], delivery["url"]) == (0, hook["id"], receiver.url)
        assert (delivery["state"], [one["status"] for one in delivery["attempts"]]) == ("delivered", [200])
        assert delivery["payload"]["fieldData"]["name"] == "Hat"
        secret = caller.ask("GET", "/_fake/state")[1]["client_secret"]
        assert verify_signature(delivery["headers"], delivery["body"], secret)

        assert caller.ask("DELETE", f"/v2/webhooks/{hook['id']}", token="test-token")[0] == 204
        status, again = caller.ask("POST", "/_fake/deliveries/0/resend")
        assert (status, again["id"], again["attempts"]) == (201, 1, [])
        _, waited = caller.ask("POST", "/_fake/deliveries/wait", {"count": 2})
        assert [one["state"] for one in waited["deliveries"]] == ["delivered", "delivered"]
        assert [one["body"] for one in waited["deliveries"]] == [delivery["body"]] * 2
        assert len(receiver.received) == 2
    finally:
        receiver.close()


def test_what_goes_elsewhere_is_recorded_and_why(caller: ControlCaller) -> None:
    publish(caller, ELSEWHERE)
    _, again = caller.ask("POST", "/_fake/deliveries/0/resend")
    assert (again["state"], again["due"]) == ("recorded", None)
    assert_facts(again["reason"], "hooks.example.com")


def test_waiting_in_vain(caller: ControlCaller) -> None:
    status, said = caller.ask("POST", "/_fake/deliveries/wait", {"count": 1, "timeout": 0.01})
    assert (status, said["code"]) == (408, "not_delivered")
    assert_facts(said["message"], "1 delivery", "none")
