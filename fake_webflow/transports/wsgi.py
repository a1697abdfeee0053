"""The fake as a WSGI app, which is all that a server needs: the way in for servers, and what the Flask app is made of.

A failure, which is an exception that nobody scripted, is a mistake of the fake's own. A client on the network is
answered as Webflow would (``errors.internal``), and the traceback goes to the log ``fake_webflow``: to standard error,
unless logging is set up otherwise. In process it is raised, for in a test an exception says more than a 500: by the
transports of HTTP libraries always, by Flask's test client if ``app.testing`` is set, as Flask has it. Either way the
world is as it was before.
"""

from __future__ import annotations

import io
import logging
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, BinaryIO, cast
from urllib.parse import quote

from ..api.pipeline import answer
from ..api.render import render_refusal
from ..conditions.faults import NetworkFault
from ..fake import Fake
from ..message import Request, Response
from ..rules import Profile, Refusal
from .wire import headers_to_send, status_line

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication


Answering = Callable[[Request, str], Response]
"""From a request, and the address of the machine it came from, to the answer."""
_log = logging.getLogger("fake_webflow")
_LARGE_BODY = 512 * 1024  # bytes


def create_wsgi_app(fake: Fake | Answering, *, raises: Callable[[], bool] = lambda: False) -> WSGIApplication:
    """The fake as a WSGI app.

    Args:
        fake: Who answers: one fake, or what finds the fake that a request is for.
        raises: Whether a failure is raised rather than answered. Scripted faults of the network always are.
    """

    def answer_fake(request: Request, _peer: str) -> Response:
        assert isinstance(fake, Fake)
        return answer(fake, request)

    answering = answer_fake if isinstance(fake, Fake) else fake

    def respond(environ: Mapping[str, Any]) -> Response:
        return answering(read_wsgi_request(environ), environ.get("REMOTE_ADDR", ""))

    def app(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        try:
            response = respond(environ)
        except NetworkFault:
            raise  # the server makes it happen
        except Refusal as refusal:  # of the server, to whoever read the body outside of an exchange
            response = render_refusal(refusal, Profile())
        except Exception:
            if raises():
                raise
            # Encoded as it came, or a path could forge lines of the log.
            path = quote(environ.get("PATH_INFO", ""), encoding="latin-1", errors="replace")
            _log.exception("%s %s failed", environ["REQUEST_METHOD"], path)
            response = render_refusal(Refusal("errors.internal"), Profile())
        start_response(status_line(response), headers_to_send(response))
        if environ["REQUEST_METHOD"] == "HEAD":
            return []
        if len(response.body) > _LARGE_BODY and "wsgi.file_wrapper" in environ:
            # Sent from where it is. Otherwise a server copies it, or stores it until a slow client has taken it.
            return cast(Iterable[bytes], environ["wsgi.file_wrapper"](io.BytesIO(response.body)))
        return [response.body]

    return app


def read_wsgi_request(environ: Mapping[str, Any]) -> Request:
    """The request a WSGI environment holds."""
    host = environ.get("HTTP_HOST") or f"{environ['SERVER_NAME']}:{environ['SERVER_PORT']}"
    path = environ.get("PATH_INFO", "").encode("latin-1", "replace").decode("utf-8", "replace")
    return Request(
        environ["REQUEST_METHOD"],
        f"{environ['wsgi.url_scheme']}://{host}",
        path,
        environ.get("QUERY_STRING", ""),
        _read_headers(environ),
        cast(BinaryIO, _Body(environ)),
    )


def _read_headers(environ: Mapping[str, Any]) -> dict[str, str]:
    """The headers of a WSGI environment by lower-case name."""
    headers = {key[5:].replace("_", "-").lower(): value for key, value in environ.items() if key.startswith("HTTP_")}
    for key in ("CONTENT_TYPE", "CONTENT_LENGTH"):
        if key in environ:
            headers[key.replace("_", "-").lower()] = environ[key]
    return headers


class _Body(io.RawIOBase):
    """The body of a WSGI request: not beyond its declared length, which some servers leave to the reader."""

    def __init__(self, environ: Mapping[str, Any]) -> None:
        self._stream = environ["wsgi.input"]
        declared = environ.get("CONTENT_LENGTH") or "0"
        ends_itself = environ.get("wsgi.input_terminated") or environ.get("HTTP_TRANSFER_ENCODING")
        self._left = int(declared) if declared.isdecimal() and not ends_itself else None

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
