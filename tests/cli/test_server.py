"""The server in front of a fake: it starts and stops at once, any number of times."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any

import pytest
import requests

from fake_webflow import FakeWebflow
from fake_webflow.transports.server import Server


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


def test_more_callers_than_threads_are_answered_without_a_warning(
    fake_webflow: FakeWebflow, caplog: pytest.LogCaptureFixture
) -> None:
    with Server(fake_webflow.app) as server, ThreadPoolExecutor(40) as pool:
        answers = pool.map(lambda _: requests.get(f"{server.origin}/v2/sites", timeout=20).status_code, range(200))
        assert {*answers} == {401}
    assert caplog.records == []


def test_many_clients_that_keep_their_connections_open_keep_nobody_out(
    fake_webflow: FakeWebflow, caplog: pytest.LogCaptureFixture
) -> None:
    with Server(fake_webflow.app) as server, ExitStack() as open_connections:
        host, port = server.origin.removeprefix("http://").split(":")
        for _ in range(110):
            client = open_connections.enter_context(socket.create_connection((host, int(port)), timeout=5))
            client.sendall(b"GET /v2/sites HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert client.recv(65_536).startswith(b"HTTP/1.1 401 ")
    assert caplog.records == []


def test_head_and_body_arrive_in_one_piece(fake_webflow: FakeWebflow) -> None:
    with Server(fake_webflow.app) as server:
        host, port = server.origin.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port)), timeout=10) as client:
            for _ in range(20):
                client.sendall(b"GET /v2/sites HTTP/1.1\r\nHost: localhost\r\n\r\n")
                head, _, body = client.recv(65_536).partition(b"\r\n\r\n")
                assert head.startswith(b"HTTP/1.1 401 Unauthorized\r\n")
                assert body.endswith(b"}")


def test_a_request_that_is_under_way_when_it_stops_is_answered() -> None:
    under_way, may_go_on = threading.Event(), threading.Event()

    def app(_environ: Any, start_response: Any) -> list[bytes]:
        under_way.set()
        assert may_go_on.wait(10)
        start_response("200 OK", [("Content-Length", "4")])
        return [b"done"]

    with ThreadPoolExecutor(2) as threads:
        server = Server(app)
        server.start()
        answer = threads.submit(requests.get, server.origin, timeout=10)
        assert under_way.wait(10)
        stopped = threads.submit(server.stop)
        may_go_on.set()
        assert answer.result(10).text == "done"
        stopped.result(10)


def test_whoever_serves_or_patches_imports_only_what_that_needs() -> None:
    others = "aiohttp,faker,flask,hypothesis,httpx,jsonschema,pytest,requests,werkzeug,yaml"
    places = {
        "cli.serve": [
            "cli.serve",
            "transports.server",
            "transports.wsgi",
            "control.console",
            "control.hosted_fakes",
            "control",
        ],
        "handle": ["testing.handle", "seeding"],
    }
    for name, modules in places.items():
        imports = "; ".join(f"import fake_webflow.{module}" for module in modules)
        unwanted = f"{others},{'waitress' if name == 'handle' else ''}".split(",")
        code = f"import sys; {imports}; print([name for name in {unwanted!r} if name in sys.modules])"
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        assert done.stdout.strip() == "[]", name


def test_a_stop_that_the_loop_does_not_hear_of_is_noticed_all_the_same(
    fake_webflow: FakeWebflow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("waitress.trigger.trigger.pull_trigger", lambda *_: None)
    server = Server(fake_webflow.app)
    running = threading.Event()
    thread = threading.Thread(target=server.run, args=[running.set], daemon=True)
    thread.start()
    running.wait(10)
    server.stop()
    thread.join(10)
    assert not thread.is_alive()


@pytest.mark.parametrize(
    ("sent", "status", "fact"),
    [
        (b"GET http://[bad/v2 HTTP/1.1\r\nHost: localhost\r\n\r\n", b"400", b"cannot be read"),
        (b"POST /v2 HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + b"9" * 5000 + b"\r\n\r\n", b"400", b"cannot be"),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b"400", b"http://"),
    ],
)
def test_what_cannot_be_read_is_answered_at_once(
    fake_webflow: FakeWebflow, caplog: pytest.LogCaptureFixture, sent: bytes, status: bytes, fact: bytes
) -> None:
    with Server(fake_webflow.app) as server:
        host, port = server.origin.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port)), timeout=10) as client:
            client.sendall(sent)
            answer = b"".join(iter(lambda: client.recv(65_536), b""))
    assert answer.split(b" ")[1] == status
    assert fact in answer
    assert caplog.records == []
