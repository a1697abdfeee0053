"""Drifts as WSGI middlewares, and the forwarding app that puts one before any API."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import quote, urlsplit

import requests

from ..message import Request, Response, is_loopback
from ..transports.wire import headers_to_send, status_line
from ..transports.wsgi import read_wsgi_request

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
WsgiApp = Callable[[Environ, StartResponse], Iterable[bytes]]
DriftedAnswer = Callable[[Request, Callable[[Request], Response]], Response]
# Of one connection, not of the message; and a body that is read as a whole needs no word of how it was sent.
_HOP_BY_HOP = ("connection", "content-encoding", "content-length", "keep-alive", "server", "date", "transfer-encoding")
_TIMEOUT = 60


class DriftMiddleware:
    """A WSGI app that answers as another one would after a drift.

    Args:
        app: The other one.
        drifted: From a request, and what answers it without the drift, to the answer with it.
    """

    def __init__(self, app: WsgiApp, drifted: DriftedAnswer) -> None:
        self._app = app
        self._drifted = drifted

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answers one request."""
        answer = self._drifted(
            read_wsgi_request(environ), lambda request: call_app(self._app, _replace_request(environ, request))
        )
        return send_answer(answer, start_response)


class ForwardingApp:
    """A WSGI app that asks another server.

    Args:
        upstream: Its origin; a path is left out.
    """

    def __init__(self, upstream: str) -> None:
        parts = urlsplit(upstream)
        self._origin = f"{parts.scheme}://{parts.netloc}"
        # A fake makes its addresses of the host it was called by, so uploads come through here as well.
        self._is_local = is_loopback(parts.hostname or "")
        self._http = requests.Session()
        self._http.trust_env = False

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answers one request as the other server does; 502 where it does not."""
        try:
            return send_answer(self._answer(read_wsgi_request(environ)), start_response)
        except requests.RequestException as error:
            text = f"{self._origin} does not answer: {error}\n".encode()
            return send_answer(Response(502, [("Content-Type", "text/plain; charset=utf-8")], text), start_response)

    def _answer(self, request: Request) -> Response:
        headers = {name: value for name, value in request.headers.items() if name not in _HOP_BY_HOP}
        headers |= {"accept-encoding": "identity"}
        if not self._is_local:
            headers.pop("host", None)
        query = f"?{request.query}" if request.query else ""
        found = self._http.request(
            request.method,
            self._origin + quote(request.path) + query,
            headers={"user-agent": None, "accept": None, **headers},
            data=request.stream.read(),
            allow_redirects=False,
            timeout=_TIMEOUT,
        )
        lines = [line for line in found.headers.items() if line[0].lower() not in _HOP_BY_HOP]
        return Response(found.status_code, lines, found.content)


def call_app(app: WsgiApp, environ: Environ) -> Response:
    """What a WSGI app answers, as a value, without the length in its headers."""
    started: list[tuple[str, list[tuple[str, str]]]] = []
    written: list[bytes] = []

    def start(status: str, headers: list[tuple[str, str]], _error: Any = None) -> Callable[[bytes], None]:
        started[:] = [(status, headers)]
        return written.append

    parts = app(environ, start)
    try:
        body = b"".join([*written, *parts])
    finally:
        getattr(parts, "close", lambda: None)()
    [(status, headers)] = started
    kept = [line for line in headers if line[0].lower() != "content-length"]
    return Response(int(status.split()[0]), kept, body)


def send_answer(answer: Response, start_response: StartResponse) -> list[bytes]:
    """Sends an answer the way WSGI wants it."""
    start_response(status_line(answer), headers_to_send(answer))
    return [answer.body]


def _replace_request(environ: Environ, request: Request) -> Environ:
    """A WSGI environment with another request in it."""
    body = request.stream.read()
    environ_kept = {
        key: value for key, value in environ.items() if not key.startswith("HTTP_") and key != "CONTENT_TYPE"
    }
    return environ_kept | {
        **{_environ_key(name): value for name, value in request.headers.items()},
        "REQUEST_METHOD": request.method,
        "PATH_INFO": request.path.encode().decode("latin-1"),
        "QUERY_STRING": request.query,
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body),
        "wsgi.input_terminated": False,
    }


def _environ_key(name: str) -> str:
    key = name.upper().replace("-", "_")
    return key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"
