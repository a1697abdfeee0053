"""Two hundred secrets go into a fake and its commands by every way there is, and come out of it nowhere."""

from __future__ import annotations

import itertools
import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from subprocess import PIPE, Popen
from typing import Any

import pytest
import requests
from processes import COMMAND, ready

from fake_webflow.client import WebflowClient, WebflowError

pytestmark = pytest.mark.acceptance

HEADERS = [
    *("Authorization", "Proxy-Authorization", "Cookie", "X-Api-Key", "Api-Key", "X-Auth-Token", "X-Csrf-Token"),
    *("X-Amz-Security-Token", "X-Client-Secret", "X-Fake-Webflow-Control", "X-Password", "X-Amz-Signature"),
]
QUERY = ["access_token", "token", "api_key", "apikey", "client_secret", "password", "X-Amz-Signature", "refresh_token"]
SCHEMES = ["Bearer {}", "Basic {}", "Digest {}", "{}", "bearer  {}", "Token {}"]
ADDRESSES = [
    "http://user:{}@127.0.0.1:1/v2",
    "https://{}@127.0.0.1:1/v2",
    "http://a:{}@[bad",
    "http://127.0.0.1:1/v2?token={}",
]


class Canaries:
    """Secrets that are easily found again."""

    def __init__(self) -> None:
        self._numbers = itertools.count()
        self.made: list[str] = []

    def new(self) -> str:
        """One more."""
        self.made.append(f"canary{next(self._numbers):04}x{os.urandom(6).hex()}")
        return self.made[-1]


@pytest.fixture
def canaries() -> Canaries:
    return Canaries()


def find_in(outputs: dict[str, str], canaries: Canaries) -> list[tuple[str, str]]:
    return [(name, one) for name, text in outputs.items() for one in canaries.made if one in text]


def call_with_secrets(said: dict[str, Any], token: str, canaries: Canaries) -> Iterator[requests.Response]:
    """Calls of the API, of the bucket, of files and of nothing, each with secrets in its headers and its query."""
    items = f"/v2/collections/{said['collection_ids']['authors']}/items"
    places = [
        *(
            ("GET", "/v2/sites"),
            ("POST", items),
            ("PATCH", items),
            ("DELETE", "/v2/webhooks/1"),
            ("GET", "/v2/nowhere"),
        ),
        *(("POST", "/s3/"), ("GET", "/cdn/a.png"), ("GET", "/"), ("GET", "/_fake/journal")),
    ]
    origin, right = said["base_url"].removesuffix("/v2"), {"Authorization": f"Bearer {token}"}
    for method, path in places:
        url = origin + path
        for name in HEADERS:
            yield requests.request(method, url, headers={**right, name: canaries.new()}, json={"a": 1}, timeout=10)
        for name in QUERY:
            address = f"{url}?{name}={canaries.new()}"
            yield requests.request(method, address, headers=right, json={"a": 1}, timeout=10)
        for scheme in SCHEMES:
            headers = {"Authorization": scheme.format(canaries.new())}
            yield requests.request(method, url, headers=headers, json={"a": 1}, timeout=10)


def test_a_served_fake_tells_none(canaries: Canaries) -> None:
    token, control = canaries.new(), canaries.new()
    arguments = ["serve", "--port", "0", "--rate-limit", "off", "--control-token", control, "--log"]
    environment = {**os.environ, "FAKE_WEBFLOW_TOKEN": token}
    outputs: dict[str, str] = {}
    # The announcement, which is for whoever starts it, has the token; so where it is started with --log it is left out.
    with Popen([*COMMAND, *arguments], stdout=PIPE, stderr=PIPE, text=True, env=environment) as process:
        try:
            assert process.stdout is not None
            lines = list(itertools.takewhile(lambda line: "curl" not in line, process.stdout))
            origin = next(line.split()[-1] for line in lines if "base URL" in line).removesuffix("/v2")
            asked = {"X-Fake-Webflow-Control": control}
            state = requests.get(f"{origin}/_fake/state", headers=asked, timeout=10).json()
            said = {"base_url": f"{origin}/v2", **state}
            for answer in call_with_secrets(said, token, canaries):
                if b"<ArgumentName>Authorization" not in answer.content:  # which S3 quotes to who sent it
                    outputs[f"answer {len(outputs)} {answer.url.partition('?')[0]}"] = answer.text
            forks = [
                requests.post(f"{origin}/_fake/forks", json={}, headers=asked, timeout=10).json() for _ in range(10)
            ]
            canaries.made += [fork["token"] for fork in forks]
            for fork in forks:
                headers = {"Authorization": f"Bearer {fork['token']}"}
                requests.get(f"{origin}/v2/sites?from={fork['token']}", headers=headers, timeout=10)
                outputs[f"fork {fork['id']}"] = requests.get(
                    f"{fork['control_url']}/journal", headers=asked, timeout=10
                ).text
            for path in ("/", "/_fake/sign-in", "/_fake/journal"):
                outputs[f"{path}, no token"] = requests.get(origin + path, timeout=10).text
            for path in ("state", "journal", "forks", "faults", "snapshots", "clock", "openapi.json", "nothing"):
                outputs[path] = requests.get(f"{origin}/_fake/{path}", headers=asked, timeout=10).text
            process.terminate()
            _, outputs["standard error"] = process.communicate(timeout=10)
        finally:
            process.kill()
    assert len(canaries.made) > 200
    assert "401" in outputs["standard error"]
    assert find_in(outputs, canaries) == []


def run(*arguments: str, **environment: str) -> str:
    done = subprocess.run(
        [*COMMAND, *arguments], capture_output=True, text=True, timeout=120, env={**os.environ, **environment}
    )
    return done.stdout + done.stderr


def test_commands_tell_none(canaries: Canaries, tmp_path: Path) -> None:
    outputs: dict[str, str] = {}
    for number, address in enumerate(ADDRESSES):
        with_secret = address.format(canaries.new())
        outputs[f"verify {number}"] = run("verify", "--base-url", with_secret, WEBFLOW_TOKEN=canaries.new())
        outputs[f"twin {number}"] = run(
            "twin", "--left", with_secret, "--right", with_secret, "--left-token", canaries.new()
        )
        outputs[f"drift {number}"] = run("drift", "pages-of-fifty", "--port", "0", "--upstream", with_secret)
    for number in range(2):
        nowhere = "http://127.0.0.1:1/v2"
        outputs[f"verify nowhere {number}"] = run("verify", "--base-url", nowhere, "--token", canaries.new())
        outputs[f"serve {number}"] = run(
            "serve", "--port", "x", "--token", canaries.new(), "--control-token", canaries.new()
        )
    assert all(outputs.values())
    assert find_in(outputs, canaries) == []


def test_runs_and_reports_tell_none(canaries: Canaries, tmp_path: Path) -> None:
    token, other, wrong = canaries.new(), canaries.new(), canaries.new()
    outputs: dict[str, str] = {}
    command = [*COMMAND, "serve", "--port", "0", "--json", "--rate-limit", "off", "--token"]
    with (
        Popen([*command, token], stdout=PIPE, text=True) as right,
        # Differs in places, so that there is something to report.
        Popen([*command, other, "--profile", "sites.data-collection=present"], stdout=PIPE, text=True) as left,
    ):
        try:
            urls = ready(right)["base_url"], ready(left)["base_url"]
            only = ["--only", "sites.*", "--sandbox", "--report"]
            for url, used in zip(urls, (token, other), strict=True):
                outputs[f"verify {url}"] = run(
                    "verify", "--base-url", url, *only, str(tmp_path / used[-4:]), WEBFLOW_TOKEN=used
                )
            outputs["verify, wrong token"] = run(
                "verify", "--base-url", urls[0], *only, str(tmp_path / "wrong"), WEBFLOW_TOKEN=wrong
            )
            twin = ["twin", "--left", urls[0], "--right", urls[1], "--steps", "60", "--sandbox"]
            outputs["twin"] = run(*twin, WEBFLOW_LEFT_TOKEN=token, WEBFLOW_RIGHT_TOKEN=other)
            for secret in (token, wrong):
                with pytest.raises(WebflowError) as refused:
                    WebflowClient(secret, base_url=urls[0]).request("GET", f"/nowhere?token={secret}")
                outputs[f"client {secret[:10]}"] = f"{refused.value!r} {refused.value}"
        finally:
            right.kill()
            left.kill()
    reports = [file for file in tmp_path.rglob("*") if file.is_file()]
    outputs |= {str(file): file.read_text(encoding="utf-8", errors="replace") for file in reports}
    assert len(reports) >= 8
    assert find_in(outputs, canaries) == []


FAILING = """
import json, requests
from fake_webflow import FakeWebflow

CANARIES = json.load(open("secrets.json"))

def test_it(fake_webflow):
    with FakeWebflow(token=CANARIES[0]) as webflow:
        session = requests.Session()
        session.headers["Authorization"] = f"Bearer {webflow.token}"
        for canary in CANARIES[1:]:
            session.get(f"https://api.webflow.com/v2/sites?access_token={canary}", headers={"X-Api-Key": canary})
        print(repr(webflow), repr(webflow.state), repr(webflow.state.world), webflow.journal)
        print([exchange._asdict() for exchange in webflow.journal])
        del session, canary
        webflow.journal.assert_called("items.create")
"""


def test_a_failing_test_tells_none(canaries: Canaries, tmp_path: Path) -> None:
    made = [canaries.new() for _ in range(20)]
    (tmp_path / "secrets.json").write_text(json.dumps(made))
    (tmp_path / "test_secrets.py").write_text(FAILING)
    command = [COMMAND[0], "-m", "pytest", "-q", "-p", "no:cacheprovider", "--showlocals", "--junit-xml=junit.xml"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert done.returncode == 1, done.stdout + done.stderr
    outputs = {"pytest": done.stdout + done.stderr, "junit": (tmp_path / "junit.xml").read_text()}
    assert "items.create" in outputs["pytest"]
    assert find_in(outputs, canaries) == []
