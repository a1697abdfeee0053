"""A program that calls Webflow by one library after the other while a fake is active, and watches what leaves.

It is run as ``unshare -rnm python watched_calls.py``, so it has a machine of its own: there is no network but the
loopback, the only name server is this program, and so is the only proxy. Both write down what they are asked. Neither
has sockets of other name services that look up names in its place. It prints, as one object of JSON, what came of each
call and which names left the library.
"""

from __future__ import annotations

import asyncio
import fcntl
import http.client
import json
import os
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import urllib.request
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import aiohttp
import boto3
import botocore
import httpcore
import httpx
import httpx2
import niquests
import pycurl
import requests
import urllib3
import uvloop
import webflow as official_sdk
from botocore.config import Config
from dnslib import RCODE
from dnslib.server import BaseResolver, DNSLogger, DNSServer
from webflow.environment import WebflowEnvironment

from fake_webflow import FakeWebflow

LIVE = "https://api.webflow.com/v2"
asked: list[str] = []
"""Names that were looked up, and hosts that the proxy was to reach."""


class Way(NamedTuple):
    """How a program is told to call: the URL, its headers, and the proxy if there is one."""

    url: str
    headers: dict[str, str]
    proxy: str

    @property
    def host(self) -> str:
        return urlsplit(self.url).hostname or ""

    @property
    def port(self) -> int:
        return urlsplit(self.url).port or 443

    @property
    def is_safe(self) -> bool:
        """Whether it is https."""
        return self.url.startswith("https:")

    @property
    def head(self) -> bytes:
        """The request as it is sent."""
        lines = [f"GET {urlsplit(self.url).path} HTTP/1.1", f"Host: {self.host}", "Connection: close"]
        return "\r\n".join([*lines, *(f"{name}: {value}" for name, value in self.headers.items()), "", ""]).encode()


# --- A machine of its own.


class Nothing(BaseResolver):
    """A name server that knows no name, and writes each down."""

    def resolve(self, request: object, handler: object) -> object:  # noqa: ARG002
        asked.append(str(request.q.qname).rstrip(".").lower())
        reply = request.reply()
        reply.header.rcode = RCODE.NXDOMAIN
        return reply


def settle_in() -> None:
    """Has the loopback up, and the machine ask the name server there and nobody else."""
    up, size = 1, 16
    with socket.socket() as any_socket:
        fcntl.ioctl(any_socket, 0x8914, struct.pack(f"{size}sh22x", b"lo", up))  # SIOCSIFFLAGS
    subprocess.run(["mount", "-t", "tmpfs", "none", "/run"], check=True)  # no nscd, resolved or avahi
    files = {"/etc/resolv.conf": "nameserver 127.0.0.1\n", "/etc/nsswitch.conf": "hosts: files dns\n"}
    for name, text in files.items():
        place = Path(name).resolve()
        place.parent.mkdir(parents=True, exist_ok=True)
        if not place.exists():
            place.touch()
        own = Path(tempfile.mkdtemp()) / place.name
        own.write_text(text)
        subprocess.run(["mount", "--bind", own, place], check=True)
    DNSServer(Nothing(), "127.0.0.1", 53, logger=DNSLogger(log="-request,-reply")).start_thread()


@contextmanager
def open_proxy() -> Iterator[str]:
    """The address of a proxy that reaches nobody."""
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            with connection:
                if line := connection.recv(1000).partition(b" HTTP/")[0]:
                    asked.append(line.decode())
                connection.sendall(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")

    threading.Thread(target=serve, daemon=True).start()
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    listening.close()


# --- The calls. Each answers the status; a library that reads HTTPS_PROXY is not told of the proxy.


def by_requests(way: Way) -> int:
    return requests.get(way.url, headers=way.headers).status_code


def by_urllib3(way: Way) -> int:
    with urllib3.ProxyManager(way.proxy) if way.proxy else urllib3.PoolManager() as pool:
        return pool.request("GET", way.url, headers=way.headers, retries=False).status


def by_httpx(way: Way) -> int:
    return httpx.get(way.url, headers=way.headers).status_code


async def by_async_httpx(way: Way) -> int:
    async with httpx.AsyncClient() as client:
        return (await client.get(way.url, headers=way.headers)).status_code


def by_httpx2(way: Way) -> int:
    return httpx2.get(way.url, headers=way.headers).status_code


async def by_async_httpx2(way: Way) -> int:
    async with httpx2.AsyncClient() as client:
        return (await client.get(way.url, headers=way.headers)).status_code


def by_official_sdk(way: Way) -> int:
    base, token = way.url.removesuffix("/sites"), way.headers["Authorization"].removeprefix("Bearer ")
    at = WebflowEnvironment(base=base, data_api=base, content_delivery_api=base)
    return 200 if official_sdk.Webflow(access_token=token, environment=at).sites.list().sites else 0


async def by_aiohttp(way: Way) -> int:
    async with aiohttp.ClientSession(trust_env=True) as session, session.get(way.url, headers=way.headers) as answer:
        return answer.status


def by_niquests(way: Way) -> int:
    return niquests.get(way.url, headers=way.headers).status_code


async def by_async_niquests(way: Way) -> int:
    async with niquests.AsyncSession() as session:
        return (await session.get(way.url, headers=way.headers)).status_code


def by_http_client(way: Way) -> int:
    place = urlsplit(way.proxy).netloc if way.proxy else f"{way.host}:{way.port}"
    connection = (http.client.HTTPSConnection if way.is_safe else http.client.HTTPConnection)(place)
    if way.proxy:
        connection.set_tunnel(way.host, way.port)
    connection.request("GET", urlsplit(way.url).path, headers=way.headers)
    return connection.getresponse().status


def by_urllib_request(way: Way) -> int:
    with urllib.request.urlopen(urllib.request.Request(way.url, headers=way.headers)) as answer:
        return answer.status


def by_httpcore(way: Way) -> int:
    with httpcore.HTTPProxy(way.proxy) if way.proxy else httpcore.ConnectionPool() as pool:
        return pool.request("GET", way.url, headers=way.headers).status


async def by_streams(way: Way) -> int:
    reader, writer = await asyncio.open_connection(way.host, way.port, ssl=way.is_safe or None)
    writer.write(way.head)
    status = int((await reader.readline()).split()[1])
    writer.close()
    return status


def by_raw_socket(way: Way) -> int:
    with socket.socket() as connection:
        connection.connect((way.host, way.port))
        connection.sendall(way.head)
        return int(connection.recv(100).split()[1])


def by_look_up(way: Way) -> int:
    found = socket.getaddrinfo(way.host, way.port, socket.AF_INET, socket.SOCK_STREAM)
    return by_raw_socket(way._replace(url=way.url.replace(way.host, found[0][4][0])))


def by_old_look_up(way: Way) -> int:
    return by_raw_socket(way._replace(url=way.url.replace(way.host, socket.gethostbyname(way.host))))


def by_pycurl(way: Way) -> int:
    curl = pycurl.Curl()
    curl.setopt(pycurl.URL, way.url)
    curl.setopt(pycurl.HTTPHEADER, [f"{name}: {value}" for name, value in way.headers.items()])
    curl.setopt(pycurl.WRITEFUNCTION, len)
    if way.proxy:
        curl.setopt(pycurl.PROXY, way.proxy)
    curl.perform()
    return curl.getinfo(pycurl.RESPONSE_CODE)


def by_subprocess(way: Way) -> int:
    program = (
        "import sys, urllib.request as r; url, token = sys.argv[1:];"
        "print(r.urlopen(r.Request(url, headers={'Authorization': token})).status)"
    )
    command = [sys.executable, "-c", program, way.url, way.headers["Authorization"]]
    return int(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def on_asyncio(call: Callable[[Way], Awaitable[int]]) -> Callable[[Way], int]:
    return lambda way: asyncio.run(call(way))


def on_uvloop(call: Callable[[Way], Awaitable[int]]) -> Callable[[Way], int]:
    return lambda way: uvloop.run(call(way))


CALLS: dict[str, Callable[[Way], int]] = {
    "requests": by_requests,
    "urllib3": by_urllib3,
    "httpx": by_httpx,
    "async httpx": on_asyncio(by_async_httpx),
    "async httpx on uvloop": on_uvloop(by_async_httpx),
    "httpx2": by_httpx2,
    "async httpx2": on_asyncio(by_async_httpx2),
    "the official Python SDK": by_official_sdk,
    "aiohttp": on_asyncio(by_aiohttp),
    "aiohttp on uvloop": on_uvloop(by_aiohttp),
    "niquests": by_niquests,
    "async niquests": on_asyncio(by_async_niquests),
    "http.client": by_http_client,
    "urllib.request": by_urllib_request,
    "httpcore": by_httpcore,
    "asyncio's streams": on_asyncio(by_streams),
    "socket.connect": by_raw_socket,
    "socket.getaddrinfo": by_look_up,
    "socket.gethostbyname": by_old_look_up,
    "pycurl": by_pycurl,
    "asyncio's streams on uvloop": on_uvloop(by_streams),
    "a subprocess": by_subprocess,
}


def watch(call: Callable[[Way], int], way: Way) -> list[object]:
    """What came of the call, and the names that left meanwhile."""
    asked.clear()
    try:
        outcome: object = call(way)
    except Exception as error:
        outcome = "NotIntercepted" if type(error).__name__ == "NotIntercepted" else "failed"
        if outcome == "failed":
            print(f"{call}: {error!r}", file=sys.stderr)
    return [outcome, sorted(set(asked))]


def call_bucket(webflow: FakeWebflow) -> int:
    """Botocore reads a file of Webflow's bucket."""
    client = boto3.client("s3", region_name="us-east-1", config=Config(signature_version=botocore.UNSIGNED))
    key = next(iter(webflow.state.world.files)).key
    try:
        answer = client.get_object(Bucket="webflow-prod-assets", Key=key)
    except botocore.exceptions.ClientError as error:
        answer = error.response
    return answer["ResponseMetadata"]["HTTPStatusCode"]


def main() -> None:
    settle_in()
    results: dict[str, dict[str, list[object]]] = {}
    with open_proxy() as proxy, FakeWebflow() as webflow:
        headers = {"Authorization": f"Bearer {webflow.token}"}
        for name, call in CALLS.items():
            os.environ.pop("HTTPS_PROXY", None)
            results[name] = {
                "direct": watch(call, Way(f"{LIVE}/sites", headers, "")),
                "base_url": watch(call, Way(f"{webflow.base_url}/sites", headers, "")),
            }
            os.environ["HTTPS_PROXY"] = proxy
            results[name]["proxy"] = watch(call, Way(f"{LIVE}/sites", headers, proxy))
        os.environ.pop("HTTPS_PROXY", None)
        results["botocore"] = {"direct": watch(lambda _: call_bucket(webflow), Way("", {}, ""))}
    # Without a fake and its guard the names do leave: this machine sees them.
    results["no fake"] = {"direct": watch(by_urllib_request, Way(f"{LIVE}/sites", headers, ""))}
    print(json.dumps(results))


if __name__ == "__main__":
    main()
