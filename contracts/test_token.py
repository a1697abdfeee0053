"""What a token can ask about itself."""

from __future__ import annotations

import re
from typing import Any

import pytest

from .kit.clauses import ClauseDiffers, NotCheckable, clause, needs
from .kit.expect import OBJECT_ID, TIMESTAMP_PATTERN, expect_json, expect_keys
from .kit.in_process import InProcessTarget
from .kit.sandbox import Sandbox
from .kit.targets import OTHER_TOKENS


@pytest.fixture
def introspected(sandbox: Sandbox) -> dict[str, Any]:
    """What introspection says of the suite's own token, if it is an app's."""
    answer = sandbox.call("GET", "/token/introspect", retry=False)
    if answer.status_code == 500:
        raise NotCheckable("the token is not an OAuth app's")
    found: dict[str, Any] = expect_json(answer)
    return found


@clause("token.introspect.answer")
def test_introspection_tells_authorization_and_application(sandbox: Sandbox, introspected: dict[str, Any]) -> None:
    clause_id = "token.introspect.answer"
    expect_keys(introspected, ["authorization", "application"], clause_id)
    authorization = introspected["authorization"]
    keys = ["id", "createdOn", "lastUsed", "grantType", "rateLimit", "scope", "authorizedTo"]
    expect_keys(authorization, keys, clause_id)
    expect_keys(authorization["authorizedTo"], ["siteIds", "workspaceIds", "userIds"], clause_id)
    expect_keys(introspected["application"], ["id", "description", "homepage", "displayName"], clause_id)
    assert re.fullmatch(TIMESTAMP_PATTERN, authorization["createdOn"])
    assert authorization["rateLimit"] == int(authorization["rateLimit"])
    assert sandbox.site_id in authorization["authorizedTo"]["siteIds"]
    if not re.fullmatch(r"[a-z_]+:[a-z_]+(,[a-z_]+:[a-z_]+)*", authorization["scope"]):
        raise ClauseDiffers(clause_id, "scopes separated by commas", authorization["scope"])


@clause("token.introspect.answer")
@needs(OTHER_TOKENS)
def test_introspection_needs_no_scope_and_tells_those_there_are(target: InProcessTarget) -> None:
    with target.preserve_state():
        none = target.client_with_token(scopes=[]).token.introspect()
        some = target.client_with_token(scopes=["cms:read", "sites:read"]).token.introspect()
    assert none["authorization"]["scope"] == ""
    assert some["authorization"]["scope"] == "cms:read,sites:read"


@clause("token.authorized-by.answer")
def test_who_authorized_the_token(sandbox: Sandbox) -> None:
    user = sandbox.client.token.authorized_by()
    expect_keys(user, ["id", "email", "firstName", "lastName"], "token.authorized-by.answer")
    assert re.fullmatch(OBJECT_ID, user["id"])
