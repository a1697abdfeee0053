"""Who may use a served fake: programs, and no page of another site in a browser on this machine.

A browser sends whatever any page tells it to, also to this machine. A page whose own host name was rebound to 127.0.0.1
sends that name as ``Host``, so a fake on loopback answers to its own names alone, at every path. The control interface
asks for more: without a token it answers programs on this machine, with one whoever sends it.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from http.cookies import CookieError, SimpleCookie
from secrets import token_bytes

from ..message import Request, is_loopback
from ..world.addresses import WEBFLOW_ORIGINS
from .request import ControlError

CONTROL_HEADER = "X-Fake-Webflow-Control"
CONTROL_COOKIE = "fake_webflow_control"
_WITH_BODY = ("PATCH", "POST", "PUT")
_WEBFLOW_HOSTS = frozenset(origin.removeprefix("https://") for origin in WEBFLOW_ORIGINS)


class Access:
    """Who is let in.

    Args:
        bound_host: The host that the server was told to listen on, by name or address.
        control_token: What calls to the control interface have to carry; empty for none.
        allowed_hosts: Names beside its own that requests may be for.
    """

    def __init__(
        self, bound_host: str = "127.0.0.1", *, control_token: str = "", allowed_hosts: Iterable[str] = ()
    ) -> None:
        self.is_local = is_loopback(bound_host.lower())
        """Whether only this machine can reach the server at all."""
        self._token = control_token.encode()
        self._allowed = _WEBFLOW_HOSTS.union(map(str.lower, allowed_hosts))
        # Not the token itself: who reads a browser's cookies learns nothing that opens another process.
        self.cookie = hmac.new(token_bytes(32), self._token, "sha256").hexdigest() if control_token else ""

    def why_host_refused(self, request: Request) -> str:
        """Why a request is refused for the ``Host`` it names; empty if it is not.

        A fake that listens to other machines is reached by names that nobody here can know: there any name will do.
        """
        host = read_host_name(request.headers.get("host", ""))
        if not self.is_local or not host or is_loopback(host) or host in self._allowed:
            return ""
        return (
            f"the request is for the host {host!r}, which is not a name of this machine. Call 127.0.0.1 or localhost, "
            f"or start the fake with --allow-host {host}"
        )

    def check_control(self, request: Request, peer: str) -> None:
        """Refuses a request to the control interface.

        Args:
            request: To a path below ``/_fake``.
            peer: Address of the machine it came from.

        Raises:
            ControlError: 401 without the token that is asked for, 403 otherwise.
        """
        if self._token:
            if not self.has_control_token(request):
                raise ControlError(
                    401,
                    "no_control_token",
                    f"the control interface asks for a token: send the header '{CONTROL_HEADER}: <the token that the "
                    "fake was started with>' (--control-token)",
                )
            return
        reason = self._why_not_this_machine(request, peer) or _why_page_refused(request)
        if reason:
            raise ControlError(403, "not_allowed", reason)

    def has_control_token(self, request: Request) -> bool:
        """Whether the request carries the control token, in the header or as far as that counts in the cookie."""
        sent = request.headers.get(CONTROL_HEADER.lower(), "")
        if self._token and hmac.compare_digest(sent.encode("utf-8", "replace"), self._token):
            return True
        if not self._token or not hmac.compare_digest(
            _read_cookie(request).encode("utf-8", "replace"), self.cookie.encode()
        ):
            return False
        if request.method in ("GET", "HEAD"):
            return request.headers.get("sec-fetch-site", "none") not in ("cross-site", "same-site")
        is_own_page = request.headers.get("origin", "").lower() == request.origin.lower()
        return is_own_page and request.media_type == "application/json"

    def is_right_token(self, token: str) -> bool:
        """Whether that is the control token."""
        return bool(self._token) and hmac.compare_digest(token.encode("utf-8", "replace"), self._token)

    @property
    def asks_for_token(self) -> bool:
        """Whether a control token was set."""
        return bool(self._token)

    def why_console_refused(self, request: Request, peer: str) -> str:
        """Why somebody who came without a token is not shown the console; empty where they are, or a token was set.

        A link on a page of anybody's may lead to it: what it shows, that page cannot read.
        """
        return "" if self._token else self._why_not_this_machine(request, peer)

    def is_this_machine(self, request: Request, peer: str) -> bool:
        """Whether the request comes from this machine and names it, so that it may be shown the API's token."""
        return is_loopback(peer) and is_loopback(read_host_name(request.headers.get("host", "")))

    def _why_not_this_machine(self, request: Request, peer: str) -> str:
        cure = "start the fake with --control-token TOKEN to let others in"
        if not self.is_local:
            return f"the fake listens to other machines, so its control interface is off; {cure}"
        if not is_loopback(peer):
            came_from = peer or "nowhere"
            return f"the control interface answers this machine alone, and the request comes from {came_from}; {cure}"
        host = read_host_name(request.headers.get("host", ""))
        if not is_loopback(host):
            return (
                f"the request is for the host {host!r}, which is not a name of this machine; "
                f"ask 127.0.0.1 or localhost, or {cure}"
            )
        return ""


def read_host_name(host: str) -> str:
    """The name or address in a ``Host`` header, in lower case and without port and brackets."""
    name, colon, port = host.lower().rpartition(":")
    return (name if colon and (port.isdecimal() or not port) else host.lower()).strip("[]").rstrip(".")


def _why_page_refused(request: Request) -> str:
    """Why a request is refused that a page of another site may have sent; empty if it is not."""
    origin = request.headers.get("origin")
    if origin is not None and origin.lower() != request.origin.lower():
        return f"the request was sent by a page of {origin}; only programs and pages of {request.origin} may"
    site = request.headers.get("sec-fetch-site", "none")
    if site not in ("none", "same-origin"):
        return f"the request was sent by a page of another origin (Sec-Fetch-Site: {site}); only programs may"
    if request.method in _WITH_BODY and request.media_type != "application/json":
        return f"a {request.method} here has the header 'Content-Type: application/json', without a body as well"
    return ""


def _read_cookie(request: Request) -> str:
    try:
        found = SimpleCookie(request.headers.get("cookie", "")).get(CONTROL_COOKIE)
    except CookieError:
        return ""
    return found.value if found is not None else ""
