"""The control interface of ``fake-webflow serve``."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import requests
from control_callers import fork_at


@contextmanager
def served(*arguments: str) -> Iterator[dict[str, Any]]:
    """A fake in a process of its own: what it said of itself, and its ``origin``."""
    command = [sys.executable, "-m", "fake_webflow", "serve", "--port", "0", "--json", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        said = json.loads(process.stdout.readline())
        yield {**said, "origin": said["base_url"].removesuffix("/v2")}
        process.terminate()


def test_forks_begin_with_what_was_seeded_whatever_its_own_fake_went_through() -> None:
    with served("--token", "mine", "--rate-limit", "7", "--refuse-first", "1") as said:
        token = {"Authorization": "Bearer mine"}
        statuses = [requests.get(f"{said['base_url']}/sites", headers=token, timeout=10).status_code for _ in range(2)]
        assert statuses == [429, 200]
        with fork_at(said["origin"]) as fork:
            assert (fork.site_id, fork.collection_ids) == (said["site_id"], said["collection_ids"])
            answer = fork.call("GET", "/sites")
            assert (answer.status_code, answer.headers["X-RateLimit-Limit"]) == (200, "7")
            assert fork.control("GET", "/clock").json()["frozen"] is False
            path, slug, field_data = fork.item_with_a_picture()
            assert requests.get(field_data[slug]["url"], timeout=10).status_code == 200
            # By another name of the same machine.
            elsewhere = said["origin"].replace("127.0.0.1", "localhost")
            read = requests.get(
                f"{elsewhere}/v2{path}", headers={"Authorization": f"Bearer {fork.token}"}, timeout=10
            ).json()
            assert read["fieldData"][slug]["url"].startswith(f"{elsewhere}/~{fork.id}/cdn/")
        state = requests.get(f"{said['origin']}/_fake/state", headers=token, timeout=10).json()
        assert (state["fork"], state["journal"], state["site_id"]) == (None, 2, said["site_id"])


def test_its_own_fake_is_reset_to_what_was_seeded() -> None:
    with served() as said:
        token = {"Authorization": "Bearer test-token"}
        items = f"{said['base_url']}/collections/{said['collection_ids']['authors']}/items"
        before = requests.get(items, headers=token, timeout=10).json()
        made = requests.post(items, json={"fieldData": {"name": "Ada"}}, headers=token, timeout=10)
        assert made.status_code == 202
        assert requests.post(f"{said['origin']}/_fake/reset", json={}, timeout=10).status_code == 200
        assert requests.get(items, headers=token, timeout=10).json() == before


def test_it_can_be_left_out() -> None:
    with served("--no-control") as said:
        answer = requests.get(f"{said['origin']}/_fake/state", timeout=10)
        assert (answer.status_code, answer.json()["code"]) == (403, "control_off")
        headers = {"Authorization": "Bearer test-token"}
        assert requests.get(f"{said['base_url']}/sites", headers=headers, timeout=10).status_code == 200
