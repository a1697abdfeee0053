"""The fake behind a drift, in this process, as the suite's target."""

from __future__ import annotations

from typing import Any, cast
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter

from fake_webflow.api import Fake
from fake_webflow.api.pipeline import answer
from fake_webflow.faces.urllib3_pool import urllib3_response
from fake_webflow.faces.wire import lower_case, request_of, stream_of, whole_body
from fake_webflow.message import Request

from ..targets import InProcessTarget
from .drift import Drift


class DriftedTarget(InProcessTarget):
    """A fake that has drifted.

    Args:
        drift: How.
        seed: Of the fake's ids.
    """

    shrinks = False

    def __init__(self, drift: Drift, *, seed: int = 0) -> None:
        super().__init__(seed=seed)
        self.name = f"a fake in this process that has drifted: {drift.name}"
        self.http.mount("https://", _Adapter(self.fake, drift))


class _Adapter(HTTPAdapter):
    """The transport that puts a drift between a session and a fake."""

    def __init__(self, fake: Fake, drift: Drift) -> None:
        super().__init__()
        self._fake = fake
        self._drift = drift

    def send(self, request: requests.PreparedRequest, *_args: Any, **_options: Any) -> requests.Response:
        """The drifted answer."""
        found = self._drift.answer(_request(request), lambda asked: answer(self._fake, asked))
        return self.build_response(request, cast(Any, urllib3_response(found, request.method or "GET")))


def _request(sent: requests.PreparedRequest) -> Request:
    parts = urlsplit(sent.url or "")
    return request_of(
        sent.method or "GET",
        f"{parts.scheme}://{parts.netloc}",
        f"{parts.path}?{parts.query}",
        lower_case(sent.headers.items()),
        stream_of(whole_body(sent.body)),
    )
