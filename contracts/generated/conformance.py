"""What Schemathesis checks of an API against our own contract document."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from functools import cache
from typing import Any

import requests
import schemathesis
from hypothesis import settings
from hypothesis.errors import Flaky
from hypothesis.stateful import run_state_machine_as_test
from schemathesis import GenerationMode, checks
from schemathesis.core.failures import FailureGroup
from schemathesis.core.transport import Response
from schemathesis.generation.stateful.state_machine import StepOutput

from fake_webflow.openapi import METHODS, load_document, resolve_reference

from ..kit.clauses import ClauseDiffers, describe
from ..kit.sandbox import Sandbox
from ..kit.targets import DISPOSABLE_SITE
from .calls import JsonValue
from .seeds import Seeds

SCHEMA_CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
    "use_after_free",
    "ensure_resource_availability",
)
"""Of Schemathesis, by its names."""
EXCLUDED_CHECKS: Mapping[str, str] = {
    "positive_data_acceptance": "A well-formed request may break a law that no schema can state (a slug that is taken, "
    "a field the collection does not have, an item that is not live); the tests of the laws see to those.",
    "missing_required_header": "The document requires no header but the token, which is not a parameter.",
    "unsupported_method": "It expects 405; Webflow knows no such status (errors.unknown-route).",
    "allow_header_conformance": "It looks at answers of 405 only.",
    "ignored_auth": "It sends on connections of its own, around the target's pace and budget; what a call without a "
    "token, or with an unknown one, gets is checked by tests of errors.not-authorized.",
    "object_level_authorization": "It takes the tokens of two people, one of whom may not see what the other made.",
}
"""Its other checks, each with the reason."""
TRANSPORT_HEADERS = frozenset(
    [
        "alt-svc",
        "cache-control",
        "cf-cache-status",
        "cf-ray",
        "connection",
        "content-encoding",
        "content-length",
        "content-security-policy",
        "content-type",
        "date",
        "keep-alive",
        "nel",
        "report-to",
        "server",
        "server-timing",
        "set-cookie",
        "strict-transport-security",
        "transfer-encoding",
        "vary",
        "via",
        "x-content-type-options",
        "x-powered-by",
        "x-response-time",  # stands in recorded answers of 2023; a fake's own time would say nothing
    ]
)
"""Headers that servers, proxies and content networks add, whatever the API says."""
IRREVERSIBLE_OPERATIONS = frozenset(["asset-folders.create", "sites.publish"])
"""Operations that leave something nothing can remove: a folder, a site that is published.

So they are not even asked badly where that matters: who takes a bad request for a good one does it.
"""
_BODY_CLAUSES: Mapping[str, str] = {
    "asset-folders": "asset-folders.object",
    "assets": "assets.object",
    "assets.create": "assets.create.answer",
    "collections": "collections.field.keys",
    "collections.list": "collections.list.summaries",
    "fields": "collections.field.keys",
    "items": "items.object.keys",
    "items.publish": "publishing.items.answer",
    "live-items": "items.object.keys",
    "sites": "sites.object.keys",
    "sites.list-custom-domains": "sites.custom-domains",
    "sites.publish": "publishing.site.answer",
    "token.authorized-by": "token.authorized-by.answer",
    "token.introspect": "token.introspect.answer",
    "webhooks": "webhooks.object",
}


# For the walk: the links are the document's own. Not all that looks like one is one: what makes a staged item makes no
# live one.
_CONFIG = {"generation": {"mode": "positive"}, "phases": {"stateful": {"inference": {"algorithms": []}}}}


# Operations


def operation_ids(*, can_be_invalid: bool = False) -> list[str]:
    """The operations of our document; of them those that can be asked for badly, by parameters or a body."""
    return [
        path[method]["operationId"]
        for path in load_document()["paths"].values()
        for method in METHODS
        if method in path
        if not can_be_invalid or path.get("parameters") or {"parameters", "requestBody"} & path[method].keys()
    ]


def body_clause(operation_id: str) -> str:
    """The clause that says what an operation answers when it does what it was asked."""
    return _BODY_CLAUSES.get(operation_id) or _BODY_CLAUSES[operation_id.partition(".")[0]]


@cache
def load_schema(mode: str = "positive") -> Any:
    """The document, as Schemathesis reads it: without the token, which it would take for a parameter to make up.

    Bad requests are not made of what the laws of the world check (``x-law``): the laws may answer in their own way.
    """
    checks.load_all_checks()
    read = json.loads(json.dumps(load_document()))
    del read["components"]["headers"]["ETag"]["schema"]["pattern"]  # how an ETag is made is nobody's business
    for path in read["paths"].values():
        for method in METHODS:
            path.get(method, {}).pop("security", None)
    config = schemathesis.Config.from_dict(_CONFIG)
    return schemathesis.openapi.from_dict(read if mode == "positive" else _drop_rule_schemas(read), config=config)


def _drop_rule_schemas(node: JsonValue) -> JsonValue:
    if isinstance(node, dict):
        rules = {*node.get("x-law", ()), "x-law"} if isinstance(node.get("x-law", []), list) else set()
        return {key: _drop_rule_schemas(part) for key, part in node.items() if key not in rules}
    return [_drop_rule_schemas(part) for part in node] if isinstance(node, list) else node


@cache
def find_operation(operation_id: str, mode: str = "positive") -> Any:
    """One operation of it."""
    return next(
        found
        for found in (result.ok() for result in load_schema(mode).get_all_operations())
        if found.definition.raw["operationId"] == operation_id
    )


# Answers


def send_case(case: Any, sandbox: Sandbox) -> requests.Response:
    """Makes a generated request with the target's client, which has the token and keeps the pace."""
    sent = case.as_transport_kwargs(base_url=sandbox.client.base_url)
    return sandbox.client.request(
        sent["method"],
        sent["url"].removeprefix(sandbox.client.base_url),
        query=sent.get("params"),
        json=sent.get("json"),
        data=sent.get("data"),
        headers={name: value for name, value in sent["headers"].items() if not name.startswith("X-Schemathesis")},
        check=False,
        retry=False,
    )


def check_answer(case: Any, response: Any, *, excluded: Collection[str] = (), recorder: Any = None) -> None:
    """Holds an answer against the document.

    Args:
        case: The request.
        response: What was answered.
        excluded: Of the checks, those to leave out.
        recorder: What Schemathesis remembers of a sequence.

    Raises:
        ClauseDiffers: The document does not have it.
    """
    operation_id = case.operation.definition.raw["operationId"]
    chosen = checks.CHECKS.get_by_names([name for name in SCHEMA_CHECKS if name not in excluded])
    try:
        case.validate_response(response, checks=chosen, recorder=recorder)
    except FailureGroup as group:
        failure = group.exceptions[0]
        # What follows is the schema, which the document has.
        violated = " ".join(str(failure).split()).partition(" Validated against the response schema")[0]
        text = f"{violated[:400]}; {_describe_response(response)}"
        is_of_headers = "header" in str(getattr(failure, "title", "")).lower()
        clause_id = "rate.headers" if is_of_headers else _violated_clause(case, response)
        raise ClauseDiffers(clause_id, f"an answer of {operation_id} as the document states it", text) from group
    for text in _find_undeclared(operation_id, response):
        expected = f"nothing in an answer of {operation_id} but what the document states"
        raise ClauseDiffers(_violated_clause(case, response), expected, text)


def _violated_clause(case: Any, response: Any) -> str:
    """What an answer is wrong by: the envelope of refusals, that there is none, or what the operation answers."""
    if response.status_code >= 400:
        return "errors.envelope"
    if case.meta.generation.mode.is_negative:
        return "requests.shape.invalid"
    return body_clause(case.operation.definition.raw["operationId"])


def _describe_response(response: Any) -> str:
    return describe(f"{response.status_code} {response.text[:300]}")


def _find_undeclared(operation_id: str, response: Any) -> Iterator[str]:
    """Headers that the document names, but not for the status, and content that it does not declare for it."""
    stated = find_operation(operation_id).definition.raw["responses"].get(str(response.status_code))
    if stated is None:
        return
    answer = resolve_reference(stated)
    declared = {name.lower() for name in answer.get("headers", {})} | TRANSPORT_HEADERS
    for name in response.headers:
        if name.lower() in known_headers() - declared:
            yield f"the header {name} on a {response.status_code}"
    if "content" not in answer and response.content:
        yield f"content on a {response.status_code}: {response.text[:200]}"


@cache
def known_headers() -> frozenset[str]:
    """The names, in lower case, of every header that the document states for any answer, and of those of transport."""
    document = load_document()
    answers = [
        resolve_reference(answer)
        for path in document["paths"].values()
        for method in METHODS
        if method in path
        for answer in path[method]["responses"].values()
    ]
    return TRANSPORT_HEADERS | {name.lower() for answer in answers for name in answer.get("headers", {})}


def find_disorder(operation_id: str, response: Any) -> Iterator[str]:
    """Objects whose keys come in another order than the document lists them in: no client can depend on that."""
    stated = find_operation(operation_id).definition.raw["responses"].get(str(response.status_code))
    answer = resolve_reference(stated) if stated else {}
    if "content" in answer and not operation_id.startswith("webhooks."):  # whose order nothing says
        value = json.loads(response.text) if isinstance(response.text, str) else response.json()
        yield from _find_disorder(answer["content"]["application/json"]["schema"], value)


def _find_disorder(schema: Mapping[str, Any], value: JsonValue, path: str = "") -> Iterator[str]:
    """Objects whose keys come in another order than the document lists them in."""
    matching = [form for form in _alternatives(schema) if _may_match(form, value)]
    if not matching:
        return
    if isinstance(value, list):
        for number, part in enumerate(value):
            yield from _find_disorder(matching[0]["items"], part, f"{path}[{number}]")
    elif isinstance(value, dict):
        listed = _collect_properties(matching[0])
        expected = [key for key in listed if key in value]
        if expected != list(value):
            yield f"{path or 'the body'} has the keys {', '.join(value)}, in another order than {', '.join(expected)}"
        for key, part in value.items():
            if key != "fieldData":  # whose order means nothing
                yield from _find_disorder(listed[key], part, f"{path}.{key}")


def _alternatives(schema: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    schema = resolve_reference(schema)
    forms = schema.get("oneOf") or schema.get("anyOf")
    if forms:
        for form in forms:
            yield from _alternatives(form)
    else:
        yield schema


def _may_match(schema: Mapping[str, Any], value: JsonValue) -> bool:
    if isinstance(value, dict):
        return value.keys() <= _collect_properties(schema).keys()
    return isinstance(value, list) and "items" in schema


def _collect_properties(schema: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for part in resolve_reference(schema).get("allOf", ()):
        found |= _collect_properties(part)
    return {**found, **resolve_reference(schema).get("properties", {})}


# Sequences


class StatefulRun:
    """Follows the document's links: what one answer names, the next request asks for.

    Args:
        sandbox: Where it goes.
        excluded: Of the checks, those to leave out.
    """

    def __init__(self, sandbox: Sandbox, excluded: Collection[str] = ()) -> None:
        self.statuses: list[int] = []
        """Of the answers so far."""
        self._sandbox = sandbox
        self._seeds = Seeds(sandbox)
        self._excluded = excluded
        self._first_difference: ClauseDiffers | None = None

    def run(self, run_settings: settings) -> None:
        """Goes as often, and each time as far, as that says.

        Raises:
            ClauseDiffers: The document does not have an answer.
        """
        try:
            run_state_machine_as_test(self._make_machine(), settings=run_settings)
        except Exception as error:
            if self._first_difference is not None:
                raise self._first_difference from None
            # A second time the same way the sandbox is another, and so perhaps what an answer names. Hypothesis goes no
            # further then; all it was answered is in the document.
            if not isinstance(error, Flaky):
                raise

    def _make_machine(self) -> Any:
        harmless, outer = load_schema(), self
        if DISPOSABLE_SITE not in self._sandbox.target.capabilities:
            harmless = harmless.exclude(operation_id=sorted(IRREVERSIBLE_OPERATIONS))

        class Linked(harmless.as_state_machine()):  # type: ignore[misc]
            def step(self, input: Any) -> StepOutput:  # noqa: A002 - the name Schemathesis has for it
                response = outer.step(input)
                self.after_call(response, input.case)
                outer.check_answer(input.case, response, self.recorder)
                return StepOutput(response, input.case)

            def teardown(self) -> None:
                outer._seeds.clear()
                super().teardown()

        return Linked

    def step(self, step_input: Any) -> Response:
        """The answer to the next request."""
        self._seeds.fill(step_input.case, {name for _, name in step_input.applied_parameters})
        response = send_case(step_input.case, self._sandbox)
        self._seeds.track(step_input.case, response)
        self.statuses.append(response.status_code)
        return Response.from_requests(response, verify=True)

    def check_answer(self, case: Any, response: Response, recorder: Any) -> None:
        """Holds an answer against the document, and against what was answered before."""
        try:
            check_answer(case, response, excluded=self._excluded, recorder=recorder)
        except ClauseDiffers as error:
            self._first_difference = self._first_difference or error
            raise


def request_strategy(operation_id: str, mode: str) -> Any:
    """A strategy for good or for bad requests to an operation: ``positive`` or ``negative``."""
    return find_operation(operation_id, mode).as_strategy(generation_mode=GenerationMode(mode))
