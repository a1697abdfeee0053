"""What is patched while a fake is active."""

from __future__ import annotations

import socket
import ssl

import aiohttp
import httpx
import httpx2
import responses
import urllib3

PATCHED = [
    (aiohttp.BaseConnector, "connect"),
    (httpx.HTTPTransport, "handle_request"),
    (httpx.AsyncHTTPTransport, "handle_async_request"),
    (httpx2.HTTPTransport, "handle_request"),
    (httpx2.AsyncHTTPTransport, "handle_async_request"),
    (responses.RequestsMock, "passthru_prefixes"),
    (urllib3.HTTPConnectionPool, "urlopen"),
    (socket, "getaddrinfo"),
    (socket, "gethostbyname"),
    (socket, "gethostbyname_ex"),
    (socket.socket, "connect"),
    (socket.socket, "connect_ex"),
    (socket.socket, "send"),
    (socket.socket, "sendall"),
    (ssl.SSLSocket, "send"),
    (ssl.SSLSocket, "sendall"),
]


def attributes() -> list[object]:
    """What the libraries have at the places that are patched."""
    return [vars(owner).get(name) for owner, name in PATCHED]
