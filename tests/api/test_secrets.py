"""The journal tells what a program sent, and no secret that was among it."""

from __future__ import annotations

import pytest
from worlds import TOKEN, ask

SECRET = "canary-4711"


@pytest.mark.parametrize(
    "name",
    [
        *("authorization", "proxy-authorization", "cookie", "x-fake-webflow-control", "x-api-key", "api-key", "apikey"),
        *("x-auth-token", "x-csrf-token", "x-amz-security-token", "x-client-secret", "x-amz-signature", "x-auth"),
        *("x-forwarded-authorization", "x-password", "x-amz-credential", "set-cookie"),
    ],
)
def test_headers_that_hold_secrets_are_not_kept(asked, name):
    ask(asked, "GET", "/sites", headers={name: SECRET})
    kept = asked.journal[-1]
    assert kept.request_headers[name] == "(not kept)"
    assert SECRET not in repr(kept._asdict())


@pytest.mark.parametrize(
    "name",
    [
        "access_token",
        "token",
        "api_key",
        "apiKey",
        "X-Amz-Signature",
        "sig",
        "client_secret",
        "PASSWORD",
        "refreshToken",
    ],
)
def test_nor_are_such_parts_of_a_query(asked, name):
    ask(asked, "GET", "/sites", query=f"{name}={SECRET}&limit=2")
    kept = asked.journal[-1]
    assert kept.query == {name: "(not kept)", "limit": "2"}
    assert SECRET not in repr(kept._asdict())


def test_the_token_is_kept_nowhere(asked):
    ask(asked, "GET", "/sites", query=f"from=https%3A%2F%2Fa.example%2F{TOKEN}", headers={"x-mine": f"t={TOKEN}"})
    kept = asked.journal[-1]
    assert kept.query == {"from": "https://a.example/(not kept)"}
    assert TOKEN not in repr(kept._asdict())


def test_all_else_is_kept(asked):
    headers = {"idempotency-key": "1", "x-request-id": "2", "author": "3", "x-tokens-left": "4", "keys": "5"}
    ask(asked, "GET", "/sites", query="filter%5Btoken%5D=1&sort%5Bsecret%5D=desc&key=2&offset=0", headers=headers)
    kept = asked.journal[-1]
    assert headers.items() <= kept.request_headers.items()
    assert kept.query == {"filter[token]": "1", "sort[secret]": "desc", "key": "2", "offset": "0"}
