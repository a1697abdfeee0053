"""Which hosts deliveries may go to, by name and by address."""

from __future__ import annotations

import re
import socket
from typing import Any

import pytest
from webhook_world import ELSEWHERE, Receiver, create_item, new_state, published_collection, register_webhook

from fake_webflow.client import WebflowClient
from fake_webflow.fake import Fake
from fake_webflow.webhooks import sender


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com/hook",
        "http://127.0.0.1.example.com/",
        "http://127.0.0.1@example.com/",
        "http://localhost.example.com/",
        "http://10.0.0.1/",
        "http://169.254.169.254/latest/",
        "http://0.0.0.0/",
        "http://[::2]/",
        "http://2130706433/",
    ],
)
def test_other_machines_are_never_contacted(
    fake: Fake, client: WebflowClient, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[object] = []
    monkeypatch.setattr(socket, "create_connection", lambda *address, **_: calls.append(address))
    monkeypatch.setattr(socket, "getaddrinfo", lambda *address, **_: calls.append(address))
    collection_id = published_collection(client)
    register_webhook(client, url)
    create_item(client, collection_id)
    fake.advance(6000)
    (delivery,) = fake.webhooks.wait()
    assert delivery.state == "recorded"
    assert calls == []


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:1/", "http://127.8.9.1:1/", "http://[::1]:1/", "http://localhost:1/"]
)
def test_addresses_of_this_machine_are(url: str) -> None:
    assert sender.why_not_sent(url, ()) == ""


def test_a_host_allowed_by_name_is_contacted(
    fake: Fake, client: WebflowClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []

    def refuse(address: tuple[str, int], *_: object, **__: object) -> None:
        asked.append(address)
        raise ConnectionRefusedError("nobody there")

    monkeypatch.setattr(socket, "create_connection", refuse)
    collection_id = published_collection(client)
    register_webhook(client, "http://Receiver.internal:8080/hook")
    fake.webhooks.allow_host("receiver.INTERNAL")
    create_item(client, collection_id)
    (delivery,) = fake.webhooks.wait()
    assert asked == [("receiver.internal", 8080)]
    assert (delivery.state, delivery.attempts[0].status) == ("pending", None)
    assert "nobody there" in delivery.attempts[0].error
    assert fake.fork().webhook_sender.why_not_sent("http://receiver.internal/") == ""


def test_hosts_are_allowed_in_any_case_from_the_start_as_well() -> None:
    fake = Fake(new_state(), webhook_hosts=["Receiver.Internal", "2001:DB8::1"])
    assert fake.webhook_sender.why_not_sent("http://receiver.internal/") == ""
    assert fake.webhook_sender.why_not_sent("http://[2001:db8::1]:8080/") == ""


@pytest.mark.parametrize(
    "name", ["http://receiver.internal", "receiver.internal/hook", "receiver:80", "[::2]", "", None]
)
def test_what_is_no_host_is_not_allowed_in_vain(fake: Fake, name: Any) -> None:
    text = (
        rf"^a host is a name alone, as receiver\.internal, without scheme, port and path; not {re.escape(repr(name))}$"
    )
    with pytest.raises(ValueError, match=text):
        fake.webhooks.allow_host(name)
    with pytest.raises(ValueError, match=text):
        Fake(new_state(), webhook_hosts=[name])
    assert fake.webhooks.allowed_hosts == frozenset()


@pytest.mark.parametrize(
    "name", ["localhost", "localhost.", "any.localhost", "LOCALHOST", "127.0.0.1", "[::ffff:127.0.0.1]"]
)
def test_names_of_this_machine_are_not_looked_up(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    looked_up: list[str] = []
    look_up = socket.getaddrinfo

    def watch(host: str, *rest: Any, **options: Any) -> Any:
        looked_up.append(host)
        return look_up(host, *rest, **options)

    monkeypatch.setattr(socket, "getaddrinfo", watch)
    url = receiver.url.replace("127.0.0.1", name)
    assert sender.why_not_sent(url, ()) == ""
    sender.post(url, b"{}", {})
    assert {*looked_up} <= {"127.0.0.1", "::1", "::ffff:127.0.0.1", "::ffff:7f00:1"}


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("http://127.0.0.2/", ("127.0.0.2", 80)),
        ("https://127.0.0.1/", ("127.0.0.1", 443)),
        ("http://[::1]/", ("::1", 80)),
        ("http://user@[::1]:8080/", ("::1", 8080)),
        ("http://Receiver.internal/", ("receiver.internal", 80)),
    ],
)
def test_the_address_that_was_checked_is_the_one_connected_to(
    monkeypatch: pytest.MonkeyPatch, url: str, address: tuple[str, int]
) -> None:
    asked: list[object] = []

    def refuse(where: tuple[str, int], *_: object) -> None:
        asked.append(where)
        raise ConnectionRefusedError("nobody there")

    monkeypatch.setattr(socket, "create_connection", refuse)
    assert sender.post(url, b"{}", {})[0] is None
    assert asked == [address]


def test_what_is_not_sent_to_a_host_is_not_sent_again(fake: Fake, client: WebflowClient) -> None:
    collection_id = published_collection(client)
    register_webhook(client, ELSEWHERE)
    create_item(client, collection_id)
    (first,) = fake.webhooks.deliveries
    again = fake.webhooks.resend(first)
    assert (again.number, again.state, again.reason) == (1, "recorded", first.reason)
