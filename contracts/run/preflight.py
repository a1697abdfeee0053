"""What is asked before a run: whether the target answers as Webflow's API does, and whether the token may do it all."""

from __future__ import annotations

from typing import Any

from fake_webflow.client import (
    ConnectionFailed,
    Forbidden,
    NotAuthorized,
    NotFound,
    ServerError,
    TooManyRequests,
    UnexpectedAnswer,
    WebflowClient,
    WebflowError,
)

from ..kit.clauses import NotCheckable
from ..kit.sandbox import ABSENT_ID
from ..kit.sites import SandboxRefused, choose_site, list_sites
from ..kit.targets import UrlTarget

_TIMEOUT = 10.0  # seconds
_LONGEST_ANSWER = 200
# None of these changes anything: there is nothing under the id, and a missing scope is told before that is.
_PROBES = (
    ("GET", f"/collections/{ABSENT_ID}", "cms:read"),
    ("GET", f"/assets/{ABSENT_ID}", "assets:read"),
    ("DELETE", f"/webhooks/{ABSENT_ID}", "sites:write"),
    ("PATCH", f"/collections/{ABSENT_ID}/items/{ABSENT_ID}", "cms:write"),
    ("PATCH", f"/assets/{ABSENT_ID}", "assets:write"),
)
NEEDED_SCOPES = ("sites:read", *(scope for *_, scope in _PROBES))
"""What a token needs for a whole run. With ``authorized_user:read`` one more clause can be checked."""


class CannotRun(Exception):
    """Why there can be no run, in one line."""


def check_target(target: UrlTarget) -> None:
    """Checks that a run can start. Nothing is written.

    Raises:
        CannotRun: There cannot.
    """
    try:
        choose_site(target, _list_usable_sites(target))
    except SandboxRefused as error:
        raise CannotRun(str(error)) from error
    except NotCheckable as error:
        raise CannotRun(f"{target.name}: {error}") from error


def _list_usable_sites(target: UrlTarget) -> list[dict[str, Any]]:
    """The sites the token sees, once it is known that the token may do all that a run does.

    Raises:
        CannotRun: It may not, or the answers are not Webflow's.
    """
    timeout = min(_TIMEOUT, target.timeout)
    client = target.new_client(target.http, retries=1, timeout=(timeout, timeout))
    sites, missing_scopes = _list_sites(target, client, timeout)
    for method, path, scope in _PROBES:
        try:
            client.request(method, path, json={} if method == "PATCH" else None)
        except Forbidden as error:
            missing_scopes += [name for name in error.missing_scopes or (scope,) if name not in missing_scopes]
        except WebflowError as error:
            if _is_fatal(error):
                raise CannotRun(f"{target.name} {_describe_failure(error, timeout)}") from error
    if missing_scopes:
        raise CannotRun(f"the token lacks {', '.join(missing_scopes)}; a run needs {', '.join(NEEDED_SCOPES)}")
    return sites


def _list_sites(target: UrlTarget, client: WebflowClient, timeout: float) -> tuple[list[dict[str, Any]], list[str]]:
    """The sites the token sees, and the scopes it lacks to see them.

    Raises:
        CannotRun: There is no such answer.
    """
    try:
        return list_sites(target, client), []
    except Forbidden as error:
        return [], [*(error.missing_scopes or ("sites:read",))]
    except WebflowError as error:
        raise CannotRun(f"{target.name} {_describe_failure(error, timeout)}") from error


def _is_fatal(error: WebflowError) -> bool:
    """Whether nothing can be asked. An answer that is only unlike Webflow's is for the tests to judge."""
    return isinstance(error, (ConnectionFailed, NotAuthorized, TooManyRequests))


def _describe_failure(error: WebflowError, timeout: float) -> str:
    """What the target does instead of answering, in a few words."""
    match error:
        case ConnectionFailed() if "Timeout" in error.message or "timed out" in error.message:
            return f"does not answer within {timeout:g} seconds"
        case ConnectionFailed() if "aborted" in error.message or "reset" in error.message:
            return "breaks connections off before it answers"
        case ConnectionFailed():
            return f"cannot be reached ({error.message.partition(':')[0]})"
        case NotAuthorized():
            return "does not know the token (401)"
        case ServerError():
            return f"answers {error.status} to everything it is asked"
        case TooManyRequests():
            return f"refuses by its rate limit, and asks to wait {error.headers.get('retry-after')} seconds (429)"
        case NotFound():
            return "has no Data API v2 (404 to GET /sites); a base URL ends with /v2"
        case UnexpectedAnswer():
            return f"does not answer as Webflow's API does: {to_one_line(error.message, _LONGEST_ANSWER)}"
    return f"answers {to_one_line(error, _LONGEST_ANSWER)}"


def to_one_line(value: object, longest: int | None = None) -> str:
    """A text, or what an error says, in one line of so many characters at most."""
    return " ".join(str(value).split())[:longest]
