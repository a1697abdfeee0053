"""The transport for ``requests``: a session that reaches the fake without a socket."""

from __future__ import annotations

import io
from collections.abc import Mapping
from http.client import HTTPMessage, responses
from typing import Any, BinaryIO, cast
from urllib.parse import unquote, urlsplit

import requests
from requests.adapters import BaseAdapter
from urllib3 import HTTPHeaderDict, HTTPResponse

from ..api import Fake
from ..api.pipeline import answer
from ..message import Request, Response


class FakeAdapter(BaseAdapter):
    """Mount it on a ``requests.Session`` for the hosts the fake is to answer for.

    Args:
        fake: Who answers.
    """

    def __init__(self, fake: Fake) -> None:
        super().__init__()
        self._fake = fake

    def send(self, request: requests.PreparedRequest, *_args: Any, **_options: Any) -> requests.Response:
        """The fake's answer; timeouts, certificates and proxies have no meaning here."""
        return _requests_response(request, answer(self._fake, _request_of(request)))

    def close(self) -> None:
        """Nothing is held open."""


def _request_of(request: requests.PreparedRequest) -> Request:
    parts = urlsplit(request.url or "")
    headers = {name.lower(): value for name, value in request.headers.items()}
    return Request(
        request.method or "GET",
        f"{parts.scheme}://{parts.netloc}",
        unquote(parts.path) or "/",
        parts.query,
        cast(Mapping[str, str], headers),
        _stream(request.body),
    )


def _stream(body: Any) -> BinaryIO:
    if body is None:
        return io.BytesIO()
    if isinstance(body, str):
        return io.BytesIO(body.encode())
    if isinstance(body, bytes | bytearray):
        return io.BytesIO(body)
    return cast(BinaryIO, body) if hasattr(body, "read") else io.BytesIO(b"".join(body))


def _requests_response(request: requests.PreparedRequest, answered: Response) -> requests.Response:
    message = HTTPMessage()
    for name, value in answered.headers:
        message.add_header(name, value)
    raw = HTTPResponse(
        body=io.BytesIO(answered.body),
        headers=HTTPHeaderDict(answered.headers),
        status=answered.status,
        reason=responses.get(answered.status, ""),
        preload_content=False,
    )
    raw._original_response = _Original(message)  # type: ignore[assignment]
    response = requests.Response()
    response.status_code = answered.status
    response.headers.update(answered.headers)
    response.raw = raw
    response.reason = raw.reason or ""
    response.url = request.url or ""
    response.request = request
    response.encoding = requests.utils.get_encoding_from_headers(response.headers)
    return response


class _Original:
    """What ``requests`` reads cookies from; the fake sets none, but sessions look."""

    def __init__(self, message: HTTPMessage) -> None:
        self.msg = message

    def isclosed(self) -> bool:
        return True
