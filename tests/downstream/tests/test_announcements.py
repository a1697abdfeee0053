"""The receiver of webhooks, with deliveries as Webflow makes them."""

from __future__ import annotations

import pytest
from newsroom.announcements import published
from newsroom.front_page import publish


@pytest.fixture
def hook(fake_webflow):
    return fake_webflow.client.webhooks.create(
        fake_webflow.site.id, trigger_type="collection_item_published", url="https://newsroom.example/webflow"
    )


@pytest.mark.usefixtures("hook")
def test_what_was_published_is_announced(fake_webflow, articles):
    fake_webflow.add_item(articles, {"name": "The tide"}, published=False, draft=False)
    publish(fake_webflow.token, articles.id)

    (delivery,) = fake_webflow.webhooks.wait(trigger="collection_item_published")
    secret = fake_webflow.webhooks.client_secret
    assert published(delivery.headers, delivery.body, secret) == "The tide"
    assert published(delivery.headers, delivery.body + b" ", secret) is None
    assert fake_webflow.webhooks.deliveries == [delivery]
    assert delivery.state == "recorded"
