"""Which site to work in: the one that was named, the only one, or the one whose name says that it is a sandbox."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import requests

from fake_webflow.client import JsonObject, UnexpectedAnswer, WebflowClient, WebflowError

from .targets import Target


class SandboxRefused(Exception):
    """The suite cannot work here. The text is one line for people."""


def find_site(target: Target) -> JsonObject:
    """The site to work in.

    Raises:
        SandboxRefused: There is none, it is not clear which, or it is not a sandbox.
    """
    try:
        sites = list_sites(target, target.client)
    except WebflowError as error:
        raise SandboxRefused(f"cannot list the sites of {target.name}: {error}") from error
    return choose_site(target, sites)


def list_sites(target: Target, client: WebflowClient) -> list[JsonObject]:
    """The sites the token sees, however the list is written: that it is written otherwise, a test will tell.

    Sites that the list names without saying more are asked for, and so is the one that was named if none is listed.

    Raises:
        WebflowError: There is no list.
    """
    listed = _parse_json(client.request("GET", "/sites"))
    if isinstance(listed, dict):
        listed = listed.get("sites", next((value for value in listed.values() if isinstance(value, list)), []))
    if not isinstance(listed, list):
        raise UnexpectedAnswer(f"no list of sites: {str(listed)[:100]}", 200)
    rows = [{"id": row} if isinstance(row, str) else row for row in listed]
    sites = [row for row in rows if isinstance(row, dict) and isinstance(row.get("id"), str)]
    if not sites and target.site_id is not None:
        sites = [{"id": target.site_id}]
    return [site if "displayName" in site else _read_site(client, site) for site in sites]


def _read_site(client: WebflowClient, site: JsonObject) -> JsonObject:
    """The site as it answers when it is asked for itself; a mock may say as little there."""
    answer = client.request("GET", f"/sites/{site['id']}", check=False)
    found = _parse_json(answer) if answer.status_code == 200 else None
    return {"displayName": "", "locales": None, **site, **(found if isinstance(found, dict) else {}), "id": site["id"]}


def _parse_json(answer: requests.Response) -> Any:
    try:
        return answer.json()
    except ValueError:
        return None


def choose_site(target: Target, sites: Sequence[JsonObject]) -> JsonObject:
    """The site to work in, of those the token sees. Raises the same."""
    if target.site_id is not None:
        candidates = [site for site in sites if site["id"] == target.site_id]
    else:
        candidates = [*sites] if len(sites) == 1 else [site for site in sites if _is_named_sandbox(site)]
    if len(candidates) != 1:
        known = ", ".join(f"{site.get('displayName')} ({site['id']})" for site in sites) or "none"
        invisible = f"the token does not see the site {target.site_id}; " if target.site_id is not None else ""
        raise SandboxRefused(f"{invisible}which site to work in? The token sees: {known}. Name one: --site ID")
    if not target.is_sandbox and not _is_named_sandbox(candidates[0]):
        raise SandboxRefused(
            f"{candidates[0]['displayName']} is not declared a sandbox: the suite writes to it and publishes it. "
            "Say --sandbox, or have 'sandbox' in its name"
        )
    return candidates[0]


def _is_named_sandbox(site: Mapping[str, Any]) -> bool:
    return "sandbox" in str(site.get("displayName", "")).lower()
