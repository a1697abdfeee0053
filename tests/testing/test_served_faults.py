"""Faults of the network on a real socket, for programs in processes of their own."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext

import pytest
import requests

from fake_webflow import FakeWebflow
from fake_webflow.conditions.faults import NetworkFault
from fake_webflow.testing.server import SHARED

Headers = dict[str, str]


def test_a_call_that_times_out_is_kept_waiting_until_its_caller_gives_up(
    fake_webflow: FakeWebflow, headers: Headers
) -> None:
    url = f"{fake_webflow.base_url}/sites"
    fake_webflow.faults.on(first=8).timeout_after()

    def call(_: int) -> str:
        try:
            return str(requests.get(url, headers=headers, timeout=0.3).status_code)
        except requests.Timeout:
            return "timeout"

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(call, range(8))) == ["timeout"] * 8
    # All threads of the server were kept busy, and are free again soon after.
    assert requests.get(url, headers=headers, timeout=30).status_code == 200


@pytest.mark.parametrize(
    ("verb", "error"),
    [
        ("reset_before", requests.ConnectionError),
        ("reset_after", requests.ConnectionError),
        ("truncated_body", requests.exceptions.ChunkedEncodingError),
    ],
)
def test_the_connection_ends_before_or_within_the_answer(
    fake_webflow: FakeWebflow, headers: Headers, verb: str, error: type[Exception]
) -> None:
    getattr(fake_webflow.faults.on(nth=1), verb)()
    with pytest.raises(error):
        requests.get(f"{fake_webflow.base_url}/sites", headers=headers, timeout=30)
    assert requests.get(f"{fake_webflow.base_url}/sites", headers=headers, timeout=30).status_code == 200


@pytest.mark.parametrize("goes_on", [False, True], ids=["the-server-stops", "the-server-goes-on"])
def test_when_its_fake_ends_nobody_waits_for_a_fault(goes_on: bool) -> None:
    ended: list[Exception] = []

    def call(url: str, headers: Headers) -> None:
        try:
            requests.get(url, headers=headers, timeout=60)
        except requests.ConnectionError as error:
            ended.append(error)

    with SHARED.keep_running() if goes_on else nullcontext():
        with FakeWebflow() as webflow:
            webflow.faults.on(nth=1).timeout_before()
            headers = {"Authorization": f"Bearer {webflow.token}"}
            caller = threading.Thread(target=call, args=(f"{webflow.base_url}/sites", headers))
            caller.start()
            began = time.monotonic()
            while not webflow.journal and time.monotonic() - began < 30:
                threading.Event().wait(0.01)
        caller.join(30)
        assert (len(ended), caller.is_alive()) == (1, False)


def test_the_flask_test_client_raises_the_fault_itself(fake_webflow: FakeWebflow, headers: Headers) -> None:
    fake_webflow.faults.on(nth=1).reset_before()
    with pytest.raises(NetworkFault, match=r"^reset$"):
        fake_webflow.app.test_client().get("/v2/sites", headers=headers)


@pytest.mark.parametrize(("code", "shown"), [("a\nb", r"500 a\nb"), ("é—", r"500 \xe9\u2014"), ("it's", "500 it's")])
def test_a_code_of_any_text_can_be_sent(fake_webflow: FakeWebflow, headers: Headers, code: str, shown: str) -> None:
    fake_webflow.faults.on("sites.list").respond(500, code=code)
    answer = requests.get(f"{fake_webflow.base_url}/sites", headers=headers, timeout=10)
    assert (answer.status_code, answer.json()["code"]) == (500, code)
    assert answer.headers["X-Fake-Webflow-Fault"] == shown
