"""Registering, listing, reading and deleting webhooks over the API."""

from __future__ import annotations

import re

import pytest
from webhook_world import ELSEWHERE, SITE, WORKSPACE, client_of, new_state, published_collection

from fake_webflow.client import ApiError, BadRequest, Forbidden, NotFound, WebflowClient
from fake_webflow.fake import Fake
from fake_webflow.rules import Profile
from fake_webflow.world.tokens import Token

KEYS = ["id", "triggerType", "url", "siteId", "workspaceId", "createdOn"]


@pytest.mark.clause("webhooks.object", "webhooks.create.answer", "webhooks.create.secret-key")
def test_the_answer_to_a_create_alone_has_the_key(fake: Fake, client: WebflowClient) -> None:
    created = client.webhooks.create(SITE, trigger_type="site_publish", url=ELSEWHERE)
    assert list(created) == [*KEYS, "secretKey"]
    assert re.fullmatch("[0-9a-f]{64}", created.pop("secretKey"))
    assert created == {**created, "triggerType": "site_publish", "url": ELSEWHERE, "siteId": SITE}
    assert created["workspaceId"] == WORKSPACE
    assert client.webhooks.get(created["id"]) == created
    assert client.webhooks.list(SITE) == {"webhooks": [created]}


@pytest.mark.clause("webhooks.create.secret-key")
def test_an_apps_token_gets_no_key_unless_every_token_does(fake: Fake) -> None:
    apps = client_of(fake, "app").webhooks.create(SITE, trigger_type="site_publish", url=ELSEWHERE)
    assert list(apps) == KEYS
    always = Fake(new_state(), Profile().with_choices({"webhooks.create.secret-key": "always"}))
    assert "secretKey" in client_of(always, "app").webhooks.create(SITE, trigger_type="site_publish", url=ELSEWHERE)


def test_keys_differ_between_webhooks_and_come_from_the_seed() -> None:
    def keys() -> list[str]:
        webhooks = client_of(Fake(new_state())).webhooks
        return [webhooks.create(SITE, trigger_type="site_publish", url=ELSEWHERE)["secretKey"] for _ in range(2)]

    assert keys() == keys()
    assert len(set(keys())) == 2


@pytest.mark.clause("webhooks.list")
def test_the_list_has_no_pages(client: WebflowClient) -> None:
    made = [
        client.webhooks.create(SITE, trigger_type="collection_item_created", url=f"{ELSEWHERE}/{number}")["id"]
        for number in range(30)
    ]
    answer = client.webhooks.list(SITE)
    assert list(answer) == ["webhooks"]
    assert [webhook["id"] for webhook in answer["webhooks"]] == made


@pytest.mark.clause("webhooks.delete.answer", "webhooks.not-found")
def test_a_deleted_webhook_is_gone(client: WebflowClient) -> None:
    webhook_id = client.webhooks.create(SITE, trigger_type="site_publish", url=ELSEWHERE)["id"]
    client.webhooks.delete(webhook_id)
    assert client.webhooks.list(SITE) == {"webhooks": []}
    for call in (client.webhooks.get, client.webhooks.delete):
        with pytest.raises(NotFound) as refused:
            call(webhook_id)
        assert refused.value.clauses == ("webhooks.not-found",)


@pytest.mark.clause("webhooks.create.seventy-five")
def test_the_76th_of_a_trigger_on_a_site_is_refused(fake: Fake, client: WebflowClient) -> None:
    for _ in range(75):
        client.webhooks.create(SITE, trigger_type="site_publish", url=ELSEWHERE)
    before = fake.state.world
    with pytest.raises(BadRequest) as refused:
        client.webhooks.create(SITE, trigger_type="site_publish", url=ELSEWHERE)
    assert refused.value.clauses == ("webhooks.create.seventy-five",)
    assert fake.state.world == before
    client.webhooks.create(SITE, trigger_type="page_created", url=ELSEWHERE)
    client.webhooks.delete(client.webhooks.list(SITE)["webhooks"][0]["id"])
    client.webhooks.create(SITE, trigger_type="site_publish", url=ELSEWHERE)


@pytest.mark.clause("webhooks.create.trigger-type")
def test_an_unknown_trigger_type_is_refused(client: WebflowClient) -> None:
    with pytest.raises(BadRequest) as refused:
        client.webhooks.create(SITE, trigger_type="item_created", url=ELSEWHERE)
    assert refused.value.code == "unsupported_webhook_trigger_type"
    assert refused.value.clauses == ("webhooks.create.trigger-type",)


@pytest.mark.clause("webhooks.create.trigger-type", "webhooks.object")
@pytest.mark.parametrize("trigger", ["form_submission", "page_created", "ecomm_new_order", "comment_created"])
def test_trigger_types_that_never_fire_here_are_taken(client: WebflowClient, trigger: str) -> None:
    assert client.webhooks.create(SITE, trigger_type=trigger, url=ELSEWHERE)["triggerType"] == trigger


@pytest.mark.clause("webhooks.create.filter", "webhooks.object")
def test_only_form_submission_takes_a_filter(client: WebflowClient) -> None:
    form = client.webhooks.create(SITE, trigger_type="form_submission", url=ELSEWHERE, form_name="Contact")
    assert form["filter"] == {"name": "Contact"}
    with pytest.raises(BadRequest) as refused:
        client.webhooks.create(SITE, trigger_type="site_publish", url=ELSEWHERE, form_name="Contact")
    assert refused.value.code == "incompatible_webhook_filter"
    assert refused.value.clauses == ("webhooks.create.filter",)


@pytest.mark.clause("webhooks.create.url")
@pytest.mark.parametrize(
    "url",
    [
        "",
        "hooks.example.com",
        "/hook",
        "ftp://example.com/hook",
        "http://",
        "http://a b.example.com/",
        "http://[::1",
        "http://example.com:99999/",
        "http://example.com/\r\nX-Injected: 1",
        "http://bücher.example.com/",
    ],
)
def test_an_address_that_is_no_web_address_is_refused(client: WebflowClient, url: str) -> None:
    with pytest.raises(BadRequest) as refused:
        client.webhooks.create(SITE, trigger_type="site_publish", url=url)
    assert refused.value.clauses == ("webhooks.create.url",)
    assert refused.value.message == 'Validation Error: ["Value (url) should match format \\"uri\\""]'


@pytest.mark.clause("requests.shape.invalid", "requests.shape.required")
def test_a_create_of_nothing_is_refused_with_the_recorded_text(client: WebflowClient) -> None:
    answer = client._transport.session.post(
        f"https://api.webflow.com/v2/sites/{SITE}/webhooks", json={}, headers={"Authorization": "Bearer site"}
    )
    assert answer.json() == {
        "message": "Validation Error: [\"Body should have required property 'url'\","
        "\"Body should have required property 'triggerType'\"]",
        "code": "validation_error",
        "externalReference": None,
        "details": [],
    }


@pytest.mark.clause("webhooks.object")
def test_last_triggered_appears_with_the_first_event(client: WebflowClient) -> None:
    webhook_id = client.webhooks.create(SITE, trigger_type="collection_item_created", url=ELSEWHERE)["id"]
    assert "lastTriggered" not in client.webhooks.get(webhook_id)
    item = client.items.create(published_collection(client), {"fieldData": {"name": "A", "slug": "a"}})
    assert client.webhooks.get(webhook_id)["lastTriggered"] == item["createdOn"]


@pytest.mark.clause("webhooks.delete.answer")
def test_reading_and_writing_need_their_scopes(fake: Fake, client: WebflowClient) -> None:
    owner = fake.state.world.tokens["site"]
    reader = Token("reader", owner.authorization_id, 0, owner.user, kind="site", scopes=("sites:read",))
    stranger = Token("stranger", owner.authorization_id, 0, owner.user, kind="site", site_ids=frozenset())
    world = fake.state.world.with_token(reader).with_token(stranger)
    fake.change(lambda state: state._replace(world=world))
    webhook_id = client.webhooks.create(SITE, trigger_type="site_publish", url=ELSEWHERE)["id"]
    assert client_of(fake, "reader").webhooks.get(webhook_id)["id"] == webhook_id
    with pytest.raises(Forbidden):
        client_of(fake, "reader").webhooks.delete(webhook_id)
    for call in (client_of(fake, "stranger").webhooks.get, client_of(fake, "stranger").webhooks.delete):
        with pytest.raises(ApiError) as refused:
            call(webhook_id)
        assert "errors.site-not-granted" in refused.value.clauses


def test_no_key_is_shown_by_accident(fake: Fake, client: WebflowClient) -> None:
    key = client.webhooks.create(SITE, trigger_type="collection_item_created", url=ELSEWHERE)["secretKey"]
    client.items.create(published_collection(client), {"fieldData": {"name": "A", "slug": "a"}})
    shown = [repr(fake.state), repr(fake.webhooks.deliveries), repr(list(fake.journal)), str(list(fake.journal))]
    assert "collection_item_created" in shown[1]
    assert not any(key in text for text in shown)
