"""Publishing items, and sites."""

from __future__ import annotations

from typing import Any

import pytest

from .kit.clauses import Choices, ClauseDiffers, clause, needs
from .kit.expect import expect_json, expect_keys, expect_refusal
from .kit.in_process import InProcessTarget
from .kit.sandbox import ABSENT_ID, Sandbox
from .kit.targets import ADVANCE_TIME, LIMIT_RATE, MORE_SITES


def publish(sandbox: Sandbox, *ids: str) -> dict[str, Any]:
    """The answer to publishing items by their ids."""
    answer = sandbox.call("POST", f"{sandbox.everything.path}/publish", json={"itemIds": [*ids]})
    return dict(expect_json(answer, 202))


def not_found(item_id: str) -> str:
    return f"Staging item ID {item_id} not found."


@clause("publishing.items.answer", "publishing.items.timestamps", "items.live.list")
def test_published_items_are_live(sandbox: Sandbox) -> None:
    items = sandbox.new_items([{"text": "first"}, {"text": "second"}])
    answer = publish(sandbox, *(item["id"] for item in items))
    expect_keys(answer, ["publishedItemIds", "errors"], "publishing.items.answer")
    assert answer == {"publishedItemIds": [item["id"] for item in items], "errors": []}
    for item in items:
        after, live = sandbox.get_staged(item), sandbox.get_live(item)
        if not after["lastPublished"] or after["lastPublished"] != after["lastUpdated"]:
            raise ClauseDiffers(
                "publishing.items.timestamps",
                "lastPublished == lastUpdated",
                f"{after['lastPublished']}, {after['lastUpdated']}",
            )
        assert after["lastUpdated"] > item["lastUpdated"]
        assert (after["createdOn"], after["fieldData"]) == (item["createdOn"], item["fieldData"])
        assert live["fieldData"] == item["fieldData"]
        assert live["lastPublished"] == after["lastPublished"]


@clause("publishing.items.timestamps", "items.update.leaves-live")
def test_publishing_again_takes_the_edits_live(sandbox: Sandbox) -> None:
    item = sandbox.new_published_item(text="first")
    change = {"fieldData": {"text": "second"}, "isDraft": False}
    sandbox.client.items.update(sandbox.everything.id, item["id"], change)
    after = sandbox.publish(item)
    assert after["lastPublished"] == after["lastUpdated"] > item["lastPublished"]
    assert sandbox.get_live(item)["fieldData"]["text"] == "second"


@clause("publishing.items.partial", "publishing.item-not-found")
def test_what_cannot_be_published_is_named(sandbox: Sandbox) -> None:
    first, second = sandbox.new_items([{}, {}])
    answer = publish(sandbox, first["id"], ABSENT_ID, second["id"])
    assert answer["publishedItemIds"] == [first["id"], second["id"]]
    if answer["errors"] != [not_found(ABSENT_ID)]:
        raise ClauseDiffers("publishing.item-not-found", not_found(ABSENT_ID), str(answer["errors"]))
    assert sandbox.is_live(first)
    assert sandbox.is_live(second)


@clause("publishing.items.partial", "publishing.item-not-found")
def test_publishing_nothing_that_is_there(sandbox: Sandbox) -> None:
    assert publish(sandbox, ABSENT_ID) == {"publishedItemIds": [], "errors": [not_found(ABSENT_ID)]}


@clause("items.publish.archived")
def test_what_publishing_an_archived_item_does(sandbox: Sandbox, choice: Choices) -> None:
    [item] = sandbox.new_items([{}], isArchived=True, isDraft=False)
    answer = publish(sandbox, item["id"])
    refusing = f"Staging item ID {item['id']} is archived and cannot be published."
    saw = None
    if answer == {"publishedItemIds": [], "errors": [refusing]} and not sandbox.is_live(item):
        saw = "refuse-item"
    elif answer == {"publishedItemIds": [item["id"]], "errors": []} and sandbox.is_live(item):
        saw = "publish"
    choice("items.publish.archived").record(saw, answer)


@clause("publishing.item-archived", "publishing.items.partial")
def test_an_archived_item_does_not_stop_the_others(sandbox: Sandbox, choice: Choices) -> None:
    choice("items.publish.archived").needs("refuse-item")
    [archived] = sandbox.new_items([{}], isArchived=True)
    other = sandbox.new_item()
    error = f"Staging item ID {archived['id']} is archived and cannot be published."
    answer = publish(sandbox, archived["id"], other["id"])
    if answer != {"publishedItemIds": [other["id"]], "errors": [error]}:
        raise ClauseDiffers("publishing.item-archived", error, str(answer))
    assert sandbox.is_live(other)


@clause("publishing.item-archived")
def test_an_archived_item_is_named_once_for_each_locale(sandbox: Sandbox, choice: Choices) -> None:
    choice("items.publish.archived").needs("refuse-item")
    locales = [sandbox.primary_locale_id, sandbox.secondary_locale_id()]
    item_id = sandbox.new_items([{}], locales=locales, isArchived=True)[0]["id"]
    body = {"items": [{"id": item_id, "cmsLocaleIds": locales}]}
    answer = expect_json(sandbox.call("POST", f"{sandbox.everything.path}/publish", json=body), 202)
    error = f"Staging item ID {item_id} is archived and cannot be published."
    if answer != {"publishedItemIds": [], "errors": [error] * 2}:
        raise ClauseDiffers("publishing.item-archived", str([error] * 2), str(answer))


@clause("items.publish.clears-draft")
def test_whether_publishing_clears_the_draft_flag(sandbox: Sandbox, choice: Choices) -> None:
    [item] = sandbox.new_items([{"text": "first"}], isDraft=True)
    after = sandbox.publish(item)
    change = {"fieldData": {"text": "second"}, "isDraft": True}
    sandbox.client.items.update(sandbox.everything.id, item["id"], change)
    publish(sandbox, item["id"])
    saw = after["isDraft"], sandbox.get_live(item)["fieldData"]["text"]
    options = {(False, "second"): "yes", (True, "first"): "no"}
    choice("items.publish.clears-draft").record(options.get(saw), saw)


@clause("items.publish.clears-draft")
def test_what_is_no_draft_any_more_goes_live_when_it_is_published_again(sandbox: Sandbox) -> None:
    item = sandbox.new_published_item(text="first")
    for flags in ({"isDraft": True}, {"isDraft": False}):
        change = {"fieldData": {"text": "second"}, **flags}
        sandbox.client.items.update(sandbox.everything.id, item["id"], change)
        publish(sandbox, item["id"])
    assert sandbox.get_live(item)["fieldData"]["text"] == "second"


@clause("publishing.items.locales", "items.locale.default")
def test_publishing_in_one_locale_leaves_the_others(sandbox: Sandbox) -> None:
    first, second = sandbox.new_items([{}], locales=[sandbox.primary_locale_id, sandbox.secondary_locale_id()])
    assert publish(sandbox, first["id"])["publishedItemIds"] == [first["id"]]
    assert sandbox.is_live(first)
    assert not sandbox.is_live(second)
    assert sandbox.get_staged(second) == second


@clause("publishing.items.locales")
def test_publishing_in_the_locales_named(sandbox: Sandbox) -> None:
    locales = [sandbox.primary_locale_id, sandbox.secondary_locale_id()]
    for named in ([locales[1]], locales, []):
        variants = sandbox.new_items([{}], locales=locales)
        wanted = {"id": variants[0]["id"], **({"cmsLocaleIds": named} if named else {})}
        answer = sandbox.call("POST", f"{sandbox.everything.path}/publish", json={"items": [wanted]})
        assert expect_json(answer, 202) == {"publishedItemIds": [variants[0]["id"]], "errors": []}
        assert [sandbox.is_live(item) for item in variants] == [
            item["cmsLocaleId"] in (named or [sandbox.primary_locale_id]) for item in variants
        ]


@clause("publishing.item-not-found")
def test_a_variant_that_is_not_there_is_not_published(sandbox: Sandbox) -> None:
    item = sandbox.new_item()
    wanted = {"id": item["id"], "cmsLocaleIds": [sandbox.primary_locale_id, sandbox.secondary_locale_id()]}
    answer = sandbox.call("POST", f"{sandbox.everything.path}/publish", json={"items": [wanted]})
    assert expect_json(answer, 202) == {"publishedItemIds": [], "errors": [not_found(item["id"])]}
    assert not sandbox.is_live(item)


@clause("publishing.site-never-published")
@needs(MORE_SITES)
@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/publish"), ("POST", "/live"), ("PATCH", "/live"), ("PATCH", "/{item}/live")]
)
def test_a_site_that_was_never_published(sandbox: Sandbox, target: InProcessTarget, method: str, path: str) -> None:
    with target.preserve_state():
        site = target.new_site()
        wanted = {"displayName": "One", "singularName": "One"}
        items = f"/collections/{sandbox.client.collections.create(site, wanted)['id']}/items"
        item = expect_json(sandbox.call("POST", items, json={"fieldData": {"name": "x"}}), 202)
        change = {"id": item["id"], "fieldData": {"name": "y"}}
        bodies: dict[str, dict[str, Any]] = {
            "/publish": {"itemIds": [item["id"]]},
            "/{item}/live": change,
            "/live": {"items": [change]} if method == "PATCH" else {"fieldData": {"name": "y"}},
        }
        answer = sandbox.call(method, items + path.format(item=item["id"]), json=bodies[path])
        expect_refusal(answer, "publishing.site-never-published")
        assert sandbox.call("GET", items).json()["items"] == [item]
        assert sandbox.call("GET", f"{items}/live").json()["items"] == []


@clause("publishing.structure-changed")
@pytest.mark.parametrize("write", ["update-bulk", "update", "create", "publish"])
def test_live_writes_wait_for_the_structure_to_be_published(sandbox: Sandbox, write: str) -> None:
    collection, item = sandbox.restructured
    bodies: dict[str, tuple[str, str, dict[str, Any]]] = {
        "update-bulk": ("PATCH", "/live", {"items": [{"id": item["id"], "fieldData": {"name": "y"}}]}),
        "update": ("PATCH", f"/{item['id']}/live", {"isDraft": False}),
        "create": ("POST", "/live", {"fieldData": {"name": sandbox.name()}}),
        "publish": ("POST", "/publish", {"itemIds": [item["id"]]}),
    }
    method, path, body = bodies[write]
    with sandbox.expect_unchanged(collection, f"{collection.path}/live"):
        expect_refusal(sandbox.call(method, collection.path + path, json=body), "publishing.structure-changed")


@clause("publishing.site.answer")
def test_what_a_site_publish_answers(sandbox: Sandbox) -> None:
    answer = sandbox.site_published
    assert answer.status_code == 202
    expect_keys(answer.json(), ["customDomains", "publishToWebflowSubdomain", "publishScope"], "publishing.site.answer")
    assert answer.json() == {"customDomains": [], "publishToWebflowSubdomain": True, "publishScope": "site"}


@clause("publishing.site.nowhere")
@pytest.mark.parametrize("body", [{}, {"publishToWebflowSubdomain": False}, {"customDomains": []}])
def test_a_site_publish_to_nowhere(sandbox: Sandbox, body: dict[str, Any]) -> None:
    before = sandbox.client.sites.get(sandbox.site_id)
    expect_refusal(sandbox.publish_site(body), "publishing.site.nowhere")
    assert sandbox.client.sites.get(sandbox.site_id) == before


@clause("publishing.site.unknown-domain")
def test_a_site_publish_to_a_domain_that_is_not_there(sandbox: Sandbox) -> None:
    expect_refusal(sandbox.publish_site({"customDomains": [ABSENT_ID]}), "publishing.site.unknown-domain")


# A site publish takes everything live, and only one a minute is allowed: where that can be undone and hurried.


def publish_site(sandbox: Sandbox, target: InProcessTarget) -> None:
    """Publishes the whole site, a while after whatever was before."""
    target.advance(61)
    sandbox.client.sites.publish(sandbox.site_id, publish_to_webflow_subdomain=True)


@clause("publishing.site.items", "publishing.site.drafts", "publishing.site.archived")
@needs(ADVANCE_TIME)
def test_what_a_site_publish_takes_live(sandbox: Sandbox, target: InProcessTarget) -> None:
    with target.preserve_state():
        [queued] = sandbox.new_items([{}], isDraft=False)
        [draft] = sandbox.new_items([{}], isDraft=True)
        [archived] = sandbox.new_items([{}], isDraft=False, isArchived=True)
        single = sandbox.new_published_item()
        retired = sandbox.new_published_item()
        sandbox.client.items.update(sandbox.everything.id, retired["id"], {"isArchived": True})
        publish_site(sandbox, target)
        after = {name: sandbox.get_staged(item) for name, item in (("queued", queued), ("single", single))}
        assert after["queued"] == {**queued, "lastPublished": after["queued"]["lastPublished"]}
        assert after["single"] == {**single, "lastPublished": after["queued"]["lastPublished"]}
        assert after["queued"]["lastPublished"] > single["lastPublished"]
        assert sandbox.get_live(queued)["fieldData"] == queued["fieldData"]
        assert [sandbox.is_live(item) for item in (draft, archived, retired)] == [False, False, False]
        assert sandbox.get_staged(draft) == draft
        assert sandbox.get_staged(archived) == archived


@clause("publishing.site.items", "publishing.site.drafts")
@needs(ADVANCE_TIME)
def test_a_second_site_publish_takes_what_changed(sandbox: Sandbox, target: InProcessTarget) -> None:
    with target.preserve_state():
        same, edited, drafted, single = sandbox.new_items([{"text": "first"}] * 4, isDraft=False)
        publish_site(sandbox, target)
        first = sandbox.get_staged(same)["lastPublished"]
        sandbox.client.items.update(sandbox.everything.id, edited["id"], {"fieldData": {"text": "second"}})
        change = {"fieldData": {"text": "second"}, "isDraft": True}
        sandbox.client.items.update(sandbox.everything.id, drafted["id"], change)
        sandbox.client.items.update(sandbox.everything.id, single["id"], {"fieldData": {"text": "second"}})
        single = sandbox.publish(single)
        publish_site(sandbox, target)
        assert sandbox.get_staged(same)["lastPublished"] == first
        assert sandbox.get_staged(single) == single
        assert sandbox.get_staged(edited)["lastPublished"] > first
        assert sandbox.get_live(edited)["fieldData"]["text"] == "second"
        assert sandbox.get_staged(drafted)["lastPublished"] == first
        assert sandbox.get_live(drafted)["fieldData"]["text"] == "first"


@clause("publishing.site.dates", "publishing.structure-changed", "items.slug.held-after-delete")
@needs(ADVANCE_TIME, LIMIT_RATE)
def test_a_site_publish_settles_what_waited_for_it(sandbox: Sandbox, target: InProcessTarget) -> None:
    with target.preserve_state():
        slug = sandbox.slug()
        gone = sandbox.new_published_item(slug=slug)
        sandbox.client.items.delete(sandbox.everything.id, gone["id"])
        fresh = sandbox.new_collection("fresh")
        item = sandbox.new_item(fresh)
        before = sandbox.client.sites.get(sandbox.site_id)
        publish_site(sandbox, target)
        after = sandbox.client.sites.get(sandbox.site_id)
        assert after["lastPublished"] > before["lastPublished"]
        assert after["lastUpdated"] > before["lastUpdated"]
        assert sandbox.publish(item, fresh)["lastPublished"] is not None
        assert sandbox.new_item(slug=slug)["fieldData"]["slug"] == slug
