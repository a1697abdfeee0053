"""A request to the control interface as its operations get it, and how they refuse one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from ..fake import Fake
from ..wording import suggest
from .hosted_fakes import HostedFake, HostedFakes, Snapshot


class ControlError(Exception):
    """Why a request cannot be done.

    Args:
        status: Of the answer.
        code: For programs.
        message: For people: what is wrong, and what would be right.
        headers: Of the answer, besides the usual ones.
    """

    def __init__(self, status: int, code: str, message: str, headers: Mapping[str, str] = MappingProxyType({})) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.headers = headers


class ControlRequest(NamedTuple):
    """A request whose body and query are as the document says.

    Args:
        hosted_fakes: All fakes there are.
        hosted: The one that is meant; None where the server has no default one and none was named.
        parameters: What stands in the path, by name, percent-decoded.
        query: By name.
        body: The parsed body; empty where there is none.
        origin: Scheme and host as the client knows them.
    """

    hosted_fakes: HostedFakes
    hosted: HostedFake | None
    parameters: Mapping[str, str]
    query: Mapping[str, str]
    body: Mapping[str, Any]
    origin: str

    @property
    def target(self) -> HostedFake:
        """The fake that is meant.

        Raises:
            ControlError: None is.
        """
        if self.hosted is None:
            raise ControlError(
                400,
                "no_fake_named",
                "say which fake is meant: 'Authorization: Bearer <its token>', or /_fake/forks/<its id>/...",
            )
        return self.hosted

    @property
    def fake(self) -> Fake:
        """The fake that is meant, itself.

        Raises:
            ControlError: None is.
        """
        return self.target.fake

    def check_room(self, limit: str, there_are: int, cure: str) -> None:
        """Checks that one more fits.

        Args:
            limit: The name of a limit on a number of things.
            there_are: How many there are.
            cure: What else would make room.

        Raises:
            ControlError: It does not fit.
        """
        most = getattr(self.hosted_fakes.limits, limit)
        if there_are >= most:
            message = (
                f"there are {there_are:,} {limit} already, as many as are kept: {cure}, or serve --limit {limit}=N"
            )
            raise ControlError(409, "too_many", message)

    def find_snapshot(self, name: str) -> Snapshot:
        """The snapshot of that name of the fake that is meant.

        Raises:
            ControlError: It has none.
        """
        known = self.target.snapshots
        found = known.get(name)
        if found is None:
            raise ControlError(404, "no_such_snapshot", f"no snapshot is named {name!r}; {suggest(name, known)}")
        return found


class RawBody(NamedTuple):
    """A body that is not JSON.

    Args:
        content_type: What it is served as.
        data: The bytes.
    """

    content_type: str
    data: bytes


ControlOperation = Callable[[ControlRequest], tuple[int, Any]]
"""Answers a request with a status and a JSON value, or a ``RawBody``.

Raises:
    ControlError: It cannot be done.
    ValueError: A value in it cannot be; the message says why.
"""
