"""Sites and their locales out of a scenario."""

from __future__ import annotations

from ..world.sites import CustomDomain, Locale, Site, make_preview_url
from ..world.slugs import slugify
from ..world.world import World
from .context import BuildContext, Mistake, Registry
from .rows import CustomDomainRow, LocaleRow, SiteRow


def build_site(
    world: World, spec: SiteRow, place: str, registry: Registry, context: BuildContext
) -> tuple[World, Site]:
    """The world with a site of the scenario, and the site.

    Raises:
        Mistake: Two sites, or two of its locales, have one id.
    """
    site_id, created_on = context.identify(spec, context.beginning)
    registry.claim("site", site_id, site_id, f"{place}.id")
    name = spec.get("displayName") or spec.get("shortName") or "Example Site"
    primary, secondary, localized = _build_locales(spec, place, context, created_on)
    # What a test arranges counts as published unless it says otherwise, so that live calls work at once.
    last_published = context.read_moment(spec["lastPublished"]) if "lastPublished" in spec else created_on
    screenshot = None if last_published is None else make_preview_url(site_id, last_published)
    site = Site(
        id=site_id,
        workspace_id=spec.get("workspaceId") or context.new_id(created_on),
        display_name=name,
        short_name=spec.get("shortName") or slugify(name) or site_id,
        time_zone=spec.get("timeZone", "Etc/UTC"),
        created_on=created_on,
        last_updated=context.read_last_updated(spec, created_on),
        last_published=last_published,
        primary=primary,
        secondary=secondary,
        localized=localized,
        parent_folder_id=spec.get("parentFolderId"),
        custom_domains=tuple(_build_domain(row, context, created_on) for row in spec.get("customDomains", ())),
        preview_url=spec.get("previewUrl", screenshot),
    )
    registry.offer("site", site.short_name, site_id)
    for number, locale in enumerate((primary, *secondary)):
        where = f"{place}.locales." + (f"secondary[{number - 1}]" if number else "primary")
        registry.claim(f"locale in {site_id}", locale.cms_locale_id, locale.cms_locale_id, f"{where}.cmsLocaleId")
        registry.claim(f"locale in {site_id}", locale.tag, locale.cms_locale_id, f"{where}.tag")
    return world.with_site(site), site


def _build_domain(spec: CustomDomainRow, context: BuildContext, created_on: int) -> CustomDomain:
    domain_id = spec.get("id") or context.new_id(created_on)
    return CustomDomain(domain_id, spec["url"], context.read_moment(spec.get("lastPublished")))


def _build_locales(
    spec: SiteRow, place: str, context: BuildContext, created_on: int
) -> tuple[Locale, tuple[Locale, ...], bool]:
    """Primary locale, secondary locales, and whether the site is localized."""
    locales = spec.get("locales")
    if locales is None:
        row: LocaleRow = {"tag": "en", "displayName": "English", "cmsLocaleId": spec.get("cmsLocaleId")}
        return _build_locale(row, "", context, created_on), (), False
    if "cmsLocaleId" in spec:
        raise Mistake(f"{place}.cmsLocaleId", "is for sites without locales; this one's stands in locales.primary")
    primary = _build_locale(locales["primary"], "", context, created_on)
    secondary = [_build_locale(row, row["tag"].lower(), context, created_on) for row in locales.get("secondary", ())]
    return primary, tuple(secondary), True


def _build_locale(spec: LocaleRow, subdirectory: str, context: BuildContext, created_on: int) -> Locale:
    return Locale(
        id=spec.get("id") or context.new_id(created_on),
        cms_locale_id=spec.get("cmsLocaleId") or context.new_id(created_on),
        display_name=spec.get("displayName") or spec["tag"],
        tag=spec["tag"],
        subdirectory=spec.get("subdirectory", subdirectory),
        enabled=spec.get("enabled", True),
        redirect=spec.get("redirect", False),
        display_image_id=spec.get("displayImageId"),
    )
