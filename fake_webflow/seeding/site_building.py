"""Sites, their locales and their webhooks out of a scenario."""

from __future__ import annotations

from ..rules import Refusal
from ..webhooks.signatures import make_client_secret
from ..world.sites import CustomDomain, Locale, Site, make_preview_url
from ..world.slugs import slugify
from ..world.webhook_rules import check_registration
from ..world.webhooks import Webhook
from ..world.world import World
from .context import BuildContext, Mistake, Registry
from .rows import CustomDomainRow, LocaleRow, SiteRow, WebhookRow


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
        if "localeId" in spec:
            row["id"] = spec["localeId"]
        return _build_locale(row, "", context, created_on), (), False
    for name in ("cmsLocaleId", "localeId"):
        if name in spec:
            raise Mistake(f"{place}.{name}", "is for sites without locales; this one's stands in locales.primary")
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


def build_webhooks(
    world: World, site: Site, spec: SiteRow, place: str, registry: Registry, context: BuildContext
) -> World:
    """The world with the webhooks of a site of the scenario.

    Raises:
        Mistake: Two of one id, or one that Webflow would not register.
    """
    made: list[Webhook] = []
    for number, row in enumerate(spec.get("webhooks", ())):
        where = f"{place}.webhooks[{number}]"
        try:
            check_registration(row["triggerType"], row["url"], row.get("filter"))
        except Refusal as refusal:
            raise Mistake(where, refusal.answer.message) from None
        made.append(_build_webhook(site, row, site.created_on + 1000 * (number + 1), context))
        registry.claim("webhook", made[-1].id, made[-1].id, f"{where}.id")
    return world._replace(webhooks=world.webhooks.put(made))


def _build_webhook(site: Site, spec: WebhookRow, otherwise: int, context: BuildContext) -> Webhook:
    webhook_id, created_on = context.identify(spec, otherwise)
    return Webhook(
        id=webhook_id,
        site_id=site.id,
        trigger=spec["triggerType"],
        url=spec["url"],
        created_on=created_on,
        secret_key=spec.get("secretKey") or make_client_secret(context.ids),
        filter=spec.get("filter"),
        last_triggered=context.read_moment(spec.get("lastTriggered")),
        active=spec.get("active", True),
    )
