"""aiohttp, unmodified."""

from __future__ import annotations

import asyncio
import hashlib
import io
from collections.abc import AsyncIterator, Coroutine
from typing import Any

import aiohttp
import pytest

from fake_webflow.errors import FakeEnded, HostBlocked
from fake_webflow.fake import fake_of
from fake_webflow.testing.handle import FakeWebflow
from fake_webflow.transports.interception import activate

API = "https://api.webflow.com/v2"
TOKEN = {"Authorization": "Bearer test-token"}


def run(coroutine: Coroutine[Any, Any, None]) -> None:
    asyncio.run(coroutine, debug=True)


def test_an_answer_looks_as_if_it_came_from_a_server(webflow: FakeWebflow) -> None:
    async def script() -> None:
        async with (
            aiohttp.ClientSession(headers=TOKEN, timeout=aiohttp.ClientTimeout(total=5)) as session,
            session.get(f"{API}/sites", params={"a": "b"}) as answer,
        ):
            assert (answer.status, answer.reason, answer.ok) == (200, "OK", True)
            assert answer.content_type == "application/json"
            assert answer.get_encoding() == "utf-8"
            assert (await answer.json())["sites"][0]["id"] == webflow.site.id
            assert int(answer.headers["content-length"]) == len(await answer.read())
            assert str(answer.url) == f"{API}/sites?a=b"
            assert answer.history == ()
            assert not answer.cookies

    run(script())


def test_refusals_raise_if_the_session_wants_that(webflow: FakeWebflow) -> None:
    async def script() -> None:
        async with aiohttp.ClientSession(raise_for_status=True) as session:
            with pytest.raises(aiohttp.ClientResponseError, match="401, message='Unauthorized'"):
                await session.get(f"{API}/sites")

    run(script())


async def parts() -> AsyncIterator[bytes]:
    yield b'{"fieldData": '
    await asyncio.sleep(0)
    yield b'{"name": "Ida", "bio": "0\r\n\r\n'.replace(b"\r\n", b"\\n")
    yield b'"}}'


@pytest.mark.parametrize("body", [b'{"fieldData": {"name": "Ida"}}', parts], ids=["bytes", "iterator"])
@pytest.mark.parametrize("headers", [{}, {"Expect": "100-continue"}], ids=["at once", "after 100"])
def test_bodies(webflow: FakeWebflow, body: Any, headers: dict[str, str]) -> None:
    url = f"{API}/collections/{webflow.collections['authors'].id}/items"

    async def script() -> None:
        data = body() if callable(body) else body
        sent = TOKEN | {"Content-Type": "application/json"} | headers
        async with aiohttp.ClientSession() as session, session.post(url, data=data, headers=sent) as answer:
            assert (await answer.json()).get("fieldData", {"name": "Ida"})["name"] == "Ida"

    run(script())
    assert webflow.journal[-1].body["fieldData"]["name"] == "Ida"


def test_an_end_of_chunks_inside_a_chunk_is_not_the_end(webflow: FakeWebflow) -> None:
    async def tricky() -> AsyncIterator[bytes]:
        yield b"\r\n0\r\n\r\n"
        await asyncio.sleep(0)
        yield b"more"

    async def script() -> None:
        async with (
            aiohttp.ClientSession() as session,
            session.post("https://webflow-prod-assets.s3.amazonaws.com/", data=tricky()) as answer,
        ):
            assert b"Transfer-Encoding" in await answer.read()

    run(script())
    assert len(webflow.journal) == 1


def test_files_of_any_size_are_uploaded_and_read_back(webflow: FakeWebflow) -> None:
    content = bytes(range(256)) * 4 * 1024 * 3

    async def script() -> None:
        registered = {"fileName": "dot.png", "fileHash": hashlib.md5(content).hexdigest()}
        async with aiohttp.ClientSession() as session:
            url = f"{API}/sites/{webflow.site.id}/assets"
            async with session.post(url, json=registered, headers=TOKEN) as answer:
                asset = await answer.json()
            form = aiohttp.FormData(asset["uploadDetails"])
            form.add_field("file", io.BytesIO(content), filename="dot.png")
            async with session.post(asset["uploadUrl"], data=form) as answer:
                assert answer.status == 201
            async with session.get(asset["hostedUrl"]) as answer:
                assert b"".join([piece async for piece in answer.content.iter_chunked(1000)]) == content
            async with session.head(asset["hostedUrl"]) as answer:
                assert (await answer.read(), int(answer.headers["Content-Length"])) == (b"", len(content))

    run(script())


def test_many_at_once_and_a_limit_of_connections(webflow: FakeWebflow) -> None:
    async def script() -> None:
        connector = aiohttp.TCPConnector(limit=2)
        async with aiohttp.ClientSession(headers=TOKEN, connector=connector) as session:

            async def status() -> int:
                async with session.get(f"{API}/sites") as answer:
                    return answer.status

            assert await asyncio.gather(*(status() for _ in range(50))) == [200] * 50

    run(script())
    assert len(webflow.journal) == 50


def test_other_hosts_and_a_session_that_outlives_the_fake(inactive: FakeWebflow, other_host: str) -> None:
    async def script() -> None:
        async with aiohttp.ClientSession(headers=TOKEN) as session:
            with activate(fake_of(inactive), block_other_hosts=True):
                async with session.get(other_host) as answer:
                    assert await answer.read() == b"other"
                async with session.get(f"{API}/sites") as answer:
                    assert answer.status == 200
                with pytest.raises(HostBlocked, match=r"https://example\.com/x was not requested"):
                    await session.get("https://example.com/x?secret=1")
            async with session.get(other_host) as answer:
                assert await answer.read() == b"other"

    run(script())


def test_an_answer_asked_for_after_the_end(inactive: FakeWebflow) -> None:
    async def script() -> None:
        activation = activate(fake_of(inactive))

        async def ending() -> AsyncIterator[bytes]:
            yield b"a"
            activation.end()
            yield b"b"

        async with aiohttp.ClientSession() as session:
            with pytest.raises(FakeEnded):
                await session.post(f"{API}/sites", data=ending())

    run(script())
