"""Fakes to activate, another host to leave alone, and the check that nothing stays patched."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from patched_places import attributes

from fake_webflow.fake import Fake, fake_of
from fake_webflow.testing.handle import FakeWebflow, make_handle
from fake_webflow.transports import active
from fake_webflow.transports.interception import activate


@pytest.fixture(autouse=True)
def _nothing_stays_patched() -> Iterator[None]:
    before, finders = attributes(), list(sys.meta_path)
    yield
    assert not active.is_any_active()
    assert all(now is then for now, then in zip(attributes(), before, strict=True))
    assert sys.meta_path == finders


@pytest.fixture(scope="session")
def seeded() -> Fake:
    """What every fake here is forked from."""
    return fake_of(FakeWebflow())


@pytest.fixture
def inactive(seeded: Fake) -> FakeWebflow:
    """A fake that is not active."""
    return make_handle(seeded.fork())


@pytest.fixture
def webflow(inactive: FakeWebflow) -> Iterator[FakeWebflow]:
    """An active fake."""
    with activate(fake_of(inactive)):
        yield inactive


class _Hello(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "5")
        self.end_headers()
        self.wfile.write(b"other")

    def log_message(self, *_: object) -> None:
        """Nothing is printed."""


@pytest.fixture(scope="session")
def other_host() -> Iterator[str]:
    """The address of a host that is not Webflow's."""
    server = HTTPServer(("127.0.0.1", 0), _Hello)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
