"""Targets: what the suite runs against, and what can be done with it beside sending requests."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter

from fake_webflow.client import WebflowClient
from fake_webflow.message import is_loopback
from fake_webflow.rules import Profile

from .pacing import Pacer
from .recorder import Recorder

ADVANCE_TIME = "advance-time"
"""Move the target's clock."""
LIMIT_RATE = "limit-rate"
"""Set how many requests a token has in a minute."""
SCRIPT_FAULTS = "script-faults"
"""Have coming calls refused with 429."""
SCRIPT_IMPORTS = "script-imports"
"""Say which outside addresses cannot be imported."""
OTHER_TOKENS = "other-tokens"
"""Make tokens of other kinds, with fewer scopes or for other sites."""
MORE_SITES = "more-sites"
"""Make sites, published or not."""
FIELD_RULES = "field-rules"
"""Give fields the rules that Webflow lets people set in its Designer only."""
OTHER_PROFILE = "other-profile"
"""Make the open choices otherwise."""
DISPOSABLE_SITE = "disposable-site"
"""Leave things in the site that nothing can remove."""
# Seconds. Webflow is done with a site publish within seconds after its answer.
_PUBLISH_SECONDS = 15
UNLIMITED_RATE = "unlimited-rate"
"""Any number of calls."""
CAPABILITY_TEXTS: Mapping[str, str] = {
    ADVANCE_TIME: "move its clock",
    LIMIT_RATE: "set its rate limit",
    SCRIPT_FAULTS: "have calls refused with 429",
    SCRIPT_IMPORTS: "say which addresses can be imported",
    OTHER_TOKENS: "make tokens",
    MORE_SITES: "make sites",
    FIELD_RULES: "give fields the rules of the Designer",
    OTHER_PROFILE: "change its open choices",
    DISPOSABLE_SITE: "leave things in the site",
    UNLIMITED_RATE: "send any number of calls",
}
"""The capabilities for people, after "cannot"."""


class Target:
    """An API under contract: a client for it, and nothing that not every API can do.

    Args:
        name: For people.
        client: Sends with the target's token.
        http: The same way out without the token, for uploads and files.
        profile: How the target is expected to make the open choices.
        site_id: The site to work in, where it was named.
        rationed: Whether calls are to be spared, where no pace says so.
        is_sandbox: Whether the target as a whole may be played with: a fake, or anything on this machine.
        pacer: What paces and counts the requests, where they may be rationed.
    """

    capabilities: frozenset[str] = frozenset()
    checks_everything = False
    """Whether a clause that cannot be checked here is a failure."""
    shrinks = True
    """Whether anybody is to read what fails, so that it is made small first."""
    explains = True
    """Whether anybody is to read what fails, so that causes are told from what follows from them."""
    shows_evidence = False
    """Whether a report is written, with the exchanges and the scripts that show what differs."""

    def __init__(
        self,
        name: str,
        client: WebflowClient,
        http: requests.Session,
        *,
        profile: Profile | None = None,
        site_id: str | None = None,
        rationed: bool = False,
        is_sandbox: bool = False,
        pacer: Pacer | None = None,
    ) -> None:
        self.name = name
        self.client = client
        self.http = http
        self.profile = profile or Profile()
        self.site_id = site_id
        self.is_sandbox = is_sandbox
        self.pacer = pacer
        self._rationed = rationed
        self.recorder = Recorder(http)

    @property
    def is_rationed(self) -> bool:
        """Whether calls are to be spared."""
        return self._rationed if self.pacer is None else self.pacer.is_rationed

    def wait(self, seconds: float) -> None:
        """Lets time pass on the target."""
        time.sleep(seconds)

    def settle(self) -> None:
        """Waits until what a site publish began is done."""
        if self.is_rationed:
            self.wait(_PUBLISH_SECONDS)

    def close(self) -> None:
        """Closes the connections."""
        self.http.close()


@dataclass(frozen=True, slots=True)
class Address:
    """Where an API is and who may use it. The token is in no repr.

    Args:
        url: Base URL, version included.
        token: Bearer token.
        site_id: The site to work in; by default the only one, or the one named a sandbox.
        sandbox: Whether the site is declared to be one.
    """

    url: str
    token: str
    site_id: str | None = None
    sandbox: bool = False

    def __repr__(self) -> str:
        return f"Address(url={self.url!r}, site_id={self.site_id!r}, sandbox={self.sandbox!r})"

    @property
    def is_loopback(self) -> bool:
        """Whether the API is on this machine, and not at a name that a resolver could lead to another."""
        host = urlsplit(self.url).hostname or ""
        return is_loopback(host) and not host.endswith(".localhost")


class UrlTarget(Target):
    """Any API that is reached over the network, a served fake or Webflow's own.

    Args:
        address: Where it is.
        profile: How it is expected to make the open choices.
        budget: Most requests to send; None for as many as are usual where a limit is shown.
        timeout: Seconds to wait for an answer.
    """

    shows_evidence = True

    def __init__(
        self, address: Address, profile: Profile | None = None, *, budget: int | None = None, timeout: float = 60
    ) -> None:
        self.address = address
        self.timeout = timeout
        http = requests.Session()
        pacer = Pacer(address.url, address.token, budget=budget, may_be_free=address.is_loopback)
        for scheme in ("https://", "http://"):
            http.mount(scheme, pacer.wrap(HTTPAdapter()))
        super().__init__(
            address.url,
            self.new_client(http),
            http,
            profile=profile,
            site_id=address.site_id,
            is_sandbox=address.sandbox or address.is_loopback,
            pacer=pacer,
        )

    @property
    def capabilities(self) -> frozenset[str]:  # type: ignore[override]
        """What can be done with it: nothing but calls, and any number of them unless they are rationed."""
        return frozenset() if self.is_rationed else frozenset([UNLIMITED_RATE])

    def settle(self) -> None:
        """Waits until what a site publish began is done; what is on this machine is done with its answer."""
        if not self.address.is_loopback:
            super().settle()

    def new_client(self, http: requests.Session, **options: Any) -> WebflowClient:
        """A client for it."""
        connecting = min(10.0, self.timeout)
        options = {"timeout": (connecting, self.timeout), **options}
        return WebflowClient(self.address.token, base_url=self.address.url, session=http, **options)
