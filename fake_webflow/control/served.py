"""What a served fake answers, and to whom: the control interface, its pages, uploads and files, and the API."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from html import escape
from http import HTTPStatus
from types import MappingProxyType
from urllib.parse import parse_qs

from ..message import Request, Response
from .access import CONTROL_COOKIE, Access
from .hosted_fakes import HostedFakes
from .interface import ControlInterface, render_control_error
from .request import ControlError

Page = Callable[[Request, bool], str]
"""From a request, and whether it may be shown the token of the API, to the HTML to show."""

SIGN_IN_PATH = "/_fake/sign-in"
_LARGEST_FORM = 10_000
# Pages need nothing from anywhere, and no other page may show them in a frame of its own.
_PAGE_HEADERS = [
    (
        "Content-Security-Policy",
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'",
    ),
    ("Content-Type", "text/html; charset=utf-8"),
    ("X-Content-Type-Options", "nosniff"),
]
# Who uploads a page must not have it run on the origin of the control interface.
_FILE_HEADERS = [("Content-Security-Policy", "sandbox"), ("X-Content-Type-Options", "nosniff")]
_ASKED_BY_BROWSERS = frozenset({"/favicon.ico", "/.well-known/appspecific/com.chrome.devtools.json"})
"""What browsers and their tools ask for by themselves, whatever page they are shown: no call of the program's."""
_FILE_PATH = re.compile(r"(?:/~[^/]*)?/(?:s3|cdn)(?:/|$)")
_SIGN_IN_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>fake-webflow: sign in</title>
<h1>fake-webflow</h1>
<p>{message}</p>
<form method="post" action="{action}">
<label>Control token <input type="password" name="token" autofocus required></label>
<button>Sign in</button>
</form>
"""


class ServedFakes:
    """The fakes of one server, with what stands around them.

    Args:
        hosted_fakes: Who answers.
        access: Who is let in.
        control: The control interface.
        pages: What people are shown, by path.
    """

    def __init__(
        self,
        hosted_fakes: HostedFakes,
        access: Access,
        *,
        control: ControlInterface,
        pages: Mapping[str, Page] = MappingProxyType({}),
    ) -> None:
        self._hosted_fakes = hosted_fakes
        self._access = access
        self._control = control
        self._pages = pages

    def answer(self, request: Request, peer: str) -> Response:
        """The answer to any request.

        Args:
            request: Any.
            peer: Address of the machine it came from.

        Raises:
            NetworkFault: A scripted fault, in place of an answer.
        """
        if request.path == SIGN_IN_PATH and self._access.asks_for_token:
            return self._sign_in(request)
        if request.path == "/_fake" or request.path.startswith("/_fake/"):
            return self._control.answer(request, peer)
        reason = self._access.why_host_refused(request)
        if reason:
            return render_control_error(ControlError(403, "host_not_allowed", reason))
        if request.path in self._pages and request.method in ("GET", "HEAD"):
            return self._answer_page(request, peer)
        if request.path in _ASKED_BY_BROWSERS:
            return Response(HTTPStatus.NOT_FOUND, [])
        response = self._hosted_fakes.answer(request)
        if _FILE_PATH.match(request.path):
            return response._replace(headers=[*response.headers, *_FILE_HEADERS])
        return response

    def _answer_page(self, request: Request, peer: str) -> Response:
        if self._access.asks_for_token and not self._access.has_control_token(request):
            return _render_page(_render_sign_in("Enter the token that this fake was started with (--control-token)."))
        is_shown_token = self._access.asks_for_token or self._access.is_this_machine(request, peer)
        return _render_page(self._pages[request.path](request, is_shown_token))

    def _sign_in(self, request: Request) -> Response:
        if request.method != "POST":
            return _render_page(_render_sign_in("Enter the token that this fake was started with (--control-token)."))
        form = parse_qs(request.stream.read(_LARGEST_FORM).decode("utf-8", "replace"))
        if not self._access.is_right_token(form.get("token", [""])[0]):
            page = _render_sign_in("That is not the token that this fake was started with.")
            return _render_page(page, HTTPStatus.UNAUTHORIZED)
        cookie = f"{CONTROL_COOKIE}={self._access.cookie}; Path=/; HttpOnly; SameSite=Strict"
        return Response(
            HTTPStatus.SEE_OTHER, [("Location", "/"), ("Set-Cookie", cookie), ("Cache-Control", "no-store")]
        )


def _render_sign_in(message: str) -> str:
    return _SIGN_IN_PAGE.format(message=escape(message), action=SIGN_IN_PATH)


def _render_page(html: str, status: int = 200) -> Response:
    return Response(status, [*_PAGE_HEADERS], html.encode())
