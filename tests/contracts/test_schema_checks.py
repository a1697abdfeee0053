"""What the schema conformance checks, and that it sees what is wrong."""

from __future__ import annotations

import json
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
import requests
from schemathesis import GenerationMode, checks
from schemathesis.core.parameters import ParameterLocation
from twins import sample_one_in

from contracts.drift.drift import Drift, drift
from contracts.drift.drifted_target import DriftedTarget
from contracts.drift.exchange import AskApi, SentRequest
from contracts.generated import conformance
from contracts.generated.seeds import Seeds
from contracts.kit.in_process import InProcessTarget
from contracts.kit.sandbox import NAME_PREFIX, Sandbox
from contracts.kit.targets import DISPOSABLE_SITE
from contracts.run.plugin import run_suite
from fake_webflow.api.operations import OPERATIONS
from fake_webflow.message import Response
from fake_webflow.openapi import METHODS, load_document, resolve_reference

FILE = "test_schema_conformance.py"


def test_each_check_of_schemathesis_is_made_or_left_out_for_a_reason():
    conformance.load_schema()
    assert {*conformance.SCHEMA_CHECKS, *conformance.EXCLUDED_CHECKS} == set(checks.CHECKS.get_all_names())
    assert not {*conformance.SCHEMA_CHECKS} & conformance.EXCLUDED_CHECKS.keys()
    assert all(reason.endswith(".") for reason in conformance.EXCLUDED_CHECKS.values())


def test_every_operation_has_a_clause_for_what_it_answers():
    assert sorted(conformance.operation_ids()) == sorted(operation.name for operation in OPERATIONS)
    assert all(conformance.body_clause(name) for name in conformance.operation_ids())
    assert {*conformance.operation_ids()} - {*conformance.operation_ids(can_be_invalid=True)} == {
        "sites.list",
        "token.authorized-by",
        "token.introspect",
    }


def test_no_link_leads_from_what_is_there_already_to_a_write():
    operations = {
        found["operationId"]: (method, found)
        for path in load_document()["paths"].values()
        for method, found in path.items()
        if method in METHODS
    }
    for name, (_, found) in operations.items():
        for answer in found["responses"].values():
            for link in resolve_reference(answer).get("links", {}).values():
                assert ".create" in name or operations[link["operationId"]][0] == "get"


def prepared() -> Sandbox:
    sandbox = Sandbox(InProcessTarget(), "0" * 8)
    sandbox.prepare()
    return sandbox


def test_properties_that_only_share_a_name_with_seeded_ones_stay_as_they_are():
    sandbox = prepared()
    definition = SimpleNamespace(raw={"operationId": "assets.create"})
    good = SimpleNamespace(mode=GenerationMode.POSITIVE)
    case = SimpleNamespace(
        operation=SimpleNamespace(definition=definition),
        meta=SimpleNamespace(components={ParameterLocation.BODY: good}),
        body={"itemIds": 3, "cmsLocaleIds": {}, "items": "none", "fieldData": 1, "fileName": "a.png"},
    )
    Seeds(sandbox).fill(case)
    name = case.body.pop("fileName")
    assert case.body == {"itemIds": 3, "cmsLocaleIds": {}, "items": "none", "fieldData": 1}
    assert name.startswith(NAME_PREFIX)


@pytest.mark.parametrize("content", [b"<p>Thanks</p>", b"[]", b"{}", b'{"id": 7}'])
def test_a_creation_that_is_answered_without_an_id_is_left_to_the_checks(content: bytes):
    sandbox = prepared()
    answer = requests.Response()
    answer.status_code, answer._content = 200, content
    seeds = Seeds(sandbox)
    seeds.track(SimpleNamespace(operation=conformance.find_operation("webhooks.create")), answer)
    before = sandbox.target.recorder.response_count
    seeds.clear()
    assert sandbox.target.recorder.response_count == before


class Lasting(InProcessTarget):
    """A fake whose site somebody needs."""

    capabilities = InProcessTarget.capabilities - {DISPOSABLE_SITE}

    def __init__(self) -> None:
        super().__init__()
        self.checks_everything = False
        self.sent: list[str] = []
        self.http.hooks["response"].append(lambda answer, *_, **__: self.sent.append(answer.request.path_url))


def test_what_nothing_can_remove_is_not_even_asked_for_badly_where_the_site_is_kept():
    target = Lasting()
    code, verdicts = run_suite(lambda: target, "-p", "no:randomly", "-k", "asset-folders.create", files=[FILE])
    assert code in (0, 5)
    assert {seen.outcome for seen in verdicts.observations} == {"not-checkable"}
    assert not any("asset_folders" in path for path in target.sent)


def changed(change: Callable[[requests.Response, Any], None]) -> Callable[[], InProcessTarget]:
    """A fake whose answers to reading a collection are changed on their way."""

    class Changed(InProcessTarget):
        def __init__(self) -> None:
            super().__init__()
            self.http.hooks["response"].append(self.change)

        def change(self, response: requests.Response, *_: Any, **__: Any) -> None:
            if response.request.method == "GET" and "/collections/" in str(response.request.url):
                body = response.json()
                change(response, body)
                response._content = json.dumps(body, separators=(",", ":")).encode()

    return Changed


def a_new_property(response: requests.Response, body: Any) -> None:
    if response.status_code == 200 and "fields" in body:
        body["isPublic"] = True


def a_lost_property(response: requests.Response, body: Any) -> None:
    body.pop("singularName", None)


def another_type(response: requests.Response, body: Any) -> None:
    if "createdOn" in body:
        body["createdOn"] = "yesterday"


def another_order(response: requests.Response, body: Any) -> None:
    if "singularName" in body:
        body["id"] = body.pop("id")


def a_new_header(response: requests.Response, body: Any) -> None:
    response.headers["X-Next-Page"] = "2"


def another_content_type(response: requests.Response, body: Any) -> None:
    response.raw.headers["Content-Type"] = response.headers["Content-Type"] = "text/html"


def another_status(response: requests.Response, body: Any) -> None:
    if response.status_code == 200 and "fields" in body:
        response.status_code = 203


def no_refusal(response: requests.Response, body: Any) -> None:
    if response.status_code == 400:
        response.status_code = 200


@pytest.mark.parametrize(
    ("change", "clause"),
    sample_one_in(
        4,
        [
            (a_new_property, "collections.field.keys"),
            (a_lost_property, "collections.field.keys"),
            (another_type, "collections.field.keys"),
            (another_content_type, "errors.envelope"),
            (another_status, "collections.field.keys"),
            (no_refusal, "requests.shape.invalid"),
        ],
    ),
)
def test_what_the_document_does_not_state_is_noticed(change: Callable[..., None], clause: str):
    code, verdicts = run_suite(changed(change), "-p", "no:randomly", "--tb=no", "-k", "collections.get", files=[FILE])
    assert code == 1
    assert verdicts.of(clause).differs
    [first, *_] = [seen for seen in verdicts.observations if seen.outcome == "differs"]
    assert "an answer of collections.get" in first.expected
    assert first.requests


@pytest.mark.parametrize("change", [another_order, a_new_header])
def test_what_no_client_can_depend_on_is_no_difference(change: Callable[..., None]):
    code, verdicts = run_suite(changed(change), "-p", "no:randomly", "--tb=no", "-k", "collections.get", files=[FILE])
    assert code == 0
    assert not any(verdict.differs for verdict in verdicts.all())


class WithoutRetryAfter(InProcessTarget):
    """A fake that does not say when the window ends."""

    def __init__(self) -> None:
        super().__init__()
        self.http.hooks["response"].append(self.lose)

    def lose(self, response: requests.Response, *_: Any, **__: Any) -> None:
        response.raw.headers.discard("Retry-After")
        response.headers.pop("Retry-After", None)


def test_a_lost_header_is_noticed():
    code, verdicts = run_suite(WithoutRetryAfter, "-p", "no:randomly", "--tb=no", "--only=rate.headers", files=[FILE])
    assert code == 1
    assert verdicts.of("rate.headers").differs


OBJECTS = ["assets.object", "collections.field.keys", "items.object.keys", "webhooks.object"]
DELETING = ["assets.delete", "collections.delete", "webhooks.delete"]


@drift("writes", *OBJECTS)
def nothing_is_deleted(sent: SentRequest, ask: AskApi) -> Response:
    """What was deleted can still be read."""
    return Response(204, [], b"") if sent.operation in DELETING else ask(sent)


@drift("writes", "errors.envelope")
def new_parts_are_not_found(sent: SentRequest, ask: AskApi) -> Response:
    """A field or an item that was just made can neither be read nor changed."""
    if sent.operation not in ("fields.update", "items.get", "items.update"):
        return ask(sent)
    return ask(sent._replace(request=sent.request._replace(path=f"{sent.path[:-24]}{'0' * 24}")))


@pytest.mark.parametrize(
    ("drifted", "clauses", "text"),
    [
        pytest.param(nothing_is_deleted, OBJECTS, "for a resource that was previously deleted", id="deleted"),
        pytest.param(
            *(new_parts_are_not_found, ["errors.envelope"], "for a resource that was just created"),
            id="new",
            marks=pytest.mark.acceptance,
        ),
    ],
)
def test_links_are_followed_until_what_they_lead_to_is_deleted(drifted: Drift, clauses: list[str], text: str):
    code, verdicts = run_suite(
        lambda: DriftedTarget(drifted), "-p", "no:randomly", "--tb=no", "-k", "one_answer_names", files=[FILE]
    )
    assert code == 1
    [seen] = [seen for seen in verdicts.observations if seen.outcome == "differs"]
    assert seen.clause in clauses
    assert text in seen.observed
