"""Registering webhooks, and who is told of what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from ..rules import Profile, Refusal
from .addresses import is_web_address
from .sites import Site
from .webhooks import FORM_SUBMISSION, TRIGGER_TYPES, Event, Webhook
from .world import Context, World

MOST_PER_TRIGGER = 75


def create_webhook(
    world: World,
    site: Site,
    context: Context,
    *,
    trigger: str,
    url: str,
    filter_: Mapping[str, Any] | None,
    secret_key: str,
) -> tuple[World, Webhook]:
    """The world with a new webhook, and the webhook.

    Args:
        world: To register it in.
        site: Whose events it is told of.
        context: The moment of the request.
        trigger: Webflow's name of the event.
        url: Where to.
        filter_: The form it is limited to, as it was sent.
        secret_key: What its deliveries are signed with.

    Raises:
        Refusal: A trigger type Webflow does not have, a filter that the trigger takes none of, no web address, or the
            76th of its trigger on the site.
    """
    check_registration(trigger, url, filter_)
    if sum(one.site_id == site.id and one.trigger == trigger for one in world.webhooks) >= MOST_PER_TRIGGER:
        raise Refusal("webhooks.create.seventy-five", trigger=trigger)
    now = context.now()
    webhook = Webhook(context.new_id(now), site.id, trigger, url, now, secret_key, filter_)
    return world._replace(webhooks=world.webhooks.put([webhook])), webhook


def check_registration(trigger: str, url: str, filter_: Mapping[str, Any] | None) -> None:
    """Checks what a webhook is registered with.

    Raises:
        Refusal: A trigger type Webflow does not have, a filter that the trigger takes none of, or no web address.
    """
    if trigger not in TRIGGER_TYPES:
        raise Refusal("webhooks.create.trigger-type", trigger=trigger)
    if filter_ is not None and trigger != FORM_SUBMISSION:
        raise Refusal("webhooks.create.filter", trigger=trigger)
    if not is_web_address(url):
        raise Refusal("webhooks.create.url")


def delete_webhook(world: World, webhook: Webhook) -> World:
    """The world without the webhook."""
    return world._replace(webhooks=world.webhooks.remove([webhook.id]))


def deactivate_webhook(world: World, webhook_id: str) -> World:
    """The world where that webhook, if it is still there, is told of nothing (``webhooks.delivery.deactivation``)."""
    webhook = world.webhooks.get(webhook_id)
    return world if webhook is None else world._replace(webhooks=world.webhooks.put([replace(webhook, active=False)]))


def trigger_webhooks(
    world: World, events: Sequence[Event], profile: Profile
) -> tuple[World, list[tuple[Event, list[Webhook]]]]:
    """The world in which webhooks have been triggered by these events of one request, and which by what.

    Those of an event are in the order they were registered in; events that nobody is told of are left out.
    """
    site_ids = {event.site_id for event in events}
    by_trigger: dict[tuple[str, str], list[Webhook]] = {}
    for webhook in world.webhooks:
        if webhook.active and webhook.site_id in site_ids:
            by_trigger.setdefault((webhook.site_id, webhook.trigger), []).append(webhook)
    if not by_trigger:
        return world, []
    matches = [
        (event, by_trigger[event.site_id, event.trigger])
        for event in _with_changes_by_publishing(events, profile)
        if (event.site_id, event.trigger) in by_trigger
    ]
    triggered = {one.id: replace(one, last_triggered=event.instant) for event, webhooks in matches for one in webhooks}
    return world._replace(webhooks=world.webhooks.put(triggered.values())), matches


def _with_changes_by_publishing(events: Sequence[Event], profile: Profile) -> Sequence[Event]:
    """The events of one request, and ``changed`` for the items that it published and did nothing else to.

    Those are the items of ``items/publish``, which moves their ``lastUpdated``; a site publish does not, and a live
    write tells of the item by another event anyway.
    """
    site_publish = any(event.trigger == "site_publish" for event in events)
    if site_publish or profile.webhooks_publish_changed == "no":
        return events
    written = {event.item.key for event in events if event.item and event.trigger != "collection_item_published"}
    changed = [
        event._replace(trigger="collection_item_changed")
        for event in events
        if event.item is not None and event.item.key not in written
    ]
    return [*changed, *events]
