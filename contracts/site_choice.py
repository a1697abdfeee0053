"""Which site a run works in, and whether it may."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fake_webflow.client import WebflowError

from .targets import Target

Json = dict[str, Any]


class SandboxRefused(Exception):
    """The suite cannot work here. The text is one line for people."""


def chosen_site(target: Target) -> Json:
    """The site to work in.

    Raises:
        SandboxRefused: There is none, it is not clear which, or it is no sandbox.
    """
    try:
        sites: Sequence[Json] = target.client.sites.list()["sites"]
    except WebflowError as error:
        raise SandboxRefused(f"cannot list the sites of {target.name}: {error}") from error
    return choose_site(target, sites)


def choose_site(target: Target, sites: Sequence[Json]) -> Json:
    """The site to work in, of those the token sees. Raises the same."""
    if target.site_id is not None:
        wanted = [site for site in sites if site["id"] == target.site_id]
    else:
        wanted = [*sites] if len(sites) == 1 else [site for site in sites if _is_named_sandbox(site)]
    if len(wanted) != 1:
        known = ", ".join(f"{site['displayName']} ({site['id']})" for site in sites) or "none"
        unseen = f"the token does not see the site {target.site_id}; " if target.site_id is not None else ""
        raise SandboxRefused(f"{unseen}which site to work in? The token sees: {known}. Name one: --site ID")
    if not target.is_sandbox and not _is_named_sandbox(wanted[0]):
        raise SandboxRefused(
            f"{wanted[0]['displayName']} is not declared a sandbox: the suite writes to it and publishes it. "
            "Say --sandbox, or have 'sandbox' in its name"
        )
    return wanted[0]


def _is_named_sandbox(site: Mapping[str, Any]) -> bool:
    return "sandbox" in str(site.get("displayName", "")).lower()
