"""A fake with two published sites, clients for it, and a receiver on this machine."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

import requests

from fake_webflow import FakeAdapter
from fake_webflow.client import WebflowClient
from fake_webflow.conditions import START
from fake_webflow.fake import Fake, State
from fake_webflow.testing.handle import make_handle
from fake_webflow.world.sites import CustomDomain, Locale, Site
from fake_webflow.world.tokens import Token, User
from fake_webflow.world.world import World

SITE, LONELY_SITE = "65a0000000000000000000a1", "65a0000000000000000000b1"
WORKSPACE, DOMAIN = "65a0000000000000000000a2", "65a0000000000000000000a3"
LOCALE = "65a0000000000000000000a5"
OTHER_LOCALE = "65a0000000000000000000a7"
ELSEWHERE = "https://hooks.example.com/webflow"
"""An address that nothing may be sent to."""


def new_state() -> State:
    """Two published sites, the first with two locales, the second without localization; tokens of two kinds."""
    primary = Locale("65a0000000000000000000a4", LOCALE, "Primary", "en")
    second = Locale("65a0000000000000000000a6", OTHER_LOCALE, "German", "de")
    site = Site(
        id=SITE,
        workspace_id=WORKSPACE,
        display_name="Webhooks",
        short_name="webhooks",
        time_zone="UTC",
        created_on=START - 2000,
        last_updated=START - 1000,
        last_published=START - 1000,
        primary=primary,
        secondary=(second,),
        custom_domains=(CustomDomain(DOMAIN, "www.example.com"),),
    )
    lonely = Site(
        id=LONELY_SITE,
        workspace_id=WORKSPACE,
        display_name="One locale",
        short_name="one-locale",
        time_zone="UTC",
        created_on=START - 2000,
        last_updated=START - 1000,
        last_published=START - 1000,
        primary=Locale("65a0000000000000000000b4", "65a0000000000000000000b5", "Primary", "en"),
        localized=False,
    )
    user = User("65a0000000000000000000a8", "robin@example.com", "Robin", "Tester")
    world = World().with_site(site).with_site(lonely)
    for kind in ("app", "site"):
        world = world.with_token(Token(kind, "65a0000000000000000000a9", START - 2000, user, kind=kind))
    return State(world)


def client_of(fake: Fake, token: str = "site") -> WebflowClient:
    """A client that reaches the fake without a socket."""
    session = requests.Session()
    session.mount("https://", FakeAdapter(make_handle(fake)))
    return WebflowClient(token, session=session, retries=0)


def published_collection(client: WebflowClient, site_id: str = SITE) -> str:
    """The id of a new collection whose items can be published."""
    collection = client.collections.create(site_id, {"displayName": "Posts", "singularName": "Post"})
    client.sites.publish(site_id, publish_to_webflow_subdomain=True)
    found: str = collection["id"]
    return found


class Received(NamedTuple):
    """What a receiver got."""

    path: str
    headers: dict[str, str]
    body: bytes


class Receiver:
    """A web server that takes deliveries; ``statuses`` are answered in turn, then 200."""

    def __init__(self) -> None:
        self.received: list[Received] = []
        self.statuses: list[int] = []
        self.open = threading.Event()
        self.open.set()
        self.arrived = threading.Event()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                receiver.take(self)

            def log_message(self, *_: Any) -> None:
                """Quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/hook?from=webflow"

    def take(self, handler: BaseHTTPRequestHandler) -> None:
        body = handler.rfile.read(int(handler.headers["Content-Length"]))
        self.received.append(Received(handler.path, dict(handler.headers.items()), body))
        self.arrived.set()
        self.open.wait()
        status = self.statuses.pop(0) if self.statuses else 200
        handler.send_response(status)
        if status in (301, 302, 307, 308):
            handler.send_header("Location", "/elsewhere")
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    def close(self) -> None:
        self.open.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


CREATED = "collection_item_created"


def register_webhook(client: WebflowClient, url: str, trigger: str = CREATED) -> str:
    key: str = client.webhooks.create(SITE, trigger_type=trigger, url=url)["secretKey"]
    return key


def create_item(client: WebflowClient, collection_id: str, name: str = "A") -> str:
    item_id: str = client.items.create(collection_id, {"fieldData": {"name": name}})["id"]
    return item_id
