"""Sending: signed, in order, retried, never in the way of the request, and only on this machine."""

from __future__ import annotations

import re
import socket
import threading
from contextlib import suppress
from dataclasses import replace
from itertools import pairwise

import pytest
from messages import assert_facts
from webhook_world import (
    CREATED,
    ELSEWHERE,
    LOCALE,
    SITE,
    Receiver,
    client_of,
    create_item,
    new_state,
    published_collection,
    register_webhook,
)

from fake_webflow.client import WebflowClient
from fake_webflow.conditions import RUNNING, Limits
from fake_webflow.fake import Fake
from fake_webflow.webhooks import sender
from fake_webflow.webhooks.deliveries import Deliveries, Delivery
from fake_webflow.webhooks.signatures import verify_signature

ITEM_TRIGGERS = [f"collection_item_{what}" for what in ("created", "changed", "deleted", "published", "unpublished")]


def create_drafts(client: WebflowClient, collection_id: str, count: int) -> None:
    drafts = [{"fieldData": {"name": f"A {number}", "slug": f"a-{number}"}} for number in range(count)]
    client.items.create(collection_id, {"items": drafts})


@pytest.mark.clause("webhooks.delivery.signature", "webhooks.delivery.json", "webhooks.events")
def test_every_event_arrives_signed(fake: Fake, client: WebflowClient, receiver: Receiver) -> None:
    collection_id = published_collection(client)
    keys = {trigger: register_webhook(client, receiver.url, trigger) for trigger in ITEM_TRIGGERS}
    item_id = client.live_items.create(collection_id, {"fieldData": {"name": "Grüße", "slug": "a"}})["id"]
    client.items.update(collection_id, item_id, {"fieldData": {"name": "Ähm"}})
    client.live_items.delete(collection_id, item_id)
    client.items.delete(collection_id, item_id)
    deliveries = fake.webhooks.wait(5)
    assert [delivery.trigger.rpartition("_")[2] for delivery in deliveries] == [
        "created",
        "published",
        "changed",
        "unpublished",
        "deleted",
    ]
    for delivery, got in zip(deliveries, receiver.received, strict=True):
        assert delivery.state == "delivered"
        assert [attempt.status for attempt in delivery.attempts] == [200]
        assert got.path == "/hook?from=webflow"
        assert got.body == delivery.body
        assert delivery.headers.items() <= got.headers.items()
        # Wall time: the fake's clock stands at another day, and a receiver with the usual tolerance takes it.
        assert verify_signature(got.headers, got.body, keys[delivery.trigger])
        assert not verify_signature(got.headers, got.body, "0" * 64)


@pytest.mark.clause("webhooks.create.secret-key", "webhooks.delivery.signature")
def test_an_apps_webhook_is_signed_with_the_client_secret(
    fake: Fake, client: WebflowClient, receiver: Receiver
) -> None:
    collection_id = published_collection(client)
    client_of(fake, "app").webhooks.create(SITE, trigger_type=CREATED, url=receiver.url)
    create_item(client, collection_id)
    fake.webhooks.wait()
    (got,) = receiver.received
    assert verify_signature(got.headers, got.body, fake.webhooks.client_secret)
    assert re.fullmatch(r"[0-9a-f]{64}", fake.webhooks.client_secret)


def test_what_is_not_sent_is_recorded_with_headers_to_replay(fake: Fake, client: WebflowClient) -> None:
    collection_id = published_collection(client)
    key = register_webhook(client, ELSEWHERE)
    item_id = create_item(client, collection_id)
    (delivery,) = fake.webhooks.wait(trigger=CREATED)
    assert (delivery.state, delivery.attempts) == ("recorded", ())
    assert "hooks.example.com" in delivery.reason
    assert delivery.payload["id"] == item_id
    assert verify_signature(delivery.headers, delivery.body, key)


def test_waiting_for_what_cannot_come_is_told_at_once(fake: Fake) -> None:
    with pytest.raises(ValueError, match=r"^no event is named 'item_created'; there are branch_created, "):
        fake.webhooks.wait(trigger="item_created")
    with pytest.raises(ValueError, match=r"^count is a number of deliveries, or 0 for as many as there are; not -1$"):
        fake.webhooks.wait(-1)


@pytest.mark.clause("webhooks.delivery.retries", "webhooks.delivery.failure", "webhooks.delivery.signature")
def test_a_failing_receiver_sees_retries_when_the_clock_is_advanced(
    fake: Fake, client: WebflowClient, receiver: Receiver
) -> None:
    collection_id = published_collection(client)
    key = register_webhook(client, receiver.url)
    receiver.statuses = [500, 302, 204]
    create_item(client, collection_id)
    for tries in (1, 2, 3):
        (delivery,) = fake.webhooks.wait()
        assert (delivery.state, len(delivery.attempts), len(receiver.received)) == ("pending", tries, tries)
        fake.advance(599.999)
        assert len(fake.webhooks.wait()[0].attempts) == tries
        fake.advance(0.001)
    (delivery,) = fake.webhooks.wait()
    assert delivery.state == "delivered"
    assert [attempt.status for attempt in delivery.attempts] == [500, 302, 204, 200]
    instants = [attempt.instant for attempt in delivery.attempts]
    assert [later - earlier for earlier, later in pairwise(instants)] == [600_000] * 3
    assert {got.path for got in receiver.received} == {"/hook?from=webflow"}, "a redirect was followed"
    assert len({got.body for got in receiver.received}) == 1
    assert all(verify_signature(got.headers, got.body, key) for got in receiver.received)


@pytest.mark.clause("webhooks.delivery.deactivation", "webhooks.delivery.retries")
def test_four_failures_deactivate_the_webhook(fake: Fake, client: WebflowClient, receiver: Receiver) -> None:
    collection_id = published_collection(client)
    register_webhook(client, receiver.url)
    receiver.statuses = [500] * 10
    create_item(client, collection_id)
    fake.webhooks.wait()
    fake.advance(300)
    create_item(client, collection_id, "B")
    for _ in range(3):
        fake.webhooks.wait(2)
        fake.advance(300)
        fake.webhooks.wait(2)
        fake.advance(300)
    first, second = fake.webhooks.wait(2)
    assert (first.state, len(first.attempts), first.reason) == ("failed", 4, "")
    assert (second.state, len(second.attempts)) == ("failed", 3)
    assert "deactivated" in second.reason
    create_item(client, collection_id, "C")
    assert len(fake.webhooks.deliveries) == 2
    assert len(client.webhooks.list(SITE)["webhooks"]) == 1
    fake.advance(6000)
    assert len(receiver.received) == 7


def test_after_its_webhook_is_deleted_a_delivery_is_not_tried_again(
    fake: Fake, client: WebflowClient, receiver: Receiver
) -> None:
    collection_id = published_collection(client)
    register_webhook(client, receiver.url)
    receiver.statuses = [500]
    create_item(client, collection_id)
    fake.webhooks.wait()
    client.webhooks.delete(client.webhooks.list(SITE)["webhooks"][0]["id"])
    fake.advance(600)
    (delivery,) = fake.webhooks.wait()
    assert (delivery.state, len(receiver.received)) == ("failed", 1)


@pytest.mark.clause("webhooks.delivery.failure")
def test_a_receiver_that_does_not_answer_fails_by_timeout(receiver: Receiver) -> None:
    receiver.open.clear()
    status, error = sender.post(receiver.url, b"{}", {}, timeout=0.05)
    assert status is None
    assert "TimeoutError" in error


@pytest.mark.clause("webhooks.delivery.failure")
def test_plain_text_where_tls_was_expected_is_a_failure(receiver: Receiver) -> None:
    status, error = sender.post(receiver.url.replace("http:", "https:"), b"{}", {}, timeout=2)
    assert status is None
    assert "SSL" in error


def test_a_slow_receiver_does_not_hold_up_the_request(fake: Fake, client: WebflowClient, receiver: Receiver) -> None:
    collection_id = published_collection(client)
    register_webhook(client, receiver.url)
    receiver.open.clear()
    for name in ("A", "B"):
        create_item(client, collection_id, name)  # returns, though nobody answers the deliveries
    assert receiver.arrived.wait(5)
    assert [delivery.state for delivery in fake.webhooks.deliveries] == ["pending", "pending"]
    with pytest.raises(TimeoutError, match=r"waited 0\.01 s for 2 deliveries of collection_item_created"):
        fake.webhooks.wait(2, trigger=CREATED, timeout=0.01)
    receiver.open.set()
    assert [delivery.state for delivery in fake.webhooks.wait(2)] == ["delivered", "delivered"]


def test_waiting_in_vain_says_that_no_webhook_is_registered(
    fake: Fake, client: WebflowClient, receiver: Receiver
) -> None:
    def wait(trigger: str | None) -> str:
        with pytest.raises(TimeoutError) as waited:
            fake.webhooks.wait(trigger=trigger, timeout=0)
        return str(waited.value)

    assert_facts(wait(None), "no webhook is registered:", "POST /v2/sites/{site_id}/webhooks")
    assert_facts(wait(CREATED), f"no webhook is registered for {CREATED}:")
    register_webhook(client, receiver.url)
    assert "registered" not in wait(None) + wait(CREATED)
    assert_facts(wait("site_publish"), f"registered for site_publish, only for {CREATED}")


def test_a_fork_sends_nothing_of_its_parents(fake: Fake, client: WebflowClient, receiver: Receiver) -> None:
    collection_id = published_collection(client)
    register_webhook(client, receiver.url)
    receiver.statuses = [500, 200, 200]
    create_item(client, collection_id)
    fake.webhooks.wait()
    fork = fake.fork()
    fork.advance(600)
    (inherited,) = fork.webhooks.wait(1)
    assert (inherited.state, len(inherited.attempts)) == ("failed", 1)
    assert "fork" in inherited.reason
    create_item(client_of(fork), collection_id, "B")
    assert [delivery.state for delivery in fork.webhooks.wait(2)] == ["failed", "delivered"]
    assert len(receiver.received) == 2
    fake.advance(600)
    (own,) = fake.webhooks.wait()
    assert own.state == "delivered", "the parent goes on as if nobody had forked it"
    assert len(receiver.received) == 3


def test_going_back_calls_nothing_back_and_sends_nothing_again(
    fake: Fake, client: WebflowClient, receiver: Receiver
) -> None:
    collection_id = published_collection(client)
    register_webhook(client, receiver.url)
    before = fake.state
    receiver.open.clear()
    create_item(client, collection_id)
    assert receiver.arrived.wait(5)
    underway = fake.state
    fake.restore(before)
    assert fake.webhooks.deliveries == []
    create_item(client, collection_id, "B")
    receiver.open.set()
    (delivery,) = fake.webhooks.wait()
    assert delivery.payload["fieldData"]["name"] == "B"
    assert len(delivery.attempts) == 1, "the outcome of the delivery that was under way belongs to no state"
    fake.restore(underway)
    (inherited,) = fake.webhooks.wait()
    assert (inherited.state, len(receiver.received)) == ("recorded", 2)


def test_a_state_without_pending_deliveries_is_taken_over_as_it_is(fake: Fake, client: WebflowClient) -> None:
    collection_id = published_collection(client)
    register_webhook(client, ELSEWHERE)
    create_item(client, collection_id)
    assert fake.fork().state is fake.state


def test_on_a_running_clock_the_time_brings_the_retry(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    fake = Fake(new_state()._replace(clock=RUNNING))
    client = client_of(fake)
    collection_id = published_collection(client)
    register_webhook(client, receiver.url)
    receiver.statuses = [500]
    create_item(client, collection_id)
    fake.webhooks.wait()
    fake.advance(599.9)
    receiver.arrived.clear()
    assert receiver.arrived.wait(5), "the tenth of a second that is left was waited for"
    assert fake.webhooks.wait()[0].state == "delivered"


def test_no_thread_is_left_when_nothing_is_to_be_sent(fake: Fake, client: WebflowClient, receiver: Receiver) -> None:
    collection_id = published_collection(client)
    register_webhook(client, receiver.url)
    receiver.statuses = [500]
    create_item(client, collection_id)
    fake.webhooks.wait()
    thread = fake.webhook_sender._thread
    if thread is not None:
        thread.join(5)
    assert fake.webhook_sender._thread is None


def test_many_deliveries_arrive_in_order_and_once(fake: Fake, client: WebflowClient, receiver: Receiver) -> None:
    collection_id = published_collection(client)
    register_webhook(client, receiver.url)
    for _ in range(3):
        create_drafts(client, collection_id, 20)
    deliveries = fake.webhooks.wait(60)
    assert [got.body for got in receiver.received] == [delivery.body for delivery in deliveries]
    assert {delivery.payload["cmsLocaleId"] for delivery in deliveries} == {LOCALE}


def test_the_log_keeps_the_last_ten_thousand() -> None:
    one = Delivery(0, CREATED, "1", ELSEWHERE, b"{}", "", 0, "delivered")
    log = Deliveries().add([one] * 9_990).add([one] * 20)
    assert (len(log.kept), log.size, log.next_number) == (10_000, 20_000, 10_010)
    assert log.get(9) is None
    assert log.get(10_010) is None
    found = log.get(10)
    assert found is not None
    assert found.number == 10


def test_the_log_drops_what_is_finished_and_nothing_else() -> None:
    waiting = Delivery(0, CREATED, "1", ELSEWHERE, b"x" * 40, "", 0, "pending", due=0)
    finished = replace(waiting, state="delivered", due=None)
    log = Deliveries(limits=Limits(deliveries=5, delivery_bytes=100)).add([waiting, finished, finished, waiting])
    assert [(one.number, one.state) for one in log.kept] == [(0, "pending"), (3, "pending")]
    assert (log.pending, log.size) == ((0, 3), 80)

    log = log.add([waiting])
    assert [one.number for one in log.kept] == [0, 3], "what is not sent is finished, and there is no room for it"
    first = log.get(0)
    assert first is not None
    log = log.put(replace(first, state="delivered", due=None)).add([waiting])
    assert [(one.number, one.state) for one in log.kept] == [(3, "pending"), (5, "pending")]


def test_more_than_can_wait_is_recorded_and_says_why() -> None:
    waiting = Delivery(0, CREATED, "1", ELSEWHERE, b"{}", "", 0, "pending", due=0)
    log = Deliveries(limits=Limits(deliveries=3)).add([waiting] * 2)
    log = log.put(replace(log.kept[0], state="delivered", due=None)).add([waiting] * 2)
    assert [one.state for one in log.kept] == ["pending"] * 3
    log = Deliveries(limits=Limits(deliveries=3)).add([waiting] * 4)
    assert len(log.kept) == 3
    assert log.next_number == 4


def test_waiting_takes_real_time_while_a_test_has_frozen_the_time(fake: Fake, monkeypatch: pytest.MonkeyPatch) -> None:
    looks = iter(range(50))

    def stand_still() -> float:
        next(looks)  # which ends the test where waiting would not
        return 5.0

    monkeypatch.setattr("time.monotonic", stand_still)
    with pytest.raises(TimeoutError, match=r"waited 0\.01 s"):
        fake.webhooks.wait(timeout=0.01)


def test_waiting_notices_a_clock_that_was_moved_from_outside(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake = Fake(new_state()._replace(clock=RUNNING))
    client = client_of(fake)
    collection_id = published_collection(client)
    register_webhook(client, receiver.url)
    receiver.statuses = [500, 200]
    create_item(client, collection_id)
    fake.webhooks.wait()
    (failed,) = fake.webhooks.deliveries
    assert failed.due is not None
    # As freezegun and time-machine move it: nobody is told.
    monkeypatch.setattr("time.time_ns", lambda due=failed.due: due * 1_000_000)
    assert [delivery.state for delivery in fake.webhooks.wait()] == ["delivered"]


def test_a_slow_receiver_does_not_hold_up_the_others(fake: Fake, client: WebflowClient, receiver: Receiver) -> None:
    slow = Receiver()
    slow.open.clear()
    try:
        collection_id = published_collection(client)
        for url in (slow.url, receiver.url):
            register_webhook(client, url)
        for name in ("A", "B"):
            create_item(client, collection_id, name)
        assert slow.arrived.wait(5)
        told = fake.webhook_sender.wait_for(lambda _: receiver.received[1:] or None, 5)
        assert told is not None
        assert len(slow.received) == 1, "a receiver is told one thing after the other"
        slow.open.set()
        assert {delivery.state for delivery in fake.webhooks.wait(4)} == {"delivered"}
        assert [got.body for got in slow.received] == [got.body for got in receiver.received]
    finally:
        slow.close()


@pytest.mark.parametrize(
    ("begins", "drips"),
    [(b"", b"H"), (b"HTTP/1.1 200 OK\r\n", b"A"), (b"HTTP/1.1 100 Continue\r\n", b"\r\nHTTP/1.1 100 Continue\r\n")],
)
def test_the_time_out_holds_for_the_whole_answer(begins: bytes, drips: bytes) -> None:
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def drip() -> None:
            connection, _ = listening.accept()
            with connection, suppress(OSError):
                connection.sendall(begins)
                while not over.wait(0.005):
                    connection.sendall(drips)

        thread = threading.Thread(target=drip)
        thread.start()
        status, error = sender.post(f"http://127.0.0.1:{listening.getsockname()[1]}/", b"{}", {}, timeout=0.1)
        over.set()
        thread.join(5)
    assert status is None
    assert "TimeoutError" in error


def test_a_delivery_is_sent_again_whatever_became_of_it(fake: Fake, client: WebflowClient, receiver: Receiver) -> None:
    collection_id = published_collection(client)
    receiver.statuses = [500]
    key = register_webhook(client, receiver.url)
    create_item(client, collection_id)
    (first,) = fake.webhooks.wait()
    client.webhooks.delete(next(iter(fake.state.world.webhooks)).id)
    again = fake.webhooks.resend(first)
    assert (again.number, again.state, again.attempts) == (1, "pending", ())
    kept, sent = fake.webhooks.wait(2)
    assert kept == first
    assert (sent.state, sent.body) == ("delivered", first.body)
    got = receiver.received[-1]
    assert verify_signature(got.headers, got.body, key)
