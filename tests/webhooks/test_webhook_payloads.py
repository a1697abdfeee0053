"""What fires, and what is then said."""

from __future__ import annotations

import pytest
from webhook_world import (
    DOMAIN,
    ELSEWHERE,
    LOCALE,
    LONELY_SITE,
    OTHER_LOCALE,
    SITE,
    WORKSPACE,
    client_of,
    new_state,
    published_collection,
)

from fake_webflow.client import BadRequest, WebflowClient
from fake_webflow.fake import Fake
from fake_webflow.rules import Profile

ITEM_TRIGGERS = [f"collection_item_{what}" for what in ("created", "changed", "deleted", "published", "unpublished")]
CREATED, CHANGED, DELETED, PUBLISHED, UNPUBLISHED = ITEM_TRIGGERS
KEYS = [
    "id",
    "siteId",
    "workspaceId",
    "collectionId",
    "cmsLocaleId",
    "lastPublished",
    "lastUpdated",
    "createdOn",
    "isArchived",
    "isDraft",
    "fieldData",
]


def listen(client: WebflowClient, *triggers: str, site_id: str = SITE) -> None:
    for trigger in triggers or (*ITEM_TRIGGERS, "site_publish"):
        client.webhooks.create(site_id, trigger_type=trigger, url=ELSEWHERE)


def fired(fake: Fake, since: int = 0) -> list[str]:
    return [delivery.trigger for delivery in fake.webhooks.deliveries][since:]


def data(name: str) -> dict[str, object]:
    return {"fieldData": {"name": name, "slug": name.lower()}}


@pytest.mark.clause("webhooks.events", "webhooks.publish.changed")
def test_each_write_fires_its_events_in_order(fake: Fake, client: WebflowClient) -> None:
    collection_id = published_collection(client)
    listen(client)
    item_id = client.items.create(collection_id, data("A"))["id"]
    client.items.update(collection_id, item_id, {"fieldData": {"name": "B"}})
    assert fired(fake) == [CREATED, CHANGED]
    client.items.publish(collection_id, [item_id])
    assert fired(fake, 2) == [CHANGED, PUBLISHED]
    client.live_items.update(collection_id, item_id, {"fieldData": {"name": "C"}})
    assert fired(fake, 4) == [CHANGED, PUBLISHED]
    client.live_items.delete(collection_id, item_id)
    client.items.delete(collection_id, item_id)
    assert fired(fake, 6) == [UNPUBLISHED, DELETED]
    client.live_items.create(collection_id, data("D"))
    assert fired(fake, 8) == [CREATED, PUBLISHED]
    client.items.create(collection_id, {**data("E"), "isDraft": False})
    client.sites.publish(SITE, publish_to_webflow_subdomain=True)
    assert fired(fake, 10) == [CREATED, PUBLISHED, PUBLISHED, "site_publish"]


@pytest.mark.clause("webhooks.publish.changed")
def test_publishing_items_may_fire_published_alone() -> None:
    fake = Fake(new_state(), Profile().with_choices({"webhooks.publish.changed": "no"}))
    client = client_of(fake)
    collection_id = published_collection(client)
    item_id = client.items.create(collection_id, data("A"))["id"]
    listen(client)
    client.items.publish(collection_id, [item_id])
    assert fired(fake) == [PUBLISHED]


@pytest.mark.clause("webhooks.events")
def test_what_is_refused_or_not_listened_to_fires_nothing(fake: Fake, client: WebflowClient) -> None:
    collection_id = published_collection(client)
    listen(client, DELETED)
    listen(client, CREATED, site_id=LONELY_SITE)
    client.items.create(collection_id, data("A"))
    listen(client, CREATED)
    with pytest.raises(BadRequest):
        client.items.create(collection_id, {"items": [data("B"), {"fieldData": {"name": "C", "no-such-field": 1}}]})
    assert fired(fake) == []


@pytest.mark.clause("webhooks.events", "webhooks.payload.item")
def test_a_bulk_write_fires_for_every_item_and_variant(fake: Fake, client: WebflowClient) -> None:
    collection_id = published_collection(client)
    listen(client, CREATED)
    listen(client, CREATED)
    client.items.create_bulk(
        collection_id,
        {"cmsLocaleIds": [LOCALE, OTHER_LOCALE], "fieldData": [data("A")["fieldData"], data("B")["fieldData"]]},
    )
    told = [(one.payload["fieldData"]["slug"], one.payload["cmsLocaleId"]) for one in fake.webhooks.deliveries]
    variants = [(slug, locale) for slug in ("a", "b") for locale in (LOCALE, OTHER_LOCALE)]
    assert sorted(told) == sorted(2 * variants)


@pytest.mark.clause("webhooks.payload.item", "webhooks.payload.locale-keys")
def test_an_item_is_told_of_as_it_is_answered(fake: Fake, client: WebflowClient) -> None:
    collection_id = published_collection(client)
    listen(client)
    item = client.items.create(collection_id, data("A"))
    client.items.publish(collection_id, [item["id"]])
    published = client.items.get(collection_id, item["id"])
    client.live_items.delete(collection_id, item["id"])
    draft = client.items.get(collection_id, item["id"])
    client.items.delete(collection_id, item["id"])
    added = {"siteId": SITE, "workspaceId": WORKSPACE, "collectionId": collection_id}
    seen = {delivery.trigger: delivery for delivery in fake.webhooks.deliveries}
    expected = {CREATED: item, CHANGED: published, PUBLISHED: published, UNPUBLISHED: published, DELETED: draft}
    for trigger, answered in expected.items():
        payload = seen[trigger].payload
        assert list(payload) == KEYS
        with_locale = {"_locale": LOCALE, "_noSearch": False} if trigger in (PUBLISHED, UNPUBLISHED) else {}
        assert payload == {**answered, **added, "fieldData": {**with_locale, **answered["fieldData"]}}
        assert list(payload["fieldData"])[: len(with_locale)] == list(with_locale)


@pytest.mark.clause("webhooks.payload.locale-keys")
def test_the_locale_keys_can_be_left_out() -> None:
    fake = Fake(new_state(), Profile().with_choices({"webhooks.payload.locale-keys": "absent"}))
    client = client_of(fake)
    collection_id = published_collection(client)
    listen(client, PUBLISHED)
    item = client.live_items.create(collection_id, data("A"))
    assert fake.webhooks.deliveries[0].payload["fieldData"] == item["fieldData"]


@pytest.mark.clause("webhooks.payload.item")
def test_without_localization_the_locale_is_null(fake: Fake, client: WebflowClient) -> None:
    collection_id = published_collection(client, LONELY_SITE)
    listen(client, CREATED, PUBLISHED, site_id=LONELY_SITE)
    client.live_items.create(collection_id, data("A"))
    created, published = fake.webhooks.deliveries
    assert created.payload["cmsLocaleId"] is None
    assert published.payload["fieldData"]["_locale"] is None


@pytest.mark.clause("webhooks.payload.site-publish")
def test_a_site_publish_says_who_published_where(fake: Fake, client: WebflowClient) -> None:
    listen(client, "site_publish")
    client.sites.publish(SITE, custom_domains=[DOMAIN], publish_to_webflow_subdomain=True)
    (delivery,) = fake.webhooks.deliveries
    assert delivery.payload == {
        "siteId": SITE,
        "publishedOn": client.sites.get(SITE)["lastPublished"],
        "domains": ["www.example.com", "webhooks.webflow.io"],
        "publishedBy": {"displayName": "Robin Tester"},
        "publishScope": "site",
    }


def test_the_same_seed_gives_the_same_bytes() -> None:
    def bodies() -> list[bytes]:
        fake = Fake(new_state())
        client = client_of(fake)
        collection_id = published_collection(client)
        listen(client)
        client.live_items.create(collection_id, data("A"))
        client.sites.publish(SITE, publish_to_webflow_subdomain=True)
        return [delivery.body for delivery in fake.webhooks.deliveries]

    assert bodies() == bodies()
    assert len(bodies()) == 4


@pytest.mark.clause("webhooks.events", "webhooks.publish.changed")
def test_an_item_that_a_publish_names_twice_is_told_of_once(fake: Fake, client: WebflowClient) -> None:
    collection_id = published_collection(client)
    item_id = client.items.create(collection_id, data("A"))["id"]
    listen(client)
    answer = client.items.publish(collection_id, [item_id, item_id])
    assert answer["publishedItemIds"] == [item_id]
    assert fired(fake) == [CHANGED, PUBLISHED]
