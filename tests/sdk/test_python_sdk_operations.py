"""Each simulated operation that the official Python SDK has a method for, through the SDK, unmodified."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator

import httpx
import pytest
from sdk_scene import Scene
from webflow import ItemsListItemsRequestLastPublished, OptionField, ReferenceField, StaticField
from webflow.resources.collections.resources.items import (
    CreateBulkCollectionItemRequestBodyFieldDataOneItem as NewItem,
)
from webflow.resources.collections.resources.items import (
    ItemIDs,
    ItemIDsWithLocales,
    ItemsDeleteItemsLiveRequestItemsItem,
    ItemsDeleteItemsRequestItemsItem,
    ItemsPublishItemRequestItemsItemsItem,
    SingleCmsItem,
)
from webflow.types import (
    CollectionItemPatchSingleFieldData as Changes,
)
from webflow.types import (
    CollectionItemPostSingle,
    CollectionItemPostSingleFieldData,
    CollectionItemWithIdInput,
    CollectionItemWithIdInputFieldData,
    Metadata,
    MetadataOptionsItem,
    ReferenceFieldMetadata,
)

from fake_webflow import FakeWebflow
from fake_webflow.api.operations import OPERATIONS

Exercise = Callable[[Scene], None]
WITHOUT_METHOD = frozenset(["items.insert", "collections.update"])
EXERCISES: dict[str, list[Exercise]] = {}


def of(operation: str) -> Callable[[Exercise], Exercise]:
    """Says which operation the exercise's last call through the SDK is."""

    def noted(exercise: Exercise) -> Exercise:
        EXERCISES.setdefault(operation, []).append(exercise)
        return exercise

    return noted


@of("token.introspect")
def _(scene: Scene) -> None:
    authorization = scene.sdk.token.introspect().authorization
    assert authorization.authorized_to.site_ids == [scene.site_id]


@of("token.authorized-by")
def _(scene: Scene) -> None:
    user = scene.sdk.token.authorized_by()
    assert "@" in user.email
    assert user.first_name


@of("sites.list")
def _(scene: Scene) -> None:
    assert [site.id for site in scene.sdk.sites.list().sites] == [scene.site_id]


@of("sites.get")
def _(scene: Scene) -> None:
    site = scene.sdk.sites.get(scene.site_id)
    assert site.display_name == scene.webflow.site.display_name
    assert site.locales.primary.cms_locale_id == scene.webflow.site.primary.cms_locale_id
    assert len(site.locales.secondary) == 2


@of("sites.list-custom-domains")
def _(scene: Scene) -> None:
    found = scene.sdk.sites.get_custom_domain(scene.site_id).custom_domains
    assert [domain.url for domain in found] == [domain.url for domain in scene.webflow.site.custom_domains]


@of("sites.publish")
def _(scene: Scene) -> None:
    before = scene.webflow.site.last_published
    answer = scene.sdk.sites.publish(scene.site_id, publish_to_webflow_subdomain=True)
    assert answer.publish_to_webflow_subdomain is True
    assert scene.webflow.site.last_published > before


@of("collections.list")
def _(scene: Scene) -> None:
    found = scene.sdk.collections.list(scene.site_id).collections
    assert {collection.slug: collection.id for collection in found} == {
        slug: collection.id for slug, collection in scene.webflow.collections.items()
    }


@of("collections.create")
def _(scene: Scene) -> None:
    made = scene.sdk.collections.create(
        scene.site_id,
        display_name="Ships",
        singular_name="Ship",
        slug="fleet",
        fields=[
            StaticField(type="Number", display_name="Masts", is_required=True),
            OptionField(
                type="Option",
                display_name="Rig",
                metadata=Metadata(options=[MetadataOptionsItem(name="Brig"), MetadataOptionsItem(name="Sloop")]),
            ),
            ReferenceField(
                type="Reference",
                display_name="Master",
                metadata=ReferenceFieldMetadata(collection_id=scene.collection_id),
            ),
        ],
    )
    assert made.slug == "fleet"
    assert [(field.type, field.slug) for field in made.fields[-3:]] == [
        ("Number", "masts"), ("Option", "rig"), ("Reference", "master")
    ]  # fmt: skip
    assert scene.webflow.collections["fleet"].id == made.id


@of("collections.get")
def _(scene: Scene) -> None:
    posts = scene.webflow.collections["posts"]
    found = scene.sdk.collections.get(posts.id)
    assert [field.slug for field in found.fields] == [field.slug for field in posts.fields]
    assert len({field.type for field in found.fields}) == 16


@of("collections.delete")
def _(scene: Scene) -> None:
    made = scene.webflow.client.collections.create(scene.site_id, {"displayName": "Gone", "singularName": "One"})
    assert scene.sdk.collections.delete(made["id"]) is None
    assert "gone" not in scene.webflow.collections


@of("fields.create")
def _(scene: Scene) -> None:
    made = scene.sdk.collections.fields.create(
        scene.collection_id,
        request=StaticField(type="Email", display_name="Work address", help_text="Where to write to"),
    )
    assert (made.type, made.display_name, made.help_text) == ("Email", "Work address", "Where to write to")
    assert scene.webflow.collections["authors"].field_with_slug("work-address").id == made.id


@of("fields.update")
def _(scene: Scene) -> None:
    made = scene.webflow.client.collections.create_field(
        scene.collection_id, {"type": "PlainText", "displayName": "Motto"}
    )
    changed = scene.sdk.collections.fields.update(
        scene.collection_id, made["id"], display_name="Device", help_text="In a few words"
    )
    assert (changed.display_name, changed.help_text) == ("Device", "In a few words")


@of("fields.delete")
def _(scene: Scene) -> None:
    made = scene.webflow.client.collections.create_field(
        scene.collection_id, {"type": "PlainText", "displayName": "Motto"}
    )
    assert scene.sdk.collections.fields.delete(scene.collection_id, made["id"]) is None
    assert scene.webflow.collections["authors"].field_with_slug("motto") is None


@of("items.list")
def _(scene: Scene) -> None:
    total = len(scene.webflow.client.items.list(scene.collection_id)["items"])
    page = scene.items.list_items(scene.collection_id, limit=3, offset=1, sort_by="name", sort_order="asc")
    assert [item.field_data.name for item in page.items] == sorted(item.field_data.name for item in page.items)
    assert (len(page.items), page.pagination.offset, page.pagination.total) == (3, 1, total)


@of("items.list")
def _(scene: Scene) -> None:
    wanted = [scene.ids.live]
    found = scene.items.list_items(scene.collection_id, name="Ada", slug="ada")
    assert [item.id for item in found.items] == wanted
    found = scene.items.list_items(scene.collection_id, name="Ada", cms_locale_id=scene.second_locale)
    assert (found.items, found.pagination.total) == ([], 0)


@of("items.list")
def _(scene: Scene) -> None:
    live = scene.seen(scene.ids.live)["lastPublished"]
    found = scene.items.list_items(scene.collection_id, last_published=ItemsListItemsRequestLastPublished(gte=live))
    assert {item.id for item in found.items} == {scene.ids.live, scene.ids.spare}


@of("items.create")
def _(scene: Scene) -> None:
    body = CollectionItemPostSingle(is_draft=False, field_data=CollectionItemPostSingleFieldData(name="Mary", slug="m"))
    made = scene.items.create_item(scene.collection_id, request=body)
    assert (made.field_data.slug, made.is_draft, made.last_published) == ("m", False, None)


@of("items.create-bulk")
def _(scene: Scene) -> None:
    made = scene.items.create_items(
        scene.collection_id,
        field_data=[NewItem(name=f"Keeper {number}", slug=f"keeper-{number}") for number in range(100)],
        is_draft=False,
    )
    # The SDK's type for this answer is a single item; the items that really come are in it, as they came.
    assert [item["fieldData"]["slug"] for item in made.items] == [f"keeper-{number}" for number in range(100)]


@of("items.create-bulk")
def _(scene: Scene) -> None:
    locales = scene.webflow.site.cms_locale_ids
    made = scene.items.create_items(
        scene.collection_id, field_data=SingleCmsItem(name="Keeper", slug="keeper"), cms_locale_ids=list(locales)
    )
    assert len({item["id"] for item in made.items}) == 1
    assert [item["cmsLocaleId"] for item in made.items] == list(locales)


@of("items.get")
def _(scene: Scene) -> None:
    item = scene.items.get_item(scene.collection_id, scene.ids.draft)
    assert (item.field_data.name, item.is_draft, item.last_published) == ("Grace", True, None)


@of("items.update")
def _(scene: Scene) -> None:
    changed = scene.items.update_item(scene.collection_id, scene.ids.draft, field_data=Changes(name="Grace H."))
    assert (changed.field_data.name, changed.field_data.slug) == ("Grace H.", "grace")


@of("items.update-bulk")
def _(scene: Scene) -> None:
    ids = [scene.ids.draft, scene.ids.live]
    changes = [
        CollectionItemWithIdInput(id=item_id, field_data=CollectionItemWithIdInputFieldData(name=f"N {number}"))
        for number, item_id in enumerate(ids)
    ]
    changed = scene.items.update_items(scene.collection_id, items=changes)
    assert [(item.id, item.field_data.name) for item in changed.items] == [(ids[0], "N 0"), (ids[1], "N 1")]


@of("items.delete")
def _(scene: Scene) -> None:
    item_id = scene.ids.draft
    assert scene.items.delete_item(scene.collection_id, item_id) is None
    assert scene.webflow.client.request("GET", _path(scene, item_id), check=False).status_code == 404


@of("items.delete-bulk")
def _(scene: Scene) -> None:
    ids = [scene.ids.draft, scene.ids.live]
    chosen = [ItemsDeleteItemsRequestItemsItem(id=item_id) for item_id in ids]
    assert scene.items.delete_items(scene.collection_id, items=chosen) is None
    for item_id in ids:
        assert scene.webflow.client.request("GET", _path(scene, item_id), check=False).status_code == 404


@of("items.publish")
def _(scene: Scene) -> None:
    answer = scene.items.publish_item(scene.collection_id, request=ItemIDs(item_ids=[scene.ids.draft]))
    assert (answer.published_item_ids, answer.errors) == ([scene.ids.draft], [])
    assert scene.seen(scene.ids.draft, live=True)["fieldData"]["name"] == "Grace"


@of("items.publish")
def _(scene: Scene) -> None:
    locale = scene.webflow.site.primary.cms_locale_id
    chosen = ItemsPublishItemRequestItemsItemsItem(id=scene.ids.draft, cms_locale_ids=[locale])
    answer = scene.items.publish_item(scene.collection_id, request=ItemIDsWithLocales(items=[chosen]))
    assert (answer.published_item_ids, answer.errors) == ([scene.ids.draft], [])


@of("live-items.list")
def _(scene: Scene) -> None:
    newest = [scene.ids.spare, scene.ids.live]
    found = scene.items.list_items_live(scene.collection_id, limit=2)
    assert [item.id for item in found.items] == newest


@of("live-items.create")
def _(scene: Scene) -> None:
    body = CollectionItemPostSingle(field_data=CollectionItemPostSingleFieldData(name="Mary", slug="mary"))
    made = scene.items.create_item_live(scene.collection_id, request=body)
    assert made.last_published is not None
    assert scene.seen(made.id, live=True)["fieldData"]["slug"] == "mary"


@of("live-items.get")
def _(scene: Scene) -> None:
    assert scene.items.get_item_live(scene.collection_id, scene.ids.live).field_data.name == "Ada"


@of("live-items.update")
def _(scene: Scene) -> None:
    changed = scene.items.update_item_live(scene.collection_id, scene.ids.live, field_data=Changes(name="Ada L."))
    assert changed.field_data.name == "Ada L."
    assert scene.seen(scene.ids.live, live=True)["fieldData"]["name"] == "Ada L."


@of("live-items.update-bulk")
def _(scene: Scene) -> None:
    ids = [scene.ids.spare, scene.ids.live]
    changes = [
        CollectionItemWithIdInput(id=item_id, field_data=CollectionItemWithIdInputFieldData(name=f"N {number}"))
        for number, item_id in enumerate(ids)
    ]
    changed = scene.items.update_items_live(scene.collection_id, items=changes)
    assert [(item.id, item.field_data.name) for item in changed.items] == [(ids[0], "N 0"), (ids[1], "N 1")]


@of("live-items.delete")
def _(scene: Scene) -> None:
    item_id = scene.ids.live
    assert scene.items.delete_item_live(scene.collection_id, item_id) is None
    assert scene.seen(item_id)["isDraft"] is True


@of("live-items.delete-bulk")
def _(scene: Scene) -> None:
    ids = [scene.ids.spare, scene.ids.live]
    chosen = [ItemsDeleteItemsLiveRequestItemsItem(id=item_id) for item_id in ids]
    assert scene.items.delete_items_live(scene.collection_id, items=chosen) is None
    assert [scene.seen(item_id)["lastPublished"] for item_id in ids] == [None, None]


@of("assets.list")
def _(scene: Scene) -> None:
    found = scene.sdk.assets.list(scene.site_id, limit=2, offset=1)
    wanted = scene.webflow.client.assets.list(scene.site_id, limit=2, offset=1)
    assert [asset.id for asset in found.assets] == [asset["id"] for asset in wanted["assets"]]
    assert found.pagination.total == wanted["pagination"]["total"] >= 3


@of("assets.create")
def _(scene: Scene) -> None:
    made = scene.sdk.assets.create(scene.site_id, file_name="new.png", file_hash="5e1f" * 8)
    assert made.content_type == "image/png"
    assert made.upload_url.startswith(scene.webflow.base_url.removesuffix("/v2"))
    # In the spelling and the order of the wire, which S3 and its signature know.
    assert list(made.upload_details.dict(by_alias=True)) == [
        "acl", "bucket", "X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date", "key", "Policy", "X-Amz-Signature",
        "success_action_status", "content-type", "Cache-Control",
    ]  # fmt: skip


@of("assets.get")
def _(scene: Scene) -> None:
    wanted = scene.webflow.client.assets.list(scene.site_id)["assets"][0]
    found = scene.sdk.assets.get(wanted["id"])
    assert (found.display_name, found.content_type) == (wanted["displayName"], wanted["contentType"])


@of("assets.update")
def _(scene: Scene) -> None:
    asset_id = scene.webflow.client.assets.list(scene.site_id)["assets"][0]["id"]
    assert scene.sdk.assets.update(asset_id, display_name="Renamed").display_name == "Renamed"


@of("assets.delete")
def _(scene: Scene) -> None:
    asset_id = scene.webflow.client.assets.list(scene.site_id)["assets"][0]["id"]
    assert scene.sdk.assets.delete(asset_id) is None
    assert asset_id not in [asset["id"] for asset in scene.webflow.client.assets.iterate(scene.site_id)]


@of("asset-folders.list")
def _(scene: Scene) -> None:
    wanted = scene.webflow.client.asset_folders.list(scene.site_id)["assetFolders"]
    found = scene.sdk.assets.list_folders(scene.site_id).asset_folders
    assert [folder.id for folder in found] == [folder["id"] for folder in wanted] != []


@of("asset-folders.create")
def _(scene: Scene) -> None:
    parent = scene.webflow.client.asset_folders.list(scene.site_id)["assetFolders"][0]["id"]
    made = scene.sdk.assets.create_folder(scene.site_id, display_name="Charts", parent_folder=parent)
    assert (made.display_name, made.parent_folder) == ("Charts", parent)


@of("asset-folders.get")
def _(scene: Scene) -> None:
    wanted = scene.webflow.client.asset_folders.list(scene.site_id)["assetFolders"][0]
    assert scene.sdk.assets.get_folder(wanted["id"]).display_name == wanted["displayName"]


@of("webhooks.list")
def _(scene: Scene) -> None:
    webhook_id = _webhook(scene)
    assert [webhook.id for webhook in scene.sdk.webhooks.list(scene.site_id).webhooks] == [webhook_id]


@of("webhooks.create")
def _(scene: Scene) -> None:
    made = scene.sdk.webhooks.create(scene.site_id, trigger_type="site_publish", url="http://127.0.0.1:9/hook")
    assert (made.trigger_type, made.site_id) == ("site_publish", scene.site_id)


@of("webhooks.get")
def _(scene: Scene) -> None:
    assert scene.sdk.webhooks.get(_webhook(scene)).url == "http://127.0.0.1:9/hook"


@of("webhooks.delete")
def _(scene: Scene) -> None:
    assert scene.sdk.webhooks.delete(_webhook(scene)) is None
    assert scene.webflow.client.webhooks.list(scene.site_id)["webhooks"] == []


def _webhook(scene: Scene) -> str:
    made = scene.webflow.client.webhooks.create(
        scene.site_id, trigger_type="collection_item_created", url="http://127.0.0.1:9/hook"
    )
    webhook_id: str = made["id"]
    return webhook_id


def _path(scene: Scene, item_id: str) -> str:
    return f"/collections/{scene.collection_id}/items/{item_id}"


@pytest.fixture
def scene(fake_webflow: FakeWebflow) -> Iterator[Scene]:
    scene = Scene(fake_webflow)
    with scene.http:
        yield scene


@pytest.mark.parametrize(
    ("operation", "exercise"),
    [pytest.param(name, one, id=f"{name}-{number}") for name, found in EXERCISES.items()
     for number, one in enumerate(found)],
)  # fmt: skip
def test_an_operation_through_the_sdk(scene: Scene, operation: str, exercise: Exercise) -> None:
    exercise(scene)
    calls = scene.webflow.journal.calls_to(operation)
    assert [call.status for call in calls if call.status >= 400] == []
    assert calls != []


def test_no_operation_is_left_out() -> None:
    assert set(EXERCISES) | WITHOUT_METHOD == {operation.name for operation in OPERATIONS}


def test_what_the_sdk_has_no_method_for_through_the_thin_client(scene: Scene) -> None:
    variant = {
        "id": scene.ids.draft,
        "cmsLocaleIds": [scene.second_locale],
        "fieldData": {"name": "Grâce", "slug": "grace"},
    }
    inserted = scene.webflow.client.items.insert(scene.collection_id, [variant])
    assert [row["cmsLocaleId"] for row in inserted["items"]] == [scene.second_locale]
    assert scene.webflow.journal.calls_to("items.insert")[-1].status < 300
    changed = scene.webflow.client.collections.update(scene.collection_id, {"singularName": "Writer"})
    assert changed["singularName"] == scene.sdk.collections.get(scene.collection_id).singular_name == "Writer"


def test_the_asynchronous_sdk_works_as_well(scene: Scene) -> None:
    async def use() -> tuple[int, str]:
        async with httpx.AsyncClient() as http:
            sdk = scene.asynchronous(http)
            sites, item = await asyncio.gather(
                sdk.sites.list(), sdk.collections.items.get_item(scene.collection_id, scene.ids.draft)
            )
        return len(sites.sites), item.field_data.name

    assert asyncio.run(use()) == (1, "Grace")
