"""One visit of a page: which world it shows, what its address asks for, and what the page answers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from ...fake import Fake
from ...wording import parse_whole_number, suggest
from ...world.world import World
from ..document import CONTROL_PREFIX
from ..hosted_fakes import HostedFake, HostedFakes

Values = Mapping[str, Any]


class PageError(Exception):
    """Why a page cannot be shown.

    Args:
        status: Of the answer.
        message: What is wrong, and what would be right.
    """

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True, slots=True)
class ListPage:
    """A part of a long list.

    Args:
        number: From 1.
        count: How many pages there are, at least 1.
        total: How many there are in the whole list.
        start: The place of the first in the whole list, from 0.
        stop: The place after the last.
    """

    number: int
    count: int
    total: int
    start: int
    stop: int


@dataclass(frozen=True, slots=True)
class Visit:
    """What a page is made from.

    Args:
        hosted_fakes: All worlds.
        hosted: The one that is shown.
        origin: Scheme and host as the browser knows them.
        path: Of the page, without the part that names the world.
        parameters: What stood in it, by name.
        query: By name; empty values are left out.
        asks_for_token: Whether calls to the control interface have to carry a token.
    """

    hosted_fakes: HostedFakes
    hosted: HostedFake
    origin: str
    path: str
    parameters: Mapping[str, str]
    query: Mapping[str, str]
    asks_for_token: bool

    @property
    def fake(self) -> Fake:
        """The fake that is shown."""
        return self.hosted.fake

    @property
    def world(self) -> World:
        """What it holds now."""
        return self.hosted.fake.state.world

    @property
    def base(self) -> str:
        """What paths of the shown world begin with; empty for the main one."""
        return f"/~{quote(self.hosted.id)}" if self.hosted.id else ""

    @property
    def base_url(self) -> str:
        """Base URL of the API of the shown world, version included."""
        return f"{self.origin}{self.base}/v2"

    @property
    def control_path(self) -> str:
        """Where the control interface of the shown world is."""
        return f"{CONTROL_PREFIX}/forks/{quote(self.hosted.id)}" if self.hosted.id else CONTROL_PREFIX

    def link(self, path: str, **query: object) -> str:
        """The address of a page of the shown world; values of the query that are empty are left out."""
        given = {name: value for name, value in query.items() if value not in (None, "")}
        return f"{self.base}{path}{'?' if given else ''}{urlencode(given)}"

    def link_here(self, **query: object) -> str:
        """The address of this page with some values of its query changed."""
        return self.link(self.path, **{**self.query, **query})

    def read_choice(self, name: str, options: Iterable[str]) -> str:
        """A value of the query that is one of some, the first one where nothing is said.

        Raises:
            PageError: It is another.
        """
        known = list(options)
        given = self.query.get(name, known[0])
        if given not in known:
            raise PageError(400, f"{name}: {given!r} is none of them; {suggest(given, known)}")
        return given

    def read_number(self, name: str, default: int) -> int:
        """A whole number of the query, from 1 on.

        Raises:
            PageError: It is none.
        """
        number = parse_whole_number(self.query[name]) if name in self.query else default
        if number is None or (name in self.query and number < 1):
            raise PageError(400, f"{name}: a whole number, 1 or more; not {self.query[name]!r}")
        return number

    def find_page(self, total: int, size: int) -> ListPage:
        """Which part of a list is shown; the last one where the query asks for one beyond."""
        count = max(-(-total // size), 1)
        number = min(self.read_number("page", 1), count)
        return ListPage(number, count, total, (number - 1) * size, min(number * size, total))

    def to_public(self, text: bytes) -> bytes:
        """A text of the fake's with the addresses that the shown world has for others."""
        return self.hosted.make_address_rewriter(self.origin).to_public(text, self.world)


Page = Callable[[Visit], tuple[str, Values]]
"""From a visit to the name of a template and its values.

Raises:
    PageError: What it is to show is not there, or asked for wrongly.
"""
