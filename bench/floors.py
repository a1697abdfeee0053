"""What the fake is held against, and the way both are called: as WSGI, without any client's cost.

B is bare Flask: one parametrised rule and prebuilt bytes. F is Flask over a naive dictionary with orjson: no token, no
checks, no indices, no journal.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

import flask
import orjson

from .worlds import ITEMS_PATH, TOKEN

App = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
_JSON = "application/json; charset=utf-8"
_ITEMS_RULE = "/v2/collections/<collection_id>/items"


class WsgiCall:
    """One request, sent to an app as a WSGI server would send it, as often as it is called.

    Args:
        app: The app.
        method: Upper-case.
        target: Path and query.
        bodies: Sent in turn; one that stays the same, or none, is a list of one.
        status: What is expected.
        content_type: Of the bodies; JSON if there are some, unless it is another.
    """

    def __init__(
        self,
        app: App,
        method: str,
        target: str,
        bodies: Iterable[bytes] = (b"",),
        *,
        status: int = 200,
        content_type: str = "",
    ) -> None:
        self._app = app
        self._bodies = list(bodies)
        json = "application/json" if self._bodies != [b""] else ""
        self._next = 0
        self._expected = f"{status} "
        parts = urlsplit(target)
        self._environ: dict[str, Any] = {
            "REQUEST_METHOD": method,
            "SCRIPT_NAME": "",
            "PATH_INFO": parts.path,
            "QUERY_STRING": parts.query,
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "8787",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_HOST": "127.0.0.1:8787",
            "HTTP_ACCEPT": "*/*",
            "HTTP_ACCEPT_ENCODING": "gzip, deflate",
            "HTTP_AUTHORIZATION": f"Bearer {TOKEN}",
            "HTTP_USER_AGENT": "fake-webflow bench",
            "REMOTE_ADDR": "127.0.0.1",
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.errors": io.StringIO(),
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
            "CONTENT_TYPE": content_type or json,
        }

    def __call__(self) -> bytes:
        """Sends the next body, and returns that of the answer."""
        body = self._bodies[self._next]
        self._next = (self._next + 1) % len(self._bodies)
        return self.send(io.BytesIO(body), len(body))

    def send(self, stream: Any, length: int) -> bytes:
        """Sends a body that is read from a stream, so many bytes, and returns that of the answer."""
        environ = {**self._environ, "wsgi.input": stream, "CONTENT_LENGTH": str(length)}
        chunks = self._app(environ, self._started)
        try:
            return b"".join(chunks)
        finally:
            close = getattr(chunks, "close", None)
            if close is not None:
                close()

    def again(self) -> None:
        """Begins with the first body again."""
        self._next = 0

    def _started(self, status: str, _headers: list[tuple[str, str]], _error: Any = None) -> Callable[[bytes], object]:
        if not status.startswith(self._expected):
            raise AssertionError(f"expected {self._expected}, was answered {status}")
        return self._written

    @staticmethod
    def _written(data: bytes) -> object:
        raise AssertionError(f"nothing is written this way: {data!r}")


def bare(body: bytes) -> flask.Flask:
    """B: bare Flask, which answers anything about items with these bytes, and reads what it is sent."""
    app = flask.Flask("bare", static_folder=None)

    def answer(collection_id: str, item_id: str = "") -> flask.Response:
        del collection_id, item_id
        flask.request.get_data()
        return flask.Response(body, content_type=_JSON)

    app.add_url_rule(f"{_ITEMS_RULE}/<item_id>", view_func=answer, methods=["GET", "POST", "PATCH"])
    app.add_url_rule(_ITEMS_RULE, "items", view_func=answer, methods=["GET", "POST", "PATCH"])
    return app


def floor(items: Mapping[str, Mapping[str, Any]]) -> flask.Flask:
    """F: Flask over a dictionary of items.

    Args:
        items: By id.
    """
    app = flask.Flask("floor", static_folder=None)
    kept = dict(items)

    @app.patch(_ITEMS_RULE)
    def update(collection_id: str) -> flask.Response:
        del collection_id
        updated = []
        for sent in orjson.loads(flask.request.get_data())["items"]:
            before = kept[sent["id"]]
            after = {**before, "fieldData": {**before["fieldData"], **sent["fieldData"]}}
            kept[sent["id"]] = after
            updated.append(after)
        return flask.Response(orjson.dumps({"items": updated}), content_type=_JSON)

    return app


def items_target(**query: object) -> str:
    """The target that lists items."""
    return ITEMS_PATH + ("?" + "&".join(f"{name}={value}" for name, value in query.items()) if query else "")
