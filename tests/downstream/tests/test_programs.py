"""The newsroom as a program: in a process of its own, with an address."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.request

import pytest


@pytest.fixture
def run(tmp_path):
    def run(base_url, token, collection):
        file = tmp_path / "articles.json"
        file.write_text(json.dumps([{"name": "The ferry", "slug": "the-ferry"}]), encoding="utf-8")
        environment = {**os.environ, "WEBFLOW_API_URL": base_url, "WEBFLOW_TOKEN": token}
        arguments = [sys.executable, "-m", "newsroom", file, collection.id]
        done = subprocess.run(arguments, env=environment, capture_output=True, text=True, check=True, timeout=300)
        return json.loads(done.stdout)

    return run


def test_with_the_shared_server(fake_webflow, fake_webflow_server, articles, run):
    done = run(fake_webflow_server.base_url, fake_webflow_server.token, articles)
    assert done == {"created": 1, "changed": 0, "kept": 0}
    fake_webflow.journal.assert_called("items.create", times=1)
    assert len(fake_webflow.items(articles).staged) == 3


def test_with_a_server_of_its_own(fake_webflow, articles, run):
    assert run(fake_webflow.base_url, fake_webflow.token, articles)["created"] == 1
    fake_webflow.journal.assert_called("items.create", times=1)


@pytest.fixture
def control():
    """Calls the control interface, as a program in another language would."""

    def control(method, url, body=None, token=""):
        headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
        data = json.dumps(body or {}).encode() if method in ("POST", "PUT") else None
        request = urllib.request.Request(url, data, headers, method=method)
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)

    return control


def test_the_control_interface(fake_webflow, fake_webflow_server, articles, run, control):
    here = fake_webflow_server.control_url
    before = fake_webflow.clock.now
    fake_webflow.clock.freeze()
    control("POST", f"{here}/clock/advance", {"seconds": 61})
    assert fake_webflow.clock.now - before == 61_000
    assert fake_webflow_server.own_base_url.startswith(fake_webflow_server.origin)

    control("PUT", f"{here}/snapshots/before")
    run(fake_webflow_server.base_url, fake_webflow_server.token, articles)
    assert [call["operation"] for call in control("GET", f"{here}/journal")["exchanges"]] == [
        "items.list",
        "items.create",
    ]
    control("POST", f"{here}/snapshots/before/restore")
    assert len(fake_webflow.items(articles).staged) == 2

    control("POST", f"{here}/faults", {"when": {"operations": ["items.list"]}, "then": {"respond": {"status": 503}}})
    with pytest.raises(subprocess.CalledProcessError):
        run(fake_webflow_server.base_url, fake_webflow_server.token, articles)
    control("DELETE", f"{here}/faults")
    control("PUT", f"{here}/rate-limit", {"limit": 5})
    assert control("GET", f"{here}/rate-limit") == {"limit": 5}
    control("POST", f"{here}/seed", {"scenario": "timeline"})
    assert fake_webflow.site.display_name == "Timeline"
    control("POST", f"{here}/reset")


def test_a_fork_for_a_program_of_its_own(fake_webflow, fake_webflow_server, articles, run, control):
    fork = control("POST", f"{fake_webflow_server.origin}/_fake/forks", token=fake_webflow_server.token)
    assert run(fork["base_url"], fork["token"], articles)["created"] == 1
    assert len(fake_webflow.journal) == 0
    control("DELETE", fork["control_url"])


def test_as_a_wsgi_app(fake_webflow):
    answer = fake_webflow.app.test_client().get("/v2/sites", headers={"Authorization": f"Bearer {fake_webflow.token}"})
    assert answer.json["sites"][0]["displayName"] == "Harbour News"
