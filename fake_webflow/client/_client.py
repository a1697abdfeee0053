"""The client itself: the groups of operations and the one call for everything else."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any, Literal, Self

import requests

from ._assets import AssetFolders, Assets
from ._collections import Collections
from ._items import Items
from ._live_items import LiveItems
from ._sites import Sites, Token
from ._transport import Query, Timeout, Transport
from ._webhooks import Webhooks

BASE_URL = "https://api.webflow.com/v2"
EU_BASE_URL = "https://api.eu.webflow.com/v2"

_BASE_URLS = {"us": BASE_URL, "eu": EU_BASE_URL}


def _sleep(seconds: float) -> None:
    time.sleep(seconds)  # looked up when it is called: tests replace it


class WebflowClient:
    """A thin client for Webflow's Data API v2.

    Works against Webflow itself and, given its base URL, against the fake; it knows nothing of the latter.

    Every call can raise, besides what its own description names: `NotAuthorized` (bad token), `Forbidden` (a scope is
    missing), `TooManyRequests` (after waiting ``retries`` times), `ServerError`, `ConnectionFailed` and
    `UnexpectedAnswer`; and `ValueError` before anything is sent if an id is empty. All but the last are
    `WebflowError`.

    A 429 is waited out by its ``Retry-After`` for every call. A failure (500, 502, 503, 504) or a lost connection is
    repeated with a growing pause for calls that can be made twice: reading, updating, deleting, and uploading the
    file of an asset. Creating and publishing is not repeated. A 409 never is.

    Args:
        token: Bearer token of an app, a site or a workspace.
        base_url: Address of the API, version included; left out, that of the region.
        region: Where the site is hosted: ``us``, or ``eu``.
        session: A session of requests to send with, for adapters, proxies or certificates. It is not changed and not
            closed. By default the client has its own.
        retries: How often a call is repeated at most.
        sleep: Waits for so many seconds; for tests.
        timeout: Seconds, for connecting and for each read.

    Attributes:
        sites: Sites, their domains and their publishing.
        collections: Collections and their fields.
        items: Staged items.
        live_items: Published items.
        assets: Files of the asset library, uploads included.
        asset_folders: Folders of the asset library.
        webhooks: Webhooks.
        token: What the token may do.

    Raises:
        ValueError: The token is empty or has characters no header can carry, ``base_url`` holds a user, ``retries`` is
            negative, or there is no such region.
    """

    def __init__(
        self,
        token: str,
        *,
        base_url: str | None = None,
        region: Literal["us", "eu"] = "us",
        session: requests.Session | None = None,
        retries: int = 3,
        sleep: Callable[[float], None] = _sleep,
        timeout: Timeout = (10.0, 60.0),
    ) -> None:
        if region not in _BASE_URLS:
            raise ValueError(f"region is 'us' or 'eu', not {region!r}")
        base_url = _BASE_URLS[region] if base_url is None else base_url
        self._own_session = session is None
        self._transport = transport = Transport(session or requests.Session(), base_url, token, retries, sleep, timeout)
        self.sites = Sites(transport)
        self.collections = Collections(transport)
        self.items = Items(transport)
        self.live_items = LiveItems(transport)
        self.assets = Assets(transport)
        self.asset_folders = AssetFolders(transport)
        self.webhooks = Webhooks(transport)
        self.token = Token(transport)

    @property
    def base_url(self) -> str:
        """Address of the API, without a slash at its end."""
        return self._transport.base_url

    def request(
        self,
        method: str,
        path: str,
        *,
        query: Query | None = None,
        json: Any = None,
        data: bytes | str | None = None,
        headers: Mapping[str, str | None] | None = None,
        check: bool = True,
        retry: bool = True,
    ) -> requests.Response:
        """Send any call to the API, for what has no method here.

        Args:
            method: HTTP method.
            path: Path below the base URL, beginning with ``/``, sent as it is.
            query: Query parameters exactly as on the wire; a list of pairs where a name occurs twice.
            json: Body to send as JSON.
            data: Body to send as it is, instead of ``json``; its content type is the caller's to set.
            headers: More headers. None takes one out; an ``Authorization`` replaces the token.
            check: Whether an error answer is raised, or returned like any other.
            retry: Whether the call is repeated as described at the class.

        Returns:
            The answer, read to its end. Redirects are not followed.

        Raises:
            ApiError: Webflow answered with an error, unless ``check`` is False.
            ConnectionFailed: No answer came.
            UnexpectedAnswer: A redirect, or an error in another form than Webflow's, unless ``check`` is False.
            ValueError: The path does not begin with ``/``.
        """
        response = self._transport.send(method, path, query=query, json=json, data=data, headers=headers, retry=retry)
        if check:
            self._transport.check(response)
        return response

    def close(self) -> None:
        """Close the connections of the client's own session."""
        if self._own_session:
            self._transport.session.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"WebflowClient(base_url={self.base_url!r})"
