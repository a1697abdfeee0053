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


def test_the_control_interface(fake_webflow, fake_webflow_server, articles):
    before = fake_webflow.clock.now
    fake_webflow.clock.freeze()
    request = urllib.request.Request(
        f"{fake_webflow_server.control_url}/clock/advance",
        data=b'{"seconds": 61}',
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        assert answer.status == 200
    assert fake_webflow.clock.now - before == 61_000
    assert fake_webflow_server.own_base_url.startswith(fake_webflow_server.origin)


def test_as_a_wsgi_app(fake_webflow):
    answer = fake_webflow.app.test_client().get("/v2/sites", headers={"Authorization": f"Bearer {fake_webflow.token}"})
    assert answer.json["sites"][0]["displayName"] == "Harbour News"
