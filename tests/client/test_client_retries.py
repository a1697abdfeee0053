"""What is sent again, after how long, and what never is."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests
import responses

from fake_webflow.client import (
    LONGEST_WAIT,
    ApiError,
    Conflict,
    ConnectionFailed,
    ServerError,
    TooManyRequests,
    WebflowClient,
)

BASE = "https://api.webflow.com/v2"
SITE = f"{BASE}/sites/s"
TOO_MANY: dict[str, Any] = {
    "message": "Too Many Requests",
    "code": "too_many_requests",
    "externalReference": None,
    "details": [],
}
INTERNAL: dict[str, Any] = {
    "message": "An Internal Error Occurred",
    "code": "internal_error",
    "externalReference": None,
    "details": [],
}

REPEATABLE: list[tuple[str, str, Callable[[WebflowClient], Any]]] = [
    ("GET", SITE, lambda c: c.sites.get("s")),
    ("PATCH", f"{BASE}/assets/a", lambda c: c.assets.update("a", alt_text="x")),
    ("DELETE", f"{BASE}/assets/a", lambda c: c.assets.delete("a")),
    ("PUT", f"{BASE}/thing", lambda c: c.request("PUT", "/thing", json={})),
]
NOT_REPEATABLE: list[tuple[str, str, Callable[[WebflowClient], Any]]] = [
    ("POST", f"{BASE}/collections/c/items", lambda c: c.items.create("c", {})),
    ("POST", f"{BASE}/collections/c/items/publish", lambda c: c.items.publish("c", ["i"])),
    ("GET", f"{BASE}/token/introspect", lambda c: c.token.introspect()),
]


@pytest.mark.parametrize(("method", "url", "call"), REPEATABLE + NOT_REPEATABLE)
def test_a_429_is_waited_out_whatever_the_call(
    client: WebflowClient,
    stub: responses.RequestsMock,
    sleeps: list[float],
    method: str,
    url: str,
    call: Callable[[WebflowClient], Any],
) -> None:
    stub.add(method, url, json=TOO_MANY, status=429, headers={"Retry-After": "17"})
    stub.add(method, url, json=TOO_MANY, status=429, headers={"Retry-After": "0"})
    stub.add(method, url, json={"id": "s"})
    call(client)
    assert sleeps == [17.0, 0.0]


@pytest.mark.parametrize("header", [None, "", "soon", "-1", "nan", "inf", "Wed, 21 Oct 2026 07:28:00 GMT"])
def test_an_unreadable_retry_after_means_the_back_off(
    client: WebflowClient, stub: responses.RequestsMock, sleeps: list[float], header: str | None
) -> None:
    headers = {} if header is None else {"Retry-After": header}
    for _ in range(4):
        stub.get(SITE, json=TOO_MANY, status=429, headers=headers)
    with pytest.raises(TooManyRequests) as caught:
        client.sites.get("s")
    assert sleeps == [0.5, 1.0, 2.0]
    assert caught.value.retry_after is None


def test_the_longest_wait_is_waited_and_a_longer_one_is_the_callers_to_decide(
    client: WebflowClient, stub: responses.RequestsMock, sleeps: list[float]
) -> None:
    stub.get(SITE, json=TOO_MANY, status=429, headers={"Retry-After": str(LONGEST_WAIT)})
    stub.get(SITE, json=TOO_MANY, status=429, headers={"Retry-After": str(LONGEST_WAIT + 1)})
    with pytest.raises(TooManyRequests) as caught:
        client.sites.get("s")
    assert sleeps == [LONGEST_WAIT]
    assert caught.value.retry_after == LONGEST_WAIT + 1


@pytest.mark.parametrize("status", [500, 502, 503, 504])
@pytest.mark.parametrize(("method", "url", "call"), REPEATABLE)
def test_a_failure_is_repeated_where_that_is_safe(
    client: WebflowClient,
    stub: responses.RequestsMock,
    sleeps: list[float],
    status: int,
    method: str,
    url: str,
    call: Callable[[WebflowClient], Any],
) -> None:
    # Retry-After stands on every answer of Webflow's; on anything but a 429 it means nothing.
    stub.add(method, url, json=INTERNAL, status=status, headers={"Retry-After": "60"})
    stub.add(method, url, body=requests.ConnectionError("gone"))
    stub.add(method, url, body=requests.ReadTimeout("late"))
    stub.add(method, url, json={"id": "s"})
    call(client)
    assert sleeps == [0.5, 1.0, 2.0]


@pytest.mark.parametrize(("method", "url", "call"), NOT_REPEATABLE)
def test_a_failure_is_not_repeated_where_that_is_not_safe(
    client: WebflowClient,
    stub: responses.RequestsMock,
    sleeps: list[float],
    method: str,
    url: str,
    call: Callable[[WebflowClient], Any],
) -> None:
    stub.add(method, url, json=INTERNAL, status=500)
    with pytest.raises(ServerError):
        call(client)
    stub.replace(method, url, body=requests.ConnectionError("gone"))
    with pytest.raises(ConnectionFailed):
        call(client)
    assert sleeps == []
    assert len(stub.calls) == 2


@pytest.mark.parametrize("status", [400, 401, 403, 404, 406, 409, 501])
def test_no_other_refusal_is_repeated(
    client: WebflowClient, stub: responses.RequestsMock, sleeps: list[float], status: int
) -> None:
    stub.get(SITE, json={"message": "No", "code": "no"}, status=status, headers={"Retry-After": "1"})
    with pytest.raises(ApiError) as caught:
        client.sites.get("s")
    assert caught.value.status == status
    assert isinstance(caught.value, Conflict) == (status == 409)
    assert (sleeps, len(stub.calls)) == ([], 1)


@pytest.mark.parametrize("retries", [0, 1, 6])
def test_repeating_is_bounded_and_the_pause_too(
    stub: responses.RequestsMock, sleeps: list[float], retries: int
) -> None:
    for _ in range(retries + 1):
        stub.get(SITE, json=INTERNAL, status=500)
    with WebflowClient("t", retries=retries, sleep=sleeps.append) as client, pytest.raises(ServerError):
        client.sites.get("s")
    assert sleeps == [0.5, 1.0, 2.0, 4.0, 8.0, 8.0][:retries]
    assert len(stub.calls) == retries + 1


def test_the_last_lost_connection_is_raised(
    client: WebflowClient, stub: responses.RequestsMock, sleeps: list[float]
) -> None:
    for _ in range(4):
        stub.get(SITE, body=requests.ConnectionError("gone"))
    with pytest.raises(ConnectionFailed, match=r"GET https://api\.webflow\.com/v2/sites/s: ConnectionError: gone"):
        client.sites.get("s")
    assert sleeps == [0.5, 1.0, 2.0]


def test_negative_retries_are_refused() -> None:
    with pytest.raises(ValueError, match="0 or more"):
        WebflowClient("t", retries=-1)


class Flaky(http.server.BaseHTTPRequestHandler):
    """Hangs up on the first call, breaks off in the middle of the second answer, answers the third."""

    protocol_version = "HTTP/1.1"
    calls = 0

    def do_GET(self) -> None:
        type(self).calls += 1
        self.close_connection = True
        if self.calls > 1:
            self.send_response(200)
            self.send_header("Content-Length", "12")
            self.end_headers()
            self.wfile.write(b'{"id": "s"} ' if self.calls > 2 else b'{"id"')

    def do_POST(self) -> None:
        self.do_GET()

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def flaky() -> Iterator[tuple[str, type[Flaky]]]:
    handler = type("Handler", (Flaky,), {})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", handler
        server.shutdown()
        thread.join()


def test_really_lost_connections_are_repeated(flaky: tuple[str, type[Flaky]], sleeps: list[float]) -> None:
    with WebflowClient("t", base_url=flaky[0], sleep=sleeps.append) as client:
        assert client.sites.get("s") == {"id": "s"}
    assert sleeps == [0.5, 1.0]


def test_a_create_whose_connection_is_lost_is_sent_once(flaky: tuple[str, type[Flaky]], sleeps: list[float]) -> None:
    with WebflowClient("t", base_url=flaky[0], sleep=sleeps.append) as client, pytest.raises(ConnectionFailed):
        client.items.create("c", {"fieldData": {}})
    assert (sleeps, flaky[1].calls) == ([], 1)
