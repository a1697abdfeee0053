"""Each method sends the one request it stands for, and returns what came back."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import responses

from fake_webflow import client as public
from fake_webflow.client import WebflowClient

BASE = "https://api.webflow.com/v2"
Call = Callable[[WebflowClient], Any]

ANSWERING: list[tuple[str, Call, str, str, dict[str, str], Any]] = [
    ("sites.list", lambda c: c.sites.list(), "GET", "/sites", {}, None),
    ("sites.get", lambda c: c.sites.get("s"), "GET", "/sites/s", {}, None),
    ("sites.custom_domains", lambda c: c.sites.custom_domains("s"), "GET", "/sites/s/custom_domains", {}, None),
    (
        "sites.publish",
        lambda c: c.sites.publish("s", custom_domains=["d"], publish_to_webflow_subdomain=False, page_id="p"),
        "POST",
        "/sites/s/publish",
        {},
        {"customDomains": ["d"], "publishToWebflowSubdomain": False, "pageId": "p"},
    ),
    ("sites.publish bare", lambda c: c.sites.publish("s"), "POST", "/sites/s/publish", {}, {}),
    ("token.introspect", lambda c: c.token.introspect(), "GET", "/token/introspect", {}, None),
    ("token.authorized_by", lambda c: c.token.authorized_by(), "GET", "/token/authorized_by", {}, None),
    ("collections.list", lambda c: c.collections.list("s"), "GET", "/sites/s/collections", {}, None),
    ("collections.get", lambda c: c.collections.get("c"), "GET", "/collections/c", {}, None),
    (
        "collections.create",
        lambda c: c.collections.create("s", {"displayName": "Posts", "singularName": "Post"}),
        "POST",
        "/sites/s/collections",
        {},
        {"displayName": "Posts", "singularName": "Post"},
    ),
    (
        "collections.update",
        lambda c: c.collections.update("c", {"slug": "posts"}),
        "PATCH",
        "/collections/c",
        {},
        {"slug": "posts"},
    ),
    (
        "collections.create_field",
        lambda c: c.collections.create_field("c", {"type": "Color", "displayName": "Tint"}),
        "POST",
        "/collections/c/fields",
        {},
        {"type": "Color", "displayName": "Tint"},
    ),
    (
        "collections.update_field",
        lambda c: c.collections.update_field("c", "f", {"isRequired": True}),
        "PATCH",
        "/collections/c/fields/f",
        {},
        {"isRequired": True},
    ),
    (
        "items.list",
        lambda c: c.items.list(
            "c",
            limit=7,
            offset=0,
            cms_locale_id=["l1", "l2"],
            name="N",
            slug="n",
            sort_by="lastUpdated",
            sort_order="asc",
            created_on={
                "gte": "2026-01-01T00:00:00.000Z",
                "lt": datetime(2026, 2, 1, 1, tzinfo=timezone(timedelta(hours=1))),
            },
            last_published={"lte": datetime(2026, 3, 1, tzinfo=UTC)},
            last_updated=None,
        ),
        "GET",
        "/collections/c/items",
        {
            "limit": "7",
            "offset": "0",
            "cmsLocaleId": "l1,l2",
            "name": "N",
            "slug": "n",
            "sortBy": "lastUpdated",
            "sortOrder": "asc",
            "createdOn[gte]": "2026-01-01T00:00:00.000Z",
            "createdOn[lt]": "2026-02-01T00:00:00.000Z",
            "lastPublished[lte]": "2026-03-01T00:00:00.000Z",
        },
        None,
    ),
    (
        "items.list by fields",
        lambda c: c.items.list(
            "c",
            filters={
                "price": {"gte": 3, "lt": 4.5, "nin": [3, 4]},
                "name": {"contains": "a b&c"},
                "on-sale": {"exists": True},
                "id": {"in": ("i1", "i2")},
                "date": {"gt": datetime(2026, 3, 1, tzinfo=UTC)},
            },
            sort=[("price", "desc"), ("name", "asc")],
            translatable="t",
        ),
        "GET",
        "/collections/c/items",
        {
            "filter[price][gte]": "3",
            "filter[price][lt]": "4.5",
            "filter[price][nin]": "3,4",
            "filter[name][contains]": "a b&c",
            "filter[on-sale][exists]": "true",
            "filter[id][in]": "i1,i2",
            "filter[date][gt]": "2026-03-01T00:00:00.000Z",
            "sort[price]": "desc",
            "sort[name]": "asc",
            "translatable": "t",
        },
        None,
    ),
    (
        "live_items.list by fields",
        lambda c: c.live_items.list("c", filters={"price": {"eq": 3}}, sort=None),
        "GET",
        "/collections/c/items/live",
        {"filter[price][eq]": "3"},
        None,
    ),
    (
        "items.get",
        lambda c: c.items.get("c", "i", cms_locale_id="l"),
        "GET",
        "/collections/c/items/i",
        {"cmsLocaleId": "l"},
        None,
    ),
    (
        "items.create",
        lambda c: c.items.create("c", {"fieldData": {"name": "N"}}, skip_invalid_files=False),
        "POST",
        "/collections/c/items",
        {"skipInvalidFiles": "false"},
        {"fieldData": {"name": "N"}},
    ),
    (
        "items.create_bulk",
        lambda c: c.items.create_bulk(
            "c", {"fieldData": [{"name": "N"}], "cmsLocaleIds": ["l"]}, skip_invalid_files=True
        ),
        "POST",
        "/collections/c/items/bulk",
        {"skipInvalidFiles": "true"},
        {"fieldData": [{"name": "N"}], "cmsLocaleIds": ["l"]},
    ),
    (
        "items.insert",
        lambda c: c.items.insert("c", [{"id": "i", "cmsLocaleIds": ["l"], "fieldData": {}}], skip_invalid_files=False),
        "POST",
        "/collections/c/items/insert",
        {"skipInvalidFiles": "false"},
        {"items": [{"id": "i", "cmsLocaleIds": ["l"], "fieldData": {}}]},
    ),
    (
        "items.update",
        lambda c: c.items.update("c", "i", {"isDraft": True}, skip_invalid_files=False),
        "PATCH",
        "/collections/c/items/i",
        {"skipInvalidFiles": "false"},
        {"isDraft": True},
    ),
    (
        "items.update_bulk",
        lambda c: c.items.update_bulk("c", [{"id": "i", "isDraft": True}]),
        "PATCH",
        "/collections/c/items",
        {},
        {"items": [{"id": "i", "isDraft": True}]},
    ),
    (
        "items.publish ids",
        lambda c: c.items.publish("c", ["i", "j"]),
        "POST",
        "/collections/c/items/publish",
        {},
        {"itemIds": ["i", "j"]},
    ),
    (
        "items.publish locales",
        lambda c: c.items.publish("c", ["i", {"id": "j", "cmsLocaleIds": ["l"]}]),
        "POST",
        "/collections/c/items/publish",
        {},
        {"items": [{"id": "i"}, {"id": "j", "cmsLocaleIds": ["l"]}]},
    ),
    (
        "live_items.list",
        lambda c: c.live_items.list("c", limit=1, offset=2, slug="n"),
        "GET",
        "/collections/c/items/live",
        {"limit": "1", "offset": "2", "slug": "n"},
        None,
    ),
    (
        "live_items.get",
        lambda c: c.live_items.get("c", "i", cms_locale_id="l"),
        "GET",
        "/collections/c/items/i/live",
        {"cmsLocaleId": "l"},
        None,
    ),
    (
        "live_items.create",
        lambda c: c.live_items.create("c", {"items": [{"fieldData": {}}]}, skip_invalid_files=True),
        "POST",
        "/collections/c/items/live",
        {"skipInvalidFiles": "true"},
        {"items": [{"fieldData": {}}]},
    ),
    (
        "live_items.update",
        lambda c: c.live_items.update("c", "i", {"fieldData": {"name": "é"}}, skip_invalid_files=False),
        "PATCH",
        "/collections/c/items/i/live",
        {"skipInvalidFiles": "false"},
        {"fieldData": {"name": "é"}},
    ),
    (
        "live_items.update_bulk",
        lambda c: c.live_items.update_bulk("c", [{"id": "i"}], skip_invalid_files=False),
        "PATCH",
        "/collections/c/items/live",
        {"skipInvalidFiles": "false"},
        {"items": [{"id": "i"}]},
    ),
    (
        "assets.list",
        lambda c: c.assets.list("s", limit=1, offset=2, folder_id="f", locale_id="l"),
        "GET",
        "/sites/s/assets",
        {"limit": "1", "offset": "2", "folderId": "f", "localeId": "l"},
        None,
    ),
    ("assets.get", lambda c: c.assets.get("a", locale_id="l"), "GET", "/assets/a", {"localeId": "l"}, None),
    (
        "assets.create",
        lambda c: c.assets.create("s", file_name="a.png", file_hash="0" * 32, folder_id="f"),
        "POST",
        "/sites/s/assets",
        {},
        {"fileName": "a.png", "fileHash": "0" * 32, "parentFolder": "f"},
    ),
    (
        "assets.update",
        lambda c: c.assets.update("a", display_name="A", alt_text="", locale_id="l"),
        "PATCH",
        "/assets/a",
        {"localeId": "l"},
        {"displayName": "A", "altText": ""},
    ),
    ("asset_folders.list", lambda c: c.asset_folders.list("s"), "GET", "/sites/s/asset_folders", {}, None),
    ("asset_folders.get", lambda c: c.asset_folders.get("f"), "GET", "/asset_folders/f", {}, None),
    (
        "asset_folders.create",
        lambda c: c.asset_folders.create("s", display_name="F", parent_folder="f"),
        "POST",
        "/sites/s/asset_folders",
        {},
        {"displayName": "F", "parentFolder": "f"},
    ),
    ("webhooks.list", lambda c: c.webhooks.list("s"), "GET", "/sites/s/webhooks", {}, None),
    ("webhooks.get", lambda c: c.webhooks.get("w"), "GET", "/webhooks/w", {}, None),
    (
        "webhooks.create",
        lambda c: c.webhooks.create("s", trigger_type="form_submission", url="http://h/", form_name="Contact"),
        "POST",
        "/sites/s/webhooks",
        {},
        {"triggerType": "form_submission", "url": "http://h/", "filter": {"name": "Contact"}},
    ),
]

SILENT: list[tuple[str, Call, str, dict[str, str], Any]] = [
    ("collections.delete", lambda c: c.collections.delete("c"), "/collections/c", {}, None),
    ("collections.delete_field", lambda c: c.collections.delete_field("c", "f"), "/collections/c/fields/f", {}, None),
    (
        "items.delete",
        lambda c: c.items.delete("c", "i", cms_locale_id="l"),
        "/collections/c/items/i",
        {"cmsLocaleId": "l"},
        None,
    ),
    (
        "items.delete_bulk",
        lambda c: c.items.delete_bulk("c", ["i", {"id": "j", "cmsLocaleIds": ["l"]}]),
        "/collections/c/items",
        {},
        {"items": [{"id": "i"}, {"id": "j", "cmsLocaleIds": ["l"]}]},
    ),
    ("live_items.delete", lambda c: c.live_items.delete("c", "i"), "/collections/c/items/i/live", {}, None),
    (
        "live_items.delete_bulk",
        lambda c: c.live_items.delete_bulk("c", ["i"]),
        "/collections/c/items/live",
        {},
        {"items": [{"id": "i"}]},
    ),
    ("assets.delete", lambda c: c.assets.delete("a"), "/assets/a", {}, None),
    ("webhooks.delete", lambda c: c.webhooks.delete("w"), "/webhooks/w", {}, None),
]


def check_request(request: Any, query: dict[str, str], body: Any) -> None:
    assert dict(parse_qsl(urlsplit(request.url).query, keep_blank_values=True)) == query
    assert request.headers["Authorization"] == "Bearer canary-4f8e1c"
    assert request.headers["Accept"] == "application/json"
    if body is None:
        assert request.body is None
    else:
        assert json.loads(request.body) == body
        assert request.headers["Content-Type"] == "application/json"


@pytest.mark.parametrize(
    ("call", "method", "path", "query", "body"), [case[1:] for case in ANSWERING], ids=[case[0] for case in ANSWERING]
)
def test_a_call_sends_its_request_and_returns_the_answer(
    client: WebflowClient,
    stub: responses.RequestsMock,
    call: Call,
    method: str,
    path: str,
    query: dict[str, str],
    body: Any,
) -> None:
    answer = {"id": "1", "nested": [None, True, "é"]}
    stub.add(method, BASE + path, json=answer, status=202 if method == "POST" else 200)
    assert call(client) == answer
    check_request(stub.calls[0].request, query, body)


@pytest.mark.parametrize(
    ("call", "path", "query", "body"), [case[1:] for case in SILENT], ids=[case[0] for case in SILENT]
)
def test_a_delete_sends_its_request_and_returns_nothing(
    client: WebflowClient, stub: responses.RequestsMock, call: Call, path: str, query: dict[str, str], body: Any
) -> None:
    stub.delete(BASE + path, status=204)
    assert call(client) is None
    check_request(stub.calls[0].request, query, body)


def test_every_method_of_every_group_is_in_the_tables() -> None:
    elsewhere = {"iterate", "upload"}
    groups = {
        "sites": public.Sites,
        "collections": public.Collections,
        "items": public.Items,
        "live_items": public.LiveItems,
        "assets": public.Assets,
        "asset_folders": public.AssetFolders,
        "webhooks": public.Webhooks,
        "token": public.Token,
    }
    methods = {
        f"{group}.{name}"
        for group, kind in groups.items()
        for name, member in vars(kind).items()
        if callable(member) and not name.startswith("_") and name not in elsewhere
    }
    names = [case[0] for case in ANSWERING] + [case[0] for case in SILENT]
    assert {name.split()[0] for name in names} == methods


@pytest.mark.parametrize(("value", "said"), [(None, "NoneType"), ({"id": "a"}, "dict")])
def test_an_id_that_is_no_string_is_said_so(client: WebflowClient, value: Any, said: str) -> None:
    with pytest.raises(TypeError, match=rf"^an id is a string, as collection\.id; not a {said}$"):
        client.items.list(value)


@pytest.mark.parametrize("odd", ["", ".", ".."])
def test_an_id_that_would_change_the_path_is_never_sent(client: WebflowClient, odd: str) -> None:
    with pytest.raises(ValueError, match="an id is needed"):
        client.items.delete("c", odd)


def test_ids_are_escaped(client: WebflowClient, stub: responses.RequestsMock) -> None:
    stub.get(f"{BASE}/sites/a%2Fb%3Fc%23%C3%A9", json={})
    assert client.sites.get("a/b?c#é") == {}


@pytest.mark.parametrize(
    "options",
    [
        {"filters": {"price": 3}},
        {"filters": [("price", "eq", 3)]},
        {"filters": {"price": {"eq": None}}},
        {"filters": {"name": {"in": ["a,b"]}}},
        {"filters": {"date": {"gt": datetime(2026, 1, 1)}}},
        {"sort": "price"},
        {"sort": {"price": "asc"}},
        {"sort": ["price"]},
        {"sort": ["no"]},
    ],
)
def test_filters_of_another_form_are_not_sent(client: WebflowClient, options: dict[str, Any]) -> None:
    with pytest.raises((TypeError, ValueError)):
        client.items.list("c", **options)


def test_a_moment_without_a_time_zone_is_refused(client: WebflowClient) -> None:
    with pytest.raises(ValueError, match="no time zone"):
        client.items.list("c", created_on={"gte": datetime(2026, 1, 1)})
