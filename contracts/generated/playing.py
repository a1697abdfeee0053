"""Makes calls by reference in one site, reads what is compared of the answers, and removes what was made."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

import requests

from fake_webflow.client import JsonObject, WebflowError

from ..kit.sandbox_assets import post_upload_form
from ..kit.targets import Target, UrlTarget
from .answers import NameTable, NormalizedAnswer
from .calls import CallSequence, CallSpec, map_texts

PUBLISH_OPERATION = "sites.publish"
DELETE_PATHS = {"webhook": "webhooks", "asset": "assets", "collection": "collections"}
"""What does not go with something else, and the collection of the API it is deleted from."""
_BETWEEN_CALLS = 0.002
"""Seconds between calls over the network: a clock of milliseconds then never shows two calls the same time."""
_PUBLISH_INTERVAL = 61.0
"""Seconds between two publishes of a site, whose refusal says no Retry-After."""
_NO_FORM = NormalizedAnswer(0, {}, "(there is no form to post)")
"""In place of the answer to an upload for which no form was handed out."""


class RateLimited(Exception):
    """A target that was thought to be free refuses for its rate limit."""


class Unreachable(Exception):
    """No answer came. The text is one line and names the target."""


class Player:
    """Plays one sequence of calls on a target.

    Args:
        target: The API.
        site: The site to work in, as the API answers it.
        mark: Makes names unique to this sequence.
    """

    def __init__(self, target: Target, site: JsonObject, mark: str) -> None:
        self._target = target
        origin = "{0.scheme}://{0.netloc}".format(urlsplit(target.client.base_url))
        self.names = NameTable(mark, _addresses(origin))
        self.names.bind("site", site["id"])
        self.names.bind("workspace", str(site.get("workspaceId")))
        for number, locale in enumerate(list_locales(site)):
            self.names.bind(f"locale#{number}", locale)

    def play(self, calls: CallSequence) -> list[NormalizedAnswer]:
        """Makes all calls; what is compared of each answer."""
        return [self.make_call(call) for call in calls]

    def make_call(self, call: CallSpec, *, waiting: bool = True) -> NormalizedAnswer:
        """Makes a call, and says what is compared of its answer.

        Args:
            call: What to ask.
            waiting: Whether a rate limit is waited out.

        Raises:
            RateLimited: It is not to be waited out.
            Unreachable: No answer came.
        """
        if isinstance(self._target, UrlTarget):
            time.sleep(_BETWEEN_CALLS)
        if call.is_upload and not _has_form(self.names.answers.get(call.path.strip("{}"))):
            return _NO_FORM
        try:
            response = self._send(call)
            if not waiting and _shows_a_limit(call, response):
                raise RateLimited
            while response.status_code == 429:
                self._target.wait(_retry_after(response))
                response = self._send(call)
            if call.operation == PUBLISH_OPERATION:
                self._target.settle()
        except (WebflowError, requests.RequestException) as error:
            raise Unreachable(f"{self._target.name}: {' '.join(str(error).split())}") from None
        return self.names.normalize(call, response)

    def remove(self) -> None:
        """Deletes what the calls made and is still there."""
        for kind, path in DELETE_PATHS.items():
            for name in self.names.answers:
                if name.startswith(f"{kind}#"):
                    with suppress(WebflowError):  # what is left of a broken run, the next one sweeps
                        self._target.client.request("DELETE", f"/{path}/{self.names.id_of(name)}", check=False)

    def _send(self, call: CallSpec) -> requests.Response:
        if call.is_upload:
            return self._send_upload(call)
        resolve = self.names.resolve
        return self._target.client.request(
            call.method,
            resolve(call.path),
            query=[(name, resolve(value)) for name, value in call.query],
            json=map_texts(call.body, resolve),
            data=None if call.data is None else resolve(call.data).encode(),
            headers=dict(call.headers),
            check=False,
            retry=False,
        )

    def _send_upload(self, call: CallSpec) -> requests.Response:
        asset = self.names.answers[call.path.strip("{}")]
        data = self.names.resolve(call.body).encode()
        return post_upload_form(self._target.http, asset, asset["uploadDetails"], data)


def list_locales(site: JsonObject) -> list[str]:
    """The ids of a site's CMS locales, the primary one first; none on a site without localization."""
    known = site.get("locales") or {}
    return [locale["cmsLocaleId"] for locale in [known.get("primary"), *(known.get("secondary") or ())] if locale]


def _shows_a_limit(call: CallSpec, response: requests.Response) -> bool:
    """Whether an answer refuses, or says that the next will; a site publish always says the latter."""
    return response.status_code == 429 or (
        call.operation != PUBLISH_OPERATION and response.headers.get("X-RateLimit-Remaining") == "0"
    )


def _retry_after(response: requests.Response) -> float:
    seconds = response.headers.get("Retry-After", "")
    return min(float(seconds), _PUBLISH_INTERVAL) if seconds.isdecimal() else _PUBLISH_INTERVAL


def _has_form(asset: Any) -> bool:
    """Whether an asset was registered, and told with all that it takes to upload its bytes."""
    if not isinstance(asset, dict) or not isinstance(asset.get("uploadDetails"), dict):
        return False
    values = [asset.get("uploadUrl"), asset.get("originalFileName"), asset.get("contentType")]
    are_texts = all(isinstance(value, str) for value in [*values, *asset["uploadDetails"].values()])
    return are_texts and asset["uploadUrl"].startswith(("http://", "https://"))


def _addresses(origin: str) -> dict[str, str]:
    """Where the API, the bucket and the files are, at Webflow and at a served fake, under one name each."""
    return {
        f"{origin}/s3/webflow-prod-assets": "<BUCKET>",
        f"{origin}/cdn": "<FILES>",
        origin: "<API>",
        "https://webflow-prod-assets.s3.amazonaws.com": "<BUCKET>",
        "https://s3.amazonaws.com/webflow-prod-assets": "<BUCKET>",
        "https://cdn.prod.website-files.com": "<FILES>",
    }
