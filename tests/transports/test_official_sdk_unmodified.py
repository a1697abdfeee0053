"""The official Python SDK, unmodified and with no address of ours, sync and async."""

from __future__ import annotations

import asyncio
import hashlib

import httpx
import pytest
from webflow import AsyncWebflow, Webflow
from webflow.errors import NotFoundError, UnauthorizedError
from webflow.resources.collections.resources.items import (
    CreateBulkCollectionItemRequestBodyFieldDataOneItem as NewItem,
)

from fake_webflow.fake import fake_of
from fake_webflow.testing.handle import FakeWebflow
from fake_webflow.transports.interception import activate


def test_sync(webflow: FakeWebflow) -> None:
    sdk = Webflow(access_token=webflow.token)
    site = sdk.sites.list().sites[0]
    authors = webflow.collections["authors"].id
    made = sdk.collections.items.create_items(authors, field_data=[NewItem(name="Ida", slug="ida")])
    assert len(made.items) == 1
    content = b"\xff\xd8 picture"
    asset = sdk.assets.create(site.id, file_name="a.jpg", file_hash=hashlib.md5(content).hexdigest())
    form = asset.upload_details.dict(by_alias=True)
    stored = httpx.post(asset.upload_url, data=form, files={"file": ("a.jpg", content, "image/jpeg")})
    assert (stored.status_code, httpx.get(asset.hosted_url).content) == (201, content)
    with pytest.raises(UnauthorizedError):
        Webflow(access_token="nobody").sites.list()
    with pytest.raises(NotFoundError):
        sdk.collections.get("0" * 24)
    assert [each.operation for each in webflow.journal][:3] == ["sites.list", "items.create-bulk", "assets.create"]


def test_async(webflow: FakeWebflow) -> None:
    async def script() -> None:
        sdk = AsyncWebflow(access_token=webflow.token)
        authors = webflow.collections["authors"].id
        pages = await asyncio.gather(
            *(sdk.collections.items.list_items(authors, limit=1, offset=offset) for offset in range(3))
        )
        assert len({page.items[0].id for page in pages}) == 3
        assert (await sdk.sites.list()).sites[0].id == webflow.site.id

    asyncio.run(script())
    assert len(webflow.journal.calls_to("items.list")) == 3


def test_a_client_made_before_the_fake(inactive: FakeWebflow) -> None:
    sdk = Webflow(access_token=inactive.token)
    with activate(fake_of(inactive)):
        assert sdk.sites.list().sites[0].id == inactive.site.id
