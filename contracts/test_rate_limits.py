"""Rate limits."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import requests

from .kit.clauses import Choices, ClauseDiffers, NotCheckable, clause, needs
from .kit.expect import expect_refusal, is_refused
from .kit.in_process import InProcessTarget
from .kit.recorder import UNKNOWN_AUTHORIZATION
from .kit.sandbox import ABSENT_ID, Sandbox
from .kit.targets import ADVANCE_TIME, LIMIT_RATE, OTHER_TOKENS, SCRIPT_FAULTS, Target

HEADERS = ("X-RateLimit-Limit", "X-RateLimit-Remaining", "Retry-After")


def rate_figures(answer: requests.Response) -> tuple[int, int, int]:
    """Limit, remaining and seconds to the window's end, as an answer tells them."""
    values = [answer.headers.get(name, "") for name in HEADERS]
    if not all(re.fullmatch(r"\d+", value) for value in values):
        raise ClauseDiffers("rate.headers", "three whole numbers", ", ".join(map(repr, values)))
    limit, remaining, seconds = map(int, values)
    return limit, remaining, seconds


def is_429(answer: requests.Response) -> bool:
    """Whether an answer refuses by the limit, however its text is spelt."""
    return any(
        is_refused(answer, "rate.too-many-requests", message=text)
        for text in ("Too Many Requests", "Too many requests")
    )


@contextmanager
def enforce_limit(target: Target) -> Iterator[None]:
    """With a limit that is enforced, where that can be asked for."""
    if isinstance(target, InProcessTarget):
        with target.preserve_state():
            target.limit_rate(60)
            yield
    else:
        yield


@clause("rate.headers.on")
def test_which_answers_carry_the_rate_headers(sandbox: Sandbox, choice: Choices) -> None:
    answers = [
        sandbox.call("GET", "/sites"),
        sandbox.call("GET", f"/collections/{ABSENT_ID}"),
        sandbox.call("GET", sandbox.plain.path, query={"limit": "0"}),
    ]
    carrying = [sum(name in answer.headers for name in HEADERS) for answer in answers]
    saw = {9: "every-answer", 0: "429-only"}.get(sum(carrying))
    choice("rate.headers.on").record(saw, f"rate headers on answers 200, 404 and 400: {carrying}")


@clause("rate.headers")
def test_the_headers_tell_what_remains_and_for_how_long(sandbox: Sandbox, choice: Choices) -> None:
    choice("rate.headers.on").needs("every-answer")
    limit, before, seconds = rate_figures(sandbox.call("GET", "/sites"))
    refused_too = rate_figures(sandbox.call("GET", f"/collections/{ABSENT_ID}"))
    assert limit >= 1
    assert 0 <= before < limit
    assert 1 <= seconds <= 60
    assert refused_too[0] == limit


@clause("rate.headers", "rate.headers.on")
def test_writes_carry_them_too_with_a_body_or_without(sandbox: Sandbox, choice: Choices) -> None:
    choice("rate.headers.on").needs("every-answer")
    made = sandbox.call("POST", sandbox.plain.path, json={"fieldData": {"name": sandbox.name()}})
    gone = sandbox.call("DELETE", f"{sandbox.plain.path}/{made.json()['id']}")
    assert (made.status_code, gone.status_code) == (202, 204)
    for answer in (made, gone):
        rate_figures(answer)


@clause("rate.headers", "rate.window")
@needs(OTHER_TOKENS, LIMIT_RATE)
def test_a_missing_scope_costs_a_request(sandbox: Sandbox, target: InProcessTarget, choice: Choices) -> None:
    choice("rate.headers.on").needs("every-answer")
    with target.preserve_state():
        target.limit_rate(60)
        client = target.client_with_token(scopes=["sites:read"])
        answers = [client.request("GET", path, check=False) for path in ("/sites", sandbox.plain.path, "/sites")]
    assert [answer.status_code for answer in answers] == [200, 403, 200]
    assert [rate_figures(answer)[1] for answer in answers] == [59, 58, 57]


@clause("rate.headers")
def test_without_a_known_token_there_is_nothing_to_count(sandbox: Sandbox, choice: Choices) -> None:
    choice("rate.headers.on").needs("every-answer")
    rate_figures(sandbox.call("GET", "/sites"))
    answer = sandbox.call("GET", "/sites", headers={"Authorization": UNKNOWN_AUTHORIZATION})
    assert not [name for name in HEADERS if name in answer.headers]


@clause("rate.window")
def test_every_request_counts_refused_or_not(sandbox: Sandbox, choice: Choices) -> None:
    choice("rate.headers.on").needs("every-answer")
    calls = (f"/sites/{sandbox.site_id}", f"/collections/{ABSENT_ID}", "/sites/nothing", "/sites")
    with enforce_limit(sandbox.target):
        observed = [rate_figures(sandbox.call("GET", path)) for path in calls]
    pairs = list(itertools.pairwise(observed))
    if any(later[2] > earlier[2] for earlier, later in pairs) or observed[-1][1] < 2:
        raise NotCheckable("the window is used up, not enforced, or a new one opened meanwhile")
    for earlier, later in pairs:
        if later[1] != earlier[1] - 1:
            raise ClauseDiffers("rate.window", f"{earlier[1] - 1} remaining", f"{later[1]} remaining")


@clause("rate.too-many-requests", "rate.window", "rate.headers")
@needs(LIMIT_RATE, ADVANCE_TIME)
def test_a_window_holds_so_many_requests_and_lasts_a_minute(
    sandbox: Sandbox, target: InProcessTarget, choice: Choices
) -> None:
    choice("rate.headers.on").needs("every-answer")
    with target.preserve_state():
        target.limit_rate(3)
        answers = [sandbox.call("GET", "/sites"), sandbox.call("GET", f"/collections/{ABSENT_ID}")]
        target.advance(20.5)
        answers += [sandbox.call("GET", "/sites") for _ in range(3)]
        observed = [rate_figures(answer) for answer in answers]
        assert [answer.status_code for answer in answers] == [200, 404, 200, 429, 429]
        assert observed == [(3, 2, 60), (3, 1, 60), (3, 0, 40), (3, 0, 40), (3, 0, 40)]
        assert all(is_429(answer) for answer in answers[3:])
        target.advance(39)
        assert is_429(sandbox.call("GET", "/sites"))
        target.advance(0.5)
        again = sandbox.call("GET", "/sites")
        assert again.status_code == 200
        assert rate_figures(again) == (3, 2, 60)


@clause("rate.too-many-requests")
@needs(LIMIT_RATE)
def test_a_refused_write_writes_nothing(sandbox: Sandbox, target: InProcessTarget) -> None:
    with target.preserve_state():
        with sandbox.expect_unchanged():
            target.limit_rate(1)
            sandbox.call("GET", "/sites")
            answer = sandbox.call(
                "POST", f"{sandbox.everything.path}/bulk", json={"fieldData": {"name": sandbox.name()}}
            )
            target.limit_rate(None)
        assert is_429(answer)


@clause("rate.window")
@needs(LIMIT_RATE)
def test_each_token_has_a_window_of_its_own(sandbox: Sandbox, target: InProcessTarget) -> None:
    with target.preserve_state():
        target.limit_rate(1)
        other = target.client_with_token()
        statuses = [client.request("GET", "/sites", check=False).status_code for client in (sandbox.client, other) * 2]
    assert statuses == [200, 200, 429, 429]


@clause("rate.message")
@needs(SCRIPT_FAULTS)
def test_how_the_text_of_a_429_is_spelt(sandbox: Sandbox, target: InProcessTarget, choice: Choices) -> None:
    with target.preserve_state():
        target.refuse_with_429(1)
        answer = sandbox.call("GET", "/sites")
    assert answer.status_code == 429
    text = answer.json()["message"]
    choice("rate.message").record(text if is_429(answer) else None, answer)


@clause("rate.site-publish.headers")
def test_a_site_publish_has_figures_of_its_own(sandbox: Sandbox) -> None:
    unlimited = sandbox.site_published.headers.get("X-RateLimit-Remaining") == "1"
    read_publish_reset(sandbox.site_published, remaining="1" if unlimited else "0")


def read_publish_reset(answer: requests.Response, *, remaining: str = "0") -> int:
    """When a site publish's own bucket lets through the next, in seconds since 1970."""
    headers = {name: answer.headers.get(name) for name in (*HEADERS, "X-RateLimit-Reset")}
    reset = headers.pop("X-RateLimit-Reset") or ""
    expected = {"X-RateLimit-Limit": "1", "X-RateLimit-Remaining": remaining, "Retry-After": None}
    if headers != expected or not reset.isdigit():
        raise ClauseDiffers("rate.site-publish.headers", f"{expected}, and a second", f"{headers}, {reset!r}")
    return int(reset)


@clause("rate.site-publish", "rate.site-publish.headers")
@needs(LIMIT_RATE, ADVANCE_TIME)
def test_a_site_can_be_published_once_a_minute(sandbox: Sandbox, target: InProcessTarget, choice: Choices) -> None:
    choice("rate.headers.on").needs("every-answer")

    def publish() -> requests.Response:
        return sandbox.call(
            "POST", f"/sites/{sandbox.site_id}/publish", json={"publishToWebflowSubdomain": True}, retry=False
        )

    with target.preserve_state():
        target.advance(120)
        target.limit_rate(60)
        before = rate_figures(sandbox.call("GET", "/sites"))
        first = publish()
        done = datetime.fromisoformat(sandbox.client.sites.get(sandbox.site_id)["lastPublished"])
        after = rate_figures(sandbox.call("GET", "/sites"))
        assert first.status_code == 202
        assert after[1] == before[1] - 2
        assert read_publish_reset(first) == int(done.timestamp()) + 61
        expect_refusal(publish(), "rate.site-publish")
        target.advance(61)
        again = publish()
        assert again.status_code == 202
        assert read_publish_reset(again) - read_publish_reset(first) == 61
