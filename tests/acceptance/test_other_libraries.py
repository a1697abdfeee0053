"""HTTP libraries that the development environment does not have: which of them are caught, and which are not seen.

niquests brings urllib3-future, which puts itself in urllib3's place, or stands beside it where it was installed so.
Both worlds are tried, each in an environment of its own. No name of Webflow's leaves this machine in any of these
tests: what neither interception nor the guard can see is shown with a proxy and with names of this machine.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from environments import Distributions, Environment

pytestmark = pytest.mark.acceptance

CAUGHT = """
import asyncio
import sys
import httpx2, niquests, requests
from fake_webflow import FakeWebflow

assert niquests.packages.urllib3.__name__ == sys.argv[1]
URL = "https://api.webflow.com/v2/sites"

with FakeWebflow() as webflow:
    headers = {"Authorization": f"Bearer {webflow.token}"}
    items = f"https://api.webflow.com/v2/collections/{webflow.collections['authors'].id}/items"

    def check(answer):
        assert answer.status_code == 200, answer.status_code
        assert answer.json()["sites"][0]["id"] == webflow.site.id

    check(requests.get(URL, headers=headers))
    check(httpx2.get(URL, headers=headers))
    check(niquests.get(URL, headers=headers))
    with niquests.Session(multiplexed=True) as session:
        answer = session.get(URL, headers=headers)
        session.gather()
        check(answer)
    assert niquests.post(items, headers=headers, json={"fieldData": {"name": "Ada"}}).status_code == 202
    streamed = niquests.get(URL, headers=headers, stream=True)
    assert len(b"".join(streamed.iter_content(50))) == int(streamed.headers["Content-Length"])

    async def parts():
        yield b'{"fieldData": '
        yield b'{"name": "Grace"}}'

    async def call():
        async with httpx2.AsyncClient() as client:
            check(await client.get(URL, headers=headers))
        async with niquests.AsyncSession() as session:
            check(await session.get(URL, headers=headers))
            typed = {**headers, "Content-Type": "application/json"}
            assert (await session.post(items, headers=typed, data=parts())).status_code == 202
            streamed = await session.get(URL, headers=headers, stream=True)
            read = b"".join([part async for part in await streamed.iter_content(50)])
            assert len(read) == int(streamed.headers["Content-Length"])
            webflow.faults.on("sites.list", first=1).timeout_before()
            try:
                await session.get(URL, headers=headers)
            except niquests.ReadTimeout:
                pass
            else:
                raise AssertionError("no time-out")

    asyncio.run(call())
    webflow.faults.on("sites.list", first=1).truncated_body()
    try:
        niquests.get(URL, headers=headers)
    except niquests.exceptions.ChunkedEncodingError:
        pass
    else:
        raise AssertionError("the body was whole")
    assert len(webflow.journal) == 12, list(webflow.journal)
"""

NOT_SEEN = """
import asyncio, socket, subprocess, sys, threading
import pycurl, uvloop
from fake_webflow import FakeWebflow

asked = []
proxy = socket.create_server(("127.0.0.1", 0))

def answer():
    connection, _ = proxy.accept()
    with connection:
        asked.append(connection.recv(100))
        connection.sendall(b"HTTP/1.1 502 Bad Gateway\\r\\nContent-Length: 0\\r\\n\\r\\n")

thread = threading.Thread(target=answer)
thread.start()
with FakeWebflow():
    curl = pycurl.Curl()
    curl.setopt(pycurl.URL, "https://api.webflow.com/v2/sites")
    curl.setopt(pycurl.PROXY, f"http://127.0.0.1:{proxy.getsockname()[1]}")
    try:
        curl.perform()
    except pycurl.error:
        pass
    thread.join()
    assert asked[0].startswith(b"CONNECT api.webflow.com:443"), asked

    names = []
    guarded = socket.getaddrinfo
    socket.getaddrinfo = lambda name, *rest, **options: names.append(name) or guarded(name, *rest, **options)

    async def look_up():
        return await asyncio.get_running_loop().getaddrinfo("localhost", 80)

    assert uvloop.run(look_up())
    assert names == [], "uvloop looks names up itself"
    assert asyncio.run(look_up())
    assert names == ["localhost"], "asyncio does not"
    socket.getaddrinfo = guarded

    other = "import socket; print(socket.getaddrinfo.__module__)"
    assert subprocess.run([sys.executable, "-c", other], capture_output=True, text=True).stdout == "socket\\n"
"""


def run_program(environment: Environment, program: str, *arguments: str, cwd: Path) -> None:
    """Runs a program in the environment, where a deprecated use of a library is an error."""
    environment.run("-W", "error::DeprecationWarning", "-c", program, *arguments, cwd=cwd)


@pytest.fixture(params=["urllib3", "urllib3_future"], ids=["in-urllib3s-place", "beside-urllib3"])
def world(request: pytest.FixtureRequest, distributions: Distributions, tmp_path: Path) -> tuple[Environment, str]:
    """An environment with niquests, and the name that its urllib3 goes by."""
    environment = Environment.create(tmp_path / "environment")
    wheel = str(distributions.wheel)
    if request.param == "urllib3_future":
        environment.install(wheel, "niquests", "httpx2", no_binary="urllib3-future", URLLIB3_NO_OVERRIDE="1")
    else:
        environment.install(wheel, "niquests", "httpx2")
    return environment, request.param


def test_niquests_and_httpx2_are_caught(world: tuple[Environment, str], tmp_path: Path) -> None:
    environment, name = world
    run_program(environment, CAUGHT, name, cwd=tmp_path)


def test_what_the_guard_cannot_see(distributions: Distributions, tmp_path: Path) -> None:
    environment = Environment.create(tmp_path / "environment")
    environment.install(str(distributions.wheel), "pycurl", "uvloop")
    run_program(environment, NOT_SEEN, cwd=tmp_path)
