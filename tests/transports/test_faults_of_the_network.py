"""A fault below HTTP is the library's own exception."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
import httpx
import pytest
import requests
import urllib3
from requests.adapters import HTTPAdapter

from fake_webflow import FakeAdapter, FakeTransport
from fake_webflow.api.pipeline import begin_answer
from fake_webflow.conditions.faults import NetworkFault, NetworkFaultKind
from fake_webflow.exchange import Waits
from fake_webflow.message import Request, Response
from fake_webflow.testing.handle import FakeWebflow
from fake_webflow.transports import active

URL = "https://api.webflow.com/v2/sites"
TOKEN = {"Authorization": "Bearer test-token"}


@pytest.fixture
def broken(webflow: FakeWebflow, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Sets what happens to all calls."""
    calls: list[Request] = []

    def break_(kind: NetworkFaultKind, times: int = 100) -> list[Request]:
        def answer_or_fail(fake: Any, request: Request) -> Waits[Response]:
            calls.append(request)
            done = yield from begin_answer(fake, request)
            if len(calls) > times:
                return done
            raise NetworkFault(kind, done, 100) if kind == "truncated" else NetworkFault(kind)

        monkeypatch.setattr(active, "begin_answer", answer_or_fail)
        return calls

    return break_


def adapter_get(webflow: FakeWebflow) -> bytes:
    with requests.Session() as session:
        session.mount("https://", FakeAdapter(webflow))
        return session.get(URL, headers=TOKEN).content


def urllib3_get(_: FakeWebflow) -> bytes:
    with urllib3.PoolManager() as pool:
        return pool.request("GET", URL, headers=TOKEN, retries=False).data


def async_httpx_get(_: FakeWebflow) -> bytes:
    async def get() -> bytes:
        async with httpx.AsyncClient() as client:
            return (await client.get(URL, headers=TOKEN)).content

    return asyncio.run(get())


def transport_get(webflow: FakeWebflow) -> bytes:
    with httpx.Client(transport=FakeTransport(webflow)) as client:
        return client.get(URL, headers=TOKEN).content


def aiohttp_get(_: FakeWebflow) -> bytes:
    async def get() -> bytes:
        async with aiohttp.ClientSession() as session, session.get(URL, headers=TOKEN) as answer:
            return await answer.read()

    return asyncio.run(get(), debug=True)


def requests_get(_: FakeWebflow) -> bytes:
    return requests.get(URL, headers=TOKEN, timeout=5).content


def httpx_get(_: FakeWebflow) -> bytes:
    return httpx.get(URL, headers=TOKEN).content


@pytest.mark.parametrize(
    ("get", "kind", "expected", "text"),
    [
        (requests_get, "timeout", requests.ReadTimeout, "Read timed out"),
        (requests_get, "reset", requests.ConnectionError, "Connection reset by peer"),
        (requests_get, "truncated", requests.exceptions.ChunkedEncodingError, "IncompleteRead.100 bytes read"),
        (adapter_get, "timeout", requests.ReadTimeout, "Read timed out"),
        (adapter_get, "reset", requests.ConnectionError, "Connection reset by peer"),
        (adapter_get, "truncated", requests.exceptions.ChunkedEncodingError, "IncompleteRead.100 bytes read"),
        (urllib3_get, "timeout", urllib3.exceptions.ReadTimeoutError, "Read timed out"),
        (urllib3_get, "reset", urllib3.exceptions.ProtocolError, "Connection reset by peer"),
        (urllib3_get, "truncated", urllib3.exceptions.ProtocolError, "IncompleteRead.100 bytes read"),
        (httpx_get, "timeout", httpx.ReadTimeout, "timed out"),
        (httpx_get, "reset", httpx.ReadError, "Connection reset by peer"),
        (httpx_get, "truncated", httpx.RemoteProtocolError, "received 100 bytes, expected"),
        (async_httpx_get, "timeout", httpx.ReadTimeout, "timed out"),
        (async_httpx_get, "truncated", httpx.RemoteProtocolError, "received 100 bytes, expected"),
        (transport_get, "reset", httpx.ReadError, "Connection reset by peer"),
        (aiohttp_get, "timeout", aiohttp.ServerTimeoutError, "Timeout on reading data from socket"),
        (aiohttp_get, "reset", aiohttp.ClientOSError, "Connection reset by peer"),
        (aiohttp_get, "truncated", aiohttp.ClientPayloadError, "not completed"),
    ],
)
def test_each_library_raises_its_own(
    webflow: FakeWebflow, broken: Any, get: Any, kind: NetworkFaultKind, expected: type[Exception], text: str
) -> None:
    calls = broken(kind)
    with pytest.raises(expected, match=text):
        get(webflow)
    assert len(calls) == len(webflow.journal)
    # aiohttp itself makes a second attempt at a GET whose connection is lost, since 3.10.
    assert len(calls) in ((1, 2) if (get, kind) == (aiohttp_get, "reset") else (1,))


@pytest.mark.parametrize("kind", ["timeout", "reset"])
def test_sessions_that_retry_do(webflow: FakeWebflow, broken: Any, kind: NetworkFaultKind) -> None:
    calls = broken(kind, times=2)
    with requests.Session() as session:
        session.mount("https://", HTTPAdapter(max_retries=urllib3.Retry(total=2, backoff_factor=0)))
        assert session.get(URL, headers=TOKEN).status_code == 200
    assert len(calls) == 3


def test_a_body_is_sent_anew_with_each_attempt(webflow: FakeWebflow, broken: Any) -> None:
    broken("reset", times=1)
    url = f"https://api.webflow.com/v2/collections/{webflow.collections['authors'].id}/items"
    retry = urllib3.Retry(total=1, allowed_methods=None)
    with urllib3.PoolManager(headers=TOKEN) as pool:
        answered = pool.request("POST", url, json={"fieldData": {"name": "Ida"}}, retries=retry)
    assert answered.status == 202
    assert [each.body for each in webflow.journal] == [{"fieldData": {"name": "Ida"}}] * 2


@pytest.mark.parametrize(("body", "size"), [(b"", 0), (b"abc", 3), (b"abc", -1)])
def test_a_truncated_answer_has_fewer_bytes_than_there_are(body: bytes, size: int) -> None:
    with pytest.raises(ValueError, match="fewer bytes"):
        NetworkFault("truncated", Response(200, [], body), size)


def test_a_truncated_answer_is_an_answer() -> None:
    with pytest.raises(ValueError, match="an answer with a body"):
        NetworkFault("truncated")
