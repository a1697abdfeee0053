"""What each open choice shows: one scene a choice, which takes a fresh fake, and what it sees under each option."""

from __future__ import annotations

import io
import json
from base64 import b64decode
from collections.abc import Callable, Mapping
from typing import Any

import requests
from worlds import (
    BLUE,
    DE,
    EN,
    OTHER_SITE_ID,
    POSTS_ID,
    RED,
    SITE_ID,
    SITE_TOKEN,
    ask,
    collection,
    faults_of,
    json_of,
    locales,
    ok,
    world,
)

from fake_webflow.api.pipeline import answer
from fake_webflow.fake import Fake
from fake_webflow.message import Request
from fake_webflow.world.assets import StoredFile

ITEMS = f"/collections/{POSTS_ID}/items"
ASSETS = f"/sites/{SITE_ID}/assets"
GONE = "https://cdn.prod.website-files.com/gone/x.png"
VIDEO = "https://example.com/video"


def create(asked: Fake, live: bool = False, **data: Any) -> dict[str, Any]:
    body = {"fieldData": {"name": "One", **data}, "isDraft": False}
    return ok(ask(asked, "POST", f"{ITEMS}/live" if live else ITEMS, body))


def change(asked: Fake, item: Mapping[str, Any], *, live: bool = False, **data: Any) -> Any:
    path = f"{ITEMS}/{item['id']}/live" if live else f"{ITEMS}/{item['id']}"
    return json_of(ask(asked, "PATCH", path, {"fieldData": data}))


def read_live(asked: Fake, item: Mapping[str, Any]) -> dict[str, Any]:
    return ok(ask(asked, "GET", f"{ITEMS}/{item['id']}/live"))


def register(asked: Fake, file_hash: str = "0" * 32, name: str = "a.png") -> dict[str, Any]:
    return ok(ask(asked, "POST", ASSETS, {"fileName": name, "fileHash": file_hash}))


def upload(asked: Fake, registered: Mapping[str, Any], data: bytes) -> int:
    form = requests.Request("POST", registered["uploadUrl"], data=registered["uploadDetails"], files={"file": data})
    sent = form.prepare()
    headers = {name.lower(): value for name, value in sent.headers.items()}
    return answer(
        asked, Request("POST", registered["uploadUrl"].rstrip("/"), "/", "", headers, io.BytesIO(sent.body))
    ).status


def duplicate_hash(asked: Fake) -> object:
    return register(asked)["id"] == register(asked)["id"]


def hash_format(asked: Fake) -> object:
    return ask(asked, "POST", ASSETS, {"fileName": "a.png", "fileHash": "junk"}).status < 300


def hosted_url(asked: Fake) -> object:
    return register(asked)["hostedUrl"].split("/")[2]


def display_name(asked: Fake) -> object:
    asset = register(asked)
    upload(asked, asset, b"four")
    return ok(ask(asked, "GET", f"/assets/{asset['id']}"))["displayName"].removeprefix(asset["id"])


def list_order(asked: Fake) -> object:
    made = [register(asked, f"{number:032x}")["id"] for number in range(8)]
    listed = [asset["id"] for asset in ok(ask(asked, "GET", ASSETS))["assets"]]
    return "oldest" if listed == made else "newest" if listed == made[::-1] else "neither"


def listed_before_upload(asked: Fake) -> object:
    asset = register(asked)["id"]
    return ask(asked, "GET", f"/assets/{asset}").status, len(ok(ask(asked, "GET", ASSETS))["assets"])


def size_after_upload(asked: Fake) -> object:
    asset = register(asked)
    file = StoredFile(asset["uploadDetails"]["key"], "image/png", "", b"four")
    asked.restore(asked.state._replace(world=asked.state.world.with_files([file])))
    return ok(ask(asked, "GET", f"/assets/{asset['id']}"))["size"]


def checks_md5(asked: Fake) -> object:
    return upload(asked, register(asked), b"other bytes")


def size_limit(asked: Fake) -> object:
    policies = [
        register(asked, digit * 32, name)["uploadDetails"]["Policy"] for digit, name in (("1", "a.png"), ("2", "a.pdf"))
    ]
    conditions = [json.loads(b64decode(policy))["conditions"] for policy in policies]
    return [
        next((row[2] for row in rows if row[0:1] == ["content-length-range"]), None)
        for rows in ([row for row in found if isinstance(row, list)] for found in conditions)
    ]


def external_reference(asked: Fake) -> object:
    return [
        "externalReference" in change(asked, {"id": "99" * 12}, name="x"),
        "externalReference" in json_of(ask(asked, "POST", ITEMS, {})),
    ]


def site_not_granted(asked: Fake) -> object:
    return ask(asked, "GET", f"/sites/{OTHER_SITE_ID}", token=SITE_TOKEN).status


def unknown_route(asked: Fake) -> object:
    return list(json_of(ask(asked, "GET", "/nothing")))


def bulk_response(asked: Fake) -> object:
    return next(iter(ok(ask(asked, "POST", f"{ITEMS}/bulk", {"fieldData": {"name": "One"}}))))


def bulk_duplicate(asked: Fake) -> object:
    create(asked, slug="one")
    return ask(asked, "POST", f"{ITEMS}/bulk", {"fieldData": [{"name": "Two", "slug": "one"}]}).status


def duplicate_slug(asked: Fake) -> object:
    create(asked, slug="one")
    bodies = {"fieldData": {"name": "Two", "slug": "one"}}
    return [ask(asked, "POST", path, bodies).status for path in (ITEMS, f"{ITEMS}/live")]


def is_draft(asked: Fake) -> object:
    body = {"fieldData": {"name": "One"}}
    return [ok(ask(asked, "POST", path, body))["isDraft"] for path in (ITEMS, f"{ITEMS}/live")]


def failed_import(asked: Fake) -> object:
    return create(asked, image={"url": GONE})["fieldData"].get("image", "absent")


def sent_file_id(asked: Fake) -> object:
    return create(asked, image={"url": VIDEO, "fileId": "ab" * 12})["fieldData"]["image"]["fileId"] == "ab" * 12


def live_nulls(asked: Fake) -> object:
    return read_live(asked, create(asked, live=True, plaintext=None))["fieldData"].get("plaintext", "left out")


def sort_order(asked: Fake) -> object:
    for name in "ab":
        create(asked, name=name)
    answered = json_of(ask(asked, "GET", ITEMS, query="sortBy=name"))
    return [item["fieldData"]["name"] for item in answered.get("items", [])]


def option_by_name(asked: Fake) -> object:
    answered = json_of(ask(asked, "POST", ITEMS, {"fieldData": {"name": "One", "option": "Blue"}}))
    return answered.get("fieldData", {}).get("option"), create(asked, option=RED)["fieldData"]["option"]


def publish_archived(asked: Fake) -> object:
    item = create(asked)
    ok(ask(asked, "PATCH", f"{ITEMS}/{item['id']}", {"isArchived": True}))
    return len(ok(ask(asked, "POST", f"{ITEMS}/publish", {"itemIds": [item["id"]]}))["publishedItemIds"])


def clears_draft(asked: Fake) -> object:
    item = ok(ask(asked, "POST", ITEMS, {"fieldData": {"name": "One"}, "isDraft": True}))
    publish = {"itemIds": [item["id"]]}
    ok(ask(asked, "POST", f"{ITEMS}/publish", publish))
    is_draft = ok(ask(asked, "GET", f"{ITEMS}/{item['id']}"))["isDraft"]
    ok(ask(asked, "PATCH", f"{ITEMS}/{item['id']}", {"fieldData": {"name": "Two"}, "isDraft": True}))
    named = ok(ask(asked, "POST", f"{ITEMS}/publish", publish))
    return is_draft, read_live(asked, item)["fieldData"]["name"], len(named["publishedItemIds"]), named["errors"]


def held_after_delete(asked: Fake) -> object:
    item = create(asked, live=True, slug="one")
    ok(ask(asked, "DELETE", f"{ITEMS}/{item['id']}"))
    return keeps_slug(asked, {"fieldData": {"name": "One", "slug": "one"}})


def slug_scope(asked: Fake) -> object:
    create(asked, slug="one")
    return keeps_slug(asked, {"fieldData": {"name": "Eins", "slug": "one"}, "cmsLocaleId": DE})


def keeps_slug(asked: Fake, body: object) -> bool:
    """Whether a create with the slug "one" gets it, neither refused nor suffixed."""
    return json_of(ask(asked, "POST", ITEMS, body)).get("fieldData", {}).get("slug") == "one"


def unpublish(asked: Fake) -> object:
    item = create(asked, live=True)
    ok(ask(asked, "DELETE", f"{ITEMS}/{item['id']}/live"))
    return ok(ask(asked, "GET", f"{ITEMS}/{item['id']}"))["lastPublished"] == item["lastPublished"]


def unset_fields(asked: Fake) -> object:
    return len(create(asked)["fieldData"])


def bulk_pagination(asked: Fake) -> object:
    item = create(asked)
    sent = {"items": [{"id": item["id"], "fieldData": {"name": "Two"}}]}
    return ok(ask(asked, "PATCH", ITEMS, sent)).get("pagination")


def staged_changes(asked: Fake) -> object:
    item = create(asked, live=True, number=1)
    change(asked, item, number=2)
    change(asked, item, live=True, name="Two")
    return read_live(asked, item)["fieldData"]["number"]


def null(asked: Fake) -> object:
    return change(asked, create(asked, number=1), number=None)["fieldData"]["number"]


def own_slug(asked: Fake) -> object:
    return "fieldData" in change(asked, create(asked, slug="one"), slug="one", name="Two")


def video_link(asked: Fake) -> object:
    return create(asked, videolink=VIDEO)["fieldData"]["videolink"]


def over_100(asked: Fake) -> object:
    answered = json_of(ask(asked, "GET", ITEMS, query="limit=101"))
    return answered.get("pagination", {}).get("limit")


def listed(asked: Fake, query: str) -> object:
    """The names that are listed, or None where the query is refused."""
    answered = json_of(ask(asked, "GET", ITEMS, query=query))
    return "".join(item["fieldData"]["name"] for item in answered["items"]) if "items" in answered else None


def filtered_dates(asked: Fake) -> object:
    create(asked, name="a")
    return [listed(asked, query) for query in ("filter[createdOn][gte]=2000-01-01", "sort[lastUpdated]=asc")]


def filtered_files(asked: Fake) -> object:
    create(asked, name="a")
    return listed(asked, "filter[file][exists]=false")


def filter_refusal(asked: Fake) -> object:
    return [json_of(ask(asked, "GET", ITEMS, query=query))["code"] for query in ("filter[no][eq]=x", "sort[no]=asc")]


def text_case(asked: Fake) -> object:
    create(asked, name="a")
    return [listed(asked, f"filter[name][{how}]=A") for how in ("eq", "in", "ne", "nin")]


def unset_values(asked: Fake) -> object:
    for name, data in (("a", {}), ("b", {"plaintext": ""}), ("c", {"plaintext": None})):
        create(asked, name=name, **data)
    return [listed(asked, f"sort[name]=asc&filter[plaintext][{how}]=x") for how in ("ne", "nin")]


def sorted_unset(asked: Fake) -> object:
    for name, data in (("a", {"number": 1}), ("b", {}), ("c", {"number": 2})):
        create(asked, name=name, **data)
    return [listed(asked, f"sort[number]={direction}") for direction in ("asc", "desc")]


def all_cms_locales(asked: Fake) -> object:
    for name, locale in (("a", EN), ("b", DE)):
        ok(ask(asked, "POST", ITEMS, {"fieldData": {"name": name}, "cmsLocaleId": locale}))
    return listed(asked, "allCmsLocales=true&sort[name]=asc")


def two_locales(asked: Fake) -> object:
    path = f"{ITEMS}/{create(asked)['id']}"
    return ask(asked, "GET", path, query=f"cmsLocaleId={DE},{EN}").status


def translatable(asked: Fake) -> object:
    _, secondary, _ = locales()
    return ask(asked, "GET", ITEMS, query=f"translatable={secondary.id}").status


def plans(asked: Fake) -> object:
    """How many collections a site may have, as far as these numbers tell."""
    allowed = []
    for number in (1, 2, 20, 40):
        full = world()
        for extra in range(number - 2):
            full = full.with_collection(collection(f"{extra:024x}", f"more-{extra}"))
        if number == 1:
            full = full._replace(collections={POSTS_ID: full.collections[POSTS_ID]})
        asked.restore(asked.state._replace(world=full))
        sent = {"displayName": "One more", "singularName": "One"}
        allowed.append(ask(asked, "POST", f"/sites/{SITE_ID}/collections", sent).status < 300)
    return allowed


def rate_headers(asked: Fake) -> object:
    return "Retry-After" in dict(ask(asked, "GET", "/sites").headers)


def rate_message(asked: Fake) -> object:
    faults_of(asked).on(first=1).too_many_requests()
    return json_of(ask(asked, "GET", "/sites"))["message"]


def introspect(asked: Fake) -> object:
    return [ask(asked, "GET", "/token/introspect", **token).status for token in ({}, {"token": SITE_TOKEN})]


def created_status(asked: Fake) -> object:
    return ask(asked, "POST", ASSETS, {"fileName": "a.png", "fileHash": "0" * 32}).status


def folder_names(asked: Fake) -> object:
    path = f"/sites/{SITE_ID}/asset_folders"
    outer = ok(ask(asked, "POST", path, {"displayName": "Outer"}))["id"]
    bodies = [{"displayName": "Outer", "parentFolder": outer}, {"displayName": "Outer"}]
    return [ask(asked, "POST", path, body).status for body in bodies]


def folder_page(asked: Fake) -> object:
    path = f"/sites/{SITE_ID}/asset_folders"
    pages = [ok(ask(asked, "GET", path, query=query))["pagination"]["limit"] for query in ("", "limit=3")]
    return [*pages, ok(ask(asked, "GET", ASSETS))["pagination"]["limit"]]


def asset_locales(asked: Fake) -> object:
    site = asked.state.world.site(SITE_ID)
    named = [site.primary.id, "99" * 12, site.secondary[0].id]
    return [ask(asked, "GET", ASSETS, query=f"localeId={name}").status for name in named]


def created_field(asked: Fake) -> object:
    sent = {"type": "Option", "displayName": "Sort", "metadata": {"options": [{"name": "News"}]}}
    made = ok(ask(asked, "POST", f"/collections/{POSTS_ID}/fields", sent))
    return list(made)[-1]


def no_groups(asked: Fake) -> object:
    return ok(ask(asked, "GET", f"/collections/{POSTS_ID}")).get("fieldGroups", "absent")


def unpublished_target(asked: Fake) -> object:
    new = collection("ab" * 12, "new")._replace(created_on=asked.state.clock.now)
    asked.restore(asked.state._replace(world=asked.state.world.with_collection(new)))
    statuses = []
    for number in range(2):
        sent = {"type": "Reference", "displayName": f"R{number}", "metadata": {"collectionId": new.id}}
        statuses.append(ask(asked, "POST", f"/collections/{POSTS_ID}/fields", sent).status)
        ok(ask(asked, "POST", f"/sites/{SITE_ID}/publish", {"publishToWebflowSubdomain": True}))
    return statuses


def plain_picture(asked: Fake) -> object:
    sent = [{"image": VIDEO}, {"multiimage": [VIDEO]}, {"file": VIDEO}]
    bodies = [{"fieldData": {"name": "One", **data}} for data in sent]
    return ["fieldData" in json_of(ask(asked, "POST", ITEMS, body)) for body in bodies]


def flags_alone(asked: Fake) -> object:
    item = create(asked)
    several = ask(asked, "PATCH", ITEMS, {"items": [{"id": item["id"], "isDraft": True}]})
    return several.status, ask(asked, "PATCH", f"{ITEMS}/{item['id']}", {"isDraft": True}).status


def empty_query(asked: Fake) -> object:
    create(asked)
    names = ("limit", "sortBy", "createdOn[gte]", "cmsLocaleId")
    statuses = [ask(asked, "GET", ITEMS, query=f"{name}=").status for name in names]
    return statuses, ok(ask(asked, "GET", ITEMS, query="name="))["pagination"]["total"]


def either_form(asked: Fake) -> object:
    return json_of(ask(asked, "POST", ITEMS, {"fieldData": {}}))["message"].count("should have")


def data_collection(asked: Fake) -> object:
    return list(ok(ask(asked, "GET", f"/sites/{SITE_ID}")))[-1]


# What each choice is seen by, and what is seen of each of its options, the default first.
def other_region(made: Fake) -> object:
    headers = {"authorization": f"Bearer {next(iter(made.state.world.tokens))}"}
    request = Request("GET", "https://api.eu.webflow.com", "/v2/sites", "", headers, io.BytesIO())
    return answer(made, request).status


def head(made: Fake) -> object:
    response = ask(made, "HEAD", "/sites")
    return response.status, response.body


def known_etag(made: Fake) -> object:
    etag = dict(ask(made, "GET", "/sites").headers)["ETag"]
    return ask(made, "GET", "/sites", headers={"if-none-match": etag}).status


SCENARIOS: Mapping[str, tuple[Callable[[Fake], object], list[object]]] = {
    "asset-folders.list.page-size": (folder_page, [[100, 3, 100], [25, 3, 100]]),
    "asset-folders.name-scope": (folder_names, [[409, 409], [200, 409]]),
    "assets.create.duplicate-hash": (duplicate_hash, [True, False]),
    "assets.create.hash-format": (hash_format, [True, False]),
    "assets.create.status": (created_status, [200, 202]),
    "assets.display-name": (display_name, ["_a.png", "a.png"]),
    "assets.hosted-url.form": (hosted_url, ["cdn.prod.website-files.com", "s3.amazonaws.com"]),
    "assets.list.locale-id": (asset_locales, [[200, 404, 200], [400, 400, 200]]),
    "assets.list.order": (list_order, ["neither", "newest", "oldest"]),
    "assets.listed-before-upload": (listed_before_upload, [(200, 1), (404, 0)]),
    "assets.size-after-upload": (size_after_upload, [0, 4]),
    "assets.upload.checks-md5": (checks_md5, [201, 400]),
    "assets.upload.size-limit": (size_limit, [[31_457_280] * 2, [4 * 2**20, 10 * 2**20], [None, None]]),
    "collections.field.create-answer": (created_field, ["metadata", "validations"]),
    "collections.field.unpublished-target": (unpublished_target, [[200, 200], [400, 200]]),
    "collections.field-groups.none": (no_groups, ["absent", []]),
    "errors.external-reference": (external_reference, [[True, True], [False, True]]),
    "errors.site-not-granted": (site_not_granted, [401, 404, 403]),
    "errors.unknown-route": (
        unknown_route,
        [["msg", "code", "name", "errorEnum"], ["message", "code", "externalReference", "details"]],
    ),
    "filters.dates": (filtered_dates, [[None, None], ["a", "a"]]),
    "filters.file": (filtered_files, [None, "a"]),
    "filters.refusal": (filter_refusal, [["bad_request"] * 2, ["validation_error"] * 2]),
    "filters.text-case": (text_case, [["", "", "a", "a"], ["a", "a", "", ""]]),
    "filters.unset": (unset_values, [["abc", "abc"], ["b", "b"]]),
    "items.bulk-response.form": (bulk_response, ["items", "id"]),
    "items.create-bulk.duplicate-slug": (bulk_duplicate, [400, 202]),
    "items.create.duplicate-slug": (duplicate_slug, [[202, 202], [400, 400]]),
    "items.create.is-draft": (is_draft, [[True, False], [False, False]]),
    "items.file.failed-import": (failed_import, ["absent", None]),
    "items.get.locales": (two_locales, [400, 200]),
    "items.image.plain-url": (plain_picture, [[False] * 3, [True, True, False]]),
    "items.image.sent-file-id": (sent_file_id, [False, True]),
    "items.live.nulls": (live_nulls, ["left out", None]),
    "items.list.all-cms-locales": (all_cms_locales, ["a", "ab"]),
    "items.list.sort-order": (sort_order, [["a", "b"], ["b", "a"], []]),
    "items.option.write-by-name": (option_by_name, [(None, RED), (BLUE, RED)]),
    "items.publish.archived": (publish_archived, [0, 1]),
    "items.publish.clears-draft": (clears_draft, [(False, "Two", 1, []), (True, "One", 0, [])]),
    "items.slug.held-after-delete": (held_after_delete, [False, True]),
    "items.slug.scope": (slug_scope, [False, True]),
    "items.translatable": (translatable, [403, 200]),
    "items.unpublish.last-published": (unpublish, [False, True]),
    "items.unset-fields": (unset_fields, [2, 19]),
    "items.update-bulk.flags-alone": (flags_alone, [(200, 200), (400, 200)]),
    "items.update-bulk.pagination": (bulk_pagination, [{"limit": 25, "offset": 0, "total": 1}, None]),
    "items.update-live.staged-changes": (staged_changes, [1, 2]),
    "items.update.null": (null, [None, 1]),
    "items.update.own-slug": (own_slug, [True, False]),
    "items.video-link.read": (video_link, [{"url": VIDEO, "metadata": {}}, VIDEO]),
    "lists.limit-over-100": (over_100, [100, None]),
    "http.head": (head, [(200, b""), (404, b"")]),
    "http.if-none-match": (known_etag, [304, 200]),
    "http.regions": (other_region, [200, 401]),
    "plan.limits": (
        plans,
        [[True] * 4, [False] * 4, [True, False, False, False], [True, True, False, False], [True, True, True, False]],
    ),
    "rate.headers.on": (rate_headers, [True, False]),
    "rate.message": (rate_message, ["Too Many Requests", "Too many requests"]),
    "requests.query.empty": (empty_query, [([200] * 4, 1), ([400, 400, 400, 200], 0)]),
    "requests.shape.either-form": (either_form, [2, 1]),
    "sites.data-collection": (data_collection, ["locales", "dataCollectionType"]),
    "sorts.unset": (sorted_unset, [["acb", "cab"], ["bac", "cab"], ["acb", "bca"]]),
    "token.introspect.site-token": (introspect, [[200, 500], [200, 200]]),
}
