"""Operations on sites."""

from __future__ import annotations

from typing import Any

from ..conditions.rate_limit import WINDOW
from ..rules import Refusal
from ..world.instants import timestamp
from ..world.publishing_rules import publish_site as published
from ..world.sites import Locale, Site
from ..world.webhooks import Event
from .call import Call, Reply


def list_sites(call: Call) -> Reply:
    """``GET /sites``: the sites the token is granted; pages are not known here (``sites.list.no-pages``)."""
    granted = [site for _, site in sorted(call.world.sites.items()) if call.token.grants(site.id)]
    return Reply({"sites": [site_object(call, site) for site in granted]})


def get_site(call: Call) -> Reply:
    """``GET /sites/{site_id}``."""
    return Reply(site_object(call, call.site()))


def list_custom_domains(call: Call) -> Reply:
    """``GET /sites/{site_id}/custom_domains``."""
    return Reply({"customDomains": custom_domain_objects(call.site())})


def publish_site(call: Call) -> Reply:
    """``POST /sites/{site_id}/publish``: the whole site, once a minute where rate limits are enforced."""
    site, body = call.site(), call.body
    if body.get("pageId") is not None:
        raise Refusal("fake.pages")
    domain_ids = body.get("customDomains") or []
    to_subdomain = bool(body.get("publishToWebflowSubdomain"))
    if not domain_ids and not to_subdomain:
        raise Refusal("publishing.site.nowhere")
    now = call.clock.now
    if call.rate_limited and site.last_published is not None and 0 <= now - site.last_published < WINDOW:
        raise Refusal("rate.site-publish", headers=_make_bucket_headers(site.last_published))
    call.world, items = published(call.world, site, domain_ids, call)
    for item, collection in items:
        call.record_events("collection_item_published", collection, [item])
    call.events.append(Event("site_publish", site.id, call.instant or call.clock.now))
    domains = [row for row in custom_domain_objects(call.world.site(site.id)) if row["id"] in domain_ids]
    answer = {"customDomains": domains, "publishToWebflowSubdomain": to_subdomain, "publishScope": "site"}
    now = call.clock.now
    return Reply(answer, 202, _make_bucket_headers(now) if call.rate_limited else _make_bucket_headers(now - WINDOW, 1))


def _make_bucket_headers(last_published: int, remaining: int = 0) -> tuple[tuple[str, str], ...]:
    """The headers of the site publish's own bucket, without ``Retry-After`` (``rate.site-publish.headers``)."""
    reset = -(-(last_published + WINDOW) // 1000)  # the second when the next is allowed, rounded up
    return (
        ("X-RateLimit-Limit", "1"),
        ("X-RateLimit-Remaining", str(remaining)),
        ("X-RateLimit-Reset", str(reset)),
    )


def site_object(call: Call, site: Site) -> dict[str, Any]:
    """The site as it is answered, keys in the recorded order (clause ``sites.object.keys``)."""
    shows_collection = call.profile.sites_data_collection == "present"
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
        "customDomains": custom_domain_objects(site),
        "locales": _locales_object(site),
        **({"dataCollectionEnabled": False, "dataCollectionType": "disabled"} if shows_collection else {}),
    }


def custom_domain_objects(site: Site) -> list[dict[str, Any]]:
    """The site's own domains as they are answered."""
    return [
        {
            "id": domain.id,
            "url": domain.url,
            "lastPublished": None if domain.last_published is None else timestamp(domain.last_published),
        }
        for domain in site.custom_domains
    ]


def _locales_object(site: Site) -> dict[str, Any] | None:
    if not site.localized:
        return None
    return {"primary": _locale_object(site.primary), "secondary": [_locale_object(locale) for locale in site.secondary]}


def _locale_object(locale: Locale) -> dict[str, Any]:
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
