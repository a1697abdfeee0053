"""Bearer tokens: what kind they are, which sites they are granted and what they may do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ALL_SCOPES = (
    "assets:read",
    "assets:write",
    "authorized_user:read",
    "cms:read",
    "cms:write",
    "sites:read",
    "sites:write",
)


DEFAULT_TOKEN = "test-token"
"""What a fake knows where nobody says otherwise."""


def check_token(token: object) -> None:
    """Tells of what no header could carry as a bearer token, without showing it.

    Raises:
        ValueError: It is not a text, or empty, or has other characters than printable ASCII ones.
    """
    if not isinstance(token, str) or not token or not all("!" <= character <= "~" for character in token):
        raise ValueError("a token is printable ASCII without spaces, or no header could carry it")


@dataclass(frozen=True, slots=True)
class User:
    """Whoever authorized a token."""

    id: str
    email: str
    first_name: str
    last_name: str


@dataclass(frozen=True, slots=True)
class Token:
    """One authorization.

    Args:
        token: What stands behind ``Bearer``.
        authorization_id: 24 hexadecimal digits.
        created_on: Instant.
        user: Whoever authorized it.
        kind: An OAuth app's, a site's or a workspace's token.
        site_ids: The sites it is granted; None for all there are.
        scopes: What it may do.
    """

    token: str
    authorization_id: str
    created_on: int
    user: User
    kind: Literal["app", "site", "workspace"] = "app"
    site_ids: frozenset[str] | None = None
    scopes: tuple[str, ...] = ALL_SCOPES

    def grants(self, site_id: str) -> bool:
        """Whether the token may see that site."""
        return self.site_ids is None or site_id in self.site_ids

    def __repr__(self) -> str:
        return f"Token(kind={self.kind!r}, site_ids={self.site_ids!r}, scopes={self.scopes!r})"
