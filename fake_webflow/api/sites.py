"""Operations on sites."""

from __future__ import annotations

from typing import Any

from ..world.instants import timestamp
from ..world.sites import Locale, Site
from .call import Call, Reply


def list_sites(call: Call) -> Reply:
    """``GET /sites``: the sites the token is granted; pages are not known here (``sites.list.no-pages``)."""
    granted = [site for _, site in sorted(call.world.sites.items()) if call.token.grants(site.id)]
    return Reply({"sites": [site_object(site) for site in granted]})


def get_site(call: Call) -> Reply:
    """``GET /sites/{site_id}``."""
    return Reply(site_object(call.site()))


def site_object(site: Site) -> dict[str, Any]:
    """The site as it is answered, keys in the recorded order (clause ``sites.object.keys``)."""
    return {
        "id": site.id,
        "workspaceId": site.workspace_id,
        "displayName": site.display_name,
        "shortName": site.short_name,
        "previewUrl": site.preview_url,
        "timeZone": site.time_zone,
        "createdOn": timestamp(site.created_on),
        "lastUpdated": timestamp(site.last_updated),
        "lastPublished": None if site.last_published is None else timestamp(site.last_published),
        "parentFolderId": site.parent_folder_id,
        "customDomains": custom_domains(site),
        "locales": _locales(site),
    }


def custom_domains(site: Site) -> list[dict[str, Any]]:
    """The site's own domains as they are answered."""
    return [
        {
            "id": domain.id,
            "url": domain.url,
            "lastPublished": None if domain.last_published is None else timestamp(domain.last_published),
        }
        for domain in site.custom_domains
    ]


def _locales(site: Site) -> dict[str, Any] | None:
    if not site.localized:
        return None
    return {"primary": _locale(site.primary), "secondary": [_locale(locale) for locale in site.secondary]}


def _locale(locale: Locale) -> dict[str, Any]:
    return {
        "id": locale.id,
        "cmsLocaleId": locale.cms_locale_id,
        "enabled": locale.enabled,
        "displayName": locale.display_name,
        "displayImageId": locale.display_image_id,
        "redirect": locale.redirect,
        "subdirectory": locale.subdirectory,
        "tag": locale.tag,
    }
