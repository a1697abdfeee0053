"""One delivery over the wire, and where the wire may lead."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from contextlib import closing
from urllib.parse import urlsplit

from ..loopback import is_loopback

TIMEOUT = 5.0
"""Seconds a receiver may take to connect, and then to answer (clause ``webhooks.delivery.failure``)."""
_NO_HOST = re.compile(r"[\s/?#@\[\]]")


def host_name(name: object) -> str:
    """The name of a host that may be told, as addresses are compared with it.

    Raises:
        ValueError: It is more than a host's name, or none at all, and no address would ever match it.
    """
    if not isinstance(name, str) or not name or _NO_HOST.search(name) or name.count(":") == 1:
        raise ValueError(f"a host is a name alone, as receiver.internal, without scheme, port and path; not {name!r}")
    return name.lower()


def not_sent(url: str, allowed_hosts: Collection[str]) -> str:
    """Why nothing is sent to that address; empty if it is.

    A test must not reach out by accident, and the addresses in it are often made up: so only this machine is told,
    and who was allowed by name.
    """
    host = urlsplit(url).hostname or ""
    if host in allowed_hosts or is_loopback(host):
        return ""
    return f"{host} is not this machine; to send there all the same, call webhooks.allow_host({host!r})"


def post(url: str, body: bytes, headers: Mapping[str, str], timeout: float = TIMEOUT) -> tuple[int | None, str]:
    """Posts once, follows no redirect and uses no proxy.

    Returns:
        The receiver's status, or None and why there is none.
    """
    # Loaded when something is sent for the first time, not when an app starts.
    from http.client import HTTPConnection, HTTPException, HTTPSConnection

    parts = urlsplit(url)
    connect = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        with closing(connect(parts.hostname or "", parts.port, timeout=timeout)) as connection:
            connection.request("POST", target, body, dict(headers))
            with closing(connection.getresponse()) as response:
                return response.status, ""
    except (OSError, HTTPException, ValueError) as error:
        return None, f"{type(error).__name__}: {error}"
