"""A served fake under load: nothing is lost, nobody waits long, and it ends when it is told to, or killed."""

from __future__ import annotations

import json
import resource
import signal
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from subprocess import PIPE, Popen
from typing import Any

import pytest
import requests
from processes import COMMAND, ready
from raw_http import send_raw, status_of

pytestmark = pytest.mark.acceptance

THREADS, WRITES = 8, 2_000  # of each thread
MOST_MEMORY = 150 * 1024  # KiB
LONGEST_DELAY = 0.1  # seconds


class Served:
    """A fake in a process of its own.

    Args:
        process: The process.
        said: What it said of itself.
    """

    def __init__(self, process: Popen[str], said: dict[str, Any]) -> None:
        self.process, self.said = process, said
        self.origin = said["base_url"].removesuffix("/v2")
        self.items = f"{said['base_url']}/collections/{said['collection_ids']['authors']}/items"
        self.headers = {"Authorization": f"Bearer {said['token']}", "Content-Type": "application/json"}

    def memory(self, name: str = "VmRSS") -> int:
        """KiB that it has now, or had at most (``VmHWM``)."""
        lines = Path(f"/proc/{self.process.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:"))

    def list_items(self) -> list[dict[str, Any]]:
        """All items of the collection authors."""
        found: list[dict[str, Any]] = []
        with requests.Session() as session:
            while True:
                page = session.get(
                    f"{self.items}?limit=100&offset={len(found)}", headers=self.headers, timeout=30
                ).json()
                found += page["items"]
                if len(found) >= page["pagination"]["total"]:
                    return found


@contextmanager
def serving(*arguments: str, port: int = 0, **options: Any) -> Iterator[Served]:
    command = [*COMMAND, "serve", "--port", str(port), "--json", "--rate-limit", "off", *arguments]
    with Popen(command, stdout=PIPE, stderr=PIPE, text=True, **options) as process:
        try:
            yield Served(process, ready(process))
        finally:
            process.kill()


def write(
    served: Served, number: int, until: Callable[[], bool] = lambda: False
) -> tuple[list[float], Counter[int], int]:
    """The writes of one thread: seconds of each, statuses, and how many more items there are then."""
    seconds: list[float] = []
    statuses: Counter[int] = Counter()
    mine: list[str] = []
    with requests.Session() as session:
        session.headers.update(served.headers)
        for count in range(WRITES):
            if until():
                break
            started = time.perf_counter()
            if count % 4 == 3 and mine:
                answer = session.delete(f"{served.items}/{mine.pop()}", timeout=30)
            elif count % 4 == 2 and mine:
                patch = {"fieldData": {"name": f"New name {number} {count}"}}
                answer = session.patch(f"{served.items}/{mine[-1]}", json=patch, timeout=30)
            else:
                new = {"fieldData": {"name": f"Item {number} {count}", "slug": f"item-{number}-{count}"}}
                answer = session.post(served.items, json=new, timeout=30)
                mine.append(answer.json()["id"])
            seconds.append(time.perf_counter() - started)
            statuses[answer.status_code] += 1
    return seconds, statuses, len(mine)


def test_sixteen_thousand_writes(record_property: Callable[[str, object], None]) -> None:
    with serving() as served, ThreadPoolExecutor(THREADS) as threads:
        before = len(served.list_items())
        started = time.perf_counter()
        done = list(threads.map(lambda number: write(served, number), range(THREADS)))
        took = time.perf_counter() - started
        seconds = sorted(second for one, _, _ in done for second in one)
        statuses = sum((one for _, one, _ in done), Counter[int]())
        items = served.list_items()
        figures = {
            "writes": len(seconds),
            "per second": round(len(seconds) / took),
            "p50 ms": round(seconds[len(seconds) // 2] * 1000, 1),
            "p99 ms": round(seconds[len(seconds) * 99 // 100] * 1000, 1),
            "longest ms": round(seconds[-1] * 1000, 1),
            "MB at most": round(served.memory("VmHWM") / 1024, 1),
        }
        print(json.dumps(figures))
        record_property("figures", figures)
        assert set(statuses) <= {200, 202, 204}
        assert len(seconds) == THREADS * WRITES
        assert len(items) == before + sum(more for _, _, more in done), "nothing is lost, nothing is there twice"
        assert len({item["id"] for item in items}) == len({item["fieldData"]["slug"] for item in items}) == len(items)
        assert served.memory("VmHWM") < MOST_MEMORY
        assert seconds[len(seconds) * 99 // 100] < 1
        served.process.terminate()
        assert served.process.communicate(timeout=10) == ("", "")


def longest_wait(served: Served, meanwhile: Callable[[], object]) -> float:
    """The longest that anybody else waited for an answer meanwhile, in seconds."""
    over, seconds = threading.Event(), [0.0]

    def ask() -> None:
        with requests.Session() as session:
            while not over.is_set():
                started = time.perf_counter()
                session.get(f"{served.said['base_url']}/sites", headers=served.headers, timeout=30)
                seconds.append(time.perf_counter() - started)

    asking = threading.Thread(target=ask)
    asking.start()
    meanwhile()
    over.set()
    asking.join()
    return max(seconds)


HUGE = {
    "unknown fields": {"fieldData": {"name": "x", **{f"unknown-{number}": 1 for number in range(500_000)}}},
    "most unknown fields": {"fieldData": {"name": "x", **{f"unknown-{number}": 1 for number in range(49_000)}}},
    "unknown keys": {"fieldData": {"name": "x"}, **{f"unknown-{number}": 1 for number in range(500_000)}},
    "lists": {"fieldData": {"name": "x"}, "junk": [[]] * 1_000_000},
    "items": {"items": [{"fieldData": {"name": "x"}}] * 200_000},
}


@pytest.mark.parametrize("kind", HUGE)
def test_a_huge_body_holds_nobody_up(kind: str) -> None:
    body = json.dumps(HUGE[kind], separators=(",", ":"))
    with serving() as served:

        def send() -> None:
            answer = requests.post(served.items, data=body, headers=served.headers, timeout=60)
            assert answer.status_code in (202, 400)
            assert len(answer.content) < 300_000

        longest_wait(served, send)  # after which all that is imported late is there
        usual = longest_wait(served, lambda: time.sleep(1))
        waited = longest_wait(served, send)
        print(f"{kind}: {len(body):,} bytes, others waited {waited * 1000:.0f} ms, usually {usual * 1000:.0f} ms")
        assert waited <= LONGEST_DELAY + usual
        assert served.memory("VmHWM") < MOST_MEMORY


def bound_files(size: int) -> Callable[[], None]:
    """Has a process write no longer file than that: a full disk, as far as it can tell."""
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


PART = b"x" * 1_000_000


@pytest.mark.parametrize("token", ["", "test-token"])
@pytest.mark.parametrize("framing", ["Content-Length: 1000000000", "Transfer-Encoding: chunked"])
def test_a_gigabyte_is_kept_nowhere(token: str, framing: str) -> None:
    # A file that is longer than what the route takes would end in 507.
    with serving(preexec_fn=bound_files(11 * 1024 * 1024)) as served:
        site = served.said["site_id"]
        lines = [f"POST /v2/sites/{site}/collections HTTP/1.1", "Host: localhost", "Content-Type: application/json"]
        head = "\r\n".join([*lines, framing, f"Authorization: Bearer {token}", "", ""]).encode()
        part = b"f4240\r\n%b\r\n" % PART if "chunked" in framing else PART
        assert status_of(send_raw(served.origin, head, *[part] * 1000, timeout=60)) == (413 if token else 401)
        assert served.memory("VmHWM") < MOST_MEMORY


def test_a_full_disk_is_said_so_and_all_else_goes_on() -> None:
    with serving(preexec_fn=bound_files(1_000_000)) as served:
        body = json.dumps({"fieldData": {"name": "x", "bio": "x" * 8_000_000}})
        for _ in range(3):
            answer = requests.post(served.items, data=body, headers=served.headers, timeout=60)
            assert answer.status_code == 507
            assert "TMPDIR" in answer.json()["message"]
            assert requests.get(served.items, headers=served.headers, timeout=60).status_code == 200
        served.process.terminate()
        assert served.process.communicate(timeout=10) == ("", "")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_it_ends_under_load_and_its_port_is_free(number: signal.Signals) -> None:
    with serving() as served, ThreadPoolExecutor(THREADS) as threads:
        stopped = threading.Event()

        def write_until_the_end(thread: int) -> Counter[int]:
            try:
                return write(served, thread, stopped.is_set)[1]
            except requests.RequestException:
                return Counter()

        running = [threads.submit(write_until_the_end, thread) for thread in range(THREADS)]
        time.sleep(1)
        started = time.perf_counter()
        served.process.send_signal(number)
        _, complaints = served.process.communicate(timeout=10)
        took = time.perf_counter() - started
        stopped.set()
        assert not any(set(one.result()) - {200, 202, 204} for one in running)
        assert served.process.returncode == (-number if number == signal.SIGKILL else 0)
        assert took < 2
        assert "Traceback" not in complaints
        port = int(served.origin.rpartition(":")[2])
    with serving(port=port) as again:
        assert requests.get(again.items, headers=again.headers, timeout=10).status_code == 200


def test_clients_that_say_nothing_keep_nobody_out_for_long() -> None:
    with serving() as served:
        host, port = served.origin.removeprefix("http://").split(":")
        silent = [socket.create_connection((host, int(port)), timeout=10) for _ in range(300)]
        for client in silent[::2]:
            client.sendall(b"POST /v2/sites HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{")
        assert requests.get(served.items, headers=served.headers, timeout=5).status_code == 200
        for client in silent:
            client.close()
