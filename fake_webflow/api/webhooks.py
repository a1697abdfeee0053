"""Operations on webhooks, and what becomes of the events of a call."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from ..webhooks.deliveries import Delivery
from ..webhooks.payloads import render_item_body, render_site_publish_body
from ..webhooks.signatures import make_client_secret
from ..world import webhook_rules
from ..world.instants import timestamp
from ..world.webhooks import Event, Webhook
from .call import NO_CONTENT, Call, Reply


def list_webhooks(call: Call) -> Reply:
    """``GET /sites/{site_id}/webhooks``: all of them, oldest first; pages are not known here (``webhooks.list``)."""
    site = call.site()
    return Reply({"webhooks": [webhook_object(call, one) for one in call.world.webhooks if one.site_id == site.id]})


def get_webhook(call: Call) -> Reply:
    """``GET /webhooks/{webhook_id}``."""
    return Reply(webhook_object(call, call.webhook()))


def create_webhook(call: Call) -> Reply:
    """``POST /sites/{site_id}/webhooks``: the one answer that may carry the key deliveries are signed with."""
    has_own_key = call.token.kind != "app" or call.profile.webhooks_create_secret_key == "always"
    call.world, webhook = webhook_rules.create_webhook(
        call.world,
        call.site(),
        call,
        trigger=call.body["triggerType"],
        url=call.body["url"],
        filter_=call.body.get("filter"),
        secret_key=call.digits(32) + call.digits(32) if has_own_key else make_client_secret(call.ids),
    )
    answer = webhook_object(call, webhook)
    return Reply({**answer, "secretKey": webhook.secret_key} if has_own_key else answer, 201)


def delete_webhook(call: Call) -> Reply:
    """``DELETE /webhooks/{webhook_id}``."""
    call.world = webhook_rules.delete_webhook(call.world, call.webhook())
    return NO_CONTENT


def webhook_object(call: Call, webhook: Webhook) -> dict[str, Any]:
    """The webhook as it is answered, without its key (clause ``webhooks.object``)."""
    answer: dict[str, Any] = {
        "id": webhook.id,
        "triggerType": webhook.trigger,
        "url": webhook.url,
        "siteId": webhook.site_id,
        "workspaceId": call.world.site(webhook.site_id).workspace_id,
        "createdOn": timestamp(webhook.created_on),
    }
    triggered = webhook.last_triggered
    last = {"lastTriggered": None if triggered is None else timestamp(triggered), "filter": webhook.filter}
    shows_nulls = call.profile.webhooks_object_nulls == "null"
    return {**answer, **{key: value for key, value in last.items() if shows_nulls or value is not None}}


def make_deliveries(call: Call, why_not_sent: Callable[[str], str]) -> list[Delivery]:
    """What is to be delivered because of a call that is about to be committed; its world learns who was triggered.

    Args:
        call: After its handler.
        why_not_sent: From a webhook's address to the reason why nothing is sent there; empty if it is.
    """
    if not call.events or not call.world.webhooks:
        return []
    call.world, triggered = webhook_rules.trigger_webhooks(call.world, call.events, call.profile)
    # Wall time, whatever the fake's clock shows: receivers compare it with their own clock.
    signed_at = time.time_ns() // 1_000_000
    deliveries = []
    for event, webhooks in triggered:
        body = _render_body(call, event)
        for webhook in webhooks:
            reason = why_not_sent(webhook.url)
            deliveries.append(
                Delivery(
                    number=0,  # given by the log
                    trigger=event.trigger,
                    webhook_id=webhook.id,
                    url=webhook.url,
                    body=body,
                    secret_key=webhook.secret_key,
                    signed_at=signed_at,
                    state="recorded" if reason else "pending",
                    due=None if reason else event.instant,
                    reason=reason,
                )
            )
    return deliveries


def _render_body(call: Call, event: Event) -> bytes:
    site = call.world.site(event.site_id)
    if event.item is not None:
        return render_item_body(event, site, call.profile)
    custom = [domain.url for domain in site.custom_domains if domain.id in (call.body.get("customDomains") or ())]
    subdomain = [f"{site.short_name}.webflow.io"] if call.body.get("publishToWebflowSubdomain") else []
    user = call.token.user
    return render_site_publish_body(event, [*custom, *subdomain], f"{user.first_name} {user.last_name}")
