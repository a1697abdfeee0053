"""Servers in processes of their own: the fake, bare Flask and the peers, each with one request that is answered 200."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from time import monotonic, sleep
from types import MappingProxyType
from typing import Any, NamedTuple

from .places import CHILDREN, ROOT

_PATIENCE = 60.0  # seconds; a peer that reads an OpenAPI document needs a few
_LOOKS_EVERY = 0.05
NO_HEADERS: Mapping[str, str] = MappingProxyType({})


class Asked(NamedTuple):
    """One request.

    Args:
        target: Path and query.
        headers: Beside ``Host`` and ``Content-Length``.
        method: Upper-case.
        body: What is sent.
    """

    target: str
    headers: Mapping[str, str] = NO_HEADERS
    method: str = "GET"
    body: bytes = b""


class Served(NamedTuple):
    """A server that runs.

    Args:
        process: Its id.
        port: On the loopback address.
        asked: A request that it answers with 200.
        seconds: From spawning it to its first answer.
    """

    process: int
    port: int
    asked: Asked
    seconds: float


@contextmanager
def fake(*, logs: bool = False, options: Sequence[str] = ()) -> Iterator[Served]:
    """``fake-webflow serve`` on its default scenario; what is asked for is the first item of its first posts.

    Args:
        logs: Whether it writes its line for each request.
        options: More of the command.
    """
    command = [sys.executable, "-m", "fake_webflow", "serve", "--port", "0", "--rate-limit", "off", *options]
    command.append("--log" if logs else "--json")
    with _spawned(command, subprocess.PIPE) as (process, started):
        told = _read_banner(process) if logs else json.loads(_first_line(process))
        port = int(told["base_url"].split(":")[2].partition("/")[0])
        headers = {"Authorization": f"Bearer {told['token']}"}
        answer(port, Asked("/v2/sites", headers))
        seconds = monotonic() - started
        items = f"/v2/collections/{told['collection_ids']['posts']}/items"
        first = json.loads(answer(port, Asked(f"{items}?limit=1", headers)))["items"][0]["id"]
        yield Served(process.pid, port, Asked(f"{items}/{first}", headers), seconds)


def _read_banner(process: subprocess.Popen[str]) -> dict[str, Any]:
    """What a fake says of itself to people, as far as it is needed, in the form of ``--json``."""
    told: dict[str, Any] = {"collection_ids": {}}
    assert process.stdout is not None
    for line in process.stdout:
        match line.split():
            case ["base", "URL", url]:
                told["base_url"] = url
            case ["token", token]:
                told["token"] = token
            case ["collection", found, slug, *_]:
                told["collection_ids"][slug.rstrip(",")] = found
            case ["Try", *_]:
                break
    return told


@contextmanager
def bare(size: int) -> Iterator[Served]:
    """Bare Flask behind the same server, answering with so many bytes."""
    with _spawned([sys.executable, str(CHILDREN / "bare_server.py"), str(size)], subprocess.PIPE) as (process, started):
        port = int(_first_line(process))
        asked = Asked("/v2/collections/posts/items/one", {"Authorization": "Bearer none"})
        answer(port, asked)
        yield Served(process.pid, port, asked, monotonic() - started)


@contextmanager
def peer(command: Callable[[int], Sequence[str]], asked: Asked, prepare: Sequence[Asked] = ()) -> Iterator[Served]:
    """Another server.

    Args:
        command: From the port it is to listen on to the command line.
        asked: A request that it answers with 200.
        prepare: Requests to send before, once it answers.
    """
    port = _free_port()
    with _spawned(command(port), subprocess.DEVNULL) as (process, started):
        first = (*prepare, asked)[0]
        while not _answers(port, first):
            if process.poll() is not None or monotonic() - started > _PATIENCE:
                raise RuntimeError(f"it did not come up: {' '.join(command(port)[:2])}")
            sleep(_LOOKS_EVERY)
        seconds = monotonic() - started
        for each in (*prepare[1:], asked):
            answer(port, each)
        yield Served(process.pid, port, asked, seconds)


def answer(port: int, asked: Asked) -> bytes:
    """The body of the answer.

    Raises:
        AssertionError: It is no 200.
        OSError: Nothing listens there yet.
    """
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request(asked.method, asked.target, asked.body or None, dict(asked.headers))
        response = connection.getresponse()
        body = response.read()
    finally:
        connection.close()
    assert response.status == 200, (response.status, body[:300])
    return body


def _answers(port: int, asked: Asked) -> bool:
    try:
        answer(port, asked)
    except (OSError, HTTPException, AssertionError):
        return False
    return True


@contextmanager
def _spawned(command: Sequence[str], out: int) -> Iterator[tuple[subprocess.Popen[str], float]]:
    """A process in a group of its own, for what it starts ends with it; and when it was spawned."""
    started = monotonic()
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.DEVNULL, text=True, process_group=0
    ) as process:
        try:
            yield process, started
        finally:
            _end(process)


def _end(process: subprocess.Popen[Any]) -> None:
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, number)
        except ProcessLookupError:
            return
        try:
            process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            continue


def _first_line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
        return port
