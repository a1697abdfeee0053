"""The server in front of a fake: it starts and stops at once, any number of times."""

from __future__ import annotations

import threading

import pytest
import requests

from fake_webflow import FakeWebflow
from fake_webflow.faces.server import Server


def test_it_stops_whatever_its_clients_are_about(fake_webflow: FakeWebflow) -> None:
    threads = threading.active_count()
    for _ in range(30):
        server = Server(fake_webflow.app)
        server.start()
        with requests.Session() as session:
            assert session.get(f"{server.origin}/v2/sites", timeout=10).status_code == 401
        server.stop()  # while it learns that its client is gone
        server.stop()
    assert threading.active_count() == threads


def test_its_port_is_free_again_and_was_not_before(fake_webflow: FakeWebflow) -> None:
    with Server(fake_webflow.app) as server:
        port = int(server.origin.rpartition(":")[2])
        threads = threading.active_count()
        with pytest.raises(OSError, match="in use"):
            Server(fake_webflow.app, port=port)
        assert threading.active_count() == threads
    with Server(fake_webflow.app, port=port) as again:
        assert again.origin == server.origin


def test_a_name_that_is_no_address_is_said_so(fake_webflow: FakeWebflow) -> None:
    with pytest.raises(OSError, match=r"not known|resolution|nodename"):
        Server(fake_webflow.app, "no.such.invalid")


def test_where_everything_is_listened_on_the_loopback_address_is_named(fake_webflow: FakeWebflow) -> None:
    with Server(fake_webflow.app, "0.0.0.0") as server:
        assert server.origin.startswith("http://127.0.0.1:")
