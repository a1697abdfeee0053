"""The Flask app: the way in for WSGI servers and for Flask's test client.

One catch-all rule hands every request to the router that all faces share; a rule for each operation would cost half a
millisecond each to build.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping
from typing import Any, BinaryIO, cast

import flask

from ..api import Fake
from ..api.pipeline import answer
from ..message import Request, Response

_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


def create_app(fake: Fake, *, start_page: Callable[[str], str] | None = None) -> flask.Flask:
    """The fake as a Flask app, for any WSGI server and for ``app.test_client()``.

    Args:
        fake: Who answers.
        start_page: From the app's own origin to the HTML shown at ``/``; without it ``/`` is an unknown route.
    """
    app = flask.Flask("fake_webflow", static_folder=None)

    @app.route("/", defaults={"path": ""}, methods=_METHODS, provide_automatic_options=False)
    @app.route("/<path:path>", methods=_METHODS, provide_automatic_options=False)
    def everything(path: str) -> flask.Response:
        request = request_of(flask.request.environ)
        if not path and start_page is not None and request.method == "GET":
            return flask.Response(start_page(request.origin), mimetype="text/html")
        return _flask_response(answer(fake, request))

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
