"""A body that is read in parts ends where it ends over a socket."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice

import pytest
import requests
import urllib3

from fake_webflow import FakeAdapter, FakeWebflow

SITES = "https://api.webflow.com/v2/sites"


def through_requests(headers: dict[str, str], url: str, size: int | None) -> Iterator[bytes]:
    return requests.get(url, headers=headers, stream=True).iter_content(chunk_size=size)


def through_urllib3(headers: dict[str, str], url: str, size: int | None) -> Iterator[bytes]:
    return urllib3.PoolManager().request("GET", url, headers=headers, preload_content=False).stream(size)


@pytest.mark.parametrize("size", [None, 1, 7, 2**16])
@pytest.mark.parametrize("read", [through_requests, through_urllib3])
def test_what_is_streamed_ends(
    fake_webflow: FakeWebflow, read: Callable[..., Iterator[bytes]], size: int | None
) -> None:
    authorization = {"Authorization": f"Bearer {fake_webflow.token}"}
    for url in (SITES, f"{SITES}/nothing", "https://cdn.prod.website-files.com/nothing.png"):
        # One part more than there are bytes would be one of a body without an end.
        parts = list(islice(read(authorization, url, size), 5000))
        whole = requests.get(url, headers=authorization).content
        assert b"".join(parts)[:100] == whole[:100]
        assert len(b"".join(parts)) == len(whole)


@pytest.mark.parametrize("read", [through_requests, through_urllib3])
def test_an_answer_without_a_body_ends(fake_webflow: FakeWebflow, read: Callable[..., Iterator[bytes]]) -> None:
    item = fake_webflow.add_item("authors", {"name": "Ada"})
    authorization = {"Authorization": f"Bearer {fake_webflow.token}"}
    path = f"https://api.webflow.com/v2/collections/{fake_webflow.collections['authors'].id}/items/{item['id']}"
    answer = requests.delete(path, headers=authorization, stream=True)
    assert answer.status_code == 204
    assert list(islice(answer.iter_content(chunk_size=None), 10)) == []


def test_a_mounted_adapter_ends(fake_webflow: FakeWebflow) -> None:
    session = requests.Session()
    session.mount("https://", FakeAdapter(fake_webflow))
    headers = {"Authorization": f"Bearer {fake_webflow.token}"}
    answer = session.get(SITES, headers=headers, stream=True)
    assert b"".join(islice(answer.iter_content(chunk_size=None), 10)) == session.get(SITES, headers=headers).content


@pytest.mark.parametrize("size", [None, 7])
def test_a_cut_body_is_noticed_while_it_is_streamed(fake_webflow: FakeWebflow, size: int | None) -> None:
    fake_webflow.faults.on("sites.list").truncated_body()
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        list(islice(through_requests({"Authorization": f"Bearer {fake_webflow.token}"}, SITES, size), 5000))
