"""Newsrooms side by side in threads of one process: the token says whose call it is."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import requests
from newsroom.desk import Desk

from fake_webflow import FakeWebflow

SCENARIO = Path(__file__).with_name("newsroom.yaml")
THREADS = 6


def pushed(number):
    with FakeWebflow(SCENARIO, token=f"token-{number}") as webflow:
        desk = Desk(webflow.token, webflow.collections["articles"].id)
        desk.push([{"name": f"Number {turn}", "slug": f"number-{turn}"} for turn in range(number)])
        return len(webflow.items("articles").staged), len(webflow.journal)


def test_fakes_side_by_side():
    with ThreadPoolExecutor(THREADS) as threads:
        assert list(threads.map(pushed, range(THREADS))) == [(2 + n, 1 + n) for n in range(THREADS)]


def test_one_fake_and_many_threads_of_the_program(fake_webflow, articles):
    def push(number):
        desk = Desk(fake_webflow.token, articles.id)
        return desk.push([{"name": f"Number {number}", "slug": f"number-{number}"}])["created"]

    with ThreadPoolExecutor(THREADS) as threads:
        assert list(threads.map(push, range(THREADS))) == [1] * THREADS
    fake_webflow.journal.assert_called("items.create", times=THREADS)


def test_one_server_and_many_threads(fake_webflow, fake_webflow_server):
    def status(_):
        headers = {"Authorization": f"Bearer {fake_webflow_server.token}"}
        return requests.get(f"{fake_webflow_server.base_url}/sites", headers=headers, timeout=60).status_code

    with ThreadPoolExecutor(THREADS) as threads:
        assert list(threads.map(status, range(THREADS))) == [200] * THREADS
    fake_webflow.journal.assert_called("sites.list", times=THREADS)
