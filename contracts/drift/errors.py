"""Drifts of refusals, and of what is refused whatever the resource."""

from __future__ import annotations

from typing import Any

import orjson

from fake_webflow.message import Response

from .drift import drift, official_change
from .exchange import (
    AskApi,
    SentRequest,
    in_refusals,
    is_done,
    is_operation,
    is_refusal,
    make_refusal,
    read_json,
    with_header,
    with_json,
)


@drift("errors", "errors.envelope", "items.not-found")
def refusals_of_version_one(sent: SentRequest, ask: AskApi) -> Response:
    """Refusals have the form of version 1: msg, code, name, path and err."""
    answer = ask(sent)
    value = read_json(answer)
    if is_done(answer) or not isinstance(value, dict) or "message" not in value:
        return answer
    message = value["message"]
    name = "".join(part.title() for part in value["code"].split("_"))
    old = {"msg": message, "code": answer.status, "name": name, "path": sent.path, "err": f"{name}: {message}"}
    return with_json(answer, old)


@drift("errors", "errors.details", "field-data.invalid", source=official_change("a7060ce", "2024-10-18"))
@in_refusals("validation_error")
def details_are_texts(refusal: Any) -> None:
    """The entries of details are texts."""
    refusal["details"] = [f"{one['param']}: {one['description']}" for one in refusal["details"]]


@drift("errors", "errors.details", "field-data.invalid", source=official_change("8d2772a", "2024-12-27"))
@in_refusals("validation_error")
def details_name_field_and_message(refusal: Any) -> None:
    """The entries of details have field and message in place of param and description."""
    refusal["details"] = [{"field": one["param"], "message": one["description"]} for one in refusal["details"]]


@drift("nulls", "errors.envelope")
@in_refusals()
def details_are_null(refusal: Any) -> None:
    """The property details is null where there are none."""
    refusal["details"] = refusal["details"] or None


@drift("body", "errors.envelope", "errors.external-reference")
@in_refusals()
def no_external_reference(refusal: Any) -> None:
    """Refusals have no externalReference."""
    refusal.pop("externalReference", None)


@drift("errors", "items.not-found", "sites.not-found", "assets.not-found", "collections.not-found")
@in_refusals("resource_not_found")
def what_is_not_found_has_another_code(refusal: Any) -> None:
    """The code resource_not_found is called not_found."""
    refusal["code"] = "not_found"


@drift("errors", "items.not-found", "collections.not-found", "assets.not-found")
@in_refusals("resource_not_found")
def what_is_not_found_is_told_at_length(refusal: Any) -> None:
    """The text of a 404 says that the resource cannot be found, of items and collections, too."""
    if refusal["message"] == "Requested resource not found":
        refusal["message"] += ": The resource cannot be found"


@drift("errors", "errors.missing-scopes")
@in_refusals("missing_scopes")
def missing_scopes_without_quotes(refusal: Any) -> None:
    """The scopes that are missing are named without quotes."""
    refusal["message"] = refusal["message"].replace("'", "")


@drift("status", "errors.not-authorized")
def unknown_tokens_are_forbidden(sent: SentRequest, ask: AskApi) -> Response:
    """A request without a known token answers 403 in place of 401."""
    answer = ask(sent)
    return answer._replace(status=403) if answer.status == 401 else answer


@drift("errors", "errors.not-authorized", "errors.envelope")
def unknown_tokens_get_a_challenge_as_text(sent: SentRequest, ask: AskApi) -> Response:
    """A request without a known token answers a plain text."""
    answer = ask(sent)
    if answer.status != 401:
        return answer
    return with_header(answer._replace(body=b"Unauthorized"), "Content-Type", "text/plain; charset=utf-8")


@drift("errors", "errors.unknown-route")
def unknown_routes_answer_little(sent: SentRequest, ask: AskApi) -> Response:
    """An unknown route answers a bare object with the key error."""
    answer = ask(sent)
    if answer.status == 404 and not sent.operation and sent.path.startswith("/v2/"):
        return with_json(answer, {"error": "Not Found"})
    return answer


@drift("status", "requests.shape.invalid", "requests.shape.required", "requests.shape.type", "lists.limit.pattern")
def mistakes_in_requests_answer_422(sent: SentRequest, ask: AskApi) -> Response:
    """A request of the wrong shape answers 422 in place of 400."""
    answer = ask(sent)
    return (
        answer._replace(status=422) if is_refusal(answer, 400, "Value (") or is_refusal(answer, 400, "Body") else answer
    )


@drift("errors", "requests.order.shape-first", "requests.shape.type")
def mistakes_in_fields_come_before_those_of_shape(sent: SentRequest, ask: AskApi) -> Response:
    """A create with a mistake in its shape and another in its fields is refused for the field."""
    answer = ask(sent)
    if sent.operation != "items.create" or not is_refusal(answer, 400, "Value (isDraft)"):
        return answer
    of_fields = ask(sent.with_json_body({"fieldData": sent.json.get("fieldData")}))
    return of_fields if is_refusal(of_fields, 400) else answer


@drift("status", "requests.malformed-json")
def broken_json_answers_500(sent: SentRequest, ask: AskApi) -> Response:
    """A body that is not valid JSON answers 500."""
    answer = ask(sent)
    if answer.status == 400 and is_operation(sent, ()) and sent.body and not _is_json(sent.body):
        return make_refusal(answer, 500, "internal_error", "An internal error occurred")
    return answer


def _is_json(body: bytes) -> bool:
    try:
        orjson.loads(body)
    except orjson.JSONDecodeError:
        return False
    return True


@drift("status", "requests.id.invalid")
def broken_ids_are_not_found(sent: SentRequest, ask: AskApi) -> Response:
    """An id that is none answers 404."""
    answer = ask(sent)
    if answer.status == 400 and any(len(part) != 24 for part in sent.path.split("/")[3:4]):
        return make_refusal(answer, 404, "resource_not_found", "Requested resource not found")
    return answer


@drift("values", "requests.content-type")
def any_content_type_is_json(sent: SentRequest, ask: AskApi) -> Response:
    """A body counts as JSON, whatever it is declared as."""
    if is_operation(sent, ()) and sent.body:
        headers = {**sent.request.headers, "content-type": "application/json"}
        return ask(sent._replace(request=sent.request._replace(headers=headers)))
    return ask(sent)


@drift("values", "requests.query.repeated")
def of_repeated_parameters_the_last_counts(sent: SentRequest, ask: AskApi) -> Response:
    """Of a query parameter that is sent twice the last counts."""
    return ask(sent.with_query(sent.query) if sent.request.query else sent)


@drift("errors", "requests.nothing-to-change")
def updates_of_nothing_are_no_mistake(sent: SentRequest, ask: AskApi) -> Response:
    """An update with nothing in it answers the item as it is."""
    answer = ask(sent)
    if sent.operation == "items.update" and answer.status == 400 and b"fieldData" not in sent.body:
        return ask(sent.make_request("GET", sent.path))
    return answer


@drift("errors", "requests.order", "errors.unknown-route")
def the_token_comes_before_the_route(sent: SentRequest, ask: AskApi) -> Response:
    """Without a known token an unknown route answers 401, as a known one does."""
    answer = ask(sent)
    if answer.status == 404 and not sent.operation and sent.path.startswith("/v2/"):
        known = ask(sent.make_request("GET", "/v2/sites"))
        return known if known.status == 401 else answer
    return answer


@drift("errors", "plan.items", "plan.collections")
def the_plans_limits_cost_402(sent: SentRequest, ask: AskApi) -> Response:
    """What the plan does not allow answers 402."""
    answer = ask(sent)
    return answer._replace(status=402) if is_refusal(answer, 409, "plan") else answer
