"""Pages in a real browser on the machine of a served fake: they read nothing of it, and change nothing.

Three kinds are tried: a page of another origin, on the same site or another; a page whose host name was bound anew to
this machine; and an uploaded file that is opened as a page. Each knows the token of the API, which has a public
default, and the ids of the default scenario. What it tries stands in ``hostile.js``.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import PIPE, Popen
from time import time
from typing import Any, NamedTuple

import pytest
import requests
from browser import wait_for_script
from control_callers import LocalClient, served_app
from flask import Flask
from processes import COMMAND, ready
from selenium.webdriver import Chrome, Keys
from selenium.webdriver.common.by import By
from served import serving

from fake_webflow import FakeWebflow
from fake_webflow.control.access import Access
from fake_webflow.control.console import Console
from fake_webflow.control.hosted_fakes import HostedFakes
from fake_webflow.fake import fake_of
from fake_webflow.transports.server import Server
from fake_webflow.world.addresses import BUCKET
from fake_webflow.world.assets import StoredFile

pytestmark = pytest.mark.acceptance

SCRIPT = Path(__file__).with_name("hostile.js").read_text()
CONTROL = "control-canary-4711"
SECRET = "read-by-the-program-alone"
Serve = Callable[..., "Served"]


class Served(NamedTuple):
    """A fake in a process of its own, as the program that uses it knows it."""

    said: dict[str, Any]
    origin: str
    session: requests.Session

    def call(self, method: str, path: str, **options: Any) -> requests.Response:
        answer = self.session.request(method, self.origin + path, timeout=10, **options)
        answer.raise_for_status()
        return answer

    @property
    def items_path(self) -> str:
        return f"/v2/collections/{self.said['collection_ids']['authors']}/items"

    def see(self) -> dict[str, Any]:
        """All that a page must not change. Calls that were refused stand in the journal, and change nothing else."""
        state = self.call("GET", "/_fake/state").json()
        journal = self.call("GET", "/_fake/journal").json()["exchanges"]
        return {
            "state": {name: value for name, value in state.items() if name not in ("clock", "journal")},
            "clock is right": abs(state["clock"]["now"] / 1000 - time()) < 100,
            "items": self.call("GET", f"{self.items_path}?limit=100").json()["items"],
            "forks": self.call("GET", "/_fake/forks").json(),
            "done": [one for one in journal if 0 < one["status"] < 400 and one["path"] != self.items_path],
        }


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Serves a fake with these options, to which a program has made a call that holds the secret."""
    started: list[Popen[str]] = []

    def serve(*options: str, port: int = 0) -> Served:
        command = [*COMMAND, "serve", "--port", str(port), "--json", "--rate-limit", "off", *options]
        started.append(process := Popen(command, stdout=PIPE, text=True))
        said = ready(process)
        session = requests.Session()
        session.headers.update({"Authorization": f"Bearer {said['token']}", "X-Fake-Webflow-Control": CONTROL})
        served = Served(said, said["start_page"].removesuffix("/"), session)
        served.call("POST", served.items_path, json={"fieldData": {"name": SECRET}})
        return served

    yield serve
    for process in started:
        process.kill()
        process.communicate()


@pytest.fixture
def forged() -> dict[str, str]:
    """An upload form that is signed by a seed that everybody knows, as if that were all that it is signed with."""
    fake = FakeWebflow(now="machine")
    asked = {"fileName": "x.svg", "fileHash": "0" * 32}
    headers = {"Authorization": f"Bearer {fake.token}"}
    client = LocalClient(served_app(HostedFakes(fake_of(fake), fake.token)))
    details: dict[str, str] = client.post(f"/v2/sites/{fake.site.id}/assets", json=asked, headers=headers).json[
        "uploadDetails"
    ]
    return details


@contextmanager
def attacker() -> Iterator[str]:
    """The port of a server of hostile pages."""
    app = Flask(__name__)
    app.add_url_rule("/", view_func=lambda: f"<!doctype html><body><script>{SCRIPT}</script>")
    with serving(app) as origin:
        yield origin.rpartition(":")[2]


def attack(browser: Chrome, served: Served, origin: str, forged: dict[str, str]) -> list[dict[str, Any]]:
    """What the hostile page that is open could read of the fake at that origin."""
    plan = {
        "target": origin,
        "token": served.said["token"],
        "controls": ["", "guessed"],
        "collection": served.said["collection_ids"]["authors"],
        "form": forged,
    }
    read = browser.execute_async_script(
        "attack(arguments[0]).then(arguments[1], (error) => arguments[1](String(error)))", plan
    )
    assert isinstance(read, list), read
    return read


def sign_in(browser: Chrome, origin: str) -> None:
    """Has a person sign in to the pages of the fake, so that the browser has the cookie."""
    browser.get(origin)
    browser.find_element(By.NAME, "token").send_keys(CONTROL, Keys.ENTER)
    wait_for_script(browser, "document.body.textContent.includes('Base URL')")


KINDS = {
    "without a control token": [],
    "with a control token": ["--control-token", CONTROL],
    "signed in": ["--control-token", CONTROL],
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("place", ["evil.example", "127.0.0.1", "localhost"])
def test_a_page_of_another_origin(browser: Chrome, serve: Serve, forged: dict[str, str], place: str, kind: str) -> None:
    served = serve(*KINDS[kind])
    if kind == "signed in":
        sign_in(browser, served.origin)
    before = served.see()
    with attacker() as port:
        browser.get(f"http://{place}:{port}/")
        assert attack(browser, served, served.origin, forged) == []
    assert served.see() == before


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_of_the_same_site_by_name(browser: Chrome, serve: Serve, forged: dict[str, str], kind: str) -> None:
    # Over http to a name, browsers do not say which site a request comes from.
    served = serve(*KINDS[kind], "--allow-host", "fake.example")
    origin = served.origin.replace("127.0.0.1", "fake.example")
    if kind == "signed in":
        sign_in(browser, origin)
    before = served.see()
    with attacker() as port:
        browser.get(f"http://fake.example:{port}/")
        assert attack(browser, served, origin, forged) == []
    assert served.see() == before


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_that_rebinds_its_name(browser: Chrome, serve: Serve, forged: dict[str, str], kind: str) -> None:
    # The page is there before the fake: its name is bound to a port that another server had until then.
    with attacker() as port:
        browser.get(f"http://evil.example:{port}/")
    served = serve(*KINDS[kind], port=int(port))
    if kind == "signed in":
        page = browser.current_window_handle
        browser.switch_to.new_window("tab")
        sign_in(browser, served.origin)
        browser.close()
        browser.switch_to.window(page)
    before = served.see()
    read = attack(browser, served, f"http://evil.example:{port}", forged)
    assert served.see() == before
    assert read, "the page is of the same origin, so it can read that it is refused"
    for one in read:
        assert one["status"] in (401, 403, "iframe", "object"), one
        assert SECRET not in one["text"]
        assert served.said["token"] not in one["text"]


STORED = {
    "text/html": "<!doctype html><body><p id=here>hello</p><script>{script}</script>",
    "image/svg+xml": '<svg xmlns="http://www.w3.org/2000/svg"><text id="here" y="20">hello</text>'
    "<script>{script}</script></svg>",
    "application/xhtml+xml": '<html xmlns="http://www.w3.org/1999/xhtml"><body><p id="here">hello</p>'
    "<script>{script}</script></body></html>",
}
RESETS = (
    "document.documentElement.setAttribute('data-' + 'ran', 'yes');"
    "fetch('/_fake/reset', {method: 'POST', headers: {'Content-Type': 'application/json'}, body: '{}'});"
)


@pytest.mark.parametrize("control_token", ["", CONTROL], ids=["without a control token", "signed in"])
@pytest.mark.parametrize("content_type", STORED)
def test_a_stored_file_that_is_opened(browser: Chrome, content_type: str, control_token: str) -> None:
    # Stored by hand: the fake takes SVG, and nothing that it would serve as HTML.
    fake, data = fake_of(FakeWebflow()), STORED[content_type].format(script=RESETS).encode()
    file = StoredFile("site/page", content_type, "0" * 32, data, "")
    fake.change(lambda state: state._replace(world=state.world.with_files([file])))
    hosted_fakes = HostedFakes(fake, "test-token")
    hosted_fakes.add(fake.fork(), "test-token")
    access = Access(control_token=control_token)
    console = Console(hosted_fakes, access, version="1.2.3")
    with Server(served_app(hosted_fakes, access, console=console)) as server:
        if control_token:
            sign_in(browser, server.origin)
        before = fake.state.world
        for path in ("/cdn/site/page", f"/s3/{BUCKET}/site/page", "/~1/cdn/site/page"):
            browser.get(server.origin + path)
            shown = json.dumps(browser.execute_cdp_cmd("DOM.getDocument", {"depth": -1})["root"])
            assert "hello" in shown, "the browser shows the file as a page"
            assert "data-ran" not in shown
        assert fake.state.world is before
