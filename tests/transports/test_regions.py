"""One fake answers for both regions of Webflow; new files have the address of the region that was asked."""

from __future__ import annotations

import hashlib

import pytest
import requests

from fake_webflow.client import WebflowClient
from fake_webflow.errors import NotIntercepted
from fake_webflow.testing.handle import FakeWebflow
from fake_webflow.transports.guard import is_webflow_host

CONTENT = b"\x89PNG and so on"
REGIONS = {
    "us": ("https://api.webflow.com/v2", "https://cdn.prod.website-files.com/"),
    "eu": ("https://api.eu.webflow.com/v2", "https://cdn.prod.eu.website-files.com/"),
}


@pytest.mark.clause("http.regions")
@pytest.mark.parametrize("region", REGIONS)
def test_a_file_is_uploaded_and_read_in_its_region(webflow: FakeWebflow, region: str) -> None:
    api, cdn = REGIONS[region]
    headers = {"Authorization": f"Bearer {webflow.token}"}
    registered = {"fileName": "dot.png", "fileHash": hashlib.md5(CONTENT).hexdigest()}
    asset = requests.post(f"{api}/sites/{webflow.site.id}/assets", json=registered, headers=headers, timeout=5).json()
    assert asset["hostedUrl"].startswith(cdn)
    form = {"file": ("dot.png", CONTENT)}
    assert requests.post(asset["uploadUrl"], data=asset["uploadDetails"], files=form, timeout=5).status_code == 201
    for base in REGIONS.values():  # the bytes are one fake's
        address = asset["hostedUrl"].replace(cdn, base[1])
        assert requests.get(address, timeout=5).content == CONTENT


@pytest.mark.parametrize("asked", REGIONS)
@pytest.mark.parametrize("written", REGIONS)
def test_a_file_of_either_region_can_be_written_into_an_item(webflow: FakeWebflow, asked: str, written: str) -> None:
    asset = webflow.add_asset(CONTENT, file_name="dot.png")
    url = asset["hostedUrl"].replace(REGIONS["us"][1], REGIONS[written][1])
    webflow.add_collection("Pictures", fields={"cover": "Image"})
    with WebflowClient(webflow.token, region=asked) as client:
        data = {"name": "One", "cover": {"url": url}}
        item = client.items.create(webflow.collections["pictures"].id, {"fieldData": data})
    kept = item["fieldData"]["cover"]["url"]
    assert kept.startswith(REGIONS[asked][1])
    assert requests.get(kept, timeout=5).content == CONTENT


def test_an_address_in_an_item_stays_as_it_was_written(webflow: FakeWebflow) -> None:
    url = webflow.add_asset(CONTENT, file_name="dot.png")["hostedUrl"]
    text = f'<p><img src="{url}"></p>'
    collection = webflow.add_collection("Pictures", fields={"cover": "Image", "text": "RichText"})
    item = webflow.add_item("pictures", {"name": "One", "cover": {"url": url}, "text": text})
    with WebflowClient(webflow.token, region="eu") as client:
        read = client.items.get(collection.id, item["id"])
    assert read["fieldData"] == item["fieldData"]
    assert read["fieldData"]["cover"]["url"].startswith(REGIONS["us"][1])


@pytest.mark.clause("http.regions")
@pytest.mark.parametrize(
    ("choice", "asked", "status"),
    [("both", "us", 200), ("both", "eu", 200), ("us", "us", 200), ("us", "eu", 401)],
)
def test_whether_the_other_regions_token_is_refused_is_a_choice(choice: str, asked: str, status: int) -> None:
    with FakeWebflow(profile={"http.regions": choice}) as webflow:
        headers = {"Authorization": f"Bearer {webflow.token}"}
        assert requests.get(f"{REGIONS[asked][0]}/sites", headers=headers, timeout=5).status_code == status
        assert webflow.journal[-1].clauses == (("errors.not-authorized", "http.regions") if status == 401 else ())
        assert requests.get(f"{webflow.base_url}/sites", headers=headers, timeout=5).status_code == 200


def test_the_client_has_a_region_and_a_base_url_wins() -> None:
    for region, (api, _) in REGIONS.items():
        with WebflowClient("token", region=region) as client:
            assert client.base_url == api
    with WebflowClient("token", region="eu", base_url="http://127.0.0.1:1/v2") as client:
        assert client.base_url == "http://127.0.0.1:1/v2"
    with pytest.raises(ValueError, match="'us' or 'eu', not 'moon'"):
        WebflowClient("token", region="moon")


@pytest.mark.parametrize("host", ["api.eu.webflow.com", "api-cdn.eu.webflow.com", "cdn.prod.eu.website-files.com"])
def test_its_hosts_are_guarded(webflow: FakeWebflow, host: str) -> None:
    import socket

    assert is_webflow_host(host)
    with pytest.raises(NotIntercepted):
        socket.gethostbyname(host)
