"""The door of a fake that lives elsewhere: addresses are exchanged, and nothing else is touched."""

from __future__ import annotations

import io

import orjson
import pytest

from fake_webflow import FakeWebflow
from fake_webflow.control.address_rewriting import AddressRewriter
from fake_webflow.message import Request, Response
from fake_webflow.world.addresses import API_ORIGIN, WEBFLOW, addresses_for

HOMES = [API_ORIGIN, "http://127.0.0.1:1"]
OUTSIDE = "http://localhost:2/~7"


@pytest.fixture(scope="module")
def webflow() -> FakeWebflow:
    return FakeWebflow()


@pytest.mark.parametrize("home", HOMES)
@pytest.mark.parametrize("base", ["bucket", "cdn"])
def test_own_files_get_the_outer_address_and_others_keep_theirs(webflow: FakeWebflow, home: str, base: str) -> None:
    inner, outer = getattr(addresses_for(home), base), getattr(addresses_for(OUTSIDE), base)
    own = [f"{webflow.site.id}/{'a' * 24}_x.png", f"{webflow.site.cms_bucket_id}/{'b' * 24}_y%20z.png"]
    others = [f"{inner}{'c' * 24}/x.png", f"{inner}x.png", f"https://example.com/{own[0]}", inner]
    html = f'<img src="{inner}{own[0]}">'
    body = orjson.dumps({"own": [inner + key for key in own], "others": others, "html": html})
    door = AddressRewriter(home, OUTSIDE)
    said = orjson.loads(door.to_public(body, webflow.state.world))
    assert said == {"own": [outer + key for key in own], "others": others, "html": f'<img src="{outer}{own[0]}">'}


@pytest.mark.parametrize("home", HOMES)
@pytest.mark.parametrize("host", ["http://localhost:2", "http://127.0.0.1:2", "https://[::1]"])
@pytest.mark.parametrize("escaped", [False, True])
def test_outer_addresses_are_those_of_home_inside(home: str, host: str, escaped: bool) -> None:
    door, inner = AddressRewriter(home, OUTSIDE), addresses_for(home)
    outer = addresses_for(f"{host}/~7")
    foreign = [addresses_for(f"{host}/~77").cdn_url("a/b"), f"{host}/cdn/a/b", "~7/cdn/x"]
    body = orjson.dumps([outer.cdn_url("a/b"), outer.asset_url("a/b"), *foreign])
    inside = door.to_internal(body.replace(b"/", b"\\/") if escaped else body)
    assert orjson.loads(inside) == [inner.cdn_url("a/b"), inner.asset_url("a/b"), *foreign]


def test_there_and_back_is_the_same(webflow: FakeWebflow) -> None:
    door = AddressRewriter(API_ORIGIN, OUTSIDE)
    body = orjson.dumps([WEBFLOW.cdn_url(f"{webflow.site.id}/x y.png"), "text"])
    outside = door.to_public(body, webflow.state.world)
    assert outside != body
    assert door.to_internal(outside) == body


def test_an_answer_without_addresses_is_not_copied(webflow: FakeWebflow) -> None:
    response = Response(200, [("ETag", "x")], b'{"a": 1}')
    door = AddressRewriter(API_ORIGIN, OUTSIDE)
    request = Request("GET", "http://localhost:2", "/v2/sites", "", {}, io.BytesIO())
    assert door.rewrite_response(response, request, "/v2/sites", webflow.state.world) is response


@pytest.mark.parametrize(
    ("path", "origin", "inner_path"),
    [
        ("/v2/sites", "https://api.webflow.com", "/v2/sites"),
        ("/s3/webflow-prod-assets", "https://webflow-prod-assets.s3.amazonaws.com", "/"),
        ("/s3/webflow-prod-assets/a/b", "https://s3.amazonaws.com", "/webflow-prod-assets/a/b"),
        ("/cdn/a/b", "https://cdn.prod.website-files.com", "/a/b"),
        ("/elsewhere", "https://api.webflow.com", "/elsewhere"),
        ("", "https://api.webflow.com", ""),
    ],
)
def test_a_fake_made_in_process_is_asked_as_in_process(path: str, origin: str, inner_path: str) -> None:
    request = Request("GET", "http://localhost:2", f"/~7{path}", "q=1", {}, io.BytesIO(b"body"))
    inner = AddressRewriter(API_ORIGIN, OUTSIDE).rewrite_request(request, path)
    assert (inner.origin, inner.path, inner.query) == (origin, inner_path, "q=1")
    assert inner.stream.read() == b"body"
