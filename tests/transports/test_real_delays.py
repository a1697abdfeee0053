"""A fault that takes real time: who waits, who goes on meanwhile, and whose time-out ends it."""

from __future__ import annotations

import asyncio
import ssl
import threading
import time
from collections.abc import Callable, Coroutine
from typing import Any

import aiohttp
import httpx
import httpx2
import pytest
import requests
import urllib3

from fake_webflow import FakeAdapter, FakeTransport, FakeWebflow

URL = "https://api.webflow.com/v2/sites"
CERTIFICATES = ssl.create_default_context()  # read once: twenty clients that each read them block the loop
LONG = 3600.0
"""Seconds that no test takes: who waits them out hangs."""
Get = Callable[[dict[str, str], float | None], Coroutine[Any, Any, int]]
AUTHORS = "https://api.webflow.com/v2/collections/{}/items"


async def httpx_get(headers: dict[str, str], timeout: float | None) -> int:
    async with httpx.AsyncClient(headers=headers, timeout=timeout, verify=CERTIFICATES) as client:
        return (await client.get(URL)).status_code


async def httpx2_get(headers: dict[str, str], timeout: float | None) -> int:
    async with httpx2.AsyncClient(headers=headers, timeout=timeout, verify=CERTIFICATES) as client:
        return (await client.get(URL)).status_code


async def aiohttp_get(headers: dict[str, str], timeout: float | None) -> int:
    limits = aiohttp.ClientTimeout(sock_read=timeout)
    async with aiohttp.ClientSession(headers=headers, timeout=limits) as session, session.get(URL) as answer:
        return answer.status


ASYNC = pytest.mark.parametrize("get", [httpx_get, httpx2_get, aiohttp_get])
TIMEOUTS = (httpx.ReadTimeout, httpx2.ReadTimeout, aiohttp.ServerTimeoutError)


@pytest.fixture
def token(fake_webflow: FakeWebflow) -> dict[str, str]:
    return {"Authorization": f"Bearer {fake_webflow.token}"}


@ASYNC
@pytest.mark.parametrize("verb", ["delay", "slow_body"])
def test_calls_overlap_and_other_tasks_go_on(
    fake_webflow: FakeWebflow, token: dict[str, str], get: Get, verb: str
) -> None:
    getattr(fake_webflow.faults.on(), verb)(0.2, real=True)
    waiting, seen_waiting = 0, []

    async def call() -> int:
        nonlocal waiting
        waiting += 1
        status = await get(token, 30)
        waiting -= 1
        return status

    async def watch() -> None:
        while True:
            seen_waiting.append(waiting)
            await asyncio.sleep(0.01)

    async def run() -> list[int]:
        watching = asyncio.create_task(watch())
        answers = await asyncio.gather(*(call() for _ in range(20)))
        watching.cancel()
        return answers

    assert asyncio.run(run()) == [200] * 20
    # A call that blocks lets no other begin, and nobody watch.
    assert max(seen_waiting) == 20


@ASYNC
@pytest.mark.parametrize("verb", ["delay", "slow_body"])
def test_a_task_that_gives_up_ends_at_once(
    fake_webflow: FakeWebflow, token: dict[str, str], get: Get, verb: str
) -> None:
    getattr(fake_webflow.faults.on(), verb)(LONG, real=True)
    with pytest.raises(asyncio.TimeoutError):
        asyncio.run(asyncio.wait_for(get(token, None), 0.05))
    (given_up,) = fake_webflow.journal
    assert given_up.status == (0 if verb == "delay" else 200)


@ASYNC
@pytest.mark.parametrize("verb", ["delay", "slow_body"])
def test_the_time_out_of_an_async_library_fires(
    fake_webflow: FakeWebflow, token: dict[str, str], get: Get, verb: str
) -> None:
    getattr(fake_webflow.faults.on(), verb)(LONG, real=True)
    with pytest.raises(TIMEOUTS):
        asyncio.run(get(token, 0.05))
    assert len(fake_webflow.journal) == 1


def through_requests(_: FakeWebflow, headers: dict[str, str], timeout: Any) -> None:
    requests.get(URL, headers=headers, timeout=timeout)


def through_the_adapter(webflow: FakeWebflow, headers: dict[str, str], timeout: Any) -> None:
    with requests.Session() as session:
        session.mount("https://", FakeAdapter(webflow))
        session.get(URL, headers=headers, timeout=timeout)


def through_urllib3(_: FakeWebflow, headers: dict[str, str], timeout: Any) -> None:
    limits = urllib3.Timeout(None, *timeout) if isinstance(timeout, tuple) else timeout
    with urllib3.PoolManager() as pool:
        pool.request("GET", URL, headers=headers, timeout=limits, retries=False)


def through_a_pool(_: FakeWebflow, headers: dict[str, str], timeout: Any) -> None:
    limits = urllib3.Timeout(None, *timeout) if isinstance(timeout, tuple) else urllib3.Timeout(total=timeout)
    with urllib3.HTTPSConnectionPool("api.webflow.com", timeout=limits, retries=False) as pool:
        pool.urlopen("GET", "/v2/sites", None, headers)


def through_httpx(_: FakeWebflow, headers: dict[str, str], timeout: Any) -> None:
    httpx.get(
        URL, headers=headers, timeout=httpx.Timeout(5, read=timeout[1] if isinstance(timeout, tuple) else timeout)
    )


def through_the_transport(webflow: FakeWebflow, headers: dict[str, str], timeout: Any) -> None:
    read = timeout[1] if isinstance(timeout, tuple) else timeout
    with httpx.Client(transport=FakeTransport(webflow), timeout=httpx.Timeout(5, read=read)) as client:
        client.get(URL, headers=headers)


def through_httpx2(_: FakeWebflow, headers: dict[str, str], timeout: Any) -> None:
    read = timeout[1] if isinstance(timeout, tuple) else timeout
    httpx2.get(URL, headers=headers, timeout=httpx2.Timeout(5, read=read))


SYNC = [
    *(through_requests, through_the_adapter, through_urllib3, through_a_pool),
    *(through_httpx, through_the_transport, through_httpx2),
]
SYNC_TIMEOUTS = (requests.ReadTimeout, urllib3.exceptions.ReadTimeoutError, httpx.ReadTimeout, httpx2.ReadTimeout)


@pytest.mark.parametrize("get", SYNC)
@pytest.mark.parametrize("timeout", [0.02, (5, 0.02)])
@pytest.mark.parametrize("verb", ["delay", "slow_body"])
def test_the_time_out_of_a_library_fires(
    fake_webflow: FakeWebflow, token: dict[str, str], get: Callable[..., None], timeout: Any, verb: str
) -> None:
    start = fake_webflow.clock.now
    getattr(fake_webflow.faults.on(), verb)(LONG, real=True)
    with pytest.raises(SYNC_TIMEOUTS):
        get(fake_webflow, token, timeout)
    (given_up,) = fake_webflow.journal
    assert given_up.status == (0 if verb == "delay" else 200)
    assert fake_webflow.clock.now - start == 20, "the client has waited so long, and no longer"


@pytest.mark.parametrize("get", SYNC)
@pytest.mark.parametrize("timeout", [5, (5, 5), None])
def test_who_waits_long_enough_is_answered(
    fake_webflow: FakeWebflow, token: dict[str, str], get: Callable[..., None], timeout: Any
) -> None:
    fake_webflow.faults.on().delay(0.01, real=True)
    get(fake_webflow, token, timeout)
    assert [one.status for one in fake_webflow.journal] == [200]


def test_two_delays_add_up_to_what_a_client_waits(fake_webflow: FakeWebflow, token: dict[str, str]) -> None:
    fake_webflow.faults.on().delay(0.03, real=True)
    fake_webflow.faults.on().delay(0.03, real=True)
    with pytest.raises(requests.ReadTimeout):
        requests.get(URL, headers=token, timeout=0.05)
    assert requests.get(URL, headers=token, timeout=5).status_code == 200


@pytest.mark.parametrize(("verb", "made"), [("delay", 0), ("slow_body", 1)])
def test_what_is_given_up_during_a_delay_was_never_done(
    fake_webflow: FakeWebflow, token: dict[str, str], verb: str, made: int
) -> None:
    authors = fake_webflow.collections["authors"]
    before = len(fake_webflow.state.world.collection(authors.id).staged)
    getattr(fake_webflow.faults.on("items.create"), verb)(LONG, real=True)
    with pytest.raises(requests.ReadTimeout):
        requests.post(AUTHORS.format(authors.id), headers=token, json={"fieldData": {"name": "Ada"}}, timeout=(5, 0.02))
    assert len(fake_webflow.state.world.collection(authors.id).staged) - before == made


def test_a_delay_that_passes_on_the_fakes_clock_alone_ends_no_patience(
    fake_webflow: FakeWebflow, token: dict[str, str]
) -> None:
    fake_webflow.faults.on().delay(LONG)
    assert requests.get(URL, headers=token, timeout=0.5).status_code == 200


def test_a_running_clock_counts_a_real_delay_once(token: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    with FakeWebflow(now="machine") as webflow:
        monkeypatch.setattr("fake_webflow.exchange.sleep", lambda _: None)
        webflow.faults.on().delay(LONG, real=True)
        start = webflow.clock.now
        assert requests.get(URL, headers=token, timeout=2 * LONG).status_code == 200
        assert webflow.clock.now - start < LONG * 1000


def test_a_patched_sleep_leaves_a_real_delay_real(fake_webflow: FakeWebflow, token: dict[str, str]) -> None:
    fake_webflow.faults.on().delay(0.05, real=True)

    async def run() -> float:
        began = time.perf_counter()
        await httpx_get(token, 30)
        return time.perf_counter() - began

    start = fake_webflow.clock.now
    with fake_webflow.clock.patch_sleep():
        assert asyncio.run(run()) >= 0.045
    assert fake_webflow.clock.now - start == 50


def test_threads_wait_side_by_side(
    fake_webflow: FakeWebflow, token: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # Nobody goes on before all twenty wait.
    together = threading.Barrier(20)
    monkeypatch.setattr("fake_webflow.exchange.sleep", lambda _: together.wait(60))
    fake_webflow.faults.on().delay(LONG, real=True)
    threads = [threading.Thread(target=requests.get, args=(URL,), kwargs={"headers": token}) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert [one.status for one in fake_webflow.journal] == [200] * 20
