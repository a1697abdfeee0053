"""Drifts as WSGI middlewares, and before another server."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest
import requests
from messages import assert_facts
from werkzeug.test import Client

from contracts.drift import find_drift
from fake_webflow import FakeWebflow
from fake_webflow.cli import main
from fake_webflow.cli.drift_proxy import DriftMiddleware, ForwardingApp
from fake_webflow.client import WebflowClient
from fake_webflow.fake import fake_of
from fake_webflow.transports.flask_app import create_flask_app
from fake_webflow.transports.server import Server

TOKEN = {"Authorization": "Bearer test-token"}


@pytest.fixture
def fake() -> FakeWebflow:
    return FakeWebflow("default", token="test-token")


@pytest.fixture
def upstream(fake: FakeWebflow) -> Iterator[str]:
    with Server(create_flask_app(fake_of(fake))) as server:
        yield server.origin


def before(upstream: str, name: str) -> Server:
    return Server(DriftMiddleware(ForwardingApp(upstream), find_drift(name).answer))  # type: ignore[arg-type]


def test_a_middleware_changes_the_answer_and_its_length(fake: FakeWebflow):
    client = Client(DriftMiddleware(create_flask_app(fake_of(fake)), find_drift("sites-have-no-short-name").answer))
    answer = client.get("/v2/sites", headers=TOKEN)
    assert "shortName" not in answer.json["sites"][0]
    assert int(answer.headers["Content-Length"]) == len(answer.data)


def test_a_middleware_changes_the_request(fake: FakeWebflow):
    client = Client(DriftMiddleware(create_flask_app(fake_of(fake)), find_drift("pages-of-fifty").answer))
    path = f"/v2/sites/{fake.site.id}/assets"
    assert client.get(f"{path}?limit=70", headers=TOKEN).json["pagination"]["limit"] == 50
    assert client.get(f"{path}?limit=7&offset=1", headers=TOKEN).json["pagination"] == {
        "limit": 7,
        "offset": 1,
        "total": len(fake.state.world.assets),
    }


def test_a_middleware_asks_more_than_once(fake: FakeWebflow):
    [collection] = [found for found in fake.state.world.collections.values() if found.slug == "authors"]
    client = Client(DriftMiddleware(create_flask_app(fake_of(fake)), find_drift("patch-replaces-field-data").answer))
    items = f"/v2/collections/{collection.id}/items"
    item = client.get(f"{items}?limit=1", headers=TOKEN).json["items"][0]
    others = item["fieldData"].keys() - {"name", "slug"}
    changed = client.patch(f"{items}/{item['id']}", json={"fieldData": {"name": "Ünïcode"}}, headers=TOKEN).json
    assert changed["fieldData"]["name"] == "Ünïcode"
    assert others
    assert [changed["fieldData"][key] for key in others] == [None] * len(others)


def test_uploads_come_through_the_proxy_as_well(fake: FakeWebflow, upstream: str):
    with before(upstream, "files-are-streams-of-bytes") as proxy, requests.Session() as session:
        client = WebflowClient("test-token", base_url=f"{proxy.origin}/v2", session=session)
        made = client.assets.upload(fake.site.id, b"some bytes", file_name="a file.png")
        assert made["hostedUrl"].startswith(proxy.origin)
        file = session.get(made["hostedUrl"], timeout=10)
        assert (file.content, file.headers["Content-Type"]) == (b"some bytes", "application/octet-stream")
        client.assets.delete(made["id"])


def test_a_drift_is_seen_through_the_proxy_and_not_behind_it(fake: FakeWebflow, upstream: str):
    with before(upstream, "deletes-answer-200") as proxy:
        found = [
            requests.delete(f"{origin}/v2/assets/{asset.id}", headers=TOKEN, timeout=10)
            for origin, asset in zip((upstream, proxy.origin), fake.state.world.assets, strict=False)
        ]
    assert [(answer.status_code, answer.content) for answer in found] == [(204, b""), (200, b"{}")]


def test_a_server_that_does_not_answer_is_told():
    with before("http://127.0.0.1:9", "oldest-first") as proxy:
        answer = requests.get(f"{proxy.origin}/v2/sites", timeout=10)
    assert answer.status_code == 502
    assert answer.text.startswith("http://127.0.0.1:9 does not answer: ")


def test_the_command_lists_every_drift_with_what_it_does(capsys: pytest.CaptureFixture[str]):
    assert main(["drift", "--list"]) == 0
    listed = capsys.readouterr().out
    assert "\n  broken-offset-is-none\n    An offset that is not a number counts as 0.\n" in listed


@pytest.mark.parametrize(
    ("arguments", "facts"), [([], []), (["pages-of-fivty"], ["'pages-of-fivty'", "did you mean pages-of-fifty?"])]
)
def test_the_command_names_mistakes_in_one_line(
    arguments: list[str], facts: list[str], capsys: pytest.CaptureFixture[str]
):
    assert main(["drift", *arguments]) == 2
    printed = capsys.readouterr().err
    assert printed.startswith("fake-webflow drift: ")
    assert printed.count("\n") == 1
    assert_facts(printed, "fake-webflow drift --list", *facts)


@pytest.mark.parametrize(
    "upstream", ["nothing", "ftp://example.com", "//example.com", "http://example.com:99999", "http://[::1"]
)
def test_the_command_wants_an_address(upstream: str, capsys: pytest.CaptureFixture[str]):
    assert main(["drift", "oldest-first", "--upstream", upstream]) == 2
    assert_facts(capsys.readouterr().err, "http or https", repr(upstream))


def test_the_command_serves_until_it_is_told_to_stop(fake: FakeWebflow, upstream: str):
    command = [sys.executable, "-m", "fake_webflow", "drift", "sites-come-in-pages", "--port", "0"]
    process = subprocess.Popen([*command, "--upstream", f"{upstream}/v2"], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    with process, process.stdout:
        said = [process.stdout.readline().rstrip() for _ in range(3)]
        base_url = said[2].split()[0]
        assert said == [
            "sites-come-in-pages: The list of sites has a pagination.",
            "It concerns sites.list.no-pages.",
            f"{base_url} stands before {upstream}",
        ]
        assert "pagination" in requests.get(f"{base_url}/sites", headers=TOKEN, timeout=10).json()
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
