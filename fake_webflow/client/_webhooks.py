"""``client.webhooks``."""

from __future__ import annotations

from ._answers import JsonObject
from ._group import Group
from ._wire import body, path


class Webhooks(Group):
    """Addresses that Webflow posts events to."""

    def list(self, site_id: str) -> JsonObject:
        """List a site's webhooks: ``{"webhooks": [...]}``. Scope ``sites:read``. Not paged.

        Raises:
            NotFound: There is no such site.
        """
        return self._transport.fetch("GET", path("sites", site_id, "webhooks"))

    def get(self, webhook_id: str) -> JsonObject:
        """Get a webhook. Scope ``sites:read``.

        Raises:
            NotFound: There is no such webhook.
        """
        return self._transport.fetch("GET", path("webhooks", webhook_id))

    def create(self, site_id: str, *, trigger_type: str, url: str, form_name: str | None = None) -> JsonObject:
        """Have an event posted to an address. Scope ``sites:write``. At most 75 per event and site.

        Args:
            site_id: The site.
            trigger_type: The event, such as ``collection_item_created`` or ``site_publish``.
            url: Where to.
            form_name: Only for ``form_submission``: the one form to listen to.

        Returns:
            The webhook. For a site's token it has, here only, the ``secretKey`` that deliveries are signed with.

        Raises:
            BadRequest: The event is unknown or takes no form, or the address is wrong.
            NotFound: There is no such site.
        """
        options = body({"trigger_type": trigger_type, "url": url})
        if form_name is not None:
            options["filter"] = {"name": form_name}
        return self._transport.fetch("POST", path("sites", site_id, "webhooks"), json=options)

    def delete(self, webhook_id: str) -> None:
        """Delete a webhook. Scope ``sites:write``.

        Raises:
            NotFound: There is no such webhook.
        """
        self._transport.order("DELETE", path("webhooks", webhook_id))
