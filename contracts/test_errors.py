"""How refusals look, whatever was asked."""

from __future__ import annotations

from typing import Literal

import pytest
import requests

from .kit.clauses import Choices, ClauseDiffers, NotCheckable, clause, needs
from .kit.expect import expect_field_problems, expect_refusal, is_refused
from .kit.in_process import InProcessTarget
from .kit.recorder import BAD_AUTHORIZATIONS, UNKNOWN_AUTHORIZATION
from .kit.sandbox import ABSENT_ID, WEBHOOK_URL, Sandbox
from .kit.targets import MORE_SITES, OTHER_PROFILE, OTHER_TOKENS

KINDS: tuple[Literal["site", "workspace"], ...] = ("site", "workspace")
ENVELOPE = ["message", "code", "externalReference", "details"]


@clause("errors.envelope")
@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", f"/sites/{ABSENT_ID}", 404),
        ("GET", f"/collections/{ABSENT_ID}", 404),
        ("GET", "/sites/nothing", 400),
        ("PATCH", f"/assets/{ABSENT_ID}", 400),
    ],
)
def test_a_refusal_is_an_envelope_of_four_keys(sandbox: Sandbox, method: str, path: str, status: int) -> None:
    answer = sandbox.call(
        method, path, data=b"{" if method == "PATCH" else None, headers={"Content-Type": "application/json"}
    )
    assert answer.status_code == status
    body = answer.json()
    if {*body} != {*ENVELOPE} or body["externalReference"] is not None or body["details"] != []:
        raise ClauseDiffers("errors.envelope", ", ".join(ENVELOPE), answer.text)
    assert isinstance(body["message"], str)
    assert isinstance(body["code"], str)


@clause("errors.details", "field-data.invalid", "field-data.unknown-field")
def test_each_bad_field_has_an_entry_in_details(sandbox: Sandbox) -> None:
    data = {"name": sandbox.name(), "no-such-field": 1, "nor-this-one": None}
    with sandbox.expect_unchanged():
        answer = sandbox.call("POST", f"{sandbox.everything.path}/bulk", json={"fieldData": data})
    expect_field_problems(
        answer, ("no-such-field", "field-data.unknown-field"), ("nor-this-one", "field-data.unknown-field")
    )
    assert [{*entry} for entry in answer.json()["details"]] == [{"param", "description"}] * 2


@clause("errors.external-reference")
def test_whether_a_refused_item_update_has_an_external_reference(sandbox: Sandbox, choice: Choices) -> None:
    item = sandbox.new_item()
    wrong = {"items": [{"id": item["id"], "fieldData": {"no-such-field": 1}}]}
    patched = sandbox.call("PATCH", sandbox.everything.path, json=wrong)
    created = sandbox.call(
        "POST", f"{sandbox.everything.path}/bulk", json={"fieldData": {"name": "x", "no-such-field": 1}}
    )
    assert (patched.status_code, created.status_code) == (400, 400)
    assert "externalReference" in created.json()
    body = patched.json()
    option = "absent-on-item-patch"
    if "externalReference" in body:
        option = "null" if body["externalReference"] is None else ""
    choice("errors.external-reference").record(option or None, patched)


@clause("errors.not-authorized")
@pytest.mark.parametrize("authorization", [None, *BAD_AUTHORIZATIONS])
def test_without_a_known_token_nothing_is_answered(sandbox: Sandbox, authorization: str | None) -> None:
    for path in ("/sites", f"/sites/{sandbox.site_id}", f"/collections/{sandbox.plain.id}/items"):
        expect_refusal(sandbox.call("GET", path, headers={"Authorization": authorization}), "errors.not-authorized")


@clause("errors.not-authorized")
def test_without_a_known_token_nothing_is_written(sandbox: Sandbox) -> None:
    body = {"fieldData": {"name": sandbox.name()}}
    with sandbox.expect_unchanged():
        answer = sandbox.call(
            "POST", f"{sandbox.everything.path}/bulk", json=body, headers={"Authorization": UNKNOWN_AUTHORIZATION}
        )
    expect_refusal(answer, "errors.not-authorized")


@clause("errors.missing-scopes")
@needs(OTHER_TOKENS)
@pytest.mark.parametrize(
    ("method", "path", "scope"),
    [
        ("GET", "/sites", "sites:read"),
        ("GET", "/sites/{site}", "sites:read"),
        ("GET", "/sites/{site}/collections", "cms:read"),
        ("GET", "/collections/{collection}", "cms:read"),
        ("GET", "/collections/{collection}/items", "cms:read"),
        ("POST", "/collections/{collection}/items/bulk", "cms:write"),
        ("PATCH", "/collections/{collection}/items", "cms:write"),
        ("PATCH", "/collections/{collection}/items/live", "cms:write"),
        ("POST", "/collections/{collection}/items/publish", "cms:write"),
        ("GET", "/sites/{site}/assets", "assets:read"),
        ("POST", "/sites/{site}/assets", "assets:write"),
        ("DELETE", f"/assets/{ABSENT_ID}", "assets:write"),
        ("GET", "/token/authorized_by", "authorized_user:read"),
    ],
)
def test_a_missing_scope_is_named(
    sandbox: Sandbox, target: InProcessTarget, method: str, path: str, scope: str
) -> None:
    with target.preserve_state(), sandbox.expect_unchanged():
        own = [name for name in _SCOPES if name != scope]
        client = target.client_with_token(scopes=own)
        where = path.format(site=sandbox.site_id, collection=sandbox.plain.id)
        expect_refusal(client.request(method, where, json={}, check=False), "errors.missing-scopes", scope=scope)


_SCOPES = (
    "assets:read",
    "assets:write",
    "authorized_user:read",
    "cms:read",
    "cms:write",
    "sites:read",
    "sites:write",
)


@clause("errors.site-not-granted")
@needs(OTHER_TOKENS, MORE_SITES)
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/sites/{site}"),
        ("GET", "/sites/{site}/collections"),
        ("GET", "/collections/{collection}"),
        ("GET", "/collections/{collection}/items"),
        ("GET", "/assets/{asset}"),
        ("DELETE", "/assets/{asset}"),
        ("GET", "/asset_folders/{folder}"),
        ("GET", "/webhooks/{webhook}"),
        ("DELETE", "/webhooks/{webhook}"),
    ],
)
def test_what_a_site_that_is_not_granted_gives(
    sandbox: Sandbox, target: InProcessTarget, choice: Choices, method: str, path: str
) -> None:
    asset, folder = sandbox.assets.upload(), sandbox.assets.folder
    with target.preserve_state():
        webhook = sandbox.client.webhooks.create(sandbox.site_id, trigger_type="site_publish", url=WEBHOOK_URL)
        client = target.client_with_token(site_ids=[target.new_site()])
        where = path.format(
            site=sandbox.site_id,
            collection=sandbox.plain.id,
            asset=asset["id"],
            folder=folder,
            webhook=webhook["id"],
        )
        answer = client.request(method, where, check=False)
    by_option = {"401": "errors.not-authorized", "404": "sites.not-found", "403": "errors.forbidden"}
    saw = next((option for option, clause_id in by_option.items() if is_refused(answer, clause_id)), None)
    choice("errors.site-not-granted").record(saw, answer)
    assert sandbox.client.assets.get(asset["id"])["id"] == asset["id"]


@clause("errors.forbidden")
@needs(OTHER_TOKENS, MORE_SITES, OTHER_PROFILE)
def test_a_user_who_may_not_is_told_so(sandbox: Sandbox, target: InProcessTarget) -> None:
    with target.override_choices({"errors.site-not-granted": "403"}):
        client = target.client_with_token(site_ids=[target.new_site()])
        expect_refusal(client.request("GET", f"/sites/{sandbox.site_id}", check=False), "errors.forbidden")


@clause("errors.unknown-route")
@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/nothing"), ("PUT", "/sites"), ("POST", f"/collections/{ABSENT_ID}/items/nothing/at/all")],
)
def test_what_an_unknown_route_gives(sandbox: Sandbox, choice: Choices, method: str, path: str) -> None:
    answer = sandbox.call(method, path)
    body = answer.json()
    old = {"msg": f"Route not found: {path}", "code": 404, "name": "RouteNotFoundError", "errorEnum": "RouteNotFound"}
    saw = (
        "v1-style" if body == old else "v2-envelope" if is_refused(answer, "errors.unknown-route", path=path) else None
    )
    choice("errors.unknown-route").record(saw if answer.status_code == 404 else None, answer)


def introspections(sandbox: Sandbox) -> list[requests.Response]:
    """What introspection answers to tokens that are not an app's."""
    target = sandbox.target
    if isinstance(target, InProcessTarget):
        with target.preserve_state():
            clients = [target.client_with_token(kind=kind) for kind in KINDS]
            return [client.request("GET", "/token/introspect", check=False) for client in clients]
    answer = sandbox.call("GET", "/token/introspect", retry=False)
    if answer.status_code == 200:
        raise NotCheckable("the token may be an app's, and tokens of other kinds cannot be made here")
    return [answer]


@clause("token.introspect.site-token")
def test_what_introspection_gives_tokens_that_are_no_apps(sandbox: Sandbox, choice: Choices) -> None:
    for answer in introspections(sandbox):
        saw = "error-500" if is_refused(answer, "errors.internal") else None
        if answer.status_code == 200 and {*answer.json()} == {"authorization", "application"}:
            saw = "answer"
        choice("token.introspect.site-token").record(saw, answer)


@clause("errors.internal")
def test_a_failure_of_the_server_has_the_same_envelope(sandbox: Sandbox, choice: Choices) -> None:
    choice("token.introspect.site-token").needs("error-500")
    for answer in introspections(sandbox):
        expect_refusal(answer, "errors.internal")
        assert {*answer.json()} == {*ENVELOPE}
