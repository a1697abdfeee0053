"""What goes in and what comes out: a request value and a response value.

Faces make a ``Request`` of whatever their library hands them and send the ``Response`` they get back; between the two
nothing knows of sockets, WSGI or an HTTP library.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from ipaddress import ip_address
from itertools import islice
from typing import Any, BinaryIO, NamedTuple

import orjson

REASONS: Mapping[int, str] = {status.value: status.phrase for status in HTTPStatus}
"""HTTP's own names of its statuses."""


class Request(NamedTuple):
    """One HTTP request.

    Args:
        method: Upper-case.
        origin: Scheme, host and port as the client named them, without a slash at the end: ``https://api.webflow.com``
            or ``http://127.0.0.1:8787``. URLs in answers derive from it.
        path: Percent-decoded, from the first slash on.
        query: The raw query string, without the question mark.
        headers: By lower-case name.
        stream: The body, read once.
        timeout: Seconds that the client waits for an answer, where it waits in this process; None for ever.
    """

    method: str
    origin: str
    path: str
    query: str
    headers: Mapping[str, str]
    stream: BinaryIO
    timeout: float | None = None

    @property
    def bearer_token(self) -> str:
        """What stands behind ``Bearer`` in its ``Authorization``; empty where nothing does."""
        scheme, _, token = self.headers.get("authorization", "").partition(" ")
        return token.strip() if scheme.lower() == "bearer" else ""

    @property
    def media_type(self) -> str:
        """Its ``Content-Type`` in lower case and without parameters; empty where it has none."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    def __repr__(self) -> str:
        # Not the headers: one of them is the token.
        return f"Request({self.method} {self.origin}{self.path})"


class Response(NamedTuple):
    """One finished answer: status, headers in the order and spelling they are sent in, and the body's bytes.

    Without a ``Content-Type`` header the answer has none, whatever a transport's library would add.
    """

    status: int
    headers: list[tuple[str, str]]
    body: bytes = b""


DEEPEST_JSON = 200
"""Levels of lists and objects in JSON that is taken. Orjson reads 1024 and writes 254, and an answer adds some."""


class JsonBeyondBounds(ValueError):
    """JSON with more in it than is taken. The text says what it has."""


def parse_json(raw: bytes, most_values: int | None = None) -> Any:
    """What the JSON says that somebody sent.

    Args:
        raw: UTF-8.
        most_values: More values than that are not taken, nor read, which nobody else could run beside; None for any.

    Raises:
        JsonBeyondBounds: It has more values, or more than ``DEEPEST_JSON`` levels.
        orjson.JSONDecodeError: It is none, or has more levels than can be read.
    """
    if most_values is not None and _count_parts(raw, most_values) > most_values:
        raise JsonBeyondBounds(f"more than {most_values:,} values")
    value = orjson.loads(raw)
    if raw.count(b"[") + raw.count(b"{") > DEEPEST_JSON and not _can_be_wrapped(value):
        raise JsonBeyondBounds(f"more than {DEEPEST_JSON} levels of lists and objects")
    return value


_STRING_OR_PART = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"|[,\[{]', re.DOTALL)


def _count_parts(raw: bytes, most: int) -> int:
    """About how many values a JSON text has; no further than one more than ``most``."""
    if sum(map(raw.count, (b",", b"[", b"{"))) <= most:
        return 0
    # Now without those in strings. In Python, so that other threads have their turn.
    parts = (found for found in _STRING_OR_PART.finditer(raw) if found.end() - found.start() == 1)
    return sum(1 for _ in islice(parts, most + 1))


def _can_be_wrapped(value: Any) -> bool:
    """Whether an answer can be written that has the value in it."""
    for _ in range(254 - DEEPEST_JSON):
        value = [value]
    try:
        orjson.dumps(value)
    except orjson.JSONEncodeError:
        return False
    return True


def is_loopback(host: str) -> bool:
    """Whether a name or an address is this machine's and cannot be another's.

    Args:
        host: Lower-case, without port; an IPv6 address with or without brackets.
    """
    return bool(find_loopback_addresses(host))


def find_loopback_addresses(host: str) -> tuple[str, ...]:
    """The addresses to reach a host of this machine at, without asking a resolver; none where it may be another.

    A resolver, or the search list in its settings, can send names below ``localhost`` anywhere.

    Args:
        host: As in ``is_loopback``.
    """
    name = host.removesuffix(".")
    if name == "localhost" or name.endswith(".localhost"):
        return "127.0.0.1", "::1"
    try:
        address = ip_address(name.strip("[]"))
    except ValueError:
        return ()
    mapped = getattr(address, "ipv4_mapped", None)
    return (str(address),) if (mapped or address).is_loopback else ()


def join_curl(method: str, url: str, headers: Sequence[str], body: str | None, *, options: str) -> str:
    """A line that sends a request, all of it given as words of a shell."""
    parts = ["curl", options, "-X", method, url]
    parts += [part for header in headers for part in ("-H", header)]
    return " ".join([*parts, *(["--data-binary", body] if body is not None else [])])
