"""A story with the official Python SDK, unmodified, against a fake that is served: ``make demo``.

Nothing in it is special to the fake but the address the SDK is given.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import resources
from typing import Any

import httpx
from webflow import StaticField, Webflow
from webflow.core.api_error import ApiError
from webflow.environment import WebflowEnvironment
from webflow.errors import ConflictError, UnauthorizedError
from webflow.resources.collections.resources.items import (
    CreateBulkCollectionItemRequestBodyFieldDataOneItem as NewItem,
)
from webflow.resources.collections.resources.items import ItemIDs
from webflow.types import CollectionItemPatchSingleFieldData as Changes


@contextmanager
def served_fake(*options: str) -> Iterator[dict[str, Any]]:
    """A fake in a process of its own: what it said of itself when it was ready."""
    command = [sys.executable, "-m", "fake_webflow", "serve", "--port", "0", "--json", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        if not line:
            raise SystemExit("the fake did not start")
        try:
            yield json.loads(line)
        finally:
            process.terminate()


def sdk_for(base_url: str, token: str) -> Webflow:
    """The official SDK with the fake for its environment."""
    environment = WebflowEnvironment(base=base_url, data_api=base_url, content_delivery_api=base_url)
    return Webflow(access_token=token, environment=environment)


def jpeg() -> bytes:
    """A real picture, with a comment of ours in it: the fake has this file already, and Webflow knows files by hash."""
    picture = resources.files("fake_webflow.seeding").joinpath("scenarios/files/harbour.jpg").read_bytes()
    comment = b"from the demo"
    start, rest = picture[:2], picture[2:]
    return start + b"\xff\xfe" + (len(comment) + 2).to_bytes(2, "big") + comment + rest


def tell(base_url: str, token: str) -> None:
    """The story. It expects the first call to be refused with 429, Retry-After 1."""
    webflow = sdk_for(base_url, token)
    site_id = _find_the_site(webflow)
    collection_id = _make_a_collection(webflow, site_id)
    _fill_and_read_it(webflow, collection_id)
    _publish(webflow, site_id, collection_id)
    _upload(webflow, site_id)
    _be_refused(base_url)


def _find_the_site(webflow: Webflow) -> str:
    started = time.monotonic()
    site = webflow.sites.list().sites[0]
    _say("429", f"the first call is refused; the SDK obeys Retry-After and has its answer {_since(started)} later")
    _say("sites", f"{site.display_name} ({site.id}), {1 + len(site.locales.secondary)} locales")
    posts = next(found for found in webflow.collections.list(site.id).collections if found.slug == "posts")
    fields = webflow.collections.get(posts.id).fields
    _say("fields", f"{posts.display_name} has {len(fields)}: {', '.join(sorted({field.type for field in fields}))}")
    return site.id


def _make_a_collection(webflow: Webflow, site_id: str) -> str:
    made = webflow.collections.create(
        site_id,
        display_name="Lighthouses",
        singular_name="Lighthouse",
        fields=[
            StaticField(type="Number", display_name="Height", is_required=True),
            StaticField(type="PlainText", display_name="Coast"),
        ],
    )
    _say("collection", f"{made.display_name} ({made.id}) with {', '.join(field.slug for field in made.fields)}")
    return made.id


def _fill_and_read_it(webflow: Webflow, collection_id: str) -> None:
    items = webflow.collections.items
    towers = [{"name": f"Tower {number}", "slug": f"tower-{number}", "height": number} for number in range(250)]
    for start in range(0, 250, 100):
        created = items.create_items(
            collection_id, field_data=[NewItem(**tower) for tower in towers[start : start + 100]]
        )
        _say("create", f"{len(created.items)} items in one call")
    pages = [items.list_items(collection_id, offset=offset, limit=100) for offset in range(0, 250, 100)]
    _say("pages", f"{[len(page.items) for page in pages]} of {pages[0].pagination.total}")
    found = items.list_items(collection_id, name="Tower 42").items
    _say("filter", f"by name: {[item.field_data.slug for item in found]}")
    last = items.list_items(collection_id, sort_by="name", sort_order="desc", limit=3).items
    _say("sort", f"by name, downwards: {[item.field_data.name for item in last]}")
    changed = items.update_item(collection_id, found[0].id, field_data=Changes(coast="north"))
    tower = changed.field_data
    _say("update", f"{tower.name} stands on the {tower.coast} coast, and its height is still {tower.height}")


def _publish(webflow: Webflow, site_id: str, collection_id: str) -> None:
    items = webflow.collections.items
    webflow.sites.publish(site_id, publish_to_webflow_subdomain=True)
    _say("site publish", "queued; from now on the new collection can have live items")
    tower = items.list_items(collection_id, name="Tower 7").items[0]
    try:
        # This SDK repeats a 409 like a 429, and obeys Retry-After, which Webflow sends on every answer, refusals
        # included. So one 409 would cost it two waits of up to a minute each, here as in reality: no retries.
        items.update_item_live(
            collection_id, tower.id, field_data=Changes(coast="west"), request_options={"max_retries": 0}
        )
    except ConflictError as conflict:
        _say("409", conflict.body["message"])
    published = items.publish_item(collection_id, request=ItemIDs(item_ids=[tower.id]))
    _say("publish", f"{len(published.published_item_ids)} item")
    live = items.update_item_live(collection_id, tower.id, field_data=Changes(coast="west"))
    seen = items.get_item_live(collection_id, tower.id).field_data
    _say("live update", f"{seen.name} stands on the {seen.coast} coast since {live.last_published}")


def _upload(webflow: Webflow, site_id: str) -> None:
    picture = jpeg()
    asset = webflow.assets.create(site_id, file_name="harbour.jpg", file_hash=hashlib.md5(picture).hexdigest())
    form = asset.upload_details.dict(by_alias=True)
    stored = httpx.post(asset.upload_url, data=form, files={"file": ("harbour.jpg", picture, "image/jpeg")})
    read = httpx.get(asset.hosted_url)
    assert read.content == picture
    _say("upload", f"{len(picture)} bytes, answered {stored.status_code}")
    _say("read", f"{asset.hosted_url} has the same bytes, as {read.headers['content-type']}")
    before = webflow.assets.list(site_id).assets
    webflow.assets.delete(asset.id)
    after = webflow.assets.list(site_id).assets
    _say("assets", f"{len(before)} before deleting it, {len(after)} after")


def _be_refused(base_url: str) -> None:
    try:
        sdk_for(base_url, "no-such-token").sites.list()
    except UnauthorizedError as refusal:
        _say("401", refusal.body.message)


def _say(what: str, text: str) -> None:
    print(f"{what:>12}  {text}")


def _since(started: float) -> str:
    return f"{time.monotonic() - started:.1f} s"


def main() -> int:
    """Tells the story against a fake of its own."""
    try:
        with served_fake("--refuse-first", "1:1") as fake:
            print(f"fake-webflow serves {fake['base_url']}; the official SDK talks to it\n")
            tell(fake["base_url"], fake["token"])
    except ApiError as error:
        print(f"Webflow's SDK gave up: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
