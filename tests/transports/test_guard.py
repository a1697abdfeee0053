"""The guard: what interception does not know is refused before it reaches Webflow, and tells what to do."""

from __future__ import annotations

import asyncio
import http.client
import socket
import ssl
import threading
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import httpcore
import pytest
import requests

from fake_webflow.errors import NotIntercepted
from fake_webflow.fake import Fake
from fake_webflow.transports import guard as guarding
from fake_webflow.transports.guard import is_webflow_host
from fake_webflow.transports.interception import activate

NAME = "api.webflow.com"
URL = f"https://{NAME}/v2/sites"


@contextmanager
def guard() -> Iterator[None]:
    guarding.begin()
    try:
        yield
    finally:
        guarding.end()


@pytest.fixture
def looked_up(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Names that came to the machine's own look-up, which finds none."""
    names: list[object] = []

    def find_none(host: object, *_: object, **__: object) -> object:
        names.append(host)
        raise socket.gaierror(socket.EAI_NONAME, "no network in tests")

    for name in ("getaddrinfo", "gethostbyname", "gethostbyname_ex"):
        monkeypatch.setattr(socket, name, find_none)
    return names


async def open_stream() -> None:
    await asyncio.open_connection(NAME, 443, ssl=ssl.create_default_context())


def connect_by_name() -> None:
    with socket.socket() as connection:
        connection.connect((NAME, 443))


CALLS: dict[str, Callable[[], object]] = {
    "http.client": lambda: http.client.HTTPSConnection(NAME).request("GET", "/v2/sites"),
    "urllib.request": lambda: urllib.request.urlopen(URL),
    "httpcore": lambda: httpcore.request("GET", URL),
    "a socket": lambda: socket.create_connection((NAME, 443)),
    "a look-up": lambda: socket.gethostbyname(NAME.upper() + "."),
    "asyncio": lambda: asyncio.run(open_stream()),
    "a socket without a look-up": lambda: connect_by_name(),
}


@pytest.mark.parametrize("library", CALLS)
def test_what_is_not_caught_is_refused(looked_up: list[object], library: str) -> None:
    with guard(), pytest.raises(NotIntercepted) as refused:
        CALLS[library]()
    text = str(refused.value)
    assert NAME in text.lower()
    assert "fake_webflow.base_url" in text
    assert "test_what_is_not_caught_is_refused" in text
    if "." in library or library == "httpcore":
        assert text.startswith(library)
    assert not looked_up


def test_other_names_are_looked_up_as_ever(looked_up: list[object]) -> None:
    with guard(), pytest.raises(OSError, match="no network in tests"):
        socket.create_connection(("example.com", 443))
    assert looked_up == ["example.com"]


@pytest.mark.parametrize(
    ("host", "is_one"),
    [
        ("api.webflow.com", True),
        ("API.Webflow.Com.", True),
        (b"api-cdn.webflow.com", True),
        ("cdn.prod.website-files.com", True),
        ("webflow-prod-assets.s3.amazonaws.com", True),
        ("webflow-prod-assets.s3.us-east-1.amazonaws.com", True),
        ("s3.amazonaws.com", False),
        ("someones-bucket.s3.amazonaws.com", False),
        ("webflow.com.example.org", False),
        ("127.0.0.1", False),
        (None, False),
        ("", False),
    ],
)
def test_which_names_are_webflows(host: object, is_one: bool) -> None:
    assert is_webflow_host(host) is is_one


@pytest.fixture
def proxy() -> Iterator[tuple[int, list[bytes]]]:
    """The port of a proxy on this machine, and the first line of what it was asked."""
    asked: list[bytes] = []
    listening = socket.create_server(("127.0.0.1", 0))

    def answer() -> None:
        try:
            connection, _ = listening.accept()
        except OSError:  # nobody came
            return
        with connection:
            asked.append(connection.recv(1000).partition(b"\r\n")[0])
            connection.sendall(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n")

    thread = threading.Thread(target=answer)
    thread.start()
    yield listening.getsockname()[1], asked
    socket.create_connection(listening.getsockname()).close()
    thread.join()
    listening.close()


@pytest.mark.parametrize("scheme", ["https", "http"])
def test_a_proxy_is_not_asked_for_webflow(proxy: tuple[int, list[bytes]], scheme: str) -> None:
    port, asked = proxy
    handler = urllib.request.ProxyHandler({scheme: f"http://127.0.0.1:{port}"})
    with guard(), pytest.raises(NotIntercepted, match=r"asked a proxy for api\.webflow\.com"):
        urllib.request.build_opener(handler).open(f"{scheme}://{NAME}/v2/sites")
    assert b"webflow" not in b"".join(asked)


@pytest.mark.parametrize(("port", "name"), [(443, NAME), (80, NAME), (443, "a" * 10 + ".example"), (80, "b.example")])
def test_a_proxy_that_speaks_socks_is_not_asked_either(port: int, name: str) -> None:
    asked = b"\x05\x01\x00\x03" + bytes([len(name)]) + name.encode() + port.to_bytes(2, "big")
    here, proxy = socket.socketpair()
    with here, proxy, guard():
        if name == NAME:
            with pytest.raises(NotIntercepted, match=r"asked a proxy for api\.webflow\.com"):
                here.sendall(asked)
        else:
            here.sendall(asked)
            assert proxy.recv(100) == asked


def test_a_proxy_may_be_asked_for_others(proxy: tuple[int, list[bytes]]) -> None:
    port, asked = proxy
    handler = urllib.request.ProxyHandler({"https": f"http://127.0.0.1:{port}"})
    with guard(), pytest.raises(OSError, match="502"):
        urllib.request.build_opener(handler).open("https://example.com/")
    assert asked[0].startswith(b"CONNECT example.com:443 ")


def test_blocks_may_overlap_and_nothing_stays() -> None:
    places = [(socket, "getaddrinfo"), (socket.socket, "connect"), (socket.socket, "send"), (ssl.SSLSocket, "sendall")]
    before = [vars(owner).get(name) for owner, name in places]
    guarding.begin()
    guarding.begin()
    guarding.end()
    with pytest.raises(NotIntercepted):
        socket.gethostbyname(NAME)
    guarding.end()
    assert [vars(owner).get(name) for owner, name in places] == before


def test_it_is_on_while_a_fake_is_active(seeded: Fake) -> None:
    with activate(seeded.fork()), activate(seeded.fork()):
        with pytest.raises(NotIntercepted):
            urllib.request.urlopen(URL)
        answer = requests.get(URL, headers={"Authorization": "Bearer test-token"}, timeout=1)
        assert answer.status_code == 200
