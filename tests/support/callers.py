"""One way to call for each transport: method, URL, headers and bytes in, status, headers and bytes out."""

from __future__ import annotations

import asyncio
import http.client
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import aiohttp
import httpx
import httpx2
import requests
import responses
import urllib3

from fake_webflow import FakeAdapter, FakeTransport
from fake_webflow.fake import fake_of
from fake_webflow.testing.handle import FakeWebflow
from fake_webflow.transports.flask_app import create_flask_app
from fake_webflow.transports.interception import activate
from fake_webflow.transports.server import Server


class Got(NamedTuple):
    """An answer as it arrived."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes


Send = Callable[[str, str, dict[str, str], bytes | None], Got]
SERVED = "http://127.0.0.1:8787"


@contextmanager
def through_requests(webflow: FakeWebflow) -> Iterator[Send]:
    with activate(fake_of(webflow)), requests.Session() as session:
        yield lambda *call: _requests_got(session, *call)


@contextmanager
def through_adapter(webflow: FakeWebflow) -> Iterator[Send]:
    with requests.Session() as session:
        session.mount("https://", FakeAdapter(webflow))
        yield lambda *call: _requests_got(session, *call)


@contextmanager
def beside_responses(webflow: FakeWebflow) -> Iterator[Send]:
    with responses.RequestsMock() as mock, activate(fake_of(webflow)), requests.Session() as session:
        mock.get("https://example.com/")
        yield lambda *call: _requests_got(session, *call)
        session.get("https://example.com/")


def _requests_got(session: requests.Session, method: str, url: str, headers: dict[str, str], body: bytes | None) -> Got:
    answer = session.request(method, url, headers=headers, data=body, allow_redirects=False)
    return Got(answer.status_code, list(answer.raw.headers.items()), answer.content)


@contextmanager
def through_urllib3(webflow: FakeWebflow) -> Iterator[Send]:
    with activate(fake_of(webflow)), urllib3.PoolManager() as pool:

        def send(method: str, url: str, headers: dict[str, str], body: bytes | None) -> Got:
            answer = pool.request(method, url, headers=headers, body=body, redirect=False, retries=False)
            return Got(answer.status, list(answer.headers.items()), answer.data)

        yield send


@contextmanager
def through_httpx(webflow: FakeWebflow, library: Any = httpx) -> Iterator[Send]:
    with activate(fake_of(webflow)), library.Client() as client:
        yield lambda *call: _httpx_got(client, *call)


@contextmanager
def through_httpx2(webflow: FakeWebflow) -> Iterator[Send]:
    with through_httpx(webflow, httpx2) as send:
        yield send


@contextmanager
def through_httpx2_transport(webflow: FakeWebflow) -> Iterator[Send]:
    with through_httpx_transport(webflow, httpx2) as send:
        yield send


@contextmanager
def through_async_httpx2(webflow: FakeWebflow) -> Iterator[Send]:
    with through_async_httpx(webflow, httpx2) as send:
        yield send


@contextmanager
def through_httpx_transport(webflow: FakeWebflow, library: Any = httpx) -> Iterator[Send]:
    with library.Client(transport=FakeTransport(webflow)) as client:
        yield lambda *call: _httpx_got(client, *call)


def _httpx_got(client: Any, method: str, url: str, headers: dict[str, str], body: bytes | None) -> Got:
    answer = client.request(method, url, headers=headers, content=body)
    return Got(answer.status_code, _raw(answer), answer.content)


def _raw(answer: Any) -> list[tuple[str, str]]:
    return [(name.decode(), value.decode()) for name, value in answer.headers.raw]


@contextmanager
def through_async_httpx(webflow: FakeWebflow, library: Any = httpx) -> Iterator[Send]:
    with asyncio.Runner() as runner, activate(fake_of(webflow)):
        client = library.AsyncClient()

        async def send(method: str, url: str, headers: dict[str, str], body: bytes | None) -> Got:
            answer = await client.request(method, url, headers=headers, content=body)
            return Got(answer.status_code, _raw(answer), answer.content)

        yield lambda *call: runner.run(send(*call))
        runner.run(client.aclose())


@contextmanager
def through_aiohttp(webflow: FakeWebflow) -> Iterator[Send]:
    with asyncio.Runner() as runner, activate(fake_of(webflow)):

        async def session() -> aiohttp.ClientSession:
            return aiohttp.ClientSession()

        client = runner.run(session())

        async def send(method: str, url: str, headers: dict[str, str], body: bytes | None) -> Got:
            async with client.request(method, url, headers=headers, data=body, allow_redirects=False) as answer:
                raw = [(name.decode(), value.decode()) for name, value in answer.raw_headers]
                return Got(answer.status, raw, await answer.read())

        yield lambda *call: runner.run(send(*call))
        runner.run(client.close())


@contextmanager
def through_flask(webflow: FakeWebflow) -> Iterator[Send]:
    client = create_flask_app(fake_of(webflow)).test_client()

    def send(method: str, url: str, headers: dict[str, str], body: bytes | None) -> Got:
        parts = urlsplit(url)
        target = f"{parts.path}?{parts.query}" if parts.query else parts.path
        base = f"{parts.scheme}://{parts.netloc}"
        answer = client.open(target, base_url=base, method=method, headers=headers, data=body)
        return Got(answer.status_code, list(answer.headers.items()), answer.data)

    yield send


@contextmanager
def through_socket(webflow: FakeWebflow) -> Iterator[Send]:
    with Server(create_flask_app(fake_of(webflow))) as server:
        yield lambda *call: _socket_got(urlsplit(server.origin).netloc, *call)


def _socket_got(place: str, method: str, url: str, headers: dict[str, str], body: bytes | None) -> Got:
    """The host named is always ``SERVED``, whatever the port, so that addresses in answers are always the same."""
    parts = urlsplit(_on_server(url))
    connection = http.client.HTTPConnection(place)
    try:
        target = f"{parts.path}?{parts.query}" if parts.query else parts.path
        connection.request(method, target, body, headers | {"Host": parts.netloc})
        answer = connection.getresponse()
        return Got(answer.status, answer.getheaders(), answer.read())
    finally:
        connection.close()


def _on_server(url: str) -> str:
    """The address of the same thing on a served fake, which is both hosts of the API."""
    return url.replace("https://api.webflow.com", SERVED).replace("https://api-cdn.webflow.com", SERVED)


IN_PROCESS: list[Any] = [
    through_requests,
    through_adapter,
    beside_responses,
    through_urllib3,
    through_httpx,
    through_httpx_transport,
    through_async_httpx,
    through_httpx2,
    through_httpx2_transport,
    through_async_httpx2,
    through_aiohttp,
    through_flask,
]
