"""What is decided before a call reaches the laws: token, scope, rate limit, script, shape, in this order."""

from __future__ import annotations

from dataclasses import replace

import pytest
from request_strategies import operations
from test_routing import filled
from worlds import (
    OTHER_SITE_ID,
    POSTS_ID,
    SITE_ID,
    SITE_TOKEN,
    TOKEN,
    WORKSPACE_TOKEN,
    ask,
    clauses_of,
    fake,
    faults_of,
    json_of,
    ok,
    request,
    tokens,
    world,
)

from fake_webflow.api.operations import OPERATIONS
from fake_webflow.fake import Fake
from fake_webflow.openapi import body_schema

ITEMS = f"/collections/{POSTS_ID}/items"
RATE = ("X-RateLimit-Limit", "X-RateLimit-Remaining", "Retry-After")


def rate_of(response) -> tuple[str | None, ...]:
    headers = dict(response.headers)
    return tuple(headers.get(name) for name in RATE)


def without(scope: str) -> Fake:
    """A fake whose token lacks one scope."""
    (token, *_) = tokens()
    poorer = replace(token, scopes=tuple(name for name in token.scopes if name != scope))
    return fake(world().with_token(poorer))


@pytest.mark.clause("errors.missing-scopes")
@pytest.mark.parametrize(
    "operation", [found for found in OPERATIONS if found.scope], ids=lambda operation: operation.name
)
def test_each_operation_needs_its_scope(operation):
    response = ask(without(operation.scope), operation.method, filled(operation.path)[0], body=b"not even JSON")
    assert response.status == 403
    body = json_of(response)
    assert body["code"] == "missing_scopes"
    assert body["message"] == f"OAuthForbidden: You are missing the following scopes - '{operation.scope}'"
    assert rate_of(response) == ("60", "60" if operation.name == "sites.publish" else "59", "60")
    others = replace(tokens()[0], scopes=(operation.scope,))
    assert ask(fake(world().with_token(others)), operation.method, filled(operation.path)[0]).status in (200, 400, 404)


@pytest.mark.clause("token.introspect.answer", "token.authorized-by.answer", "token.introspect.site-token")
def test_what_a_token_says_of_itself():
    asked = fake()
    told = ok(ask(asked, "GET", "/token/introspect"))
    assert list(told) == ["authorization", "application"]
    assert told["authorization"]["scope"].split(",") == list(tokens()[0].scopes)
    assert told["authorization"]["authorizedTo"]["siteIds"] == sorted([SITE_ID, OTHER_SITE_ID])
    by = ok(ask(asked, "GET", "/token/authorized_by"))
    assert by == {"id": "f1" * 12, "email": "ann@example.com", "firstName": "Ann", "lastName": "Example"}
    for token in (SITE_TOKEN, WORKSPACE_TOKEN):
        response = ask(asked, "GET", "/token/introspect", token=token)
        assert (response.status, json_of(response)["code"]) == (500, "internal_error")


@pytest.mark.clause("sites.list.granted", "errors.site-not-granted", "errors.forbidden")
@pytest.mark.parametrize("status", ["401", "404", "403"])
def test_a_token_sees_the_sites_it_is_granted(status):
    asked = fake(errors_site_not_granted=status)
    listed = ok(ask(asked, "GET", "/sites", token=SITE_TOKEN))["sites"]
    assert [site["id"] for site in listed] == [SITE_ID]
    assert len(ok(ask(asked, "GET", "/sites"))["sites"]) == 2
    foreign = f"/collections/{'c2' * 12}/items"
    item = ok(ask(asked, "POST", foreign, {"fieldData": {"name": "One"}}))["id"]
    asset = ok(ask(asked, "POST", f"/sites/{OTHER_SITE_ID}/assets", {"fileName": "a", "fileHash": "b"}))["id"]
    folder = ok(ask(asked, "POST", f"/sites/{OTHER_SITE_ID}/asset_folders", {"displayName": "a"}))["id"]
    before = asked.state.world
    for method, path, body in (
        ("GET", f"/sites/{OTHER_SITE_ID}", None),
        ("GET", f"/sites/{OTHER_SITE_ID}/collections", None),
        ("GET", f"/collections/{'c2' * 12}", None),
        ("GET", foreign, None),
        ("POST", foreign, {"fieldData": {"name": "x"}}),
        ("DELETE", f"{foreign}/{item}", None),
        ("GET", f"/assets/{asset}", None),
        ("DELETE", f"/assets/{asset}", None),
        ("PATCH", f"/assets/{asset}", {"altText": "x"}),
        ("GET", f"/asset_folders/{folder}", None),
        ("POST", f"/sites/{OTHER_SITE_ID}/publish", {"publishToWebflowSubdomain": True}),
        ("GET", f"/sites/{OTHER_SITE_ID}/webhooks", None),
    ):
        response = ask(asked, method, path, body, token=SITE_TOKEN)
        assert response.status == int(status), (method, path)
        assert clauses_of(response)[1:] == ["errors.site-not-granted"]
    assert asked.state.world is before


@pytest.mark.clause("requests.order")
def test_the_first_mistake_is_the_one_that_is_told():
    # From the last check to the first; each row has the mistakes of all rows above, too.
    bad_json = {"body": b"{"}
    poor = without("cms:write")
    poor.limit_rate(1)
    ask(poor, "GET", "/sites")
    rows = [
        (fake(), "POST", ITEMS, {"json_body": {"fieldData": {"zz": 1}}}, "requests.shape.invalid"),
        (fake(), "POST", ITEMS, {**bad_json, "headers": {"content-type": "text/plain"}}, "requests.content-type"),
        (fake(), "POST", "/collections/x/items", {**bad_json, "query": "limit=x"}, "requests.id.invalid"),
        (limited(), "POST", "/collections/x/items", bad_json, "rate.too-many-requests"),
        (poor, "POST", "/collections/x/items", bad_json, "errors.missing-scopes"),
        (poor, "POST", "/collections/x/items", {**bad_json, "token": None}, "errors.not-authorized"),
        (poor, "POST", "/collections/x/nothing", {**bad_json, "token": None}, "errors.unknown-route"),
    ]
    for asked, method, path, options, name in rows:
        assert clauses_of(ask(asked, method, path, **options))[0] == name
    bad_data = {"json_body": {"fieldData": {"name": "x", "zz": 1}}}
    assert clauses_of(ask(fake(), "POST", f"/collections/{'99' * 12}/items", **bad_data)) == ["collections.not-found"]


def limited() -> Fake:
    """A fake whose token has used its window up."""
    asked = fake()
    asked.limit_rate(1)
    ask(asked, "GET", "/sites")
    return asked


@pytest.mark.clause("rate.window", "rate.headers", "rate.too-many-requests")
def test_a_window_is_opened_counted_and_closed():
    asked = fake()
    asked.limit_rate(3)
    assert rate_of(ask(asked, "GET", "/sites")) == ("3", "2", "60")
    asked.advance(20.5)
    # A 404, a 403 and a 400 count like anything else.
    assert rate_of(ask(asked, "GET", "/nothing")) == ("3", "1", "40")
    response = ask(asked, "GET", f"{ITEMS}/x")
    assert (response.status, rate_of(response)) == (400, ("3", "0", "40"))
    before = asked.state.world
    for path in ("/sites", f"{ITEMS}/{'99' * 12}"):
        response = ask(asked, "GET", path)
        assert (response.status, json_of(response)["code"]) == (429, "too_many_requests")
        assert rate_of(response) == ("3", "0", "40")
    assert ask(asked, "POST", ITEMS, {"fieldData": {"name": "x"}}).status == 429
    assert asked.state.world is before
    assert rate_of(ask(asked, "GET", "/sites", token=WORKSPACE_TOKEN)) == ("3", "2", "60")
    asked.advance(39.499)
    assert ask(asked, "GET", "/sites").status == 429
    asked.advance(0.001)
    assert rate_of(ask(asked, "GET", "/sites")) == ("3", "2", "60")


@pytest.mark.clause("rate.headers")
def test_without_a_limit_headers_speak_of_the_usual_one_and_nothing_is_refused():
    asked = fake()
    for count in range(1, 130):
        assert rate_of(ask(asked, "GET", "/sites")) == ("60", str(max(60 - count, 1)), "60")
    asked.limit_rate(120)
    assert rate_of(ask(asked, "GET", "/sites")) == ("120", "119", "60")
    asked.limit_rate(None)
    assert rate_of(ask(asked, "GET", "/sites")) == ("60", "59", "60")
    with pytest.raises(ValueError, match="at least 1"):
        asked.limit_rate(0)


@pytest.mark.clause("rate.site-publish", "rate.site-publish.headers")
def test_a_site_publish_has_a_bucket_of_its_own():
    asked = fake()
    asked.limit_rate(2)
    ok(ask(asked, "GET", "/sites"))
    now = asked.state.clock.now
    body = {"publishToWebflowSubdomain": True}
    asked.advance(100)
    first = ask(asked, "POST", f"/sites/{SITE_ID}/publish", body)
    assert first.status == 202
    again = ask(asked, "POST", f"/sites/{SITE_ID}/publish", body)
    assert (again.status, clauses_of(again)) == (429, ["rate.site-publish"])
    for response in (first, again):
        headers = dict(response.headers)
        assert (headers["X-RateLimit-Limit"], headers["X-RateLimit-Remaining"]) == ("1", "0")
        assert int(headers["X-RateLimit-Reset"]) == (now + 160_000) // 1000 + 1
        assert "Retry-After" not in headers
    ok(ask(asked, "POST", f"/sites/{OTHER_SITE_ID}/publish", body))
    assert rate_of(ask(asked, "GET", "/sites"))[:2] == ("2", "1"), "the general bucket was left alone"
    asked.advance(60)
    ok(ask(asked, "POST", f"/sites/{SITE_ID}/publish", body))
    asked.limit_rate(None)
    unlimited = ask(asked, "POST", f"/sites/{SITE_ID}/publish", body)
    assert unlimited.status == 202
    headers = dict(unlimited.headers)
    assert headers["X-RateLimit-Remaining"] == "1"
    assert int(headers["X-RateLimit-Reset"]) <= -(-asked.state.clock.now // 1000), "the next is allowed at once"


@pytest.mark.clause("rate.site-publish")
def test_a_used_up_window_does_not_stop_a_site_publish():
    asked = limited()
    asked.advance(30)
    ok(ask(asked, "POST", f"/sites/{SITE_ID}/publish", {"publishToWebflowSubdomain": True}))
    assert ask(asked, "GET", "/sites").status == 429


def test_scripted_refusals():
    asked = fake()
    faults = faults_of(asked)
    faults.on(first=2).too_many_requests(7)
    statuses = [ask(asked, "GET", "/sites") for _ in range(3)]
    assert [response.status for response in statuses] == [429, 429, 200]
    assert [rate_of(response)[2] for response in statuses] == ["7", "7", "60"]
    faults.on(every=3).too_many_requests()
    assert [ask(asked, "GET", "/sites").status for _ in range(7)] == [200, 200, 429, 200, 200, 429, 200]
    asked.stop_faults()
    assert {ask(asked, "GET", "/sites").status for _ in range(4)} == {200}
    faults.on(first=1).too_many_requests()
    before = asked.state.world
    assert ask(asked, "POST", ITEMS, {"fieldData": {"name": "x"}}).status == 429
    assert asked.state.world is before


def test_a_scripted_refusal_has_its_headers_without_a_token_too():
    asked = fake()
    faults_of(asked).on().too_many_requests()
    response = ask(asked, "GET", "/sites", token=None)
    assert (response.status, rate_of(response)[2]) == (429, "60")


CANARY = "canary-" + "0123456789abcdef" * 3


@pytest.mark.clause("errors.envelope")
def test_no_token_is_kept_or_shown():
    (token, *_) = tokens()
    asked = fake(world().with_token(replace(token, token=CANARY)))
    asked.limit_rate(1000)
    answers = [
        ask(asked, "GET", "/sites", token=CANARY),
        ask(asked, "GET", "/token/introspect", token=CANARY),
        ask(asked, "GET", "/nothing", token=CANARY),
        ask(asked, "GET", "/sites", token=CANARY + "x"),
        ask(asked, "POST", ITEMS, body=b"{", token=CANARY),
        ask(asked, "POST", ITEMS, {"fieldData": {"name": "x"}}, token=CANARY),
    ]
    shown = [
        repr(asked.state),
        str(asked.state),
        repr(asked.state.world),
        repr(asked),
        repr(asked.state.rate),
        *map(repr, asked.journal),
        *map(str, asked.journal),
        *map(repr, asked.state.world.tokens.values()),
        *map(repr, answers),
        repr(request("GET", "/sites", token=CANARY)),
    ]
    assert len(asked.journal) == len(answers)
    assert not [text for text in shown if CANARY in text]


def test_the_journal_tells_each_exchange():
    asked = fake()
    item = ok(ask(asked, "POST", ITEMS, {"fieldData": {"name": "x"}}))["id"]
    ask(asked, "GET", f"{ITEMS}/{item}", query="cmsLocaleId=" + "b0" * 12)
    ask(asked, "GET", f"{ITEMS}/{'99' * 12}")
    ask(asked, "GET", "/nothing")
    created, read, missing, nowhere = asked.journal
    assert (created.operation, created.status, created.body) == ("items.create", 202, {"fieldData": {"name": "x"}})
    assert (read.query, read.parameters["item_id"]) == ({"cmsLocaleId": "b0" * 12}, item)
    assert (missing.clauses, missing.message) == (("items.not-found",), "Requested resource not found")
    assert (nowhere.operation, nowhere.status) == ("", 404)
    assert str(missing).endswith("-> 404 (items.get) [items.not-found] Requested resource not found")
    assert [exchange.instant for exchange in asked.journal] == sorted(exchange.instant for exchange in asked.journal)
    assert asked.journal[1:3] == [read, missing]
    asked.journal.clear()
    assert len(asked.journal) == 0


def test_operations_that_take_no_body_read_none():
    for operation in operations():
        if body_schema(operation.id) is None:
            response = ask(
                fake(), operation.method, filled(operation.path)[0], body=b"{", headers={"content-type": "x/y"}
            )
            assert response.status in (200, 404), operation.id


@pytest.mark.clause("http.json", "http.etag", "http.no-content")
def test_the_http_of_answers():
    asked = fake()
    item = ask(asked, "POST", ITEMS, {"fieldData": {"name": "Über"}})
    headers = dict(item.headers)
    assert headers["Content-Type"] == "application/json; charset=utf-8"
    assert "Über".encode() in item.body
    assert b": " not in item.body
    assert headers["ETag"].startswith(f'W/"{len(item.body):x}-')
    gone = ask(asked, "DELETE", f"{ITEMS}/{json_of(item)['id']}")
    assert (gone.status, gone.body, dict(gone.headers)["ETag"]) == (204, b"", 'W/"a-bAsFyilMr4Ra1hIU5PyoyFRunpI"')
    assert "Content-Type" not in dict(gone.headers)
    assert TOKEN not in repr(gone)
