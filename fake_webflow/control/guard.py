"""Who may use the control interface: programs on this machine, and no page of another site in a browser on it.

A browser sends whatever any page tells it to, also to this machine. So three things are asked of every request: that
it comes from here, that it names this machine (a page whose own host name was rebound to 127.0.0.1 names that one), and
that no page of another origin sent it. Writes must be JSON besides, which no form can send.
"""

from __future__ import annotations

from ..message import Request, is_loopback

_WITH_BODY = ("PATCH", "POST", "PUT")


def why_refused(request: Request, peer: str, bound_host: str = "") -> str:
    """Why the request is refused; empty if it is not.

    Args:
        request: To the control interface.
        peer: Address of the machine it came from.
        bound_host: The host that the server was told to listen on, by name or address.
    """
    if not is_loopback(peer):
        return f"the control interface answers this machine alone, and the request comes from {peer or 'nowhere'}"
    host = _parse_host_name(request.headers.get("host", ""))
    bound = bound_host.lower().strip("[]")
    is_bound = host == bound and host not in ("", "0.0.0.0", "::")  # noqa: S104 - names of no machine, not of this one
    if not is_bound and not is_loopback(host):
        return f"the request is for the host {host!r}, which is no name of this machine; ask 127.0.0.1 or localhost"
    origin = request.headers.get("origin")
    if origin is not None and origin.lower() != request.origin.lower():
        return f"the request was sent by a page of {origin}; only programs and pages of {request.origin} may"
    site = request.headers.get("sec-fetch-site", "none")
    if site not in ("none", "same-origin"):
        return f"the request was sent by a page of another origin (Sec-Fetch-Site: {site}); only programs may"
    if request.method in _WITH_BODY and request.media_type != "application/json":
        return f"a {request.method} here has the header 'Content-Type: application/json', without a body as well"
    return ""


def _parse_host_name(host: str) -> str:
    """The name or address in a ``Host`` header, in lower case and without port and brackets."""
    name, colon, port = host.lower().rpartition(":")
    return (name if colon and (port.isdecimal() or not port) else host.lower()).strip("[]").rstrip(".")
