"""The Flask app: the way in for WSGI servers and for Flask's test client.

Every request is handed to the router that all faces share before Flask looks for a rule of its own: it has none. Rules
would answer odd methods and paths in Flask's form, not Webflow's, and cost half a millisecond each to build.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from types import MappingProxyType
from typing import Any, BinaryIO, cast

import flask

from ..api import Fake
from ..api.pipeline import answer
from ..message import Request, Response
from .tenants import Tenants

Control = Callable[[Request, str], Response]
"""From a request and the address of the machine it came from to the answer."""
Page = Callable[[str], str]
"""From the origin a request came in on to the HTML to show."""
# Pages need nothing from anywhere; whatever slipped through the escaping could not run or send either.
_PAGE_HEADERS = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'"}


def create_app(
    fake: Fake | Tenants, *, pages: Mapping[str, Page] = MappingProxyType({}), control: Control | None = None
) -> flask.Flask:
    """The fake as a Flask app, for any WSGI server and for ``app.test_client()``.

    Args:
        fake: Who answers, or several of them.
        pages: What people are shown, by path without the first slash; Webflow itself has nothing beside ``/v2``.
        control: What answers below ``/_fake``; Webflow itself has nothing there, and without it neither has this app.
    """
    answering = fake.answer if isinstance(fake, Tenants) else partial(answer, fake)
    app = flask.Flask("fake_webflow", static_folder=None)
    app.config["PROPAGATE_EXCEPTIONS"] = True  # scripted faults of the network, which the server makes happen

    @app.before_request
    def everything() -> flask.Response:
        request = request_of(flask.request.environ)
        path = request.path.removeprefix("/")
        if path in pages and request.method in ("GET", "HEAD"):
            return flask.Response(pages[path](request.origin), mimetype="text/html", headers=_PAGE_HEADERS)
        if control is not None and path.partition("/")[0] == "_fake":
            return _flask_response(control(request, flask.request.environ.get("REMOTE_ADDR", "")))
        return _flask_response(answering(request))

    return app


def request_of(environ: Mapping[str, Any]) -> Request:
    """The request a WSGI environment holds."""
    host = environ.get("HTTP_HOST") or f"{environ['SERVER_NAME']}:{environ['SERVER_PORT']}"
    path = environ.get("PATH_INFO", "").encode("latin-1", "replace").decode("utf-8", "replace")
    return Request(
        environ["REQUEST_METHOD"],
        f"{environ['wsgi.url_scheme']}://{host}",
        path,
        environ.get("QUERY_STRING", ""),
        _Headers(environ),
        cast(BinaryIO, _Body(environ)),
    )


class _Headers(Mapping[str, str]):
    """The headers of a WSGI environment by lower-case name, without copying them."""

    def __init__(self, environ: Mapping[str, Any]) -> None:
        self._environ = environ

    def __getitem__(self, name: str) -> str:
        key = name.upper().replace("-", "_")
        value: str = self._environ[key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"]
        return value

    def __iter__(self) -> Iterator[str]:
        for key in self._environ:
            if key.startswith("HTTP_") or key in ("CONTENT_TYPE", "CONTENT_LENGTH"):
                yield key.removeprefix("HTTP_").replace("_", "-").lower()

    def __len__(self) -> int:
        return sum(1 for _ in self)


class _Body(io.RawIOBase):
    """The body of a WSGI request: not beyond its declared length, which some servers leave to the reader."""

    def __init__(self, environ: Mapping[str, Any]) -> None:
        self._stream = environ["wsgi.input"]
        declared = environ.get("CONTENT_LENGTH") or "0"
        ends_itself = environ.get("wsgi.input_terminated") or environ.get("HTTP_TRANSFER_ENCODING")
        self._left = int(declared) if declared.isdigit() and not ends_itself else None

    def readable(self) -> bool:
        return True

    def read(self, size: int | None = -1) -> bytes:
        wanted = -1 if size is None else size
        if self._left is not None:
            wanted = self._left if wanted < 0 else min(wanted, self._left)
        data: bytes = self._stream.read() if wanted < 0 else self._stream.read(wanted)
        if self._left is not None:
            self._left -= len(data)
        return data


def _flask_response(response: Response) -> flask.Response:
    made = flask.Response(response.body, response.status)
    made.headers.clear()
    for name, value in response.headers:
        made.headers.add(name, value)
    if "content-length" not in made.headers and response.status != 204:
        made.headers["Content-Length"] = str(len(response.body))
    return made
