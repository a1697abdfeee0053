"""From method and path to an operation, and what becomes of the ones that are not simulated."""

from __future__ import annotations

import csv
import io
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st
from worlds import POSTS_ID, ask, clauses_of, fake, json_of

from fake_webflow.api.operations import OPERATIONS
from fake_webflow.api.pipeline import answer
from fake_webflow.api.router import find_route, not_simulated
from fake_webflow.message import Request
from fake_webflow.openapi import METHODS, load_document

UNKNOWN = "99" * 12
SERVER = "http://127.0.0.1:8787"


def filled(path: str) -> tuple[str, dict[str, str]]:
    """The path with an id for each parameter, and the ids by name."""
    ids: dict[str, str] = {}
    parts = []
    for number, part in enumerate(path.split("/")):
        if part.startswith("{"):
            ids[part[1:-1]] = f"{number:024x}"
            part = ids[part[1:-1]]
        parts.append(part)
    return "/".join(parts), ids


@pytest.mark.parametrize("operation", [*OPERATIONS, *not_simulated()], ids=lambda operation: operation.name)
def test_every_operation_is_reached_by_its_own_path(operation):
    path, ids = filled(operation.path)
    found = find_route(operation.method, f"/v2{path}")
    assert found is not None
    assert found.operation is operation
    assert found.parameters == ids
    assert find_route(operation.method, f"/v2{path}/") == found
    assert find_route("BREW", f"/v2{path}") is None
    assert find_route(operation.method, f"/v1{path}") is None


def test_the_table_and_the_document_name_the_same_operations():
    stated = {
        (methods[method]["operationId"], method.upper(), path)
        for path, methods in load_document()["paths"].items()
        for method in METHODS
        if method in methods
    }
    assert stated == {(operation.name, operation.method, operation.path) for operation in OPERATIONS}
    scopes = {
        methods[method]["operationId"]: [scope for way in methods[method]["security"] for scope in way["token"]]
        for methods in load_document()["paths"].values()
        for method in METHODS
        if method in methods
    }
    assert scopes == {operation.name: [operation.scope] if operation.scope else [] for operation in OPERATIONS}


def test_every_official_operation_is_simulated_or_told_of():
    text = resources.files("fake_webflow.api").joinpath("official_operations.tsv").read_text(encoding="utf-8")
    rows = [tuple(row[:2]) for row in csv.reader(text.splitlines()[1:], delimiter="\t")]
    known = {(operation.method, operation.path) for operation in (*OPERATIONS, *not_simulated())}
    assert set(rows) <= known
    assert len(not_simulated()) + len(OPERATIONS) == len(known)


@pytest.mark.clause("fake.not-simulated")
@pytest.mark.parametrize("operation", not_simulated(), ids=lambda operation: operation.name)
def test_what_is_not_simulated_says_so(operation):
    asked = fake()
    before = asked.state.world
    response = ask(asked, operation.method, filled(operation.path)[0], body=b"whatever")
    assert response.status == 501
    assert clauses_of(response) == ["fake.not-simulated"]
    body = json_of(response)
    assert list(body) == ["message", "code", "externalReference", "details"]
    assert operation.name in body["message"]
    assert asked.state.world is before
    assert not [name for name, _ in response.headers if name == "Retry-After" or name.startswith("X-RateLimit")]
    assert asked.journal[-1].operation == operation.name
    assert ask(asked, operation.method, filled(operation.path)[0], token=None).status == 401


@pytest.mark.clause("fake.pages")
def test_publishing_a_page_says_so():
    asked = fake()
    body = {"publishToWebflowSubdomain": True, "pageId": UNKNOWN}
    response = ask(asked, "POST", f"/sites/{'a0' * 12}/publish", body)
    assert (response.status, clauses_of(response)) == (501, ["fake.pages"])
    assert "Retry-After" not in dict(response.headers)


def test_fixed_parts_of_a_path_come_before_parameters():
    items = f"/v2/collections/{POSTS_ID}/items"
    assert find_route("GET", f"{items}/live").operation.name == "live-items.list"
    assert find_route("POST", f"{items}/live").operation.name == "live-items.create"
    assert find_route("GET", f"{items}/publish").operation.name == "items.get"
    assert find_route("GET", f"{items}/live/{UNKNOWN}") is None
    assert find_route("GET", f"{items}//live") is None


@given(method=st.sampled_from(["GET", "POST", "PATCH", "DELETE", "PUT"]), path=st.text("/abv2{}\0é.", max_size=40))
def test_no_path_breaks_the_router(method, path):
    found = find_route(method, path)
    assert found is None or path.startswith("/v2/")


LOST = [
    ("https://cdn.prod.website-files.com", "/"),
    ("https://s3.amazonaws.com", "/"),
    ("https://s3.amazonaws.com", "/another-bucket"),
    (SERVER, "/cdn/"),
    (SERVER, "/s3/"),
    (SERVER, "/s3/another-bucket/x"),
]
BUCKETS = [
    ("https://webflow-prod-assets.s3.amazonaws.com", "/"),
    ("https://s3.amazonaws.com", "/webflow-prod-assets"),
    ("https://s3.amazonaws.com", "/webflow-prod-assets/"),
    (SERVER, "/s3/webflow-prod-assets"),
    (SERVER, "/s3/webflow-prod-assets/"),
]


@pytest.mark.clause("files.absent", "files.method")
@pytest.mark.parametrize(("origin", "path"), LOST)
def test_what_is_neither_the_bucket_nor_in_it_takes_no_uploads(origin, path):
    asked = fake()
    statuses = [answer(asked, Request(method, origin, path, "", {}, io.BytesIO())).status for method in ("POST", "GET")]
    assert statuses == [405, 403]
    assert [exchange.operation for exchange in asked.journal] == ["files.read"] * 2


@pytest.mark.clause("upload.enclosure-type")
@pytest.mark.parametrize(("origin", "path"), BUCKETS)
def test_the_bucket_takes_uploads_by_each_of_its_addresses(origin, path):
    asked = fake()
    response = answer(asked, Request("POST", origin, path, "", {}, io.BytesIO()))
    assert clauses_of(response) == ["upload.enclosure-type"]
    assert [exchange.operation for exchange in asked.journal] == ["files.upload"]
