"""The main fake of a server, asked by another address than it was seeded for: its files are where it was asked."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

import pytest
from control_callers import LocalClient, served_app

from fake_webflow import seeding
from fake_webflow.control.hosted_fakes import HostedFakes
from fake_webflow.fake import Fake, State
from fake_webflow.world.addresses import addresses_for
from fake_webflow.world.world import World

SEEDED_FOR, ELSEWHERE = "http://127.0.0.1:5", "http://localhost:6"
TOKEN = {"Authorization": "Bearer test-token"}


@pytest.fixture(scope="module")
def client() -> LocalClient:
    hosted_fakes = HostedFakes(Fake(State(World())), "test-token")
    state = seeding.build_state(seeding.load("default"), token="test-token", addresses=addresses_for(SEEDED_FOR))
    hosted_fakes.seed_default(state, SEEDED_FOR)
    return LocalClient(served_app(hosted_fakes))


@pytest.fixture(scope="module")
def path(client: LocalClient) -> str:
    """The path of a seeded post that has a picture."""
    (site,) = client.get("/v2/sites", headers=TOKEN, base_url=SEEDED_FOR).get_json()["sites"]
    collections = client.get(f"/v2/sites/{site['id']}/collections", headers=TOKEN, base_url=SEEDED_FOR).get_json()
    (posts,) = [each["id"] for each in collections["collections"] if each["slug"] == "posts"]
    items = f"/v2/collections/{posts}/items"
    found = client.get(items, headers=TOKEN, base_url=SEEDED_FOR).get_json()["items"]
    return next(f"{items}/{item['id']}" for item in found if f"{SEEDED_FOR}/cdn/" in json.dumps(item["fieldData"]))


def read(client: LocalClient, origin: str, path: str) -> dict[str, Any]:
    answer: dict[str, Any] = client.get(path, headers=TOKEN, base_url=origin).get_json()
    return answer


def test_answers_have_the_address_that_was_asked(client: LocalClient, path: str) -> None:
    here, there = read(client, SEEDED_FOR, path), read(client, ELSEWHERE, path)
    assert json.dumps(there) == json.dumps(here).replace(f"{SEEDED_FOR}/", f"{ELSEWHERE}/")
    assert SEEDED_FOR not in json.dumps(there)


def test_what_was_read_at_one_address_is_known_when_it_is_written_there(client: LocalClient, path: str) -> None:
    there = read(client, ELSEWHERE, path)
    pictures = {slug: value for slug, value in there["fieldData"].items() if ELSEWHERE in json.dumps(value)}
    changed = client.patch(path, json={"fieldData": pictures}, headers=TOKEN, base_url=ELSEWHERE).get_json()
    written = addresses_in(changed, pictures)
    assert written
    for address in written:
        # A picture that is sent is stored anew, which only one of the fake's own can be.
        assert address.startswith(f"{ELSEWHERE}/cdn/")
        assert client.get(address.removeprefix(ELSEWHERE), base_url=ELSEWHERE).status_code == 200
    kept = addresses_in(read(client, SEEDED_FOR, path), pictures)
    assert kept == [address.replace(ELSEWHERE, SEEDED_FOR) for address in written]


def addresses_in(item: dict[str, Any], slugs: Iterable[str]) -> list[str]:
    return re.findall(r'"(https?://[^"]*)"', json.dumps([item["fieldData"][slug] for slug in slugs]))


def test_a_foreign_address_that_looks_alike_is_left_alone(client: LocalClient, path: str) -> None:
    picture = "https://pictures.example.com/cdn/one.png"
    text = f"<p>{picture} and {ELSEWHERE}/other</p>"
    changed = client.patch(path, json={"fieldData": {"body": text}}, headers=TOKEN, base_url=ELSEWHERE).get_json()
    assert changed.get("fieldData", {}).get("body") == text, changed
