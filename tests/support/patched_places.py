"""What is patched while a fake is active."""

from __future__ import annotations

import aiohttp
import httpx
import responses
import urllib3

PATCHED = [
    (aiohttp.BaseConnector, "connect"),
    (httpx.HTTPTransport, "handle_request"),
    (httpx.AsyncHTTPTransport, "handle_async_request"),
    (responses.RequestsMock, "passthru_prefixes"),
    (urllib3.HTTPConnectionPool, "urlopen"),
]


def attributes() -> list[object]:
    """What the libraries have at the places that are patched."""
    return [vars(owner).get(name) for owner, name in PATCHED]
