"""Sites and their locales out of a scenario."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..world.sites import CustomDomain, Locale, Site
from ..world.slugs import slug_from
from ..world.world import World
from .context import BEGINNING, Mistake, Origin, Registry


def with_site(
    world: World, given: Mapping[str, Any], place: str, registry: Registry, origin: Origin
) -> tuple[World, Site]:
    """The world with a site of the scenario, and the site.

    Raises:
        Mistake: Two sites, or two of its locales, have one id.
    """
    site_id, created_on = origin.created(given, BEGINNING)
    registry.claim("site", site_id, site_id, f"{place}.id")
    name = given.get("displayName") or given.get("shortName") or "Example Site"
    primary, secondary, localized = _locales(given, place, origin, created_on)
    site = Site(
        id=site_id,
        workspace_id=given.get("workspaceId") or origin.new_id(created_on),
        display_name=name,
        short_name=given.get("shortName") or slug_from(name) or site_id,
        time_zone=given.get("timeZone", "Etc/UTC"),
        created_on=created_on,
        last_updated=origin.updated(given, created_on),
        # What a test arranges counts as published unless it says otherwise, so that live calls work at once.
        last_published=origin.moment(given["lastPublished"]) if "lastPublished" in given else created_on,
        primary=primary,
        secondary=secondary,
        localized=localized,
        parent_folder_id=given.get("parentFolderId"),
        custom_domains=tuple(_domain(row, origin, created_on) for row in given.get("customDomains", ())),
        preview_url=given.get("previewUrl"),
    )
    registry.offer("site", site.short_name, site_id)
    for number, locale in enumerate((primary, *secondary)):
        where = f"{place}.locales." + (f"secondary[{number - 1}]" if number else "primary")
        registry.claim(f"locale in {site_id}", locale.cms_locale_id, locale.cms_locale_id, f"{where}.cmsLocaleId")
        registry.claim(f"locale in {site_id}", locale.tag, locale.cms_locale_id, f"{where}.tag")
    return world.with_site(site), site


def _domain(given: Mapping[str, Any], origin: Origin, created_on: int) -> CustomDomain:
    domain_id = given.get("id") or origin.new_id(created_on)
    return CustomDomain(domain_id, given["url"], origin.moment(given.get("lastPublished")))


def _locales(
    given: Mapping[str, Any], place: str, origin: Origin, created_on: int
) -> tuple[Locale, tuple[Locale, ...], bool]:
    """Primary locale, secondary locales, and whether the site is localized."""
    locales = given.get("locales")
    if locales is None:
        row = {"tag": "en", "displayName": "English", "cmsLocaleId": given.get("cmsLocaleId")}
        return _locale(row, "", origin, created_on), (), False
    if "cmsLocaleId" in given:
        raise Mistake(f"{place}.cmsLocaleId", "is for sites without locales; this one's stands in locales.primary")
    primary = _locale(locales["primary"], "", origin, created_on)
    secondary = [_locale(row, row["tag"].lower(), origin, created_on) for row in locales.get("secondary", ())]
    return primary, tuple(secondary), True


def _locale(given: Mapping[str, Any], subdirectory: str, origin: Origin, created_on: int) -> Locale:
    return Locale(
        id=given.get("id") or origin.new_id(created_on),
        cms_locale_id=given.get("cmsLocaleId") or origin.new_id(created_on),
        display_name=given.get("displayName") or given["tag"],
        tag=given["tag"],
        subdirectory=given.get("subdirectory", subdirectory),
        enabled=given.get("enabled", True),
        redirect=given.get("redirect", False),
        display_image_id=given.get("displayImageId"),
    )
