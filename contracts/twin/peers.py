"""One of the two targets: where it works, how a call is made there, and how it is left."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests

from fake_webflow.client import WebflowError

from ..generated.calls import CallSequence, CallSpec, map_texts
from ..kit.sandbox import Sandbox, SandboxRefused
from ..kit.targets import Target, UrlTarget
from ..run.preflight import CannotRun, check_target
from .comparing import Difference, find_differences
from .normalizing import NameTable, NormalizedAnswer

PUBLISH_OPERATION = "sites.publish"
_BETWEEN_CALLS = 0.002
"""Seconds between calls over the network: a clock of milliseconds then never shows two calls the same time."""
_PUBLISH_INTERVAL = 61.0
"""Seconds between two publishes of a site, whose refusal says no Retry-After."""
_NO_FORM = NormalizedAnswer(0, {}, "(there is no form to post)")
"""In place of the answer to an upload for which no form was handed out."""
_DELETE_PATHS = {"webhook": "/webhooks/{}", "asset": "/assets/{}", "collection": "/collections/{}"}


class RateLimited(Exception):
    """A target that was thought to be free refuses for its rate limit."""


@dataclass(frozen=True, slots=True)
class Step:
    """One call of a sequence, and what both sides answered."""

    call: CallSpec
    left: NormalizedAnswer
    right: NormalizedAnswer
    differences: tuple[Difference, ...]


class Peer:
    """One target, with the site to work in.

    Args:
        target: The API.
        run_id: Tells what this run makes from what others make.
        option: What of the command line names its site, for messages.

    Raises:
        CannotRun: It cannot be reached, its site is not clear, or is no sandbox.
    """

    def __init__(self, target: Target, run_id: str, *, option: str = "--webflow-site") -> None:
        self.target = target
        self._run_id = run_id
        self._sequences = 0
        try:
            self.sandbox = Sandbox(target, run_id)
        except SandboxRefused as error:
            raise CannotRun(" ".join(str(error).replace("--webflow-site", option).split())) from None

    @classmethod
    def connect(cls, target: UrlTarget, run_id: str, *, option: str) -> Peer:
        """A side whose target was asked first whether it is Webflow's API, and whether the token may do all it takes.

        Raises:
            CannotRun: It is not, or may not.
        """
        try:
            check_target(target)
        except CannotRun as error:
            raise CannotRun(str(error).replace("--site", option)) from None
        return cls(target, run_id, option=option)

    @property
    def is_rationed(self) -> bool:
        """Whether calls are to be spared from the beginning. What is on this machine may be free; calls will show."""
        on_this_machine = isinstance(self.target, UrlTarget) and self.target.address.is_loopback
        return self.target.is_rationed and not on_this_machine

    @property
    def locales(self) -> list[str]:
        """The ids of its CMS locales, the primary one first; none on a site without localization."""
        known = self.sandbox.site["locales"] or {}
        return [locale["cmsLocaleId"] for locale in [known.get("primary"), *known.get("secondary", ())] if locale]

    def sweep(self) -> None:
        """Removes what dead runs left.

        Raises:
            CannotRun: It cannot be done.
        """
        try:
            self.sandbox.sweep()
        except (WebflowError, SandboxRefused) as error:
            raise CannotRun(f"{self.target.name}: {' '.join(str(error).split())}") from None

    @contextmanager
    def sequence(self, *, removing: bool = True) -> Iterator[NameTable]:
        """One sequence: names for what it makes, all of which is gone afterwards.

        Args:
            removing: False where whoever asks undoes everything in another way.
        """
        self._sequences += 1
        origin = "{0.scheme}://{0.netloc}".format(urlsplit(self.target.client.base_url))
        names = NameTable(f"{self._run_id}{self._sequences:04x}", _addresses(origin))
        names.bind("site", self.sandbox.site_id)
        names.bind("workspace", str(self.sandbox.site.get("workspaceId")))
        for number, locale in enumerate(self.locales):
            names.bind(f"locale#{number}", locale)
        try:
            yield names
        except KeyboardInterrupt:
            if removing:  # what was asked for last is there perhaps, and its id was never heard of
                with suppress(CannotRun):
                    self.sweep()
            raise
        finally:
            if removing:
                self._remove(names)

    def make_call(self, names: NameTable, call: CallSpec, *, waiting: bool = True) -> NormalizedAnswer:
        """Makes a call, and says what is compared of its answer.

        Args:
            names: Of the sequence.
            call: What to ask.
            waiting: Whether a rate limit is waited out.

        Raises:
            RateLimited: It is not to be waited out.
            CannotRun: No answer came.
        """
        if isinstance(self.target, UrlTarget):
            time.sleep(_BETWEEN_CALLS)
        if call.is_upload and not _has_form(names.answers.get(call.path.strip("{}"))):
            return _NO_FORM
        try:
            response = self._send(names, call)
            if not waiting and _shows_a_limit(call, response):
                raise RateLimited
            while response.status_code == 429:
                self.target.wait(_retry_after(response))
                response = self._send(names, call)
            if call.operation == PUBLISH_OPERATION:
                self.target.settle()
        except (WebflowError, requests.RequestException) as error:
            raise CannotRun(f"{self.target.name}: {' '.join(str(error).split())}") from None
        return names.normalize(call, response)

    def _send(self, names: NameTable, call: CallSpec) -> requests.Response:
        if call.is_upload:
            return self._send_upload(names, call)
        return self.sandbox.client.request(
            call.method,
            names.resolve(call.path),
            query=[(name, names.resolve(value)) for name, value in call.query],
            json=map_texts(call.body, names.resolve),
            check=False,
            retry=False,
        )

    def _send_upload(self, names: NameTable, call: CallSpec) -> requests.Response:
        asset = names.answers[call.path.strip("{}")]
        parts: list[tuple[str, Any]] = [(name, (None, value)) for name, value in asset["uploadDetails"].items()]
        data = names.resolve(call.body).encode()
        parts.append(("file", (asset["originalFileName"], data, asset["contentType"])))
        return self.target.http.post(asset["uploadUrl"], files=parts, allow_redirects=False, timeout=60)

    def _remove(self, names: NameTable) -> None:
        for kind, path in _DELETE_PATHS.items():
            for name in names.answers:
                if name.startswith(f"{kind}#"):
                    with suppress(WebflowError):  # what is left of a broken run, the next one sweeps
                        self.sandbox.client.request("DELETE", path.format(names.id_of(name)), check=False)


def play_alone(peer: Peer, calls: CallSequence) -> list[NormalizedAnswer]:
    """What one side answers to each call of a sequence; whoever asks undoes what is done."""
    with peer.sequence(removing=False) as names:
        return [peer.make_call(names, call) for call in calls]


def play_both(left: Peer, right: Peer, calls: CallSequence, *, rationed: bool = False) -> list[Step]:
    """Makes the calls on both sides in lock-step, up to the first that one side does and the other refuses.

    After that call the two sides hold different things, and whatever comes may differ for that reason. Where calls are
    rationed, rate limits are waited out, and the sequence is played to its end, since there is no other.

    Raises:
        RateLimited: A side limits the rate though calls were thought to be free.
        CannotRun: No answer came.
    """
    steps = []
    with left.sequence() as left_names, right.sequence() as right_names:
        for call in calls:
            one = left.make_call(left_names, call, waiting=rationed)
            other = right.make_call(right_names, call, waiting=rationed)
            steps.append(Step(call, one, other, tuple(find_differences(one, other))))
            if one.is_done != other.is_done and not rationed:
                break
    return steps


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
