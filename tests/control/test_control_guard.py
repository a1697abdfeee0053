"""Who is refused by the control interface, and how: one line of JSON with status 403."""

from __future__ import annotations

import http.client
import json
from typing import Any
from urllib.parse import urlsplit

import pytest
from control_callers import Fork, LocalClient, served_app

from fake_webflow import FakeWebflow
from fake_webflow.control.hosted_fakes import HostedFakes
from fake_webflow.fake import Fake, fake_of
from fake_webflow.message import is_loopback
from fake_webflow.transports.server import Server
from fake_webflow.transports.wsgi import create_wsgi_app

JSON = {"Content-Type": "application/json"}


def asked(origin: str, method: str, path: str, headers: dict[str, str]) -> tuple[int, Any, bytes]:
    """Sends exactly these headers, ``Host`` included."""
    parts = urlsplit(origin)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=10)
    connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
    for name, value in {"Host": parts.netloc, **headers}.items():
        connection.putheader(name, value)
    connection.endheaders()
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status, json.loads(body), body


@pytest.mark.parametrize("path", ["/_fake/state", "/_fake/openapi.json", "/_fake", "/_fake/nothing"])
@pytest.mark.parametrize(
    ("headers", "said"),
    [
        ({"Host": "rebound.example"}, "not a name of this machine"),
        ({"Host": "rebound.example:8787"}, "not a name of this machine"),
        ({"Host": "127.0.0.1.rebound.example"}, "not a name of this machine"),
        ({"Host": "localhost.rebound.example"}, "not a name of this machine"),
        ({"Host": "0.0.0.0"}, "not a name of this machine"),
        ({"Host": "192.168.0.7"}, "not a name of this machine"),
        ({"Host": "[2001:db8::1]:80"}, "not a name of this machine"),
        ({"Origin": "https://evil.example"}, "sent by a page of https://evil.example"),
        ({"Origin": "http://localhost:3000"}, "sent by a page of http://localhost:3000"),
        ({"Origin": "null"}, "sent by a page of null"),
        ({"Sec-Fetch-Site": "cross-site"}, "Sec-Fetch-Site: cross-site"),
        ({"Sec-Fetch-Site": "same-site"}, "Sec-Fetch-Site: same-site"),
    ],
)
def test_pages_of_other_origins_are_refused(origin: str, headers: dict[str, str], said: str, path: str) -> None:
    status, answer, body = asked(origin, "GET", path, headers)
    assert (status, answer["code"]) == (403, "not_allowed")
    assert said in answer["message"]
    assert body.endswith(b"}\n")
    assert body.count(b"\n") == 1


@pytest.mark.parametrize(
    "host",
    ["localhost", "LOCALHOST", "localhost:{port}", "127.0.0.1:{port}", "127.8.8.8", "[::1]:{port}", "a.localhost"],
)
def test_names_of_this_machine_are_let_in(origin: str, host: str) -> None:
    assert asked(origin, "GET", "/_fake/state", {"Host": host.format(port=urlsplit(origin).port)})[0] == 200


def test_a_page_of_its_own_is_let_in(origin: str) -> None:
    headers = {"Origin": origin, "Sec-Fetch-Site": "same-origin"}
    assert asked(origin, "GET", "/_fake/state", headers)[0] == 200
    assert asked(origin, "GET", "/_fake/state", {"Sec-Fetch-Site": "none"})[0] == 200


@pytest.mark.parametrize(
    "media_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", None, "json"]
)
@pytest.mark.parametrize(("method", "path"), [("POST", "/reset"), ("PUT", "/snapshots/x"), ("PUT", "/rate-limit")])
def test_writes_that_a_form_could_send_are_refused(fork: Fork, method: str, path: str, media_type: str | None) -> None:
    fork.create_item("Ada")
    headers = {"Content-Length": "0"} | ({"Content-Type": media_type} if media_type else {})
    parts = urlsplit(fork.control_url)
    status, answer, _ = asked(f"http://{parts.netloc}", method, parts.path + path, headers)
    assert (status, answer["code"]) == (403, "not_allowed")
    assert "'Content-Type: application/json'" in answer["message"]
    assert "Ada" in fork.names()


def test_a_preflight_is_not_granted(origin: str) -> None:
    headers = {"Origin": "https://evil.example", "Access-Control-Request-Method": "DELETE"}
    assert asked(origin, "OPTIONS", "/_fake/journal", headers)[0] == 403


@pytest.mark.parametrize(
    "peer", ["192.168.0.7", "10.0.0.1", "2001:db8::1", "::ffff:10.0.0.1", "", "localhost.evil.example"]
)
def test_other_machines_are_refused(peer: str) -> None:
    client = LocalClient(served_app(HostedFakes(fake_of(FakeWebflow()), "test-token")))
    answer = client.get("/_fake/state", environ_overrides={"REMOTE_ADDR": peer})
    assert answer.status_code == 403
    assert "answers this machine alone" in answer.json["message"]
    # Who forwards for others cannot vouch for them.
    forwarded = client.get(
        "/_fake/state", headers={"X-Forwarded-For": "127.0.0.1"}, environ_overrides={"REMOTE_ADDR": peer}
    )
    assert forwarded.status_code == 403


@pytest.mark.parametrize(
    "name", ["127.0.0.1", "127.255.0.1", "::1", "[::1]", "::ffff:127.0.0.1", "localhost", "x.localhost"]
)
def test_names_of_loopback(name: str) -> None:
    assert is_loopback(name)


@pytest.mark.parametrize("name", ["", "0.0.0.0", "::", "128.0.0.1", "localhost.example", "evil", "127.1", "2130706433"])
def test_what_is_no_name_of_loopback(name: str) -> None:
    assert not is_loopback(name)


def test_it_can_be_switched_off() -> None:
    with Server(served_app(HostedFakes(fake_of(FakeWebflow()), "test-token"), is_on=False)) as server:
        for method, path in [("GET", "/_fake/state"), ("POST", "/_fake/forks"), ("GET", "/_fake")]:
            status, answer, body = asked(server.origin, method, path, JSON)
            assert (status, answer["code"], body.count(b"\n")) == (403, "control_off", 1)
            assert "--no-control" in answer["message"]
        assert asked(server.origin, "GET", "/_fake/health", {})[0] == 200


def test_an_app_without_it_knows_no_such_path_as_webflow_knows_none() -> None:
    fake: Fake = fake_of(FakeWebflow())
    answer = LocalClient(create_wsgi_app(fake)).get("/_fake/state")
    assert answer.status_code == 404
    assert answer.headers["X-Fake-Webflow-Clause"] == "errors.unknown-route"
