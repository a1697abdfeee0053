"""Registering webhooks. What is delivered is seen only by who receives it; tests of the fake itself do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from .kit.clauses import Choices, clause, needs
from .kit.expect import OBJECT_ID, TIMESTAMP_PATTERN, expect_json, expect_keys, expect_refusal
from .kit.in_process import InProcessTarget
from .kit.sandbox import ABSENT_ID, WEBHOOK_URL, Sandbox
from .kit.targets import ADVANCE_TIME, OTHER_TOKENS

KEYS = ["id", "triggerType", "url", "siteId", "workspaceId", "createdOn"]


@pytest.fixture
def register(sandbox: Sandbox) -> Iterator[Any]:
    """Registers a webhook that is gone after the test: ``register(url=...)`` answers the answer."""
    made: list[str] = []

    def call(**body: Any) -> requests.Response:
        wanted = {"triggerType": "form_submission", "url": WEBHOOK_URL, **body}
        answer = sandbox.call("POST", f"/sites/{sandbox.site_id}/webhooks", json=wanted)
        if answer.status_code == 201:
            made.append(answer.json()["id"])
        return answer

    yield call
    for webhook_id in made:
        sandbox.call("DELETE", f"/webhooks/{webhook_id}")


@clause("webhooks.create.answer", "webhooks.object", "ids.object-id")
def test_a_webhook_is_answered_as_it_is(sandbox: Sandbox, register: Any) -> None:
    made = expect_json(register(), 201)
    made.pop("secretKey", None)
    known = sandbox.client.webhooks.get(made["id"])
    assert known == made
    expect_keys({key: value for key, value in made.items() if value is not None}, KEYS, "webhooks.object")
    assert (made["triggerType"], made["url"], made["siteId"]) == ("form_submission", WEBHOOK_URL, sandbox.site_id)
    assert re.fullmatch(OBJECT_ID, made["id"])
    assert re.fullmatch(TIMESTAMP_PATTERN, made["createdOn"])


@clause("webhooks.object.nulls")
def test_what_a_webhook_says_of_what_it_does_not_have(register: Any, choice: Choices) -> None:
    made = expect_json(register(), 201)
    made.pop("secretKey", None)
    options = {"absent": KEYS, "null": [*KEYS, "lastTriggered", "filter"]}
    saw = next((option for option, keys in options.items() if {*made} == {*keys}), None)
    nothing_else = all(made.get(key) is None for key in ("lastTriggered", "filter"))
    choice("webhooks.object.nulls").record(saw if nothing_else else None, made)


@clause("webhooks.object", "webhooks.create.filter")
def test_a_filter_is_for_forms(register: Any) -> None:
    made = expect_json(register(filter={"name": "Contact"}), 201)
    assert made["filter"] == {"name": "Contact"}
    wrong = register(triggerType="collection_item_created", filter={"name": "Contact"})
    expect_refusal(wrong, "webhooks.create.filter", trigger="collection_item_created")


@clause("webhooks.list")
def test_all_webhooks_come_at_once(sandbox: Sandbox, register: Any) -> None:
    made = [expect_json(register(triggerType=kind), 201)["id"] for kind in ("form_submission", "site_publish")]
    listed = expect_json(sandbox.call("GET", f"/sites/{sandbox.site_id}/webhooks", query={"limit": "0", "offset": "1"}))
    expect_keys(listed, ["webhooks"], "webhooks.list")
    ids = [webhook["id"] for webhook in listed["webhooks"]]
    assert [webhook_id for webhook_id in ids if webhook_id in made] == made


@clause("webhooks.create.secret-key")
@needs(OTHER_TOKENS)
def test_who_is_told_the_secret_key(sandbox: Sandbox, target: InProcessTarget, choice: Choices) -> None:
    path, body = f"/sites/{sandbox.site_id}/webhooks", {"triggerType": "form_submission", "url": WEBHOOK_URL}
    with target.preserve_state():
        has_key = []
        for client in (target.client_with_token(kind="site"), target.client_with_token(kind="app")):
            made = expect_json(client.request("POST", path, json=body), 201)
            has_key.append(bool(re.fullmatch(r"[0-9a-f]{64}", made.get("secretKey", ""))))
            assert "secretKey" not in client.webhooks.get(made["id"])
            assert not any("secretKey" in webhook for webhook in client.webhooks.list(sandbox.site_id)["webhooks"])
    saw = {(True, False): "not-to-apps", (True, True): "always"}.get((has_key[0], has_key[1]))
    choice("webhooks.create.secret-key").record(saw, f"told to a site's token, to an app's: {has_key}")


@clause("webhooks.create.trigger-type")
@pytest.mark.parametrize("trigger", ["nothing", "", "collection_item_renamed"])
def test_a_trigger_type_there_is_none_of(sandbox: Sandbox, register: Any, trigger: str) -> None:
    before = sandbox.client.webhooks.list(sandbox.site_id)
    expect_refusal(register(triggerType=trigger), "webhooks.create.trigger-type", trigger=trigger)
    assert sandbox.client.webhooks.list(sandbox.site_id) == before


TRIGGER_TYPES = [
    "branch_created",
    "branch_deleted",
    "branch_merged",
    "collection_item_changed",
    "collection_item_created",
    "collection_item_deleted",
    "collection_item_published",
    "collection_item_unpublished",
    "comment_created",
    "ecomm_inventory_changed",
    "ecomm_new_order",
    "ecomm_order_changed",
    "form_submission",
    "page_created",
    "page_deleted",
    "page_metadata_updated",
    "site_publish",
]


@clause("webhooks.create.trigger-type")
def test_the_trigger_types_there_are(register: Any) -> None:
    for trigger in TRIGGER_TYPES:
        assert expect_json(register(triggerType=trigger), 201)["triggerType"] == trigger


@clause("webhooks.create.url")
@pytest.mark.parametrize("url", ["", "nowhere", "/path", "ftp://example.com", "https://", "mailto:a@example.com"])
def test_an_address_nothing_can_be_posted_to(register: Any, url: str) -> None:
    expect_refusal(register(url=url), "webhooks.create.url")


@clause("webhooks.not-found")
def test_a_webhook_that_is_not_there(sandbox: Sandbox) -> None:
    expect_refusal(sandbox.call("GET", f"/webhooks/{ABSENT_ID}"), "webhooks.not-found")
    expect_refusal(sandbox.call("DELETE", f"/webhooks/{ABSENT_ID}"), "webhooks.not-found")


@clause("webhooks.delete.answer", "webhooks.not-found")
def test_a_deleted_webhook_is_gone(sandbox: Sandbox, register: Any) -> None:
    made = expect_json(register(), 201)
    answer = sandbox.call("DELETE", f"/webhooks/{made['id']}")
    assert (answer.status_code, answer.content) == (204, b"")
    expect_refusal(sandbox.call("GET", f"/webhooks/{made['id']}"), "webhooks.not-found")


@clause("webhooks.create.seventy-five")
@needs(ADVANCE_TIME)  # and so a target where 76 calls cost nothing
def test_a_site_has_75_webhooks_of_a_type(register: Any) -> None:
    assert [register().status_code for _ in range(75)] == [201] * 75
    expect_refusal(register(), "webhooks.create.seventy-five", trigger="form_submission")
    assert register(triggerType="site_publish").status_code == 201
