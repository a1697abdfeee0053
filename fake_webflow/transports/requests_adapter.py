"""The transport for ``requests``: a session that reaches one fake, whatever else is patched or active.

Sessions that know nothing of it reach the active fake as well, through urllib3 (see ``urllib3_pool``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

import requests
from requests.adapters import BaseAdapter
from urllib3 import HTTPResponse
from urllib3.exceptions import ProtocolError

from ..conditions.faults import NetworkFault
from ..exchange import finish
from ..fake import fake_of
from ..message import Request, Response
from .active import begin_dispatch_to
from .urllib3_pool import CONNECTION_RESET, make_response
from .wire import lower_case_headers, make_request, make_stream, read_body

if TYPE_CHECKING:
    from ..testing.handle import FakeWebflow


class FakeAdapter(BaseAdapter):
    """Mount it on a ``requests.Session`` for the hosts the fake is to answer for.

    Args:
        webflow: Who answers.
    """

    def __init__(self, webflow: FakeWebflow) -> None:
        super().__init__()
        self._fake = fake_of(webflow)

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,  # noqa: ARG002 - all there is arrives at once
        timeout: Any = None,
        *_args: Any,
        **_options: Any,
    ) -> requests.Response:
        """The fake's answer; certificates and proxies have no meaning here.

        Raises:
            FakeEnded: The fake was active, and is no more.
            requests.ReadTimeout: A scripted fault of the network.
            requests.ConnectionError: Likewise.
        """
        read_timeout = timeout[1] if isinstance(timeout, tuple) else timeout
        return _make_requests_response(
            request, self._answer_prepared(request, getattr(timeout, "read_timeout", read_timeout))
        )

    def close(self) -> None:
        """Nothing is held open."""

    def _answer(self, request: Request) -> Response:
        return finish(begin_dispatch_to(self._fake, request))

    def _answer_prepared(self, request: requests.PreparedRequest, timeout: float | None) -> HTTPResponse:
        method = request.method or "GET"
        try:
            response: HTTPResponse = make_response(HTTPResponse, self._answer(_make_request(request, timeout)), method)
            return response
        except NetworkFault as fault:
            if fault.answer is not None:
                truncated: HTTPResponse = make_response(HTTPResponse, fault.answer, method, fault.size)
                return truncated
            if fault.kind == "timeout":
                raise requests.ReadTimeout("Read timed out.", request=request) from None
            raise requests.ConnectionError(ProtocolError(*CONNECTION_RESET), request=request) from None


def _make_request(request: requests.PreparedRequest, timeout: float | None) -> Request:
    parts = urlsplit(cast(str, request.url))
    target = f"{parts.path}?{parts.query}"
    headers = lower_case_headers(request.headers.items())
    host = parts.netloc.rpartition("@")[2].lower()
    origin = f"{parts.scheme}://{host.removesuffix(':443' if parts.scheme == 'https' else ':80')}"
    stream = make_stream(read_body(request.body))
    return make_request(request.method or "GET", origin, target, headers, stream, timeout=timeout)


def _make_requests_response(request: requests.PreparedRequest, raw: HTTPResponse) -> requests.Response:
    response = requests.Response()
    response.status_code = raw.status
    response.headers.update(raw.headers)
    response.raw = raw
    response.reason = raw.reason or ""
    response.url = request.url or ""
    response.request = request
    response.encoding = requests.utils.get_encoding_from_headers(response.headers)
    return response
