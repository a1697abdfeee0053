"""``client.sites`` and ``client.token``."""

from __future__ import annotations

from collections.abc import Sequence

from ._answers import JsonObject
from ._group import Group
from ._wire import body, path


class Sites(Group):
    """Sites, their domains and their publishing."""

    def list(self) -> JsonObject:
        """List all sites the token may see: ``{"sites": [...]}``. Not paged. Scope ``sites:read``."""
        return self._transport.fetch("GET", "/sites")

    def get(self, site_id: str) -> JsonObject:
        """Get a site with its domains and locales. Scope ``sites:read``.

        Raises:
            NotFound: There is no such site.
        """
        return self._transport.fetch("GET", path("sites", site_id))

    def custom_domains(self, site_id: str) -> JsonObject:
        """List the site's own domains: ``{"customDomains": [...]}``. Scope ``sites:read``.

        Raises:
            NotFound: There is no such site.
        """
        return self._transport.fetch("GET", path("sites", site_id, "custom_domains"))

    def publish(
        self,
        site_id: str,
        *,
        custom_domains: Sequence[str] | None = None,
        publish_to_webflow_subdomain: bool | None = None,
        page_id: str | None = None,
    ) -> JsonObject:
        """Publish the site. Webflow queues it and answers at once. Scope ``sites:write``.

        One successful publish a minute per site. This has a rate limit of its own, and the recorded answers of it
        carry no ``Retry-After``: the client's back-off then gives up long before the minute is over.

        Args:
            site_id: The site.
            custom_domains: Ids of the domains to publish to.
            publish_to_webflow_subdomain: Whether to publish to the site's webflow.io domain. This or a custom domain
                is needed.
            page_id: Publish only this page.

        Raises:
            BadRequest: No domain to publish to.
            Forbidden: The user behind the token may not publish.
            NotFound: There is no such site.
            TooManyRequests: Published within the last minute.
        """
        options = body(
            {
                "custom_domains": custom_domains,
                "publish_to_webflow_subdomain": publish_to_webflow_subdomain,
                "page_id": page_id,
            }
        )
        return self._transport.fetch("POST", path("sites", site_id, "publish"), json=options)


class Token(Group):
    """The token itself."""

    def introspect(self) -> JsonObject:
        """Say what the token may do: ``{"authorization": {...}, "application": {...}}``. Needs no scope.

        Sent without a repeat after a 500: that is what Webflow was seen to answer, lastingly, to tokens that do not
        belong to an app.

        Raises:
            ServerError: The token is a site's or a workspace's.
        """
        return self._transport.fetch("GET", "/token/introspect", repeat_failures=False)

    def authorized_by(self) -> JsonObject:
        """Say who authorized the token: id, email, firstName, lastName. Scope ``authorized_user:read``."""
        return self._transport.fetch("GET", "/token/authorized_by")
