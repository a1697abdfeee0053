"""Row 2: GET item through the two HTTP libraries, against the static stubs people use in their place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import requests
import responses
import respx

from fake_webflow import FakeAdapter
from fake_webflow.fake import Fake
from fake_webflow.testing.handle import make_handle
from fake_webflow.transports.interception import Activation, activate

from .harness import Contender, Goal, Plan, Results, measured, ratio
from .profiling import where_time_goes
from .worlds import TOKEN, fake_with, item_path

_URL = f"https://api.webflow.com{item_path(500)}"
_HEADERS = {"Authorization": f"Bearer {TOKEN}"}
_TYPE = "application/json; charset=utf-8"


def through_clients(plan: Plan) -> Results:
    """Row 2."""
    fake, session, mounted = fake_with(1_000), requests.Session(), requests.Session()
    # A fork, since a fake that was active and is no more answers none.
    mounted.mount("https://", FakeAdapter(make_handle(fake.fork())))
    with activate(fake):
        body = session.get(_URL, headers=_HEADERS).content
    with httpx.Client() as client:
        get = {"requests": _checked(session.get), "adapter": _checked(mounted.get), "httpx": _checked(client.get)}
        samples = measured(
            [
                _with_fake("requests, unmodified", get["requests"], fake),
                Contender("requests, adapter mounted", get["adapter"]),
                _with_responses(get["requests"], body),
                _with_fake("httpx, unmodified", get["httpx"], fake),
                _with_respx(get["httpx"], body),
            ],
            plan,
        )

        def profile(name: str) -> Callable[[], str]:
            def line() -> str:
                with activate(fake):
                    return where_time_goes(get[name])

            return line

        stub, httpx_stub = samples["responses"], samples["respx"]
        of_requests = ratio(
            2,
            "GET item through requests, unmodified / responses, static",
            samples["requests, unmodified"],
            stub,
            Goal(0.75, "x"),
        )
        of_adapter = ratio(
            2, "the same with the adapter mounted / responses, static", samples["requests, adapter mounted"], stub
        )
        of_httpx = ratio(
            2,
            "GET item through httpx, unmodified / respx, static",
            samples["httpx, unmodified"],
            httpx_stub,
            Goal(0.85, "x"),
        )
        return Results([of_requests.explained(profile("requests")), of_adapter, of_httpx.explained(profile("httpx"))])


def _checked(get: Callable[..., Any]) -> Callable[[], object]:
    def call() -> object:
        answer = get(_URL, headers=_HEADERS)
        assert answer.status_code == 200
        return answer.content

    return call


def _with_fake(name: str, call: Callable[[], object], fake: Fake) -> Contender:
    active: list[Activation] = []
    return Contender(name, call, lambda: active.append(activate(fake)), lambda: active.pop().end())


def _with_responses(call: Callable[[], object], body: bytes) -> Contender:
    stub = responses.RequestsMock(assert_all_requests_are_fired=False)

    def begin() -> None:
        stub.start()
        stub.get(_URL, body=body, content_type=_TYPE)

    def end() -> None:
        stub.stop()
        stub.reset()

    return Contender("responses", call, begin, end)


def _with_respx(call: Callable[[], object], body: bytes) -> Contender:
    router = respx.MockRouter(assert_all_called=False)

    def begin() -> None:
        router.start()
        router.get(_URL).respond(200, content=body, headers={"Content-Type": _TYPE})

    def end() -> None:
        router.stop(clear=True, reset=True)

    return Contender("respx", call, begin, end)
