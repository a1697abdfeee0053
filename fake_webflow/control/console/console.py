"""From a request for a page to its answer: which page, of which world, and who is shown it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from http import HTTPStatus
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import parse_qs, parse_qsl, unquote

from markupsafe import Markup

from ... import package_data
from ...message import Request, Response
from ...wording import suggest
from ...world.instants import timestamp
from ..access import CONTROL_COOKIE, Access
from ..curl_lines import make_curl_lines
from ..hosted_fakes import HostedFake, HostedFakes
from . import condition_pages, content_pages, request_pages, rule_pages
from .visit import Page, PageError, Values, Visit

if TYPE_CHECKING:
    from jinja2 import Environment

SIGN_IN_PATH = "/_fake/sign-in"
_LARGEST_FORM = 10_000
_FOLDER = "control/console"
_MOST_WORLDS = 12
_ID = "[0-9a-fA-F]{24}"
_STATIC = {"console.css": "text/css", "console.js": "text/javascript", "icon.svg": "image/svg+xml"}
# Pages take styles, scripts and pictures from where they are themselves, and no other page may show them in a frame.
_HEADERS = (
    (
        "Content-Security-Policy",
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    ),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
)


class _Place(NamedTuple):
    """Where a page is.

    Args:
        path: Matches its path, without the part that names the world.
        section: What it belongs to.
        page: What makes it.
        query: Names that its query may have.
    """

    path: re.Pattern[str]
    section: str
    page: Page
    query: tuple[str, ...] = ()


_PLACES = (
    _Place(re.compile("/"), "Requests", request_pages.list_requests, ("show", "operation", "before")),
    _Place(re.compile(r"/requests/(?P<number>[0-9]{1,15})"), "Requests", request_pages.show_request),
    _Place(re.compile("/content"), "Content", content_pages.show_sites),
    _Place(
        re.compile(f"/content/(?P<collection>{_ID})"),
        "Content",
        content_pages.show_items,
        ("locale", "state", "q", "page"),
    ),
    _Place(
        re.compile(f"/content/(?P<collection>{_ID})/(?P<item>{_ID})"), "Content", content_pages.show_item, ("locale",)
    ),
    _Place(re.compile("/assets"), "Content", content_pages.show_assets, ("folder", "q", "page")),
    _Place(re.compile("/webhooks"), "Webhooks", condition_pages.show_webhooks, ("page",)),
    _Place(re.compile("/conditions"), "Conditions", condition_pages.show_conditions),
    _Place(re.compile("/rules"), "Rules", rule_pages.list_rules, ("kind", "family", "q", "page")),
    _Place(re.compile(r"/rules/(?P<clause>[a-z0-9.-]+)"), "Rules", rule_pages.show_rule),
)
_SECTIONS = {"Requests": "/", "Content": "/content", "Webhooks": "/webhooks", "Conditions": "/conditions",
             "Rules": "/rules"}  # fmt: skip
_ANY = re.compile(
    r"(?:/~(?P<world>[^/]+))?(?P<path>/(?:(?:requests|content|assets|webhooks|conditions|rules)(?:/.*)?)?)"
)


class Console:
    """The pages of a server.

    Args:
        hosted_fakes: The worlds they show.
        access: Who is let in.
        version: Of this package.
        is_on: Whether there is more than a start page.
    """

    def __init__(self, hosted_fakes: HostedFakes, access: Access, *, version: str, is_on: bool = True) -> None:
        self._hosted_fakes = hosted_fakes
        self._access = access
        self._version = version
        self._is_on = is_on

    def answer(self, request: Request, peer: str) -> Response | None:
        """The page that a request is for; None where it is for no page.

        Args:
            request: Any.
            peer: Address of the machine it came from.
        """
        default = self._hosted_fakes.default
        if default is None or request.method not in ("GET", "HEAD") or request.path.startswith("/v2/"):
            return None
        if request.path.startswith("/console/"):
            return _answer_static(request.path.removeprefix("/console/"))
        found = _ANY.fullmatch(request.path)
        if found is None or (not self._is_on and request.path != "/"):
            return None
        if self._access.asks_for_token and not self._access.has_control_token(request):
            return self._show_sign_in("Enter the token that this fake was started with (--control-token).")
        reason = self._why_start_page(request, peer)
        if reason:
            return self._show_start_page(default, request, peer, reason) if request.path == "/" else None
        return self._show_page(default, request, found["world"] or "", found["path"])

    def sign_in(self, request: Request) -> Response:
        """Takes the control token from the form, and gives a cookie for it."""
        if request.method != "POST":
            return self._show_sign_in("Enter the token that this fake was started with (--control-token).")
        form = parse_qs(request.stream.read(_LARGEST_FORM).decode("utf-8", "replace"))
        if not self._access.is_right_token(form.get("token", [""])[0]):
            return self._show_sign_in("That is not the token that this fake was started with.", HTTPStatus.UNAUTHORIZED)
        cookie = f"{CONTROL_COOKIE}={self._access.cookie}; Path=/; HttpOnly; SameSite=Strict"
        return Response(
            HTTPStatus.SEE_OTHER, [("Location", "/"), ("Set-Cookie", cookie), ("Cache-Control", "no-store")]
        )

    def _why_start_page(self, request: Request, peer: str) -> str:
        if not self._is_on:
            return "The console is off: this server runs with --no-control."
        why = self._access.why_console_refused(request, peer)
        return f"The console is not shown here: {why}." if why else ""

    def _show_sign_in(self, message: str, status: int = 200) -> Response:
        return _render("sign_in.html", {"message": message, "action": SIGN_IN_PATH}, status)

    def _show_start_page(self, default: HostedFake, request: Request, peer: str, reason: str) -> Response:
        is_shown_token = self._access.is_this_machine(request, peer)
        token = default.token if is_shown_token else "shown on this machine alone"
        base_url = f"{request.origin}/v2"
        world = default.fake.state.world
        values = {
            "reason": reason,
            "base_url": base_url,
            "token": token,
            "version": self._version,
            "rate_limit": default.fake.state.rate.limit,
            "curl_lines": make_curl_lines(world, base_url, token),
        }
        return _render("start.html", values)

    def _show_page(self, default: HostedFake, request: Request, world: str, path: str) -> Response:
        # Servers hand paths on decoded; a name that a browser encoded twice is no fork's.
        hosted = self._hosted_fakes.find_by_id(world) if world else default
        if hosted is None:
            there_are = suggest(world, self._hosted_fakes.ids())
            visit = self._make_visit(default, request, "/", {}, {})
            return self._show_error(
                visit, PageError(404, f"there is no fork {world!r}: it was dropped, or never made; {there_are}")
            )
        visit = self._make_visit(hosted, request, path, {}, {})
        try:
            place, parameters = _find_place(path)
            query = _read_query(request.query, place.query)
            visit = self._make_visit(hosted, request, path, parameters, query)
            template, values = place.page(visit)
        except PageError as error:
            return self._show_error(visit, error)
        return _render(template, {**self._frame(visit, place.section), **values})

    def _show_error(self, visit: Visit, error: PageError) -> Response:
        return _render("error.html", {**self._frame(visit, ""), "message": str(error)}, error.status)

    def _make_visit(
        self, hosted: HostedFake, request: Request, path: str, parameters: Mapping[str, str], query: Mapping[str, str]
    ) -> Visit:
        return Visit(self._hosted_fakes, hosted, request.origin, path, parameters, query, self._access.asks_for_token)

    def _frame(self, visit: Visit, section: str) -> Values:
        """What the frame around each page shows."""
        ids = self._hosted_fakes.ids()
        return {
            "visit": visit,
            "section": section,
            "sections": _SECTIONS,
            "section_path": _SECTIONS.get(section, "/"),
            "worlds": list(islice(reversed(ids), _MOST_WORLDS)),
            "world_count": len(ids),
            "version": self._version,
        }


def _find_place(path: str) -> tuple[_Place, Mapping[str, str]]:
    for place in _PLACES:
        if found := place.path.fullmatch(path):
            return place, {name: unquote(value) for name, value in found.groupdict().items()}
    raise PageError(404, f"no page is at {path}; the console has {', '.join(_SECTIONS.values())}")


def _read_query(query: str, known: tuple[str, ...]) -> dict[str, str]:
    values = {}
    for name, value in parse_qsl(query):
        if name not in known:
            raise PageError(400, f"no parameter of this page is named {name!r}; {suggest(name, known)}")
        values[name] = value
    return values


def _answer_static(name: str) -> Response | None:
    if name not in _STATIC:
        return None
    headers = [("Content-Type", f"{_STATIC[name]}; charset=utf-8"), ("Cache-Control", "no-cache"), *_HEADERS]
    return Response(200, headers, package_data.read(f"{_FOLDER}/static/{name}"))


def _render(template: str, values: Values, status: int = 200) -> Response:
    html = _load_environment().get_template(template).render(values)
    headers = [("Content-Type", "text/html; charset=utf-8"), ("Cache-Control", "no-store"), *_HEADERS]
    return Response(status, headers, html.encode("utf-8", "replace"))


@cache
def _load_environment() -> Environment:
    from jinja2 import Environment, FunctionLoader, StrictUndefined  # a server that nobody looks into starts sooner

    def load(name: str) -> str:
        return package_data.read(f"{_FOLDER}/templates/{name}").decode()

    environment = Environment(
        loader=FunctionLoader(load), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["number"] = lambda value: f"{value:,}"
    environment.filters["breakable"] = _make_breakable
    environment.filters["clock"] = lambda value: value[11:23]
    environment.filters["instant"] = lambda value: "never" if value is None else timestamp(value)
    environment.filters["tone"] = _tell_tone
    return environment


def _make_breakable(path: str) -> Markup:
    """A path that a line may end in before each slash."""
    return Markup("<wbr>/").join(path.split("/"))


def _tell_tone(status: int) -> str:
    """The colour of a status."""
    return {2: "good", 3: "good", 4: "warn"}.get(status // 100, "bad")
