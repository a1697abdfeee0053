"""A mistake of the fake's own: Webflow's 500 over the network, the exception itself in process, and nothing changed."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from types import SimpleNamespace
from typing import Any, cast

import aiohttp
import httpx
import pytest
import requests
from werkzeug.test import Client, EnvironBuilder, run_wsgi_app
from worlds import POSTS_ID, TOKEN, fake

from fake_webflow import FakeAdapter, FakeTransport
from fake_webflow.control.access import Access
from fake_webflow.control.console.console import Console
from fake_webflow.control.hosted_fakes import HostedFakes
from fake_webflow.control.interface import ControlInterface
from fake_webflow.control.served import ServedFakes
from fake_webflow.fake import Fake
from fake_webflow.testing.handle import make_handle
from fake_webflow.transports.flask_app import create_flask_app
from fake_webflow.transports.interception import activate
from fake_webflow.transports.server import Server
from fake_webflow.transports.wsgi import create_wsgi_app

API = "https://api.webflow.com"
ITEMS = f"/v2/collections/{POSTS_ID}/items"
HEADERS = {"Authorization": f"Bearer {TOKEN}"}
NEW = {"fieldData": {"name": "Ada"}}
WEBFLOWS_ANSWER = {
    "message": "An Internal Error Occurred",
    "code": "internal_error",
    "externalReference": None,
    "details": [],
}


@pytest.fixture(params=["before the law", "after it"])
def broken(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Fake:
    """A fake with a mistake in it, which creating an item comes upon."""

    def spilt(*_: Any, **__: Any) -> Any:
        raise RuntimeError("coffee was spilt")

    place = "items.check_bulk_size" if request.param == "before the law" else "render.render_reply"
    monkeypatch.setattr(f"fake_webflow.api.{place}", spilt)
    return fake()


def remembered(asked: Fake) -> tuple[Any, ...]:
    state = asked.state
    return state.world, state.clock, state.ids, state.deliveries


@pytest.mark.clause("errors.internal", "errors.envelope")
def test_over_a_socket_it_is_answered_as_webflow_would(broken: Fake, caplog: pytest.LogCaptureFixture) -> None:
    before = remembered(broken)
    hosted = HostedFakes(broken, TOKEN)
    for served in (broken, lambda request, _peer: hosted.answer(request)):
        caplog.clear()
        with Server(create_flask_app(served)) as server:
            answer = requests.post(server.origin + ITEMS, json=NEW, headers=HEADERS, timeout=10)
            assert requests.get(f"{server.origin}/v2/nowhere", headers=HEADERS, timeout=10).status_code == 404
        assert (answer.status_code, answer.json()) == (500, WEBFLOWS_ANSWER)
        assert answer.headers["X-Fake-Webflow-Clause"] == "errors.internal"
        assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
        assert answer.headers["ETag"]
        assert [record.name for record in caplog.records] == ["fake_webflow"], "it is logged once"
        assert f"POST {ITEMS} failed" in caplog.text
        assert "RuntimeError: coffee was spilt" in caplog.text
    assert remembered(broken) == before


@pytest.mark.parametrize("path", ["/", "/_fake/state", "/_fake/health"])
def test_so_is_a_failure_of_whatever_stands_around_the_api(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, path: str
) -> None:
    def spilt(*_: Any, **__: Any) -> Any:
        raise LookupError("coffee was spilt")

    hosted, access = HostedFakes(fake(), TOKEN), Access()
    control = ControlInterface(hosted, access)
    monkeypatch.setattr(control, "_handle", spilt)
    console = cast(Console, SimpleNamespace(answer=spilt, sign_in=spilt))
    served = ServedFakes(hosted, access, control=control, console=console)
    with Server(create_wsgi_app(served.answer)) as server:
        answer = requests.get(server.origin + path, timeout=10)
    assert (answer.status_code, answer.headers["X-Fake-Webflow-Clause"]) == (500, "errors.internal")
    assert [record.name for record in caplog.records] == ["fake_webflow"]


def test_the_journal_has_it(broken: Fake) -> None:
    create_flask_app(broken).test_client().post(ITEMS, json=NEW, headers=HEADERS)
    (exchange,) = broken.journal
    assert (exchange.status, exchange.operation, exchange.clauses) == (500, "items.create", ("errors.internal",))
    assert exchange.body == NEW


def test_the_journal_has_a_failure_of_the_file_host_too(monkeypatch: pytest.MonkeyPatch) -> None:
    def spilt(*_: Any, **__: Any) -> Any:
        raise RuntimeError("coffee was spilt")

    monkeypatch.setattr("fake_webflow.storage.calls.serve_file", spilt)
    asked = fake()
    assert create_flask_app(asked).test_client().get("/cdn/any/file.png").status_code == 500
    (exchange,) = asked.journal
    assert (exchange.status, exchange.operation, exchange.clauses) == (500, "files.read", ("errors.internal",))


def test_flasks_client_has_the_500_and_raises_while_testing(broken: Fake) -> None:
    app, before = create_flask_app(broken), remembered(broken)
    assert app.test_client().post(ITEMS, json=NEW, headers=HEADERS).json == WEBFLOWS_ANSWER
    app.testing = True
    with pytest.raises(RuntimeError, match="coffee"):
        app.test_client().post(ITEMS, json=NEW, headers=HEADERS)
    assert remembered(broken) == before


def test_http_libraries_raise_it_in_process(broken: Fake) -> None:
    before = remembered(broken)
    session = requests.Session()
    session.mount("https://", FakeAdapter(make_handle(broken)))
    with pytest.raises(RuntimeError, match="coffee"):
        session.post(API + ITEMS, json=NEW, headers=HEADERS)
    with (
        httpx.Client(transport=FakeTransport(make_handle(broken))) as client,
        pytest.raises(RuntimeError, match="coffee"),
    ):
        client.post(API + ITEMS, json=NEW, headers=HEADERS)
    with activate(broken):
        with pytest.raises(RuntimeError, match="coffee"):
            requests.post(API + ITEMS, json=NEW, headers=HEADERS, timeout=10)
        with pytest.raises(RuntimeError, match="coffee"):
            httpx.post(API + ITEMS, json=NEW, headers=HEADERS)
        with pytest.raises(RuntimeError, match="coffee"):
            asyncio.run(_posted_by_aiohttp())
    assert remembered(broken) == before
    assert [exchange.status for exchange in broken.journal] == [500] * 5


async def _posted_by_aiohttp() -> None:
    async with aiohttp.ClientSession() as session:
        await session.post(API + ITEMS, json=NEW, headers=HEADERS)


def test_what_stands_around_a_served_fake_fails_alike(caplog: pytest.LogCaptureFixture) -> None:
    def spilt(*_: Any) -> Any:
        raise RuntimeError("coffee was spilt")

    client = Client(create_wsgi_app(spilt))
    for path in ("/", "/_fake/state"):
        answer = client.get(path)
        assert (answer.status_code, answer.json) == (500, WEBFLOWS_ANSWER)
        assert f"GET {path} failed" in caplog.text


_PROGRAM = """
from fake_webflow.transports.wsgi import create_wsgi_app

def spilt(*_):
    raise RuntimeError("coffee was spilt")

app = create_wsgi_app(spilt)
environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/", "HTTP_HOST": "localhost", "wsgi.url_scheme": "http"}
print(app({**environ, "wsgi.input": None}, lambda status, _: print(status)))
"""


def test_the_traceback_is_on_standard_error() -> None:
    done = subprocess.run([sys.executable, "-c", _PROGRAM], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("500 Internal Server Error\n[b'{")
    first, *_, last = done.stderr.splitlines()
    assert (first, last) == ("GET / failed", "RuntimeError: coffee was spilt")


@pytest.mark.clause("requests.malformed-json")
@pytest.mark.parametrize("declared", ["\xb2", "x", "-1"])
def test_a_length_that_is_no_number_is_no_failure(declared: str) -> None:
    environ = EnvironBuilder("/v2/sites", method="POST", base_url=API, headers=HEADERS).get_environ()
    environ = {**environ, "CONTENT_LENGTH": declared, "CONTENT_TYPE": "application/json", "PATH_INFO": ITEMS}
    _, status, _ = run_wsgi_app(create_wsgi_app(fake()), environ)
    assert status == "400 Bad Request"


def test_a_path_forges_no_line_of_the_log(caplog: pytest.LogCaptureFixture) -> None:
    def spilt(*_: Any) -> Any:
        raise RuntimeError("coffee was spilt")

    Client(create_wsgi_app(spilt)).get("/a%0Ab")
    assert "\nb failed" not in caplog.text
    assert "GET /a%0Ab failed" in caplog.text
