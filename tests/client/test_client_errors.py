"""Which answer becomes which error, and that no error shows the token."""

from __future__ import annotations

import logging
import pickle
from typing import Any

import pytest
import requests
import responses

from fake_webflow import client as public
from fake_webflow.client import (
    ApiError,
    BadRequest,
    Conflict,
    ConnectionFailed,
    Forbidden,
    NotAuthorized,
    NotFound,
    ServerError,
    TooManyRequests,
    UnexpectedAnswer,
    UploadError,
    WebflowClient,
    WebflowError,
)

BASE = "https://api.webflow.com/v2"
SITE = f"{BASE}/sites/s"
CANARY = "canary-4f8e1c"


def envelope(message: str = "No", code: str = "no", details: Any = ()) -> dict[str, Any]:
    return {"message": message, "code": code, "externalReference": None, "details": list(details)}


def failure(client: WebflowClient, stub: responses.RequestsMock, **answer: Any) -> WebflowError:
    stub.post(f"{BASE}/sites/s/assets", **answer)
    with pytest.raises(WebflowError) as caught:
        client.assets.create("s", file_name="a", file_hash="b")
    return caught.value


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, BadRequest),
        (401, NotAuthorized),
        (403, Forbidden),
        (404, NotFound),
        (406, ApiError),
        (409, Conflict),
        (500, ServerError),
        (501, ServerError),
        (503, ServerError),
    ],
)
def test_the_status_chooses_the_class(
    client: WebflowClient, stub: responses.RequestsMock, status: int, kind: type[ApiError]
) -> None:
    details = [{"param": "slug", "description": "Unique value is already in database: 'a'"}]
    error = failure(
        client,
        stub,
        json=envelope("Validation Error", "validation_error", details),
        status=status,
        headers={"X-Fake-Webflow-Clause": "items.slug.taken, items.name.long", "X-RateLimit-Remaining": "3"},
    )
    assert type(error) is kind
    assert isinstance(error, ApiError)
    assert (error.status, error.code, error.message) == (status, "validation_error", "Validation Error")
    assert error.details == details
    assert error.clauses == ("items.slug.taken", "items.name.long")
    assert error.headers["x-ratelimit-remaining"] == "3"
    assert (error.method, error.url) == ("POST", f"{BASE}/sites/s/assets")
    for part in (str(status), "POST", "validation_error", "already in database", "items.slug.taken"):
        assert part in str(error)


def test_the_real_api_names_no_clauses(client: WebflowClient, stub: responses.RequestsMock) -> None:
    error = failure(client, stub, json=envelope("Gone", "resource_not_found"), status=404)
    assert isinstance(error, NotFound)
    assert error.clauses == ()
    assert str(error) == f"POST {BASE}/sites/s/assets 404 resource_not_found: Gone"


@pytest.mark.parametrize(
    ("message", "code", "scopes"),
    [
        ("OAuthForbidden: You are missing the following scopes - 'cms:read'", "missing_scopes", ("cms:read",)),
        (
            "OAuthForbidden: You are missing the following scopes - 'authorized_user:read', 'cms:write'",
            "missing_scopes",
            ("authorized_user:read", "cms:write"),
        ),
        ("OAuthForbidden: You are missing the following scopes - assets:write", "missing_scopes", ("assets:write",)),
        ("User is not authorized to perform this action: scopes a:b", "forbidden", ()),
    ],
)
def test_a_403_names_the_scopes(
    client: WebflowClient, stub: responses.RequestsMock, message: str, code: str, scopes: tuple[str, ...]
) -> None:
    error = failure(client, stub, json=envelope(message, code), status=403)
    assert isinstance(error, Forbidden)
    assert error.missing_scopes == scopes


def test_an_unknown_route_answers_in_the_older_form(client: WebflowClient, stub: responses.RequestsMock) -> None:
    body = {"msg": "Route not found: /x", "code": 404, "name": "RouteNotFoundError", "errorEnum": "RouteNotFound"}
    error = failure(client, stub, json=body, status=404)
    assert isinstance(error, NotFound)
    assert (error.code, error.message, error.details) == ("RouteNotFound", "Route not found: /x", [])


@pytest.mark.parametrize(
    ("extra", "code"), [({}, None), ({"code": 7, "details": None}, None), ({"code": "conflict"}, "conflict")]
)
def test_parts_of_the_envelope_may_be_missing(
    client: WebflowClient, stub: responses.RequestsMock, extra: dict[str, Any], code: str | None
) -> None:
    error = failure(client, stub, json={"message": "Site is published", **extra}, status=409)
    assert isinstance(error, Conflict)
    assert (error.code, error.details) == (code, [])


ODD_BODIES = [
    b"",
    b"<html>Blocked</html>",
    b"[]",
    b"null",
    b'"text"',
    b'{"error": 1}',
    b'{"message": 1}',
    b"\xff\xfe",
    b"[" * 100_000,
]


@pytest.mark.parametrize("body", ODD_BODIES)
@pytest.mark.parametrize("status", [302, 400, 404, 406])
def test_a_refusal_that_is_not_webflows_is_unexpected(
    client: WebflowClient, stub: responses.RequestsMock, status: int, body: bytes
) -> None:
    error = failure(client, stub, body=body, status=status)
    assert isinstance(error, UnexpectedAnswer)
    assert error.status == status
    assert len(str(error)) < 1000


@pytest.mark.parametrize("body", ODD_BODIES)
def test_a_gateways_page_means_what_its_status_says(
    client: WebflowClient, stub: responses.RequestsMock, body: bytes
) -> None:
    error = failure(client, stub, body=body, status=502)
    assert isinstance(error, ServerError)
    assert error.code is None
    stub.replace("POST", f"{BASE}/sites/s/assets", body=body, status=429, headers={"Retry-After": "900"})
    with pytest.raises(TooManyRequests) as caught:
        client.assets.create("s", file_name="a", file_hash="b")
    assert caught.value.retry_after == 900.0


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"null", b"1", b'{"id": ', b"\xff\xfe", b"[" * 100_000])
def test_a_success_that_is_no_json_object_is_unexpected(
    client: WebflowClient, stub: responses.RequestsMock, body: bytes
) -> None:
    error = failure(client, stub, body=body, status=200)
    assert isinstance(error, UnexpectedAnswer)
    assert error.url == f"{BASE}/sites/s/assets"


@pytest.mark.parametrize("token", ["", "two words", "line\nbreak", "zürich", "nul\0", "tab\t"])
def test_a_token_no_header_can_carry_is_refused_without_showing_it(token: str) -> None:
    with pytest.raises(ValueError, match="printable ASCII") as caught:
        WebflowClient(token)
    assert not token or token not in str(caught.value)


def all_errors() -> list[WebflowError]:
    kinds: list[type[ApiError]] = [
        ApiError,
        BadRequest,
        NotAuthorized,
        Forbidden,
        NotFound,
        Conflict,
        TooManyRequests,
        ServerError,
    ]
    return [
        *(kind("m", 400, "c", [{"param": "p"}], ("r",), {"h": "v"}, "GET", "u") for kind in kinds),
        UnexpectedAnswer("m", 200, {"h": "v"}, "GET", "u"),
        ConnectionFailed("m", "GET", "u"),
        UploadError("m", {"id": "a"}, 400, "EntityTooLarge", {"Code": "EntityTooLarge"}, ("r",)),
    ]


def test_the_tree_is_complete() -> None:
    exported = {value for value in vars(public).values() if isinstance(value, type) and issubclass(value, Exception)}
    assert exported == {WebflowError, *map(type, all_errors())}


@pytest.mark.parametrize("error", all_errors(), ids=lambda error: type(error).__name__)
def test_an_error_survives_pickling(error: WebflowError) -> None:
    copy = pickle.loads(pickle.dumps(error))
    assert type(copy) is type(error)
    assert vars(copy) == vars(error)
    assert str(copy) == str(error)


@pytest.mark.parametrize("status", [200, 302, 400, 401, 403, 404, 406, 409, 429, 500])
@pytest.mark.parametrize("form", ["envelope", "page"])
def test_an_answer_that_echoes_the_token_gives_it_away_nowhere(
    stub: responses.RequestsMock, caplog: pytest.LogCaptureFixture, status: int, form: str
) -> None:
    caplog.set_level(logging.DEBUG)
    told = envelope(f"bad token {CANARY}", CANARY, [{"param": "a", CANARY: [CANARY]}, f"Bearer {CANARY}"])
    body: Any = {"json": [told]} if status == 200 else {"json": told}
    if form == "page":
        body = {"body": f"<html>Authorization: Bearer {CANARY}</html>"}
    url = f"{BASE}/sites/{CANARY}"
    for _ in range(2):
        stub.get(url, status=status, headers={"X-Echo": f"Bearer {CANARY}", "X-Fake-Webflow-Clause": CANARY}, **body)
    stub.assert_all_requests_are_fired = False
    with WebflowClient(CANARY, retries=1, sleep=lambda _: None) as client, pytest.raises(WebflowError) as caught:
        client.sites.get(CANARY)
    ours = [record.getMessage() for record in caplog.records if record.name.startswith("fake_webflow")]
    assert bool(ours) == (status in (429, 500))
    for text in (str(caught.value), repr(caught.value), repr(vars(caught.value)), repr(client), *ours):
        assert CANARY not in text


def test_a_lost_connection_does_not_give_the_token_away(client: WebflowClient, stub: responses.RequestsMock) -> None:
    stub.post(f"{BASE}/sites/s/publish", body=requests.ConnectionError(f"proxy refused Bearer {CANARY}"))
    with pytest.raises(ConnectionFailed) as caught:
        client.sites.publish("s")
    assert CANARY not in str(caught.value) + repr(caught.value)


def test_no_object_of_the_client_shows_the_token(client: WebflowClient) -> None:
    shown = [repr(client), str(client), *(repr(value) for value in vars(client).values())]
    assert not [text for text in shown if CANARY in text]
