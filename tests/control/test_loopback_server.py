"""The server that the fakes of one process share: it is there while it is needed, at once, and leaves nothing."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from fake_webflow import FakeWebflow
from fake_webflow.fake import fake_of
from fake_webflow.testing.handle import make_handle
from fake_webflow.testing.server import SHARED, LoopbackServer, ServedFake, serve_fake


@pytest.fixture(scope="module")
def seeded() -> FakeWebflow:
    return FakeWebflow()


def forked(seeded: FakeWebflow) -> FakeWebflow:
    return make_handle(fake_of(seeded).fork())


def get(served: ServedFake, path: str, base_url: str | None = None) -> requests.Response:
    headers = {"Authorization": f"Bearer {served.token}"}
    return requests.get((base_url or served.base_url) + path, headers=headers, timeout=10)


def test_it_starts_with_the_first_fake_and_stops_with_the_last(seeded: FakeWebflow) -> None:
    threads = threading.active_count()
    server = LoopbackServer()
    assert threading.active_count() == threads
    one = server.serve(fake_of(forked(seeded)), "test-token")
    with server.serve(fake_of(forked(seeded)), "test-token") as two:
        assert one.base_url == two.base_url
        assert one.token != two.token
        assert [get(served, "/sites").status_code for served in (one, two)] == [200, 200]
    assert get(two, "/sites").status_code == 401
    assert get(one, "/sites").status_code == 200
    one.close()
    one.close()
    assert threading.active_count() == threads
    with pytest.raises(requests.ConnectionError):
        get(one, "/sites")


def test_it_can_be_kept_up(seeded: FakeWebflow) -> None:
    threads = threading.active_count()
    server = LoopbackServer()
    with server.keep_running():
        assert threading.active_count() == threads
        addresses = set()
        for _ in range(3):
            with server.serve(fake_of(forked(seeded)), "test-token") as served:
                addresses.add(served.base_url)
        assert len(addresses) == 1
        assert threading.active_count() > threads
    assert threading.active_count() == threads


def test_the_form_of_a_served_fake_names_no_bucket_that_can_be_looked_up(seeded: FakeWebflow) -> None:
    webflow = forked(seeded)
    body = {"fileName": "a.txt", "fileHash": "0" * 32}
    with serve_fake(fake_of(webflow), webflow.token) as served:
        headers = {"Authorization": f"Bearer {served.token}"}
        url = f"{served.base_url}/sites/{webflow.site.id}/assets"
        made = requests.post(url, json=body, headers=headers, timeout=10).json()
        details = made["uploadDetails"]
        stored = requests.post(made["uploadUrl"], data=details, files={"file": b"text"}, timeout=10)
        wrong = {**details, "bucket": "webflow-prod-assets"}
        refused = requests.post(made["uploadUrl"], data=wrong, files={"file": b"text"}, timeout=10)
        assert requests.get(made["assetUrl"], timeout=10).content == b"text"
    assert (stored.status_code, refused.status_code) == (201, 404)
    assert f"<Bucket>{details['bucket']}</Bucket>" in stored.text
    assert len(details["bucket"].partition(".")[0]) > 63, "a part of a host's name has 63 characters at most"


def test_there_is_one_for_the_process(seeded: FakeWebflow) -> None:
    with (
        serve_fake(fake_of(forked(seeded)), "test-token") as one,
        SHARED.serve(fake_of(forked(seeded)), "test-token") as two,
    ):
        assert one.base_url == two.base_url


def test_nothing_is_added_to_the_fake(seeded: FakeWebflow) -> None:
    webflow = forked(seeded)
    before = webflow.state
    with serve_fake(fake_of(webflow), webflow.token):
        assert webflow.state is before


def test_the_token_is_good_whatever_the_fake_goes_to(seeded: FakeWebflow) -> None:
    webflow = forked(seeded)
    with serve_fake(fake_of(webflow), webflow.token) as served:
        webflow.scenario("timeline")
        assert get(served, "/sites").json()["sites"][0]["id"] == webflow.site.id
        webflow.limit_scopes(["cms:read"])
        assert get(served, "/sites").status_code == 403
        fake_of(webflow).restore(seeded.state)
        assert get(served, "/sites").json()["sites"][0]["id"] == seeded.site.id


def test_a_program_that_sends_its_own_token_has_an_address_of_its_own(seeded: FakeWebflow) -> None:
    webflow = forked(seeded)
    with serve_fake(fake_of(webflow), webflow.token) as served:
        headers = {"Authorization": "Bearer test-token"}
        assert requests.get(f"{served.own_base_url}/sites", headers=headers, timeout=10).status_code == 200
        assert requests.get(f"{served.own_base_url}/sites", timeout=10).status_code == 401
        assert requests.get(f"{served.base_url}/sites", headers=headers, timeout=10).status_code == 401
    assert [exchange.status for exchange in webflow.journal] == [200, 401]


def test_files_arranged_in_process_are_read_over_the_socket_and_uploads_the_other_way(seeded: FakeWebflow) -> None:
    webflow = forked(seeded)
    asset = webflow.add_asset(b"hello", file_name="hello.txt")
    assert asset["hostedUrl"].startswith("https://cdn.prod.website-files.com/")
    with serve_fake(fake_of(webflow), webflow.token) as served:
        url = get(served, f"/assets/{asset['id']}").json()["hostedUrl"]
        assert url.startswith(served.own_base_url.removesuffix("v2") + "cdn/")
        assert requests.get(url, timeout=10).content == b"hello"
        post, slug = next(
            (item, slug)
            for item in get(served, f"/collections/{webflow.collections['posts'].id}/items").json()["items"]
            for slug, value in item["fieldData"].items()
            if isinstance(value, dict) and "fileId" in value
        )
        assert requests.get(post["fieldData"][slug]["url"], timeout=10).status_code == 200
        path = f"{served.base_url}/collections/{webflow.collections['posts'].id}/items/{post['id']}"
        headers = {"Authorization": f"Bearer {served.token}"}
        written = requests.patch(path, json={"fieldData": post["fieldData"]}, headers=headers, timeout=10)
        assert written.status_code == 200
    kept = next(item for item in webflow.items("posts").staged if item["id"] == post["id"])
    assert kept["fieldData"][slug]["url"].startswith("https://cdn.prod.website-files.com/")
    # As in process, so that assertions do not depend on the way a request took.
    assert {exchange.path.partition("/")[0] for exchange in webflow.journal} == {""}
    assert not any("~" in exchange.path for exchange in webflow.journal)


def test_texts_that_name_other_files_of_webflows_are_read_as_they_were_written(seeded: FakeWebflow) -> None:
    webflow = forked(seeded)
    name = f"see https://cdn.prod.website-files.com/{'9' * 24}/x.png"
    webflow.add_item("authors", {"name": name})
    with serve_fake(fake_of(webflow), webflow.token) as served:
        items = get(served, f"/collections/{webflow.collections['authors'].id}/items").json()["items"]
    assert name in [item["fieldData"]["name"] for item in items]


def test_each_fake_is_controlled_by_its_own_token(seeded: FakeWebflow) -> None:
    webflow, other = forked(seeded), forked(seeded)
    with serve_fake(fake_of(webflow), webflow.token) as served, serve_fake(fake_of(other), other.token):
        headers = {"Authorization": f"Bearer {served.token}"}
        url = f"{served.origin}/_fake/clock/advance"
        before = (webflow.clock.now, other.clock.now)
        assert requests.post(url, json={"seconds": 5}, headers=headers, timeout=10).status_code == 200
        assert (webflow.clock.now, other.clock.now) == (before[0] + 5000, before[1])
        assert requests.get(f"{served.control_url}/clock", timeout=10).json()["now"] == webflow.clock.now


def test_fakes_in_threads_start_and_stop_it_in_any_order(seeded: FakeWebflow) -> None:
    threads = threading.active_count()
    server = LoopbackServer()

    def turn(count: int) -> int:
        webflow = forked(seeded)
        webflow.add_items("authors", [{"name": f"Author {count}"}])
        with server.serve(fake_of(webflow), webflow.token) as served:
            path = f"/collections/{webflow.collections['authors'].id}/items"
            names = [item["fieldData"]["name"] for item in get(served, path).json()["items"]]
        assert [name for name in names if name.startswith("Author ")] == [f"Author {count}"]
        return len(webflow.journal)

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(turn, range(40))) == [1] * 40
    assert threading.active_count() == threads


def test_the_address_of_a_handle_is_of_the_one_server(seeded: FakeWebflow) -> None:
    threads = threading.active_count()
    webflow, other = forked(seeded), forked(seeded)
    assert webflow.base_url == webflow.base_url != other.base_url
    with serve_fake(fake_of(webflow), webflow.token) as served:
        assert served.origin == f"http://{webflow.base_url.split('/')[2]}" == f"http://{other.base_url.split('/')[2]}"
    headers = {"Authorization": f"Bearer {webflow.token}"}
    assert requests.get(f"{webflow.base_url}/sites", headers=headers, timeout=10).status_code == 200
    assert requests.get(f"{webflow.base_url}/sites", timeout=10).status_code == 401
    assert (len(webflow.journal), len(other.journal)) == (2, 0)
    asset = webflow.add_asset(b"hello", file_name="hello.txt")
    assert asset["hostedUrl"].startswith("https://cdn.prod.website-files.com/")
    url = requests.get(f"{webflow.base_url}/assets/{asset['id']}", headers=headers, timeout=10).json()["hostedUrl"]
    assert requests.get(url, timeout=10).content == b"hello"
    webflow.close()
    assert requests.get(f"{other.base_url}/sites", headers=headers, timeout=10).status_code == 200
    other.close()
    other.close()
    assert threading.active_count() == threads
