"""httpx, unmodified, sync and async; and the transport that can be handed over."""

from __future__ import annotations

import asyncio
import hashlib
import io
from collections.abc import AsyncIterator, Iterator

import httpx
import pytest
import respx

from fake_webflow import FakeTransport
from fake_webflow.errors import FakeEnded
from fake_webflow.fake import fake_of
from fake_webflow.testing.handle import FakeWebflow
from fake_webflow.transports.interception import activate

API = "https://api.webflow.com/v2"
TOKEN = {"Authorization": "Bearer test-token"}


def test_an_answer_looks_as_if_it_came_from_a_server(webflow: FakeWebflow) -> None:
    answer = httpx.get(f"{API}/sites", headers=TOKEN, params={"a": "b"})
    assert (answer.status_code, answer.reason_phrase, answer.http_version) == (200, "OK", "HTTP/1.1")
    assert answer.headers["content-type"] == "application/json; charset=utf-8"
    assert answer.encoding == "utf-8"
    assert str(answer.url) == f"{API}/sites?a=b"
    assert answer.json()["sites"][0]["id"] == webflow.site.id
    assert int(answer.headers["Content-Length"]) == len(answer.content) == answer.num_bytes_downloaded
    assert answer.elapsed.total_seconds() > 0
    assert not answer.cookies
    assert answer.history == []


def test_a_body_can_be_streamed(webflow: FakeWebflow) -> None:
    with httpx.stream("GET", f"{API}/sites", headers=TOKEN) as answer:
        pieces = list(answer.iter_bytes(100))
        assert [len(piece) for piece in pieces[:-1]] == [100] * (len(pieces) - 1)
        assert len(b"".join(pieces)) == int(answer.headers["Content-Length"])


def parts() -> Iterator[bytes]:
    yield b'{"fieldData": '
    yield b'{"name": "Ida"}}'


async def async_parts() -> AsyncIterator[bytes]:
    for part in parts():
        yield part


def test_a_body_may_come_in_pieces(webflow: FakeWebflow) -> None:
    url = f"{API}/collections/{webflow.collections['authors'].id}/items"
    headers = TOKEN | {"Content-Type": "application/json"}

    async def created() -> httpx.Response:
        async with httpx.AsyncClient() as client:
            return await client.post(url, headers=headers, content=async_parts())

    assert httpx.post(url, headers=headers, content=parts()).json()["fieldData"]["name"] == "Ida"
    assert asyncio.run(created()).json()["fieldData"]["name"] == "Ida"


def test_files_are_uploaded_and_read_back(webflow: FakeWebflow) -> None:
    content = bytes(range(256)) * 10

    async def exchanged() -> tuple[httpx.Response, httpx.Response]:
        async with httpx.AsyncClient(headers=TOKEN) as client:
            registered = {"fileName": "dot.png", "fileHash": hashlib.md5(content).hexdigest()}
            asset = (await client.post(f"{API}/sites/{webflow.site.id}/assets", json=registered)).json()
        async with httpx.AsyncClient() as client:
            file = {"file": ("dot.png", io.BytesIO(content), "image/png")}
            stored = await client.post(asset["uploadUrl"], data=asset["uploadDetails"], files=file)
            return stored, await client.get(asset["hostedUrl"])

    stored, read = asyncio.run(exchanged())
    assert (stored.status_code, read.content) == (201, content)


def test_clients_made_before_are_caught(inactive: FakeWebflow) -> None:
    with httpx.Client(headers=TOKEN) as client, activate(fake_of(inactive)):
        assert client.get(f"{API}/sites").status_code == 200


def test_a_transport_of_the_application_is_asked(webflow: FakeWebflow) -> None:
    class Signing(httpx.HTTPTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            request.headers["Authorization"] = "Bearer test-token"
            return super().handle_request(request)

    with httpx.Client(transport=Signing()) as client:
        assert client.get(f"{API}/sites").status_code == 200


def test_a_transport_handed_over_needs_no_activation_and_outlives_its_test(inactive: FakeWebflow) -> None:
    async def got() -> httpx.Response:
        async with httpx.AsyncClient(transport=transport, headers=TOKEN) as client:
            return await client.get(f"{API}/sites")

    transport = FakeTransport(inactive)
    with httpx.Client(transport=transport, headers=TOKEN) as client:
        assert client.get(f"{API}/sites").status_code == 200
        assert asyncio.run(got()).status_code == 200
        activate(fake_of(inactive)).end()
        with pytest.raises(FakeEnded, match="a test that has ended"):
            client.get(f"{API}/sites")
    with pytest.raises(FakeEnded):
        asyncio.run(got())


async def _statuses(*paths: str) -> list[int]:
    async with httpx.AsyncClient(headers=TOKEN) as client:
        return [(await client.get(f"{API}{path}")).status_code for path in paths]


@pytest.mark.parametrize("respx_first", [True, False])
def test_beside_respx_the_tests_own_mocks_win(inactive: FakeWebflow, respx_first: bool) -> None:
    mock, activation = respx.mock(assert_all_called=True), None
    if not respx_first:
        activation = activate(fake_of(inactive))
    with mock:
        if respx_first:
            activation = activate(fake_of(inactive))
        assert activation is not None
        stub = mock.get(f"{API}/token/introspect").respond(418)
        other = mock.get("https://example.com/").respond(204)
        with httpx.Client(headers=TOKEN) as client:
            statuses = [client.get(url).status_code for url in (f"{API}/token/introspect", f"{API}/sites")]
            assert client.get("https://example.com/").status_code == 204
        assert statuses == [418, 200]
        assert asyncio.run(_statuses("/token/introspect", "/sites")) == [418, 200]
        assert (stub.call_count, other.call_count) == (2, 1)
        if respx_first:
            activation.end()
    activation.end()
    assert [each.path for each in inactive.journal] == ["/v2/sites", "/v2/sites"]
