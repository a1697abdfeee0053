"""Several fakes behind one address: nobody sees another's items, files or journal."""

from __future__ import annotations

import gc
import json
import weakref
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
from control_callers import Fork, fork_at

from fake_webflow import FakeWebflow
from fake_webflow.control.hosted_fakes import HostedFakes
from fake_webflow.fake import Fake, fake_of


def test_what_one_fork_is_told_the_other_does_not_hear(fork: Fork, other: Fork) -> None:
    before = other.names()
    assert fork.create_item("Ada Lovelace").status_code == 202
    assert "Ada Lovelace" in fork.names()
    assert other.names() == before
    assert fork.operations() == ["items.create", "items.list"]
    assert other.operations() == ["items.list", "items.list"]


def test_uploads_and_files_reach_the_fork_that_handed_out_their_address(fork: Fork, other: Fork) -> None:
    # The same name at the same instant: both draw the same ids, so nothing but the address tells them apart.
    mine, theirs = (one.register(b"mine") for one in (fork, other))
    assert (mine["id"], mine["uploadDetails"]["key"]) == (theirs["id"], theirs["uploadDetails"]["key"])
    for url in (mine["uploadUrl"], mine["assetUrl"], mine["hostedUrl"]):
        assert f"/~{fork.id}/" in url
    stored = fork.post_form(mine, b"mine")
    assert stored.status_code == 201
    location = stored.headers["Location"]
    assert location.startswith(mine["uploadUrl"])
    assert f"<Location>{location}</Location>" in stored.text
    assert [requests.get(url, timeout=10).content for url in (mine["assetUrl"], mine["hostedUrl"], location)] == [
        b"mine"
    ] * 3
    assert requests.get(theirs["hostedUrl"], timeout=10).status_code == 403
    assert fork.operations() == ["assets.create", "files.upload", "files.read", "files.read", "files.read"]
    assert other.operations() == ["assets.create", "files.read"]


def test_files_of_seeded_items_are_the_forks_too(fork: Fork) -> None:
    _, slug, field_data = fork.item_with_a_picture()
    url = field_data[slug]["url"]
    assert f"/~{fork.id}/cdn/" in url
    assert requests.get(url, timeout=10).status_code == 200
    assert fork.operations() == ["items.list", "files.read"]


@pytest.mark.parametrize("escaped", [False, True])
def test_a_read_item_can_be_written_back(fork: Fork, escaped: bool) -> None:
    path, slug, field_data = fork.item_with_a_picture()
    body = json.dumps({"fieldData": field_data})
    answer = requests.patch(
        fork.base_url + path,
        data=body.replace("/", "\\/") if escaped else body,  # as PHP's json_encode does
        headers={"Authorization": f"Bearer {fork.token}", "Content-Type": "application/json"},
        timeout=10,
    )
    assert answer.status_code == 200, answer.text
    url = answer.json()["fieldData"][slug]["url"]
    assert f"/~{fork.id}/cdn/" in url
    # It was found as a file of the fork's own, and its bytes were copied.
    assert requests.get(url, timeout=10).content == requests.get(field_data[slug]["url"], timeout=10).content != b""
    kept = fork.control("GET", "/journal?operation=items.update").json()["exchanges"][0]["body"]["fieldData"][slug]
    assert kept["url"] == field_data[slug]["url"]


def test_etags_are_those_of_what_is_sent(fork: Fork) -> None:
    answer = fork.call("GET", f"/collections/{fork.collection_ids['posts']}/items")
    assert answer.headers["ETag"].startswith(f'W/"{len(answer.content):x}-')


def test_below_its_own_path_a_fork_answers_whatever_the_token(fork: Fork) -> None:
    sites = f"{fork.own_base_url}/sites"
    answers = [
        requests.get(sites, headers=headers, timeout=10).status_code
        for headers in (
            {"Authorization": f"Bearer {fork.token}"},
            {"Authorization": "Bearer test-token"},
            {"Authorization": "Bearer wrong"},
            {},
        )
    ]
    assert answers == [200, 200, 401, 401]
    assert fork.operations() == ["sites.list"] * 4


def test_an_unknown_token_is_refused_as_webflow_refuses_it(origin: str, fork: Fork) -> None:
    answer = requests.get(f"{origin}/v2/sites", headers={"Authorization": "Bearer nobodys"}, timeout=10)
    assert (answer.status_code, answer.json()["code"]) == (401, "not_authorized")
    assert fork.operations() == []


def test_a_deleted_fork_is_said_to_be_gone(origin: str) -> None:
    with fork_at(origin) as fork:
        pass
    assert fork.call("GET", "/sites").status_code == 401
    answer = requests.get(f"{fork.own_base_url}/sites", timeout=10)
    assert (answer.status_code, answer.json()["code"]) == (404, "no_such_fork")
    assert "was deleted, or its test has ended" in answer.json()["message"]


def test_the_token_appears_neither_in_urls_nor_in_the_journal(fork: Fork) -> None:
    asset = fork.register(b"x")
    fork.post_form(asset, b"x")
    fork.call("GET", "/token/introspect")
    told = fork.control("GET", "/journal").text + fork.control("GET", "/state").text + str(asset)
    assert fork.token not in told
    assert fork.token not in fork.own_base_url + fork.control_url


def test_forks_in_threads(origin: str) -> None:
    def story(turn: int) -> list[str]:
        with fork_at(origin) as fork:
            before = len(fork.names())
            for count in range(5):
                assert fork.create_item(f"Author {turn}-{count}").status_code == 202
            content = f"content {turn}".encode()
            asset = fork.register(content)
            assert fork.post_form(asset, content).status_code == 201
            assert requests.get(asset["hostedUrl"], timeout=10).content == content
            names = fork.names()
            assert len(names) == before + 5
            assert len(fork.operations()) == 10
            return [name for name in names if name.startswith("Author ")]

    with ThreadPoolExecutor(4) as threads:
        stories = list(threads.map(story, range(8)))
    assert stories == [[f"Author {turn}-{count}" for count in (4, 3, 2, 1, 0)] for turn in range(8)]


def test_adding_and_removing_in_threads_loses_nobody() -> None:
    tenants, fake = HostedFakes(), fake_of(FakeWebflow())

    def turn(_: int) -> str:
        kept, passing = tenants.add(fake.fork(), "test-token"), tenants.add(fake.fork(), "test-token")
        tenants.remove(passing)
        tenants.remove(passing)
        assert tenants.find_by_token(passing.token) is None
        assert tenants.find_by_token(kept.token) is tenants.find_by_id(kept.id) is kept
        return kept.id

    with ThreadPoolExecutor(8) as threads:
        kept = set(threads.map(turn, range(200)))
    assert len(kept) == 200
    assert set(tenants.ids()) == kept


@pytest.mark.parametrize("used", [False, True])
def test_a_forgotten_fake_is_freed(tenants: HostedFakes, origin: str, used: bool) -> None:
    with fork_at(origin) as fork:
        tenant = tenants.find_by_id(fork.id)
        assert tenant is not None
        freed: weakref.ref[Fake] = weakref.ref(tenant.fake)
        del tenant
        if used:
            fork.create_item("Ada")
            fork.control("PUT", "/snapshots/one")
    gc.collect()
    assert freed() is None
