"""What goes in and what comes out: a request value and a response value.

Faces make a ``Request`` of whatever their library hands them and send the ``Response`` they get back; between the two
nothing knows of sockets, WSGI or an HTTP library.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from ipaddress import ip_address
from typing import BinaryIO, NamedTuple

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


def is_loopback(host: str) -> bool:
    """Whether a name or an address is this machine's and cannot be another's.

    Args:
        host: Lower-case, without port; an IPv6 address with or without brackets.
    """
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        address = ip_address(host.strip("[]"))
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_loopback


def join_curl(method: str, url: str, headers: Sequence[str], body: str | None, *, options: str) -> str:
    """A line that sends a request, all of it given as words of a shell."""
    parts = ["curl", options, "-X", method, url]
    parts += [part for header in headers for part in ("-H", header)]
    return " ".join([*parts, *(["--data-binary", body] if body is not None else [])])
