"""What a served fake answers, and to whom: the control interface, its pages, uploads and files, and the API."""

from __future__ import annotations

import re
from http import HTTPStatus

from ..message import Request, Response
from .access import Access
from .console.console import SIGN_IN_PATH, Console
from .hosted_fakes import HostedFakes
from .interface import ControlInterface, render_control_error
from .request import ControlError

# Who uploads a page must not have it run on the origin of the control interface.
_FILE_HEADERS = [("Content-Security-Policy", "sandbox"), ("X-Content-Type-Options", "nosniff")]
_ASKED_BY_BROWSERS = frozenset({"/favicon.ico", "/.well-known/appspecific/com.chrome.devtools.json"})
"""What browsers and their tools ask for by themselves, whatever page they are shown: no call of the program's."""
_FILE_PATH = re.compile(r"(?:/~[^/]*)?/(?:s3|cdn)(?:/|$)")


class ServedFakes:
    """The fakes of one server, with what stands around them.

    Args:
        hosted_fakes: Who answers.
        access: Who is let in.
        control: The control interface.
        console: What people are shown; None for nothing.
    """

    def __init__(
        self,
        hosted_fakes: HostedFakes,
        access: Access,
        *,
        control: ControlInterface,
        console: Console | None = None,
    ) -> None:
        self._hosted_fakes = hosted_fakes
        self._access = access
        self._control = control
        self._console = console

    def answer(self, request: Request, peer: str) -> Response:
        """The answer to any request.

        Args:
            request: Any.
            peer: Address of the machine it came from.

        Raises:
            NetworkFault: A scripted fault, in place of an answer.
        """
        if request.path == SIGN_IN_PATH and self._access.asks_for_token and self._console is not None:
            return self._console.sign_in(request)
        if request.path == "/_fake" or request.path.startswith("/_fake/"):
            return self._control.answer(request, peer)
        reason = self._access.why_host_refused(request)
        if reason:
            return render_control_error(ControlError(403, "host_not_allowed", reason))
        page = self._console.answer(request, peer) if self._console is not None else None
        if page is not None:
            return page
        if request.path in _ASKED_BY_BROWSERS:
            return Response(HTTPStatus.NOT_FOUND, [])
        response = self._hosted_fakes.answer(request)
        if _FILE_PATH.match(request.path):
            return response._replace(headers=[*response.headers, *_FILE_HEADERS])
        return response
