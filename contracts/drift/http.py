"""Drifts of HTTP as such, and of the rate limit."""

from __future__ import annotations

from typing import Any

from fake_webflow.message import Response

from .drift import drift
from .exchange import (
    AskApi,
    SentRequest,
    get_header,
    in_refusals,
    is_done,
    read_json,
    with_header,
    with_json,
    without_headers,
)

_LIMIT, _REMAINING, _RESET = "X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset"


def is_api(sent: SentRequest) -> bool:
    """Whether the request is for the API, not for the bucket or a file."""
    return sent.path.startswith("/v2/")


@drift("header", "http.etag")
def no_etag(sent: SentRequest, ask: AskApi) -> Response:
    """Answers have no ETag."""
    answer = ask(sent)
    return without_headers(answer, "ETag") if is_api(sent) else answer


@drift("header", "http.json")
def json_is_declared_as_text(sent: SentRequest, ask: AskApi) -> Response:
    """JSON is declared as text/plain."""
    answer = ask(sent)
    return with_header(answer, "Content-Type", "text/plain; charset=utf-8") if is_api(sent) and answer.body else answer


@drift("body", "http.no-content")
def no_content_has_a_type(sent: SentRequest, ask: AskApi) -> Response:
    """An answer of 204 declares a Content-Type."""
    answer = ask(sent)
    return with_header(answer, "Content-Type", "application/json; charset=utf-8") if answer.status == 204 else answer


@drift("rate headers", "rate.headers", "rate.too-many-requests", "rate.headers.on")
def a_429_does_not_say_when(sent: SentRequest, ask: AskApi) -> Response:
    """A 429 has no Retry-After."""
    answer = ask(sent)
    return without_headers(answer, "Retry-After") if answer.status == 429 else answer


@drift("rate headers", "rate.headers", "rate.headers.on")
def retry_after_is_a_date(sent: SentRequest, ask: AskApi) -> Response:
    """Retry-After is a date, not a number of seconds."""
    answer = ask(sent)
    if get_header(answer, "Retry-After") is None:
        return answer
    return with_header(answer, "Retry-After", "Thu, 01 Jan 2026 00:01:00 GMT")


@drift("rate headers", "rate.headers", "rate.window")
def retry_after_is_in_milliseconds(sent: SentRequest, ask: AskApi) -> Response:
    """Retry-After counts milliseconds."""
    answer = ask(sent)
    seconds = get_header(answer, "Retry-After")
    return with_header(answer, "Retry-After", f"{seconds}000") if seconds else answer


@drift("rate headers", "rate.headers.on", "rate.headers")
def rate_headers_have_other_names(sent: SentRequest, ask: AskApi) -> Response:
    """The rate headers are called RateLimit-Limit and RateLimit-Remaining."""
    answer = ask(sent)
    names = {_LIMIT: "RateLimit-Limit", _REMAINING: "RateLimit-Remaining"}
    return answer._replace(headers=[(names.get(name, name), value) for name, value in answer.headers])


@drift("rate headers", "rate.headers.on")
def refusals_have_no_rate_headers(sent: SentRequest, ask: AskApi) -> Response:
    """Only answers that do what was asked, and 429, carry rate headers."""
    answer = ask(sent)
    return (
        answer
        if is_done(answer) or answer.status == 429
        else without_headers(answer, _LIMIT, _REMAINING, "Retry-After")
    )


@drift("rate headers", "rate.headers", "rate.headers.on")
def writes_have_no_rate_headers(sent: SentRequest, ask: AskApi) -> Response:
    """Answers of 202 and 204 have no rate headers, other than those of a site publish."""
    answer = ask(sent)
    if answer.status not in (202, 204) or sent.operation == "sites.publish":
        return answer
    return without_headers(answer, _LIMIT, _REMAINING, "Retry-After")


@drift("rate headers", "rate.headers", "rate.window")
def a_missing_scope_has_no_rate_headers(sent: SentRequest, ask: AskApi) -> Response:
    """A 403 has no rate headers."""
    answer = ask(sent)
    return without_headers(answer, _LIMIT, _REMAINING, "Retry-After") if answer.status == 403 else answer


@drift("rate headers", "rate.headers", "rate.window")
def the_last_request_is_left_uncounted(sent: SentRequest, ask: AskApi) -> Response:
    """X-RateLimit-Remaining does not count the request it answers."""
    answer = ask(sent)
    left = get_header(answer, _REMAINING)
    return with_header(answer, _REMAINING, str(int(left) + 1)) if left and answer.status != 429 else answer


@drift("status", "rate.too-many-requests", "rate.message")
def too_many_requests_answer_503(sent: SentRequest, ask: AskApi) -> Response:
    """Too many requests answer 503 in place of 429."""
    answer = ask(sent)
    return answer._replace(status=503) if answer.status == 429 else answer


@drift("errors", "rate.message", "rate.too-many-requests")
@in_refusals("too_many_requests")
def too_many_requests_are_told_otherwise(refusal: Any) -> None:
    """The text of a 429 is Rate limit hit."""
    refusal["message"] = "Rate limit hit"


@drift("rate headers", "rate.site-publish.headers")
def site_publish_does_not_say_when(sent: SentRequest, ask: AskApi) -> Response:
    """A site publish has no X-RateLimit-Reset."""
    return without_headers(ask(sent), _RESET)


@drift("limits", "rate.site-publish")
def a_second_site_publish_changes_nothing(sent: SentRequest, ask: AskApi) -> Response:
    """A second site publish within a minute answers 202 and does nothing."""
    answer = ask(sent)
    if sent.operation != "sites.publish" or answer.status != 429 or read_json(answer) is None:
        return answer
    body = {"customDomains": [], "publishToWebflowSubdomain": True, "publishScope": "site"}
    return with_json(answer, body, status=202)


@drift("writes", "requests.content-encoding")
def compressed_bodies_are_refused(sent: SentRequest, ask: AskApi) -> Response:
    """A compressed body is refused as malformed JSON."""
    headers = {name: value for name, value in sent.request.headers.items() if name.lower() != "content-encoding"}
    return ask(sent._replace(request=sent.request._replace(headers=headers)))
