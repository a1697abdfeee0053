"""Sites and their locales."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import md5


@dataclass(frozen=True, slots=True)
class Locale:
    """One locale of a site, named by two ids: its own and the one CMS items carry."""

    id: str
    cms_locale_id: str
    display_name: str
    tag: str
    subdirectory: str = ""
    enabled: bool = True
    redirect: bool = False
    display_image_id: str | None = None


@dataclass(frozen=True, slots=True)
class CustomDomain:
    """A domain of the customer's own, with the instant the site was last published to it."""

    id: str
    url: str
    last_published: int | None = None


@dataclass(frozen=True, slots=True)
class Site:
    """One site.

    Args:
        id: 24 hexadecimal digits.
        workspace_id: The workspace it belongs to.
        display_name: As people see it.
        short_name: Its part of the staging address ``<short name>.webflow.io``.
        time_zone: Name of the tz database.
        created_on: Instant.
        last_updated: Instant.
        last_published: Instant of the last site publish, or None before the first.
        primary: The primary locale. A site without localization has one too: its items carry a CMS locale all the same.
        secondary: The other locales.
        localized: Whether ``locales`` is answered, or null.
        parent_folder_id: The workspace folder it lies in.
        custom_domains: The customer's own domains.
        preview_url: Address of its screenshot.
    """

    id: str
    workspace_id: str
    display_name: str
    short_name: str
    time_zone: str
    created_on: int
    last_updated: int
    last_published: int | None
    primary: Locale
    secondary: tuple[Locale, ...] = ()
    localized: bool = True
    parent_folder_id: str | None = None
    custom_domains: tuple[CustomDomain, ...] = ()
    preview_url: str | None = None

    def __repr__(self) -> str:
        tags = ", ".join(locale.tag for locale in (self.primary, *self.secondary))
        return f"<Site {self.display_name!r}: id {self.id}, locales {tags}>"

    @property
    def cms_locale_ids(self) -> tuple[str, ...]:
        """The ids CMS items may carry, the primary one first."""
        return self.primary.cms_locale_id, *(locale.cms_locale_id for locale in self.secondary)

    @property
    def cms_bucket_id(self) -> str:
        """Where files of CMS items lie: one past the primary CMS locale's id (``field-data.cms-bucket``)."""
        return f"{int(self.primary.cms_locale_id, 16) + 1:024x}"


def make_preview_url(site_id: str, published: int) -> str:
    """The address of the screenshot that a publish at that instant makes; nothing is there (``sites.preview-url``)."""
    second = f"{datetime.fromtimestamp(published // 1000, UTC):%Y%m%d%H%M%S}"
    digits = md5(f"{site_id}{second}".encode(), usedforsecurity=False).hexdigest()
    return f"https://screenshots.webflow.com/sites/{site_id}/{second}_{digits}.png"
