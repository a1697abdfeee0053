"""The guard under everything: while it is on, nothing in this process reaches one of Webflow's hosts by name.

Interception takes the calls of the libraries it knows. All others come to the functions of ``socket`` in the end, and
these refuse Webflow's names here, before anything is looked up. A proxy looks names up elsewhere, so what is sent is
looked at as well: ``CONNECT api.webflow.com:443`` is refused, and so are ``GET http://api.webflow.com/...`` and a
request by SOCKS 5 that names such a host.

What this cannot see: a library that does all this in C (pycurl, uvloop's own look-ups), a request to a proxy within TLS
that is not a socket of ``ssl``, an address that was looked up before, and other processes.
"""

from __future__ import annotations

import os
import re
import socket
import ssl
import sys
import threading
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from sysconfig import get_paths
from types import FrameType
from typing import Any

from ..errors import NotIntercepted
from ..world.addresses import BUCKET, WEBFLOW_ORIGINS
from .patching import Patch

# Everybody has buckets at the shared name of S3; only Webflow's own is told by the bucket's.
_HOSTS = frozenset(origin.removeprefix("https://") for origin in WEBFLOW_ORIGINS) - {"s3.amazonaws.com"}
_BUCKET_HOST = re.compile(rf"{re.escape(BUCKET)}\.s3[a-z0-9.-]*\.amazonaws\.com")
# How a request to a proxy begins: for a tunnel, for an address of another host, or by SOCKS 5 for a name, whose length
# stands before it and its port behind it.
_TO_PROXY = re.compile(rb"(?:CONNECT |[A-Z]+ https?://|\x05\x01\x00\x03[\x01-\xff])\[?([^/:\s\]\x00-\x1f]+)")
_LONGEST_START = 300

_changing = threading.Lock()
_times_on = 0


def begin() -> None:
    """Refuses Webflow's names until ``end`` was called as often as this was."""
    global _times_on
    with _changing:
        _times_on += 1
        for patch in _PATCHES if _times_on == 1 else ():
            patch.apply()


def end() -> None:
    """Takes one ``begin`` back; with the last of them everything is as it was."""
    global _times_on
    with _changing:
        _times_on -= 1
        for patch in _PATCHES if not _times_on else ():
            patch.revert()


def is_webflow_host(host: object) -> bool:
    """Whether that is the name of one of Webflow's hosts, in whatever case, as text or bytes, absolute or not."""
    if isinstance(host, bytes | bytearray):
        host = bytes(host).decode("ascii", "replace")
    if not isinstance(host, str):
        return False
    name = host.lower().removesuffix(".")
    return name in _HOSTS or _BUCKET_HOST.fullmatch(name) is not None


def _check(host: object, deed: str = "looked up") -> None:
    if is_webflow_host(host):
        name = host.decode("ascii", "replace") if isinstance(host, bytes | bytearray) else host
        library, place = _find_caller(sys._getframe(1))
        test = os.environ.get("PYTEST_CURRENT_TEST", "")
        raise NotIntercepted(
            f"{library} {deed} {name}{f', called at {place}' if place else ''}{f', in {test}' if test else ''}. "
            "No fake takes the calls of this library, so they would reach the real Webflow. Give the program "
            "fake_webflow.base_url as its base URL, or use requests, urllib3, httpx, httpx2, aiohttp or niquests."
        )


def _guard_name(function: Callable[..., Any]) -> Any:
    """A function of ``socket`` whose first argument is a name."""

    @wraps(function)
    def guarded(host: Any, *arguments: Any, **options: Any) -> Any:
        _check(host)
        return function(host, *arguments, **options)

    return guarded


def _guard_connect(inherited: Callable[..., Any]) -> Callable[[Any], Any]:
    """A method of sockets that takes an address, which may have a name in it."""

    def replacement(own: Any) -> Any:
        connect = own or inherited

        @wraps(inherited)
        def guarded(self: socket.socket, address: Any) -> Any:
            _check(address[0] if isinstance(address, tuple) and address else None, "connected to")
            return connect(self, address)

        return guarded

    return replacement


def _guard_send(inherited: Callable[..., Any]) -> Callable[[Any], Any]:
    """A method of sockets that takes what is to be sent, which may be a request to a proxy."""

    def replacement(own: Any) -> Any:
        send = own or inherited

        @wraps(inherited)
        def guarded(self: socket.socket, data: Any, *arguments: Any) -> Any:
            start = _TO_PROXY.match(bytes(memoryview(data).cast("B")[:_LONGEST_START])) if data else None
            if start is not None:
                _check(start[1], "asked a proxy for")
            return send(self, data, *arguments)

        return guarded

    return replacement


_PATCHES = [
    *(Patch(socket, name, _guard_name) for name in ("getaddrinfo", "gethostbyname", "gethostbyname_ex")),
    *(Patch(socket.socket, name, _guard_connect(getattr(socket.socket, name))) for name in ("connect", "connect_ex")),
    *(
        Patch(owner, name, _guard_send(getattr(owner, name)))
        for owner in (socket.socket, ssl.SSLSocket)
        for name in ("send", "sendall")
    ),
]


# Through these a call only passes on its way.
_PASSED = ("asyncio", "concurrent", "contextlib", "selectors", "socket", "ssl", "threading", "functools", __name__)


def _find_caller(frame: FrameType | None) -> tuple[str, str]:
    """The library that made a call, and the line of the program that called it; empty where no line is to be found."""
    standard, installed = Path(get_paths()["stdlib"]), Path(get_paths()["purelib"])
    library = ""
    while frame is not None:
        module, file = frame.f_globals.get("__name__", ""), Path(frame.f_code.co_filename)
        is_passed = module == __name__ or module.partition(".")[0] in _PASSED
        if installed in file.parents:
            library = library or module.partition(".")[0]
        elif standard in file.parents or file.name.startswith("<frozen"):
            # urllib.request calls http.client: the outer one is what the program knows.
            library = library if is_passed or "." not in module or not _is_standard(library) else module
        elif not is_passed:
            return library or "a socket", f"{file.name}:{frame.f_lineno}"
        frame = frame.f_back
    return library or "a library", ""


def _is_standard(library: str) -> bool:
    return not library or library.partition(".")[0] in sys.stdlib_module_names
